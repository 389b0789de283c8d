"""The manual lane: what only a person can do, step by step, with screen and exact values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from billing_dsl.book.contract import Contract
from billing_dsl.book.naming import contract_title
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.settings import Settings
from billing_dsl.targets import (
    Assembled,
    Compilation,
    Everybody,
    Passage,
    Passages,
    Teller,
    Views,
    target,
)
from billing_dsl.targets._changes import Change, Deed
from billing_dsl.targets._contracts import PURCHASE_CODES, TYPES
from billing_dsl.targets._csv import table
from billing_dsl.targets._imports import (
    ORGANIZATIONS_SOURCE,
    SERVICES_SOURCE,
    Screens,
    screens,
)
from billing_dsl.targets._in_short import InShort
from billing_dsl.targets._labels import Entry, label
from billing_dsl.targets._lanes import BookObject, ClientLanes, Lane, SharedLanes, lanes
from billing_dsl.targets._sending import Sending, Words
from billing_dsl.targets._sending import Step as Mend
from billing_dsl.targets._sheet import Numbered, Sheet, exact, joined, moved
from billing_dsl.targets._sorts import GONE, SORTS, STANDS, Sort, sort_of
from billing_dsl.targets._stages import LISTS, Stages
from billing_dsl.targets._values import Pick, plain
from billing_dsl.templates.columns import Screen
from billing_dsl.templates.imports import ImportTemplate

PATH = "autotask/checklist.md"
STEPS = "autotask/steps.csv"


@target
def checklist(compilation: Compilation) -> Teller:
    """What only a person can do in Autotask, in `autotask/checklist.md`: steps with a box to tick.

    First what requests and import files build upon, then the files, then the requests, then what
    clients share and what each client has for itself, then what changes later, day by day. Where
    requests need something that a person makes, they come after it. Every step names the screen,
    the exact values as they stand in Autotask, what shows at once that it was done, and what would
    show it later; what nobody has verified says so. At the end stand the requests that can take the
    place of later steps.

    `autotask/steps.csv` has the same steps as a table, each with its day, its client and the object
    in question by its id in the other files. Every object of the manual lane has exactly one step
    that makes it.
    """
    return _Checklist(compilation)


_COLUMNS = ("step", "day", "client", "what", "deed", "object")

IMPORTED, TURNS, MENDED, DEFAULTS, RETAINERS, MILESTONES, LATER, SENT, ENDED = (
    *("imported", "turns", "mended", "defaults", "retainers", "milestones"),
    *("later", "sent", "ended"),
)
"""Places of the list at which clients tell of themselves. At `TURNS` they stand in the order of
stages, at `LATER` and `SENT` in that of days.
"""


class _Checklist(Teller):
    """Goes through the list: of what clients share by itself, of each client at its places."""

    def __init__(self, compilation: Compilation) -> None:
        self._compilation = compilation
        self._settings = compilation.declared.shared.settings
        self._lanes = lanes(compilation)
        self._sending = compilation.sending
        self._mends: dict[str, list[Mend]] = {}
        for step in self._sending.steps if self._sending is not None else ():
            if not step.first:
                self._mends.setdefault(step.client, []).append(step)

    # --- client by client

    def of_family(self, views: Views) -> Iterator[Passage]:
        stages = self._lanes.stages_of_family(views)
        for found in self._lanes.left_of_family(views):
            for place, order, sheet in self._of_client(found, stages):
                if sheet.lines:
                    text = sheet.text().rstrip(b"\n") + b"\n"
                    yield Passage(found.name, _at(PATH, place), text, order)
                    yield Passage(found.name, _at(STEPS, place), sheet.table(), order)
                if place == LATER:
                    yield Passage(found.name, _at(PATH, SENT), sheet.requests(), order)

    def _of_client(self, found: ClientLanes, stages: Stages) -> Iterator[tuple[str, str, Sheet]]:
        """What there is to do for a client, part by part, with the place of each."""
        sheet = self._sheet(found)
        _completing(sheet, [each for each in found.companies if each.lane is Lane.IMPORT])
        yield IMPORTED, "", sheet
        by_stage: dict[int, list[BookObject]] = {}
        for each in _by_hand(found.own):
            by_stage.setdefault(stages.of(each), []).append(each)
        wanting = [each for each in found.own if each.lane is Lane.API and each.values]
        for stage in sorted({*by_stage, *([2] if wanting else [])}):
            sheet = self._sheet(found)
            sheet.heading(f"Client {sheet.title}{_when(stage)}")
            for each in by_stage.get(stage, ()):
                _make(sheet, each)
            if stage == 2:
                _complete(sheet, wanting, "What the requests cannot say")
            yield TURNS, str(stage), sheet
        sheet = self._sheet(found)
        _mend(sheet, f"Client {sheet.title}", self._mends.get(found.name, ()))
        yield MENDED, "", sheet
        for place, look in (
            (DEFAULTS, _default),
            (RETAINERS, _retainers),
            (MILESTONES, _milestones),
        ):
            sheet = self._sheet(found)
            look(sheet, found)
            yield place, "", sheet
        for day, due in groupby(found.changes, lambda change: change.day):
            sheet = self._sheet(found)
            for change in due:
                _change(sheet, change, change.makes)
            yield LATER, str(day), sheet
        sheet = self._sheet(found)
        _ended(sheet, found)
        yield ENDED, "", sheet

    def _sheet(self, found: ClientLanes | SharedLanes) -> Sheet:
        """An empty sheet, for a client or for what clients share."""
        client = found.account.view.client if isinstance(found, ClientLanes) else None
        return Sheet(found.names, self._settings.currency, client)

    # --- all together

    def of_all(self, everybody: Everybody) -> Iterator[Assembled]:
        yield Assembled(PATH, joined(self._text(everybody)), "checklist")
        yield Assembled(STEPS, self._rows(everybody), "table")

    def _parts(self, everybody: Everybody) -> Iterator[Sheet | tuple[str, str]]:
        """The list part by part: a sheet, or a place at which clients have told, and its order."""
        found, clients = self._lanes.left_of_all(everybody), everybody.in_short
        sheet = self._sheet(found)
        _opening(sheet, self._compilation, self._settings, found, clients)
        _before(sheet, self._settings, found, clients, self._sending)
        _imports(sheet, found, clients, screens(self._compilation.declared))
        yield sheet
        yield IMPORTED, ""
        yield from self._in_turns(found, everybody)
        yield from self._otherwise(found, everybody)
        yield from self._look(found, everybody)
        yield from self._later(found, everybody)
        if any(client.ended for client in clients):
            sheet = self._sheet(found)
            _left_out(sheet)
            yield sheet
        yield ENDED, ""

    def _text(self, everybody: Everybody) -> Iterator[bytes | Passages]:
        """The list as text, its steps numbered; in the end the requests by the same numbers."""
        numbered = Numbered()
        sent: list[bytes | Passages] = []
        for part in self._parts(everybody):
            if isinstance(part, Sheet):
                text = part.text()
                sent.append(moved(part.requests(), text, numbered.last))
                yield numbered.steps(text)
                continue
            place, order = part
            told = _each(everybody.passages(_at(PATH, place), order))
            if place != LATER:
                yield from (_with(one, numbered.steps(one.content)) for one in told)
                continue
            for one, found in zip(
                told, _each(everybody.passages(_at(PATH, SENT), order)), strict=True
            ):
                sent.append(_with(found, moved(found.content, one.content, numbered.last)))
                yield _with(one, numbered.steps(one.content))
        if any(found.content if isinstance(found, Passages) else found for found in sent):
            yield _as_requests(self._sheet(self._lanes.left_of_all(everybody))).text()
            yield from sent

    def _rows(self, everybody: Everybody) -> Iterator[bytes | Passages]:
        """The steps as a table, by the same numbers."""
        numbered = Numbered()
        yield table([_COLUMNS])
        for part in self._parts(everybody):
            if isinstance(part, Sheet):
                yield numbered.rows(part.table())
                continue
            place, order = part
            for one in _each(everybody.passages(_at(STEPS, place), order)):
                yield _with(one, numbered.rows(one.content))

    def _in_turns(
        self, found: SharedLanes, everybody: Everybody
    ) -> Iterator[Sheet | tuple[str, str]]:
        """What people and requests make, in turns: each builds upon what was made before."""
        stages = self._lanes.stages_of_all(everybody)
        requests = Counter(map(stages.of, found.of(Lane.API)))
        for client in everybody.in_short:
            requests.update(dict(client.requests))
        shared: dict[int, list[BookObject]] = {}
        for each in _by_hand((*found.lists, *found.sets)):
            if _word(each) not in LISTS:
                shared.setdefault(stages.of(each), []).append(each)
        told = set(map(int, everybody.orders(_at(PATH, TURNS))))
        for stage in range(max({2, *requests, *shared, *told}) + 1):
            sheet = self._sheet(found)
            if stage % 2:
                _requests(sheet, stage, requests, found, everybody.in_short, self._sending)
                yield sheet
                continue
            if stage in shared:
                sheet.heading(f"What clients share{_when(stage)}")
                _groups(sheet, shared[stage])
            yield sheet
            yield TURNS, str(stage)

    def _otherwise(
        self, found: SharedLanes, everybody: Everybody
    ) -> Iterator[Sheet | tuple[str, str]]:
        """What no request changes about a tenant, client by client."""
        if self._sending is not None and self._mends:
            sheet = self._sheet(found)
            sheet.heading("What the tenant holds otherwise")
            sheet.paragraph(
                f"The snapshot of {self._sending.taken_at} shows what no request changes, and what "
                "the catalogue does not know. Each of these can be mended on either side: here, or "
                "in the catalogue."
            )
            _mend(sheet, "What clients share", self._mends.get("", ()))
            yield sheet
            yield MENDED, ""

    def _look(self, found: SharedLanes, everybody: Everybody) -> Iterator[Sheet | tuple[str, str]]:
        """What is left to look at, for all clients screen by screen."""
        begun = False
        for place, words in (
            (DEFAULTS, _of_defaults),
            (RETAINERS, _of_retainers),
            (MILESTONES, _of_milestones),
        ):
            if everybody.size(_at(PATH, place)):
                sheet = self._sheet(found)
                if not begun:
                    sheet.heading("What to look at once all is made")
                begun = True
                words(sheet)
                yield sheet
                yield place, ""

    def _later(self, found: SharedLanes, everybody: Everybody) -> Iterator[Sheet | tuple[str, str]]:
        """What changes later, day by day."""
        shared: dict[str, list[Change]] = {}
        for change in found.changes:
            shared.setdefault(str(change.day), []).append(change)
        days = sorted({*shared, *everybody.orders(_at(PATH, LATER))})
        if days:
            sheet = self._sheet(found)
            _of_later(sheet, found.changes)
            yield sheet
        prices = {each.id: each.day for each in found.lists if each.day}
        for day in days:
            sheet = self._sheet(found)
            sheet.heading(day, 3)
            for change in shared.get(day, ()):
                is_price = change.object.startswith("price:")
                made = is_price and prices.get(change.object) == change.day
                _change(sheet, change, change.makes or made)
            yield sheet
            yield LATER, day


def _at(file: str, place: str) -> str:
    return f"{file}#{place}"


def _each(passages: Iterable[Passages]) -> Iterator[Passages]:
    return (one for some in passages for one in some.each())


def _with(passages: Passages, content: bytes) -> Passages:
    """One passage, with its content as it stands in the file."""
    return passages._replace(content=content, lengths=(len(content),))


# --- the parts -----------------------------------------------------------------------------------


def _opening(
    sheet: Sheet,
    compilation: Compilation,
    settings: Settings,
    found: SharedLanes,
    clients: Sequence[InShort],
) -> None:
    requests = len(found.of(Lane.API)) + sum(_requested(client) for client in clients)
    rows = len(found.of(Lane.IMPORT)) + sum(client.rows for client in clients)
    sheet.heading(f"Autotask, by hand: {settings.title}", 1)
    sheet.paragraph(
        f"State of {compilation.as_of}. Three ways lead into Autotask: "
        f"{_count(requests, 'request')} that a program sends (requests.json), "
        f"{_count(rows, 'row')} in files for Autotask's own import "
        "(import/), and these steps for a person."
    )
    sheet.paragraph(
        "Go through them from top to bottom: each part builds upon those before it. What stands "
        f"{exact('like this')} is to be entered, or found, exactly so. Tick a step once what "
        "follows “Check” is true; “Later” tells what else would show that something is amiss. "
        "Screens and labels are those of the vendor's help; what is marked unverified nobody has "
        "seen in a tenant. The same steps as a table, to sort and to share out: steps.csv."
    )


def _requested(client: InShort) -> int:
    return sum(number for _, number in client.requests)


def _before(
    sheet: Sheet,
    settings: Settings,
    found: SharedLanes,
    clients: Sequence[InShort],
    sending: Sending | None,
) -> None:
    sheet.heading("Before anything is sent")
    sheet.paragraph(
        "Each of these has to be there, active, once, and under exactly this name: imports and "
        "requests find them by it. Where your tenant has other names for the codes of purchases "
        "and of the set-up fee, rename them, or say in the settings what it calls them, under "
        f"{exact('autotask.labels')}."
    )
    shared = [each for each in _by_hand(found.lists) if _word(each) in LISTS]
    _groups(sheet, [each for each in shared if _word(each) != "work_type"])
    _groups(
        sheet,
        [each for each in shared if _word(each) == "work_type"],
        "Leave the mark that excludes a work type from new contracts unset: whether contracts made "
        "by requests obey it is not known (unverified), and every exclusion is written out anyway.",
    )
    first = [step for step in sending.steps if step.first] if sending is not None else []
    _mend(sheet, "What is out of use, or has another name", first)
    _system(sheet, settings, clients)


def _system(sheet: Sheet, settings: Settings, clients: Iterable[InShort]) -> None:
    """What the whole system has to be set to, so that work is billed as was proved."""
    sheet.heading("System settings", 3)
    types = {kind for client in clients for kind in client.asked.every_type}
    steps = [
        (
            "a time entry needs a work type: it is required on every ticket category",
            "Admin > Features & Settings > Service Desk > Ticket Categories (unverified)",
            "an entry without a work type is billed on the contract where it started",
        ),
        (
            "tickets from the Client Portal take the organization's default contract",
            "the settings of the Client Portal (place unverified)",
            "such tickets have no contract, and their work is billed at standard rates",
        ),
        (
            f"hours worked are rounded up to {exact(plain(settings.hours_rounding))} minutes",
            "the settings of time entry (place unverified)",
            "hours on invoices are not those that the scope documents promise",
        ),
    ]
    if ContractType.BLOCK_HOURS in types:
        switch = exact("on" if settings.multiplier_on_overage else "off")
        steps.append(
            (
                f"the setting “apply block hour multiplier to overages” is {switch}",
                "Admin > System Settings > Contracts (unverified)",
                "overage on invoices is not what the scope documents promise",
            )
        )
    for words, screen, later in steps:
        sheet.step(words, (f"Screen: {screen}. Check: it is set so. Later: {later}.",))


def _groups(sheet: Sheet, objects: Iterable[BookObject], more: str = "") -> None:
    """Shared objects that a person makes: those of one sort together, under one heading."""
    of: dict[str, list[BookObject]] = {}
    for each in objects:
        of.setdefault(_word(each), []).append(each)
    for found in of.values():
        _group(sheet, found, more)


def _group(sheet: Sheet, objects: Sequence[BookObject], more: str) -> None:
    word, sort = _word(objects[0]), sort_of(objects[0].id)
    sheet.heading(sort.many, 3)
    reasons = list(dict.fromkeys("; ".join(each.reasons) for each in objects))
    shared = f" By hand because {reasons[0]}." if len(reasons) == 1 else ""
    sheet.paragraph(f"{_looked(sort)}{shared}{' ' if more else ''}{more}")
    for each in objects:
        entries = _entries(sheet, each)
        details = [_entry(one) for one in entries]
        start = f", in use from {each.day} on" if each.day is not None else ""
        context = "" if each.parent or word == "price" else f"{sort.one} "
        if each.parent:
            words = _added(sheet, each.id, each.name, each.parent)
        elif word == "price":
            words, details = f"{_priced(sheet, each.id)}: {exact(entries[0].value)}", []
        elif word == "billing_code":
            words, details = f"{exact(each.name)}, {entries[0].note}", []
        elif word == "sub_issue":
            words, details = f"{exact(each.name)} of the issue {exact(entries[0].value)}", []
        else:
            words = exact(each.name)
        if len(reasons) > 1:
            details += [f"By hand because {reason}" for reason in each.reasons]
        sheet.step(words + start, details, "make", each.id, context=context)


def _by_hand(objects: Iterable[BookObject]) -> Iterator[BookObject]:
    """What a person makes at once; a later price is made on its day."""
    for each in objects:
        later = each.day is not None and (bool(each.client) or _word(each) == "price")
        if each.lane is Lane.MANUAL and not later:
            yield each


def _looked(sort: Sort) -> str:
    """Where steps of a sort are done, and what shows that they were."""
    return f"Screen: {sort.screen}. Check: {sort.check}. Later: {sort.later}."


def _entries(sheet: Sheet, each: BookObject) -> list[Entry]:
    """What is to be entered of an object."""
    told = sheet.entered(each.entity, each.body, each.parent, each.client, each.name)
    return [*told, *each.values]


def _entry(one: Entry) -> str:
    """One thing to enter, in words."""
    return f"{one.label}: {_value(one)}"


def _together(entries: Iterable[Entry]) -> str:
    """Several things to enter, in a sentence."""
    return ", ".join(f"{e.label} {_value(e)}" if e.value else _entry(e) for e in entries)


def _value(one: Entry) -> str:
    if not one.value:
        return one.note
    return f"{exact(one.value)} ({one.note})" if one.note else exact(one.value)


def _imports(
    sheet: Sheet, found: SharedLanes, clients: Sequence[InShort], screens: Screens
) -> None:
    """The steps of import files; of what these cannot say of it, each client tells itself."""
    services = found.of(Lane.IMPORT)
    organizations = sum(client.rows for client in clients)
    if not (services or organizations):
        return
    sheet.heading("Import files")
    sheet.paragraph(
        "Screen: Admin, the import of this sort of record (place in the menu unverified). The row "
        "limit of the screens is not known (unverified)."
    )
    for screen, count, source in (
        (Screen.ORGANIZATIONS, organizations, ORGANIZATIONS_SOURCE),
        (Screen.SERVICES, len(services), SERVICES_SOURCE),
    ):
        if count:
            check = f"Check: Import History shows {_count(count, 'record')} and no error"
            words = f"import {exact(f'import/{screen.value}.csv')}, {_count(count, 'row')}"
            template = screens.template(screen)
            form = _own_form(template) if template.own else _guessed(screen, source)
            sheet.step(words, (form, check), "import")
    title = "What the files cannot say"
    _complete(sheet, services, title)
    if any(client.incomplete for client in clients):
        if not any(each.values for each in services):
            sheet.heading(title, 3)
        sheet.paragraph(_looked(sort_of("company:")))


def _own_form(template: ImportTemplate) -> str:
    """What is said of a file in the form of the tenant's own template."""
    mark = " with a byte order mark" if template.encoding.mark else ""
    between = "commas" if template.delimiter == "," else "semicolons"
    return (
        f"It has the columns of your template {exact(template.path)}, in {template.encoding.name}"
        f"{mark}, with {between}. Where Autotask has another header by now, download the template "
        "again, lay it there, and compile"
    )


