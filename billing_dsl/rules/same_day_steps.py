"""BD424."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.diagnostics import Finding, Place, Severity
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
        yield from (_finding(*found) for found in _in_prices(shared_quotes(view.shared)))
        return
    for agreement in view.family.book.agreements:
        if agreement.client != view.client.name:
            continue
        for place, what, day, subject in _in_agreement(agreement):
            yield _finding(place, what, day, subject, view, agreement)


def _in_agreement(agreement: Agreement) -> Iterator[tuple[Place, str, date | None, str]]:
    subject = agreement.subject
    if len(agreement.tiers) > 1:
        for one, two in pairwise(agreement.tiers):
            if one.start == two.start and two.position is not None:
                place = agreement.at("tier", two.position)
                yield place, "the tier of this agreement", two.start, subject
    for service, steps in agreement.services.items():
        if len(steps) > 1:
            for day in _twice([step.start for step in steps]):
                place = agreement.at("services", service)
                yield place, f"the number of units of `{service}`", day, subject
    if any(len(price.steps) > 1 for price in prices_of_agreement(agreement)):
        yield from _in_prices(quotes(agreement))


def _in_prices(written: Iterable[Quote]) -> Iterator[tuple[Place, str, date | None, str]]:
    for quote in written:
        for day in _twice([step.start for step in quote.price.steps]):
            yield quote.place, quote.what, day, quote.subject


def _twice(days: Sequence[date | None]) -> Iterator[date | None]:
    """The days that two steps have in common; steps are in order of their days."""
    return (one for one, two in pairwise(days) if one == two)


def _finding(
    place: Place,
    what: str,
    day: date | None,
    subject: str,
    view: ClientCoverage | None = None,
    agreement: Agreement | None = None,
) -> Finding:
    when = f"from {day}" if day is not None else "from the beginning"
    return Finding(
        place,
        f"{what} is written twice {when}",
        label="two steps begin together",
        help="remove one of the two, or let it begin on another day",
        subject=subject,
        reached=view.reach(agreement) if view is not None else (),
    )
