"""The manual lane: what only a person can do, step by step, with screen and exact values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from billing_dsl.kinds._contract import ContractType
from billing_dsl.kinds.settings import Settings
from billing_dsl.targets import (
    Artifact,
    Assembled,
    Compilation,
    Everybody,
    Passage,
    Passages,
    Teller,
    Views,
    target,
)
from billing_dsl.targets._changes import Change
from billing_dsl.targets._checklist_steps import (
    added,
    as_requests,
    by_hand,
    change_step,
    complete_steps,
    counted,
    entries_of,
    entry_words,
    first_word,
    left_out,
    looked,
    mend_steps,
    of_dashboard,
    of_defaults,
    of_later,
    of_milestones,
    of_retainers,
    priced,
)
from billing_dsl.targets._client_list import (
    DEFAULTS,
    ENDED,
    IMPORTED,
    LATER,
    MENDED,
    MILESTONES,
    RETAINERS,
    SENT,
    TURNS,
    ClientLists,
    OfClient,
    when_made,
)
from billing_dsl.targets._csv import table
from billing_dsl.targets._forms import Form
from billing_dsl.targets._imports import (
    ORGANIZATIONS_SOURCE,
    SERVICES_SOURCE,
    Screens,
    screens,
)
from billing_dsl.targets._in_short import InShort
from billing_dsl.targets._labels import label
from billing_dsl.targets._lanes import BookObject, Lane, SharedLanes, lanes
from billing_dsl.targets._sending import Sending
from billing_dsl.targets._sheet import Sheet, exact, first
from billing_dsl.targets._sheet_forms import PRINTS, Numbered, in_rows, joined
from billing_dsl.targets._sorts import sort_of
from billing_dsl.targets._stages import LISTS
from billing_dsl.targets._templates import ACCENT, PRIMARY, html
from billing_dsl.targets._templates import sheet as style_of
from billing_dsl.targets._values import Pick, plain
from billing_dsl.templates.columns import Screen
from billing_dsl.templates.imports import ImportTemplate

PATHS = {form: f"autotask/checklist.{form}" for form in PRINTS}
STEPS = "autotask/steps.csv"


@target
def checklist(compilation: Compilation) -> Teller:
    """What only a person can do in Autotask: steps with a box to tick, to print and to review.

    `autotask/checklist` is for whoever sets a tenant up, and has all there is to do. First what
    requests and import files build upon, then the files, then the requests, then what clients share
    and what each client has for itself, then what changes later, day by day. Where requests need
    something that a person makes, they come after it. Every step names the screen, the exact values
    as they stand in Autotask, what shows at once that it was done, and what would show it later;
    what nobody has verified says so. At the end stand the requests that can take the place of later
    steps.

    `documents/CLIENT/checklist` is for whoever puts one client live: the same steps as far as they
    are this client's, in the order in which they are taken for one client alone, with what requests
    and files make of it to look at. What all clients share, the other list has.

    `autotask/steps.csv` has the same steps as a table, each with its day, its client and the object
    in question by its id in the other files. Every object of the manual lane has exactly one step
    that makes it.
    """
    return _Checklist(compilation)


_COLUMNS = ("step", "day", "client", "what", "deed", "object")


class _Checklist(Teller):
    """Goes through the list: of what clients share by itself, of each client at its places."""

    def __init__(self, compilation: Compilation) -> None:
        self._compilation = compilation
        self._settings = compilation.declared.shared.settings
        self._lanes = lanes(compilation)
        self._sending = compilation.sending
        self._own = ClientLists(compilation)
        self._own_forms = tuple(form for form in PRINTS if form in compilation.forms)
        # Whoever sets up a tenant needs the list, whatever forms of documents are asked for.
        self._forms = self._own_forms or (Form.MARKDOWN,)
        colours = self._settings.colours
        self._style = style_of(
            colours.get("primary", PRIMARY), colours.get("accent", ACCENT), "page", "steps"
        )

    def _framed(
        self, parts: Iterable[bytes | Passages], form: Form, about: str
    ) -> Iterator[bytes | Passages]:
        """A list as a file: a page has its head and foot, Markdown no two empty lines in a row."""
        if form is not Form.HTML:
            yield from joined(parts)
            return
        provider = self._settings.title
        yield html("steps_head", sheet=self._style, about=about, provider=provider).encode()
        yield from parts
        yield html("steps_foot").encode()

    # --- client by client

    def of_family(self, views: Views) -> Iterator[Passage | Artifact]:
        stages = self._lanes.stages_of_family(views)
        for found in self._lanes.left_of_family(views):
            parts = tuple(self._own.parts(found, stages))
            for part in parts:
                yield from self._passages(found.name, part)
            if self._own_forms:
                own = self._own.own(found, stages, parts)
                for form in self._own_forms:
                    path = f"documents/{found.name}/checklist.{form}"
                    yield Artifact(path, self._page(own, form), "checklist")

    def _passages(self, client: str, part: OfClient) -> Iterator[Passage]:
        """What a part says at its place, in each form of the list and in the table."""
        place, order, sheet = part
        for form in self._forms:
            if sheet.blocks:
                text = PRINTS[form].blocks(sheet.blocks).rstrip(b"\n") + b"\n"
                yield Passage(client, _at(PATHS[form], place), text, order)
            if place == LATER:
                requests = PRINTS[form].requests(sheet.blocks)
                yield Passage(client, _at(PATHS[form], SENT), requests, order)
        if sheet.blocks:
            yield Passage(client, _at(STEPS, place), in_rows(sheet.blocks), order)

    def _page(self, own: Sheet, form: Form) -> bytes:
        """A client's own list in a form."""
        printed = PRINTS[form]
        parts: list[bytes | Passages] = [printed.blocks(own.blocks)]
        requests = printed.requests(own.blocks)
        if requests:
            parts += [printed.blocks(as_requests(Sheet(own.names, own.house)).blocks), requests]
        framed = self._framed(parts, form, own.title)
        return b"".join([part if isinstance(part, bytes) else part.content for part in framed])

    def _sheet(self, found: SharedLanes) -> Sheet:
        """An empty sheet for what clients share."""
        return Sheet(found.names, self._settings.currency)

    # --- all together

    def of_all(self, everybody: Everybody) -> Iterator[Assembled]:
        for form in self._forms:
            parts = self._framed(self._text(everybody, form), form, self._settings.title)
            yield Assembled(PATHS[form], parts, "checklist")
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
        yield from self._otherwise(found)
        yield from self._look(found, everybody)
        yield from self._later(found, everybody)
        if any(client.ended for client in clients):
            sheet = self._sheet(found)
            left_out(sheet)
            yield sheet
        yield ENDED, ""

    def _text(self, everybody: Everybody, form: Form) -> Iterator[bytes | Passages]:
        """The list in a form, its steps numbered; in the end the requests by the same numbers."""
        numbered, printed, path = Numbered(), PRINTS[form], PATHS[form]
        sent: list[bytes | Passages] = []
        for part in self._parts(everybody):
            if isinstance(part, Sheet):
                text = printed.blocks(part.blocks)
                sent.append(printed.moved(printed.requests(part.blocks), text, numbered.last))
                yield numbered.steps(text, printed)
                continue
            place, order = part
            told = _each(everybody.passages(_at(path, place), order))
            if place != LATER:
                yield from (_with(one, numbered.steps(one.content, printed)) for one in told)
                continue
            for one, found in zip(
                told, _each(everybody.passages(_at(path, SENT), order)), strict=True
            ):
                requests = printed.moved(found.content, one.content, numbered.last)
                sent.append(_with(found, requests))
                yield _with(one, numbered.steps(one.content, printed))
        if any(found.content if isinstance(found, Passages) else found for found in sent):
            sheet = as_requests(self._sheet(self._lanes.left_of_all(everybody)))
            yield printed.blocks(sheet.blocks)
            yield from sent

    def _rows(self, everybody: Everybody) -> Iterator[bytes | Passages]:
        """The steps as a table, by the same numbers."""
        numbered = Numbered()
        yield table([_COLUMNS])
        for part in self._parts(everybody):
            if isinstance(part, Sheet):
                yield numbered.rows(in_rows(part.blocks))
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
        for each in by_hand((*found.lists, *found.sets)):
            if first_word(each) not in LISTS:
                shared.setdefault(stages.of(each), []).append(each)
        told = set(map(int, everybody.orders(_at(STEPS, TURNS))))
        for stage in range(max({2, *requests, *shared, *told}) + 1):
            sheet = self._sheet(found)
            if stage % 2:
                _requests(sheet, stage, requests, found, everybody.in_short, self._sending)
                yield sheet
                continue
            if stage in shared:
                sheet.heading(f"What clients share{when_made(stage)}")
                _groups(sheet, shared[stage])
            yield sheet
            yield TURNS, str(stage)

    def _otherwise(self, found: SharedLanes) -> Iterator[Sheet | tuple[str, str]]:
        """What no request changes about a tenant, client by client."""
        if self._sending is not None and self._own.mends:
            sheet = self._sheet(found)
            sheet.heading("What the tenant holds otherwise")
            sheet.paragraph(
                f"The snapshot of {self._sending.taken_at} shows what no request changes, and what "
                "the catalogue does not know. Each of these can be mended on either side: here, or "
                "in the catalogue."
            )
            mend_steps(sheet, "What clients share", self._own.mends.get("", ()))
            yield sheet
            yield MENDED, ""

    def _look(self, found: SharedLanes, everybody: Everybody) -> Iterator[Sheet | tuple[str, str]]:
        """What is left to look at, for all clients screen by screen."""
        begun = False
        for place, words in (
            (DEFAULTS, of_defaults),
            (RETAINERS, of_retainers),
            (MILESTONES, of_milestones),
        ):
            if everybody.size(_at(STEPS, place)):
                sheet = self._sheet(found)
                if not begun:
                    sheet.heading("What to look at once all is made")
                begun = True
                words(sheet)
                yield sheet
                yield place, ""
        if everybody.in_short:
            sheet = self._sheet(found)
            if not begun:
                sheet.heading("What to look at once all is made")
            of_dashboard(
                sheet, sorted({one for each in everybody.in_short for one in each.asked.categories})
            )
            yield sheet

    def _later(self, found: SharedLanes, everybody: Everybody) -> Iterator[Sheet | tuple[str, str]]:
        """What changes later, day by day."""
        shared: dict[str, list[Change]] = {}
        for change in found.changes:
            shared.setdefault(str(change.day), []).append(change)
        days = sorted({*shared, *everybody.orders(_at(STEPS, LATER))})
        if days:
            sheet = self._sheet(found)
            of_later(sheet, found.changes)
            yield sheet
        prices = {each.id: each.day for each in found.lists if each.day}
        for day in days:
            sheet = self._sheet(found)
            sheet.heading(day, 3)
            for change in shared.get(day, ()):
                is_price = change.object.startswith("price:")
                made = is_price and prices.get(change.object) == change.day
                change_step(sheet, change, change.makes or made)
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
        f"{counted(requests, 'request')} that a program sends (requests.json), "
        f"{counted(rows, 'row')} in files for Autotask's own import "
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
    shared = [each for each in by_hand(found.lists) if first_word(each) in LISTS]
    _groups(sheet, [each for each in shared if first_word(each) != "work_type"])
    _groups(
        sheet,
        [each for each in shared if first_word(each) == "work_type"],
        "Leave the mark that excludes a work type from new contracts unset: whether contracts made "
        "by requests obey it is not known (unverified), and every exclusion is written out anyway.",
    )
    renamed = [step for step in sending.steps if step.first] if sending is not None else []
    mend_steps(sheet, "What is out of use, or has another name", renamed)
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
        of.setdefault(first_word(each), []).append(each)
    for found in of.values():
        _group(sheet, found, more)