def _guessed(screen: Screen, source: str) -> str:
    """What is said of a file whose columns nobody has seen in the tenant."""
    return (
        f"Its headers are guesses (unverified), from {source}: encoding, decimal separator and the "
        "word in front of a column (Organization, Company, Account, …) differ by tenant. Download "
        f"the screen's own template into the catalogue, as "
        f"{exact(f'templates/autotask/{screen.value}.csv')}, and compile again: the file then has "
        "your columns. Or move the cells by hand under the template's headers"
    )


_ORDERLY = (
    "Before each, look by what it has as {} whether the object is there already: nothing in "
    "Autotask keeps a request from being carried out twice"
)
_ONCE = (
    "Send units of a service only where the row that their key names is missing: sent again, they "
    "double the units"
)


def _requests(
    sheet: Sheet,
    stage: int,
    numbers: Mapping[int, int],
    found: SharedLanes,
    clients: Iterable[InShort],
    sending: Sending | None,
) -> None:
    """The step that sends the requests of a stage; `numbers` tell how many there are of each."""
    number, every = numbers.get(stage, 0), sum(numbers.values())
    check = "Check: each object is found by its key, and reads back as it was sent"
    if stage == 1:
        sheet.heading("Requests")
        if not every:
            sheet.paragraph("There is nothing to send.")
            return
        sheet.paragraph("For whoever looks after the program that talks to Autotask.")
        later = every - number
        held = f"{later:,} of them can be sent only after later steps by hand"
        calls = f"That takes up to {2 * every:,} calls; Autotask allows 10,000 an hour"
        words = f"send the {_count(every, 'request')} of {exact('requests.json')}"
        details = [
            _ORDERLY.format(exact("key")),
            _ONCE,
            *([held] if later else []),
            f"{calls}, to all programs together",
            check,
        ]
        sheet.step(f"{words}, one by one, in their order", details, "send")
        shared = found.of(Lane.API)
        picks = {value for each in shared for value in each.body.values() if type(value) is Pick}
        picks |= {Pick(*pick) for client in clients for pick in client.asked.picks}
        _picks(sheet, picks.difference(sending.picks if sending is not None else ()))
        _complete(sheet, shared, "What the requests cannot say")
    elif number:
        sheet.heading("Requests that had to wait")
        many = f"{_count(number, 'request')} of {exact('requests.json')}"
        sheet.step(f"send what could not be sent before: {many}", (check,), "send")


