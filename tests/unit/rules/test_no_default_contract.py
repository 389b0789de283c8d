from __future__ import annotations

from datetime import date

import pytest

from tests.unit.rules.checking import ENGINEER, found


def bespoke(
    name: str, start: str, end: str, *, default: bool = False, client: str = "acme", more: str = ""
) -> str:
    return (
        f"kind: agreement\nname: {name}\nclient: {client}\nstart: {start}\nend: {end}\n"
        f"default: {str(default).lower()}\n"
        f"contracts: [{{name: hourly, type: time_and_materials}}]\n{more}"
    )


def told(*documents: str, as_of: date = date(2027, 1, 15)) -> list[tuple[str, str]]:
    return [(one.subject, one.message) for one in found("BD431", *documents, ENGINEER, as_of=as_of)]


ALONE = bespoke("acme-2027", "2027-01-01", "2027-12-31")
WHOLE = "no contract is the default contract from 2027-01-01 to 2027-12-31"


def test_an_agreement_alone_that_holds_no_default_contract() -> None:
    (one,) = found("BD431", ALONE, ENGINEER)
    assert (one.route, one.message, one.severity) == ("default", WHOLE, "warning")
    assert [(reach.client, reach.agreement) for reach in one.reached] == [("acme", "acme-2027")]
    assert told(ALONE.replace("default: false\n", "")) == []


def test_another_agreement_holds_it() -> None:
    assert told(ALONE, bespoke("acme-a", "2026-01-01", "2028-12-31", default=True)) == []
    half = bespoke("acme-a", "2027-04-01", "2027-09-30", default=True)
    assert told(ALONE, half) == [
        (
            "agreement/acme-2027",
            (
                "no contract is the default contract "
                "from 2027-01-01 to 2027-03-31 and from 2027-10-01 to 2027-12-31"
            ),
        )
    ]
    theirs = bespoke("globex-a", "2027-01-01", "2027-12-31", default=True, client="globex")
    assert told(ALONE, theirs) == [("agreement/acme-2027", WHOLE)]


def test_days_between_two_agreements_with_a_default_contract_are_told_by_the_gap() -> None:
    before = bespoke("acme-a", "2026-01-01", "2027-02-28", default=True)
    after = bespoke("acme-b", "2027-06-01", "2028-12-31", default=True)
    assert told(ALONE, before, after) == []
    assert len(found("BD402", ALONE, before, after, ENGINEER)) == 1


def test_a_day_is_told_once_at_the_agreement_that_begins_first() -> None:
    second = bespoke("acme-b", "2027-02-01", "2028-01-31")
    assert told(ALONE, bespoke("acme-a", "2027-02-01", "2027-03-31"), second) == [
        ("agreement/acme-2027", WHOLE),
        (
            "agreement/acme-b",
            "no contract is the default contract from 2028-01-01 to 2028-01-31",
        ),
    ]


@pytest.mark.parametrize(
    ("as_of", "count"), [(date(2027, 12, 31), 1), (date(2028, 1, 1), 0), (date(2026, 1, 1), 1)]
)
def test_an_agreement_of_the_past_is_left_aside(as_of: date, count: int) -> None:
    assert len(told(ALONE, as_of=as_of)) == count


def test_an_agreement_that_is_broken_may_be_the_one() -> None:
    other = bespoke("acme-a", "2027-01-01", "2027-12-31", default=True)
    assert told(ALONE, other + "colour: red\n") == []
