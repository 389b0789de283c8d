"""The manual lane: what only a person can do, step by step, with screen and exact values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby, pairwise

from billing_dsl.book.contract import Contract
from billing_dsl.book.naming import contract_title
from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.settings import Settings
from billing_dsl.targets import Artifact, Compilation, target
from billing_dsl.targets._changes import Change, Deed
from billing_dsl.targets._contracts import PURCHASE_CODES, TYPES
from billing_dsl.targets._csv import Cell, table
from billing_dsl.targets._labels import Entry, fields, label, said
from billing_dsl.targets._lanes import BookObject, Lane, Lanes, left
from billing_dsl.targets._sending import Sending, Words
from billing_dsl.targets._sorts import GONE, SORTS, STANDS, Sort, sort_of
from billing_dsl.targets._values import Body, Pick, Value, lines, plain, written

PATH = "autotask/checklist.md"
STEPS = "autotask/steps.csv"


@target
def checklist(compilation: Compilation) -> Iterator[Artifact]:
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
    found = left(compilation)
    settings = compilation.declared.shared.settings
    sheet = _Sheet(found, settings.currency, compilation.sending)
    _opening(sheet, compilation, settings)
    _before(sheet, settings)
    _imports(sheet)
    _in_turns(sheet)
    _otherwise(sheet)
    _look(sheet)
    _later(sheet)
    _left_out(sheet)
    _as_requests(sheet)
    yield Artifact(PATH, sheet.text(), "checklist")
    yield Artifact(STEPS, table(_COLUMNS, sheet.rows), "table")


_COLUMNS = ("step", "day", "client", "what", "deed", "object")


@dataclass(slots=True)
class _Sheet:
    """The list while it is written: its lines, its steps as rows, and those there are requests for.

    Words for it hold exact names, see `exact`.
    """

    found: Lanes
    house: str
    """The currency of amounts that belong to no client."""
    sending: Sending | None = None
    """What a snapshot of the tenant has shown, where there is one."""
    lines: list[str] = field(default_factory=list)
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    sent: list[tuple[int, Change]] = field(default_factory=list)
    currencies: Mapping[str, str] = field(init=False)
    titles: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        clients = [account.view.client for account in self.found.accounts]
        self.currencies = {client.name: client.currency for client in clients}
        self.titles = {client.name: client.organization for client in clients}

    def heading(self, words: str, level: int = 2) -> None:
        self.lines += ["", f"{'#' * level} {_shown(words)}", ""]

    def paragraph(self, words: str) -> None:
        self.lines += ["", _shown(words), ""]

    def step(
        self,
        words: str,
        details: Iterable[str] = (),
        deed: str = "look",
        about: str = "",
        client: str = "",
        day: date | None = None,
        context: str = "",
    ) -> int:
        """A step with its box. The table tells besides what it is about, and the context that the
        list gives in a heading.
        """
        number = len(self.rows) + 1
        self.rows.append((number, day, client, _bare(f"{context}{words}"), deed, about))
        self.lines.append(f"- [ ] **{number}.** {_shown(_first(words))}")
        self.lines += [f"  - {_shown(detail)}" for detail in details]
        return number

    def text(self) -> bytes:
        """The whole list; no two empty lines in a row."""
        kept = [line for before, line in pairwise(["", *self.lines]) if line or before]
        while not kept[-1]:
            kept.pop()
        return lines(kept)

    def name(self, object_id: str) -> str:
        """What people call an object."""
        return self.found.names.get(object_id, object_id)

    def said(self, entity: str, name: str, value: Value | None, client: str) -> str:
        """A value as a person enters it."""
        if value is None:
            return "none"
        currency = self.currencies.get(client, self.house)
        return exact(said(entity, name, value, currency, self.found.names))

    def on(self, client: str, parent: str) -> str:
        """Whose thing it is, and what it hangs on."""
        whose = f"{self.titles[client]}: " if client else ""
        return f"{whose}{sort_of(parent).one} {exact(self.name(parent))}: " if parent else whose

    def entered(self, entity: str, body: Body, parent: str, client: str, name: str) -> list[Entry]:
        """What a person enters, without what the step says already."""
        currency = self.currencies.get(client, self.house)
        found: list[Entry] = []
        for called, value in fields(body, parent):
            told = said(entity, called, value, currency, self.found.names)
            if told != name or called == "exclusionContractID":
                found.append(Entry(label(called), told))
        return found


# --- the parts -----------------------------------------------------------------------------------


def _opening(sheet: _Sheet, compilation: Compilation, settings: Settings) -> None:
    found = sheet.found
    sheet.heading(f"Autotask, by hand: {settings.title}", 1)
    sheet.paragraph(
        f"State of {compilation.as_of}. Three ways lead into Autotask: "
        f"{_count(len(found.of(Lane.API)), 'request')} that a program sends (requests.json), "
        f"{_count(len(found.of(Lane.IMPORT)), 'row')} in files for Autotask's own import "
        "(import/), and these steps for a person."
    )
    sheet.paragraph(
        "Go through them from top to bottom: each part builds upon those before it. What stands "
        f"{exact('like this')} is to be entered, or found, exactly so. Tick a step once what "
        "follows “Check” is true; “Later” tells what else would show that something is amiss. "
        "Screens and labels are those of the vendor's help; what is marked unverified nobody has "
        "seen in a tenant. The same steps as a table, to sort and to share out: steps.csv."
    )


_LISTS = (
    "contract_type",
    "contract_category",
    "billing_code",
    "tax_region",
    "tax_category",
    "ledger",
    "sub_issue",
)


def _before(sheet: _Sheet, settings: Settings) -> None:
    sheet.heading("Before anything is sent")
    sheet.paragraph(
        "Each of these has to be there, active, once, and under exactly this name: imports and "
        "requests find them by it. Where your tenant has other names for the codes of purchases "
        "and of the set-up fee, rename them, or say in the settings what it calls them, under "
        f"{exact('autotask.labels')}."
    )
    shared = list(_by_hand(sheet.found, ""))
    _groups(sheet, [each for each in shared if _word(each) in _LISTS])
    _groups(
        sheet,
        [each for each in shared if _word(each) == "work_type"],
        "Leave the mark that excludes a work type from new contracts unset: whether contracts made "
        "by requests obey it is not known (unverified), and every exclusion is written out anyway.",
    )
    _steps(sheet, "What is out of use, or has another name", first=True)
    _system(sheet, settings)


def _system(sheet: _Sheet, settings: Settings) -> None:
    """What the whole system has to be set to, so that work is billed as was proved."""
    sheet.heading("System settings", 3)
    types = {contract.type for account in sheet.found.accounts for contract in account.contracts}
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


def _groups(sheet: _Sheet, objects: Iterable[BookObject], more: str = "") -> None:
    """Shared objects that a person makes: those of one sort together, under one heading."""
    of: dict[str, list[BookObject]] = {}
    for each in objects:
        of.setdefault(_word(each), []).append(each)
    for found in of.values():
        _group(sheet, found, more)


def _group(sheet: _Sheet, objects: Sequence[BookObject], more: str) -> None:
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


def _by_hand(found: Lanes, client: str) -> Iterator[BookObject]:
    """What a person makes at once; a later price is made on its day."""
    for each in found.by_client.get(client, ()):
        later = each.day is not None and (bool(client) or _word(each) == "price")
        if each.lane is Lane.MANUAL and not later:
            yield each


def _looked(sort: Sort) -> str:
    """Where steps of a sort are done, and what shows that they were."""
    return f"Screen: {sort.screen}. Check: {sort.check}. Later: {sort.later}."


def _entries(sheet: _Sheet, each: BookObject) -> list[Entry]:
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


def _imports(sheet: _Sheet) -> None:
    imported = sheet.found.of(Lane.IMPORT)
    if not imported:
        return
    sheet.heading("Import files")
    sheet.paragraph(
        "The headers of the files are guesses (unverified): encoding, row limit, decimal separator "
        "and the word in front of a column (Organization, Company, Account, …) differ by tenant. "
        "Screen: Admin, the import of this sort of record (place in the menu unverified). Download "
        "the screen's own template, compare its header with the file's, column by column, and move "
        "the cells under the template's headers where they differ."
    )
    for name, entity in (("organizations.csv", "Companies"), ("services.csv", "Services")):
        count = sum(each.entity == entity for each in imported)
        if count:
            check = f"Check: Import History shows {_count(count, 'record')} and no error"
            words = f"import {exact(f'import/{name}')}, {_count(count, 'row')}"
            sheet.step(words, (check,), "import")
    _complete(sheet, imported, "What the files cannot say")


_ORDERLY = (
    "Before each, look by what it has as {} whether the object is there already: nothing in "
    "Autotask keeps a request from being carried out twice"
)
_ONCE = (
    "Send units of a service only where the row that their key names is missing: sent again, they "
    "double the units"
)


def _in_turns(sheet: _Sheet) -> None:
    """What people and requests make, in turns: each builds upon what was made before."""
    found = sheet.found
    stages = _stages(found)
    requests: dict[int, list[BookObject]] = {}
    for each in found.of(Lane.API):
        requests.setdefault(stages.get(each.id, 1), []).append(each)
    for stage in range(max([2, *requests, *stages.values()]) + 1):
        if stage % 2:
            _requests(sheet, stage, requests)
        else:
            _hand_made(sheet, stage, stages)


_FOUNDATIONS = ("company", "role", "service", "exclusion_set", "contract", "contract_service")
"""Sorts on which requests build."""


def _stages(found: Lanes) -> Mapping[str, int]:
    """When objects are made, where that is not as usual: even stages are a person's, odd ones are
    those of requests. Usual are 1 for requests and 2 for what a person adds to what they made.
    """
    known = {each.id: each for each in found.objects if each.day is None}
    ground = {
        each.id
        for each in known.values()
        if each.lane is Lane.MANUAL and _word(each) in _FOUNDATIONS
    }
    if not ground:
        return {}
    needed: set[str] = set()
    for each in reversed(list(known.values())):
        if each.lane is Lane.API or each.id in needed:
            needed.update(ground.intersection(each.needs))
    stages: dict[str, int] = {}
    for each in known.values():
        by_hand = each.lane is Lane.MANUAL
        if _word(each) in (*_LISTS, "work_type") or each.lane is Lane.IMPORT:
            stages[each.id] = 0
            continue
        stage = 0 if each.id in needed else 1 + by_hand
        for need in each.needs:
            if need in known:
                stage = max(stage, stages.get(need, 1))
        stages[each.id] = stage if stage % 2 != by_hand else stage + 1
    return stages


def _requests(sheet: _Sheet, stage: int, all_of: Mapping[int, Sequence[BookObject]]) -> None:
    """The step that sends the requests of a stage."""
    requests = all_of.get(stage, ())
    every = [each for found in all_of.values() for each in found]
    check = "Check: each object is found by its key, and reads back as it was sent"
    if stage == 1:
        sheet.heading("Requests")
        if not every:
            sheet.paragraph("There is nothing to send.")
            return
        sheet.paragraph("For whoever looks after the program that talks to Autotask.")
        later = len(every) - len(requests)
        held = f"{later:,} of them can be sent only after later steps by hand"
        calls = f"That takes up to {2 * len(every):,} calls; Autotask allows 10,000 an hour"
        words = f"send the {_count(len(every), 'request')} of {exact('requests.json')}"
        details = [
            _ORDERLY.format(exact("key")),
            _ONCE,
            *([held] if later else []),
            f"{calls}, to all programs together",
            check,
        ]
        sheet.step(f"{words}, one by one, in their order", details, "send")
        _picks(sheet, every)
        shared = [each for each in every if not each.client]
        _complete(sheet, shared, "What the requests cannot say")
    elif requests:
        sheet.heading("Requests that had to wait")
        many = f"{_count(len(requests), 'request')} of {exact('requests.json')}"
        sheet.step(f"send what could not be sent before: {many}", (check,), "send")


def _hand_made(sheet: _Sheet, stage: int, stages: Mapping[str, int]) -> None:
    """What a person makes at a stage: what clients share, then client by client."""
    found = sheet.found

    def due(client: str) -> list[BookObject]:
        return [
            each
            for each in _by_hand(found, client)
            if _word(each) not in (*_LISTS, "work_type") and stages.get(each.id, 2) == stage
        ]

    shared = due("")
    when = ", before the requests" if stage == 0 else ", after that" if stage > 2 else ""
    if shared:
        sheet.heading(f"What clients share{when}")
    _groups(sheet, shared)
    for account in found.accounts:
        client = account.view.client
        by_hand, wanting = due(client.name), []
        if stage == 2:
            own = found.by_client.get(client.name, ())
            wanting = [each for each in own if each.lane is Lane.API and each.values]
        if by_hand or wanting:
            sheet.heading(f"Client {client.organization}{when}")
        for each in by_hand:
            _make(sheet, each)
        _complete(sheet, wanting, "What the requests cannot say")


def _picks(sheet: _Sheet, requests: Iterable[BookObject]) -> None:
    """The entries of Autotask's lists that requests choose, as they call them."""
    picks = {value for each in requests for value in each.body.values() if type(value) is Pick}
    picks.difference_update(sheet.sending.picks if sheet.sending is not None else ())
    if not picks:
        return
    sheet.paragraph(
        "The requests choose these entries of Autotask's lists. A tenant may call them otherwise, "
        "in another language above all (unverified): then say which is which."
    )
    sheet.lines += ["| List | Entries |", "|---|---|"]
    for (entity, name), found in groupby(sorted(picks), lambda pick: (pick.entity, pick.field)):
        entries = ", ".join(exact(pick.label) for pick in found)
        what = _first(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entity).lower())
        sheet.lines.append(f"| {_shown(f'{what}: {label(name)}')} | {_shown(entries)} |")


