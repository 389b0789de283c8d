"""Cover before and after: what is told is what an oracle finds, entry by entry, day by day."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billing_dsl.analysis.cells import Cell
from billing_dsl.changes.clients import ClientChanges, Comparison
from billing_dsl.changes.cover import Fate, Line
from billing_dsl.model import money
from billing_dsl.pipeline import Checked
from tests.oracle import comparing
from tests.oracle.changes import rename, renaming
from tests.oracle.comparing import Plain
from tests.oracle.editing import edited
from tests.oracle.simulator import Document, Simulator
from tests.oracle.strategies import Choices, any_catalogue, catalogues, interesting_days
from tests.test_properties import checked


def comparison(before: Checked, after: Checked) -> Comparison:
    one, other = before.common.declared, after.common.declared
    assert one is not None
    assert other is not None
    return Comparison(one, other)


def compared(before: Sequence[Document], after: Sequence[Document]) -> dict[str, ClientChanges]:
    """What changes for each client, all of them looked at as one family."""
    one, other = checked(before), checked(after)
    made = comparison(one, other)
    # Whoever is of one family on one side may not be on the other: families are brought together.
    found = made.of_families(one.clients, other.clients)
    return {changes.client.name: changes for changes in found}


def plain(fate: Fate | None, line: Line) -> Plain | None:
    if fate is None:
        return None

    def stored(amount: Any) -> Any:
        return None if amount is None else money.stored(amount)

    return Plain(
        fate.outcome.value,
        line.agreements[fate.agreement] if fate.agreement >= 0 else "",
        fate.contract.replace(" (before)", " (gone)"),
        fate.type.value if fate.type else "",
        fate.billable,
        fate.billing.value,
        stored(fate.rate),
        fate.unit.value if fate.unit else "",
        fate.currency,
        stored(fate.overage),
        fate.debit,
        fate.least,
        fate.most,
        fate.after_hours,
    )


def told(changes: ClientChanges, line: Line, day: date) -> dict[Cell, tuple[Any, Any]]:
    """What changes on a day, by the cells."""
    found: dict[Cell, tuple[Any, Any]] = {}
    for change in line.changes:
        if day in change.life:
            assert change.before != change.after
            for cell in changes.cells.each(change.cells):
                assert cell not in found
                found[cell] = plain(change.before, line), plain(change.after, line)
    return found


def expected(
    before: Simulator, after: Simulator, client: str, agreement: str, day: date, names: Any
) -> dict[Cell, tuple[Any, Any]]:
    found: dict[Cell, tuple[Any, Any]] = {}
    starts: list[tuple[bool, Any]] = [(True, None), (True, None)]
    if agreement:
        for side, oracle in enumerate((before, after)):
            here = agreement in oracle.agreements
            here = here and oracle.agreements[agreement]["client"] == client
            here = here and not oracle.agreements[agreement].get("default", True)
            start = comparing.own_start(oracle, agreement, day) if here else None
            starts[side] = start is not None, start
    for work_type in sorted({*before.work_types, *after.work_types}):
        for role in sorted({*before.roles, *after.roles}):
            for sub_issue in (None, *sorted({*before.sub_issues, *after.sub_issues})):
                cell = work_type, role, sub_issue
                pair = tuple(
                    comparing.fate(oracle, client, cell, day, start, called) if there else None
                    for (there, start), oracle, called in zip(
                        starts, (before, after), (names, {}), strict=True
                    )
                )
                if pair[0] != pair[1]:
                    found[Cell(work_type, role, sub_issue or "")] = pair[0], pair[1]
    return found


def agree(before: Sequence[Document], after: Sequence[Document], days: int) -> int:
    """Holds all that is told to the oracle, on some of the days on which anything changes.

    Gives how many days of a client's lines were held to it.
    """
    held = 0
    one, other = Simulator(before), Simulator(after)
    names = comparing.renamed(comparing.contracts_of(one), comparing.contracts_of(other))
    found = compared(before, after)
    interesting = sorted({*interesting_days(before), *interesting_days(after)})
    step = max(1, len(interesting) // days)
    for client in sorted({*one.clients, *other.clients}):
        changes = found.get(client)
        sides = (changes.before, changes.after) if changes is not None else (None, None)
        declared = [client in oracle.client_documents for oracle in (one, other)]
        if changes is None or declared != [view is not None for view in sides]:
            continue  # something that it depends on is broken: nothing can be said of it
        lines = {line.agreement: line for line in changes.lines}
        beside = {name for name, _, _ in comparing.starts(one, other, client)}
        assert beside <= lines.keys()
        for agreement, line in lines.items():
            for day in interesting[::step]:
                wanted = expected(one, other, client, agreement, day, names)
                assert told(changes, line, day) == wanted, (client, agreement, day)
                held += 1
    return held


@given(catalogues(), st.integers(0, 2**32))
def test_an_edit_is_told_as_the_oracle_finds_it(documents: list[Document], seed: int) -> None:
    after = edited(documents, Choices.seeded(seed))
    agree(documents, after, 4)


@given(catalogues(), catalogues())
def test_any_two_catalogues_are_told_apart_as_the_oracle_finds_it(
    before: list[Document], after: list[Document]
) -> None:
    agree(before, after, 3)


@pytest.mark.parametrize("seed", range(8))
def test_seeded_catalogues_on_every_day_that_matters(seed: int) -> None:
    choices = Choices.seeded(seed)
    before = any_catalogue(choices)
    assert agree(before, edited(before, choices), 25) > 0


@given(catalogues())
def test_nothing_changes_between_a_catalogue_and_itself(documents: list[Document]) -> None:
    assert not any(compared(documents, copy.deepcopy(documents)).values())


@given(catalogues(), st.integers(0, 2**32))
def test_other_names_change_nothing(documents: list[Document], seed: int) -> None:
    agreements = [one for one in documents if one["kind"] == "agreement"]
    alike = [(one["client"], one["start"], one.get("default", True)) for one in agreements]
    assume(len(alike) == len(set(alike)))
    names = renaming(documents, Choices.seeded(seed))
    names = {key: new for key, new in names.items() if key[0] != "client"}
    assert not any(compared(documents, rename(documents, names)).values())
