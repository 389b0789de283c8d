from __future__ import annotations

import json

import pytest

from billing_dsl.report import Style
from billing_dsl.report._json import document
from billing_dsl.report.json_v1 import render
from tests.unit.report.samples import NAUGHTY, UNCOVERED, naughty, report


def test_the_shape_that_scripts_rely_on() -> None:
    out = json.loads(render(report(UNCOVERED), Style()))
    assert out["version"] == 1
    assert out["summary"] == {
        "errors": 1,
        "warnings": 0,
        "notes": 0,
        "documents": 41,
        "clients": 12,
        "contracts": 31,
        "cells": 12960,
        "partial": False,
        "accepted": 0,
    }
    [found] = out["diagnostics"]
    assert found == {
        "code": "BD301",
        "name": "uncovered-work",
        "severity": "error",
        "message": "work type `onsite` is excluded and falls to no contract",
        "label": "reached from `managed`",
        "help": "name a contract in `falls_to`, or remove the exclusion",
        "path": "agreements/globex.yaml",
        "start": {"line": 6, "column": 29},
        "end": {"line": 6, "column": 35},
        "related": [
            {
                "path": "agreements/globex.yaml",
                "start": {"line": 5, "column": 11},
                "end": {"line": 5, "column": 18},
                "message": "the path ends at this contract",
            }
        ],
        "subject": "agreement/globex-2024",
        "route": "contracts.0.excludes.work_types.0",
        "reached": [
            {"client": name, "agreement": f"{name}-2024"}
            for name in ("globex", "acme", "initech", "umbrella")
        ],
        "assumption": "blank-exclusion-contract",
        "url": found["url"],
    }


@pytest.mark.parametrize("directory", ["catalogue", "/srv/book", "."])
def test_paths_are_relative_to_the_catalogue(directory: str) -> None:
    out = json.loads(render(report(UNCOVERED, directory=directory), Style()))
    assert out["diagnostics"][0]["path"] == "agreements/globex.yaml"


@pytest.mark.parametrize("text", NAUGHTY, ids=ascii)
def test_texts_come_back_exactly(text: str) -> None:
    found = json.loads(render(naughty(text), Style()))["diagnostics"][0]
    expected = text.encode("utf-8", "backslashreplace").decode()  # half a pair as text
    assert [found["message"], found["label"], found["help"]] == [expected] * 3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("é 😀 \x7f", '"\\u00e9 \\ud83d\\ude00 \\u007f"'),
        ("\ud800", '"\\\\ud800"'),
        ("##vso[x] ## y", '"#\\u0023vso[x] ## y"'),
        ("a\nb\u2028", '"a\\nb\\u2028"'),
    ],
    ids=["beyond ASCII", "half a pair", "command", "breaks"],
)
def test_json_is_ascii_that_no_log_obeys(value: str, text: str) -> None:
    assert document(value) == f"{text}\n"