# --- what the tenant holds otherwise --------------------------------------------------------------


def _otherwise(sheet: _Sheet) -> None:
    """What no request changes about a tenant, client by client."""
    sending = sheet.sending
    if sending is None or all(step.first for step in sending.steps):
        return
    sheet.heading("What the tenant holds otherwise")
    sheet.paragraph(
        f"The snapshot of {sending.taken_at} shows what no request changes, and what the catalogue "
        "does not know. Each of these can be mended on either side: here, or in the catalogue."
    )
    _steps(sheet, "What clients share", first=False)
    for client, organization in sheet.titles.items():
        _steps(sheet, f"Client {organization}", first=False, client=client)


def _steps(sheet: _Sheet, title: str, first: bool, client: str = "") -> None:
    """Steps about what the tenant has, of one client or of what clients share."""
    every = sheet.sending.steps if sheet.sending is not None else ()
    steps = [step for step in every if step.first is first and (first or step.client == client)]
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


def _look(sheet: _Sheet) -> None:
    """What is left to look at, for all clients screen by screen."""
    defaults = [
        (account.view.client, contract)
        for account in sheet.found.accounts
        if (contract := account.view.family.book.contracts.get(account.default)) is not None
    ]
    sent = sheet.found.of(Lane.API)
    retainers = [each for each in sent if each.entity == "ContractRetainers"]
    milestones = [each for each in sent if each.entity == "ContractMilestones"]
    if defaults or retainers or milestones:
        sheet.heading("What to look at once all is made")
    _defaults(sheet, defaults)
    _retainers(sheet, retainers)
    _milestones(sheet, milestones)