def _when(stage: int) -> str:
    """When a person makes something, beside the requests."""
    return ", before the requests" if stage == 0 else ", after that" if stage > 2 else ""


def _picks(sheet: Sheet, picks: Collection[Pick]) -> None:
    """The entries of Autotask's lists that requests choose, as they call them."""
    if not picks:
        return
    sheet.paragraph(
        "The requests choose these entries of Autotask's lists. A tenant may call them otherwise, "
        "in another language above all (unverified): then say which is which."
    )
    sheet.row("List", "Entries")
    sheet.lines.append("|---|---|")
    for (entity, name), found in groupby(sorted(picks), lambda pick: (pick.entity, pick.field)):
        entries = ", ".join(exact(pick.label) for pick in found)
        what = _first(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entity).lower())
        sheet.row(f"{what}: {label(name)}", entries)


# --- what the tenant holds otherwise --------------------------------------------------------------


def _mend(sheet: Sheet, title: str, steps: Sequence[Mend]) -> None:
    """Steps about what the tenant has, of one client or of what clients share."""
    if steps:
        sheet.heading(title, 3)
    for step in steps:
        sort = SORTS.get(step.object.partition(":")[0])
        details = [_exactly(detail) for detail in step.details]
        check = "Check: compiled with a new snapshot, the list has this step no more."
        details.append(f"Screen: {sort.screen}. {check}" if sort is not None else check)
        sheet.step(_exactly(step.words), details, "mend", step.object, step.client)


