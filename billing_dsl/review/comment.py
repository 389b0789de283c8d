"""A review as the comment of a pull request: the verdict first, everything else folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from billing_dsl.changes.differences import Difference
from billing_dsl.changes.effects import Effect
from billing_dsl.changes.months import NOTHING, Sides
from billing_dsl.diagnostics import Diagnostic
from billing_dsl.model import money
from billing_dsl.report._difference_words import row
from billing_dsl.report._inert import code, inert
from billing_dsl.report._words import clients as clients_in_words
from billing_dsl.review import MARKER
from billing_dsl.review.drawing import mermaid
from billing_dsl.review.moves import moves
from billing_dsl.review.review import Review, by_money
from billing_dsl.review.verdict import in_short, signed, verdict

LIMIT = 32_000
"""Characters of a comment. GitHub takes 65,536, Bitbucket 32,768, all others more."""

PART = 7_000
"""Characters of the rows of one table, about; more rows are counted."""

SENTENCE = 400
CELL = 180
MOST = 10

EFFECTS = {
    Effect.LOSES: "🔴 client loses",
    Effect.RATE_UP: "🟠 rate or price up",
    Effect.RATE_DOWN: "🔵 rate or price down",
    Effect.GAINS: "🟢 client gains",
    Effect.NONE: "⚪ no effect",
}
"""What a change is for a client, at the beginning of a row."""


@dataclass(frozen=True, slots=True)
class Section:
    """A folded part: its title, what is in it, and how early it is given up for want of room."""

    title: str
    content: str
    rank: int


def comment(review: Review) -> str:
    """The comment; empty where there is nothing to say."""
    sentences = verdict(review)
    if not sentences:
        return ""
    head = f"{MARKER}\n### Billing review\n\n"
    for lead, rest in sentences:
        head += f"- **{inert(lead)}** {inert(_cut(rest, SENTENCE))}\n"
    foot = f"\n<sub>{_sides(review)}</sub>\n"
    sections = [section for section in _sections(review) if section.content]
    room = LIMIT - len(head) - len(foot) - 400
    kept: set[str] = set()
    for section in sorted(sections, key=lambda one: one.rank):
        size = len(_folded(section))
        if size <= room:
            room -= size
            kept.add(section.title)
    body = "".join(_folded(section) for section in sections if section.title in kept)
    left = [section.title for section in sections if section.title not in kept]
    note = ""
    if left:
        note = f"\nLeft out here for want of room: {', '.join(left)}. The report has it all.\n"
    return f"{head}{body}{note}{foot}"


_OPENS = "<details><summary>"


def _folded(section: Section) -> str:
    return f"\n{_OPENS}{section.title}</summary>\n\n{section.content.strip()}\n\n</details>\n"


def _sections(review: Review) -> Iterator[Section]:
    told = review.told
    every = told.differences.all
    heavy = [one for one in every if not review.light(one)]
    light = [one for one in every if review.light(one)]
    yield Section("Approvals", _approvals(review), 0)
    yield Section(f"Differences ({len(heavy):,})", _differences(review, heavy), 1)
    limit = f"{money.text(review.threshold)} {review.currency} a month"
    yield Section(f"Below {limit} ({len(light):,})", _differences(review, light), 7)
    found = review.findings
    new, fixed = f"New findings ({len(found.new):,})", f"Findings gone ({len(found.fixed):,})"
    yield Section(new, _findings(review, found.new), 2)
    yield Section(fixed, _findings(review, found.fixed), 6)
    yield Section("Not known", _not_known(review), 3)
    yield Section("Money by client", _money(review), 4)
    yield Section("Entries that are billed otherwise", _entries(review), 8)
    picture = mermaid(moves(review))
    yield Section("What the entries leave open", _open(review), 10)
    yield Section("Where work goes", f"```mermaid\n{picture}```" if picture else "", 9)
    yield Section("Look further", _further(review), 5)


# --- tables --------------------------------------------------------------------------------------


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], total: int, right: int = 0) -> str:
    """A table of cells that are Markdown already; as many rows as there is room for."""
    if not rows:
        return ""
    marks = ["---"] * (len(head) - right) + ["---:"] * right
    text = f"| {' | '.join(head)} |\n| {' | '.join(marks)} |\n"
    shown = 0
    for cells in rows:
        line = f"| {' | '.join(cells)} |\n"
        if shown and len(text) + len(line) > PART:
            break
        text += line
        shown += 1
    more = total - shown
    return text + (f"\nAnd {more:,} more in the report.\n" if more else "")


def _cell(text: str) -> str:
    return inert(_cut(text, CELL))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _differences(review: Review, differences: Sequence[Difference]) -> str:
    told = review.told
    rows = []
    for one in differences[:200]:
        words = row(one, told.differences.cells, told.as_of, review.folder)
        who = ", ".join(words.who)
        names = f": {_some(words.names)}" if words.names else ""
        rows.append(
            (
                EFFECTS[one.effect],
                *map(_cell, (words.what, words.before, words.after, f"{who}{names}", words.days)),
            )
        )
    head = ("For the client", "What", "Before", "After", "Whom", "Days")
    return _table(head, rows, len(differences))


def _some(names: Sequence[str], most: int = 4) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def _findings(review: Review, findings: Sequence[Diagnostic]) -> str:
    rows = []
    for one in findings[:200]:
        reached = f" (reaches {clients_in_words(one.reached)})" if one.reached else ""
        says = [_cell(f"{review.line_of(one)}{reached}")]
        if not review.masked:
            where = f"{one.span.path}:{one.span.line}" if one.span.path else ""
            says.append(code(_cut(where, CELL)) if where else "")
        rows.append((one.severity.value, f"{code(one.code)} {inert(one.name)}", *says))
    head = ("", "Rule", "What is wrong") + (() if review.masked else ("Where",))
    return _table(head, rows, len(findings))


def _not_known(review: Review) -> str:
    unknown = review.told.not_compared
    rows = [(code(one.client), " and ".join(one.sides)) for one in unknown[:200]]
    text = _table(("Client", "Broken on the side"), rows, len(unknown))
    if not text:
        return ""
    return (
        f"Something that these clients rest on is broken; it counts as lost until mended.\n\n{text}"
    )


def _approvals(review: Review) -> str:
    rows = []
    for one in review.approvals[:100]:
        people = ", ".join(
            f"{'✅' if consent.given else '⬜'} {_cell(consent.who)}" for consent in one.by[:8]
        )
        people += f" and {len(one.by) - 8:,} more" if len(one.by) > 8 else ""
        about = in_short(one)
        if one.approval.above is not None:
            known = "nobody knows by how much"
            if one.weight is not None:
                known = f"{money.text(money.posted(one.weight))} {review.currency}"
            about += f", {known}"
        notice = ""
        if one.approval.notice is not None:
            notice = f"{one.approval.notice}: "
            kept = "kept" if one.differences else "nobody knows from when"
            notice += f"not before {one.earliest}" if one.short else kept
            if one.short:
                notice += f", but {_some(one.short, 3)} from {one.first}"
        title = one.approval.title
        rows.append((_cell(title), people, _cell(about), _cell(notice)))
    head = ("Approval", "By", "Needed for", "Notice")
    text = _table(head, rows, len(review.approvals))
    if review.unasked:
        names = ", ".join(_cell(name) for name in review.unasked[:5])
        text += f"\nNobody asked for the consent of {names}.\n"
    for change in review.changed_approvals[:20]:
        text += f"\nThe change itself alters {code(change.subject)}; it counts as it was, too.\n"
    return text


def _money(review: Review) -> str:
    known = by_money(review)
    rows = [
        (
            code(one.client),
            "as they were" if one.fees == NOTHING else _sides_of(one.fees),
            _sides_of(one.work) if one.worked or one.work is not None else "as it was",
            f"**{signed(one.change)}**" if one.change is not None else "not known",
            one.currency,
        )
        for one in known[:MOST]
    ]
    head = ("Client", "Fees that differ", "Work a month", "Change", "")
    return _table(head, rows, len(known))


def _sides_of(sides: Sides | None) -> str:
    if sides is None:
        return "not known"
    before, after = (f"{money.posted(one):,.2f}" for one in sides)
    return before if before == after else f"{before} → {after}"


def _entries(review: Review) -> str:
    history = review.history
    if history is None or not history.flipped:
        return ""
    rows = [
        (
            one.day.isoformat(),
            code(one.client),
            _cell(f"{one.work_type}, {one.role}"),
            _cell(one.before),
            _cell(one.after),
            f"{signed(one.difference)} {one.currency}" if one.difference is not None else "",
        )
        for one in history.largest[:MOST]
    ]
    head = ("Day", "Client", "Work", "Before", "After", "Difference")
    return _table(head, rows, history.flipped, 1)


def _open(review: Review) -> str:
    """What may make the figures other than they should be."""
    warnings = review.history.warnings if review.history is not None else ()
    more = len(warnings) - MOST
    text = "".join(f"- {inert(_cut(one, SENTENCE))}\n" for one in warnings[:MOST])
    return text + (f"- and {more:,} more in the report\n" if more > 0 else "")


def _further(review: Review) -> str:
    told = review.told
    commands = ["billing-dsl diff BASE HEAD"]
    proofs = (
        row(one, told.differences.cells, told.as_of, review.folder).proof
        for one in told.differences.work[:3]
    )
    if not review.masked:  # under other names nobody finds anything
        commands += dict.fromkeys(proof for proof in proofs if proof)
    if review.history is not None:
        commands.append("billing-dsl replay --base BASE --entries FILE")
    commands += dict.fromkeys(f"billing-dsl explain {one.code}" for one in review.findings.new[:2])
    return "".join(f"- {code(command)}\n" for command in commands)


def _sides(review: Review) -> str:
    told = review.told
    sides = []
    for origin in (told.before, told.after):
        commit, plus, _ = origin.commit.partition("+")
        short = f"{commit[:7]}{'+' if plus else ''}" or origin.name
        sides.append(code(_cut(short, 60)))
    return f"{sides[0]} → {sides[1]}, as of {told.as_of}, by billing-dsl {review.version}"
