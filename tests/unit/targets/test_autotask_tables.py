"""The tables: every object, over all its life."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.analysis.pricing import contract_rate
from billing_dsl.model.calendar import day_after
from billing_dsl.targets._book import Book
from billing_dsl.targets._contracts import linked
from billing_dsl.targets.autotask_tables import OBJECTS, OF_CLIENTS, SHARED, autotask_tables
from tests.oracle.strategies import FIRST, LAST, catalogues, interesting_days
from tests.unit.targets.compiling import compiled, files, of_documents
from tests.unit.targets.test_autotask_requests import TIER, bespoke
from tests.unit.targets.test_changes import MOVE

Table = Sequence[Mapping[str, str]]

COLUMNS = {
    "objects": OBJECTS.split(),
    **{name: columns.split() for name, (columns, _) in SHARED.items()},
    **{name: columns.split() for name, (columns, _) in OF_CLIENTS.items()},
}


def tables(compilation: Book) -> dict[str, Table]:
    """Every table read back, by its name."""
    return {
        path.removeprefix("autotask/").removesuffix(".csv"): list(
            csv.DictReader(io.StringIO(text, newline=""))
        )
        for path, text in files(autotask_tables, compilation).items()
    }


def rows(compilation: Book, table: str) -> Table:
    return tables(compilation)[table]


def test_every_table_has_its_columns_and_no_column_twice() -> None:
    found = files(autotask_tables, compiled(TIER))
    assert sorted(found) == sorted(f"autotask/{name}.csv" for name in COLUMNS)
    for name, text in found.items():
        columns = text.splitlines()[0].split(",")
        assert len(set(columns)) == len(columns), name
        for row in csv.reader(io.StringIO(text, newline="")):
            assert len(row) == len(columns), (name, row)


def test_objects_tell_their_lane() -> None:
    lanes = {row["id"]: (row["lane"], row["reasons"]) for row in rows(compiled(TIER), "objects")}
    assert lanes["contract:acme-2027/block"] == ("api", "")
    assert lanes["company:acme"] == ("import", "")
    assert lanes["work_type:onsite"] == ("manual", "the API can only read them")


def test_contracts_are_told_phase_by_phase() -> None:
    found = rows(compiled(MOVE), "contracts")
    assert [
        (row["contract"], row["valid_from"], row["tier"], row["exclusion_set"], row["falls_to"])
        for row in found
        if row["contract"] == "acme-2027/recurring"
    ] == [
        (
            "acme-2027/recurring",
            "2027-01-01",
            "silver@1",
            "silver v1 1 recurring",
            "acme-2027/block",
        ),
        ("acme-2027/recurring", "2027-07-01", "gold@1", "gold v1 1 recurring", "acme-2027/visits"),
    ]
    first = found[0]
    assert (first["period"], first["number"], first["time_entry"]) == (
        "Monthly",
        "AG-7",
        "start and stop",
    )


def test_ended_contracts_are_told_too() -> None:
    found = compiled(
        bespoke("[{name: hourly, type: time_and_materials, time_entry: any}]").replace(
            "2027", "2025"
        )
    )
    [row] = rows(found, "contracts")
    assert (row["state"], row["time_entry"], row["tier"]) == ("ended", "any", "")
    assert rows(found, "default_contracts") == [
        {
            "client": "acme",
            "contract": "acme-2025/hourly",
            "valid_from": "2025-01-15",
            "valid_to": "2025-12-31",
        }
    ]


def test_exclusions_name_their_source() -> None:
    found = compiled(
        """
    kind: exclusion_set
    name: classic
    title: Classic
    work_types: [onsite]
    ---
    """
        + bespoke(
            "[{name: all, type: recurring_service, excludes: {set: classic, roles: [architect],"
            " sub_issues: [printer]}, falls_to: hourly}, {name: hourly, type: time_and_materials}]"
        )
    )
    assert [
        (row["dimension"], row["excluded"], row["exclusion_set"], row["falls_to"])
        for row in rows(found, "contract_exclusions")
    ] == [
        ("work_type", "onsite", "Classic", "acme-2027/hourly"),
        ("role", "architect", "", "acme-2027/hourly"),
        ("sub_issue", "printer", "", "acme-2027/hourly"),
    ]
    assert rows(found, "exclusion_sets") == [
        {
            "exclusion_set": "classic",
            "name": "Classic",
            "tier": "",
            "contract": "",
            "own": "no",
            "contracts": "1",
        }
    ]
    [row] = rows(found, "exclusion_set_rows")
    assert (row["excluded"], row["title"]) == ("onsite", "Onsite Support")


YEAR = ("2027-01-15", "2027-12-31")
"""The days of a bespoke agreement."""


def test_money_is_told_with_its_currency() -> None:
    found = compiled(
        """
    kind: service_bundle
    name: workplace
    title: Workplace
    period: monthly
    services: [seat]
    ---
    kind: service
    name: bare
    title: Bare
    period: monthly
    price: 1.00
    ---
    """
        + bespoke(
            """
      - name: all
        type: recurring_service
        setup_fee: {EUR: 5.00, CHF: 6.00}
      - name: paid
        type: retainer
        retainers: [{amount: 7.00, start: 2027-01-15, end: 2027-12-31}]
        rates: [{role: engineer, rate: {EUR: 8.00, CHF: 9.00}}]
      - name: tickets
        type: per_ticket
        tickets: [{tickets: 3, rate: 55.00, start: 2027-01-15, end: 2027-12-31}]
      - name: fixed
        type: fixed_price
        milestones: [{title: Done, date: 2027-06-30, amount: 4000.00}]
      - name: block
        type: block_hours
        overage_rate: 99.00
        block_factors: {architect: 2}
    """,
            """services: {seat: [{units: 5}, {from: 2027-03-01, units: 6, price: 44.00}]}
    blocks: [{contract: block, hours: 40, rate: 78.00, start: 2027-01-15, end: 2027-12-31}]""",
        )
    )
    assert [list(row.values())[1:] for row in rows(found, "contract_services")] == [
        ["acme-2027/all", "seat", "2027-01-15", "2027-02-28", "5", "", ""],
        ["acme-2027/all", "seat", "2027-03-01", "2027-12-31", "6", "44.00", "EUR"],
    ]
    for table, values in (
        ("blocks", ["acme-2027/block", "2027-01-15", "2027-12-31", "40", "78.00", "EUR"]),
        ("retainers", ["acme-2027/paid", "2027-01-15", "2027-12-31", "7.00", "EUR"]),
        (
            "ticket_purchases",
            ["acme-2027/tickets", "2027-01-15", "2027-12-31", "3", "55.00", "EUR"],
        ),
        ("milestones", ["acme-2027/fixed", "2027-06-30", "Done", "4000.00", "EUR"]),
        (
            "rates",
            ["acme-2027/paid", "engineer", *YEAR, "8.00", "EUR", "agreement/acme-2027"],
        ),
        ("block_factors", ["acme-2027/block", "architect", *YEAR, "2"]),
    ):
        assert [list(row.values()) for row in rows(found, table)] == [values]
    assert [list(row.values()) for row in rows(found, "fees")] == [
        ["acme-2027/all", "setup fee", *YEAR, "5.00", "EUR"],
        ["acme-2027/block", "overage rate", *YEAR, "99.00", "EUR"],
    ]
    services = {row["service"]: row for row in rows(found, "services")}
    assert (services["workplace"]["kind"], services["workplace"]["unit_price"]) == ("bundle", "")
    assert services["bare"]["unit_cost"] == ""
    assert (services["seat"]["unit_price"], services["seat"]["unit_cost"]) == ("48.00", "24.00")


def test_what_a_dated_tier_brings_is_told_from_its_day_on() -> None:
    rated = [row for row in rows(compiled(MOVE), "rates") if row["role"] == "architect"]
    assert [(row["contract"], row["valid_from"], row["hourly_rate"]) for row in rated] == [
        ("acme-2027/hourly", "2027-07-01", "130.00")
    ]


def test_an_exception_that_ends_ends_the_rows_that_it_changes_and_no_other() -> None:
    exception = "{work_type: remote, goes_to: hourly, reason: r, owner: o, until: 2027-03-31}"
    found = tables(compiled(f"{TIER.rstrip()}\n    exceptions: [{exception}]\n"))
    assert [
        (row["contract"], row["valid_from"], row["valid_to"]) for row in found["contracts"]
    ] == [
        (f"acme-2027/{name}", "2027-01-01", "2027-12-31")
        for name in ("recurring", "block", "hourly")
    ]
    excluded = {
        (row["contract"], row["excluded"]): (row["valid_from"], row["valid_to"])
        for row in found["contract_exclusions"]
    }
    assert excluded["acme-2027/recurring", "remote"] == ("2027-01-01", "2027-03-31")
    assert excluded["acme-2027/recurring", "onsite"] == ("2027-01-01", "2027-12-31")


def test_prices_have_a_row_for_each_day_on_which_they_change() -> None:
    found = tables(
        compiled(
            """
    kind: role
    name: clerk
    title: Clerk
    rate:
      - rate: {EUR: 50.00, CHF: 60.00}
      - {from: 2027-06-01, rate: {EUR: 55.00, CHF: 60.00}}
      - {from: 2027-09-01, rate: {CHF: 65.00}}
    ---
    kind: work_type
    name: night
    title: Night Watch
    billing_class: edge
    description: Work at night.
    from: 2027-02-01
    rate: {method: flat, amount: [{rate: 90.00}, {from: 2027-09-01, rate: 95.00}]}
    ---
    kind: service
    name: cloud
    title: Cloud
    period: monthly
    price: [{price: 9.00}, {from: 2028-01-01, price: 9.00}]
    cost: [{price: 5.00}, {from: 2027-06-01, price: 6.00}]
    """
        )
    )
    assert [
        (row["from"], row["currency"], row["hourly_rate"])
        for row in found["roles"]
        if row["role"] == "clerk"
    ] == [
        ("", "CHF", "60.00"),
        ("", "EUR", "50.00"),
        ("2027-06-01", "EUR", "55.00"),
        ("2027-09-01", "CHF", "65.00"),
        ("2027-09-01", "EUR", ""),
    ]
    assert [
        (row["from"], row["rate"], row["in_use_from"])
        for row in found["work_types"]
        if row["work_type"] == "night"
    ] == [
        ("", "flat rate of 90.00 EUR per time entry", "2027-02-01"),
        ("2027-09-01", "flat rate of 95.00 EUR per time entry", "2027-02-01"),
    ]
    assert [
        (row["from"], row["unit_price"], row["unit_cost"])
        for row in found["services"]
        if row["service"] == "cloud"
    ] == [("", "9.00", "5.00"), ("2027-06-01", "9.00", "6.00")]


def test_purchases_that_several_tiers_name_are_told_once() -> None:
    bought = "tickets: [{tickets: 3, rate: 55, start: 2027-01-01, end: 2027-12-31}%s]"
    tier = """
    kind: tier
    name: %s
    version: 1
    effective: 2026-01-01
    title: Tier
    contracts: [{name: tickets, type: per_ticket, %s}]
    scope: {remote: tickets, onsite: tickets, project: tickets}
    ---
    """
    more = ", {tickets: 9, rate: 50, start: 2027-07-01, end: 2027-12-31}"
    again = bought % ", {tickets: 3, rate: 55, start: 2027-01-01, end: 2027-12-31}"
    found = compiled(
        tier % ("one", again)
        + tier % ("two", bought % more)
        + """
    kind: agreement
    name: acme-2027
    client: acme
    start: 2027-01-01
    end: 2027-12-31
    tier: [{from: 2027-01-01, tier: one@1}, {from: 2027-07-01, tier: two@1}]
    """
    )
    assert [row["tickets"] for row in rows(found, "ticket_purchases")] == ["3", "3", "9"]


def test_a_link_past_a_block_that_was_never_bought_is_told_as_it_leads() -> None:
    tier = """
    kind: tier
    name: %s
    version: 1
    effective: 2026-01-01
    title: Tier
    contracts:
      - {name: block, type: block_hours}
      - {name: %s, type: time_and_materials}
    scope: {remote: block, onsite: block, project: block}
    ---
    """
    found = compiled(
        tier % ("one", "hourly")
        + tier % ("two", "visits")
        + """
    kind: agreement
    name: acme-2027
    client: acme
    start: 2027-01-01
    end: 2027-12-31
    tier: [{from: 2027-01-01, tier: one@1}, {from: 2027-07-01, tier: two@1}]
    ---
    kind: agreement
    name: office
    client: acme
    default: false
    start: 2027-03-01
    end: 2028-02-29
    contracts: [{name: move, type: fixed_price, falls_to: acme-2027/block}]
    """
    )
    assert [
        (row["valid_from"], row["valid_to"], row["falls_to"])
        for row in rows(found, "contracts")
        if row["contract"] == "office/move"
    ] == [
        ("2027-03-01", "2027-06-30", "acme-2027/hourly"),
        ("2027-07-01", "2028-02-29", "acme-2027/visits"),
    ]


KEYS = {
    "roles": ("role", "currency"),
    "work_types": ("work_type",),
    "services": ("service", "currency"),
}
"""Of what tables have rows from a day until the next row of the same."""

PURCHASES = ("blocks", "retainers", "ticket_purchases", "milestones")
"""Tables of things bought: two that are alike are two things."""


@given(catalogues(), st.dates(FIRST, LAST))
def test_no_row_ends_where_nothing_in_it_changes(
    documents: list[dict[str, Any]], as_of: date
) -> None:
    for name, table in tables(of_documents(documents, as_of)).items():
        columns = COLUMNS[name]
        if "valid_from" in columns:
            apart_in_time(table)
        elif name in KEYS:
            another_from_each_day_on(table, KEYS[name])
        elif name not in PURCHASES:
            assert len({tuple(row.values()) for row in table}) == len(table), name


def apart_in_time(table: Table) -> None:
    """Rows alike in all but their days neither overlap nor touch."""
    alike: dict[tuple[str, ...], list[tuple[date, date]]] = {}
    for row in table:
        rest = tuple(row[column] for column in row if column not in ("valid_from", "valid_to"))
        days = date.fromisoformat(row["valid_from"]), date.fromisoformat(row["valid_to"])
        assert days[0] <= days[1]
        alike.setdefault(rest, []).append(days)
    for lives in alike.values():
        for (_, end), (start, _) in pairwise(sorted(lives)):
            assert day_after(end) < start


def another_from_each_day_on(table: Table, key: Sequence[str]) -> None:
    """Of each thing the rows begin one after the other, and each says something else."""
    told: dict[tuple[str, ...], Mapping[str, str]] = {}
    for row in table:
        thing = tuple(row[column] for column in key)
        before = told.get(thing)
        if before is not None:
            assert before["from"] < row["from"]
            assert {**before, "from": ""} != {**row, "from": ""}
        told[thing] = row


@given(catalogues())
def test_the_rows_of_a_day_say_what_holds_on_it(documents: list[dict[str, Any]]) -> None:
    compilation = of_documents(documents, FIRST)
    found = tables(compilation)
    days = interesting_days(documents)

    def on(day: date, table: str, contract: str) -> list[Mapping[str, str]]:
        return [
            row
            for row in found[table]
            if row["contract"] == contract
            and row["valid_from"] <= day.isoformat() <= row["valid_to"]
        ]

    for view in compilation.clients:
        book, currency = view.family.book, view.client.currency
        for contract in view.contracts:
            for day in days:
                phase = contract.phase(day)
                told = on(day, "contracts", contract.id)
                excluded = on(day, "contract_exclusions", contract.id)
                if phase is None:
                    assert [*told, *excluded, *on(day, "rates", contract.id)] == []
                    continue
                [row] = told
                link = linked(book, phase.falls_to, day)
                assert row["falls_to"] == link
                assert row["tier"] == (phase.tier.key if phase.tier is not None else "")
                assert row["exclusion_set"] == (phase.set_use.name if phase.set_use else "")
                assert sorted((row["dimension"], row["excluded"]) for row in excluded) == sorted(
                    (dimension, name)
                    for dimension, names in (
                        ("work_type", phase.excludes.work_types),
                        ("role", phase.excludes.roles),
                        ("sub_issue", phase.excludes.sub_issues),
                    )
                    for name in names
                )
                assert {row["falls_to"] for row in excluded} <= {link}
                assert {
                    row["role"]: Decimal(row["factor"])
                    for row in on(day, "block_factors", contract.id)
                } == phase.terms.block_factors
                agreed = {row["role"]: row for row in on(day, "rates", contract.id)}
                for role in view.shared.roles:
                    rate = contract_rate(contract, phase, role, day, currency)
                    if rate.sources == (role.subject,):
                        assert role.name not in agreed
                        continue
                    amount, source = agreed[role.name]["hourly_rate"], agreed[role.name]["source"]
                    assert (Decimal(amount) if amount else None, (source,)) == (
                        rate.amount,
                        rate.sources,
                    )
