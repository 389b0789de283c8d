"""House rules: an MSP's own rules, Python files in its catalogue, loaded like the tool's.

They are code, so they run only where somebody asks for it (`check --house-rules`).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any

from billing_dsl.diagnostics import Finding, Reach
from billing_dsl.registry import only
from billing_dsl.rules import Rule, rules

CODE = re.compile(r"\A(?!BD)[A-Z]{2,8}[0-9]{3}\Z")
"""A house rule's code: letters of the house's own and three digits, `ACME001`."""


class HouseRuleError(Exception):
    """A file that holds no rule, or one that stumbles; says which file and why."""


def load(files: Mapping[str, bytes]) -> tuple[Rule, ...]:
    """The rules of a catalogue's `rules/` folder, by code: one a file, as `rules/__init__.py` says.

    Files whose names start with `_` are left out. Raises HouseRuleError where a file does not run
    or defines no rule, and where a code is ours or used twice.
    """
    found: dict[str, Rule] = {}
    codes: dict[str, str] = {}
    names = {rule.name: f"billing_dsl's own {rule.code}" for rule in rules()}
    for path, source in sorted(files.items()):
        if path.rpartition("/")[2].startswith("_"):
            continue
        rule = _loaded(path, source)
        if not CODE.match(rule.code):
            raise HouseRuleError(
                f"{path}: `{rule.code}` is no code of a house rule; take letters of your own and "
                "three digits, like `ACME001`"
            )
        for what, known in ((f"code `{rule.code}`", codes), (f"name `{rule.name}`", names)):
            word = rule.code if known is codes else rule.name
            if word in known:
                raise HouseRuleError(
                    f"{path}: the {what} is in use already, by {known[word]}. Give the rule another"
                )
            known[word] = path
        found[rule.code] = _watched(path, rule)
    return tuple(found[code] for code in sorted(found))


def _loaded(path: str, source: bytes) -> Rule:
    name = f"billing_dsl_house.{re.sub(r'[^a-z0-9_]', '_', path.lower())}"
    module = ModuleType(name, path)
    module.__file__ = path
    sys.modules[name] = module  # dataclasses look their module up by its name
    try:
        exec(compile(source, path, "exec"), module.__dict__)  # asked for by the person who runs it
        count = sum(isinstance(value, Rule) for value in vars(module).values())
        if count != 1:
            raise HouseRuleError(
                f"{path}: it defines {count or 'no'} rule{'s' if count > 1 else ''}. Write one "
                "function under `@rule(...)` in each file; a file that is none starts with `_`"
            )
        return only(module, Rule)
    except HouseRuleError:
        raise
    except (Exception, SystemExit) as error:
        raise HouseRuleError(f"{path}: {type(error).__name__}: {error}") from error
    finally:
        sys.modules.pop(name, None)


def _sound(finding: object) -> Finding:
    """A finding as all else counts on it to be. Raises TypeError where it is not."""
    if not isinstance(finding, Finding):
        raise TypeError(f"it gave {type(finding).__name__}, not a Finding")
    for reach in finding.reached:
        if not isinstance(reach, Reach):
            raise TypeError(f"`reached` holds {type(reach).__name__}, not Reach(client, agreement)")
    return finding


def _watched(path: str, rule: Rule) -> Rule:
    """A rule whose own faults are told as such: they are the house's to mend, not the tool's."""

    def find(view: Any) -> Iterator[Finding]:
        try:
            for finding in rule.find(view):
                yield _sound(finding)
        except (Exception, SystemExit) as error:
            raise HouseRuleError(
                f"{path}: rule `{rule.code}` stumbled: {type(error).__name__}: {error}"
            ) from error

    return replace(rule, find=find)
