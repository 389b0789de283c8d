"""Differences: each client's work on each day is told once, with the effect an oracle finds."""

from __future__ import annotations

import copy
from collections.abc import Container, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billing_dsl.analysis.cells import Cell
from billing_dsl.changes.clients import ClientChanges
from billing_dsl.changes.cover import Line
from billing_dsl.changes.differences import Differences, Who, differences
from billing_dsl.changes.effects import Effect, worst
from tests.oracle import comparing, effects
from tests.oracle.changes import rename, renaming, shuffle
from tests.oracle.editing import edited
from tests.oracle.simulator import Document, Simulator
from tests.oracle.strategies import Choices, any_catalogue, catalogues, interesting_days
from tests.unit.changes.test_cover import compared, expected, plain

Told = dict[Cell, tuple[Any, Any, str]]


def told(found: Differences, line: Line, client: str, day: date) -> Told:
    """What is told of a client's work that starts at one place, by the cells of a day."""
    seen: Told = {}
    for one in found.work:
        for reached in one.reached:
            if (reached.client, reached.agreement) != (client, line.agreement) or reached.contract:
                continue
            assert reached.agreements == line.agreements
            for part in reached.parts:
                assert part.cells & ~one.cells == 0
                if day not in part.life:
                    continue
                assert found.cells is not None
                for cell in found.cells.each(part.cells):
                    assert cell not in seen, "told twice"
                    pair = plain(part.before, line), plain(part.after, line)
                    seen[cell] = (*pair, one.effect.value)
    return seen


def wanted(
    pairs: dict[Cell, tuple[Any, Any]], signed: tuple[bool, bool], own: Container[str]
) -> Told:
    """What the oracle wants told: all but other hours of one block, which purchases tell."""
    found: Told = {}
    for cell, (before, after) in pairs.items():
        effect = effects.effect(before, after, signed, own)
        both = before is not None and after is not None
        if both and effect == "no_effect" and effects.one_block(before, after, own):
            continue
        found[cell] = before, after, effect
    return found


