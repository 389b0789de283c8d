"""A review under a mask: every value of it that may name a client has another name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias, TypeVar

from billing_dsl.analysis.cells import Cells
from billing_dsl.changes.approvals import Asked, Consent
from billing_dsl.changes.cover import Fate
from billing_dsl.changes.deals import Purchase, Units
from billing_dsl.changes.differences import (
    Difference,
    Differences,
    Ending,
    OfPurchase,
    OfService,
    OfTerms,
    OfWork,
    Part,
    Reached,
)
from billing_dsl.changes.documents import DocumentChange, Reach
from billing_dsl.changes.months import Month
from billing_dsl.changes.told import NotCompared, OneAfterAnother, Origin, Renamed
from billing_dsl.diagnostics import Diagnostic
from billing_dsl.diagnostics import Reach as FindingReach
from billing_dsl.model.declaration import Declaration
from billing_dsl.review.history import Flipped, History
from billing_dsl.review.masks import HIDDEN, Mask
from billing_dsl.review.review import Review

T = TypeVar("T")
D = TypeVar("D", bound=Declaration)
Change: TypeAlias = Callable[[T], T]


def under(mask: Mask, review: Review) -> Review:
    """The same review, which names no client, and holds nothing of what identifies one."""
    told = replace(
        review.told,
        before=_origin(review.told.before, "before"),
        after=_origin(review.told.after, "after"),
        documents=tuple(_document(mask, one) for one in review.told.documents),
        differences=_differences(mask, review.told.differences),
        renamed=tuple(_renamed(mask, one) for one in review.told.renamed),
        one_after_another=tuple(
            OneAfterAnother(
                mask.client(one.client),
                *(tuple(map(mask.agreement, names)) for names in (one.before, one.after)),
            )
            for one in review.told.one_after_another
        ),
        not_compared=tuple(
            NotCompared(mask.client(one.client), one.sides) for one in review.told.not_compared
        ),
    )
    months = {mask.client(one.client): _month(mask, one) for one in review.months.values()}
    found = review.findings
    return replace(
        review,
        told=told,
        titles={},
        work=_titles(mask, review),
        months={name: months[name] for name in sorted(months)},
        history=_history(mask, review.history) if review.history is not None else None,
        findings=replace(
            found,
            new=tuple(_finding(mask, one) for one in found.new),
            fixed=tuple(_finding(mask, one) for one in found.fixed),
        ),
        approvals=tuple(_asked(mask, one) for one in review.approvals),
        unasked=tuple(mask.person(one) for one in review.unasked),
        folder="",
        masked=True,
    )


def _titles(mask: Mask, review: Review) -> dict[str, str]:
    """The titles of work types, by their other names."""
    cells = review.told.differences.cells
    if cells is None:
        return {}
    names = _under_other_names(mask, cells.work_types)
    return {
        one.name: mask.text(review.work.get(was.name, was.name))
        for was, one in zip(cells.work_types, names, strict=True)
    }


def _origin(one: Origin, name: str) -> Origin:
    """A side without its folder; its hash is what the names were drawn by."""
    return replace(one, name=name, sha256="")


def _document(mask: Mask, one: DocumentChange) -> DocumentChange:
    def key(name: str) -> str:
        return mask.subject(f"{one.kind}/{name}").partition("/")[2] if name else ""

    client = mask.client(one.client) if one.client else ""
    return replace(one, before=key(one.before), after=key(one.after), client=client)


def _renamed(mask: Mask, one: Renamed) -> Renamed:
    def named(name: str) -> str:
        return mask.subject(f"{one.kind}/{name}").partition("/")[2]

    agreements = tuple(mask.agreement(name) for name in one.agreements)
    return replace(one, before=named(one.before), after=named(one.after), agreements=agreements)


# --- differences ---------------------------------------------------------------------------------


def _differences(mask: Mask, found: Differences) -> Differences:
    effects = {mask.client(name): effect for name, effect in found.effects.items()}
    return replace(
        found,
        work=tuple(_of_work(mask, one) for one in found.work),
        services=tuple(_of_service(mask, one) for one in found.services),
        purchases=tuple(_of_purchase(mask, one) for one in found.purchases),
        terms=tuple(_of_terms(mask, one) for one in found.terms),
        effects={name: effects[name] for name in sorted(effects)},
        cells=_cells(mask, found.cells) if found.cells is not None else None,
    )


def _cells(mask: Mask, cells: Cells) -> Cells:
    """The same bits, under names of work types, roles and sub-issues that name nobody."""
    return Cells(
        _under_other_names(mask, cells.work_types),
        _under_other_names(mask, cells.roles),
        _under_other_names(mask, cells.sub_issues),
    )


def _under_other_names(mask: Mask, things: tuple[D, ...]) -> tuple[D, ...]:
    """Things by names that name nobody; of several that would be alike, each has its number."""
    found: dict[str, D] = {}
    for one in things:
        name, number = mask.text(one.name), 2
        while name in found:
            name, number = f"{mask.text(one.name)} {number}", number + 1
        found[name] = replace(one, name=name)
    return tuple(found.values())


def _difference(mask: Mask, one: Difference) -> Difference:
    match one:
        case OfWork():
            return _of_work(mask, one)
        case OfService():
            return _of_service(mask, one)
        case OfPurchase():
            return _of_purchase(mask, one)
        case OfTerms():
            return _of_terms(mask, one)


def _of_work(mask: Mask, one: OfWork) -> OfWork:
    def fate(held: Fate) -> Fate:
        return replace(held, contract=mask.text(held.contract))

    def ending(held: Ending | None) -> Ending | None:
        return replace(held, contract=mask.text(held.contract)) if held is not None else None

    return replace(
        one,
        before=ending(one.before),
        after=ending(one.after),
        reached=_reached(mask, one.reached, fate),
        offers=_offers(mask, one.offers),
    )


def _of_service(mask: Mask, one: OfService) -> OfService:
    def units(held: Units) -> Units:
        return replace(held, parts=tuple(mask.text(part) for part in held.parts))

    return replace(
        one,
        service=mask.text(one.service),
        reached=_reached(mask, one.reached, units),
        offers=_offers(mask, one.offers),
    )


def _of_purchase(mask: Mask, one: OfPurchase) -> OfPurchase:
    def purchase(held: Purchase) -> Purchase:
        title = mask.text(held.title)
        return replace(held, contract=mask.text(held.contract), title=title)

    return replace(
        one,
        contract=mask.text(one.contract),
        reached=_reached(mask, one.reached, purchase),
        offers=_offers(mask, one.offers),
    )


def _of_terms(mask: Mask, one: OfTerms) -> OfTerms:
    reached = _reached(mask, one.reached, _as_it_is)
    return replace(one, reached=reached, offers=_offers(mask, one.offers))


def _as_it_is(held: T) -> T:
    return held


def _reached(
    mask: Mask, reached: tuple[Reached[T], ...], change: Change[T]
) -> tuple[Reached[T], ...]:
    """Whom it reaches, in the order of their other names."""

    def side(held: T | None) -> T | None:
        return change(held) if held is not None else None

    found = [
        Reached(
            mask.client(one.client),
            mask.agreement(one.agreement),
            tuple(mask.agreement(name) for name in one.agreements),
            one.who,
            tuple(
                Part(part.life, side(part.before), side(part.after), part.cells)
                for part in one.parts
            ),
            _reach(mask, one.reach),
            mask.contract(one.start) if one.start else "",
            mask.text(one.contract),
        )
        for one in reached
    ]
    return tuple(sorted(found, key=lambda one: (one.client, one.agreement)))


def _offers(mask: Mask, offers: tuple[Reached[T], ...]) -> tuple[Reached[T], ...]:
    """What is offered names a tier, and the documents by which it is."""
    return tuple(
        replace(
            one,
            client=mask.text(one.client),
            reach=_reach(mask, one.reach),
            contract=mask.text(one.contract),
        )
        for one in offers
    )


def _reach(mask: Mask, reach: Reach) -> Reach:
    return Reach(
        tuple(sorted(map(mask.subject, reach.own))), tuple(sorted(map(mask.subject, reach.others)))
    )


# --- all that stands beside ----------------------------------------------------------------------


def _month(mask: Mask, one: Month) -> Month:
    return replace(one, client=mask.client(one.client))


def _history(mask: Mask, history: History) -> History:
    return replace(
        history,
        charged=tuple(
            sorted(
                (mask.client(name), currency, sides) for name, currency, sides in history.charged
            )
        ),
        largest=tuple(_flipped(mask, one) for one in history.largest),
        warnings=(),
        assumptions=tuple(map(mask.text, history.assumptions)),
    )


def _flipped(mask: Mask, one: Flipped) -> Flipped:
    return replace(
        one,
        client=mask.client(one.client),
        work_type=mask.text(one.work_type),
        role=mask.text(one.role),
        ticket="",
        before=mask.text(one.before),
        after=mask.text(one.after),
    )


def _finding(mask: Mask, one: Diagnostic) -> Diagnostic:
    """A finding that says where it is of no document: only its rule, and whom it reaches."""
    return replace(
        one,
        span=replace(one.span, path="", line=1, column=1, end_line=1, end_column=1),
        message=HIDDEN,
        label="",
        help="",
        related=(),
        subject=mask.subject(one.subject) if one.subject else "",
        reached=tuple(
            sorted(
                (
                    FindingReach(mask.client(reach.client), mask.agreement(reach.agreement))
                    for reach in one.reached
                ),
                key=lambda reach: (reach.client, reach.agreement),
            )
        ),
        route="",
    )


def _asked(mask: Mask, one: Asked) -> Asked:
    approval = replace(
        one.approval,
        name=mask.text(one.approval.name),
        title=mask.text(one.approval.title),
        notes="",
        clients=tuple(map(mask.client, one.approval.clients)),
        by=tuple(map(mask.person, one.approval.by)),
    )
    return replace(
        one,
        approval=approval,
        differences=tuple(_difference(mask, held) for held in one.differences),
        clients=tuple(sorted(map(mask.client, one.clients))),
        offers=tuple(map(mask.text, one.offers)),
        by=tuple(Consent(mask.person(consent.who), consent.given) for consent in one.by),
        short=tuple(sorted(map(mask.client, one.short))),
    )
