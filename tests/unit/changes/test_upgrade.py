"""Two versions of the tool, one catalogue: what differs is found cell by cell and day by day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.changes.upgrade import (
    ENDING,
    DisorderError,
    Found,
    Other,
    Rerouted,
    Row,
    Upgrade,
    counted,
    other_files,
    other_findings,
    other_requests,
    rerouted,
)
from billing_dsl.model.calendar import Stretch

FIRST = date(2027, 1, 1)
DAYS = 12
ROLES = ("engineer", "manager", "*")
CAUSES = ("network", "*")


def day(number: int) -> str:
    return (FIRST + timedelta(number)).isoformat()


def row(
    work_type: str = "onsite",
    role: str = "*",
    sub_issue: str = "*",
    days: tuple[int, int | None] = (0, 5),
    client: str = "acme",
    **ending: str,
) -> dict[str, str]:
    first, last = days
    empty = dict.fromkeys(ENDING, "")
    names = {"client": client, "work_type": work_type, "role": role, "sub_issue": sub_issue}
    life = {"valid_from": day(first), "valid_to": "" if last is None else day(last)}
    return {**names, **life, **empty, "contract": "block", "rate": "80.00", **ending}


# --- against a naive reading ---------------------------------------------------------------------

Table = list[dict[str, str]]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A routing table of one form that it may have: named cells and all others, by stretches."""
    rows: Table = []
    for client in draw(st.lists(st.sampled_from(["acme", "beta", "gamma"]), unique=True)):
        for work_type in draw(st.lists(st.sampled_from(["onsite", "remote"]), unique=True)):
            cuts = sorted(draw(st.sets(st.integers(0, DAYS - 1), min_size=2, max_size=4)))
            for start, following in pairwise(cuts):
                roles = {"*", *draw(st.sets(st.sampled_from(ROLES)))}
                causes = {"*", *draw(st.sets(st.sampled_from(CAUSES)))}
                for role, cause in product(sorted(roles), sorted(causes)):
                    rate = draw(st.sampled_from(["80.00", "90", ""]))
                    life = (start, following - 1)
                    rows.append(row(work_type, role, cause, life, client, rate=rate))
    return sorted(rows, key=lambda one: one["client"])


def ends(table: Table, client: str, work: str, role: str, cause: str, on: str) -> str | None:
    """What a table says of one entry, read row by row as its documentation tells."""
    alike = [
        one
        for one in table
        if (one["client"], one["work_type"]) == (client, work)
        and one["valid_from"] <= on <= one["valid_to"]
    ]
    roles, causes = ({one[name] for one in alike} for name in ("role", "sub_issue"))
    wanted = (role if role in roles else "*", cause if cause in causes else "*")
    found = [one["rate"] for one in alike if (one["role"], one["sub_issue"]) == wanted]
    assert len(found) <= 1
    return found[0].removesuffix(".00") if found else None


@given(tables(), tables())
def test_what_differs_is_what_somebody_would_find_who_reads_each_entry(
    old: Table, new: Table
) -> None:
    found: dict[tuple[str, ...], tuple[str | None, str | None]] = {}
    for one in rerouted(old, new):
        for role in one.roles:
            for number in range((one.life.end - one.life.start).days + 1):
                on = (one.life.start + timedelta(number)).isoformat()
                cell = (one.client, one.work_type, role, one.sub_issue, on)
                assert cell not in found
                rates = [
                    None if end is None else end["rate"].removesuffix(".00")
                    for end in (one.before, one.after)
                ]
                found[cell] = (rates[0], rates[1])

    def known(client: str, work: str, role: str, cause: str) -> tuple[str, str]:
        """A role or cause that neither table names is one of all others."""
        own = [one for one in (*old, *new) if (one["client"], one["work_type"]) == (client, work)]
        names = [{one[name] for one in own} for name in ("role", "sub_issue")]
        return role if role in names[0] else "*", cause if cause in names[1] else "*"

    clients = ("acme", "beta", "gamma")
    for client, work, number in product(clients, ("onsite", "remote"), range(DAYS)):
        on = day(number)
        for role, cause in product(ROLES, CAUSES):
            both = tuple(ends(table, client, work, role, cause, on) for table in (old, new))
            told = found.get((client, work, *known(client, work, role, cause), on))
            assert told == (both if both[0] != both[1] else None)


@given(tables(), st.integers(1, DAYS - 1))
def test_a_table_in_other_rows_is_the_same(table: Table, cut: int) -> None:
    """Cut at another day, with a role written out, and amounts with other zeros."""
    other: Table = []
    for one in table:
        parts = [one]
        if one["valid_from"] < day(cut) <= one["valid_to"]:
            parts = [{**one, "valid_to": day(cut - 1)}, {**one, "valid_from": day(cut)}]
        other += [{**part, "rate": part["rate"].replace(".00", ".0000")} for part in parts]
    assert list(rerouted(table, other)) == []
    assert list(rerouted(table, table)) == []


