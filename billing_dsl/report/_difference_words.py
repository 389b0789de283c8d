"""Differences in a clerk's words: what is otherwise, how it was and is, since when, for whom."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias, TypeVar, assert_never

from billing_dsl.analysis.cells import Box, Cells, Mask
from billing_dsl.analysis.pricing import Billing
from billing_dsl.analysis.walk import Outcome
from billing_dsl.changes.cover import Fate
from billing_dsl.changes.deals import Purchase, Terms, Units, What
from billing_dsl.changes.differences import (
    Difference,
    Ending,
    OfPurchase,
    OfService,
    OfTerms,
    OfWork,
    Part,
    Reached,
    When,
    Who,
    Witness,
)
from billing_dsl.changes.effects import Effect
from billing_dsl.kinds.service import Period
from billing_dsl.model import money
from billing_dsl.report._answers import LOST_IN_WORDS, ONE
from billing_dsl.report._words import count

T = TypeVar("T")

AnyReached: TypeAlias = "Reached[Fate] | Reached[Units] | Reached[Purchase] | Reached[Terms]"

HEADINGS = {
    Effect.LOSES: "Client loses",
    Effect.RATE_UP: "Rate or price up",
    Effect.RATE_DOWN: "Rate or price down",
    Effect.GAINS: "Client gains",
    Effect.NONE: "No effect: by another way, billed alike",
}
"""What stands over differences of one effect."""

IN_EFFECT = {
    When.PAST: "only days gone by",
    When.NOW: "already in force",
    When.LATER: "still to come",
}
"""When differences begin, as seen on a day."""

BLOCKS = {
    What.BLOCK: "block hours",
    What.RETAINER: "retainer",
    What.TICKETS: "tickets",
    What.MILESTONE: "milestones",
    What.SETUP: "set-up fee",
}
"""What is bought or due once."""


@dataclass(frozen=True, slots=True)
class Row:
    """One difference in words. `who` counts the clients whom it reaches, new and leaving ones
    apart, and `names` are all of them, in order. `offered` tells of the next clients of tiers, and
    stands last in `who`. `documents` are the changed ones that may be why. `proof` is the command
    that shows a case of it. What there is nothing to say of is empty.
    """

    effect: Effect
    what: str
    before: str
    after: str
    days: str
    timing: str
    who: tuple[str, ...]
    names: tuple[str, ...]
    offered: str
    documents: tuple[str, ...]
    proof: str


def row(one: Difference, cells: Cells | None, day: date, folder: str = "") -> Row:
    """A difference in words, as seen on a day. `folder` is what `why` is to be asked about."""
    proof = ""
    reached: Sequence[AnyReached] = one.reached
    offers: Sequence[AnyReached] = one.offers
    match one:
        case OfWork():
            assert cells is not None, "whatever differs was compared cell by cell"
            what = work(cells, one.cells) + ("" if one.alike else ", as far as each has it")
            what = _with_start(what, one)
            before, after = of_work(one)
            witness = one.witness(cells, day)
            proof = command(witness, folder) if witness is not None else ""
        case OfService():
            what = f"service {one.service}"
            before, after = _of_service(one)
        case OfPurchase():
            what = f"{BLOCKS[one.what]} on {one.contract}"
            before, after = _both(one.reached or one.offers, _purchase)
        case OfTerms():
            what = "agreement"
            before, after = _terms_of(one)
        case unexpected:
            assert_never(unexpected)
    return Row(
        one.effect,
        what,
        before,
        after,
        _days(reached or offers),
        _timing(reached or offers, day, "client" if reached else "tier"),
        (*_who(reached), *filter(None, [_offered(offers)])),
        tuple(dict.fromkeys(found.client for found in reached)),
        _offered(offers),
        tuple(_documents([*reached, *offers])),
        proof,
    )


def _with_start(what: str, one: OfWork) -> str:
    if one.contract:
        return f"{what}, assigned to {one.contract} by its ticket"
    if any(found.agreement for found in one.reached):
        return f"{what}, assigned to an agreement beside the default one"
    return what


# --- kinds of work -------------------------------------------------------------------------------

_MOST_BOXES = 3
_MOST_NAMES = 4


def work(cells: Cells, mask: Mask) -> str:
    """Kinds of work in short words: `onsite-support by engineer under printer`."""
    boxes = cells.boxes(mask)
    shown = [_box(cells, box) for box in boxes[:_MOST_BOXES]]
    more = len(boxes) - len(shown)
    return "; ".join([*shown, *([f"and {more:,} more kinds"] if more else [])])


def _box(cells: Cells, box: Box) -> str:
    types = [one.name for one in cells.work_types if one.name not in box.work_types]
    roles = [one.name for one in cells.roles if one.name not in box.roles]
    words = listed(box.work_types)
    if not types and len(box.work_types) > 1:
        words = "all work"
    elif _few(types, box.work_types):
        words = f"all work but {listed(types)}"
    if roles:
        few = _few(roles, box.roles)
        by = f" by anyone but {listed(roles)}" if few else f" by {listed(box.roles)}"
        words = _joined(words, by)
    return _joined(words, _under(cells, box))


def _joined(words: str, more: str) -> str:
    """Words and more of them, apart from what is said not to be there."""
    comma = "," if " but " in words and more and not more.startswith(",") else ""
    return f"{words}{comma}{more}"


def _under(cells: Cells, box: Box) -> str:
    """The sub-issues of a box; nothing where it has all of them, and tickets without any."""
    named = [name for name in box.sub_issues if name]
    others = [one.name for one in cells.sub_issues if one.name not in named]
    if "" not in box.sub_issues:
        return f" under {listed(named) if others or len(named) == 1 else 'any sub-issue'}"
    if not others:
        return ""
    if not named:
        return ", without a sub-issue"
    if _few(others, box.sub_issues):
        return f" unless under {listed(others)}"
    return f" under {listed(named)}, or without a sub-issue"


_FEW = 2


def _few(missing: Sequence[str], named: Sequence[str]) -> bool:
    """Whether it is shorter to say which ones are not there."""
    return 0 < len(missing) <= _FEW and len(missing) < len(named)


def listed(names: Sequence[str], most: int = _MOST_NAMES) -> str:
    """The first few names, and a count of the others."""
    more = len(names) - most
    if more <= 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {more:,} more"


def command(witness: Witness, folder: str = "") -> str:
    """What to type to see a case of it in the catalogue after; empty where that one has no such
    client, or no contract where the work started.
    """
    cell, reached, part = witness.cell, witness.reached, witness.part
    if reached.who is Who.LEAVING or (reached.start and part.after is None):
        return ""
    parts = ["billing-dsl why", witness.reached.client, cell.work_type]
    parts += [shlex.quote(folder)] if folder else []
    parts += ["--role", cell.role, "--sub-issue", cell.sub_issue or "none"]
    parts += ["--start", witness.reached.start] if witness.reached.start else []
    return " ".join([*parts, "--on", witness.day.isoformat()])


# --- how it is billed ----------------------------------------------------------------------------

_BILLED = {
    Billing.ABSORBED: "included in {}",
    Billing.BLOCK: "drawn from {}",
    Billing.OVERAGE: "overage of {}",
    Billing.HOURLY: "billed on {}",
    Billing.RETAINER: "drawn from {}",
    Billing.TICKET: "a ticket of {}",
    Billing.NOT_BILLED: "not billed, on {}",
}


def ending(one: Ending | None, signed: bool, contract: str = "") -> str:
    """Where work ends and how it is billed there; `contract` is where it was assigned to."""
    if one is None:
        return "no such work" if signed else "no such contract" if contract else "no agreement"
    if one.contract:
        return _BILLED[one.billing].format(one.contract)
    if one.outcome is Outcome.UNCOVERED:
        billed = one.billing is not Billing.NOT_BILLED
        return f"outside every contract, {'at standard rates' if billed else 'not billed'}"
    return LOST_IN_WORDS[one.outcome]


def of_work(one: OfWork) -> tuple[str, str]:
    """How work was billed, and how it is: with amounts, and with whatever else is otherwise."""
    parts = [part for found in one.reached or one.offers for part in found.parts]
    told = [look for look in _LOOKS if any(_differs(part, look) for part in parts)]
    before = [part.before for part in parts if part.before is not None]
    after = [part.after for part in parts if part.after is not None]
    return (
        "; ".join([ending(one.before, one.signed[0], one.contract), *_facets(before, told)]),
        "; ".join([ending(one.after, one.signed[1], one.contract), *_facets(after, told)]),
    )


def _facets(fates: Sequence[Fate], told: Iterable[_Look]) -> Iterator[str]:
    rates = _range((fate.rate, fate.currency, _unit(fate)) for fate in fates)
    if rates:
        yield rates
    for look in told:
        found = list(dict.fromkeys(map(look, fates)))
        said = [text for text in found if text]
        if said:
            some = " for some of it" if len(found) > len(said) else ""
            yield f"{said[0]}{some}" if len(said) == 1 else f"{said[0]}, or {said[-1]}{some}"


def _unit(fate: Fate) -> str:
    return f" {ONE[fate.unit]}" if fate.unit is not None else ""


def _range(amounts: Iterable[tuple[Decimal | None, str, str]]) -> str:
    """Amounts that several clients or roles have: one of them, or the least and the most."""
    found: dict[tuple[str, str], list[Decimal]] = {}
    for amount, currency, each in amounts:
        if amount is not None:
            found.setdefault((currency, each), []).append(amount)
    texts = []
    for (currency, each), known in sorted(found.items()):
        least, most = money.text(min(known)), money.text(max(known))
        span = least if least == most else f"{least} to {most}"
        texts.append(f"{span} {currency}{each}")
    return " or ".join(texts)


_Look: TypeAlias = Callable[[Fate], str]


def _overage(fate: Fate) -> str:
    if fate.overage is None:
        return "no rate for hours beyond the block" if fate.debit is not None else ""
    return f"beyond the block {money.text(fate.overage)} {fate.currency} an hour"


def _debit(fate: Fate) -> str:
    return f"an hour takes {number(fate.debit)} of the block" if fate.debit is not None else ""


def _least(fate: Fate) -> str:
    return f"at least {_hours(fate.least)} an entry" if fate.least is not None else ""


def _most(fate: Fate) -> str:
    return f"at most {_hours(fate.most)} an entry" if fate.most is not None else ""


def _hours(found: Decimal) -> str:
    return f"{number(found)} {'hour' if found == 1 else 'hours'}"


def _after_hours(fate: Fate) -> str:
    if not fate.after_hours:
        return "the same outside business hours"
    return f"outside business hours it is {fate.after_hours}"


_LOOKS: tuple[_Look, ...] = (_overage, _debit, _least, _most, _after_hours)


def _differs(part: Part[Fate], look: _Look) -> bool:
    return (
        part.before is not None
        and part.after is not None
        and part.before.billing is part.after.billing
        and look(part.before) != look(part.after)
    ) or (
        look is _after_hours
        and part.before is not None
        and part.after is not None
        and look(part.before) != look(part.after)
    )


def number(found: Decimal) -> str:
    """A number without needless zeros."""
    text = f"{found:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- what is bought ------------------------------------------------------------------------------


def _both(reached: Iterable[Reached[T]], words: Callable[[T], str]) -> tuple[str, str]:
    parts = [part for found in reached for part in found.parts]
    return (
        _together([words(part.before) if part.before is not None else "" for part in parts]),
        _together([words(part.after) if part.after is not None else "" for part in parts]),
    )


_MOST_TEXTS = 3


def _together(texts: Iterable[str]) -> str:
    """What several clients have: a few texts, or how many there are."""
    known = list(dict.fromkeys(text or "nothing" for text in texts))
    if len(known) <= _MOST_TEXTS:
        return "; ".join(known)
    return f"{'; '.join(known[: _MOST_TEXTS - 1])}; and {len(known) - _MOST_TEXTS + 1:,} others"


def _of_service(one: OfService) -> tuple[str, str]:
    """Units and prices; what is in a bundle only where that is otherwise."""
    reached = one.reached or one.offers
    inside = any(
        part.before and part.after and part.before.parts != part.after.parts
        for found in reached
        for part in found.parts
    )
    return _both(reached, lambda units: _units(units, inside))


def _units(one: Units, inside: bool) -> str:
    price = "no price"
    if one.price is not None:
        price = f"{money.text(one.price)} {one.currency} {_period(one.period)}"
    invoiced = "" if one.invoiced is Period.MONTHLY else f", invoiced {_period(one.invoiced)}"
    parts = f" of {', '.join(one.parts)}" if inside else ""
    return f"{number(one.units)}{parts} at {price}{invoiced}"


def _period(one: Period) -> str:
    return one.value.replace("_", "-")


def _purchase(one: Purchase) -> str:
    price = "" if one.price is None else f"{money.text(one.price)} {one.currency}"
    match one.what:
        case What.BLOCK:
            words = f"{number(one.quantity or Decimal(0))} hours"
        case What.TICKETS:
            words = f"{number(one.quantity or Decimal(0))} tickets"
        case What.RETAINER | What.SETUP:
            return f"{price or 'no amount'}, {one.life.start}"
        case What.MILESTONE:
            return f"“{one.title}” {price or 'no amount'}, due {one.life.start}"
        case unexpected:
            assert_never(unexpected)
    return f"{words}{f' at {price}' if price else ''}, {one.life}"


def _terms_of(one: OfTerms) -> tuple[str, str]:
    """The terms that are otherwise; of an agreement on one side only, its days."""
    parts = [part for found in one.reached or one.offers for part in found.parts]
    if not one.before or not one.after:
        texts = _both(one.reached or one.offers, lambda terms: str(terms.life))
        return texts[0] if one.before else "none", texts[1] if one.after else "none"
    pairs = [
        (look(part.before), look(part.after))
        for look in (_life, _currency, _rounding, _renewal)
        for part in parts
        if part.before is not None and part.after is not None
    ]
    pairs = list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))
    return _together([pair[0] for pair in pairs]), _together([pair[1] for pair in pairs])


def _life(terms: Terms) -> str:
    return str(terms.life)


def _currency(terms: Terms) -> str:
    return f"in {terms.currency}"


def _rounding(terms: Terms) -> str:
    return f"time rounded up to {number(terms.rounding)} minutes"


def _renewal(terms: Terms) -> str:
    if terms.renewal is None:
        return "no renewal agreed"
    renewed = "renewed by itself" if terms.renewal.automatic else "not renewed by itself"
    by = f" by {terms.renewal.extend_by}" if terms.renewal.extend_by is not None else ""
    notice = f", {terms.renewal.notice} notice" if terms.renewal.notice is not None else ""
    return f"{renewed}{by}{notice}"


# --- when, and for whom --------------------------------------------------------------------------


def _days(reached: Sequence[AnyReached]) -> str:
    starts = sorted({found.life.start for found in reached})
    ends = sorted({found.life.end for found in reached})
    if starts == ends and len(starts) == 1:
        return f"on {starts[0]}"
    if len(starts) == 1:
        until = f" to {ends[0]}" if len(ends) == 1 else ""
        return f"from {starts[0]}{until}"
    return f"from {starts[0]} at the earliest, {starts[-1]} at the latest"


def _timing(reached: Sequence[AnyReached], day: date, whose: str) -> str:
    found = {found.when(day) for found in reached}
    words = [IN_EFFECT[when] for when in When if when in found]
    return words[0] if len(words) == 1 else f"by {whose}: {', '.join(words)}"


_WHO = {Who.EXISTING: "client", Who.NEW: "new client", Who.LEAVING: "leaving client"}


def _who(reached: Sequence[AnyReached]) -> Iterator[str]:
    for who in Who:
        names = {found.client for found in reached if found.who is who}
        if names:
            yield count(len(names), _WHO[who])


def _offered(offers: Sequence[AnyReached]) -> str:
    tiers = list(dict.fromkeys(found.client for found in offers))
    return f"whoever signs {listed(tiers)} next" if tiers else ""


def _documents(reached: Sequence[AnyReached]) -> Iterator[str]:
    """The changed documents that may be why: those by which all are reached, or else every one."""
    through = [dict.fromkeys((*found.reach.others, *found.reach.own)) for found in reached]
    every = dict.fromkeys(subject for known in through for subject in known)
    shared = [subject for subject in every if all(subject in known for known in through)]
    yield from shared or sorted(every)
