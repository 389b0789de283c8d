"""Files for import screens: headers, limits, and what is left to a person."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing_dsl.kinds.client import Client
from billing_dsl.kinds.service import Period, Service
from billing_dsl.model.declaration import Source
from billing_dsl.model.money import Price, Step, price
from billing_dsl.targets._imports import (
    ORGANIZATIONS,
    SERVICES,
    amount,
    organization,
    screens,
    service,
)
from billing_dsl.targets._labels import Entry
from billing_dsl.targets.autotask_import import autotask_import
from tests.unit.targets.compiling import FIRM, TODAY, compiled, files

ACME = Client(
    "acme", "acme", 1, "", Source("acme.yaml", 0),
    legal_name="Acme", organization="Acme S.r.l.", number="C-1", parent="", currency="EUR",
    language="it", phone="+39 011", address={"street": "Via Uno 1", "city": "Torino"},
    country="IT", tax_region="Italy", tax_id="IT1", owner="Ann Bloggs", accounting={},
    notice_to=(), udf={},
)  # fmt: skip

SEAT = Service(
    "seat", "Managed seat", 1, "", Source("seat.yaml", 0),
    titles={}, period=Period.SEMI_ANNUAL, price=price(Decimal("48.00"), "EUR"),
    cost=price(Decimal("24.00"), "EUR"), billing_code="Managed Services",
    invoice_description="", review_by=None, udf={},
)  # fmt: skip


EURO = screens(compiled("").compilation.declared)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_parents_stand_before_their_subsidiaries() -> None:
    found = files(
        autotask_import,
        compiled(
            """
    kind: client
    name: abc
    legal_name: Abc S.r.l.
    parent: zenith
    phone: "1"
    ---
    kind: client
    name: zenith
    legal_name: Zenith S.p.A.
    phone: "2"
    """
        ),
    )
    assert list(found) == ["autotask/import/organizations.csv", "autotask/import/services.csv"]
    table = rows(found["autotask/import/organizations.csv"])
    assert [row["[required] Name"] for row in table] == [
        "Zenith S.p.A.",
        "Abc S.r.l.",
        "Acme S.r.l.",
    ]
    assert [row["Parent Organization"] for row in table] == ["", "Zenith S.p.A.", ""]
    assert tuple(table[0]) == ORGANIZATIONS
    [seat] = rows(found["autotask/import/services.csv"])
    assert seat == {
        **dict.fromkeys(SERVICES, ""),
        "[required] Name": "Managed seat",
        "[required] Period Type": "Monthly",
        "Unit Cost": "24.00",
        "Markup Percent": "100.00",
    }


def test_only_what_is_to_be_imported_has_a_file() -> None:
    firm = FIRM.replace("Europe/Rome", "Europe/Rome\n    lanes: {companies: api, services: api}")
    assert files(autotask_import, compiled("", firm=firm)) == {}


def test_a_client_as_a_row() -> None:
    row = organization(ACME, "Parent", EURO)
    assert (row.left, row.reasons) == ((), ())
    assert {column: cell for column, cell in row.cells.items() if cell} == {
        "[required] Name": "Acme S.r.l.",
        "Number": "C-1",
        "Address 1": "Via Uno 1",
        "City": "Torino",
        "Country": "Italy",
        "[required] Phone": "+39 011",
        "Organization Type": "Customer",
        "Organization Manager": "Ann Bloggs",
        "Parent Organization": "Parent",
        "Tax Region": "Italy",
        "Tax ID": "IT1",
        "Active/Inactive": "Active",
    }
    assert set(row.cells) <= set(ORGANIZATIONS)


def test_what_the_organizations_file_cannot_say() -> None:
    client = replace(
        ACME,
        currency="CHF",
        owner="ann@firm.example",
        address={"street": "Via Uno 1\nTorino", "city": "x" * 31},
        country="",
    )
    row = organization(client, "", EURO)
    assert row.left == (
        Entry("address, first line", "Via Uno 1\nTorino", "Autotask takes one line"),
        Entry("city", "x" * 31, "Autotask takes 30 characters"),
        Entry("Organization Manager", "ann@firm.example"),
        Entry("Currency", "CHF"),
    )
    assert "Country" not in row.cells


def test_a_client_that_cannot_be_imported() -> None:
    assert organization(replace(ACME, phone=""), "", EURO).reasons == (
        "phone: the import requires it, and the catalogue does not say it",
    )
    long = replace(ACME, organization="x" * 101, phone="1" * 26)
    assert organization(long, "", EURO).reasons == (
        "name: Autotask takes 100 characters",
        "phone: Autotask takes 25 characters",
    )


@pytest.mark.parametrize(
    ("sold", "cost", "cells", "left"),
    [
        ("48.00", "24.00", ("24.00", "100.00"), []),
        ("46", "19.00", ("19.00", "142.11"), []),
        ("19.00", "38.00", ("38.00", "-50.00"), []),
        ("48.00", None, ("", ""), [("Unit Price", "48.00 EUR")]),
        ("48.00", "0", ("0", ""), [("Unit Price", "48.00 EUR")]),
        # a markup of two decimals misses this price by a cent
        ("1234.56", "777.77", ("777.77", ""), [("Unit Price", "1234.56 EUR")]),
        ("48.005", "24.00", ("24.00", ""), [("Unit Price", "48.005 EUR")]),
        ("48.00", "24.005", ("", ""), [("Unit Cost", "24.005 EUR"), ("Unit Price", "48.00 EUR")]),
        ("99999999999", "0.01", ("0.01", ""), [("Unit Price", "99999999999 EUR")]),
    ],
)
def test_prices_by_markup(
    sold: str, cost: str | None, cells: tuple[str, str], left: list[tuple[str, str]]
) -> None:
    declared = replace(
        SEAT,
        price=price(Decimal(sold), "EUR"),
        cost=price(Decimal(cost), "EUR") if cost is not None else None,
    )
    row = service(declared, TODAY, EURO)
    entries = [Entry(*pair) for pair in left]
    assert row.left == (Entry("Billing Code", "Managed Services"), *entries)
    assert (row.cells.get("Unit Cost", ""), row.cells.get("Markup Percent", "")) == cells


def test_what_the_services_file_cannot_say() -> None:
    declared = replace(
        SEAT,
        title="x" * 151,
        billing_code="",
        price=price({"CHF": Decimal(1)}, "EUR"),
        invoice_description="y" * 1001,
    )
    row = service(declared, TODAY, EURO)
    assert row.reasons == ("name: Autotask takes 150 characters",)
    assert [e.label for e in row.left] == ["Invoice Description", "Billing Code", "Unit Price"]
    assert row.left[2] == Entry("Unit Price", "", "the catalogue has no amount in EUR")
    assert row.cells["[required] Period Type"] == "Semi-Annual"


def test_a_price_that_has_not_begun_is_told_as_it_will_begin() -> None:
    later = Price((Step(date(2028, 1, 1), {"EUR": Decimal(9)}),))
    assert amount(later, TODAY, "EUR") == 9
    assert amount(later, TODAY, "CHF") is None
