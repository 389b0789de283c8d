from __future__ import annotations

import pytest

from billing_dsl.rules.formula_lead import is_formula
from tests.unit.rules.checking import ENGINEER, SEAT, found, tier, work_type

CLIENT = "kind: client\nname: acme\nlegal_name: Acme\n"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-5%",
        "@acme",
        "\t=1",
        "\r1",
        " =1",
        ";=1",
        '"=1',
        "\uff1d1",
        "\uff20a",
        "\u200b=1",
        "\u00a0-1",
        "\x00",
    ],
)
def test_what_a_spreadsheet_may_compute(text: str) -> None:
    assert is_formula(text)


@pytest.mark.parametrize(
    "text", ["", "Acme", "7-Seven", "(=1)", "a=1", "\u00c4rzte", "'s Heerenberg", " "]
)
def test_what_it_shows(text: str) -> None:
    assert not is_formula(text)


@pytest.mark.parametrize(
    ("fields", "route"),
    [
        ("autotask: {organization: =Acme}", "autotask.organization"),
        ("autotask: {number: '-1'}", "autotask.number"),
        ("tax_id: '@1'", "tax_id"),
        ("address: {street: '=Via Roma', city: Torino}", "address.street"),
        ("address: '=Via Roma 1'", "address.street"),
    ],
)
def test_a_clients_texts(fields: str, route: str) -> None:
    (one,) = found("BD508", CLIENT + fields)
    assert (one.subject, one.route) == ("client/acme", route)
    assert one.message.endswith(" begins like a formula")
    assert [reach.client for reach in one.reached] == ["acme"]


def test_a_telephone_number_may_begin_so() -> None:
    assert found("BD508", CLIENT + 'phone: "+39 011 000 01"\n') == []


def test_a_bracket_is_no_formula() -> None:
    assert found("BD508", CLIENT.replace("Acme", "(Acme)")) == []


@pytest.mark.parametrize(
    ("document", "route"),
    [
        (SEAT.replace("title: M", "title: =M"), "title"),
        (SEAT + "billing_code: '=1'\n", "billing_code"),
        (SEAT + "invoice_description: '@1'\n", "invoice_description"),
        (work_type("travel", external_number="'-1'"), "external_number"),
        (work_type("travel", ledger="'=1'"), "ledger"),
        (ENGINEER + "autotask: {name: =Engineer}\n", "autotask.name"),
        ("kind: sub_issue\nname: a\ntitle: A\nissue: =B\n", "issue"),
        (
            tier(
                "fix@1",
                "remote-support: fix",
                "contracts: [{name: fix, type: fixed_price, number: '=1', "
                "milestones: [{title: End, date: 2027-02-01, amount: 9}]}]",
            ),
            "contracts.fix.number",
        ),
    ],
)
def test_shared_texts(document: str, route: str) -> None:
    (one,) = found("BD508", document)
    assert (one.route, one.reached) == (route, ())


@pytest.mark.parametrize(
    ("before", "after", "route"),
    [
        ("title: Move", "title: =Move", "title"),
        ("number: A-1", "number: '-1'", "number"),
        ("fixed_price", "fixed_price, category: '@1'", "contracts.work.category"),
        ("title: End", "title: =End", "contracts.work.milestones.0.title"),
    ],
)
def test_an_agreements_texts(before: str, after: str, route: str) -> None:
    agreement = (
        "kind: agreement\nname: acme-2027\ntitle: Move\nnumber: A-1\nclient: acme\n"
        "start: 2027-01-01\nend: 2027-12-31\ncontracts:\n  - {name: work, type: fixed_price, "
        "milestones: [{title: End, date: 2027-02-01, amount: 9}]}\n"
    )
    assert found("BD508", agreement, ENGINEER) == []
    (one,) = found("BD508", agreement.replace(before, after), ENGINEER)
    assert (one.subject, one.route) == ("agreement/acme-2027", route)
