"""The certificate of a check: what was proved, how, on which assumptions, and what was not.

A page that an owner can hand to an auditor. It is made from what the check has found, passed in
as plain values, and says nothing that a rerun on the same commit would not say again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from billing_dsl.analysis.assumptions import ASSUMPTIONS, Assumption
from billing_dsl.analysis.cells import Cells
from billing_dsl.analysis.coverage import Covered
from billing_dsl.analysis.views import NO_LANDING, ClientCoverage, Declared, landing
from billing_dsl.book.book import Shared
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.diagnostics import Diagnostic, Finding, Severity
from billing_dsl.kinds._contract import NOWHERE, ContractType
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.languages.english import ENGLISH as WORDS
from billing_dsl.model.calendar import Stretch, day_after
from billing_dsl.targets._scope import Kind
from billing_dsl.targets._scope_body import KIND_OF, wording
from billing_dsl.targets._templates import ACCENT, PRIMARY, html, line, markdown, sheet

WIDEST = 6
"""Tiers side by side in the table of ends."""

NAMED = 5
"""Clients that a row names before it counts the others."""

UNDECIDED = "undecided"
NO_CONTRACT = "no contract"

MARKS = {kind.name: WORDS.treatments.of(kind.name).mark for kind in fields(WORDS.treatments)}
"""What becomes of work, in two words."""

_ORDER = (*MARKS.values(), NO_CONTRACT, UNDECIDED)
"""The order in which ends are told."""

KNOWN = {"D": "documented", "I": "inferred", "S": "from one source", "U": "not known"}
"""How well an assumption is known, by its marks, in two words."""


def _end(work_type: WorkType, there: str) -> str:
    """What becomes of a work type, in two words, by the type of contract where it ends."""
    if not work_type.billable:
        return MARKS[Kind.FREE.value]
    if there == NO_LANDING:
        return NO_CONTRACT
    return MARKS[wording(KIND_OF[ContractType(there)], (work_type,))]


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client: the days that were proved, and how much was proved of them."""

    client: str
    title: str
    days: tuple[Stretch, ...]
    contracts: int
    cells: int

    @property
    def count(self) -> int:
        """How many days were proved."""
        return sum((life.end - life.start).days + 1 for life in self.days)


@dataclass(frozen=True, slots=True)
class TierColumn:
    """A tier as its document has it: where each work type ends, and how many clients are on it."""

    key: str
    title: str
    clients: int
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variation:
    """Clients whose work ends otherwise than their tier has it, or who are on none."""

    tier: str
    clients: tuple[str, ...]
    ends: tuple[tuple[str, tuple[str, ...]], ...]
    """Where which work types end: in a variation of a tier those that differ, otherwise all."""


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A waiver in force, and what it accepts."""

    name: str
    code: str
    about: str
    reason: str
    owner: str
    until: date | None
    accepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """Findings of one code that are open."""

    code: str
    name: str
    severity: str
    count: int


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate states. `left_out` are the clients of which nothing could be proved."""

    provider: str
    colours: Mapping[str, str]
    as_of: date
    catalogue_hash: str
    commit: str
    tool_version: str
    documents: int
    work_types: tuple[str, ...]
    roles: int
    sub_issues: int
    clients: tuple[ClientRow, ...]
    left_out: tuple[str, ...]
    complete: bool
    shapes: int
    elsewhere: int
    """Kinds of work that end elsewhere than their work type: a role or sub-issue sends them on."""
    tiers: tuple[TierColumn, ...]
    variations: tuple[Variation, ...]
    assumptions: tuple[Assumption, ...]
    waivers: tuple[WaiverRow, ...]
    findings: tuple[OpenFinding, ...]
    accepted_errors: int = 0
    """Errors that waivers accept: so far nothing is proved."""

    @property
    def errors(self) -> int:
        """How many errors are open."""
        return sum(found.count for found in self.findings if found.severity == Severity.ERROR)


# --- the facts -----------------------------------------------------------------------------------


