"""The data path: YAML text → documents → catalogue → book → coverage → diagnostics.

Each step is a function from values to values and findings. Nothing here reads a file, a clock,
the environment, git or the network: texts and today come in as arguments.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeAlias, TypeVar

from billing_dsl.analysis.cells import Cells
from billing_dsl.analysis.coverage import FamilyCoverage, family_coverage
from billing_dsl.analysis.views import (
    ClientCoverage,
    ClientFacts,
    Declared,
    Portfolio,
    client_facts,
)
from billing_dsl.analysis.walk import Walker
from billing_dsl.book.book import shared, written_out
from billing_dsl.book.dependants import NAMELESS, Want, wants, with_reach
from billing_dsl.book.families import Family, grouped
from billing_dsl.diagnostics import Fault, Finding, Span
from billing_dsl.kinds import kinds
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.scenario import Scenario
from billing_dsl.kinds.settings import Settings, house
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.model.catalogue import Catalogue, gathered
from billing_dsl.model.declaration import Declaration, Head, House, head
from billing_dsl.model.resolve import duplicates, names_by_kind, nearest, unknown_kind, unresolved
from billing_dsl.model.validate import validate
from billing_dsl.model.wording import is_name, slug
from billing_dsl.rules import Rule, findings
from billing_dsl.source.comments import glued
from billing_dsl.source.document import Broken, Document
from billing_dsl.source.reader import read
from billing_dsl.templates import NONE, Templates, own_faults

Coded: TypeAlias = tuple[str, Finding]
"""A finding with the code of whoever found it."""

S = TypeVar("S")


class Progress(Protocol):
    """Goes through things and shows, where somebody watches, how far it has come."""

    def __call__(self, things: Sequence[S], doing: str) -> Iterable[S]:
        """The things, one after the other."""


def silently(things: Sequence[S], doing: str) -> Iterable[S]:
    """Goes through things and shows nothing."""
    return things


# --- text → documents ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileReading:
    """What one file holds: documents that fit their schemas, broken ones, and faults."""

    path: str
    documents: tuple[Document, ...]
    broken: tuple[Broken, ...]
    faults: tuple[Fault, ...]

    @property
    def heads(self) -> tuple[Head, ...]:
        """What places its documents among the others."""
        return tuple(head(document) for document in self.documents)


def read_file(path: str, text: bytes) -> FileReading:
    """One file, read and validated; what it means is understood only later."""
    documents, broken, faults = read(path, text)
    fit: list[Document] = []
    unfit = list(broken)
    found = list(faults)
    for document in documents:
        wrong = validate(document) or tuple(kinds()[document.value["kind"]].check(document))
        if wrong:
            found.extend(wrong)
            unfit.append(_remains(document))
        else:
            fit.append(document)
    if not faults:
        found.extend(glued(path, text))
    return FileReading(path, tuple(fit), tuple(unfit), tuple(found))


def _remains(document: Document) -> Broken:
    kind, name = document.value.get("kind"), document.value.get("name")
    version = document.value.get("version", 1)
    if not isinstance(kind, str) or not isinstance(name, str):
        return Broken(document.path, document.index)
    if kind not in kinds():  # misspelt, it may still show; or else any kind may be meant
        kind = "".join(nearest(kind, kinds())[:1])
    if kind == "tier" and not isinstance(version, int):
        return Broken(document.path, document.index)  # any version of it may be meant
    if kind == "tier":
        name = f"{name}@{version}"
    client = document.value.get("client") if kind == "agreement" else None
    whose = client if isinstance(client, str) else ""
    return Broken(document.path, document.index, kind, name, whose)


# --- documents → inventory -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inventory:
    """Which documents there are, without what they say: names, losses, and whose is what."""

    heads: Sequence[Head]
    """Without those that use a name again: the first of them counts."""
    shared: tuple[Head, ...]
    """Those of documents that belong to no client."""
    names: Mapping[str, set[str]]
    lost: Mapping[str, frozenset[str]]
    silent: bool
    """Whether some document lost even its name, so that any unknown reference may mean it."""
    bereft: frozenset[str]
    """The clients of whom an agreement is lost, misspells the client, or has a name that another
    has; the empty name where it may be anybody's.
    """
    families: Sequence[tuple[Head, ...]]
    """The documents of each family of clients."""
    family_of: Mapping[str, int]
    """The number of each client's family."""
    strays: tuple[Head, ...]
    """Documents of clients that nobody declares."""
    remains: Mapping[str, tuple[str, int]]
    """Where what is lost stands: path and number of the document, by each subject it may be."""

    def complete(self, client: str) -> bool:
        """Whether no agreement of a client is lost."""
        return not (self.silent or "" in self.bereft or client in self.bereft)

    def family(self, client: str) -> tuple[Head, ...]:
        """The documents of a client and of those who belong together with it."""
        return self.families[self.family_of[client]] if client in self.family_of else ()


