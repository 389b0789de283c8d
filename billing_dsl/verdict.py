"""Findings → diagnostics: equal ones joined, accepted ones set aside, places looked up, ordered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from billing_dsl.diagnostics import (
    Diagnostic,
    Finding,
    Label,
    Note,
    Place,
    Reach,
    Severity,
    Span,
)
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.model.resolve import WORDS, did_you_mean
from billing_dsl.rules import Rule, rules
from billing_dsl.source.pages import Page
from billing_dsl.source.places import locate_all

Coded = tuple[str, Finding]


@cache
def pages() -> Mapping[str, Page]:
    """The page of every code the tool knows, by code: of rules and of the stages below them."""
    from billing_dsl.kinds import _pages as kind_pages
    from billing_dsl.model import pages as model_pages
    from billing_dsl.source import comments
    from billing_dsl.source import pages as source_pages
    from billing_dsl.targets import _pages as target_pages
    from billing_dsl.templates import pages as template_pages
    from billing_dsl.tenant import pages as tenant_pages

    found = [
        *source_pages.PAGES,
        *comments.PAGES,
        *model_pages.PAGES,
        *kind_pages.PAGES,
        *target_pages.PAGES,
        *template_pages.PAGES,
        *tenant_pages.PAGES,
        *PAGES,
        *(page_of(rule) for rule in rules()),
    ]
    return {page.code: page for page in sorted(found, key=lambda page: page.code)}


def page_of(rule: Rule) -> Page:
    """The page of a rule: its docstring."""
    return Page(rule.code, rule.name, rule.severity, rule.page)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that a waiver accepts."""

    waiver: Waiver
    code: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong, and what has been accepted though wrong."""

    diagnostics: tuple[Diagnostic, ...]
    accepted: tuple[Accepted, ...]


def verdict(
    found: Iterable[Coded],
    waivers: Sequence[Waiver],
    as_of: date,
    partial: bool,
    text_of: Callable[[str], bytes],
    house_rules: Sequence[Rule] = (),
    names: Mapping[str, Collection[str]] | None = None,
    with_tenant: bool = False,
) -> Verdict:
    """The diagnostics of a check, in their stated order.

    A waiver of a house rule is judged only where house rules are asked.
    `text_of` gives a file's bytes again, for the places that findings name. `partial` keeps
    waivers from being called unused: what they accept may lie in the part not proved. `names`
    are those declared, by kind, to tell a misspelt subject. What accepts findings about a tenant is
    called unused only `with_tenant`, where one has been looked at.
    """
    joined = tuple(_joined(found))
    if not joined and not waivers:
        return Verdict((), ())  # without a look at any page
    known = {**pages(), **{rule.code: page_of(rule) for rule in house_rules}}
    kept, accepted, used = _set_aside(joined, [w for w in waivers if not _expired(w, as_of)])
    if not with_tenant:
        used |= {id(waiver) for waiver in waivers if waiver.code in _of_tenants()}
    judged = [w for w in waivers if w.code in known or house_rules or w.code.startswith("BD")]
    kept.extend(_about_waivers(judged, used, as_of, partial, known, names))
    return Verdict(_located(kept, known, text_of), accepted)


def _joined(found: Iterable[Coded]) -> Iterator[Coded]:
    """Findings of one code that differ in whom they reach alone, as one."""
    alike: dict[tuple[object, ...], tuple[str, Finding, dict[Reach, None]]] = {}
    for code, finding in found:
        key = (code, finding.place, finding.message)
        known = alike.get(key)
        if known is None:
            alike[key] = (code, finding, dict.fromkeys(finding.reached))
        else:
            known[2].update(dict.fromkeys(finding.reached))
    for code, finding, reached in alike.values():
        ordered = tuple(sorted(reached, key=lambda reach: (reach.client, reach.agreement)))
        yield code, finding if ordered == finding.reached else replace(finding, reached=ordered)


def _expired(waiver: Waiver, as_of: date) -> bool:
    return waiver.until is not None and waiver.until < as_of


@cache
def _not_understood() -> frozenset[str]:
    from billing_dsl.kinds import _pages as kind_pages
    from billing_dsl.targets import _pages as target_pages
    from billing_dsl.tenant import pages as tenant_pages

    own = (page.code for page in kind_pages.PAGES)
    return frozenset((*own, *tenant_pages.UNREADABLE, *target_pages.UNMADE))


@cache
def _of_tenants() -> frozenset[str]:
    from billing_dsl.tenant import pages as tenant_pages

    return frozenset(page.code for page in tenant_pages.PAGES)


def waivable(code: str) -> bool:
    """Whether a finding can be accepted at all.

    Text, shape, names and waivers cannot, nor what keeps a document from being understood or made.
    """
    return not code.startswith(("BD0", "BD1", "BD2", "BD9")) and code not in _not_understood()


def _set_aside(
    found: Iterable[Coded], waivers: Sequence[Waiver]
) -> tuple[list[Coded], tuple[Accepted, ...], set[int]]:
    """What is left, what is accepted, and the waivers (by id) that accept something.

    Of several waivers for one finding the first counts, but none of them is without use: take one
    away, and another still accepts what it names.
    """
    by_code: dict[str, list[Waiver]] = {}
    for waiver in waivers:
        by_code.setdefault(waiver.code, []).append(waiver)
    kept: list[Coded] = []
    accepted: list[Accepted] = []
    used: set[int] = set()
    for code, finding in found:
        left = finding
        meant = by_code.get(code, ()) if waivable(code) else ()
        used.update(id(waiver) for waiver in meant if _matches(waiver, finding))
        for waiver in meant:
            if waiver.about == finding.subject:
                accepted.append(Accepted(waiver, code, finding))
                break
            waived = tuple(reach for reach in left.reached if waiver.about in _subjects(reach))
            if waived:
                accepted.append(Accepted(waiver, code, replace(finding, reached=waived)))
                left = replace(left, reached=tuple(r for r in left.reached if r not in waived))
                if not left.reached:
                    break
        else:
            kept.append((code, left))
    return kept, tuple(accepted), used


def _matches(waiver: Waiver, finding: Finding) -> bool:
    """Whether a waiver names a finding's subject, or somebody whom it reaches."""
    return waiver.about == finding.subject or any(
        waiver.about in _subjects(reach) for reach in finding.reached
    )


