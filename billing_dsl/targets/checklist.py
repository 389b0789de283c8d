"""The manual lane: what only a person can do, step by step, with screen and exact values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise

from billing_dsl.book.contract import Contract
from billing_dsl.book.naming import contract_title
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
from billing_dsl.targets._changes import Change
from billing_dsl.targets._in_short import InShort
from billing_dsl.targets._lanes import BookObject, ClientLanes, Lane, SharedLanes, lanes
from billing_dsl.targets._values import Pick, lines, written

PATH = "autotask/checklist.md"
IMPORTED = f"{PATH}#imported"
CLIENTS = f"{PATH}#clients"
ENDED = f"{PATH}#ended"

_ADMIN = "Admin > Features & Settings"
_CODES = f"{_ADMIN} > Finance, Accounting & Invoicing > Billing Codes"

_CATALOGUE = f"{_ADMIN} > Products & Services"
_TAX = f"{_ADMIN} > Finance, Accounting & Invoicing > Tax"
_SETS = f"{_ADMIN} > Contracts & Un-Posting > Contract Exclusion Sets"
_CONTRACT = "Contracts > Search > Contracts > open the contract"
_MENU = f"{_CONTRACT} > Menu"

_READ = "the next read of the tenant shows it"
_ONE = "a query of `{}` by the name finds exactly one, active"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of object: what people call it, where it is entered, and what shows that it is."""

    one: str
    many: str
    screen: str
    check: str = _READ


SORTS: Mapping[str, Sort] = {
    "contract_type": Sort(
        "contract type",
        "Contract types, active",
        "Admin > Activations",
        "contracts of the type can be made; requests for them are refused otherwise",
    ),
    "contract_category": Sort(
        "contract category",
        "Contract categories",
        f"{_ADMIN} > Contracts & Un-Posting > Contract Categories (unverified)",
        "it stands in the picklist `Contracts.contractCategory`",
    ),
    "billing_code": Sort("billing code", "Billing codes", _CODES, _ONE.format("BillingCodes")),
    "tax_region": Sort(
        "tax region", "Tax regions", f"{_TAX} (unverified)", _ONE.format("TaxRegions")
    ),
    "tax_category": Sort(
        "tax category", "Tax categories", f"{_TAX} (unverified)", _ONE.format("TaxCategories")
    ),
    "ledger": Sort(
        "general ledger account",
        "General ledger accounts",
        f"{_ADMIN} > Finance, Accounting & Invoicing > General Ledger (unverified)",
        "it stands in the picklist `BillingCodes.generalLedgerAccount`",
    ),
    "sub_issue": Sort(
        "sub-issue",
        "Sub-issues",
        f"{_ADMIN} > Service Desk > Issue & Sub-Issue Types (unverified)",
        "a ticket of the issue offers it",
    ),
    "work_type": Sort(
        "work type",
        "Work types",
        f"{_CODES} > Work Types > New",
        "a query of `BillingCodes` by the name, with `useType` 1, finds exactly one, active, and "
        "`WorkTypeModifiers` shows its rate method; billable, minimum and maximum hours cannot be "
        "read back: look twice",
    ),
    "role": Sort("role", "Roles", f"{_ADMIN} > Finance, Accounting & Invoicing > Roles"),
    "service": Sort("service", "Services", f"{_CATALOGUE} > Services"),
    "bundle_row": Sort(
        "service in a bundle", "Services in bundles", f"{_CATALOGUE} > Services > the bundle"
    ),
    "price": Sort(
        "price in a further currency",
        "Prices in further currencies",
        f"{_CATALOGUE} > Price Lists (unverified)",
        "a query of the price list (`PriceListRoles`, `PriceListServices`, "
        "`PriceListServiceBundles`) shows it",
    ),
    "company": Sort("organization", "Organizations", "CRM > Search > Organizations"),
    "exclusion_set": Sort("exclusion set", "Exclusion sets", _SETS),
    "exclusion_set_row": Sort(
        "exclusion in a set",
        "Sub-issues in exclusion sets",
        _SETS,
        "no interface reads the sub-issues of a set back: open the set again and look",
    ),
    "contract": Sort("contract", "Contracts", f"{_CONTRACT} > Edit Contract"),
    "exclusion": Sort(
        "exclusion",
        "Exclusions",
        f"{_MENU} > Exclusions",
        "open the page again and look: no interface reads excluded sub-issues back",
    ),
    "exclusion_contract": Sort(
        "exclusion contract",
        "Exclusion contracts",
        f"{_MENU} > Exclusions, field Exclusion Contract",
        "a query of `Contracts` shows it as `exclusionContractID`",
    ),
    "contract_service": Sort("service", "Services on contracts", f"{_MENU} > Services"),
    "units": Sort(
        "units of a service",
        "Units of services",
        f"{_MENU} > Services",
        "`ContractServiceUnits` or `ContractServiceBundleUnits` shows them from the day on",
    ),
    "block": Sort("block of hours", "Blocks", f"{_MENU}, the block purchases (unverified)"),
    "charge": Sort("charge", "Charges", f"{_MENU} > Charges", "it waits in Approve & Post, once"),
    "retainer": Sort("retainer", "Retainers", f"{_MENU}, the retainer purchases (unverified)"),
    "tickets": Sort("ticket purchase", "Tickets", f"{_MENU}, the ticket purchases (unverified)"),
    "milestone": Sort("milestone", "Milestones", f"{_MENU} > Billing Milestones"),
    "rate": Sort("rate of a role", "Rates", f"{_MENU}, the role rates (unverified)"),
    "block_factor": Sort(
        "block factor", "Block factors", f"{_MENU}, the block hour multipliers (unverified)"
    ),
}
"""By the first word of an id. Screens are in the words of the vendor's help, or say that they are
unverified.
"""