def _exactly(words: Words) -> str:
    """Words and exact names in turns, as a sheet takes them."""
    return "".join(exact(part) if n % 2 else part for n, part in enumerate(words))


# --- what was made -------------------------------------------------------------------------------


def _of_defaults(sheet: Sheet) -> None:
    sort = sort_of("contract:")
    sheet.heading("Default service desk contracts", 3)
    sheet.paragraph(
        f"Screen: {sort.screen}, or the organization's page. Check: a new ticket of the "
        "organization shows it as its contract. Later: work on tickets without a contract is "
        "billed at standard rates."
    )


def _default(sheet: Sheet, found: ClientLanes) -> None:
    account = found.account
    contract = account.view.family.book.contracts.get(account.default)
    if contract is not None:
        words = f"{sheet.title}: {exact(_title(contract))}"
        context = "default service desk contract of "
        about = f"contract:{contract.id}"
        sheet.step(words, (), "look", about, found.name, context=context)


def _title(contract: Contract) -> str:
    return contract_title(contract.agreement, contract.name)


def _of_retainers(sheet: Sheet) -> None:
    sort = sort_of("charge:")
    sheet.heading("Charges of retainers", 3)
    sheet.paragraph(
        f"Screen: {sort.screen}. Check: {sort.check}. Whether requests make the charge of a "
        "retainer is not known (unverified): where there is none, add one with the material code "
        f"{exact(PURCHASE_CODES[ContractType.RETAINER])}; never two."
    )


