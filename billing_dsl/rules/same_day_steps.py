"""BD424."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.diagnostics import Finding, Label, Place, Severity
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.rules import rule
from billing_dsl.rules._prices import Quote, prices_of_agreement, quotes, shared_quotes


@rule("BD424", Severity.ERROR)
def same_day_steps(view: Declared | ClientCoverage) -> Iterator[Finding]:
    """A dated list in which two steps begin on the same day.

    Only one of them can hold from that day on, and nothing says which is meant.

    Fails:

        kind: role
        name: engineer
        title: Engineer
        rate:
          - {from: 2027-01-01, rate: 85.00}
          - {from: 2027-01-01, rate: 88.00}

    Passes:

        kind: role
        name: engineer
        title: Engineer
        rate:
          - {from: 2027-01-01, rate: 85.00}
          - {from: 2027-07-01, rate: 88.00}
    """
    if isinstance(view, Declared):
        for twice in _in_prices(shared_quotes(view.shared)):
            yield _finding(twice)
        return
    for agreement in view.family.book.agreements:
        if agreement.client == view.client.name:
            for twice in _in_agreement(agreement):
                yield replace(_finding(twice), reached=view.reach(agreement))


@dataclass(frozen=True, slots=True)
class _Twice:
    """Two steps of a list that begin together: the second of them, and the first."""

    what: str
    day: date | None
    place: Place
    first: Place
    subject: str


def _in_agreement(agreement: Agreement) -> Iterator[_Twice]:
    subject = agreement.subject
    if len(agreement.tiers) > 1:
        for one, two in pairwise(agreement.tiers):
            if one.start == two.start:
                what = "the tier of this agreement"
                place = agreement.at("tier", two.position or 0)
                first = agreement.at("tier", one.position or 0)
                yield _Twice(what, two.start, place, first, subject)
    for service, steps in agreement.services.items():
        for earlier, later in pairwise(steps) if len(steps) > 1 else ():
            if earlier.start == later.start:
                what = f"the number of units of `{service}`"
                here = ("services", service)
                place = agreement.at(*here, later.position or 0, "from")
                first = agreement.at(*here, earlier.position or 0, "from")
                yield _Twice(what, later.start, place, first, subject)
    if any(len(price.steps) > 1 for price in prices_of_agreement(agreement)):
        yield from _in_prices(quotes(agreement))


def _in_prices(written: Iterable[Quote]) -> Iterator[_Twice]:
    for quote in written:
        for one, two in pairwise(quote.price.steps):
            if one.start == two.start:
                yield _Twice(
                    quote.what, two.start, quote.day_of(two), quote.day_of(one), quote.subject
                )


def _finding(twice: _Twice) -> Finding:
    when = f"from {twice.day}" if twice.day is not None else "from the beginning"
    return Finding(
        twice.place,
        f"{twice.what} is written twice {when}",
        label="this step begins together with another",
        help="remove one of the two, or let it begin on another day",
        related=(Label(twice.first, "the other step"),),
        subject=twice.subject,
    )