@target
def checklist(compilation: Compilation) -> Teller:
    """What only a person can do in Autotask, in `autotask/checklist.md`: steps with a box to tick.

    First what requests and import files build upon, then the files, then the requests, then what is
    left of what clients share, then each client with its dated steps. Every step names the screen,
    the exact values and what will show that it was done; what nobody has verified says so.
    """
    return _Checklist(compilation)


class _Checklist(Teller):
    def __init__(self, compilation: Compilation) -> None:
        self._compilation = compilation
        self._lanes = lanes(compilation)

    def of_family(self, views: Views) -> Iterator[Passage]:
        for client in self._lanes.of_family(views):
            name = client.short.client
            sheet = _Sheet(client.names)
            _completing(sheet, (each for each in client.companies if each.lane is Lane.IMPORT))
            yield Passage(name, IMPORTED, sheet.text())
            sheet = _Sheet(client.names)
            _client(sheet, client)
            yield Passage(name, CLIENTS, sheet.text())
            ended = lines([f"- {_ended(contract)}" for contract in client.ended])
            yield Passage(name, ENDED, ended)

    def of_all(self, everybody: Everybody) -> Iterator[Assembled]:
        parts = self._parts(self._lanes.of_all(everybody), everybody)
        yield Assembled(PATH, _numbered(parts), "checklist")

    def _parts(self, found: SharedLanes, everybody: Everybody) -> Iterator[bytes | Passages]:
        clients = everybody.in_short
        sheet = _Sheet(found.names)
        _opening(sheet, self._compilation, found, clients)
        _before(sheet, found)
        _imports(sheet, found, clients)
        goes_on = any(client.incomplete for client in clients)
        yield sheet.text(goes_on).lstrip(b"\n")
        yield from everybody.passages(IMPORTED)
        sheet = _Sheet(found.names)
        _requests(sheet, found, clients)
        _shared(sheet, found)
        yield sheet.text()
        yield from everybody.passages(CLIENTS)
        sheet = _Sheet(found.names)
        _left_out(sheet, clients)
        yield sheet.text(goes_on=True)
        yield from everybody.passages(ENDED)


def _numbered(parts: Iterable[bytes | Passages]) -> Iterator[bytes | Passages]:
    """The list with its steps numbered from beginning to end, whoever has told of them."""
    numbers = count(1)

    def number(_: re.Match[bytes]) -> bytes:
        return b"- [ ] **%d.**" % next(numbers)

    for part in parts:
        if isinstance(part, Passages):
            contents = [_STEP.sub(number, each.content) for each in part.each()]
            yield Passages(part.place, b"".join(contents), [len(found) for found in contents])
        else:
            yield _STEP.sub(number, part)