def take_stock(
    heads: Iterable[Head], broken: Iterable[Broken]
) -> tuple[Inventory, tuple[Coded, ...]]:
    """The inventory of a catalogue, and the names that are used twice."""
    heads = sorted(heads, key=lambda head: (head.path, head.document))
    twice = list(duplicates(heads))
    if twice:
        again = {id(head) for head, _ in twice}
        heads = [head for head in heads if id(head) not in again]
    broken = tuple(broken)
    lost: dict[str, set[str]] = {}
    silent = False
    for remains in broken:
        names = _meant(remains)
        if remains.kind not in kinds() or not names:
            silent = True
        else:
            lost.setdefault(remains.kind, set()).update(names)
    doubled = [head for head, _ in twice if head.kind == "agreement"]
    if doubled:  # which of the two is meant is known to nobody
        lost.setdefault("agreement", set()).update(head.name for head in doubled)
    lost.setdefault("service", set()).update(lost.get("service_bundle", ()))
    families, strays = _families(heads)
    known = names_by_kind(heads)
    return (
        Inventory(
            tuple(heads),
            tuple(head for head in heads if not head.client),
            known,
            {kind: frozenset(names) for kind, names in sorted(lost.items())},
            silent,
            frozenset(
                (
                    *(remains.client for remains in broken if remains.kind == "agreement"),
                    *(head.client for head in doubled),
                    *_perhaps(strays, known.get("client", ()), lost.get("client", ())),
                )
            ),
            families,
            {
                head.name: number
                for number, family in enumerate(families)
                for head in family
                if head.kind == "client"
            },
            strays,
            dict(_remains_by_subject(broken)),
        ),
        tuple((fault.code, fault.finding) for _, fault in twice),
    )


def _remains_by_subject(broken: Iterable[Broken]) -> Iterator[tuple[str, tuple[str, int]]]:
    """Each subject that remains may be of; of a bundle, also the service as which it is sold."""
    for remains in broken:
        for name in _meant(remains) if remains.kind in kinds() else ():
            yield f"{remains.kind}/{name}", (remains.path, remains.index)
            if remains.kind == "service_bundle":
                yield f"service/{name}", (remains.path, remains.index)
        if remains.kind not in kinds() or not _meant(remains):
            yield NAMELESS, (remains.path, remains.index)


def _perhaps(
    strays: Iterable[Head], known: Collection[str], lost: Collection[str]
) -> Iterator[str]:
    """The clients that agreements of nobody's may mean; the empty name where it may be anybody."""
    for name in sorted({stray.client for stray in strays if stray.kind == "agreement"}):
        if name not in lost:
            yield from nearest(name, known) or ("",)


def _meant(remains: Broken) -> tuple[str, ...]:
    """The names by which others may know a broken document, or none if any name may mean it.

    A malformed name may be meant in several ways: `com plete` as `complete` or `com-plete`.
    """
    tier = remains.kind == "tier"
    written, at, version = remains.name.rpartition("@") if tier else (remains.name, "", "")
    bare = written.partition("@")[0] if tier else written
    if is_name(written):
        return (written, remains.name)
    meant = sorted({slug(bare), slug(bare, "")} - {""})
    return tuple(name for one in meant for name in (written, one, f"{one}{at}{version}"))


def _families(
    heads: Sequence[Head],
) -> tuple[tuple[tuple[Head, ...], ...], tuple[Head, ...]]:
    clients = [head.name for head in heads if head.kind == "client"]
    owner = {head.name: head.client for head in heads if head.kind == "agreement"}
    ties = [
        (head.client, owner.get(tie, tie) if head.kind == "agreement" else tie)
        for head in heads
        for tie in head.ties
    ]
    documents: dict[str, list[Head]] = {name: [] for name in clients}
    strays: list[Head] = []
    for document in heads:
        if document.client:
            documents.get(document.client, strays).append(document)
    return (
        tuple(
            tuple(head for client in family for head in documents[client])
            for family in grouped(clients, ties)
        ),
        tuple(strays),
    )


