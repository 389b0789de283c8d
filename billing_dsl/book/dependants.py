"""Whom a broken document takes with it: the agreements that name it, and what names it between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from billing_dsl.diagnostics import Finding, Place, Reach, Span
from billing_dsl.kinds import kinds
from billing_dsl.kinds._pages import PAGES
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.model.catalogue import Catalogue
from billing_dsl.model.declaration import Declaration

NAMELESS = ""
"""In place of a subject: a document that lost even its name, and that any unknown name may mean."""

_BREAKING = ("BD0", "BD1", "BD2", *(page.code for page in PAGES))
"""How the codes begin of what keeps a document from being understood."""

_OWN = frozenset(("client", "agreement"))
"""Kinds of which the client's own documents are."""


@dataclass(frozen=True, slots=True)
class Want:
    """An agreement that cannot be proved for want of something that clients share.

    `subject` is what it names, itself broken or depending on what is.
    """

    subject: str
    client: str
    agreement: str


def wants(shared: Catalogue, own: Catalogue) -> Iterator[Want]:
    """What each agreement of a family goes without."""
    if not shared.unsound and not shared.silent and not any(shared.lost.values()):
        return
    for agreement in own.all(Agreement):
        missed = dict.fromkeys(_missed(shared, agreement))
        if not missed and shared.silent and not own.sound(agreement):
            missed = {NAMELESS: None}
        for subject in missed:
            yield Want(subject, agreement.client, agreement.name)


def _missed(shared: Catalogue, declaration: Declaration) -> Iterator[str]:
    """The subjects that a declaration needs, and that are broken or depend on what is."""
    for mention in kinds()[declaration.KIND].mentions(declaration):
        subject = f"{mention.kind}/{mention.name}"
        lost = mention.name in shared.lost.get(mention.kind, ())
        if mention.carries and mention.kind not in _OWN and (lost or subject in shared.unsound):
            yield subject


def with_reach(
    found: Iterable[tuple[str, Finding]],
    shared: Catalogue,
    lost: Mapping[str, tuple[str, int]],
    wanting: Iterable[Want],
) -> Iterator[tuple[str, Finding]]:
    """Findings, those that break what clients share with the agreements that they reach.

    `lost` tells of the subjects of documents that could not be understood which documents they
    are: path and number.
    """
    reached: dict[tuple[str, int], dict[Reach, None]] = {}
    behind: dict[str, frozenset[tuple[str, int]]] = {}
    for want in wanting:
        if want.subject not in behind:
            behind[want.subject] = frozenset(_documents(shared, lost, want.subject))
        for document in behind[want.subject]:
            reached.setdefault(document, {})[Reach(want.client, want.agreement)] = None
    for code, finding in found:
        whom = _whom(reached, finding.place) if code.startswith(_BREAKING) else ()
        yield (
            code,
            replace(finding, reached=tuple(whom)) if whom and not finding.reached else finding,
        )


def _whom(reached: Mapping[tuple[str, int], Iterable[Reach]], place: Place | Span) -> list[Reach]:
    """Whom a document reaches; a place in the bare text of a file may be in any of its own."""
    if isinstance(place, Place):
        return list(reached.get((place.path, place.document), ()))
    found = (whom for (path, _), whom in reached.items() if path == place.path)
    return list(dict.fromkeys(reach for whom in found for reach in whom))


def _documents(
    shared: Catalogue, lost: Mapping[str, tuple[str, int]], subject: str
) -> Iterator[tuple[str, int]]:
    """The documents that a subject's fault may lie in: its own, and those that it depends on."""
    waiting, seen = [subject], {subject}
    while waiting:
        name = waiting.pop()
        if name in lost:
            yield lost[name]
        for declaration in _declared(shared, name):
            yield declaration.source.path, declaration.source.document
            further = [one for one in _missed(shared, declaration) if one not in seen]
            waiting += further
            seen.update(further)


def _declared(shared: Catalogue, subject: str) -> Iterator[Declaration]:
    """What is declared under a subject: a bundle is sold as a service, a tier has versions."""
    kind, _, name = subject.partition("/")
    for of_kind, named in shared.declared.items():
        if kind != of_kind.KIND and (kind, of_kind.KIND) != ("service", "service_bundle"):
            continue
        if name in named:
            yield named[name]
        elif kind == "tier":
            yield from (one for one in named.values() if one.name == name and not shared.sound(one))
