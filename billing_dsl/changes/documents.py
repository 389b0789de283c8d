"""Which documents somebody has changed, in what, and how they reach a client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from billing_dsl.analysis.cells import Cells, Mask
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.changes.clients import ClientChanges
from billing_dsl.changes.pairs import Side, same
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.model.declaration import Head


class How(StrEnum):
    """What somebody has done to a document, what weighs most first."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    """In a field that may bear on billing."""
    RENAMED = "renamed"
    """And nothing else."""
    REWORDED = "reworded"
    """Only in fields that never bear on billing: titles, notes, addresses."""
    REWRITTEN = "rewritten"
    """Says the same: another place, format or order of keys, other comments."""


IDLE: Mapping[str, frozenset[str]] = {
    "agreement": frozenset({"number", "signed"}),
    "client": frozenset(
        {
            *("legal_name", "autotask", "language", "phone", "address", "country", "tax_region"),
            *("tax_id", "owner", "accounting", "notice_to", "udf"),
        }
    ),
    "role": frozenset({"autotask", "cost", "review_by"}),
    "service": frozenset({"cost", "billing_code", "invoice_description", "review_by", "udf"}),
    "service_bundle": frozenset({"cost", "billing_code", "invoice_description", "review_by"}),
    "settings": frozenset(
        {
            *("timezone", "renewal_notice", "work_type_budget", "lanes", "autotask"),
            "review_threshold",
            *("languages", "written_in", "logo", "colours", "contact"),
        }
    ),
    "sub_issue": frozenset({"issue", "issues"}),
    "tier": frozenset({"summary", "summaries", "rank", "price", "review_by"}),
    "work_type": frozenset(
        {
            *("billing_class", "description", "descriptions", "tax_category"),
            *("external_number", "ledger"),
        }
    ),
}
"""Fields of each kind that never bear on how work is billed, or on what is bought."""

_ALWAYS_IDLE = frozenset({"format", "title", "titles", "notes"})
_IDLE_KINDS = frozenset({"scenario", "waiver", "entry_export", "approval"})
"""Kinds that say nothing of clients' billing: proofs, accepted findings, forms of files, and who is
asked.
"""


@dataclass(frozen=True, slots=True)
class Written:
    """A document as it stands on one side. `text` is its part of its file."""

    head: Head
    value: Mapping[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that was changed. `before` and `after` are its keys; one that is not there is
    empty. `client` is whose it is, `fields` are those that say something else.
    """

    kind: str
    before: str
    after: str
    how: How
    client: str = ""
    fields: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """What findings and waivers call it: `tier/silver@2`; one that is gone by its old name."""
        return f"{self.kind}/{self.after or self.before}"

    @property
    def renamed(self) -> bool:
        """Whether it is there on both sides, under two names."""
        return bool(self.before and self.after and self.before != self.after)

    @property
    def bears(self) -> bool:
        """Whether it may bear on billing."""
        return self.kind not in _IDLE_KINDS and self.how not in (How.REWORDED, How.REWRITTEN)


def changed(before: Iterable[Written], after: Iterable[Written]) -> tuple[DocumentChange, ...]:
    """What was done to documents, in order of kinds and names.

    Documents that stand unchanged on both sides may be left out of both.
    """
    by_kind: dict[str, tuple[list[Written], list[Written]]] = {}
    for side, documents in enumerate((before, after)):
        for one in documents:
            by_kind.setdefault(one.head.kind, ([], []))[side].append(one)
    clients = _pairs("client", *by_kind.get("client", ([], [])), {})
    found: list[DocumentChange] = []
    for kind, (earlier, later) in by_kind.items():
        names = clients if kind == "client" else _pairs(kind, earlier, later, clients)
        found += _of_kind(earlier, later, names)
    return tuple(sorted(found, key=lambda one: (one.kind, one.after or one.before, one.before)))


def _of_kind(
    before: Iterable[Written], after: Iterable[Written], names: Mapping[str, str]
) -> Iterator[DocumentChange]:
    left = {one.head.key: one for one in after}
    for one in before:
        head = one.head
        other = left.pop(names.get(head.key, ""), None)
        if other is None:
            yield DocumentChange(head.kind, head.key, "", How.REMOVED, head.client)
            continue
        fields = tuple(_otherwise(one.value, other.value))
        how = _how(head.kind, fields)
        then = other.head
        if head.key != then.key and how in (How.REWORDED, How.REWRITTEN):
            how = How.RENAMED
        moved = head.path != then.path or one.text.strip() != other.text.strip()
        if moved or how is not How.REWRITTEN:
            yield DocumentChange(head.kind, head.key, then.key, how, then.client, fields)
    for other in left.values():
        yield DocumentChange(other.head.kind, "", other.head.key, How.ADDED, other.head.client)


