"""The tables: every object, over all its life."""

from __future__ import annotations

import csv
import io

from billing_dsl.targets import Compilation
from billing_dsl.targets.autotask_tables import TABLES, autotask_tables
from tests.unit.targets.compiling import compiled, files
from tests.unit.targets.test_autotask_requests import TIER, bespoke
from tests.unit.targets.test_changes import MOVE


def rows(compilation: Compilation, table: str) -> list[dict[str, str]]:
    text = files(autotask_tables, compilation)[f"autotask/{table}.csv"]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_table_has_its_columns_and_no_column_twice() -> None:
    found = files(autotask_tables, compiled(TIER))
    assert list(found) == [f"autotask/{name}.csv" for name in TABLES]
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
        ["acme-2027/all", "seat", "2027-01-15", "5", "", ""],
        ["acme-2027/all", "seat", "2027-03-01", "6", "44.00", "EUR"],
    ]
    for table, values in (
        ("blocks", ["acme-2027/block", "2027-01-15", "2027-12-31", "40", "78.00", "EUR"]),
        ("retainers", ["acme-2027/paid", "2027-01-15", "2027-12-31", "7.00", "EUR"]),
        (
            "ticket_purchases",
            ["acme-2027/tickets", "2027-01-15", "2027-12-31", "3", "55.00", "EUR"],
        ),
        ("milestones", ["acme-2027/fixed", "2027-06-30", "Done", "4000.00", "EUR"]),
        ("rates", ["acme-2027/paid", "engineer", "1", "", "8.00", "EUR", "agreement/acme-2027"]),
        ("block_factors", ["acme-2027/block", "architect", "2"]),
    ):
        assert [list(row.values()) for row in rows(found, table)] == [values]
    assert [list(row.values()) for row in rows(found, "fees")] == [
        ["acme-2027/all", "setup fee", "", "5.00", "EUR"],
        ["acme-2027/block", "overage rate", "", "99.00", "EUR"],
    ]
    services = {row["service"]: row for row in rows(found, "services")}
    assert (services["workplace"]["kind"], services["workplace"]["unit_price"]) == ("bundle", "")
    assert services["bare"]["unit_cost"] == ""
    assert (services["seat"]["unit_price"], services["seat"]["unit_cost"]) == ("48.00", "24.00")


def test_what_a_dated_tier_brings_is_told_once() -> None:
    rated = [row for row in rows(compiled(MOVE), "rates") if row["role"] == "architect"]
    assert [(row["contract"], row["hourly_rate"]) for row in rated] == [
        ("acme-2027/hourly", "130.00")
    ]