_STEP = re.compile(rb"^- \[ \] \*\*\d+\.\*\*", re.MULTILINE)
"""How a step begins, and nothing else: whatever a catalogue says stands within a line."""


@dataclass(slots=True)
class _Sheet:
    """A part of the list while it is written: its lines, and the number of its last step."""

    names: Mapping[str, str]
    lines: list[str] = field(default_factory=list)
    last: int = 0

    def heading(self, words: str, level: int = 2) -> None:
        self.lines += ["", f"{'#' * level} {words}", ""]

    def paragraph(self, words: str) -> None:
        self.lines += [words, ""]

    def step(self, words: str, details: Iterable[str] = ()) -> None:
        self.last += 1
        self.lines.append(f"- [ ] **{self.last}.** {words}")
        self.lines += [f"  - {detail}" for detail in details]

    def text(self, goes_on: bool = False) -> bytes:
        """The part, with no two empty lines in a row; the last is one only if it `goes_on`."""
        kept = [line for before, line in pairwise(["-", *self.lines]) if line or before]
        if kept and not (kept[-1] or goes_on):
            kept.pop()
        return lines(kept)

    def named(self, text: str) -> str:
        """A value as people know it: the name of an object instead of its id."""
        return self.names.get(text, text)


def _opening(
    sheet: _Sheet, compilation: Compilation, found: SharedLanes, clients: Sequence[InShort]
) -> None:
    declared = compilation.declared
    title = declared.shared.settings.title
    rows = len(found.of(Lane.IMPORT)) + sum(client.rows for client in clients)
    by_hand = len(found.of(Lane.MANUAL)) + sum(client.by_hand for client in clients)
    sheet.heading(f"Autotask, by hand: {plain(title)}", 1)
    sheet.paragraph(
        f"State of {compilation.as_of}. "
        f"{_count(_requested(found, clients), 'request')} in `requests.json`, "
        f"{_count(rows, 'row')} in the files of `import/`, "
        f"{_count(by_hand, 'object')} by hand."
    )
    sheet.paragraph(
        "Go through it from top to bottom: each part builds upon those before it. A step that "
        "makes something names what it makes, as the other files call it. Screen paths and labels "
        "are those of the vendor's help; whatever is marked *unverified* nobody has seen in a "
        "tenant. Take a dated step on the morning of its day: Autotask applies exclusions when an "
        "entry is saved."
    )


def _before(sheet: _Sheet, found: SharedLanes) -> None:
    sheet.heading("Before anything is sent")
    sheet.paragraph(
        "Make sure that each of these is there and active, under exactly this name: imports and "
        "requests find them by it. Where your tenant has other names for the codes of purchases "
        "and of the setup fee, the requests do not find them: rename the codes, or put their ids "
        "in."
    )
    for word in (*_LISTS, "work_type"):
        _group(sheet, word, found)


_LISTS = (
    "contract_type",
    "contract_category",
    "billing_code",
    "tax_region",
    "tax_category",
    "ledger",
    "sub_issue",
)


def _group(sheet: _Sheet, word: str, found: SharedLanes) -> None:
    """All shared objects of one sort that a person makes, under one heading."""
    objects = [each for each in _by_hand(found) if _word(each) == word]
    if not objects:
        return
    sort = SORTS[word]
    sheet.heading(sort.many, 3)
    reasons = list(dict.fromkeys("; ".join(each.reasons) for each in objects))
    shared = f" By hand because {reasons[0]}." if len(reasons) == 1 else ""
    sheet.paragraph(f"Screen: {sort.screen}. Check: {sort.check}.{shared}")
    for each in objects:
        day = f", from {each.day} on" if each.day is not None else ""
        details = _values(sheet, each)
        if len(reasons) > 1:
            details += [f"By hand because {reason}" for reason in each.reasons]
        sheet.step(f"{code(each.name)}{day} — makes {code(each.id)}", details)


def _by_hand(found: SharedLanes) -> tuple[BookObject, ...]:
    return found.of(Lane.MANUAL)


def _requested(found: SharedLanes, clients: Iterable[InShort]) -> int:
    return len(found.of(Lane.API)) + sum(client.requests for client in clients)