def facts_of(
    declared: Declared,
    clients: Sequence[ClientCoverage],
    names: Iterable[str],
    documents: int,
    complete: bool,
    diagnostics: Sequence[Diagnostic],
    accepted: Iterable[tuple[Waiver, str, Finding]],
    as_of: date,
    catalogue_hash: str,
    commit: str,
    tool_version: str,
    accepted_errors: int = 0,
) -> CertificateFacts:
    """What a check has found, as a certificate states it.

    `clients` are those that were proved, `names` all there are. `accepted` are the findings that
    a waiver accepts, with the waiver.
    """
    shared = declared.shared
    proved = {view.client.name for view in clients}
    classes = _classes(clients)
    rows = tuple(_client_row(view) for view in sorted(clients, key=lambda v: v.client.name))
    accepted = tuple(accepted)
    return CertificateFacts(
        line(shared.settings.title),
        shared.settings.colours,
        as_of,
        catalogue_hash,
        commit,
        tool_version,
        documents,
        tuple(line(work_type.title) for work_type in shared.work_types),
        len(shared.roles),
        len(shared.sub_issues),
        rows,
        tuple(sorted(set(names) - proved)),
        complete,
        len(_shapes(clients)),
        sum(_elsewhere(clients).values()),
        tuple(_tiers(shared, classes)),
        tuple(_variations(shared, classes)),
        tuple(_rests_on(diagnostics, [finding for _, _, finding in accepted])),
        tuple(_waivers(accepted)),
        tuple(_open(diagnostics)),
        accepted_errors,
    )


def _client_row(view: ClientCoverage) -> ClientRow:
    days: list[Stretch] = []
    cells = 0
    for covered in view.covered:
        starts = sum(1 for _ in view.family.starts(view.client, covered.segment))
        cells += starts * covered.segment.shape.cells.bit_count()
        if covered.start is None:
            continue
        life = covered.segment.life
        if days and day_after(days[-1].end) == life.start:
            days[-1] = Stretch(days[-1].start, life.end)
        else:
            days.append(life)
    return ClientRow(
        view.client.name,
        line(view.client.legal_name),
        tuple(days),
        len(view.contracts),
        cells,
    )


def _shapes(clients: Sequence[ClientCoverage]) -> set[object]:
    return {covered.segment.shape for view in clients for covered in view.covered}


def _elsewhere(clients: Sequence[ClientCoverage]) -> dict[object, int]:
    """For each distinct way of work, the kinds that end elsewhere than their work type leads."""
    found: dict[object, int] = {}
    for view in clients:
        for covered in view.covered:
            key = (covered.segment.shape, covered.position)
            if covered.start is not None and key not in found:
                found[key] = _sent_on(view.cells, covered)
    return found


def _sent_on(cells: Cells, covered: Covered) -> int:
    count = 0
    for mask in cells.by_work_type.values():
        ends = [(end.cells & mask).bit_count() for end in covered.routing if end.cells & mask]
        count += sum(ends[1:])
    return count


Classes = Mapping[tuple[str, tuple[str, ...]], tuple[str, ...]]
"""The clients of each tier, or of none, whose work types end alike."""


def _classes(clients: Sequence[ClientCoverage]) -> Classes:
    found: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for view in clients:
        for covered in view.covered:
            if covered.start is not None:
                tier = covered.segment.phases[covered.position].tier
                key = (tier.key if tier is not None else "", landing(view.cells, covered))
                found.setdefault(key, {})[view.client.name] = None
    return {key: tuple(sorted(names)) for key, names in sorted(found.items())}


def _written(shared: Shared, tier: EffectiveTier) -> tuple[str, ...]:
    """Where each work type ends as a tier has it."""
    ends = []
    for work_type in shared.work_types:
        end = tier.scope.get(work_type.name)
        if end is None:
            ends.append(UNDECIDED)
        else:
            there = NO_LANDING if end == NOWHERE else tier.contracts[end].type.value
            ends.append(_end(work_type, there))
    return tuple(ends)


def _tiers(shared: Shared, classes: Classes) -> Iterator[TierColumn]:
    for key, tier in shared.tiers.items():
        names = {name for (known, _), found in classes.items() if known == key for name in found}
        if names:
            title = WORDS.level(line(tier.tier.title), tier.tier.version)
            yield TierColumn(key, title, len(names), _written(shared, tier))


def _variations(shared: Shared, classes: Classes) -> Iterator[Variation]:
    """Differences by tier, those of most clients first; then agreements that are on none."""
    ordered = sorted(classes.items(), key=lambda item: (not item[0][0], item[0][0], -len(item[1])))
    for (key, ends), clients in ordered:
        tier = shared.tiers.get(key)
        usual = _written(shared, tier) if tier is not None else None
        differing: dict[str, list[str]] = {}
        for position, (work_type, there) in enumerate(zip(shared.work_types, ends, strict=True)):
            end = _end(work_type, there) if there else ""
            if end and (usual is None or end != usual[position]):
                differing.setdefault(end, []).append(line(work_type.title))
        if differing:
            in_order = sorted(differing.items(), key=lambda item: _ORDER.index(item[0]))
            title = ""
            if tier is not None:
                title = WORDS.level(line(tier.tier.title), tier.tier.version)
            yield Variation(title, clients, tuple((end, tuple(found)) for end, found in in_order))


