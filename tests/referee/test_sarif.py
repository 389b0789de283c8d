"""What `check --format sarif` prints, before the validator of SARIF's own makers.

It judges by the standard and by what GitHub's code scanning asks for beyond it. One of its rules
would use the network, and is switched off (`sarif.json`).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import pytest

from billing_dsl.cli import main
from billing_dsl.rules._examples import AS_OF, completed, examples, with_files
from billing_dsl.tenant import pages as tenant_pages
from billing_dsl.verdict import pages
from tests.goldens import ROOT
from tests.referee import catalogues
from tests.test_hostile import FIELDS, NAUGHTY, filled

pytestmark = pytest.mark.referee

ADVICE = {
    "SARIF2002 Default": "texts, no ids of texts: each sentence is made for its finding",
    "SARIF2003 Default": "no version control: any folder is checked; who uploads the log knows",
    "SARIF2010 Default": "no snippets: the log of a private catalogue says no more than it must",
    "SARIF2011 Default": "no context of them either",
    "SARIF2012 FriendlyNameNotAPascalIdentifier": "rules are called so everywhere else",
    "SARIF2012 ProvideHelpUri": "a house rule has no page",
    "SARIF2012 ProvideMetadataForAllViolatedRules": "said of a log in which nothing is violated",
}
"""Notes of the judge that we do not follow, and why."""


OF_HOUSE_RULES = {"SARIF2012 ProvideHelpUri"}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing the judge has to say of a log."""

    log: str
    rule: str
    level: str
    message: str


Judge = Callable[[Mapping[str, str]], list[Remark]]