def _values(sheet: _Sheet, each: BookObject) -> list[str]:
    """What is to be entered, without repeating the object's own name."""
    on = [f"On {code(sheet.named(each.parent))}"] if each.parent else []
    return on + [
        f"{label}: {code(sheet.named(value))}"
        for label, value in each.values
        if value != each.parent and (label, value) != ("name", each.name)
    ]


def _imports(sheet: _Sheet, found: SharedLanes, clients: Sequence[InShort]) -> None:
    """The steps of the import files; of what these cannot say clients tell themselves."""
    services = found.of(Lane.IMPORT)
    rows = sum(client.rows for client in clients)
    if not (services or rows):
        return
    sheet.heading("Import files")
    sheet.paragraph(
        "The files have **default headers, unverified**: encoding, row limit, decimal separator "
        "and the word in front of a column (Organization, Company, Account, …) differ by tenant. "
        "Screen: Admin, the import of this sort of record (place in the menu unverified). Download "
        "the screen's own template, compare its header with the file's, column by column, and move "
        "the cells under the template's headers where they differ."
    )
    for name, number in (("organizations.csv", rows), ("services.csv", len(services))):
        if number:
            check = f"Check: Import History shows {_count(number, 'record')} and no error"
            sheet.step(f"Import `import/{name}`, {_count(number, 'row')}", (check,))
    if any(each.values for each in services) or any(client.incomplete for client in clients):
        sheet.heading("What the files cannot say", 3)
        _completing(sheet, services)


_LOOK_FIRST = (
    "Before each, look by its `key` whether the object is there already: nothing in Autotask "
    "keeps a request from being carried out twice"
)
_NEVER_AGAIN = (
    "Send an adjustment of units only where the row of units that its key names is missing: "
    "adjustments cannot be read back, and sent again they double the units"
)


def _requests(sheet: _Sheet, found: SharedLanes, clients: Sequence[InShort]) -> None:
    requests = found.of(Lane.API)
    number = _requested(found, clients)
    sheet.heading("Requests")
    if not number:
        sheet.paragraph("There is nothing to send.")
        return
    sheet.step(
        f"Send `requests.json`, {_count(number, 'request')}, one by one, in their order",
        (
            _LOOK_FIRST,
            _NEVER_AGAIN,
            f"That takes up to {2 * number:,} calls; Autotask counts 10,000 an hour, of all",
            "Check: each object is found by its `key`, and reads back as it was sent",
        ),
    )
    labels = {value for each in requests for value in each.body.values() if type(value) is Pick}
    labels |= {Pick(*pick) for client in clients for pick in client.asked.picks}
    if labels:
        sheet.paragraph("")
        sheet.paragraph(
            "Labels of lists as the requests write them; your tenant may call them otherwise"
            " (unverified): "
            + "; ".join(f"{pick.entity}.{pick.field} {code(pick.label)}" for pick in sorted(labels))
            + "."
        )
    _complete(sheet, requests, "What the requests cannot say")


def _shared(sheet: _Sheet, found: SharedLanes) -> None:
    words = {_word(each): None for each in _by_hand(found)}
    rest = [word for word in words if word not in (*_LISTS, "work_type")]
    later = found.changes
    if not (rest or later):
        return
    sheet.heading("What clients share")
    for word in rest:
        _group(sheet, word, found)
    if later:
        sheet.heading("On later days", 3)
        sheet.paragraph(
            "Contracts that exist keep the old price of a service: the Bulk Service Updater "
            "carries a new one over."
        )
    for change in later:
        _change(sheet, change)


def _client(sheet: _Sheet, found: ClientLanes) -> None:
    account, later = found.account, found.changes
    client = account.view.client
    sent = [each for each in found.own if each.lane is Lane.API]
    by_hand = [each for each in found.own if each.lane is Lane.MANUAL and each.day is None]
    if not (sent or by_hand or later):
        return
    sheet.heading(f"Client {plain(client.organization)} ({code(client.name)})")
    for each in by_hand:
        _make(sheet, each)
    default = account.view.family.book.contracts.get(account.default)
    if default is not None:
        title = contract_title(default.agreement, default.name)
        sheet.step(
            f"See that the default service desk contract is {code(title)}",
            (
                f"Screen: {SORTS['contract'].screen}, or the organization's page",
                "Check: a new ticket of the organization shows it as its contract",
            ),
        )
    _prepaid(sheet, sent)
    _complete(sheet, sent, "What the requests cannot say")
    if later:
        sheet.heading("On later days", 3)
    for change in later:
        _change(sheet, change)