def _retainers(sheet: Sheet, found: ClientLanes) -> None:
    for each in _sent(found, "ContractRetainers"):
        amount = sheet.said(each.entity, "amount", each.body["amount"], each.client)
        words = f"{sheet.on(each.client, each.parent)}one charge of {amount} for the {each.name}"
        sheet.step(words, (), "look", each.id, each.client)


def _of_milestones(sheet: Sheet) -> None:
    sheet.heading("Milestones", 3)
    sheet.paragraph(
        f"Screen: {sort_of('milestone:').screen}. Set each to Ready to Bill once it is reached. "
        "Check: on its due date it waits in Approve & Post. Later: the fixed price is not billed."
    )


def _milestones(sheet: Sheet, found: ClientLanes) -> None:
    for each in _sent(found, "ContractMilestones"):
        amount = sheet.said(each.entity, "amount", each.body["amount"], each.client)
        words = f"{sheet.on(each.client, each.parent)}{each.name}: {amount}"
        due = each.body["dateDue"]
        day = due if isinstance(due, date) else None
        context = "set to Ready to Bill once it is reached: "
        sheet.step(words, (), "look", each.id, each.client, day, context)


def _sent(found: ClientLanes, entity: str) -> Iterator[BookObject]:
    return (each for each in found.own if each.lane is Lane.API and each.entity == entity)