def _defaults(sheet: _Sheet, defaults: Sequence[tuple[Client, Contract]]) -> None:
    if not defaults:
        return
    sort = sort_of("contract:")
    sheet.heading("Default service desk contracts", 3)
    sheet.paragraph(
        f"Screen: {sort.screen}, or the organization's page. Check: a new ticket of the "
        "organization shows it as its contract. Later: work on tickets without a contract is "
        "billed at standard rates."
    )
    for client, contract in defaults:
        words = f"{client.organization}: {exact(_title(contract))}"
        context = "default service desk contract of "
        about = f"contract:{contract.id}"
        sheet.step(words, (), "look", about, client.name, context=context)


def _title(contract: Contract) -> str:
    return contract_title(contract.agreement, contract.name)


def _retainers(sheet: _Sheet, retainers: Sequence[BookObject]) -> None:
    if not retainers:
        return
    sort = sort_of("charge:")
    sheet.heading("Charges of retainers", 3)
    sheet.paragraph(
        f"Screen: {sort.screen}. Check: {sort.check}. Whether requests make the charge of a "
        "retainer is not known (unverified): where there is none, add one with the material code "
        f"{exact(PURCHASE_CODES[ContractType.RETAINER])}; never two."
    )
    for each in retainers:
        amount = sheet.said(each.entity, "amount", each.body["amount"], each.client)
        words = f"{sheet.on(each.client, each.parent)}one charge of {amount} for the {each.name}"
        sheet.step(words, (), "look", each.id, each.client)