def _otherwise(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """The fields that say something else; of names another rule tells."""
    for field in dict.fromkeys((*before, *after)):
        if field != "name" and (
            (field in before) != (field in after) or before.get(field) != after.get(field)
        ):
            yield field


def _how(kind: str, fields: tuple[str, ...]) -> How:
    if not fields:
        return How.REWRITTEN
    idle = _ALWAYS_IDLE | IDLE.get(kind, frozenset())
    if kind != "tier":
        idle |= {"version"}
    return How.REWORDED if set(fields) <= idle else How.CHANGED


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A document that is looked for by its key."""

    name: str
    written: Written


def _pairs(
    kind: str, before: Iterable[Written], after: Iterable[Written], clients: Mapping[str, str]
) -> Mapping[str, str]:
    """The keys before, each with the key after of the same document.

    What is alike is what `changes.pairs` takes for the same thing, so that a rename is told here
    exactly where it changes nothing there.
    """

    def alike(one: _Keyed) -> Any:
        value = one.written.value
        match kind:
            case "client":
                autotask = value.get("autotask", {})
                organization = autotask.get("organization", value["legal_name"])
                return organization, autotask.get("number", "")
            case "agreement":
                client = value["client"]
                return clients.get(client, client), value["start"], value.get("default", True)
            case "tier":
                return value["title"], value["version"], value["effective"]
            case "settings":
                return None
            case "scenario":
                return repr([value[part] for part in ("given", "when", "then")])
            case "waiver":
                return value["code"], value["subject"]
            case _:
                return value.get("title", value["name"])

    return same(
        (_Keyed(one.head.key, one) for one in before),
        (_Keyed(one.head.key, one) for one in after),
        alike,
    )


# --- how documents reach clients -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reach:
    """How changed documents reach a client: its own ones, and the others that it rests on.

    All of them are named as findings name them, and all may bear on billing.
    """

    own: tuple[str, ...]
    others: tuple[str, ...]

    def of_work(self, cells: Cells, mask: Mask) -> Reach:
        """What of it can bear on some work: no other work type, role or sub-issue."""
        return Reach(self.own, tuple(one for one in self.others if _meets(one, cells, mask)))

    def of_agreement(self, agreement: str, *kinds: str) -> Reach:
        """What of it can bear on one agreement: its client, itself, and documents of some kinds."""
        own = tuple(
            one for one in self.own if one.startswith("client/") or one == f"agreement/{agreement}"
        )
        return Reach(own, tuple(one for one in self.others if one.partition("/")[0] in kinds))


def _meets(subject: str, cells: Cells, mask: Mask) -> bool:
    kind, _, name = subject.partition("/")
    match kind:
        case "work_type":
            return bool(mask & cells.by_work_type.get(name, 0))
        case "role":
            return bool(mask & cells.by_role.get(name, 0))
        case "sub_issue":
            return bool(mask & cells.by_sub_issue.get(name, 0))
        case "service" | "service_bundle":
            return False
        case _:
            return True


NOT_KNOWN = Reach((), ())
"""Where nobody has said which documents were changed."""


class Reaching:
    """Finds how the changed documents reach each client."""

    def __init__(self, changes: Iterable[DocumentChange]) -> None:
        """Begins with what was done to all documents."""
        bearing = [one for one in changes if one.bears]
        self._sides = tuple(
            {f"{one.kind}/{key}": one.subject for one in bearing if (key := one_key(one, side))}
            for side in Side
        )
        self._everybody = tuple(
            one.subject
            for one in bearing
            if one.kind in ("settings", "role", "work_type", "sub_issue")
        )

    def of(self, changes: ClientChanges) -> Reach:
        """How a client is reached."""
        own: dict[str, None] = {}
        others: dict[str, None] = {}
        for side, view in zip(Side, (changes.before, changes.after), strict=True):
            if view is None:
                continue
            known = self._sides[side]
            for subject in _own(view):
                if subject in known:
                    own[known[subject]] = None
            for subject in _others(view):
                if subject in known:
                    others[known[subject]] = None
        others.update(dict.fromkeys(self._everybody))
        return Reach(tuple(sorted(own)), tuple(sorted(others)))


def one_key(one: DocumentChange, side: Side) -> str:
    """The key of a document on a side; empty where it is not there."""
    return one.before if side is Side.BEFORE else one.after


def _own(view: ClientCoverage) -> Iterator[str]:
    yield view.client.subject
    for agreement in view.agreements:
        yield agreement.subject


def _others(view: ClientCoverage) -> Iterator[str]:
    """All that a client rests on beside its own documents, and beside what reaches everybody.

    Of its family, it rests on what others signed only where links of its own may lead there.
    """
    book, contracts = view.family.book, view.contracts
    links = (one.falls_to or "" for own in view.agreements for one in own.contracts)
    if any("/" in link for link in links):
        contracts = tuple(book.contracts.values())
        for agreement in book.agreements:
            if agreement.client != view.client.name:
                yield agreement.subject
    for contract in contracts:
        for phase in contract.phases:
            yield from _tiers(phase.tier)
            if phase.terms.exclusion_set:
                yield f"exclusion_set/{phase.terms.exclusion_set}"
    for agreement in view.agreements:
        for name in agreement.services:
            service = view.shared.services[name]
            yield service.subject
            if isinstance(service, ServiceBundle):
                yield from (f"service/{part}" for part in service.services)


def _tiers(tier: EffectiveTier | None) -> Iterator[str]:
    while tier is not None:
        yield tier.tier.subject
        tier = tier.parent
