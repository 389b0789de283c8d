"""From the coverage to the runbook of an agreement."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

from billing_dsl.analysis.drawing import Drawing, of_agreement
from billing_dsl.analysis.landings import Landed, Landing, Landings, follows
from billing_dsl.analysis.pricing import Billing
from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.book.book import Shared
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.book.naming import contract_title
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.languages.english import ENGLISH as WORDS
from billing_dsl.model.calendar import Stretch, runs
from billing_dsl.targets._contracts import TYPES
from billing_dsl.targets._runbook import ContractRow, Runbook, Stage
from billing_dsl.targets._runbook_days import Days
from billing_dsl.targets._runbook_grounds import Grounds
from billing_dsl.targets._runbook_month import Month
from billing_dsl.targets._runbook_words import SHORT, Speaker, life, listed
from billing_dsl.targets._scope_terms import renewal
from billing_dsl.targets._templates import line


@dataclass(frozen=True, slots=True)
class Runbooks:
    """Makes the runbooks of agreements; remembers what clients share."""

    declared: Declared
    speaker: Speaker = field(init=False)
    _landings: Landings = field(init=False)
    _moved: dict[Hashable, tuple[str, ...]] = field(init=False, default_factory=dict)
    _waivers: dict[str, list[Waiver]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        set_, declared = object.__setattr__, self.declared
        set_(self, "speaker", Speaker(declared.shared, declared.cells))
        set_(self, "_landings", Landings(declared.shared, declared.cells, self.speaker.order))
        for waiver in declared.shared.catalogue.all(Waiver):
            self._waivers.setdefault(waiver.about, []).append(waiver)

    @property
    def _shared(self) -> Shared:
        return self.declared.shared

    def of(self, view: ClientCoverage, agreement: Agreement) -> Runbook:
        """The runbook of an agreement."""
        landed, agreements = self._landings.of(view, agreement)
        others = agreements[1:]
        stages = tuple(self._stages(view, agreement, landed, others))
        own = tuple(one for one in view.contracts if one.agreement.name == agreement.name)
        waivers = self._accepted(view, agreement, own)
        parts = self.speaker, view, agreement, stages, own
        grounds = Grounds(*parts, waivers)
        settings, client = self._shared.settings, view.client
        title = agreement.title if agreement.title != agreement.name else agreement.number
        return Runbook(
            client.name,
            agreement.name,
            f"{line(client.organization)}: {line(title or agreement.name)}",
            line(settings.title),
            tuple(self._facts(view, agreement, stages)),
            client.currency,
            stages,
            others,
            tuple(_coming(view, agreement)),
            Days(*parts, waivers).dues(),
            Month(*parts, others, waivers).looks(),
            tuple(self._rows(view, agreement, own)),
            grounds.grounds(),
            grounds.writings(),
            (
                f"billing-dsl why {client.name} WORK_TYPE --on DAY"
                + ("" if agreement.default else f" --start {agreement.name}/CONTRACT"),
                f"billing-dsl show agreement {agreement.name}",
            ),
        )

    def _accepted(
        self, view: ClientCoverage, agreement: Agreement, own: Sequence[Contract]
    ) -> tuple[Waiver, ...]:
        """The waivers of findings about the agreement, its client or its tiers, by name."""
        subjects = {agreement.subject, view.client.subject}
        subjects |= {
            phase.tier.tier.subject
            for contract in own
            for phase in contract.phases
            if phase.tier is not None
        }
        found = [waiver for subject in subjects for waiver in self._waivers.get(subject, ())]
        return tuple(sorted(found, key=lambda waiver: waiver.name))

    # --- stages ------------------------------------------------------------------------------

    def _stages(
        self,
        view: ClientCoverage,
        agreement: Agreement,
        landed: Sequence[Landed],
        others: Sequence[str],
    ) -> Iterator[Stage]:
        """The days of the agreement, joined where neither path nor charges change."""
        run: list[Landed] = []
        known: tuple[Drawing, tuple[Landing, ...], EffectiveTier | None] | None = None
        before: Stage | None = None
        for one in landed:
            segment = one.beginning.segment
            tier = segment.phases[one.beginning.position].tier
            if known is not None and one.beginning is run[-1].beginning:
                drawing = known[0]
            else:
                drawing = of_agreement(view, agreement, one.beginning)
            if run and known == (drawing, one.landings, tier) and follows(run[-1], one):
                run.append(one)
                continue
            if run and known is not None:
                before = self._stage(run, known, before, others)
                yield before
            run, known = [one], (drawing, one.landings, tier)
        if run and known is not None:
            yield self._stage(run, known, before, others)

    def _stage(
        self,
        run: Sequence[Landed],
        known: tuple[Drawing, tuple[Landing, ...], EffectiveTier | None],
        before: Stage | None,
        others: Sequence[str],
    ) -> Stage:
        drawing, landings, tier = known
        moved: tuple[str, ...] = ()
        if before is not None:
            key = (before.landings, landings, tuple(others))
            if key not in self._moved:
                self._moved[key] = tuple(self._changes(before.landings, landings, others))
            moved = self._moved[key]
        days = Stretch(run[0].life.start, run[-1].life.end)
        return Stage(days, self.speaker.tier(tier), drawing, landings, moved)

    def _changes(
        self, before: Sequence[Landing], after: Sequence[Landing], others: Sequence[str]
    ) -> Iterator[str]:
        """What ends or costs otherwise than before, in sentences."""
        old, new = self._leading(before, others), self._leading(after, others)
        moved: dict[tuple[str, str], list[str]] = {}
        begun: dict[str, list[str]] = {}
        for name, title in self.speaker.names.work_types.items():
            if name not in new:
                continue
            if name not in old:
                begun.setdefault(new[name], []).append(title)
            elif old[name] != new[name]:
                moved.setdefault((old[name], new[name]), []).append(title)
        for (was, then), titles in moved.items():
            yield f"{listed(titles)}: {then} instead of {was}."
        for then, titles in begun.items():
            yield f"{listed(titles)} can be logged from now on: {then}."
        same = {self._known_by(landing, others): landing for landing in before}
        rates: dict[str, None] = {}
        work: dict[str, None] = {}
        for landing in after:
            known = same.get(self._known_by(landing, others))
            if known is not None and known != landing:
                alike = known.cells == landing.cells
                (rates if alike else work)[self.speaker.place(landing, others)] = None
        if rates:
            yield f"Rates change on {listed(rates)}."
        if work and not (moved or begun):
            yield f"Other work comes to {listed(work)}, by who does it or by sub-issue."

    def _known_by(self, landing: Landing, others: Sequence[str]) -> tuple[str, Billing]:
        return self.speaker.place(landing, others), landing.billing

    def _leading(self, landings: Sequence[Landing], others: Sequence[str]) -> dict[str, str]:
        """For each work type where it leads by itself, and how it is billed there."""
        found: dict[str, str] = {}
        for landing in landings:
            place = f"{self.speaker.place(landing, others)} ({SHORT[landing.billing]})"
            for row in landing.rows:
                for name in row.work_types:
                    found.setdefault(name, place)
        return found

    # --- the head ----------------------------------------------------------------------------

    def _facts(
        self, view: ClientCoverage, agreement: Agreement, stages: Sequence[Stage]
    ) -> Iterator[tuple[str, str]]:
        client, own = view.client, agreement
        number = f", number {line(client.number)}" if client.number else ""
        yield "Organization", f"{line(client.organization)}{number}, billed in {client.currency}"
        numbered = f", number {line(own.number)}" if own.number else ""
        yield "Agreement", f"{own.name}{numbered}"
        yield "Term", life(own.life)
        yield "Renewal", renewal(own, WORDS)
        tiers = [
            WORDS.level_since(tier, days.start) if position else tier
            for position, (days, tier) in enumerate(runs((s.life, s.tier) for s in stages))
        ]
        yield "Tier", listed(tiers) if tiers else "none of its contracts exists"
        starts = (
            "tickets without a contract start here"
            if own.default
            else ("only tickets that carry one of its contracts start here")
        )
        yield "Where work starts", starts

    def _rows(
        self, view: ClientCoverage, agreement: Agreement, own: Sequence[Contract]
    ) -> Iterator[ContractRow]:
        for contract in own:
            for phase in _distinct(contract.phases):
                days = Stretch(phase[0].life.start, phase[-1].life.end)
                yield ContractRow(
                    contract.name,
                    line(contract_title(contract.agreement, contract.name)),
                    TYPES[contract.type],
                    "" if days == agreement.life else life(days),
                    self._excluded(phase[0]),
                    self._falls_to(view, contract, phase[0]),
                )

    def _excluded(self, phase: Phase) -> str:
        if phase.retired:
            return "everything: the tier no longer has it"
        said = []
        if phase.set_use is not None and phase.set_use.excludes:
            said.append(f"set {line(phase.set_use.name)}")
        said += self.speaker.names.excluded(phase.own)
        return ", ".join(said) or "nothing"

    def _falls_to(self, view: ClientCoverage, contract: Contract, phase: Phase) -> str:
        if not phase.excludes:
            return "nothing falls"
        target = view.family.book.target(phase.falls_to, phase.life.start)
        if not isinstance(target, Contract):
            return "no contract" if not phase.falls_to else f"{target.value}"
        own = target.agreement.name == contract.agreement.name
        return target.name if own else target.id


def _distinct(phases: Sequence[Phase]) -> list[list[Phase]]:
    """Phases in runs that exclude the same by the same means, and fall to the same."""
    found: list[list[Phase]] = []
    for phase in phases:
        if found and _means(found[-1][-1]) == _means(phase):
            found[-1].append(phase)
        else:
            found.append([phase])
    return found


def _means(phase: Phase) -> Hashable:
    return phase.retired, phase.set_use, phase.own, phase.falls_to, bool(phase.excludes)


def _coming(view: ClientCoverage, agreement: Agreement) -> Iterator[str]:
    """Contracts of other agreements whose excluded work falls to one of this agreement."""
    seen: dict[str, None] = {}
    for segment in view.family.segments:
        if segment.life.start > agreement.life.end or segment.life.end < agreement.life.start:
            continue
        for contract, phase, link in zip(
            segment.contracts, segment.phases, segment.shape.links, strict=True
        ):
            if link < 0 or contract.agreement.name == agreement.name:
                continue
            target = segment.contracts[link]
            if target.agreement.name == agreement.name and phase.excludes:
                seen[f"{contract.id} → {target.name}"] = None
    return iter(seen)
