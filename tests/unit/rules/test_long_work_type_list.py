from __future__ import annotations

from tests.unit.rules.checking import found, work_type

SETTINGS = """
kind: settings
name: msp
title: The MSP
currency: EUR
timezone: Europe/Rome
"""


def test_one_more_than_fifteen() -> None:
    (one,) = found("BD324", *(work_type(f"kind-{n}") for n in range(16)))
    assert one.message == "there are 16 work types, 1 more than the budget of 15"
    assert one.subject == "settings/msp"


def test_the_budget_that_is_written() -> None:
    budget = f"{SETTINGS}work_type_budget: 3\n"
    (one,) = found("BD324", budget, *(work_type(f"kind-{n}") for n in range(5)))
    assert one.message == "there are 5 work types, 2 more than the budget of 3"
    assert (one.route, one.span.line) == ("work_type_budget", 8)


def test_fifteen() -> None:
    assert found("BD324", *(work_type(f"kind-{n}") for n in range(15))) == []