def _make(sheet: Sheet, each: BookObject) -> None:
    """A step that makes one object of a client by hand."""
    sort = sort_of(each.id)
    details = [f"Screen: {sort.made_on}", *map(_entry, _entries(sheet, each))]
    if _word(each) == "charge":
        details.append(_ITSELF)
    details += [f"By hand because {reason}" for reason in each.reasons]
    details.append(f"Check: {sort.check}. Later: {sort.later}.")
    words = _added(sheet, each.id, each.name, each.parent)
    sheet.step(words, details, "make", each.id, each.client)


_ITSELF = (
    "The screen makes the charge when the purchase is entered there: add one only where there is "
    "none, and never two"
)


def _added(sheet: Sheet, object_id: str, name: str, parent: str) -> str:
    """That something is added, and to what."""
    return sheet.on("", parent) + sort_of(object_id).add.format(thing=_thing(object_id, name))


_UNNAMED = ("units", "block", "retainer", "tickets", "milestone")
"""Sorts whose names are no names in Autotask: what they say is entered in its own fields."""


def _thing(object_id: str, name: str) -> str:
    word = object_id.partition(":")[0]
    return sort_of(object_id).thing.format(name=name if word in _UNNAMED else exact(name))


def _complete(sheet: Sheet, objects: Iterable[BookObject], title: str) -> None:
    """Steps that add what the lane of an object cannot carry."""
    wanting = [each for each in objects if each.values]
    if wanting:
        sheet.heading(title, 3)
    for word, group in groupby(wanting, _word):
        sheet.paragraph(_looked(sort_of(f"{word}:")))
        _completing(sheet, group)