def _milestones(sheet: _Sheet, milestones: Sequence[BookObject]) -> None:
    if not milestones:
        return
    sheet.heading("Milestones", 3)
    sheet.paragraph(
        f"Screen: {sort_of('milestone:').screen}. Set each to Ready to Bill once it is reached. "
        "Check: on its due date it waits in Approve & Post. Later: the fixed price is not billed."
    )
    for each in milestones:
        amount = sheet.said(each.entity, "amount", each.body["amount"], each.client)
        words = f"{sheet.on(each.client, each.parent)}{each.name}: {amount}"
        due = each.body["dateDue"]
        day = due if isinstance(due, date) else None
        context = "set to Ready to Bill once it is reached: "
        sheet.step(words, (), "look", each.id, each.client, day, context)


def _make(sheet: _Sheet, each: BookObject) -> None:
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


def _added(sheet: _Sheet, object_id: str, name: str, parent: str) -> str:
    """That something is added, and to what."""
    return sheet.on("", parent) + sort_of(object_id).add.format(thing=_thing(object_id, name))


_UNNAMED = ("units", "block", "retainer", "tickets", "milestone")
"""Sorts whose names are no names in Autotask: what they say is entered in its own fields."""


def _thing(object_id: str, name: str) -> str:
    word = object_id.partition(":")[0]
    return sort_of(object_id).thing.format(name=name if word in _UNNAMED else exact(name))


