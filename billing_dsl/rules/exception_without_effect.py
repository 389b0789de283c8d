"""BD415."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from billing_dsl.analysis.causes import FIELDS, WORDS
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.expand import TierPiece, decides, with_exceptions
from billing_dsl.diagnostics import Finding, Label, Severity
from billing_dsl.kinds._contract import NOWHERE
from billing_dsl.kinds.agreement import Agreement, TierException
from billing_dsl.rules import rule


@rule("BD415", Severity.WARNING)
def exception_without_effect(client: ClientCoverage) -> Iterator[Finding]:
    """An exception that changes nothing, or nothing on some of its days.

    It says what the tier says anyway, lies outside the agreement's days, stands in a bespoke
    agreement, which has no tier to differ from, or goes to a contract that the tier of those
    days lacks. Somebody believes that it holds. Days gone by are left aside.

    Fails:

        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts:
          - {name: hourly, type: time_and_materials}
          - {name: visits, type: time_and_materials}
        scope: {remote-support: hourly, onsite-support: visits}
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        tier: bronze@1
        exceptions:
          - work_type: onsite-support
            goes_to: visits
            reason: agreed at the signing
            owner: billing@msp.example
            until: 2027-12-31

    Passes:

        kind: tier
        name: bronze
        version: 1
        effective: 2027-01-01
        title: Bronze
        contracts:
          - {name: hourly, type: time_and_materials}
          - {name: visits, type: time_and_materials}
        scope:
          remote-support: hourly
          onsite-support: visits
          out-of-hours-support: visits
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
        ---
        kind: agreement
        name: acme-2027
        client: acme
        start: 2027-01-01
        end: 2027-12-31
        tier: bronze@1
        exceptions:
          - work_type: onsite-support
            goes_to: hourly
            reason: agreed at the signing
            owner: billing@msp.example
            until: 2027-12-31
    """
    for agreement in client.agreements:
        if agreement.exceptions:
            yield from _faults(client, agreement)


def _faults(client: ClientCoverage, agreement: Agreement) -> Iterator[Finding]:
    pieces = () if agreement.bespoke else client.shared.expander.pieces(agreement)
    made = {found.name for found in client.contracts if found.agreement is agreement}
    for position, exception in enumerate(agreement.exceptions):
        if exception.until is not None and exception.until < client.as_of:
            continue
        fault = _fault(client, agreement, exception, pieces, made)
        if fault is not None:
            word = "goes_to" if fault.at_its_end else exception.dimension
            thing = f"{WORDS[exception.dimension]} `{exception.name}`"
            yield Finding(
                agreement.at("exceptions", position, word),
                f"the exception for {thing} {fault.message}",
                label=fault.label,
                help=fault.cure,
                related=fault.related,
                subject=agreement.subject,
                reached=client.reach(agreement),
            )


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why an exception has no effect; it shows at its end, or at the thing that it names."""

    message: str
    label: str
    cure: str
    related: tuple[Label, ...] = ()
    at_its_end: bool = True


def _fault(
    client: ClientCoverage,
    agreement: Agreement,
    exception: TierException,
    pieces: tuple[TierPiece, ...],
    made: set[str],
) -> _Fault | None:
    if agreement.bespoke:
        return _Fault(
            "has no effect: a bespoke agreement has no tier",
            "no tier to differ from",
            "write it into the contracts, with `excludes` and `falls_to`",
            at_its_end=False,
        )
    active = [piece for piece in pieces if exception in piece.exceptions]
    if not active:
        return _Fault(
            f"holds on no day of the agreement, {agreement.life}",
            "its days lie outside",
            "mend its `from` and `until`, or remove it",
            at_its_end=False,
        )
    since: date | None = None
    for piece in active:
        if decides(piece.tier, exception):
            since = None
            continue
        since = since or piece.life.start
        if piece.life.end >= client.as_of:
            return _lacking(exception, piece, since)
    active = [piece for piece in active if piece.life.end >= client.as_of]
    if not active or any(_differs(piece, exception, made) for piece in active):
        return None
    return _idle(exception, active[0], made)


def _differs(piece: TierPiece, exception: TierException, made: set[str]) -> bool:
    """Whether a contract excludes something else because of an exception.

    Where two exceptions of one thing hold at once, neither is called idle: they are in conflict.
    """
    others = tuple(other for other in piece.exceptions if other is not exception)
    if any((o.dimension, o.name) == (exception.dimension, exception.name) for o in others):
        return True
    return any(
        with_exceptions(piece.tier, contract, piece.exceptions)
        != with_exceptions(piece.tier, contract, others)
        for contract in piece.tier.contracts
        if contract in made
    )


def _lacking(exception: TierException, piece: TierPiece, day: date) -> _Fault:
    tier = piece.tier
    return _Fault(
        f"has no effect from {day}: `{tier.key}` has no contract `{exception.goes_to}`",
        f"not a contract of `{tier.key}`",
        f"let it end the day before, or go to a contract of `{tier.key}`",
        (Label(tier.contracts_from.at("contracts", key=True), f"the contracts of `{tier.key}`"),),
    )


def _idle(exception: TierException, piece: TierPiece, made: set[str]) -> _Fault:
    tier = piece.tier
    if exception.goes_to not in (NOWHERE, *made):
        return _Fault(
            f"has no effect: without `blocks` the agreement has no contract `{exception.goes_to}`",
            "this contract is never made",
            f"give `{exception.goes_to}` hours under `blocks`, or remove the exception",
        )
    field = FIELDS[exception.dimension]
    decided = (field, exception.name) in tier.origins
    return _Fault(
        f"changes nothing: it goes where `{tier.key}` lets it go anyway",
        "the same end as in the tier",
        "remove it, or let it go where it is meant to",
        (Label(tier.place_of_end(field, exception.name), "the tier says so here"),)
        if decided
        else (),
    )