@pytest.fixture(scope="module")
def judge(judges: Path, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Asks the validator about some logs, all in one go."""
    where = ["node", "-p", "require('@microsoft/sarif-multitool')"]
    asked = subprocess.run(where, cwd=judges, capture_output=True, encoding="utf-8", check=True)
    tool = Path(asked.stdout.strip())
    schema = json.loads(tool.with_name("sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    standard = jsonschema_rs.validator_for(schema)

    def ask(logs: Mapping[str, str]) -> list[Remark]:
        folder = tmp_path_factory.mktemp("sarif")
        for name, log in logs.items():
            (folder / f"{name}.sarif").write_text(log, encoding="utf-8")
        done = subprocess.run(
            [
                *(str(tool), "validate", str(folder / "*.sarif")),
                *("--output", str(folder / "remarks.json"), "--rule-kind", "Sarif;Ghas"),
                *("--level", "Error;Warning;Note"),
                *("--config", str(Path(__file__).with_name("sarif.json"))),
            ],
            env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode in (0, 1), done.stdout + done.stderr
        [run] = json.loads((folder / "remarks.json").read_text(encoding="utf-8-sig"))["runs"]
        assert f" {len(logs)} files scanned" in done.stdout
        assert not run["invocations"][0].get("toolExecutionNotifications")
        found = [*remarks(run), *misfits(standard, logs)]
        return sorted(found, key=lambda each: (each.log, each.rule, each.message))

    return ask


def misfits(standard: jsonschema_rs.Validator, logs: Mapping[str, str]) -> Iterator[Remark]:
    """What the schema of the standard does not take: the validator passes over some of it."""
    for name, log in logs.items():
        for error in standard.iter_errors(json.loads(log)):
            yield Remark(name, "schema", "error", f"{error.instance_path}: {error.message}")


def remarks(run: Mapping[str, Any]) -> Iterator[Remark]:
    rules = {rule["id"]: rule for rule in run["tool"]["driver"].get("rules", [])}
    for result in run["results"]:
        rule, message = result["ruleId"].partition("/")[0], result["message"]
        text = rules[result["ruleId"]]["messageStrings"][message["id"]]["text"]
        for number, argument in enumerate(message.get("arguments", [])):
            text = text.replace(f"{{{number}}}", argument)
        [place] = result["locations"]
        uri = place["physicalLocation"]["artifactLocation"]["uri"]
        log = unquote(uri.rpartition("/")[2]).removesuffix(".sarif")
        name = f"{rule} {message['id'].rpartition('_')[2]}"
        yield Remark(log, name, result.get("level", "warning"), text)


def checked(folder: Path | str, *options: str) -> str:
    """What `check` prints of a folder as SARIF."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        arguments = ["--as-of", str(AS_OF), "--format", "sarif", "--exit-zero"]
        assert main(["check", str(folder), *arguments, *options]) == 0
    return printed.getvalue()


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A catalogue of these files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return folder


def of_our_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """The shipped catalogue, the starter and the golden cases, from where they are."""
    monkeypatch.chdir(ROOT)
    yield "shipped", checked("catalogue")
    yield "absolute", checked(ROOT / "catalogue")
    yield "starter", checked(catalogues.STARTER)
    monkeypatch.chdir(ROOT / "docs")
    yield "beside", checked("../tests/golden/waived-gap/catalogue")
    for name, catalogue in catalogues.GOLDEN.items():
        monkeypatch.chdir(catalogue.parent)
        yield f"golden-{name}", checked("catalogue", "--house-rules")


def joined(logs: Mapping[str, str]) -> dict[str, str]:
    """The runs of many logs in a few: the judge begins slowly with each."""
    names = list(logs)
    return {
        f"{some[0]}-to-{some[-1]}": json.dumps(
            {**parsed[0], "runs": [log["runs"][0] for log in parsed]}
        )
        for start in range(0, len(names), 20)
        if (some := names[start : start + 20])
        if (parsed := [json.loads(logs[name]) for name in some])
    }


def test_logs_of_our_own_catalogues(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    assert accepted(judge, dict(of_our_own(monkeypatch))) == set(ADVICE)


def test_logs_of_every_rule(judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    logs = {}
    # What only `compile --tenant` finds is never in a log of `check`.
    found_by_check = pages().keys() - {page.code for page in tenant_pages.PAGES}
    for code in sorted(found_by_check):
        page = pages()[code]
        for number, example in enumerate(examples(page.text)):
            if example.fails:
                name = f"{code}-{number}"
                catalogue, templates = with_files(example.text)
                log = checked(written(Path(name), {**completed(catalogue), **templates}))
                assert code in {
                    result["ruleId"] for result in json.loads(log)["runs"][0]["results"]
                }
                logs[name] = log
    assert len(logs) >= len(found_by_check) - 1
    assert accepted(judge, joined(logs)) <= set(ADVICE) - OF_HOUSE_RULES


def test_logs_of_naughty_names(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    logs = {
        f"naughty-{number}": checked(written(Path(f"a #%&' {number}"), filled(text, FIELDS)))
        for number, text in enumerate(NAUGHTY)
    }
    assert accepted(judge, joined(logs)) <= set(ADVICE) - OF_HOUSE_RULES


def accepted(judge: Judge, logs: Mapping[str, str]) -> set[str]:
    """What the judge advises about these logs; it must have nothing against them."""
    found = judge(logs)
    assert [each for each in found if each.rule not in ADVICE or each.level != "note"] == []
    assert {each.log for each in found} == logs.keys()  # of what it does not read it says nothing
    return {each.rule for each in found}


WRONG = {
    "SARIF1002 UrisMustConformToRfc3986": ('"uri": "catalogue/', '"uri": "catalogue\\\\'),
    "SARIF1009 TargetArrayMustBeLongEnough": ('"ruleIndex": 0', '"ruleIndex": 7'),
    "JSON1008 default": ('"startLine": ', '"startLine": -'),
    "schema": ('"level": "error"', '"level": "grave"'),
}


def test_the_judge_refuses(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(catalogues.GOLDEN["waived-gap"].parent)
    log = checked("catalogue")
    assert all(right in log for right, _ in WRONG.values())
    found = judge({rule: log.replace(*change) for rule, change in WRONG.items()})
    for rule in WRONG:
        assert rule in {each.rule for each in found if each.log == rule and each.level == "error"}