def _rests_on(
    diagnostics: Iterable[Diagnostic], accepted: Iterable[Finding]
) -> Iterator[Assumption]:
    """What the proof rests on, and what its findings, open or accepted, rest on besides."""
    named = {found.assumption for found in diagnostics}
    named |= {finding.assumption for finding in accepted}
    return (found for found in ASSUMPTIONS if found.proof or found.slug in named)


def _waivers(accepted: Iterable[tuple[Waiver, str, Finding]]) -> Iterator[WaiverRow]:
    found: dict[str, tuple[Waiver, dict[str, None]]] = {}
    for waiver, _, finding in accepted:
        found.setdefault(waiver.name, (waiver, {}))[1][finding.message] = None
    for name, (waiver, messages) in sorted(found.items()):
        yield WaiverRow(
            name,
            waiver.code,
            waiver.about,
            line(waiver.reason),
            line(waiver.owner),
            waiver.until,
            tuple(line(message) for message in sorted(messages)),
        )


def _open(diagnostics: Iterable[Diagnostic]) -> Iterator[OpenFinding]:
    counts: dict[tuple[int, str], tuple[Diagnostic, int]] = {}
    for found in diagnostics:
        key = (-found.severity.rank, found.code)
        counts[key] = (found, counts.get(key, (found, 0))[1] + 1)
    for _, (found, count) in sorted(counts.items()):
        yield OpenFinding(found.code, found.name, found.severity.value, count)


# --- the page ------------------------------------------------------------------------------------

METHOD = (
    (
        "The time line of each client was cut wherever an agreement, a contract, a tier, an "
        "exception, a work type or a role begins or ends."
    ),
    (
        "In each piece every work type, by every role, with every sub-issue and with none, was "
        "followed along the exclusion contracts to its end, from each contract that a ticket of "
        "the client may carry: all of it at once and none of it by sample."
    ),
    (
        "Pieces in which the contracts exclude the same work and fall to each other alike were "
        "followed once; the same catalogue and date give the same result on any machine."
    ),
)
"""How it was proved, in three sentences."""

NOT_PROVED = (
    "That the tenant is set up as the catalogue says: this page is about the catalogue alone.",
    "That time is logged with the right work type, role and sub-issue, and on the right ticket.",
    "How much of a purchase of hours, tickets or money is left, and what an invoice will total.",
    "That prices, dates and promises in the catalogue are those that were signed.",
    "Anything on days on which a client has no agreement.",
)
"""What no check of a catalogue can prove."""


def certificate(facts: CertificateFacts, form: str) -> str:
    """The certificate as a page: `md` or `html`."""
    if form == "html":
        colours = facts.colours
        style = sheet(colours.get("primary", PRIMARY), colours.get("accent", ACCENT))
        return html("certificate", sheet=style, **_values(facts))
    return markdown("certificate", **_values(facts))


def _values(facts: CertificateFacts) -> dict[str, object]:
    """The facts in words, as tables and sentences."""
    titles = {row.client: row.title for row in facts.clients}
    commit, _, changes = facts.commit.partition("+")
    return {
        "provider": facts.provider,
        "good": facts.complete and not facts.errors,
        "verdict": verdict(facts),
        "origin": [
            ("Catalogue, SHA-256", facts.catalogue_hash),
            ("Commit", f"{commit}, with changes since" if changes else commit or NO_COMMIT),
            ("As of", WORDS.day(facts.as_of)),
            ("Tool", f"billing_dsl {facts.tool_version}"),
        ],
        "figures": [
            (f"{len(facts.clients):,}", "clients"),
            (f"{sum(row.contracts for row in facts.clients):,}", "contracts"),
            (f"{sum(row.count for row in facts.clients):,}", "days of clients"),
            (f"{sum(row.cells for row in facts.clients):,}", "ends of work proved"),
        ],
        "method": (*METHOD, _again(facts)),
        "breadth": _breadth(facts),
        "tiers": [_tier_table(facts, first) for first in range(0, len(facts.tiers), WIDEST)],
        "variations": [
            (
                found.tier or WORDS.labels["individual"],
                _named([titles.get(name, name) for name in found.clients]),
                [(end, ", ".join(titles)) for end, titles in found.ends],
            )
            for found in facts.variations
        ],
        "elsewhere": _sent(facts.elsewhere),
        "clients": [
            (
                row.client,
                row.title,
                "; ".join(WORDS.days(life.start, life.end) for life in row.days) or "none",
                f"{row.count:,}",
                f"{row.contracts:,}",
                f"{row.cells:,}",
            )
            for row in facts.clients
        ],
        "left_out": facts.left_out,
        "not_proved": NOT_PROVED,
        "findings": [
            (found.severity, found.code, found.name, f"{found.count:,}") for found in facts.findings
        ],
        "waivers": [
            (
                found.name,
                found.code,
                found.about,
                [quoted(message) for message in found.accepts],
                found.reason,
                found.owner,
                WORDS.day(found.until) if found.until is not None else "open",
            )
            for found in facts.waivers
        ],
        "assumptions": [
            (
                found.title,
                found.model,
                " in part, otherwise ".join(KNOWN[m] for m in found.marks.split()),
            )
            for found in facts.assumptions
        ],
    }