def _complete(sheet: _Sheet, objects: Iterable[BookObject], title: str) -> None:
    """Steps that add what the lane of an object cannot carry."""
    wanting = [each for each in objects if each.values]
    if wanting:
        sheet.heading(title, 3)
    for word, group in groupby(wanting, _word):
        sort = sort_of(f"{word}:")
        sheet.paragraph(_looked(sort))
        for each in group:
            words = f"{sort.one} {exact(each.name)}: {_together(each.values)}"
            sheet.step(words, (), "complete", each.id, each.client)


# --- what changes later --------------------------------------------------------------------------

_AGAIN = (
    "Then: entries of work from this day on that were saved before stay on their contract; open "
    "those that are not posted and save them again (unverified)"
)


def _later(sheet: _Sheet) -> None:
    changes = sheet.found.changes
    if not changes:
        return
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
    prices = {each.id: each.day for each in sheet.found.by_client.get("", ()) if each.day}
    for day, due in groupby(changes, lambda change: change.day):
        sheet.heading(str(day), 3)
        for change in due:
            is_price = change.object.startswith("price:")
            _change(sheet, change, change.makes or (is_price and prices.get(change.object) == day))


def _change(sheet: _Sheet, change: Change, makes: bool) -> None:
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


def _turned(sheet: _Sheet, change: Change) -> str:
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


def _priced(sheet: _Sheet, object_id: str) -> str:
    """What a price in a further currency is for."""
    owner = object_id.removeprefix("price:").rpartition("/")[0].replace("/", ":", 1)
    return f"{sort_of(owner).one} {exact(sheet.name(owner))}"


def _left_out(sheet: _Sheet) -> None:
    ended = sheet.found.ended
    if not ended:
        return
    sheet.heading("Left out")
    sheet.paragraph(
        "These contracts have ended. No request makes or changes them; where Autotask still shows"
        " one as active, an end date is what stops a recurring service from billing."
    )
    for contract in ended:
        client = sheet.titles[contract.client]
        kind = TYPES[contract.type]
        words = f"{client}: {exact(_title(contract))}, {kind}, ended on {contract.life.end}"
        sheet.lines.append(f"- {_shown(words)}")


def _as_requests(sheet: _Sheet) -> None:
    """The requests that can take the place of later steps, by the steps' numbers."""
    if not sheet.sent:
        return
    sheet.heading("Later steps as requests")
    sheet.paragraph(
        "For whoever looks after the program that talks to Autotask. Each of these can be sent on "
        "its day, in this order, in place of the step with its number: one or the other, never "
        "both."
    )
    for number, change in sheet.sent:
        body = f" {written(change.body)}" if change.body is not None else ""
        request = exact(f"{change.method} {change.path}{body}")
        sheet.lines.append(f"- **{number}.** {_shown(request)}")


# --- words ---------------------------------------------------------------------------------------

_MARK = "\x1f"


def exact(text: str) -> str:
    """A name in the midst of words, to be entered or found exactly so."""
    return f"{_MARK}{text.replace(_MARK, ' ')}{_MARK}"


def _shown(words: str) -> str:
    """Words as Markdown: exact names as code, all else as plain text."""
    parts = words.split(_MARK)
    return "".join(code(part) if n % 2 else escaped(part) for n, part in enumerate(parts))


def _bare(words: str) -> str:
    """Words for a table."""
    return _first(words).replace(_MARK, "")


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]


def _word(each: BookObject) -> str:
    return each.id.partition(":")[0]


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


_SPECIAL = re.compile(r"([\\`*_\[\]<#|!~]|&(?=#?[0-9A-Za-z]+;))")
_LINES = re.compile(r"\s+")
_UNUSUAL = re.compile(rf"{_SPECIAL.pattern}|\s\s|[^\S ]")


@lru_cache(maxsize=4096)
def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    if _UNUSUAL.search(text) is None:
        return text
    return _SPECIAL.sub(r"\\\1", _LINES.sub(" ", text))


def code(text: str) -> str:
    """Text to be copied exactly, on one line, whatever backticks it holds."""
    text = _LINES.sub(" ", text) if "\n" in text else text
    if "`" not in text:
        return f"`{text}`"
    longest = max(len(run) for run in re.findall("`+", text))
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"
