from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from billing_dsl.diagnostics import Severity, Span
from billing_dsl.report import Style
from billing_dsl.report.junit import attribute, content, render
from tests.unit.report.samples import NAUGHTY, UNCOVERED, UNPAID, UNUSED, naughty, report


def suite(text: str) -> ElementTree.Element:
    """The only suite of a report, read back."""
    [found] = ElementTree.fromstring(text)
    return found


def test_a_case_is_a_rule_and_a_file() -> None:
    second = replace(UNCOVERED, span=Span("agreements/globex.yaml", 7, 1, 7, 2), message="another")
    elsewhere = replace(UNCOVERED, span=Span("roles.yaml", 7, 1, 7, 2))
    found = suite(render(report(UNCOVERED, elsewhere, UNPAID, second, UNUSED), Style()))
    assert {key: found.get(key) for key in ("name", "tests", "failures", "errors")} == {
        "name": "billing-dsl check",
        "tests": "4",
        "failures": "2",
        "errors": "0",
    }
    cases = found.findall("testcase")
    assert [(case.get("classname"), case.get("name")) for case in cases] == [
        ("catalogue/agreements/globex.yaml", "BD301 uncovered-work"),
        ("catalogue/roles.yaml", "BD301 uncovered-work"),
        ("catalogue/roles.yaml", "BD402 zero-rate"),
        ("catalogue/roles.yaml", "BD210 unused-role"),
    ]
    assert [[child.tag for child in case] for case in cases] == [
        ["failure"],
        ["failure"],
        ["system-out"],
        ["system-out"],
    ]


def test_all_errors_of_a_case_are_in_its_failure() -> None:
    errors = [replace(UNCOVERED, message=f"fault {number}") for number in range(3)]
    warning = replace(UNCOVERED, severity=Severity.WARNING, message="a doubt")
    [case] = suite(render(report(*errors, warning), Style())).findall("testcase")
    failure, output = case
    assert failure.get("type") == "BD301"
    assert failure.get("message") == "fault 0 (and 2 more errors)"
    assert failure.text is not None
    assert [f"error: fault {number}\n" in failure.text for number in range(3)] == [True] * 3
    assert failure.text.startswith("catalogue/agreements/globex.yaml:6:29: error: fault 0\n")
    assert output.text is not None
    assert "warning: a doubt" in output.text


def test_a_clean_catalogue_is_a_case_that_passes() -> None:
    found = suite(render(report(partial=True), Style()))
    [case] = found.findall("testcase")
    assert (found.get("tests"), found.get("failures")) == ("1", "0")
    assert (case.get("classname"), case.get("name"), list(case)) == (
        "catalogue",
        "no findings",
        [],
    )


def test_how_much_was_checked_is_in_the_properties() -> None:
    found = suite(render(report(partial=True), Style()))
    assert {each.get("name"): each.get("value") for each in found.iter("property")} == {
        "documents": "41",
        "clients": "12",
        "contracts": "31",
        "cells": "12960",
        "partial": "true",
    }


@pytest.mark.parametrize("text", NAUGHTY, ids=ascii)
def test_xml_reads_back_what_it_was_given(text: str) -> None:
    cases = suite(render(naughty(text), Style())).findall("testcase")
    assert len(cases) == 1
    [failure] = cases[0].findall("failure")
    assert "\n" not in failure.attrib["message"]
    assert failure.text is not None
    assert f"error: {failure.attrib['message']}\n" in failure.text


def test_escapes() -> None:
    assert attribute('<a href="x">&\'é\n') == ("&lt;a href=&quot;x&quot;&gt;&amp;&apos;&#233;&#10;")
    assert content("a]]>b\nc") == "a]]&gt;b\nc"