def _group(sheet: Sheet, objects: Sequence[BookObject], more: str) -> None:
    word, sort = first_word(objects[0]), sort_of(objects[0].id)
    sheet.heading(sort.many, 3)
    reasons = list(dict.fromkeys("; ".join(each.reasons) for each in objects))
    shared = f" By hand because {reasons[0]}." if len(reasons) == 1 else ""
    sheet.paragraph(f"{looked(sort)}{shared}{' ' if more else ''}{more}")
    for each in objects:
        entries = entries_of(sheet, each)
        details = [entry_words(one) for one in entries]
        start = f", in use from {each.day} on" if each.day is not None else ""
        context = "" if each.parent or word == "price" else f"{sort.one} "
        if each.parent:
            words = added(sheet, each.id, each.name, each.parent)
        elif word == "price":
            words, details = f"{priced(sheet, each.id)}: {exact(entries[0].value)}", []
        elif word == "billing_code":
            words, details = f"{exact(each.name)}, {entries[0].note}", []
        elif word == "sub_issue":
            words, details = f"{exact(each.name)} of the issue {exact(entries[0].value)}", []
        else:
            words = exact(each.name)
        if len(reasons) > 1:
            details += [f"By hand because {reason}" for reason in each.reasons]
        sheet.step(words + start, details, "make", each.id, context=context)


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
            check = f"Check: Import History shows {counted(count, 'record')} and no error"
            words = f"import {exact(f'import/{screen.value}.csv')}, {counted(count, 'row')}"
            template = screens.template(screen)
            form = _own_form(template) if template.own else _guessed(screen, source)
            sheet.step(words, (form, check), "import")
    title = "What the files cannot say"
    complete_steps(sheet, services, title)
    if any(client.incomplete for client in clients):
        if not any(each.values for each in services):
            sheet.heading(title, 3)
        sheet.paragraph(looked(sort_of("company:")))


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
        words = f"send the {counted(every, 'request')} of {exact('requests.json')}"
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
        complete_steps(sheet, shared, "What the requests cannot say")
    elif number:
        sheet.heading("Requests that had to wait")
        many = f"{counted(number, 'request')} of {exact('requests.json')}"
        sheet.step(f"send what could not be sent before: {many}", (check,), "send")


def _picks(sheet: Sheet, picks: Collection[Pick]) -> None:
    """The entries of Autotask's lists that requests choose, as they call them."""
    if not picks:
        return
    sheet.paragraph(
        "The requests choose these entries of Autotask's lists. A tenant may call them otherwise, "
        "in another language above all (unverified): then say which is which."
    )
    rows = [("List", "Entries")]
    for (entity, name), found in groupby(sorted(picks), lambda pick: (pick.entity, pick.field)):
        entries = ", ".join(exact(pick.label) for pick in found)
        what = first(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entity).lower())
        rows.append((f"{what}: {label(name)}", entries))
    sheet.table(rows)