def agree(before: Sequence[Document], after: Sequence[Document], days: int) -> None:
    """Holds all that is told to the oracle, on some of the days on which anything changes."""
    one, other = Simulator(before), Simulator(after)
    names = comparing.renamed(comparing.contracts_of(one), comparing.contracts_of(other))
    clients = compared(before, after)
    found = differences(clients.values())
    interesting = sorted({*interesting_days(before), *interesting_days(after)})
    step = max(1, len(interesting) // days)
    for client, changes in clients.items():
        declared = [client in oracle.client_documents for oracle in (one, other)]
        if declared != [view is not None for view in (changes.before, changes.after)]:
            continue  # something that it depends on is broken: nothing can be said of it
        for line in changes.lines:
            for day in interesting[::step]:
                pairs = expected(one, other, client, line.agreement, day, names)
                signed = in_force(line, day)
                assert told(found, line, client, day) == wanted(
                    pairs, signed, changes.agreements
                ), (client, day)


def in_force(line: Line, day: date) -> tuple[bool, bool]:
    first, second = (any(day in life for life in lives) for lives in line.lives)
    return first, second


@given(catalogues(), st.integers(0, 2**32))
def test_an_edit_is_told_once_with_the_effect_that_the_oracle_finds(
    documents: list[Document], seed: int
) -> None:
    agree(documents, edited(documents, Choices.seeded(seed)), 4)


@given(catalogues(), catalogues())
def test_any_two_catalogues(before: list[Document], after: list[Document]) -> None:
    agree(before, after, 3)


@pytest.mark.parametrize("seed", range(6))
def test_seeded_catalogues_on_every_day_that_matters(seed: int) -> None:
    choices = Choices.seeded(seed)
    before = any_catalogue(choices)
    agree(before, edited(before, choices), 25)


# --- wherever a ticket starts ---------------------------------------------------------------------


# The default contracts alone do not tell of the changes of these seeds.
@pytest.mark.parametrize("seed", [0, 1, 25, 100, 110, 118, 144, 161])
def test_nothing_worse_befalls_work_that_a_ticket_assigns_to_any_contract(seed: int) -> None:
    choices = Choices.seeded(seed)
    before = any_catalogue(choices)
    after = edited(before, choices)
    one, other = Simulator(before), Simulator(after)
    names = comparing.renamed(comparing.contracts_of(one), comparing.contracts_of(other))
    clients = compared(before, after)
    known = differences(clients.values()).effects
    days = sorted({*interesting_days(before), *interesting_days(after)})
    for client, changes in clients.items():
        if changes.before is None or changes.after is None:
            continue
        for contract in changes.after.contracts:
            start = contract.agreement.name, contract.name
            for day in days[:: max(1, len(days) // 4)]:
                found = at(one, other, client, start, day, names, changes.agreements)
                worse = worst(Effect(each) for each in found)
                ranks = [
                    list(Effect).index(each) for each in (known.get(client, Effect.NONE), worse)
                ]
                assert ranks[0] <= ranks[1], (client, start, day)


def at(
    before: Simulator,
    after: Simulator,
    client: str,
    start: tuple[str, str],
    day: date,
    names: Any,
    own: Container[str],
) -> set[str]:
    """The effects that the oracle finds for work that starts at a contract."""
    found: set[str] = set()
    for work_type in sorted({*before.work_types} & {*after.work_types}):
        for role in sorted({*before.roles} & {*after.roles}):
            for sub_issue in (None, *sorted(before.sub_issues)):
                cell = work_type, role, sub_issue
                pair = [
                    comparing.fate(oracle, client, cell, day, start, called)
                    for oracle, called in ((before, names), (after, {}))
                ]
                if None not in pair:
                    found.add(effects.effect(pair[0], pair[1], (True, True), own))
    return found


# --- one cell ------------------------------------------------------------------------------------


def one_end_moved(documents: Sequence[Document], choices: Choices) -> tuple[list[Document], str]:
    """A catalogue in which one work type of one tier ends on another contract of it."""
    changed = copy.deepcopy(list(documents))
    tiers = [one for one in changed if one["kind"] == "tier" and one.get("scope")]
    tiers = [one for one in tiers if len(one.get("contracts", ())) > 1]
    assume(bool(tiers))
    tier = choices.pick(tiers)
    work_type = choices.pick(sorted(tier["scope"]))
    heirs = [one for one in changed if one["kind"] == "tier" and "extends" in one]
    paths = [one["contracts"] for one in (tier, *heirs) if one.get("contracts")]
    theirs = set.intersection(*({contract["name"] for contract in path} for path in paths))
    others = sorted(theirs - {tier["scope"][work_type]})  # whoever inherits the end has it too
    assume(bool(others))
    tier["scope"][work_type] = choices.pick(others)
    return changed, work_type


@given(catalogues(), st.integers(0, 2**32))
def test_one_cell_of_a_tier_changes_the_work_of_that_type_alone(
    documents: list[Document], seed: int
) -> None:
    after, work_type = one_end_moved(documents, Choices.seeded(seed))
    agree(documents, after, 3)
    clients = compared(documents, after)
    # Where the work cannot get there, the tier has an error, and nobody on it is known any more.
    assume(all(one.before and one.after for one in clients.values()))
    found = differences(clients.values())
    for one in found.work:
        assert found.cells is not None
        assert found.cells.work_types_in(one.cells) == (work_type,)
    assert not found.services
    assert not found.terms


# --- nothing -------------------------------------------------------------------------------------


def nothing(before: Sequence[Document], after: Sequence[Document]) -> None:
    found = differences(compared(before, after).values())
    assert not found
    assert not found.effects
    assert found.all == ()


@given(catalogues(), st.integers(0, 2**32))
def test_another_order_of_documents_and_keys_is_no_difference(
    documents: list[Document], seed: int
) -> None:
    nothing(documents, shuffle(documents, Choices.seeded(seed)))


@given(catalogues(), st.integers(0, 2**32))
def test_other_names_are_no_difference(documents: list[Document], seed: int) -> None:
    agreements = [one for one in documents if one["kind"] == "agreement"]
    alike = [(one["client"], one["start"], one.get("default", True)) for one in agreements]
    assume(len(alike) == len(set(alike)))
    names = renaming(documents, Choices.seeded(seed))
    names = {key: new for key, new in names.items() if key[0] != "client"}
    nothing(documents, rename(documents, names))


@given(catalogues(), st.integers(0, 2**32))
def test_what_a_tier_takes_from_another_is_as_if_it_said_it(
    documents: list[Document], seed: int
) -> None:
    """Part of a tier's scope moves to a new tier that it extends."""
    choices = Choices.seeded(seed)
    after = copy.deepcopy(documents)
    tiers = [one for one in after if one["kind"] == "tier" and "contracts" in one]
    assume(bool(tiers))
    tier = choices.pick(tiers)
    assume("extends" not in tier)
    base = {**copy.deepcopy(tier), "name": "what-all-have", "title": "What all have"}
    for field in ("scope", "roles", "sub_issues"):
        if field in tier:
            kept = choices.some(sorted(tier[field]))
            tier[field] = {name: tier[field][name] for name in kept}
    tier["extends"] = f"what-all-have@{base['version']}"
    if choices.chance(50):
        del tier["contracts"]
    nothing(documents, [*after, base])


# --- who, when and how much ----------------------------------------------------------------------


def test_the_worst_comes_first() -> None:
    assert worst([Effect.GAINS, Effect.RATE_UP]) is Effect.RATE_UP
    assert worst([Effect.NONE, Effect.LOSES]) is Effect.LOSES
    assert worst([]) is Effect.NONE


@given(catalogues(), catalogues())
def test_each_client_has_the_worst_of_what_reaches_it(
    before: list[Document], after: list[Document]
) -> None:
    clients = compared(before, after)
    found = differences(clients.values())
    ranks = [list(Effect).index(one.effect) for one in found.all]
    assert ranks == sorted(ranks)
    by_client: dict[str, set[Effect]] = {}
    for one in found.all:
        assert one.reached
        names = [(reached.client, reached.agreement) for reached in one.reached]
        assert names == sorted(names)
        for reached in one.reached:
            by_client.setdefault(reached.client, set()).add(one.effect)
            assert reached.who is who(clients[reached.client])
    assert found.effects == {name: worst(known) for name, known in sorted(by_client.items())}


def who(changes: ClientChanges) -> Who:
    if changes.before is None:
        return Who.NEW
    return Who.LEAVING if changes.after is None else Who.EXISTING
