"""What a header means, whatever marks, words and numbers of the tenant it carries."""

from __future__ import annotations

import pytest

from billing_dsl.diagnostics import Span
from billing_dsl.templates.columns import Column, Of, Screen, fields, screens, understood

HERE = Span("t.csv", 1, 1, 1, 2)


def column(header: str) -> Column:
    return understood(header, HERE)


@pytest.mark.parametrize(
    ("header", "about"),
    [
        ("[required] Name", "name"),
        ("[Required*] Name", "name"),
        ("[ required ]Name", "name"),
        ("Account: Name", "name"),
        ("[required] Client: Name", "name"),
        ("Organisation: Name", "name"),
        ("Company ID [updates only]", "organization id"),
        ("Configuration Item ID[updates only]", "configuration item id"),
        ("Account: Account Manager", "organization manager"),
        ("Client Manager", "organization manager"),
        ("Company: Parent Company", "parent organization"),
        ("Zip Code", "postal code"),
        ("Organization: Post Code", "postal code"),
        ("Account: County", "state"),
        ("State/Province", "state"),
        ("Town", "city"),
        ("Material Code(required if creating product)", "material code"),
        ("SSL Source(Required if Category = SSL Certificate)", "ssl source"),
        ("Subscription Active[required if creating subscription]", "subscription active"),
        ("  Tax   ID ", "tax id"),
        ("Active/Inactive", "active"),
        ("", ""),
        ("Accounting Code", "accounting code"),
    ],
)
def test_a_column_is_known_by_what_it_holds(header: str, about: str) -> None:
    found = column(header)
    assert (found.about, found.header, found.of) == (about, header, Of.RECORD)
    assert not found.user_defined


@pytest.mark.parametrize(
    ("header", "required", "updates_only", "protected"),
    [
        ("[required] Name", True, False, False),
        ("[REQUIRED*]Name", True, False, False),
        ("Company ID [updates only]", False, True, False),
        ("Company ID[Update Only]", False, True, False),
        ("[required] Note [protected]", True, False, True),
        ("Code(required if creating product)", False, False, False),
        ("Code[required if creating subscription]", False, False, False),
        ("Required", False, False, False),
    ],
)
def test_marks_are_read_and_taken_off(
    header: str, required: bool, updates_only: bool, protected: bool
) -> None:
    found = column(header)
    marks = (found.required, found.updates_only, found.protected)
    assert marks == (required, updates_only, protected)
    assert "[" not in found.about


@pytest.mark.parametrize(
    ("header", "label", "of"),
    [
        ("Account UDF:29682812 Number of Users", "Number of Users", Of.RECORD),
        ("Client UDF:1 NPS Rating", "NPS Rating", Of.RECORD),
        ("UDF:77 Sold by", "Sold by", Of.RECORD),
        ("Contact UDF:29682818 Email List", "Email List", Of.CONTACT),
        ("Site Configuration UDF:5 Backup (s)", "Backup (s)", Of.SITE),
        ("[required] Account UDF:3 Account Class", "Account Class", Of.RECORD),
    ],
)
def test_a_user_defined_field_is_known_by_its_label(header: str, label: str, of: Of) -> None:
    found = column(header)
    assert (found.about, found.of, found.user_defined) == (label, of, True)


def test_columns_of_contacts_are_not_the_organization_s() -> None:
    found = [column(header) for header in ("Account: Phone", "Contact: Phone", "Contact: City")]
    assert fields(Screen.ORGANIZATIONS, found) == {"phone": (0,)}
    assert [one.of for one in found] == [Of.RECORD, Of.CONTACT, Of.CONTACT]


@pytest.mark.parametrize(
    "header",
    [
        "Contact: Client Portal Password",
        "Site Configuration UDF:29682819 Server Name [protected]",
        "UDF:4 Admin Passwort",
        "UDF:4 PIN",
    ],
)
def test_columns_of_secrets_are_known_as_such(header: str) -> None:
    assert column(header).secret


def test_a_column_with_pin_in_a_word_is_no_secret() -> None:
    assert not column("UDF:4 Shipping Opinion").secret


@pytest.mark.parametrize(
    ("headers", "found", "other"),
    [
        ("[required] Name|[required] Phone|City", {Screen.ORGANIZATIONS}, ""),
        ("Client ID [updates only]|[required] Name|[required] Phone", {Screen.ORGANIZATIONS}, ""),
        ("Service ID|[required] Name|[required] Period Type", {Screen.SERVICES}, ""),
        ("Name|Phone|Period Type", {Screen.ORGANIZATIONS, Screen.SERVICES}, ""),
        (
            "[required] Company Name|[required] First Name|[required] Last Name|Phone",
            set(),
            "contacts",
        ),
        (
            "[required] Product Name|[required] Install Date|Phone",
            set(),
            "devices and subscriptions",
        ),
        ("Product Name|Unit Cost", set(), "products"),
        ("Colour|Shape", set(), ""),
        ("Name", set(), ""),
    ],
)
def test_columns_tell_the_screen(headers: str, found: set[Screen], other: str) -> None:
    columns = [column(header) for header in headers.split("|")]
    assert screens(columns) == (frozenset(found), other)


def test_an_organization_with_its_contact_is_an_organization() -> None:
    headers = ["Account: Name", "Account: Phone", "Contact: First Name", "Contact: Last Name"]
    assert screens(map(column, headers)) == (frozenset({Screen.ORGANIZATIONS}), "")