def _completing(sheet: Sheet, objects: Iterable[BookObject]) -> None:
    """The steps of objects of one sort."""
    for each in objects:
        if each.values:
            words = f"{sort_of(each.id).one} {exact(each.name)}: {_together(each.values)}"
            sheet.step(words, (), "complete", each.id, each.client)


# --- what changes later --------------------------------------------------------------------------

_AGAIN = (
    "Then: entries of work from this day on that were saved before stay on their contract; open "
    "those that are not posted and save them again (unverified)"
)


def _of_later(sheet: Sheet, changes: Iterable[Change]) -> None:
    """What is said of all later steps; `changes` are those of what clients share."""
    sheet.heading("On later days")
    sheet.paragraph(
        "Take these steps on the morning of their day, before time is entered: Autotask applies "
        "exclusions when an entry is saved. Compiled again after that day, the list has them no "
        "more. A step whose number stands at the end of the list can be sent as a request in place "
        "of being done by hand."
    )
    if any(change.object.startswith("service:") for change in changes):
        sheet.paragraph(
            "Contracts that exist keep the old price of a service: the Bulk Service Updater "
            "carries a new one over."
        )


def _change(sheet: Sheet, change: Change, makes: bool) -> None:
    """A dated step: what becomes of what, and what is entered."""
    sort = sort_of(change.object)
    details = [f"Screen: {sort.screen}"]
    check = sort.check
    if change.deed is Deed.ADD:
        what = sort.add.format(thing=_thing(change.object, change.name))
        entered = sheet.entered(
            change.entity, change.entered, change.parent, change.client, change.name
        )
        if entered:
            details.append(f"Enter: {_together(entered)}")
        if change.object.startswith("charge:"):
            details.append(_ITSELF)
        elif change.object.startswith("retainer:"):
            details.append("Then: see that it has one charge, and never two (unverified)")
    elif change.deed is Deed.TAKE_AWAY:
        what = sort.remove.format(thing=_thing(change.object, change.name))
        check = GONE
    else:
        what = _turned(sheet, change)
        check = check if change.turns[0].field == "unitChange" else STANDS
    details += [f"No request carries the {_entry(one)}" for one in change.left]
    details += [f"By hand because {reason}" for reason in change.reasons]
    if change.reroutes:
        details.append(_AGAIN)
    details.append(f"Check: {check}. Later: {sort.later}.")
    words = f"{sheet.on(change.client, change.parent)}{what}"
    deed = "make" if makes else "change"
    number = sheet.step(words, details, deed, change.object, change.client, change.day)
    if change.method:
        sheet.sent.append((number, change))


