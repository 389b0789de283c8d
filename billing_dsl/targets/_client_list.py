"""What one client has to have done in Autotask: its parts of the list, and a list of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeAlias

from billing_dsl.kinds._contract import ContractType
from billing_dsl.targets import Compilation
from billing_dsl.targets._checklist_steps import (
    by_hand,
    change_step,
    complete_steps,
    completing_steps,
    counted,
    default_step,
    ended_items,
    first_word,
    left_out,
    looked,
    make_step,
    mend_steps,
    milestone_steps,
    of_defaults,
    of_later,
    of_milestones,
    of_retainers,
    retainer_steps,
)
from billing_dsl.targets._contracts import TYPES, set_id
from billing_dsl.targets._lanes import BookObject, ClientLanes, Lane
from billing_dsl.targets._sending import Step as Mend
from billing_dsl.targets._shared import sets_of
from billing_dsl.targets._sheet import Heading, Sheet, exact
from billing_dsl.targets._sorts import sort_of
from billing_dsl.targets._stages import Stages

IMPORTED, TURNS, MENDED, DEFAULTS, RETAINERS, MILESTONES, LATER, SENT, ENDED = (
    *("imported", "turns", "mended", "defaults", "retainers", "milestones"),
    *("later", "sent", "ended"),
)
"""Places of the list at which clients tell of themselves. At `TURNS` they stand in the order of
stages, at `LATER` and `SENT` in that of days.
"""

OfClient: TypeAlias = tuple[str, str, Sheet]
"""A part of the list about one client: its place, what orders it there, and what it says."""


def when_made(stage: int) -> str:
    """When a person makes something, beside the requests."""
    return ", before the requests" if stage == 0 else ", after that" if stage > 2 else ""


@dataclass(slots=True)
class ClientLists:
    """Says what there is to do for clients, one by one."""

    compilation: Compilation
    mends: dict[str, list[Mend]] = field(init=False, default_factory=dict)
    """What the tenant holds otherwise, by client; under the empty name what clients share."""
    _patched: frozenset[str] = field(init=False, default=frozenset())
    """What the tenant of a snapshot has, and a request changes."""

    def __post_init__(self) -> None:
        """Knows what a snapshot of the tenant has shown."""
        sending = self.compilation.sending
        if sending is None:
            return
        for step in sending.steps:
            if not step.first:
                self.mends.setdefault(step.client, []).append(step)
        self._patched = frozenset(one.id for one in sending.requests if one.method == "PATCH")

    def _sheet(self, found: ClientLanes) -> Sheet:
        settings = self.compilation.declared.shared.settings
        return Sheet(found.names, settings.currency, found.account.view.client)

    def parts(self, found: ClientLanes, stages: Stages) -> Iterator[OfClient]:
        """What there is to do for a client, part by part, with the place of each."""
        sheet = self._sheet(found)
        completing_steps(sheet, [each for each in found.companies if each.lane is Lane.IMPORT])
        yield IMPORTED, "", sheet
        by_stage: dict[int, list[BookObject]] = {}
        for each in by_hand(found.own):
            by_stage.setdefault(stages.of(each), []).append(each)
        wanting: dict[int, list[BookObject]] = {}
        for each in found.own:
            if each.lane is Lane.API and each.values:  # a person adds to it once it is sent
                wanting.setdefault(stages.of(each) + 1, []).append(each)
        for stage in sorted({*by_stage, *wanting}):
            sheet = self._sheet(found)
            sheet.heading(f"Client {sheet.title}{when_made(stage)}")
            for each in by_stage.get(stage, ()):
                make_step(sheet, each)
            complete_steps(sheet, wanting.get(stage, ()), "What the requests cannot say")
            yield TURNS, str(stage), sheet
        sheet = self._sheet(found)
        mend_steps(sheet, f"Client {sheet.title}", self.mends.get(found.name, ()))
        yield MENDED, "", sheet
        for place, look in (
            (DEFAULTS, default_step),
            (RETAINERS, retainer_steps),
            (MILESTONES, milestone_steps),
        ):
            sheet = self._sheet(found)
            look(sheet, found)
            yield place, "", sheet
        for day, due in groupby(found.changes, lambda change: change.day):
            sheet = self._sheet(found)
            for change in due:
                change_step(sheet, change, change.makes)
            yield LATER, str(day), sheet
        sheet = self._sheet(found)
        ended_items(sheet, found)
        yield ENDED, "", sheet

    # --- a list of its own -------------------------------------------------------------------

    def own(self, found: ClientLanes, stages: Stages, parts: Sequence[OfClient]) -> Sheet:
        """The list of one client, by itself: every step of it, in the order in which somebody
        takes them who puts this client live.
        """
        at: dict[str, list[OfClient]] = {}
        for part in parts:
            at.setdefault(part[0], []).append(part)
        sheet = self._sheet(found)
        self._opening(sheet, found)
        self._company(sheet, found)
        if any(one.blocks for _, _, one in at.get(IMPORTED, ())):
            sheet.heading("What the file cannot say", 3)
            sheet.paragraph(looked(sort_of("company:")))
            _add(sheet, at[IMPORTED])
        self._turns(sheet, found, stages, at.get(TURNS, ()))
        if any(one.blocks for _, _, one in at.get(MENDED, ())):
            sheet.heading("What the tenant holds otherwise")
            sheet.paragraph(
                "Each of these can be mended on either side: here, or in the catalogue."
            )
            _add(sheet, at[MENDED])
        self._look(sheet, at)
        if at.get(LATER):
            of_later(sheet, ())
            for _, day, one in at[LATER]:
                sheet.heading(day, 3)
                sheet.blocks += one.blocks
        if found.ended:
            left_out(sheet)
            _add(sheet, at[ENDED])
        return sheet

    def _opening(self, sheet: Sheet, found: ClientLanes) -> None:
        compilation = self.compilation
        sheet.heading(f"Going live: {sheet.title}", 1)
        sheet.paragraph(
            f"State of {compilation.as_of}. All that Autotask needs for this client, from the "
            "organization to what changes on later days. Go through it from top to bottom: each "
            f"part builds upon those before it. What stands {exact('like this')} is to be entered, "
            "or found, exactly so. Tick a step once what follows “Check” is true; “Later” tells "
            "what else would show that something is amiss. What is marked unverified nobody has "
            "seen in a tenant."
        )
        sheet.heading("What has to be there")
        sheet.paragraph(
            "The first set-up (autotask/checklist) makes what clients share, and this list repeats "
            "none of it. Of that, this client needs:"
        )
        for words in self._shared(found):
            sheet.item(words)

    def _shared(self, found: ClientLanes) -> Iterator[str]:
        """What clients share and this one needs, in the order in which it is made."""
        view, as_of = found.account.view, self.compilation.as_of
        standing = [one for one in found.account.contracts if one.life.end >= as_of]
        types = [kind for kind in ContractType if any(one.type is kind for one in standing)]
        if types:
            yield f"contract types: {_names(TYPES[kind] for kind in types)}"
        own = [one for one in view.agreements if one.life.end >= as_of]
        sold = {name for agreement in own for name in agreement.services}
        titles = [one.title for name, one in view.shared.services.items() if name in sold]
        if titles:
            yield f"services: {_names(titles)}"
        carried = {
            set_id(phase, phase.set_use)
            for contract in standing
            for phase in contract.phases
            if phase.set_use is not None and phase.life.end >= as_of
        }
        sets = [one.name for one in sets_of(found.account) if one.id in carried]
        if sets:
            yield f"exclusion sets: {_names(sets)}"
        if parent := view.client.parent:
            title = found.names.get(f"company:{parent}", parent)
            yield f"the parent organization: {exact(title)}"
        yield "all work types and roles"

    def _company(self, sheet: Sheet, found: ClientLanes) -> None:
        rows = [each for each in found.companies if each.lane is Lane.IMPORT]
        sheet.heading("The organization")
        for each in rows:
            check = (
                "Check: Import History shows it and no error; the organization opens under its name"
            )
            words = f"import the row of {exact(each.name)} with {exact('import/organizations.csv')}"
            sheet.step(words, (f"Screen: {IMPORT}", check), "import")
        if not rows:
            sheet.paragraph(
                "No file imports it: it is sent with the requests below, made by hand there, or "
                "stands in the tenant already."
            )

    def _turns(
        self, sheet: Sheet, found: ClientLanes, stages: Stages, turns: Sequence[OfClient]
    ) -> None:
        """What people and requests make, in turns."""
        by_hand_then = {int(order): one for _, order, one in turns}
        made = [each for each in (*found.companies, *found.objects) if each.lane is Lane.API]
        by_stage: dict[int, list[BookObject]] = {}
        for each in made:
            by_stage.setdefault(stages.of(each), []).append(each)
        for stage in range(max({2, *by_stage, *by_hand_then}) + 1):
            if stage in by_hand_then:
                sheet.heading(f"By hand{when_made(stage) or ', once the requests are sent'}")
                _add(sheet, [("", "", by_hand_then[stage])])
            if stage in by_stage:
                self._requests(sheet, by_stage[stage], again=stage > 1)

    def _requests(self, sheet: Sheet, sent: Sequence[BookObject], *, again: bool) -> None:
        """The requests of a client: one step that sends them, and in order what they make."""
        sheet.heading("Requests that had to wait" if again else "What the requests do")
        many = f"{counted(len(sent), 'request')} of {exact('autotask/requests.json')}"
        check = "Check: each object of the tables below is found by its name, and reads as they say"
        sheet.step(f"send this client's {many}, one by one, in their order", (check,), "send")
        made = [each for each in sent if each.id not in self._patched]
        contracts = [each for each in made if first_word(each) == "contract"]
        if contracts:
            sheet.heading("Contracts, in the order in which they are made", 3)
            heads = ("Contract", "Type", "Days", "Exclusion set", "Exclusion contract")
            sheet.table([heads, *(self._contract(sheet, each) for each in contracts)])
        others = [each for each in made if first_word(each) != "contract"]
        if others:
            sheet.heading("All else", 3)
            self._named(sheet, others)
        changed = [each for each in sent if each.id in self._patched]
        if changed:
            sheet.heading("What stands there already, and is changed", 3)
            self._named(sheet, changed)

    def _named(self, sheet: Sheet, objects: Iterable[BookObject]) -> None:
        rows = [(sort_of(each.id).one, *self._other(sheet, each)) for each in objects]
        sheet.table([("What", "Name", "Where"), *rows])

    def _contract(self, sheet: Sheet, each: BookObject) -> tuple[str, ...]:
        def said(name: str) -> str:
            if name not in each.body:
                return "none"
            return sheet.said(each.entity, name, each.body[name], each.client)

        return (
            exact(each.name),
            said("contractType"),
            f"{said('startDate')} to {said('endDate')}",
            said("contractExclusionSetID"),
            said("exclusionContractID"),
        )

    def _other(self, sheet: Sheet, each: BookObject) -> tuple[str, str]:
        where = exact(sheet.name(each.parent)) if each.parent else sheet.title
        return exact(each.name), where

    def _look(self, sheet: Sheet, at: dict[str, list[OfClient]]) -> None:
        begun = False
        for place, words in (
            (DEFAULTS, of_defaults),
            (RETAINERS, of_retainers),
            (MILESTONES, of_milestones),
        ):
            if any(one.blocks for _, _, one in at.get(place, ())):
                if not begun:
                    sheet.heading("What to look at once all is made")
                begun = True
                words(sheet)
                _add(sheet, at[place])


def _add(sheet: Sheet, parts: Sequence[OfClient]) -> None:
    """What parts say, without the heading that says whose they are."""
    for _, _, one in parts:
        begun = bool(one.blocks) and isinstance(one.blocks[0], Heading)
        sheet.blocks += one.blocks[1:] if begun else one.blocks


IMPORT = "Admin, the import of this sort of record (place in the menu unverified)"


def _names(names: Iterable[str]) -> str:
    return ", ".join(exact(name) for name in names)