# --- what clients share --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Common:
    """What clients share, resolved and written out.

    `declared` is None where the settings are missing or broken: then nothing can be proved.
    """

    inventory: Inventory
    catalogue: Catalogue
    house: House
    declared: Declared | None
    walker: Walker

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """The findings that somebody has accepted."""
        return self.catalogue.all(Waiver)


def share(
    inventory: Inventory,
    documents: Iterable[Document],
    as_of: date,
    rules: tuple[Rule, ...],
    templates: Templates = NONE,
) -> tuple[Common, tuple[Coded, ...]]:
    """What clients share, from the documents that belong to no client, and what is wrong there.

    `templates` are the user's own; what there is to say of them is said here too.
    """
    documents = list(documents)
    settings = [document for document in documents if document.value["kind"] == "settings"]
    own = house(settings[0].value) if settings else House("")
    declarations = [build(document, own) for document in documents]
    catalogue = Catalogue(gathered(declarations), inventory.lost, inventory.silent)
    catalogue, faults = _resolved(inventory, catalogue, catalogue)
    found = [(fault.code, fault.finding) for fault in faults]
    found.extend(_settings_count(inventory, catalogue))
    found.extend(own_faults(templates))
    if not settings:
        return Common(inventory, catalogue, own, None, Walker()), tuple(found)
    # The house is that of the first settings document, if there are two: BD204.
    book, faults = shared(catalogue, catalogue.the(Settings, settings[0].value["name"]))
    found.extend((fault.code, fault.finding) for fault in faults)
    left_out = {
        name
        for tier in _tiers(catalogue)
        if tier.key not in book.tiers
        for name in (tier.subject, f"tier/{tier.name}")
    }
    catalogue = replace(catalogue, unsound=catalogue.unsound | left_out)
    book = replace(book, catalogue=catalogue)
    cells = Cells(book.work_types, book.roles, book.sub_issues)
    declared = Declared(book, cells, as_of, templates)
    found.extend(_fits_together(declared))
    found.extend((rule.code, finding) for rule, finding in findings(rules, declared))
    return Common(inventory, catalogue, own, declared, Walker()), tuple(found)


def _fits_together(declared: Declared) -> tuple[Coded, ...]:
    """What is wrong with own templates beside what clients share; mostly there are none."""
    if declared.templates == NONE:
        return ()
    from billing_dsl.targets._fitting import fits_together

    return tuple((fault.code, fault.finding) for fault in fits_together(declared))


def build(document: Document, house: House) -> Declaration:
    """The declaration of a document that fits its schema."""
    declaration: Declaration = kinds()[document.value["kind"]].build(document, house)
    return declaration


def _tiers(catalogue: Catalogue) -> Iterator[Declaration]:
    return (
        declaration
        for kind, named in catalogue.declared.items()
        if kind.KIND == "tier"
        for declaration in named.values()
    )


def _resolved(
    inventory: Inventory, catalogue: Catalogue, known: Catalogue
) -> tuple[Catalogue, tuple[Fault, ...]]:
    """A catalogue with what is unsound in it, and a fault for each unknown name.

    What depends on something unsound is unsound itself, however far away the cause.
    """
    faults: list[Fault] = []
    unsound = set(known.unsound)
    declarations = [d for named in catalogue.declared.values() for d in named.values()]
    mentions = [(d, tuple(kinds()[d.KIND].mentions(d))) for d in declarations]
    report = faults.append
    while True:
        before = len(unsound)
        for declaration, mentioned in mentions:
            if declaration.subject not in unsound and unresolved(
                declaration,
                mentioned,
                inventory.names,
                inventory.lost,
                inventory.silent,
                unsound,
                report,
            ):
                unsound.add(declaration.subject)
                if declaration.KIND == "service_bundle":
                    unsound.add(f"service/{declaration.name}")
        if len(unsound) == before:
            break
        report = _already_reported
    if unsound == catalogue.unsound:
        return catalogue, tuple(faults)
    return replace(catalogue, unsound=frozenset(unsound)), tuple(faults)


def _already_reported(_fault: Fault) -> None:
    """The first round has reported every unknown name."""


def _settings_count(inventory: Inventory, catalogue: Catalogue) -> Iterator[Coded]:
    """BD204 unless there is exactly one settings document."""
    found = [head for head in inventory.shared if head.kind == "settings"]
    if len(found) > 1:
        for again in found[1:]:
            yield (
                "BD204",
                Finding(
                    again.place,
                    "a catalogue has one settings document, this is another",
                    label="the settings again",
                    help="keep one of them",
                    subject=f"settings/{again.name}",
                ),
            )
    elif not found and not inventory.silent and "settings" not in inventory.lost:
        yield "BD204", _no_settings(empty=not inventory.heads and not any(inventory.lost.values()))


