"""A review as one page of HTML: to be looked at first, and read where somebody wants to know more.

It holds no program. Its tables are sorted by its style alone: a row tells its place under each
heading, and a heading that is chosen says which of them counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from billing_dsl.changes.approvals import Asked
from billing_dsl.changes.differences import Difference
from billing_dsl.changes.documents import How
from billing_dsl.changes.effects import Effect
from billing_dsl.changes.months import NOTHING, Month, Sides, together
from billing_dsl.diagnostics import Diagnostic, Severity
from billing_dsl.model import money
from billing_dsl.report._difference_words import row
from billing_dsl.report._differences import origin, told_by_terms, who
from billing_dsl.report._words import clients as clients_in_words
from billing_dsl.report._words import count
from billing_dsl.review.moves import TONES, moves
from billing_dsl.review.pictures import WIDTH, Bands, Bars, bands, bars
from billing_dsl.review.review import Review, by_money, in_order
from billing_dsl.review.verdict import first_day, in_short, offered, signed, verdict
from billing_dsl.targets._templates import ACCENT, PRIMARY, html, sheet, with_rules

ROWS = 500
"""Rows of a table; JSON has all of them."""

CLIENTS = 40
"""Clients who have a row among the effects."""

_SHORT = {
    Effect.LOSES: "client loses",
    Effect.RATE_UP: "rate or price up",
    Effect.RATE_DOWN: "rate or price down",
    Effect.GAINS: "client gains",
    Effect.NONE: "no effect",
}
_SEVERITIES = {Severity.ERROR: "loses", Severity.WARNING: "up", Severity.NOTE: "none"}

Key: TypeAlias = "str | Decimal | int"


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure that everybody should see."""

    number: str
    label: str
    tone: str = ""
    zero: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A smaller line below what a cell says."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What a cell says; `key` is what it is sorted by."""

    text: str
    key: Key = ""
    tone: str = ""
    chip: bool = False
    struck: bool = False
    strong: bool = False
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and whether rows can be sorted by it."""

    label: str
    sorts: bool = True
    number: bool = False
    first: bool = False
    """Whether rows stand in its order before anybody chooses one."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose rows somebody may sort."""

    id: str
    style: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Content, ...], ...]
    more: str = ""

    def rules(self) -> Iterator[str]:
        """The style by which it is sorted: nothing but our own words and numbers."""
        sorting = [place for place, column in enumerate(self.columns) if column.sorts]
        ranks = {place: self._ranks(place) for place in sorting}
        for place in sorting:
            chosen = f"#{self.id}-{place}:checked~table"
            yield f"{chosen} tbody tr{{order:var(--o{place})}}"
            yield f'{chosen} .by{place}::after{{content:" \\25be"}}'
            yield f"#{self.id}-{place}:focus-visible~table .by{place}{{outline:2px solid}}"
        yield f"#{self.id}-turned:checked~table tbody{{flex-direction:column-reverse}}"
        yield f"#{self.id}-turned:focus-visible~.turn label{{outline:2px solid}}"
        for number in range(len(self.rows)):
            held = ";".join(f"--o{place}:{ranks[place][number]}" for place in sorting)
            yield f".{self.id}-r{number}{{{held}}}"

    def _ranks(self, place: int) -> Sequence[int]:
        """The place of each row under a heading: texts from A to Z, numbers the largest first."""
        order = list(range(len(self.rows)))
        if not self.columns[place].first:
            order.sort(key=lambda number: _key(self.rows[number][place]))
        ranks = [0] * len(self.rows)
        for rank, number in enumerate(order):
            ranks[number] = rank
        return ranks