def quoted(message: str) -> str:
    """A message with its names in quotation marks: a page has no use for backticks."""
    parts = message.split("`")
    return "".join(part if n % 2 == 0 else f"“{part}”" for n, part in enumerate(parts))


NO_COMMIT = "none: outside a repository"

HEADING = "Certificate of coverage"
"""What every certificate is headed with."""


def _again(facts: CertificateFacts) -> str:
    """How anybody gets the same page."""
    source = "files" if "+" in facts.commit or not facts.commit else "commit"
    return (
        f"The same version of the tool makes this page again, to the letter, from the same {source}"
        f": billing-dsl check --as-of {facts.as_of} --certificate FILE."
    )


def _breadth(facts: CertificateFacts) -> str:
    """What an end of work is, and how many there are to a stretch of days."""
    sub_issues = "without a sub-issue"
    if facts.sub_issues:
        sub_issues = f"under {_count(facts.sub_issues, 'sub-issue')} or none"
    kinds = len(facts.work_types) * facts.roles * (facts.sub_issues + 1)
    return (
        f"{_count(len(facts.work_types), 'work type')} by {_count(facts.roles, 'role')} "
        f"{sub_issues} make {_count(kinds, 'kind')} of work. For each client, each stretch of days "
        "on which nothing changes and each contract on which a ticket may start, every kind of "
        f"work in use has one end. {_count(facts.shapes, 'different arrangement')} of contracts "
        f"occur; all is declared in {_count(facts.documents, 'document')}."
    )


def verdict(facts: CertificateFacts) -> str:
    """What was proved, in a sentence or two."""
    clients = _count(len(facts.clients), "client")
    if facts.errors:
        return (
            f"Not proved: {_count(facts.errors, 'error')} found. What follows is the state of "
            f"the proof for {clients}."
        )
    said = (
        f"For {clients}, on every day on which one has an agreement, each kind of work has exactly "
        "one end: a contract, or none where somebody has said so; and how it is billed there is "
        "settled."
    )
    if not facts.complete:
        return f"Proved in part. {said} Something in the catalogue could not be read or resolved."
    if facts.accepted_errors:
        waivers = "a waiver" if len(facts.waivers) == 1 else "waivers"
        return (
            f"Proved but for {_count(facts.accepted_errors, 'error')} that {waivers} below "
            f"{'accepts' if len(facts.waivers) == 1 else 'accept'}. Apart from that: {said}"
        )
    accepted = ""
    if facts.waivers:
        accepted = f" What {_count(len(facts.waivers), 'waiver')} accept is listed below."
    if len(facts.waivers) == 1:
        accepted = " What one waiver accepts is listed below."
    return f"Proved. {said}{accepted}"


def _sent(elsewhere: int) -> str:
    """That tables of work types do not tell all."""
    if not elsewhere:
        return "No role and no sub-issue sends work elsewhere than its work type leads."
    return (
        "The tables tell where the work type leads by itself. In some arrangements a role or a "
        f"sub-issue sends work on from there: {_count(elsewhere, 'kind')} of work over all of them."
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _named(names: Sequence[str]) -> str:
    """The first few of many clients, and how many more there are."""
    shown = ", ".join(names[:NAMED])
    return f"{shown} and {len(names) - NAMED:,} more" if len(names) > NAMED else shown


def _tier_table(
    facts: CertificateFacts, first: int
) -> tuple[list[tuple[str, str]], list[tuple[str, list[tuple[str, str]]]]]:
    """Some tiers side by side: their heads, and for each work type where it ends in each."""
    shown = facts.tiers[first : first + WIDEST]
    heads = [(tier.title, _count(tier.clients, "client")) for tier in shown]
    rows = [
        (title, [(_KIND_OF_MARK.get(tier.ends[at], ""), tier.ends[at]) for tier in shown])
        for at, title in enumerate(facts.work_types)
    ]
    return heads, rows


_KIND_OF_MARK = {
    **{MARKS[kind.value]: kind.value for kind in (*KIND_OF.values(), Kind.FREE)},
    MARKS["entry"]: Kind.HOURLY.value,
    NO_CONTRACT: Kind.OUTSIDE.value,
}
"""The colour of an end in a table."""
