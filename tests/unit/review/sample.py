"""Reviews made by hand, as long and as hostile as anybody likes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from billing_dsl.analysis.cells import Cells
from billing_dsl.analysis.pricing import Billing, Unit
from billing_dsl.analysis.walk import Outcome
from billing_dsl.changes.approvals import Asked, Consent
from billing_dsl.changes.cover import Fate
from billing_dsl.changes.deals import Units
from billing_dsl.changes.differences import (
    Differences,
    Ending,
    OfService,
    OfWork,
    Part,
    Reached,
    Who,
)
from billing_dsl.changes.documents import DocumentChange, How, Reach
from billing_dsl.changes.effects import Effect
from billing_dsl.changes.months import NOTHING, Month
from billing_dsl.changes.told import NotCompared, OneAfterAnother, Origin, Told
from billing_dsl.diagnostics import Diagnostic, Severity, Span
from billing_dsl.diagnostics import Reach as FindingReach
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.approval import Approval
from billing_dsl.kinds.role import ROLE
from billing_dsl.kinds.service import Period
from billing_dsl.kinds.work_type import WORK_TYPE
from billing_dsl.model.calendar import Stretch, Term
from billing_dsl.model.declaration import House, Source
from billing_dsl.review.findings import Findings
from billing_dsl.review.history import Flipped, History
from billing_dsl.review.review import Review
from billing_dsl.source.document import Document

TODAY = date(2027, 1, 15)
YEAR = Stretch(date(2027, 1, 1), date(2027, 12, 31))
NOWHERE = Source("a.yaml", 0)


def cells(titles: Sequence[str]) -> Cells:
    """Work types with some titles, and one role."""
    house = House("EUR")
    work_types = tuple(
        WORK_TYPE.build(
            document(
                kind="work_type",
                name=f"work-{number}",
                title=title,
                billing_class="core",
                description="Work.",
            ),
            house,
        )
        for number, title in enumerate(titles)
    )
    role = ROLE.build(
        document(kind="role", name="engineer", title="Engineer", rate=Decimal(85)), house
    )
    return Cells(work_types, (role,), ())


def document(**value: object) -> Document:
    """A document that nobody has checked."""
    return Document("a.yaml", 0, {"format": 1, **value})


def approval(name: str, effects: Sequence[Effect], by: Sequence[str], **more: object) -> Approval:
    """An approval of some effects."""
    fields: dict[str, Any] = {"above": None, "tiers": (), "clients": (), "notice": None, **more}
    return Approval(
        *(name, name, 1, "", NOWHERE),
        effects=tuple(effect.value for effect in effects),
        by=tuple(by),
        **fields,
    )


def fate(contract: str, billing: Billing, rate: Decimal | None) -> Fate:
    """Work that ends on a contract."""
    return Fate(
        *(Outcome.COVERED, 0, contract, ContractType.TIME_AND_MATERIALS, True, billing),
        *(rate, Unit.HOUR if rate is not None else None, "EUR" if rate is not None else ""),
    )


def work(
    number: int, clients: Sequence[str], contract: str, effect: Effect = Effect.LOSES
) -> OfWork:
    """One kind of work that was included, and is billed by the hour."""
    before = fate("recurring", Billing.ABSORBED, None)
    after = fate(contract, Billing.HOURLY, Decimal("85.00"))
    ends = [Ending(one.outcome, one.contract, one.type, one.billing) for one in (before, after)]
    reached = tuple(
        Reached(
            *(name, "", (f"{name}-2027",), Who.EXISTING),
            (Part(YEAR, before, after, 1 << number),),
            Reach((), ("tier/silver@1",)),
            contract=contract,
        )
        for name in sorted(clients)
    )
    return OfWork(1 << number, ends[0], ends[1], (True, True), effect, reached)


def service(name: str, clients: Sequence[str], effect: Effect = Effect.RATE_UP) -> OfService:
    """A service that costs more."""
    before = Units(Decimal(3), Decimal("48.00"), Period.MONTHLY, "EUR", parts=(name,))
    after = replace(before, price=Decimal("50.00"))
    reached = tuple(
        Reached(
            *(client, f"{client}-2027", (), Who.EXISTING),
            (Part(YEAR, before, after),),
            Reach((f"agreement/{client}-2027",), ()),
        )
        for client in sorted(clients)
    )
    return OfService(name, effect, reached)


def finding(text: str, severity: Severity = Severity.ERROR, client: str = "") -> Diagnostic:
    """A finding that says something at a place of that name."""
    span = Span(f"{text}.yaml", 1, 1, 1, 2)
    reached = (FindingReach(client, text),) if client else ()
    return Diagnostic(
        *("BD301", "uncovered-work", severity, span, text),
        help=text,
        subject=f"client/{client}" if client else "tier/silver@1",
        reached=reached,
    )


def review(texts: Sequence[str], clients: Sequence[str], repeated: int = 1) -> Review:
    """A review in which every text stands wherever a person may have written it.

    `repeated` makes it longer: so many differences, findings, approvals and entries of each kind.
    """
    every = [*texts] * repeated
    kinds = cells([text for text in texts for _ in range(repeated)][:400])
    differences = [
        work(number % len(kinds.work_types), clients, text or "hourly")
        for number, text in enumerate(every)
    ]
    services = [service(text, clients) for text in every]
    months = {
        name: Month(name, "EUR", (Decimal(144), Decimal(150)), NOTHING, True).with_work(
            Decimal(number), Decimal(2 * number + 1)
        )
        for number, name in enumerate(sorted(clients))
    }
    effects = dict.fromkeys(sorted(clients), Effect.LOSES)
    told = Told(
        *(Origin(texts[0], "0" * 64, ""), Origin(texts[-1], "1" * 64, "deadbeef"), TODAY),
        tuple(DocumentChange("approval", text, text, How.CHANGED, "", ("by",)) for text in texts),
        Differences(tuple(differences), tuple(services), (), (), effects, kinds),
        (),
        tuple(NotCompared(name, ("after",)) for name in clients[:repeated]),
        len(clients),
        tuple(
            OneAfterAnother(name, (name,), (name, text)) for name in clients[:1] for text in texts
        ),
    )
    asked = [
        Asked(
            approval(
                "wanted",
                [Effect.LOSES],
                [text, f"{text}@example.com"],
                above=Decimal(5),
                notice=Term.parse("60 days"),
            ),
            tuple(differences),
            tuple(clients),
            (),
            Decimal(7),
            (Consent(text, True), Consent(f"{text}@example.com", False)),
            TODAY,
            date(2027, 3, 16),
            tuple(clients),
        )
        for text in every
    ]
    asked = [replace(one, approval=replace(one.approval, title=one.by[0].who)) for one in asked]
    history = History(
        *(100, 1, (1, 1), date(2026, 9, 3), date(2026, 11, 28)),
        tuple((name, "EUR", (Decimal(1), Decimal(2))) for name in clients),
        70,
        tuple(
            Flipped(TODAY, clients[0], text, text, text, text, text, Decimal(3), "EUR")
            for text in every
        ),
        tuple(texts),
        tuple(texts),
    )
    found = tuple(finding(text, client=clients[0]) for text in every)
    return Review(
        told,
        "EUR",
        dict.fromkeys(clients, texts[0]),
        {one.name: one.title for one in kinds.work_types},
        months,
        history,
        Findings(found, found, 0),
        {"BD301": ("uncovered-work", "Work that ends nowhere.")},
        tuple(asked),
        tuple(texts),
        Decimal(0),
        "1.0",
    )