def _no_settings(empty: bool) -> Finding:
    """What is said without settings; of a folder without any document there is more to say."""
    place = Span("", 1, 1, 1, 1)
    if empty:
        return Finding(
            place,
            "the folder holds no catalogue: there is no YAML document in it",
            help="name the folder that holds yours, or write a small catalogue to begin from with "
            "`billing-dsl init` and the name of a new folder",
        )
    return Finding(
        place,
        "the catalogue has no settings document",
        help="add a document of kind `settings` with currency and time zone",
    )


# --- client by client ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FamilyResult:
    """What checking one family gave: small and plain, so that it can be kept."""

    found: tuple[Coded, ...]
    facts: tuple[ClientFacts, ...]
    left_out: tuple[str, ...]
    wants: tuple[Want, ...] = ()


def cover(
    common: Common, declared: Declared, documents: Iterable[Document]
) -> tuple[tuple[ClientCoverage, ...], FamilyCoverage, tuple[Coded, ...]]:
    """The coverage of each client of a family, and the faults in its documents' names."""
    own = _own(common, documents)
    own, faults = _resolved(common.inventory, own, common.catalogue)
    family = Family(own.all(Client), own.all(Agreement))
    book, more = written_out(declared.shared, own, family)
    coverage = family_coverage(declared.shared, declared.cells, common.walker, book)
    scenarios = [scenario for scenario in own.all(Scenario) if own.sound(scenario)]
    return (
        tuple(
            ClientCoverage(
                client,
                coverage,
                tuple(scenario for scenario in scenarios if scenario.client == client.name),
                declared.as_of,
                common.inventory.complete(client.name),
            )
            for client in book.clients
        ),
        coverage,
        tuple((fault.code, fault.finding) for fault in (*faults, *more)),
    )


def prove(
    common: Common, documents: Iterable[Document], rules: tuple[Rule, ...]
) -> tuple[FamilyResult, tuple[ClientCoverage, ...]]:
    """One family checked by every rule that looks at a client, and the coverage of its clients."""
    if common.declared is None:
        own = _own(common, documents)
        own, faults = _resolved(common.inventory, own, common.catalogue)
        names = tuple(client.name for client in own.all(Client))
        settings = next(
            (one for one in common.inventory.remains if one.startswith("settings/")), ""
        )
        return FamilyResult(
            tuple((f.code, f.finding) for f in faults),
            (),
            names,
            tuple(Want(settings, name, "") for name in names),
        ), ()
    documents = list(documents)
    clients, coverage, found = cover(common, common.declared, documents)
    result = FamilyResult(
        (
            *found,
            *(
                (rule.code, finding)
                for client in clients
                for rule, finding in findings(rules, client)
            ),
            *_clients_fit(common.declared, clients),
        ),
        tuple(client_facts(client) for client in clients),
        tuple(client.name for client in coverage.book.left_out),
        _wants(common, documents) if coverage.book.left_out else (),
    )
    return result, clients


def _clients_fit(declared: Declared, clients: tuple[ClientCoverage, ...]) -> tuple[Coded, ...]:
    """What own templates ask, and clients cannot say; mostly there are none."""
    if declared.templates == NONE:
        return ()
    from billing_dsl.targets._fitting import clients_fit

    return tuple((fault.code, fault.finding) for fault in clients_fit(declared, clients))


def _wants(common: Common, documents: Iterable[Document]) -> tuple[Want, ...]:
    """What the agreements of a family go without because something that clients share is broken."""
    own = _own(common, documents)
    own, _ = _resolved(common.inventory, own, common.catalogue)
    return tuple(wants(common.catalogue, own))


def _own(common: Common, documents: Iterable[Document]) -> Catalogue:
    """What the documents of some clients declare."""
    inventory = common.inventory
    declared = gathered(build(document, common.house) for document in documents)
    return Catalogue(declared, inventory.lost, inventory.silent)


def stray(common: Common, documents: Iterable[Document]) -> tuple[Coded, ...]:
    """The faults of documents whose client nobody declares."""
    own = _own(common, documents)
    _, faults = _resolved(common.inventory, own, common.catalogue)
    return tuple((fault.code, fault.finding) for fault in faults)


