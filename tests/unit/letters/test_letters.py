"""Letters tell a client all that it sees change, and nothing else; in every language alike."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billing_dsl.languages import language, languages
from billing_dsl.letters.letter import Letter, Row
from billing_dsl.letters.pages import Pages
from billing_dsl.letters.seen import Treated, seen, treated
from billing_dsl.letters.writer import Origin, Writer
from billing_dsl.pipeline import Checked, check, read_file
from billing_dsl.targets._scope import Kind
from billing_dsl.targets._scope_body import Bodies
from billing_dsl.targets._scope_terms import Contents
from tests.goldens import Golden
from tests.oracle import comparing
from tests.oracle.comparing import Plain
from tests.oracle.editing import edited
from tests.oracle.simulator import Document, Simulator
from tests.oracle.strategies import Choices, catalogues, clean_catalogues, interesting_days
from tests.test_properties import checked
from tests.unit.changes.test_cover import compared, comparison
from tests.unit.targets.test_scope_document import (
    HERE as SCOPES,
)
from tests.unit.targets.test_scope_document import (
    HOSTILE,
    Page,
    assert_markdown_is_plain,
    hostile,
    hostile_reading,
    unescaped,
)

HERE = Path(__file__).parent
TODAY = date(2027, 1, 15)
ALL = pytest.mark.parametrize("code", list(languages()))

CHANGES = (
    ("  training: hourly\n", "  training: none\n"),
    ("  onsite: block\n", "  onsite: recurring\n"),
    ("{from: 2027-07-01, rate: {EUR: 88.00, CHF: 98.00}}", "{from: 2027-07-01, rate: 89.00}"),
    ("price: {EUR: 48.00, CHF: 55.00}", "price: {EUR: 49.50, CHF: 55.00}"),
    ("term: 36 months\nrenewal: {automatic: true,", "term: 48 months\nrenewal: {automatic: false,"),
    ("hours: 20.5, rate: {EUR: 79.50}", "hours: 30, rate: {EUR: 81.00}"),
    ("minimum_hours: 2\n", "minimum_hours: 1\n"),
    (
        "exceptions:\n  - work_type: training\n",
        (
            "exceptions:\n  - work_type: security\n    goes_to: hourly\n"
            "    reason: incidents are insured elsewhere\n"
            "    owner: accounts@northwind.example\n    from: 2027-05-01\n    until: 2027-12-31\n"
            "  - work_type: training\n"
        ),
    ),
)
"""What somebody has changed in the small catalogue of the scope documents."""


def catalogue(code: str = "", changes: Sequence[tuple[str, str]] = ()) -> str:
    text = (SCOPES / "scope_catalogue.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    if code:
        text = re.sub(r"^(kind: client)$", rf"\1\nlanguage: {code}", text, flags=re.MULTILINE)
    return text


@cache
def read(text: str) -> Checked:
    found = read_file("all.yaml", text.encode())
    assert found.faults == ()
    return check([found], TODAY, (), keep=True)


def letters(
    before: Checked, after: Checked, as_of: date = TODAY, assigned: bool = True
) -> dict[str, Letter]:
    """The letters of a change, by client; all clients are looked at as one family.

    Without what is `assigned` they tell only of work that gets to its contracts by itself.
    """
    made = comparison(before, after)
    writer = Writer(made.work, as_of, Origin("a" * 64, "b" * 64, "1.0"))
    found = {
        changes.client.name: writer.of(changes if assigned else replace(changes, assigned=()))
        for changes in made.of_families(before.clients, after.clients)
    }
    return {name: letter for name, letter in found.items() if letter is not None}


def change(*changes: tuple[str, str], code: str = "") -> dict[str, Letter]:
    return letters(read(catalogue(code)), read(catalogue(code, changes)))


def rows(letter: Letter) -> list[tuple[str, Row]]:
    return [
        (part.heading, row) for part in letter.parts for table in part.tables for row in table.rows
    ]


def plain_spaces(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


# --- what a letter looks like --------------------------------------------------------------------


@ALL
def test_a_letter_in_each_language(code: str, golden: Golden) -> None:
    before, after = read(catalogue(code)), read(catalogue(code, CHANGES))
    found = letters(before, after)
    assert after.common.declared is not None
    pages = Pages(after.common.declared.shared.settings)
    files = {f"{name}.md": pages.of(letter).markdown for name, letter in found.items()}
    if code == "en":
        files["acme.html"] = pages.of(found["acme"]).html
    golden.folder(HERE / "golden" / code, files)


@ALL
def test_all_languages_tell_the_same(code: str) -> None:
    def shape(letter: Letter) -> object:
        return (
            len(letter.short),
            [
                (
                    len(part.sentences),
                    [
                        [(row.before.tone, row.after.tone, bool(row.effect)) for row in table.rows]
                        for table in part.tables
                    ],
                )
                for part in letter.parts
            ],
            len(letter.summaries),
            len(letter.reasons),
        )

    one, other = change(*CHANGES), change(*CHANGES, code=code)
    assert one.keys() == other.keys()
    for name, letter in one.items():
        assert shape(letter) == shape(other[name])
        assert other[name].language is language(code, other[name].language.country)


def test_a_page_is_one_file_that_loads_nothing_and_reads_without_colour() -> None:
    after = read(catalogue("", CHANGES))
    assert after.common.declared is not None
    pages = Pages(after.common.declared.shared.settings)
    letter = change(*CHANGES)["acme"]
    page = Page(pages.of(letter).html.decode())
    assert not {"script", "a", "img", "link", "iframe", "object", "form", "base"} & set(page.seen)
    assert page.seen.count("ins") == len(rows(letter))
    assert page.seen.count("del") == sum(row.before.text != "–" for _, row in rows(letter))
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "style"]


NAMES = (
    "Acme Industriale S.r.l.",
    "Remote Support",
    "Visits",
    "Silver",
    "Northwind IT",
    "Engineer",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_only_ever_text(name: str) -> None:
    text = catalogue("", [*CHANGES, ("reason: incidents are insured elsewhere", "reason: Silver")])
    for known in NAMES:
        place = rf"(?<=: ){re.escape(known)}(?=[\n,}}])"
        text = re.sub(place, lambda _: json.dumps(name), text)
    after = check([hostile_reading(text)], TODAY, (), keep=True)
    assert after.common.declared is not None
    plain = change(*CHANGES)["acme"]
    found = letters(hostile(name), after)["acme"]
    page = Pages(after.common.declared.shared.settings).of(found)
    said = " ".join(name.split())
    assert set(Page(page.html.decode()).seen) <= {*_tags(plain), "small", "section"}
    assert said in Page(page.html.decode()).said
    markdown = page.markdown.decode()
    assert said in unescaped(markdown)
    assert_markdown_is_plain(re.sub(r"~~(.*?)~~ \|", r"\1 |", markdown))


def _tags(letter: Letter) -> set[str]:
    after = read(catalogue("", CHANGES))
    assert after.common.declared is not None
    page = Pages(after.common.declared.shared.settings).of(letter)
    return set(Page(page.html.decode()).seen)


# --- who gets one --------------------------------------------------------------------------------


def test_one_cell_of_a_tier_reaches_exactly_the_clients_on_it() -> None:
    found = change(("  security: block\n", "  security: hourly\n"))
    assert set(found) == {"acme"}
    heading, row = next(found for found in rows(found["acme"]) if found[1].before.tone)
    assert plain_spaces(heading).startswith("From 15 January 2027 to ")
    assert (row.what, row.before.text, row.after.text) == (
        *("Security Incident", "from the block", "by the hour"),
    )
    assert row.effect == "covers less"


def test_what_nobody_sees_gives_no_letter() -> None:
    text = catalogue()
    again = text.replace("name: recurring, type", "name: base, type")
    again = again.replace(": recurring\n", ": base\n").replace(
        "goes_to: recurring", "goes_to: base"
    )
    again = again.replace("acme-2027/recurring", "acme-2027/base").replace("# Every", "# Each")
    assert again != text
    assert letters(read(text), read(again)) == {}


def test_days_that_are_over_give_no_letter() -> None:
    before, after = read(catalogue()), read(catalogue("", [("rate: 78.00", "rate: 79.00")]))
    assert letters(before, after, date(2027, 6, 30)).keys() == {"acme"}
    assert letters(before, after, date(2027, 7, 1)) == {}


def test_an_undated_change_holds_from_the_day_of_the_letter() -> None:
    found = change(("price: {EUR: 12.00, CHF: 14.00}", "price: {EUR: 13.00, CHF: 14.00}"))
    headings = {plain_spaces(part.heading) for one in found.values() for part in one.parts}
    assert "From 15 January 2027" in headings or "From 1 January 2028" in headings


# --- what is told --------------------------------------------------------------------------------


def test_an_agreement_that_is_prolonged_as_it_stands_tells_its_dates_alone() -> None:
    found = change(("term: 36 months", "term: 48 months"))["acme"]
    assert [row.what for _, row in rows(found)] == ["Term", "Renewal"]
    assert found.short == ()


def test_narrowing_and_widening_are_both_said_plainly() -> None:
    found = change(*CHANGES)["acme"]
    short = [plain_spaces(sentence) for sentence in found.short]
    assert any("less is covered" in sentence and "Training" in sentence for sentence in short)
    assert any("more is covered" in sentence and "Visits" in sentence for sentence in short)


def test_a_reason_is_told_where_it_is_written_and_never_made_up() -> None:
    found = change(*CHANGES)["acme"]
    assert [special.reason for special in found.reasons] == ["incidents are insured elsewhere"]
    assert change(("  security: block\n", "  security: hourly\n"))["acme"].reasons == ()


def test_a_new_level_says_what_it_says_of_itself() -> None:
    found = change(
        ("  - {from: 2028-01-01, tier: gold@1}\n", "  - {from: 2027-09-01, tier: gold@1}\n")
    )
    assert found["acme"].summaries == ()  # it was coming already
    found = change(("  - {from: 2028-01-01, tier: gold@1}\n", ""))
    assert found["acme"].summaries == ()


def test_a_client_that_is_new_reads_what_it_gets() -> None:
    text = catalogue()
    before = read(_without_client(text, "globex"))
    found = letters(before, read(text))["globex"]
    assert "this agreement is new" in found.short[0]
    assert found.unchanged == ""
    assert all(row.before.text == "–" for _, row in rows(found))
    gone = letters(read(text), before)["globex"]
    assert any("does not hold any more" in sentence for sentence in gone.short)
    assert any("no agreement covers your work" in sentence for sentence in gone.short)


def _without_client(text: str, name: str) -> str:
    documents = text.split("\n---\n")
    kept = [
        document
        for document in documents
        if not re.search(rf"^client: {name}$", document, re.MULTILINE)
        and not re.search(rf"^kind: client\nname: {name}$", document, re.MULTILINE)
    ]
    assert len(kept) < len(documents)
    return "\n---\n".join(kept)


def test_whom_to_ask_is_told() -> None:
    found = change(*CHANGES)["acme"]
    assert "Billing desk, +39 011 555 0100, billing@northwind.example" in found.questions
    assert "aaaaaaaaaaaa" in found.stamp.text
    assert "bbbbbbbbbbbb" in found.stamp.text
    assert found.stamp.digest in found.stamp.text


# --- all that is seen, and nothing else ----------------------------------------------------------

KINDS = {
    "recurring_service": Kind.INCLUDED,
    "fixed_price": Kind.FIXED,
    "block_hours": Kind.BLOCK,
    "retainer": Kind.RETAINER,
    "per_ticket": Kind.TICKET,
    "time_and_materials": Kind.HOURLY,
    "": Kind.OUTSIDE,
}


def looks(plain: Plain | None) -> tuple[Any, ...] | None:
    """How work is treated, by the oracle."""
    if plain is None:
        return None
    kind = KINDS[plain.type] if plain.billable else Kind.FREE
    pool = (plain.agreement, plain.contract)
    entry = kind is Kind.HOURLY and plain.unit == "entry"
    return kind, entry, pool if kind in (Kind.BLOCK, Kind.RETAINER, Kind.TICKET) else None


@given(catalogues(), st.integers(0, 2**32))
def test_a_treatment_is_told_exactly_where_it_looks_otherwise(
    documents: list[Document], seed: int
) -> None:
    after = edited(documents, Choices.seeded(seed))
    one, other = Simulator(documents), Simulator(after)
    names = comparing.renamed(comparing.contracts_of(one), comparing.contracts_of(other))
    made = comparison(checked(documents), checked(after))
    found = compared(documents, after)
    days = sorted({*interesting_days(documents), *interesting_days(after)})
    for client, changes in found.items():
        [line] = [line for line in changes.lines if not line.agreement]
        told = seen(line, made.work, treated)
        for day in days[:: max(1, len(days) // 4)]:
            if not all(any(day in life for life in side) for side in line.lives):
                continue
            said: dict[Any, Any] = {}
            for life, pair, mask in told:
                if day in life:
                    plain = tuple(_plain(look, line.agreements) for look in pair)
                    said.update(dict.fromkeys(changes.cells.each(mask), plain))
            wanted: dict[Any, Any] = {}
            for cell in changes.cells.each(changes.cells.all):
                asked = cell.work_type, cell.role, cell.sub_issue or None
                both = tuple(
                    looks(comparing.fate(oracle, client, asked, day, None, called))
                    for oracle, called in ((one, names), (other, {}))
                )
                if both[0] != both[1]:
                    wanted[cell] = both
            assert said == wanted, (client, day)


def _plain(look: Treated | None, agreements: Sequence[str]) -> tuple[Any, ...] | None:
    if look is None:
        return None
    pool = None
    if look.pool is not None:
        pool = agreements[look.pool[0]], look.pool[1].replace(" (before)", " (gone)")
    return look.kind, look.entry, pool


def documents_of(result: Checked) -> dict[str, list[tuple[object, object]]]:
    """What the scope documents of each client say: of dates and prices, and of its cover."""
    declared = result.common.declared
    assert declared is not None
    contents = Contents(Bodies(declared.shared, declared.cells), "1.0")
    found: dict[str, list[tuple[object, object]]] = {}
    for view in result.clients:
        for agreement in view.agreements:
            document = contents.of(view, agreement)
            scope = [
                repr((period.life, period.body.sections, period.body.differences))
                for period in document.periods
            ]
            terms = agreement.name, document.facts, document.tables, document.reading
            found.setdefault(view.client.name, []).append((terms, scope))
    return found


@given(clean_catalogues(), st.integers(0, 2**32))
def test_letters_and_scope_documents_agree_on_what_changes(
    documents: list[Document], seed: int
) -> None:
    before, after = checked(documents), checked(edited(documents, Choices.seeded(seed)))
    # Where two agreements hold the default contract at once, the second changes no work.
    assume(not any(code == "BD403" for code, _ in after.found))
    old, new = documents_of(before), documents_of(after)
    every = letters(before, after, date.min)
    # Scope documents do not speak of work that tickets assign to contracts.
    written = letters(before, after, date.min, assigned=False)
    assert written.keys() <= every.keys()
    for client in old.keys() & new.keys():
        if client in written:
            assert old[client] != new[client]
        if [terms for terms, _ in old[client]] != [terms for terms, _ in new[client]]:
            assert client in written


@given(catalogues(), catalogues())
def test_whatever_changes_is_told_in_plain_words(
    before: list[Document], after: list[Document]
) -> None:
    one, other = checked(before), checked(after)
    assert other.common.declared is not None
    pages = Pages(other.common.declared.shared.settings)
    for letter in letters(one, other, date.min).values():
        markdown = pages.of(letter).markdown.decode()
        assert_markdown_is_plain(re.sub(r"~~(.*?)~~ \|", r"\1 |", markdown))
        assert letter.parts