def _turned(sheet: Sheet, change: Change) -> str:
    """What comes to hold another value, from what to what."""
    turns = ", ".join(
        f"{label(turn.field)} from "
        f"{sheet.said(change.entity, turn.field, turn.before, change.client)} to "
        f"{sheet.said(change.entity, turn.field, turn.after, change.client)}"
        for turn in change.turns
    )
    if change.object.startswith("units:"):
        return f"{exact(change.name.partition(' × ')[2])}: {turns}"
    if change.object.startswith("price:"):
        return f"{_priced(sheet, change.object)}: {turns}"
    word = change.object.partition(":")[0]
    if word in _UNNAMED:
        return f"{change.name}: {turns}"
    if word in ("rate", "block_factor"):
        return f"role {exact(change.name)}: {turns}"
    return f"{sort_of(change.object).one} {exact(change.name)}: {turns}"


def _priced(sheet: Sheet, object_id: str) -> str:
    """What a price in a further currency is for."""
    owner = object_id.removeprefix("price:").rpartition("/")[0].replace("/", ":", 1)
    return f"{sort_of(owner).one} {exact(sheet.name(owner))}"


def _left_out(sheet: Sheet) -> None:
    """What is said of contracts that have ended, of which each client tells itself."""
    sheet.heading("Left out")
    sheet.paragraph(
        "These contracts have ended. No request makes or changes them; where Autotask still shows"
        " one as active, an end date is what stops a recurring service from billing."
    )


def _ended(sheet: Sheet, found: ClientLanes) -> None:
    for contract in found.ended:
        kind = TYPES[contract.type]
        ended = f"{exact(_title(contract))}, {kind}, ended on {contract.life.end}"
        sheet.item(f"{sheet.title}: {ended}")


def _as_requests(sheet: Sheet) -> Sheet:
    """What is said of the requests that can take the place of later steps."""
    sheet.heading("Later steps as requests")
    sheet.paragraph(
        "For whoever looks after the program that talks to Autotask. Each of these can be sent on "
        "its day, in this order, in place of the step with its number: one or the other, never "
        "both."
    )
    return sheet


def _word(each: BookObject) -> str:
    return each.id.partition(":")[0]


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