def _key(content: Content) -> tuple[int, Decimal, str]:
    if isinstance(content.key, str):
        return 1, Decimal(0), (content.key or content.text).casefold()
    return 0, -Decimal(content.key), ""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """How many differences of each effect reach a client."""

    name: str
    title: str
    cells: tuple[tuple[str, int, bool], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page shows, in words."""

    title: str
    sides: str
    tiles: tuple[Tile, ...]
    verdict: tuple[tuple[str, str], ...]
    quiet: str
    bars: tuple[Bars, ...]
    about_money: str
    bands: Bands | None
    tones: tuple[tuple[str, str], ...]
    matrix: tuple[MatrixRow, ...]
    matrix_more: str
    tables: tuple[Table, ...]
    remarks: tuple[str, ...]
    foot: str
    width: int = WIDTH


def page(review: Review, colours: Mapping[str, str]) -> bytes:
    """The page, in an MSP's colours."""
    found = _page(review)
    style = sheet(colours.get("primary", PRIMARY), colours.get("accent", ACCENT), "review")
    rules = "".join(f"{rule}\n" for table in found.tables for rule in table.rules())
    text = html("review", page=found, sheet=with_rules(style, rules))
    return text.encode("utf-8", "backslashreplace")  # a path may hold what is no character


def _page(review: Review) -> Page:
    told = review.told
    sides = f"{origin(told.before)} → {origin(told.after)}, as of {told.as_of}"
    known = by_money(review)
    drawn = bands(moves(review))
    sentences = verdict(review)
    return Page(
        _title(review),
        sides,
        tuple(_tiles(review)) if sentences else (),
        sentences,
        _quiet(review),
        tuple(_bars(review, known)),
        _about_money(review),
        drawn if drawn.bands else None,
        tuple((TONES[effect], _SHORT[effect]) for effect in Effect),
        tuple(_matrix(review)),
        _more(len(told.differences.effects) - CLIENTS, "client"),
        tuple(table for table in _tables(review) if table.rows),
        tuple(_remarks(review)),
        f"Made by billing-dsl {review.version} from catalogues alone. Nothing on this page runs, "
        f"and nothing is loaded from elsewhere.{' Names of clients are hidden.' * review.masked}",
    )


def _title(review: Review) -> str:
    told = review.told
    effects = told.differences.effects
    if review.unknown:
        return "A change that cannot be compared"
    if review.silent:
        return "No effect on anybody's billing"
    if not effects:
        return "A change that reaches no client"
    worst = next(effect for effect, number in in_order(effects) if number)
    number = sum(effect is worst for effect in effects.values())
    what = {
        Effect.LOSES: ("loses", "lose"),
        Effect.RATE_UP: ("pays more", "pay more"),
        Effect.RATE_DOWN: ("pays less", "pay less"),
        Effect.GAINS: ("gains", "gain"),
        Effect.NONE: ("is billed alike, by another way", "are billed alike, by another way"),
    }[worst][number != 1]
    return f"{number:,} of {count(told.clients, 'client')} {what}"


def _quiet(review: Review) -> str:
    documents = len(review.told.documents)
    if not documents:
        return "Both catalogues say the same."
    return f"{count(documents, 'document')} changed in words, form or place: not in what is billed."


def _tiles(review: Review) -> Iterator[Tile]:
    effects = review.effects
    labels = {
        Effect.LOSES: ("client loses", "clients lose"),
        Effect.RATE_UP: ("client pays more", "clients pay more"),
        Effect.RATE_DOWN: ("client pays less", "clients pay less"),
        Effect.GAINS: ("client gains", "clients gain"),
    }
    for effect, number in in_order(effects):
        if effect in labels:
            yield Tile(f"{number:,}", labels[effect][number != 1], TONES[effect], not number)
    whole = _whole(review)
    for currency, change in whole:
        tone = "up" if change > 0 else "down"
        known = all(one.change is not None for one in review.months.values())
        words = "a month, for all clients" if known else "a month, of what is known"
        yield Tile(f"{signed(change)}", f"{currency} {words}", tone)
    first = first_day(review)
    if first is not None:
        yield Tile(first.isoformat(), "the first day of it")
    new, fixed = len(review.findings.new), len(review.findings.fixed)
    if new or fixed:
        label = f"new {'finding' if new == 1 else 'findings'}" + (
            f", {fixed:,} gone" if fixed else ""
        )
        worst = max((one.severity.rank for one in review.findings.new), default=-1)
        tone = {2: "loses", 1: "up", 0: "none"}.get(worst, "gains")
        yield Tile(f"{new:,}", label, tone)
    if review.approvals:
        missing = len(review.missing)
        words = f"of {count(len(review.approvals), 'approval')} given"
        tone = "loses" if missing else "gains"
        yield Tile(f"{len(review.approvals) - missing:,}", words, tone)


def _whole(review: Review) -> list[tuple[str, Decimal]]:
    sums = together(review.months.values())
    return [(currency, whole.known) for currency, whole in sums if whole.known]


def _bars(review: Review, known: Sequence[Month]) -> Iterator[Bars]:
    for currency in dict.fromkeys(one.currency for one in known):
        rows = [
            (_called(review, one.client), one.known, signed(one.known))
            for one in known
            if one.currency == currency
        ]
        yield bars(currency, rows)


def _called(review: Review, client: str) -> str:
    return review.titles.get(client, client)


def _about_money(review: Review) -> str:
    history = review.history
    if history is None:
        return "Fees of services, on the first day on which they differ. Work is not among them."
    return (
        f"Fees of services, and what work would be charged in a month: {history.entries:,} entries "
        f"of {history.days}, divided by {count(history.months, 'month')}."
    )


# --- who is reached ------------------------------------------------------------------------------


def _matrix(review: Review) -> Iterator[MatrixRow]:
    counts: dict[str, dict[Effect, int]] = {}
    for one in review.told.differences.all:
        for client in {reached.client for reached in one.reached}:
            own = counts.setdefault(client, dict.fromkeys(Effect, 0))
            own[one.effect] += 1
    order = list(Effect)
    effects = review.told.differences.effects

    def place(client: str) -> tuple[int, int, str]:
        own = counts[client]
        return order.index(effects[client]), -own[effects[client]], client

    most = max((number for own in counts.values() for number in own.values()), default=1)
    for client in sorted(counts, key=place)[:CLIENTS]:
        own = counts[client]
        title = _called(review, client)
        cells = tuple((TONES[effect], number, number * 2 > most) for effect, number in own.items())
        yield MatrixRow(client, "" if title == client else title, cells)


def _more(number: int, thing: str) -> str:
    return f"And {count(number, f'more {thing}')}; review.json has them all." if number > 0 else ""


# --- tables --------------------------------------------------------------------------------------


def _tables(review: Review) -> Iterator[Table]:
    told = review.told
    yield _approvals(review)
    every = [one for one in told.differences.all if not told_by_terms(one, told.differences)]
    heavy = [one for one in every if not review.light(one)]
    light = [one for one in every if review.light(one)]
    yield _differences(review, "d", "Differences", _about_differences(review, every), heavy)
    limit = f"{money.text(review.threshold)} {review.currency} a month"
    yield _differences(review, "l", f"Differences that move less than {limit}", "", light)
    yield _people(review)
    yield _entries(review)
    yield _findings("n", review, "New findings", review.findings.new)
    yield _findings("g", review, "Findings that are gone", review.findings.fixed)
    yield _unknown(review)
    yield _documents(review)


def _about_differences(review: Review, shown: Sequence[Difference]) -> str:
    folded = len(review.told.differences.all) - len(shown)
    text = "Each once, the worst first. Choose a heading to sort by it."
    if folded:
        text += (
            f" {count(folded, 'kind')} of work that begin or end with an agreement are left out."
        )
    return text


def _differences(
    review: Review, name: str, title: str, about: str, differences: Sequence[Difference]
) -> Table:
    told = review.told
    rows = []
    for place, one in enumerate(differences[:ROWS]):
        words = row(one, told.differences.cells, told.as_of, review.folder)
        through = ", ".join(words.documents[:4])
        more = f" and {len(words.documents) - 4:,} more" if len(words.documents) > 4 else ""
        notes = (Note(f"through {through}{more}"),) if through else ()
        clients = len(words.names)
        starts = [found.life.start for found in (*one.reached, *one.offers)]
        rows.append(
            (
                Content(_SHORT[one.effect], -place, TONES[one.effect], chip=True),
                Content(words.what, notes=notes),
                Content(words.before, struck=True),
                Content(words.after, strong=True),
                Content(who(words, 6), clients),
                Content(words.days, min(starts).isoformat(), notes=(Note(words.timing),)),
            )
        )
    columns = (
        Column("For the client", first=True),
        Column("What"),
        Column("Before"),
        Column("After"),
        Column("Whom"),
        Column("Days"),
    )
    more = _more(len(differences) - ROWS, "difference")
    return Table(name, "differences", title, about, columns, tuple(rows), more)


def _people(review: Review) -> Table:
    effects = review.told.differences.effects
    order = list(Effect)
    clients = sorted(effects, key=lambda client: (order.index(effects[client]), client))
    rows = []
    for client in clients[:ROWS]:
        effect, one = effects[client], review.months.get(client)
        title = _called(review, client)
        change = one.change if one is not None else None
        said = "not known" if change is None else signed(change)
        currency = one.currency if one is not None else ""
        rows.append(
            (
                Content(client, notes=() if title == client else (Note(title),)),
                Content(_SHORT[effect], -order.index(effect), TONES[effect], chip=True),
                *(_sides(sides) for sides in _months(one)),
                Content(
                    said,
                    Decimal("-Infinity") if change is None else change,
                    strong=bool(change),
                    notes=(Note(currency),) if change is not None else (),
                ),
            )
        )
    columns = (
        Column("Client"),
        Column("Worst effect", first=True),
        Column("Fees that differ", number=True),
        Column("Work a month", number=True),
        Column("Once", number=True),
        Column("A month changes by", number=True),
    )
    about = (
        "What each client that is reached pays in a month before and after; of fees, those of "
        "services that are bought otherwise."
    )
    more = _more(len(clients) - ROWS, "client")
    return Table("c", "people", "Clients", about, columns, tuple(rows), more)


def _months(one: Month | None) -> tuple[Sides | None, ...]:
    if one is None:
        return None, None, None
    work = one.work if one.work is not None or one.worked else NOTHING
    return one.fees, work, one.once


def _sides(sides: Sides | None) -> Content:
    if sides is None:
        return Content("not known", Decimal("-Infinity"))
    before, after = (f"{money.posted(side):,.2f}" for side in sides)
    if before == after:
        return Content(after if sides[1] else "–", Decimal(0))
    return Content(after, sides[1] - sides[0], notes=(Note(f"before {before}"),))


def _entries(review: Review) -> Table:
    history = review.history
    rows = []
    for one in history.largest if history is not None else ():
        difference = one.difference if one.difference is not None else Decimal(0)
        amount = f"{signed(difference)} {one.currency}" if one.difference is not None else "–"
        rows.append(
            (
                Content(one.day.isoformat()),
                Content(one.client, notes=(Note(one.ticket),) if one.ticket else ()),
                Content(one.work_type, notes=(Note(one.role),)),
                Content(one.before, struck=True),
                Content(one.after, strong=True),
                Content(amount, difference),
            )
        )
    columns = (
        Column("Day"),
        Column("Client"),
        Column("Work"),
        Column("Before"),
        Column("After"),
        Column("Difference", number=True, first=True),
    )
    about = ""
    if history is not None:
        about = (
            f"{history.flipped:,} of {history.entries:,} entries would be billed otherwise; these "
            "weigh most."
        )
    title = "Entries that are billed otherwise"
    return Table("e", "entries", title, about, columns, tuple(rows))


def _findings(name: str, review: Review, title: str, found: Sequence[Diagnostic]) -> Table:
    rows = []
    for one in found[:ROWS]:
        reached = f"reaches {clients_in_words(one.reached)}" if one.reached else ""
        notes = tuple(Note(text) for text in (reached, one.help) if text)
        where = f"{one.span.path}:{one.span.line}" if one.span.path else "–"
        rows.append(
            (
                Content(
                    one.severity.value, one.severity.rank, _SEVERITIES[one.severity], chip=True
                ),
                Content(one.code, notes=(Note(one.name),)),
                Content(review.line_of(one), notes=notes),
                Content(where),
            )
        )
    columns = (
        Column("Severity", first=True),
        Column("Rule"),
        Column("What is wrong"),
        Column("Where"),
    )
    more = _more(len(found) - ROWS, "finding")
    return Table(name, "found", title, "", columns, tuple(rows), more)


def _approvals(review: Review) -> Table:
    rows = []
    for one in review.approvals[:ROWS]:
        approval = one.approval
        weight: tuple[Note, ...] = ()
        if approval.above is not None:
            known = "nobody knows by how much"
            if one.weight is not None:
                known = f"{money.text(money.posted(one.weight))} {review.currency} a month"
            weight = (Note(f"{known}; asked above {money.text(approval.above)}"),)
        people = tuple(Note(consent.who, "yes" if consent.given else "no") for consent in one.by)
        rows.append(
            (
                Content(approval.title, notes=(Note(", ".join(approval.effects)),)),
                Content("all have consented" if not one.missing else "missing", notes=people),
                Content(
                    in_short(one), len(one.clients), notes=(*_needed_for(review, one), *weight)
                ),
                _notice(one),
            )
        )
    columns = (
        Column("Approval", first=True),
        Column("By whom"),
        Column("Needed for"),
        Column("Notice"),
    )
    about = "Whose consent the catalogue asks for, before such a change is merged."
    if review.unasked:
        about += f" Nobody asked {', '.join(review.unasked[:5])}."
    if review.changed_approvals:
        names = ", ".join(one.subject for one in review.changed_approvals[:5])
        about += f" The change itself alters {names}; it counts as it was, too."
    return Table("a", "asked", "Approvals", about, columns, tuple(rows))


def _needed_for(review: Review, one: Asked) -> Iterator[Note]:
    """The first differences for which consent is needed."""
    cells, day = review.told.differences.cells, review.told.as_of
    for found in one.differences[:3]:
        what = row(found, cells, day, review.folder).what
        yield Note(what if len(what) <= 90 else f"{what[:89].rstrip()}…")
    more = len(one.differences) - 3
    if more > 0:
        yield Note(f"and {more:,} more")


def _notice(one: Asked) -> Content:
    notice = one.approval.notice
    if notice is None:
        return Content("none asked")
    if not one.short:
        return Content(f"{notice}: {'kept' if one.differences else 'nobody knows from when'}")
    text = f"begins on {one.first} for {count(len(one.short), 'client')}"
    return Content(f"{notice}: not before {one.earliest}", notes=(Note(text, "no"),))


def _unknown(review: Review) -> Table:
    unknown = review.told.not_compared
    rows = tuple(
        (Content(one.client), Content(" and ".join(one.sides)), Content("counts as lost"))
        for one in unknown[:ROWS]
    )
    columns = (Column("Client", first=True), Column("Broken"), Column("Therefore"))
    about = "Something that these clients rest on is broken on one side, so nobody knows."
    more = _more(len(unknown) - ROWS, "client")
    return Table("u", "papers", "Not known", about, columns, rows, more)


def _documents(review: Review) -> Table:
    documents = [one for one in review.told.documents if one.how is not How.REWRITTEN]
    rows = tuple(
        (Content(one.subject), Content(one.how.value), Content(", ".join(one.fields) or "–"))
        for one in documents[:ROWS]
    )
    columns = (Column("Document", first=True), Column("How"), Column("Fields"))
    more = _more(len(documents) - ROWS, "document")
    return Table("p", "papers", "Documents that say something else", "", columns, rows, more)


def _remarks(review: Review) -> Iterable[str]:
    history = review.history
    if history is not None:
        yield from history.warnings
        if history.refused:
            yield f"{count(history.refused, 'row')} of the files could not be read as entries."
        before, after = history.unknown
        if before or after:
            known = f"{before:,} before and " if before != after else ""
            yield f"{known}{after:,} entries name something that the catalogue does not know."
        yield from history.assumptions
    offers = offered(review)
    if offers:
        yield f"Whoever signs {', '.join(offers)} next gets something else; nobody has yet."
    if any(one.change is None for one in review.months.values()):
        unknown = sum(one.change is None for one in review.months.values())
        yield (
            f"Of {count(unknown, 'client')} nobody knows what a month changes by"
            f"{'' if history else ': name past time entries with --entries'}."
        )