def _subjects(reach: Reach) -> tuple[str, ...]:
    return (f"client/{reach.client}", f"agreement/{reach.agreement}")


PAGES = (
    Page(
        "BD020",
        "unreadable-file",
        Severity.ERROR,
        """
        A file of the catalogue that cannot be read.

        It is a folder, a pipe or a link that leads elsewhere, or the machine does not let it be
        opened. Whatever it declares is unknown, so what depends on it is left out of the proof.
        Make it a readable file of the catalogue, or move it out of its folder.
        """,
    ),
    Page(
        "BD901",
        "unused-waiver",
        Severity.WARNING,
        """
        A waiver that accepts nothing.

        Either the finding is gone, then so can the waiver, or its code or subject is not the
        finding's. Left in place it would silently accept the next finding of that name.

        Fails:

            kind: waiver
            name: old-story
            code: BD301
            subject: client/acme
            reason: agreed by letter
            owner: owner@msp.example
            ---
            kind: client
            name: acme
            legal_name: Acme S.r.l.

        Passes:

            kind: waiver
            name: list-price
            code: BD301
            subject: agreement/acme-2027
            reason: client pays list price, agreed by letter
            owner: owner@msp.example
            ---
            kind: agreement
            name: acme-2027
            client: acme
            start: 2027-01-01
            end: 2027-12-31
            contracts:
              - name: hourly
                type: time_and_materials
                excludes: {work_types: [onsite-support]}
        """,
    ),
    Page(
        "BD902",
        "expired-waiver",
        Severity.WARNING,
        """
        A waiver whose last day is past.

        It accepts nothing any more: what it accepted is reported again. Decide anew, or remove it.

        Fails:

            kind: waiver
            name: old-story
            code: BD301
            subject: client/acme
            reason: agreed by letter
            owner: owner@msp.example
            until: 2026-12-31
            ---
            kind: client
            name: acme
            legal_name: Acme S.r.l.

        Passes:

            kind: waiver
            name: list-price
            code: BD301
            subject: agreement/acme-2027
            reason: client pays list price, agreed by letter
            owner: owner@msp.example
            until: 2027-12-31
            ---
            kind: agreement
            name: acme-2027
            client: acme
            start: 2027-01-01
            end: 2027-12-31
            contracts:
              - name: hourly
                type: time_and_materials
                excludes: {work_types: [onsite-support]}
        """,
    ),
    Page(
        "BD903",
        "unknown-waiver-code",
        Severity.ERROR,
        """
        A waiver for a code that no rule has, or that cannot be accepted.

        Faults of text, shape and names are mended, not accepted: what cannot be read cannot be
        proved.

        Fails:

            kind: waiver
            name: typo
            code: BD999
            subject: client/acme
            reason: agreed by letter
            owner: owner@msp.example
            ---
            kind: client
            name: acme
            legal_name: Acme S.r.l.

        Passes:

            kind: client
            name: acme
            legal_name: Acme S.r.l.
        """,
    ),
)
"""The pages of what is said about waivers."""


