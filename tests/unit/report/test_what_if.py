"""How margins and prices are told: what is not known is said, and strange names stay names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from billing_dsl.kinds.service import Period
from billing_dsl.margins.compared import (
    BreakEven,
    Margins,
    Moved,
    Price,
    PriceOfClient,
    margins,
)
from billing_dsl.margins.margin import Margin, Missing, NotSaid, Reckoned
from billing_dsl.margins.months import whole_months
from billing_dsl.margins.recurring import Charge
from billing_dsl.model.calendar import Stretch
from billing_dsl.report._json import document
from billing_dsl.report._replay import aligned
from billing_dsl.report._what_if import margin_tables, margins_as_json, not_said
from tests.goldens import Golden

HERE = Path(__file__).parent / "golden" / "what_if"
MONTHS = whole_months(date(2027, 1, 12), date(2027, 2, 3))
MONTH = Stretch(date(2027, 1, 1), date(2027, 1, 31))


def margin(
    services: str = "0", work: str = "0", cost: str = "0", gaps: Sequence[NotSaid] = ()
) -> Margin:
    """A margin in francs."""
    return Margin(
        "CHF",
        services=Decimal(services),
        invoiced=Decimal(work),
        cost_of_work=Decimal(cost),
        not_said={gap: Fraction(3, 2) for gap in gaps},
    )


HOURS = NotSaid(Missing.ROLE_COST, "engineer", "CHF")
SEATS = NotSaid(Missing.SERVICE_COST, "seat", "CHF")
CLIENTS = (
    Moved("acme", margin("900", "100", "50"), margin("900", "40", "50")),
    Moved("as-before", margin("5"), margin("5")),
    Moved("globex", margin("900", "100", gaps=[HOURS]), margin("900", "160", gaps=[HOURS])),
    Moved("initech", margin("900"), margin("900", gaps=[HOURS, SEATS])),
    Moved("leaving", margin("10.50"), None),
    Moved("new", None, margin("22.25")),
    Moved("other-money", Margin("EUR", invoiced=Decimal(9)), margin("3")),
    Moved("priceless", margin(), margin(gaps=[NotSaid(Missing.SERVICE_PRICE, "desk", "CHF")])),
)


def charge(quantity: Fraction, price: str | None) -> Charge:
    """Seats that are sold on silver."""
    amount = None if price is None else Decimal(price)
    return Charge(MONTH, "silver@1", "seat", Period.YEARLY, "CHF", quantity, amount, Decimal(2))


def reckoned(side: str) -> Iterator[Reckoned]:
    """One side: every client that is one there, on silver; some buy seats."""
    sold = {"acme": "48", "globex": "48.005", "leaving": "1", "priceless": None}
    for number, one in enumerate(CLIENTS, 3):
        found = one.before if side == "before" else one.after
        if found is not None:
            held = (charge(Fraction(number, 12), sold[one.client]),) if one.client in sold else ()
            yield Reckoned(one.client, found, held, ("silver@1", "bronze@1"))


def told() -> Margins:
    """All of it, as it is found out."""
    return margins(
        MONTHS, reckoned("before"), reckoned("after"), {"silver@1": ("seat",)}, ["silver@1"]
    )


def test_margins_and_prices_are_told_as_expected(golden: Golden) -> None:
    text = ""
    for table in margin_tables(told()):
        text += f"{table.heading}\n"
        text += aligned(table.head, table.rows, table.first) if table.rows else ""
        text += "".join(f"  {note}\n" for note in table.notes)
    golden(HERE / "margins.txt", text)
    golden(HERE / "margins.json", document(margins_as_json(told())))


def test_what_is_missing_has_words() -> None:
    said = [not_said(NotSaid(what, "NAME", "CHF")) for what in Missing]
    assert len(set(said)) == len(Missing)
    assert sum("NAME" in one for one in said) == len(Missing) - 2  # the work of entries has none


def test_where_nothing_moves_that_is_said() -> None:
    (table,) = margin_tables(Margins(MONTHS[:1], CLIENTS[1:2], (), ()))
    assert table.heading == "Margins, over the whole month 2027-01"
    assert table.notes == ("no client leaves more or less than before",)


def test_many_clients_are_cut_and_counted() -> None:
    one = PriceOfClient("c", Fraction(1), Decimal(1), Price(Decimal(1)), Price(Decimal(1)))
    even = BreakEven("silver@1", "seat", Period.MONTHLY, "CHF", one, (one,) * 12)
    other = BreakEven("silver@1", "desk", Period.MONTHLY, "CHF", one, (one,) * 12)
    found = Margins(MONTHS, (), (even, other), ())
    *_, table = margin_tables(found)
    assert len(table.rows) == 1 + 10 + 1 + 1
    assert table.rows[11][2] == "and 2 more"
    *_, table = margin_tables(found, every=True)
    assert len(table.rows) == 2 * 13
