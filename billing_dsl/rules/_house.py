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

from billing_dsl.diagnostics import Finding
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
    names = {rule.name for rule in rules()}
    for path, source in sorted(files.items()):
        if path.rpartition("/")[2].startswith("_"):
            continue
        rule = _loaded(path, source)
        if not CODE.match(rule.code):
            raise HouseRuleError(
                f"{path}: `{rule.code}` is no code of a house rule; take letters of your own and "
                "three digits, like `ACME001`"
            )
        if rule.code in found or rule.name in names:
            raise HouseRuleError(f"{path}: code `{rule.code}` or name `{rule.name}` is in use")
        names.add(rule.name)
        found[rule.code] = _watched(path, rule)
    return tuple(found[code] for code in sorted(found))


def _loaded(path: str, source: bytes) -> Rule:
    name = f"billing_dsl_house.{re.sub(r'[^a-z0-9_]', '_', path.lower())}"
    module = ModuleType(name, path)
    module.__file__ = path
    sys.modules[name] = module  # dataclasses look their module up by its name
    try:
        exec(compile(source, path, "exec"), module.__dict__)  # asked for by the person who runs it
        return only(module, Rule)
    except TypeError as error:
        raise HouseRuleError(f"{path}: {error}") from error
    except (Exception, SystemExit) as error:
        raise HouseRuleError(f"{path}: {type(error).__name__}: {error}") from error
    finally:
        sys.modules.pop(name, None)


def _watched(path: str, rule: Rule) -> Rule:
    """A rule whose own faults are told as such: they are the house's to mend, not the tool's."""

    def find(view: Any) -> Iterator[Finding]:
        try:
            yield from rule.find(view)
        except (Exception, SystemExit) as error:
            raise HouseRuleError(
                f"{path}: rule `{rule.code}` stumbled: {type(error).__name__}: {error}"
            ) from error

    return replace(rule, find=find)
