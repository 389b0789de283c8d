"""The steps of the list, each as a person takes it: what is made, looked at, or changed later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from billing_dsl.book.contract import Contract
from billing_dsl.book.naming import contract_title
from billing_dsl.kinds._contract import ContractType
from billing_dsl.targets._changes import Change, Deed
from billing_dsl.targets._contracts import PURCHASE_CODES, TYPES
from billing_dsl.targets._labels import Entry, label
from billing_dsl.targets._lanes import BookObject, ClientLanes, Lane
from billing_dsl.targets._sending import Step as Mend
from billing_dsl.targets._sending import Words
from billing_dsl.targets._sheet import Sheet, exact
from billing_dsl.targets._sorts import GONE, SORTS, STANDS, Sort, sort_of


def by_hand(objects: Iterable[BookObject]) -> Iterator[BookObject]:
    """What a person makes at once; a later price is made on its day."""
    for each in objects:
        later = each.day is not None and (bool(each.client) or first_word(each) == "price")
        if each.lane is Lane.MANUAL and not later:
            yield each


def looked(sort: Sort) -> str:
    """Where steps of a sort are done, and what shows that they were."""
    return f"Screen: {sort.screen}. Check: {sort.check}. Later: {sort.later}."


def entries_of(sheet: Sheet, each: BookObject) -> list[Entry]:
    """What is to be entered of an object."""
    told = sheet.entered(each.entity, each.body, each.parent, each.client, each.name)
    return [*told, *each.values]


def entry_words(one: Entry) -> str:
    """One thing to enter, in words."""
    return f"{one.label}: {_value(one)}"


def together(entries: Iterable[Entry]) -> str:
    """Several things to enter, in a sentence."""
    return ", ".join(f"{e.label} {_value(e)}" if e.value else entry_words(e) for e in entries)


def _value(one: Entry) -> str:
    if not one.value:
        return one.note
    return f"{exact(one.value)} ({one.note})" if one.note else exact(one.value)


# --- what the tenant holds otherwise --------------------------------------------------------------


def mend_steps(sheet: Sheet, title: str, steps: Sequence[Mend]) -> None:
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


def of_defaults(sheet: Sheet) -> None:
    sort = sort_of("contract:")
    sheet.heading("Default service desk contracts", 3)
    sheet.paragraph(
        f"Screen: {sort.screen}, or the organization's page. Check: a new ticket of the "
        "organization shows it as its contract. Later: work on tickets without a contract is "
        "billed at standard rates."
    )


def default_step(sheet: Sheet, found: ClientLanes) -> None:
    account = found.account
    contract = account.view.family.book.contracts.get(account.default)
    if contract is not None:
        words = f"{sheet.title}: {exact(_title(contract))}"
        context = "default service desk contract of "
        about = f"contract:{contract.id}"
        sheet.step(words, (), "look", about, found.name, context=context)


def _title(contract: Contract) -> str:
    return contract_title(contract.agreement, contract.name)


def of_retainers(sheet: Sheet) -> None:
    sort = sort_of("charge:")
    sheet.heading("Charges of retainers", 3)
    sheet.paragraph(
        f"Screen: {sort.screen}. Check: {sort.check}. Whether requests make the charge of a "
        "retainer is not known (unverified): where there is none, add one with the material code "
        f"{exact(PURCHASE_CODES[ContractType.RETAINER])}; never two."
    )


def retainer_steps(sheet: Sheet, found: ClientLanes) -> None:
    for each in _sent(found, "ContractRetainers"):
        amount = sheet.said(each.entity, "amount", each.body["amount"], each.client)
        words = f"{sheet.on(each.client, each.parent)}one charge of {amount} for the {each.name}"
        sheet.step(words, (), "look", each.id, each.client)


def of_dashboard(sheet: Sheet, categories: Sequence[str]) -> None:
    """The widgets by which unbilled work is seen every week, and not only before invoices.

    Widgets exist for pending and posted billing items (Autotask, dashboards). What their lists of
    filters offer is not known, and nothing can import them: a recipe is all that there can be.
    """
    sheet.heading("Billing dashboard", 3)
    sheet.paragraph(
        "Screen: Dashboards > New Dashboard, shared with whoever approves and posts; each step is "
        "a widget on Pending Billing Items, with the count and the sum of its items (the words of "
        "its filters are unverified). Check: it counts what Approve & Post lists under the same "
        "filters. Look at it every week: what stays for more than some days has a cause. Later: "
        "work waits unbilled, and nobody sees it before the invoice."
    )
    widgets = [
        ("Time awaiting approval", "labor of completed tickets that nobody has approved"),
        ("Charges ready to deliver", "charges that are ready to be delivered or billed"),
        *(
            (f"Category {name}", f"items on contracts of the category {name}")
            for name in categories
        ),
    ]
    for name, items in widgets:
        sheet.step(f"{exact(name)}: {items}", context="widget ")


def of_milestones(sheet: Sheet) -> None:
    sheet.heading("Milestones", 3)
    sheet.paragraph(
        f"Screen: {sort_of('milestone:').screen}. Set each to Ready to Bill once it is reached. "
        "Check: on its due date it waits in Approve & Post. Later: the fixed price is not billed."
    )


def milestone_steps(sheet: Sheet, found: ClientLanes) -> None:
    for each in _sent(found, "ContractMilestones"):
        amount = sheet.said(each.entity, "amount", each.body["amount"], each.client)
        words = f"{sheet.on(each.client, each.parent)}{each.name}: {amount}"
        due = each.body["dateDue"]
        day = due if isinstance(due, date) else None
        context = "set to Ready to Bill once it is reached: "
        sheet.step(words, (), "look", each.id, each.client, day, context)


def _sent(found: ClientLanes, entity: str) -> Iterator[BookObject]:
    return (each for each in found.own if each.lane is Lane.API and each.entity == entity)


def make_step(sheet: Sheet, each: BookObject) -> None:
    """A step that makes one object of a client by hand."""
    sort = sort_of(each.id)
    details = [f"Screen: {sort.made_on}", *map(entry_words, entries_of(sheet, each))]
    if first_word(each) == "charge":
        details.append(_ITSELF)
    details += [f"By hand because {reason}" for reason in each.reasons]
    details.append(f"Check: {sort.check}. Later: {sort.later}.")
    words = added(sheet, each.id, each.name, each.parent)
    sheet.step(words, details, "make", each.id, each.client)


_ITSELF = (
    "The screen makes the charge when the purchase is entered there: add one only where there is "
    "none, and never two"
)


def added(sheet: Sheet, object_id: str, name: str, parent: str) -> str:
    """That something is added, and to what."""
    return sheet.on("", parent) + sort_of(object_id).add.format(thing=_thing(object_id, name))


_UNNAMED = ("units", "block", "retainer", "tickets", "milestone")
"""Sorts whose names are no names in Autotask: what they say is entered in its own fields."""


def _thing(object_id: str, name: str) -> str:
    word = object_id.partition(":")[0]
    return sort_of(object_id).thing.format(name=name if word in _UNNAMED else exact(name))


def complete_steps(sheet: Sheet, objects: Iterable[BookObject], title: str) -> None:
    """Steps that add what the lane of an object cannot carry."""
    wanting = [each for each in objects if each.values]
    if wanting:
        sheet.heading(title, 3)
    for word, group in groupby(wanting, first_word):
        sheet.paragraph(looked(sort_of(f"{word}:")))
        completing_steps(sheet, group)


def completing_steps(sheet: Sheet, objects: Iterable[BookObject]) -> None:
    """The steps of objects of one sort."""
    for each in objects:
        if each.values:
            words = f"{sort_of(each.id).one} {exact(each.name)}: {together(each.values)}"
            sheet.step(words, (), "complete", each.id, each.client)


# --- what changes later --------------------------------------------------------------------------

_AGAIN = (
    "Then: entries of work from this day on that were saved before stay on their contract; open "
    "those that are not posted and save them again (unverified)"
)


def of_later(sheet: Sheet, changes: Iterable[Change]) -> None:
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
            "carries a new one over. For each contract there is a step to tick; whatever else is "
            "ticked there, a contract with a price of its own is to be left out."
        )


def change_step(sheet: Sheet, change: Change, makes: bool) -> None:
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
            details.append(f"Enter: {together(entered)}")
        if change.object.startswith("charge:"):
            details.append(_ITSELF)
        elif change.object.startswith("retainer:"):
            details.append("Then: see that it has one charge, and never two (unverified)")
    elif change.deed is Deed.TAKE_AWAY:
        what = sort.remove.format(thing=_thing(change.object, change.name))
        check = GONE
    else:
        what = _turned(sheet, change)
        own = change.turns[0].field == "unitChange" or change.object.startswith("list_price:")
        check = check if own else STANDS
    details += [f"No request carries the {entry_words(one)}" for one in change.left]
    details += [f"By hand because {reason}" for reason in change.reasons]
    if change.reroutes:
        details.append(_AGAIN)
    details.append(f"Check: {check}. Later: {sort.later}.")
    words = f"{sheet.on(change.client, change.parent)}{what}"
    deed = "make" if makes else "change"
    request = change if change.method else None
    sheet.step(words, details, deed, change.object, change.client, change.day, request=request)


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
        return f"{priced(sheet, change.object)}: {turns}"
    word = change.object.partition(":")[0]
    if word in _UNNAMED:
        return f"{change.name}: {turns}"
    if word in ("rate", "block_factor"):
        return f"role {exact(change.name)}: {turns}"
    return f"{sort_of(change.object).one} {exact(change.name)}: {turns}"


def priced(sheet: Sheet, object_id: str) -> str:
    """What a price in a further currency is for."""
    owner = object_id.removeprefix("price:").rpartition("/")[0].replace("/", ":", 1)
    return f"{sort_of(owner).one} {exact(sheet.name(owner))}"


def left_out(sheet: Sheet) -> None:
    """What is said of contracts that have ended, of which each client tells itself."""
    sheet.heading("Left out")
    sheet.paragraph(
        "These contracts have ended. No request makes or changes them; where Autotask still shows"
        " one as active, an end date is what stops a recurring service from billing."
    )


def ended_items(sheet: Sheet, found: ClientLanes) -> None:
    for contract in found.ended:
        kind = TYPES[contract.type]
        ended = f"{exact(_title(contract))}, {kind}, ended on {contract.life.end}"
        sheet.item(f"{sheet.title}: {ended}")


def as_requests(sheet: Sheet) -> Sheet:
    """What is said of the requests that can take the place of later steps."""
    sheet.heading("Later steps as requests")
    sheet.paragraph(
        "For whoever looks after the program that talks to Autotask. Each of these can be sent on "
        "its day, in this order, in place of the step with its number: one or the other, never "
        "both."
    )
    return sheet


def first_word(each: BookObject) -> str:
    return each.id.partition(":")[0]


def counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