def test_one_cell_that_changes_is_that_cell() -> None:
    old = [row(role="engineer"), row(rate="90.00")]
    new = [row(role="engineer", contract="hourly", rate="85.00"), row(rate="90.00")]
    [found] = rerouted(old, new)
    assert found.roles == ("engineer",)
    assert found.life == Stretch(FIRST, FIRST + timedelta(5))
    assert found.before is not None
    assert found.after is not None
    changed = {name for name in ENDING if found.before[name] != found.after[name]}
    assert changed == {"contract", "rate"}


def test_days_without_an_end_stay_open() -> None:
    [found] = rerouted([row(days=(0, None))], [row(days=(0, 3))])
    assert (found.life, found.after) == (Stretch(FIRST + timedelta(4), date.max), None)


def test_roles_alike_are_told_together() -> None:
    old = [row(role=role) for role in ("a", "b", "*")]
    new = [row(role="a", rate="1"), row(role="b", rate="1"), row(role="*")]
    [found] = rerouted(old, new)
    assert found.roles == ("a", "b")


def test_a_column_that_one_version_does_not_write_is_not_compared() -> None:
    old = [{name: value for name, value in row(unit="hour").items() if name != "unit"}]
    assert list(rerouted(old, [row(unit="hour")])) == []
    [found] = rerouted(old, [row(unit="hour", rate="1")])
    assert found.before is not None
    assert "unit" not in found.before


def test_a_client_whom_only_one_version_routes_is_told() -> None:
    found = list(rerouted([row(client="acme")], [row(client="beta")]))
    assert [(one.client, one.before is None) for one in found] == [("acme", False), ("beta", True)]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([row(client="beta"), row(client="acme", rate="1")], "not in order of clients"),
        ([{"client": "acme"}], "has no column `work_type`"),
        ([{**row(), "rate": None}], "more or fewer values than columns in row 2"),
        ([{**row(), "valid_to": "soon"}], "has `soon` where a day should be"),
        ([{**row(), "valid_from": ""}], "a row without a first day"),
    ],
)
def test_a_table_that_is_none_is_refused(rows: list[Row], reason: str) -> None:
    with pytest.raises(DisorderError, match=reason):
        list(rerouted(rows, [row(client="zeta")]))


def test_an_amount_that_is_none_is_compared_as_it_stands() -> None:
    assert len(list(rerouted([row(rate="ask")], [row(rate="80")]))) == 1
    assert list(rerouted([row(rate="ask")], [row(rate="ask", days=(0, 5))])) == []


def test_what_is_held_is_bounded_and_what_is_counted_is_not() -> None:
    life = Stretch(FIRST, FIRST)
    rows = [Rerouted(name, "w", ("*",), "*", life, None, None) for name in "aaab"]
    routing = counted(iter(rows), most=2)
    assert (len(routing.told), routing.count, routing.clients) == (2, 4, 2)


# --- files, requests, findings -------------------------------------------------------------------


def test_files_and_requests_that_differ_are_named() -> None:
    old = {"a": ("1", "table"), "b": ("1", "page"), "c": ("1", "page")}
    new = {"b": ("2", "page"), "c": ("1", "page"), "d": ("1", "scope")}
    assert other_files(old, new) == (
        Other("a", "removed", "table"),
        Other("b", "changed", "page"),
        Other("d", "added", "scope"),
    )
    assert other_requests({"x": {"body": 1}}, {"x": {"body": 2}}) == (Other("x", "changed"),)


def finding(message: str, line: int = 1, severity: str = "error") -> Found:
    return Found("a.yaml", line, "BD301", severity, message)


def test_findings_are_the_same_whatever_their_words() -> None:
    assert other_findings([finding("old words")], [finding("new words")]) == ((), ())


def test_findings_are_new_or_gone_where_place_or_severity_differ() -> None:
    old = [finding("one"), finding("two", 2)]
    new = [finding("one"), finding("two", 2, "warning")]
    assert other_findings(old, new) == ((new[1],), (old[1],))


def test_of_findings_at_one_place_the_one_in_other_words_is_the_new_one() -> None:
    assert other_findings([finding("b")], [finding("b"), finding("a")]) == ((finding("a"),), ())


def test_files_alone_do_not_matter_to_a_bill() -> None:
    files = Upgrade("1", "2", files=(Other("a", "changed", "page"),))
    assert files
    assert not files.matters
    assert not Upgrade("1", "2")
    assert Upgrade("1", "2", requests=(Other("a", "added"),)).matters