_RETAINERS = (
    "Whether the API makes the charge of a retainer is not known: if there is none, add one with "
    "the material code for retainer purchases; never two"
)


def _prepaid(sheet: _Sheet, sent: Iterable[BookObject]) -> None:
    for each in sent:
        if each.entity == "ContractRetainers":
            amount = written(each.body["amount"])
            sheet.step(
                f"See that there is one charge for the {each.name}: {code(amount)}",
                (
                    f"Screen: {SORTS['charge'].screen}",
                    _RETAINERS,
                    f"Check: {SORTS['charge'].check}",
                ),
            )
        elif each.entity == "ContractMilestones":
            sheet.step(
                f"Milestone {code(each.name)}: set it to Ready to Bill once it is reached",
                (
                    f"Screen: {SORTS['milestone'].screen}",
                    "Check: on its due date it waits in Approve & Post",
                ),
            )


def _left_out(sheet: _Sheet, clients: Iterable[InShort]) -> None:
    """What stands above the contracts that have ended, of which clients tell themselves."""
    if not any(client.ended for client in clients):
        return
    sheet.heading("Left out")
    sheet.paragraph(
        "These contracts have ended. No request makes or changes them; where Autotask still shows"
        " one as active, an end date is what stops a recurring service from billing."
    )


def _ended(contract: Contract) -> str:
    title = contract_title(contract.agreement, contract.name)
    return f"{code(title)} of client {code(contract.client)}, ended on {contract.life.end}"


def _make(sheet: _Sheet, each: BookObject) -> None:
    """A step that makes one object of a client by hand."""
    sort = SORTS[_word(each)]
    sheet.step(
        f"{_first(sort.one)} {code(each.name)} — makes {code(each.id)}",
        [
            f"Screen: {sort.screen}",
            *_values(sheet, each),
            *(f"By hand because {reason}" for reason in each.reasons),
            f"Check: {sort.check}",
        ],
    )


def _complete(sheet: _Sheet, objects: Iterable[BookObject], title: str) -> None:
    """Steps that add what the lane of an object cannot carry."""
    wanting = [each for each in objects if each.values]
    if wanting:
        sheet.heading(title, 3)
    _completing(sheet, wanting)


def _completing(sheet: _Sheet, objects: Iterable[BookObject]) -> None:
    for each in (each for each in objects if each.values):
        sort = SORTS[_word(each)]
        values = ", ".join(f"{label} {code(sheet.named(value))}" for label, value in each.values)
        where = f"Screen: {sort.screen}. Check: {sort.check}"
        sheet.step(f"{_first(sort.one)} {code(each.name)}: {values}", (where,))


def _change(sheet: _Sheet, change: Change) -> None:
    """A dated step: the request that makes it, or that none does."""
    sort = SORTS[change.object.partition(":")[0]]
    makes = f" — makes {code(change.object)}" if change.makes else ""
    details = [f"On {code(sheet.named(change.parent))}"] if change.parent else []
    if change.method:
        details.append(f"Request: {code(f'{change.method} {change.path}')}")
        if change.body is not None:
            details.append(f"Body: {code(written(change.body))}")
    else:
        details.append("By hand: no request changes it")
    details.append(f"Screen: {sort.screen}. Check: {sort.check}")
    sheet.step(f"{change.day}: {sort.one}, {_told(change.what)}{makes}", details)


def _told(words: str) -> str:
    """Words with names in backticks: what stands between them is plain text."""
    parts = words.split("`")
    return "".join(code(part) if n % 2 else plain(part) for n, part in enumerate(parts))


def _first(words: str) -> str:
    return words[0].upper() + words[1:]


def _word(each: BookObject) -> str:
    return each.id.partition(":")[0]


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


_SPECIAL = re.compile(r"([\\`*_\[\]<>#|!~])")
_LINES = re.compile(r"\s+")
_UNUSUAL = re.compile(rf"{_SPECIAL.pattern}|\s\s|[^\S ]")


def plain(text: str) -> str:
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
