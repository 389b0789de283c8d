"""One question, one answer: where work starts, and why there may be nothing to say."""

from __future__ import annotations

from datetime import date

import pytest

from billing_dsl import pipeline
from billing_dsl.analysis.answer import Answer, NoAnswer, answer, answers, beginning
from billing_dsl.analysis.cells import Cell, listed
from billing_dsl.analysis.drawing import BROKEN, of_client, of_tier
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Contract
from billing_dsl.rules._examples import AS_OF, completed

DAY = date(2027, 3, 1)
CATALOGUE = """
kind: sub_issue
name: printer
title: Paper Jam
issue: Printing
---
kind: work_type
name: drone-flight
title: Drone Flight
billing_class: edge
description: Looking at a roof.
from: 2027-06-01
---
kind: role
name: engineer
title: Engineer
rate: 85.00
---
kind: role
name: pilot
title: Pilot
rate: 200.00
from: 2027-06-01
---
kind: service
name: seat
title: Seat
period: monthly
price: 40.00
---
kind: tier
name: base
version: 1
effective: 2027-01-01
title: Base
rank: 3
price: 400.00
contracts:
  - {name: recurring, type: recurring_service, services: [seat]}
  - {name: hourly, type: time_and_materials}
scope: {remote-support: recurring, onsite-support: none, drone-flight: hourly}
rates: [{contract: hourly, role: engineer, rate: 70.00}]
---
kind: tier
name: more
version: 1
effective: 2027-01-01
title: More
extends: base@1
---
kind: client
name: acme
legal_name: Acme
---
kind: agreement
name: acme-a
client: acme
start: 2027-01-01
end: 2027-12-31
tier: more@1
services: {seat: 3}
---
kind: agreement
name: acme-b
client: acme
default: false
start: 2027-02-01
end: 2027-12-31
contracts:
  - {name: hourly, type: time_and_materials}
  - {name: extra, type: time_and_materials, excludes: {roles: [pilot]}, falls_to: acme-old/extra}
---
kind: agreement
name: acme-c
client: acme
default: false
start: 2027-02-01
end: 2027-12-31
contracts: [{name: extra, type: time_and_materials}]
---
kind: agreement
name: acme-old
client: acme
start: 2026-01-01
end: 2026-12-31
contracts: [{name: extra, type: time_and_materials}, {name: gone, type: time_and_materials}]
"""


@pytest.fixture(scope="module")
def view() -> ClientCoverage:
    """The coverage of the one client."""
    files = completed(CATALOGUE.strip("\n"))
    readings = [pipeline.read_file(path, files[path]) for path in sorted(files)]
    assert [fault for reading in readings for fault in reading.faults] == []
    (found,) = pipeline.check(readings, AS_OF, (), keep=True).clients
    return found


@pytest.mark.parametrize(
    ("day", "start", "found"),
    [
        (DAY, "", "acme-a/recurring"),
        (DAY, "hourly", "acme-a/hourly"),
        (DAY, "acme-b/hourly", "acme-b/hourly"),
        (DAY, "extra", "`extra` may mean `acme-b/extra` or `acme-c/extra`"),
        (DAY, "gone", "contract `acme-old/gone` is in force from 2026-01-01 to 2026-12-31"),
        (DAY, "nothing", "client `acme` has no contract `nothing`"),
        (date(2026, 5, 1), "extra", "acme-old/extra"),
        (date(2025, 5, 1), "", "client `acme` has no default contract on 2025-05-01"),
    ],
)
def test_work_starts_where_it_is_said_to(
    view: ClientCoverage, day: date, start: str, found: str
) -> None:
    begun = beginning(view, day, start)
    assert found in (begun.id if isinstance(begun, Contract) else begun.reason)
    answered = answer(view, Cell("remote-support", "engineer"), day, start)
    assert isinstance(answered, Answer) == isinstance(begun, Contract)


@pytest.mark.parametrize(
    ("work_type", "role", "reason"),
    [
        ("drone-flight", "engineer", "work type `drone-flight` comes into use on 2027-06-01"),
        ("remote-support", "pilot", "role `pilot` comes into use on 2027-06-01"),
    ],
)
def test_what_is_not_in_use_yet_has_no_answer(
    view: ClientCoverage, work_type: str, role: str, reason: str
) -> None:
    for found in (
        answer(view, Cell(work_type, role), DAY),
        answers(view, work_type, DAY, role),
    ):
        assert isinstance(found, NoAnswer)
        assert reason in found.reason
    assert isinstance(answer(view, Cell(work_type, role), date(2027, 6, 1)), Answer)


def test_a_role_not_in_use_yet_is_no_part_of_an_answer(view: ClientCoverage) -> None:
    groups = answers(view, "remote-support", DAY)
    assert isinstance(groups, tuple)
    assert [(group.roles, group.sub_issues) for group in groups] == [(("engineer",), ("*",))]
    groups = answers(view, "remote-support", DAY, "engineer", "")
    assert isinstance(groups, tuple)
    assert [(group.roles, group.sub_issues) for group in groups] == [(("engineer",), ("",))]


def test_work_that_ends_nowhere_on_purpose_is_uncovered(view: ClientCoverage) -> None:
    found = answer(view, Cell("onsite-support", "engineer"), DAY)
    assert isinstance(found, Answer)
    assert (found.outcome.value, found.contract) == ("uncovered", None)


def test_a_tier_inherits_rank_and_price_and_rates(view: ClientCoverage) -> None:
    tier = view.shared.tiers["more@1"]
    assert tier.rank == 3
    assert tier.price is not None
    assert [row.contract for row in tier.rates] == ["hourly"]
    drawing = of_tier(tier)
    assert [node.title for node in drawing.nodes] == ["recurring", "hourly", "no contract"]


def test_a_graph_shows_a_link_to_what_is_not_in_force(view: ClientCoverage) -> None:
    drawing = of_client(view, date(2027, 7, 1))
    assert drawing is not None
    assert any(edge.target == BROKEN for edge in drawing.edges) == any(
        node.id == BROKEN for node in drawing.nodes
    )
    assert of_client(view, date(2020, 1, 1)) is None


# --- cells ---------------------------------------------------------------------------------------


def test_there_are_as_many_cells_as_kinds_of_work(view: ClientCoverage) -> None:
    cells = view.cells
    assert len(cells) == 3 * 2 * 2
    assert len(list(cells.each(cells.on(date(2027, 6, 1))))) == len(cells)
    assert len(list(cells.each(cells.on(DAY)))) == 2 * 1 * 2


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ([], ""),
        (["a"], "`a`"),
        (["a", "b"], "`a` and `b`"),
        (["a", "b", "c"], "`a`, `b` and `c`"),
        (list("abcdef"), "`a`, `b`, `c`, `d` and 2 more"),
    ],
)
def test_names_are_listed_in_words(names: list[str], told: str) -> None:
    assert listed(names) == told