# --- all together --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """Every finding of a catalogue, not yet located, and what was proved.

    `cell_count` counts cells from every start of every segment. `partial` tells that something
    broken kept a part from being proved. `clients` are kept where something is to be made of
    them, and empty otherwise.
    """

    common: Common
    as_of: date
    found: tuple[Coded, ...]
    documents: int
    client_count: int
    contract_count: int
    cell_count: int
    partial: bool
    clients: tuple[ClientCoverage, ...] = ()


def check(
    readings: Sequence[FileReading],
    as_of: date,
    rules: tuple[Rule, ...],
    keep: bool = False,
    progress: Progress = silently,
    unread: Sequence[Broken] = (),
    templates: Templates = NONE,
) -> Checked:
    """Every finding of a catalogue whose files have been read.

    With `keep` the coverage of every client is kept for what comes after. `unread` are the files
    that could not even be read: whatever is missing may be in them.
    """
    documents = {
        (document.path, document.index): document
        for reading in readings
        for document in reading.documents
    }
    broken = [remains for reading in readings for remains in reading.broken]
    found: list[Coded] = [(f.code, f.finding) for reading in readings for f in reading.faults]
    heads = (head for reading in readings for head in reading.heads)
    inventory, faults = take_stock(heads, (*broken, *unread))
    found.extend(faults)
    shared_documents = of(documents, inventory.shared)
    common, faults = share(inventory, shared_documents, as_of, rules, templates)
    found.extend(faults)
    found.extend(stray(common, of(documents, inventory.strays)))
    results: list[FamilyResult] = []
    kept: list[ClientCoverage] = []
    for family in progress(inventory.families, "proving"):
        result, clients = prove(common, of(documents, family), rules)
        results.append(result)
        if keep:
            kept.extend(clients)
    count = sum(document_count(reading.documents, reading.broken) for reading in readings)
    checked = conclude(common, as_of, found, results, count, rules)
    kept.sort(key=lambda view: view.client.name)
    return replace(checked, clients=tuple(kept)) if keep else checked


def document_count(whole: Sized, broken: Iterable[Broken]) -> int:
    """How many documents a file holds; of one that is cut there may be two remains."""
    return len(whole) + len({remains.index for remains in broken})


def of(documents: Mapping[tuple[str, int], Document], heads: Iterable[Head]) -> Iterator[Document]:
    """The documents that belong to heads, in the heads' order."""
    return (documents[head.path, head.document] for head in heads)


def conclude(
    common: Common,
    as_of: date,
    found: Iterable[Coded],
    results: Iterable[FamilyResult],
    documents: int,
    rules: tuple[Rule, ...],
) -> Checked:
    """All findings together: those of each family, and those that only all clients show."""
    found, results = list(found), list(results)
    facts: list[ClientFacts] = []
    left_out = 0
    for result in results:
        found.extend(result.found)
        facts.extend(result.facts)
        left_out += len(result.left_out)
    complete = is_complete(common, left_out, found)
    found = list(reaching(common, found, (want for result in results for want in result.wants)))
    found.extend(over_all(common, facts, complete, unknown_kinds(found), rules))
    return Checked(
        common,
        as_of,
        tuple(found),
        documents,
        len(facts) + left_out,
        sum(client.contracts for client in facts),
        sum(client.cells for client in facts),
        not complete,
    )


def reaching(common: Common, found: Iterable[Coded], wanting: Iterable[Want]) -> Iterator[Coded]:
    """Findings; what breaks a document that clients share tells whom it takes with it."""
    return with_reach(found, common.catalogue, common.inventory.remains, wanting)


def is_complete(common: Common, left_out: int, found: Iterable[Coded]) -> bool:
    """Whether nothing broken kept any part from being proved.

    What a name means that nobody declares, or that two documents have, is known to nobody.
    """
    inventory = common.inventory
    broken = inventory.strays or inventory.silent or any(inventory.lost.values())
    broken = broken or any(code in ("BD201", "BD202") for code, _ in found)
    return not (left_out or broken or common.catalogue.unsound or common.declared is None)


def unknown_kinds(found: Iterable[Coded]) -> frozenset[str]:
    """The kinds of which some document names one that nobody declares."""
    return frozenset(unknown_kind(finding) for code, finding in found if code == "BD201")


def over_all(
    common: Common,
    facts: Iterable[ClientFacts],
    complete: bool,
    unknown: frozenset[str],
    rules: tuple[Rule, ...],
) -> Iterator[Coded]:
    """What only all clients together show."""
    if common.declared is not None:
        ordered = tuple(sorted(facts, key=lambda client: client.client))
        portfolio = Portfolio(common.declared, ordered, complete, unknown)
        for rule, finding in findings(rules, portfolio):
            yield rule.code, finding
