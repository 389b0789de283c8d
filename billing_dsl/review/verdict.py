"""The verdict on a change in at most five sentences, each with the words that it begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from billing_dsl.changes.approvals import Asked
from billing_dsl.changes.months import NOTHING, Month, together
from billing_dsl.diagnostics import Diagnostic, Severity
from billing_dsl.model import money
from billing_dsl.report._differences import IN_SHORT
from billing_dsl.report._words import count
from billing_dsl.review.history import History
from billing_dsl.review.review import Review, in_order

Sentence: TypeAlias = tuple[str, str]
"""The words that stand out, and the rest."""

MINUS = "\N{MINUS SIGN}"


def verdict(review: Review) -> tuple[Sentence, ...]:
    """What somebody has to know before they look further; nothing of a change that is silent."""
    if review.silent:
        return ()
    found = (_clients(review), _money(review), _findings(review), _approvals(review))
    cause = () if review.unknown else (_cause(review),)
    return (*filter(None, found), *cause)


def _clients(review: Review) -> Sentence | None:
    told = review.told
    if review.unknown:
        sides = " and ".join(review.unknown)
        return "Nothing can be compared:", f"the settings are missing or broken {sides} the change"
    effects = review.effects
    parts = [
        f"{number:,} {IN_SHORT[effect][number != 1]}"
        for effect, number in in_order(effects)
        if number
    ]
    light = len(told.differences.effects) - len(effects)
    if light:
        least = amount(review.threshold, review.currency)
        parts.append(f"{light:,} more by less than {least} a month")
    rest = ", ".join(parts)
    first = first_day(review)
    if first is not None:
        rest += f"; the first day is {first}"
    offers = offered(review)
    if offers:
        rest += f"{'; ' if rest else ''}whoever signs {_listed(offers)} next gets something else"
    if told.not_compared:
        unknown = count(len(told.not_compared), "client")
        rest += f"{'; ' if rest else ''}nothing is known of {unknown}, for something is broken"
    reached = len(told.differences.effects)
    lead = f"{reached:,} of {count(told.clients, 'client')} {'is' if reached == 1 else 'are'}"
    if not reached:
        lead = "No client is"
    return f"{lead} reached{':' if rest else '.'}", rest


def first_day(review: Review) -> date | None:
    """The first day from today on which anything is otherwise for a client."""
    today = review.told.as_of
    days = [
        max(part.life.start, today)
        for one in review.told.differences.all
        for who in one.reached
        for part in who.parts
        if part.life.end >= today
    ]
    return min(days, default=None)


def offered(review: Review) -> tuple[str, ...]:
    """The tier versions of which something else is offered."""
    return tuple(sorted({who.client for one in review.told.differences.all for who in one.offers}))


def _money(review: Review) -> Sentence | None:
    known = [one for one in review.months.values() if _has_money(one)]
    parts = [_sum(review, currency, one) for currency, one in together(known)]
    parts = [part for part in parts if part]
    work = any(one.worked for one in review.months.values())
    history = review.history
    if history is not None:
        more, less = (
            sum(_sign(one.change) == sign for one in review.months.values()) for sign in (1, -1)
        )
        if more or less:
            who = [f"{count(more, 'client')} more"] if more else []
            who += [f"{count(less, 'client') if not more else f'{less:,}'} less"] if less else []
            parts.append(f"{', '.join(who)}, by the entries of {history.days}")
        elif work:
            parts.append(f"nobody is charged otherwise for the entries of {history.days}")
        parts += _left_out(history)
    elif work:
        why = f", for {review.not_replayed}" if review.not_replayed else " without time entries"
        parts.append(f"what work comes to is not known{why}")
    return ("Money:", "; ".join(parts)) if parts else None


def _left_out(history: History) -> Iterator[str]:
    """What is in no amount of those that the entries come to."""
    before, after = history.unknown
    left = [count(history.refused, "refused row")] if history.refused else []
    if before != after:
        left.append(f"{count(before, 'unknown row')} before, {after:,} after")
    elif after:
        left.append(count(after, "unknown row"))
    if left:
        yield f"in no amount: {' and '.join(left)}"


def _has_money(one: Month) -> bool:
    return any(sides not in (None, NOTHING) for sides in (one.fees, one.once, one.work))


def _sign(change: Decimal | None) -> int:
    return 0 if change is None else (change > 0) - (change < 0)


def _sum(review: Review, currency: str, one: Month) -> str:
    """What all clients of a currency come to: in a month, and once."""
    fees, work = one.fees or NOTHING, one.work or NOTHING
    parts = []
    if fees[0] != fees[1]:
        parts.append(f"fees {signed(fees[1] - fees[0])}")
    if review.history is not None and work[0] != work[1]:
        parts.append(f"work {signed(work[1] - work[0])}")
    text = ""
    if len(parts) == 2:
        whole = signed(fees[1] - fees[0] + work[1] - work[0])
        text = f"{whole} {currency} a month ({' and '.join(parts)})"
    elif parts:
        text = f"{parts[0]} {currency} a month"
    once = one.once or NOTHING
    if once[0] != once[1]:
        text += f"{', and ' if text else ''}{signed(once[1] - once[0])} {currency} once"
    return text


def _findings(review: Review) -> Sentence | None:
    found = review.findings
    errors = review.told.after.errors
    parts = []
    if found.new:
        parts.append(f"{_counted(found.new)} {'is' if len(found.new) == 1 else 'are'} new")
    if found.fixed:
        parts.append(f"{_counted(found.fixed)} {'is' if len(found.fixed) == 1 else 'are'} gone")
    known = errors - sum(one.severity is Severity.ERROR for one in found.new)
    if known > 0:
        parts.append(f"{count(known, 'error')} stay{'s' if known == 1 else ''}")
    return ("Findings:", "; ".join(parts)) if parts else None


def _counted(found: Sequence[Diagnostic]) -> str:
    counts = [(severity, sum(one.severity is severity for one in found)) for severity in Severity]
    words = [count(number, severity.value) for severity, number in counts if number]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _approvals(review: Review) -> Sentence | None:
    parts = []
    if review.approvals:
        missing = review.missing
        given = len(review.approvals) - len(missing)
        if missing:
            people = dict.fromkeys(who for one in missing for who in one.missing)
            parts.append(f"{given:,} of {len(review.approvals):,} given, {_listed(people)} missing")
        else:
            parts.append(f"all {len(review.approvals):,} given" if given > 1 else "given")
    late = {client for one in review.short for client in one.short}
    if late:
        demands = [
            f"{one.approval.name} demands {one.approval.notice}: not before {one.earliest}"
            for one in review.short[:2]
        ]
        more = len(review.short) - len(demands)
        demands += [f"{count(more, 'approval')} more"] if more else []
        parts.append(f"{count(len(late), 'client')} would know too late, for {', '.join(demands)}")
    if review.changed_approvals:
        parts.append(f"the change alters {count(len(review.changed_approvals), 'approval')} itself")
    return ("Approvals:", "; ".join(parts)) if parts else None


def in_short(one: Asked) -> str:
    """What an approval is needed for: `2 differences, 5 clients`."""
    clients = count(len(one.clients), "client")
    if not one.differences:
        return f"{clients} of {'which' if len(one.clients) == 1 else 'whom'} nothing is known"
    return f"{count(len(one.differences), 'difference')}, {clients}"


def _cause(review: Review) -> Sentence:
    return (
        "Cause:",
        f"the catalogue alone, for both sides were proved by billing-dsl {review.version}",
    )


def _listed(names: Sequence[str] | dict[str, None], most: int = 3) -> str:
    known = list(names)
    more = len(known) - most
    if more > 0:
        return f"{', '.join(known[:most])} and {more:,} more"
    return " and ".join(filter(None, (", ".join(known[:-1]), known[-1])))


def amount(value: Decimal, currency: str) -> str:
    """An amount as it is told: `1,240.00 EUR`."""
    whole, _, rest = money.text(value, money.MINOR_UNITS.get(currency, 2)).partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{'.' if rest else ''}{rest} {currency}"


def signed(value: Decimal) -> str:
    """A change of an amount, rounded to hundredths, with its sign: `+96.00`."""
    rounded = money.posted(value)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else "±"
    return f"{sign}{abs(rounded):,.2f}"
