"""Laws that hold between a catalogue and a changed one, whatever the catalogue says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from billing_dsl.analysis.cells import Cell
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.pipeline import Checked, check, read_file
from billing_dsl.rules import rules
from billing_dsl.verdict import verdict
from tests.oracle import simulator
from tests.oracle.changes import add_exclusion, rename, rename_answer, renaming, shuffle
from tests.oracle.strategies import FIRST, Choices, catalogues, interesting_days, scenarios
from tests.oracle.writing import to_yaml
from tests.test_properties import checked, end_of

Plain = dict[str, Any]

seeds = st.integers(0, 2**32)
"""Of the changes: drawn one by one they would cost more than all that is checked."""

Finding = tuple[str, str, str, str, tuple[tuple[str, str], ...]]


def of_files(files: Mapping[str, bytes]) -> Checked:
    """A catalogue of files checked, with every client's coverage kept."""
    return check(
        [read_file(path, files[path]) for path in sorted(files)], FIRST, rules(), keep=True
    )


def told(found: Checked, files: Mapping[str, bytes]) -> list[Finding]:
    """What is said of a catalogue, but for where it stands, in an order of its own."""
    diagnostics = verdict(
        found.found,
        found.common.catalogue.all(Waiver),
        FIRST,
        found.partial,
        files.__getitem__,
    ).diagnostics
    return sorted(
        (
            one.code,
            one.subject,
            one.message,
            one.label,
            tuple((reach.client, reach.agreement) for reach in one.reached),
        )
        for one in diagnostics
    )


Ends = dict[tuple[str, date, Cell, str], simulator.Answer | None]


def every_end(found: Checked, days: Sequence[date], starts: bool = False) -> Ends:
    """Where all work of each client ends on some days; with `starts` from every contract too."""
    ends: Ends = {}
    for view in found.clients:
        for day in days:
            begun: list[tuple[str, str] | None] = [None]
            if starts:
                contracts = (one for one in view.contracts if day in one.life)
                begun += [(one.agreement.name, one.name) for one in contracts]
            for cell in view.cells.each(view.cells.on(day)):
                for start in begun:
                    name = "/".join(start) if start else ""
                    ends[view.client.name, day, cell, name] = end_of(view, cell, day, start)
    return ends


def some_days(documents: Sequence[Plain], choices: Choices) -> list[date]:
    """Some of the days on which anything changes."""
    return choices.some(interesting_days(documents), 1, 3)


@given(catalogues(), seeds)
def test_the_order_of_files_and_documents_changes_nothing(
    documents: list[Plain], seed: int
) -> None:
    choices = Choices.seeded(seed)
    documents = documents + scenarios(documents, choices)
    first, second = to_yaml(documents), to_yaml(shuffle(documents, choices), choices)
    before, after = of_files(first), of_files(second)
    assert told(before, first) == told(after, second)
    days = some_days(documents, choices)
    assert every_end(before, days) == every_end(after, days)
    counts = ("documents", "client_count", "contract_count", "cell_count", "partial")
    assert [getattr(before, one) for one in counts] == [getattr(after, one) for one in counts]


A_DATE = "2026-01-01"
"""A name that the reader wants quoted where it is a key, and the writer does not quote."""

ABOUT_NAMES = {"BD325", "BD501", "BD508"}
"""What is said of names themselves: of their length, their words, their first letters."""


def codes(found: Checked) -> Counter[str]:
    """How often each code is found, but for what is said of names themselves."""
    return Counter(code for code, _ in found.found if code not in ABOUT_NAMES)


@given(catalogues(), seeds)
def test_other_names_mean_the_same(documents: list[Plain], seed: int) -> None:
    choices = Choices.seeded(seed)
    documents = documents + scenarios(documents, choices)
    drawn = renaming(documents, choices)
    names = {kind: new.replace(A_DATE, f"{A_DATE}-x") for kind, new in drawn.items()}
    renamed = rename(documents, names)
    before, after = of_files(to_yaml(documents)), of_files(to_yaml(renamed, choices))
    assert (before.cell_count, before.partial) == (after.cell_count, after.partial)
    days = some_days(documents, choices)
    expected = {
        (
            names["client", client],
            day,
            Cell(
                names["work_type", cell.work_type],
                names["role", cell.role],
                names.get(("sub_issue", cell.sub_issue), ""),
            ),
        ): answer and rename_answer(answer, names)
        for (client, day, cell, _), answer in every_end(before, days).items()
    }
    found = {key[:3]: answer for key, answer in every_end(after, days).items()}
    assert found == expected
    assert codes(before) == codes(after)


@given(catalogues(), seeds)
def test_an_exclusion_more_never_widens_cover(documents: list[Plain], seed: int) -> None:
    choices = Choices.seeded(seed)
    changed = add_exclusion(documents, choices)
    assume(changed is not None)
    assert changed is not None
    days = some_days(documents, choices)
    before = every_end(checked(documents), days, starts=True)
    after = every_end(checked(changed[0]), days, starts=True)
    assert before.keys() == after.keys()
    for key, old in before.items():
        new = after[key]
        if old is None or new is None:
            assert old == new, key
        elif old.outcome == "covered":
            assert new.path[: len(old.path)] == old.path, key
            assert new == old or new.path != old.path or new.outcome != "covered", key
        else:
            assert new == old, key