def _about_waivers(
    waivers: Sequence[Waiver],
    used: set[int],
    as_of: date,
    partial: bool,
    known: Mapping[str, Page],
    names: Mapping[str, Collection[str]] | None,
) -> Iterator[Coded]:
    for waiver in waivers:
        if waiver.code not in known or not waivable(waiver.code):
            cure = "copy the code from the finding that is to be accepted"
            if waiver.code in known:
                cure = "mend what it finds, and remove the waiver: it is never accepted"
            else:
                codes = [code for code in known if waivable(code)]
                cure = did_you_mean(waiver.code, codes, _LIKE_A_CODE) or cure
            yield (
                "BD903",
                Finding(
                    waiver.at("code"),
                    f"`{waiver.code}` is not a code that can be accepted",
                    label="no rule with findings to accept has this code",
                    help=cure,
                    subject=waiver.subject,
                ),
            )
        elif _expired(waiver, as_of):
            yield (
                "BD902",
                Finding(
                    waiver.at("until"),
                    f"waiver `{waiver.name}` ended on {waiver.until}",
                    label="its last day",
                    help=f"ask {waiver.owner} whether it is to go on, or remove it",
                    subject=waiver.subject,
                ),
            )
        elif id(waiver) not in used and not partial:
            yield (
                "BD901",
                Finding(
                    waiver.at("subject"),
                    f"waiver `{waiver.name}` accepts nothing: {waiver.about} has no {waiver.code}",
                    label="this is what it accepts",
                    help=_unknown_subject(waiver.about, names)
                    or "remove the waiver, or mend its code and subject",
                    subject=waiver.subject,
                ),
            )


_LIKE_A_CODE = 0.8
"""How near a code must be to be meant: all but one of its signs are there, in their order."""


def _unknown_subject(about: str, names: Mapping[str, Collection[str]] | None) -> str:
    """What to do about a subject that nobody declares, or nothing."""
    if names is None:
        return ""
    kind, _, name = about.partition("/")
    copied = "copy the subject from the finding that is to be accepted"
    if kind not in WORDS:
        return f"there is no kind `{kind}`: {did_you_mean(kind, WORDS) or copied}"
    known = [one for one in names.get(kind, ()) if kind != "tier" or "@" in one]
    if name in known:
        return ""
    cure = did_you_mean(name, known) or copied
    return f"there is no {WORDS[kind]} `{name}`: {cure}"


def _located(
    found: Sequence[Coded], known: Mapping[str, Page], text_of: Callable[[str], bytes]
) -> tuple[Diagnostic, ...]:
    wanted: dict[str, dict[Place, None]] = {}
    for _, finding in found:
        for place in (finding.place, *(label.place for label in finding.related)):
            if isinstance(place, Place):
                wanted.setdefault(place.path, {})[place] = None
    spans: dict[Place, Span] = {}
    for path, places in wanted.items():
        ordered = tuple(places)
        spans.update(zip(ordered, locate_all(text_of(path), ordered), strict=True))

    def span(place: Place | Span) -> Span:
        return place if isinstance(place, Span) else spans[place]

    def note(label: Label) -> Note:
        return Note(span(label.place), label.message)

    diagnostics = sorted(
        (
            Diagnostic(
                code,
                known[code].name,
                known[code].severity,
                span(finding.place),
                finding.message,
                finding.label,
                finding.help,
                tuple(note(label) for label in finding.related),
                finding.subject,
                finding.reached,
                finding.assumption,
                _route(finding.place),
            )
            for code, finding in found
        ),
        key=lambda diagnostic: diagnostic.order,
    )
    counts: dict[tuple[str, ...], int] = {}
    numbered: list[Diagnostic] = []
    for diagnostic in diagnostics:
        key = (diagnostic.code, diagnostic.span.path, diagnostic.route, diagnostic.message)
        counts[key] = counts.get(key, -1) + 1
        numbered.append(replace(diagnostic, occurrence=counts[key]) if counts[key] else diagnostic)
    return tuple(numbered)


def _route(place: Place | Span) -> str:
    return ".".join(str(step) for step in place.route) if isinstance(place, Place) else ""
