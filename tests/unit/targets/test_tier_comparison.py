"""Tiers side by side: every statement is what an agreement on the tier would get."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given

from billing_dsl.analysis.offers import currencies, on_offer
from billing_dsl.kinds.work_type import BillingClass
from billing_dsl.languages import NOT_HERE, SPACE, languages, of_house
from billing_dsl.pipeline import FileReading, check, read_file
from billing_dsl.source.document import Document
from billing_dsl.targets._book import Book
from billing_dsl.targets._comparison import (
    Comparisons,
    Row,
    Statement,
    TierComparison,
)
from billing_dsl.targets._forms import Form
from billing_dsl.targets._workbook import LONGEST_NAME
from billing_dsl.targets.tier_comparison import WIDEST, panels, tier_comparison
from tests.goldens import Golden
from tests.oracle import simulator
from tests.oracle.strategies import catalogues, interesting_days
from tests.unit.targets.compiling import CATALOGUE, TODAY, compiled, of_documents, shipped, told
from tests.unit.targets.test_scope_document import kind_of

Plain = dict[str, Any]
HERE = Path(__file__).parent
EVERY = frozenset({Form.MARKDOWN, Form.HTML, Form.EXCEL})


def of(book: Book, code: str = "en", currency: str = "EUR") -> TierComparison:
    return Comparisons(book.compilation.declared, "1.0").of(code, currency)


def made(book: Book, forms: frozenset[Form] = EVERY) -> dict[str, bytes]:
    found = replace(book, compilation=replace(book.compilation, forms=forms))
    return {path: file.content for path, file in told(found, tier_comparison).items()}


def rows(found: TierComparison) -> Iterator[Row]:
    return (row for group in found.groups for row in group.rows)


def statement(found: TierComparison, tier: str, work_type: str) -> Statement:
    position = [column.key for column in found.columns].index(tier)
    (row,) = (row for row in rows(found) if row.name == work_type)
    return row.statements[position]


# --- every statement is what an agreement would get ----------------------------------------------


def signed(documents: Sequence[Plain], tier: str, currency: str, day: date) -> simulator.Simulator:
    """The catalogue with one more client, who has signed a tier as it is, and asked in vain for
    hours on the day itself: those that are bought are for the next one.
    """
    tiers = {f"{d['name']}@{d['version']}": d for d in documents if d["kind"] == "tier"}
    contracts = simulator.written_out(tiers, tier)["contracts"]
    after = (day + timedelta(days=1)).isoformat()
    return simulator.Simulator(
        [
            *documents,
            {
                "format": 1,
                "kind": "client",
                "name": "somebody",
                "legal_name": "Somebody",
                "currency": currency,
            },
            {
                "format": 1,
                "kind": "agreement",
                "name": "plain",
                "client": "somebody",
                "tier": tier,
                "start": day.isoformat(),
                "end": after,
                "blocks": [
                    {
                        "contract": contract["name"],
                        "hours": Decimal(1),
                        "rate": {currency: Decimal(1)},
                        "start": after,
                        "end": after,
                    }
                    for contract in contracts
                    if contract["type"] == "block_hours"
                ],
            },
        ]
    )


Answers = Mapping[tuple[str, str | None], simulator.Answer]


def answers(oracle: simulator.Simulator, work_type: str, day: date) -> Answers:
    found = {
        (role, sub_issue): oracle.end_of("somebody", known, role, sub_issue, day)
        for known, role, sub_issue in oracle.cells(day)
        if known == work_type
    }
    return {cell: answer for cell, answer in found.items() if answer is not None}


def usual(found: Answers) -> simulator.Answer:
    """Where the work type itself leads: roles and sub-issues only send work on."""
    plain = [answer for (_, sub_issue), answer in found.items() if sub_issue is None]
    return min(plain, key=lambda answer: (len(answer.path), answer.outcome != "covered"))


def price(
    found: TierComparison, work_type: Plain, here: Sequence[simulator.Answer], currency: str
) -> str:
    """What a work type costs, in words, by the simulator's answers for those who do it here."""
    words = found.words
    costs = {(answer.rate, answer.unit) for answer in here}
    if here[0].billing in ("absorbed", "not_billed", "ticket"):
        return ""
    if len(costs) == 1:
        ((rate, unit),) = costs
        said = words.hourly_rate(rate, currency)
        if rate is not None and unit == "entry":
            said = f"{words.money(rate, currency)} {words.labels['per_entry']}"
        return words.beyond(said) if here[0].billing == "overage" else said
    method = work_type.get("rate", {"method": "role"})
    if here[0].billing == "overage" or method["method"] == "role":
        return ""
    if method["method"] == "times":
        return words.times(Decimal(method["factor"]))
    return "…"


@given(catalogues())
def test_every_statement_is_what_an_agreement_on_the_tier_gets(documents: list[Plain]) -> None:
    days = interesting_days(documents)
    today = days[len(days) // 2]
    book = of_documents(documents, today)
    declared = book.compilation.declared
    for currency in currencies(declared):
        found = of(book, "en", currency)
        for position, column in enumerate(found.columns):
            tier = declared.shared.tiers[column.key]
            day = max(today, tier.tier.effective)
            oracle = signed(documents, column.key, currency, day)
            for row in rows(found):
                said = row.statements[position]
                ends = answers(oracle, row.name, day)
                if not ends:
                    assert (said.kind, said.contract) == (None, "")
                    continue
                end = usual(ends)
                kind = kind_of(oracle, row.name, end)
                assert said.kind is kind, (column.key, row.name)
                assert said.contract == (end.contract or "")
                here = [
                    answer
                    for (_, sub_issue), answer in ends.items()
                    if sub_issue is None and answer.contract == end.contract
                ]
                expected = price(found, oracle.work_types[row.name], here, currency)
                assert said.price == expected or (expected == "…" and said.price != "")
                alike = all(answer.contract == end.contract for answer in ends.values())
                if kind.value != "free":
                    assert said.notes or alike
                assert kind.value == "block" or not (alike and said.notes)
                for (role, _), answer in ends.items():
                    method = oracle.work_types[row.name].get("rate", {"method": "role"})
                    usual_rate = answer.billing == "overage" or method["method"] == "role"
                    if answer.unit == "hour" and usual_rate:
                        assert any(
                            column.title in line.levels
                            and line.amounts.get(role, NOT_HERE) == answer.rate
                            for line in found.rates
                        ), (column.key, row.name, role)


@given(catalogues())
def test_every_cell_names_the_work_that_it_speaks_of(documents: list[Plain]) -> None:
    book = of_documents(documents)
    for row in rows(of(book)):
        for said in row.statements:
            assert (said.kind is None) == (said.cells == ())
            assert {name for box in said.cells for name in box.work_types} <= {row.name}
            assert said.kind is None or any("" in box.sub_issues for box in said.cells)


def plain_documents() -> list[Plain]:
    """What all clients share in the shipped catalogue."""
    readings = [
        read_file(path.relative_to(CATALOGUE).as_posix(), path.read_bytes())
        for path in sorted(CATALOGUE.rglob("*.yaml"))
        if not {"clients", "scenarios", "waivers"} & set(path.parts)
    ]
    return [dict(document.value) for reading in readings for document in reading.documents]


def compared(documents: Sequence[Plain], day: date = TODAY) -> TierComparison:
    readings = [
        FileReading(f"{n:04}.yaml", (Document(f"{n:04}.yaml", 0, dict(document)),), (), ())
        for n, document in enumerate(documents)
    ]
    declared = check(readings, day, (), keep=True).common.declared
    assert declared is not None
    return Comparisons(declared, "1.0").of("en", "EUR")


def heart(said: Statement) -> tuple[object, ...]:
    return said.kind, said.words, said.contract, said.price, said.cells


def test_changing_a_cell_of_a_tier_changes_that_cell_of_the_comparison_alone() -> None:
    documents = plain_documents()
    before = compared(documents)
    tried = 0
    for position, column in enumerate(before.columns):
        (at,) = (
            n
            for n, d in enumerate(documents)
            if d["kind"] == "tier" and f"{d['name']}@{d['version']}" == column.key
        )
        tiers = {f"{d['name']}@{d['version']}": d for d in documents if d["kind"] == "tier"}
        contracts = [c["name"] for c in simulator.written_out(tiers, column.key)["contracts"]]
        for row in rows(before):
            for contract in contracts:
                if contract == row.statements[position].contract:
                    continue
                changed = copy.deepcopy(documents)
                changed[at]["scope"][row.name] = contract
                tried += 1
                for was, then in zip(rows(before), rows(compared(changed)), strict=True):
                    for n, (one, other) in enumerate(
                        zip(was.statements, then.statements, strict=True)
                    ):
                        if (n, was.name) == (position, row.name):
                            assert other.contract == contract
                            assert heart(one) != heart(other)
                        else:
                            assert heart(one) == heart(other), (column.key, was.name)
    assert tried > 60


# --- which of them there are ---------------------------------------------------------------------


def test_the_shipped_catalogue(golden: Golden) -> None:
    files = made(shipped())
    sheets = {path: as_text(files.pop(path)) for path in list(files) if path.endswith(".xlsx")}
    shown = ("documents/tiers.html", "documents/tiers.de.CHF.html")
    kept = {p: content for p, content in files.items() if p.endswith(".md") or p in shown}
    kept |= {f"{path}.txt": sheets[path].encode() for path in ("documents/tiers.xlsx",)}
    golden.folder(HERE / "golden" / "tiers", kept)
    named = ["", ".CHF", ".de", ".de.CHF", ".it", ".it.CHF"]
    assert sorted({path.rpartition(".")[0] for path in files}) == [
        f"documents/tiers{name}" for name in named
    ]


def test_only_the_forms_asked_for() -> None:
    for form in Form:
        ends = {path.rpartition(".")[2] for path in made(shipped(), frozenset({form}))}
        assert ends == {form.value} & {"md", "html", "xlsx"}


TIERS = """
    kind: tier
    name: silver
    version: 1
    effective: 2026-01-01
    title: Silver
    summary: Much of it.
    price: 40.00
    contracts:
      - {name: recurring, type: recurring_service, services: [seat], setup_fee: 250.00}
      - {name: hourly, type: time_and_materials}
    scope: {remote: recurring, onsite: hourly, project: none}
    rank: 2
    ---
    kind: tier
    name: silver
    version: 2
    effective: 2027-07-01
    title: Silver Plus
    extends: silver@1
    contracts:
      - {name: recurring, type: recurring_service, services: [seat]}
      - {name: block, type: block_hours}
      - {name: hourly, type: time_and_materials, rates: [{role: engineer, rate: 77.00}]}
    scope: {onsite: block, project: hourly}
    sub_issues: {printer: hourly}
    ---
    kind: tier
    name: bronze
    version: 1
    effective: 2027-03-01
    title: Bronze
    contracts:
      - {name: tickets, type: per_ticket, tickets: [
          {tickets: 20, rate: 55.00, start: 2027-01-01, end: 2027-12-31},
          {tickets: 20, rate: 50.00, start: 2026-01-01, end: 2026-12-31}]}
      - {name: retainer, type: retainer, retainers: [
          {amount: 900.00, start: 2027-01-01, end: 2027-12-31},
          {amount: 800.00, start: 2026-01-01, end: 2026-12-31}]}
      - {name: fixed, type: fixed_price, milestones: [
          {title: On delivery, date: 2027-05-31, amount: 4000.00}]}
    scope: {remote: tickets, onsite: retainer, project: fixed}
    rank: 1
    ---
    kind: settings
    name: firm
    title: The Firm
    currency: EUR
    timezone: Europe/Rome
    languages: [it]
    written_in: it
"""


HOUSE = """
    kind: role
    name: engineer
    title: Engineer
    rate: {EUR: 85.00, CHF: 95.00}
    ---
    kind: work_type
    name: remote
    title: Remote Support
    billing_class: core
    description: Help at a distance.
    ---
    kind: work_type
    name: onsite
    title: Onsite Support
    billing_class: edge
    description: Help at the client's premises.
    minimum_hours: 1
    ---
    kind: work_type
    name: project
    title: Project Work
    billing_class: baseline
    description: Planned work.
    ---
    kind: sub_issue
    name: printer
    title: Paper Jam
    issue: Printing
    ---
    kind: service
    name: seat
    title: Managed seat
    period: monthly
    price: 48.00
    """


def book_of(tiers: str = TIERS, day: date = TODAY, house: str = HOUSE) -> Book:
    return compiled(tiers, day, house)


def test_tiers_stand_by_rank_in_the_version_of_the_day_or_else_the_first_to_come() -> None:
    found = of(book_of())
    assert [(column.key, column.since) for column in found.columns] == [
        ("bronze@1", "from 1 March 2027"),
        ("silver@1", ""),
    ]
    later = of(book_of(day=date(2027, 7, 1)))
    assert [column.key for column in later.columns] == ["bronze@1", "silver@2"]
    assert later.changes == ()


def test_what_a_coming_version_changes_is_told() -> None:
    (change,) = of(book_of()).changes
    assert change.heading == "From 1 July 2027: Silver Plus, version 2"
    rate = f"EUR{SPACE}77.00 per{SPACE}hour"
    assert change.lines == (
        (
            "Onsite Support",
            f"by the hour, EUR{SPACE}85.00 per{SPACE}hour",
            f"from the block, then EUR{SPACE}85.00 per{SPACE}hour",
        ),
        ("Project Work", f"standard rate, EUR{SPACE}85.00 per{SPACE}hour", f"by the hour, {rate}"),
        (
            "Engineer · Once the block is used up",
            NOT_HERE,
            f"EUR{SPACE}85.00 per{SPACE}hour",
        ),
        ("Engineer · by the hour", f"EUR{SPACE}85.00 per{SPACE}hour", rate),
        ("Tickets about Printing – Paper Jam", NOT_HERE, "billed by the hour"),
        ("Set-up", f"EUR{SPACE}250.00", NOT_HERE),
        ("Engineer · standard rate", f"EUR{SPACE}85.00 per{SPACE}hour", NOT_HERE),
    )


TWO_SETS_UP = """
    kind: settings
    name: firm
    title: The Firm
    currency: EUR
    timezone: Europe/Rome
    ---
    kind: tier
    name: gold
    version: 1
    title: Gold
    effective: 2027-01-01
    contracts:
      - {name: recurring, type: recurring_service, services: [seat], setup_fee: 100.00}
      - {name: hourly, type: time_and_materials, setup_fee: 50.00}
    scope: {remote: recurring, onsite: hourly, project: hourly}
    ---
    kind: tier
    name: gold
    version: 2
    title: Gold
    effective: 2027-06-01
    contracts:
      - {name: recurring, type: recurring_service, services: [seat], setup_fee: 900.00}
      - {name: hourly, type: time_and_materials, setup_fee: 50.00}
    scope: {remote: recurring, onsite: hourly, project: hourly}
"""


def test_fees_of_one_kind_are_told_apart_by_their_contracts() -> None:
    found = of(book_of(TWO_SETS_UP))
    assert [fee.what for fee in found.columns[0].fees if fee.key[0] == "setup"] == [
        "Set-up: Recurring",
        "Set-up: Hourly",
    ]
    (change,) = found.changes
    assert change.lines == (("Set-up: Recurring", f"EUR{SPACE}100.00", f"EUR{SPACE}900.00"),)


def test_a_coming_version_that_changes_nothing_is_not_told() -> None:
    assert of(book_of(TWO_SETS_UP.replace("900.00", "100.00"))).changes == ()


def test_it_says_between_which_days_it_holds() -> None:
    assert of(book_of()).days == "1 January 2027 to 28 February 2027"
    assert of(book_of(day=date(2027, 8, 1))).days == "1 July 2027 to 31 December 2027"
    assert of(book_of(day=date(2028, 8, 1))).days == "from 1 January 2028"
    dateless = of(book_of(day=date(2025, 8, 1)))
    assert dateless.days == "until 31 December 2025"


@given(catalogues())
def test_between_those_days_nothing_of_it_changes(documents: list[Plain]) -> None:
    days = interesting_days(documents)
    today = days[len(days) // 2]
    declared = of_documents(documents, today).compilation.declared
    first, last = Comparisons(declared, "1.0").between()
    for day in (first, last):
        if day is not None:
            later = of_documents(documents, day)
            assert of(later) == of(of_documents(documents, today))


def test_names_that_nobody_sees_are_not_said() -> None:
    tiers, house = TIERS, HOUSE
    for old, new in (("hourly", "by-hour"), ("remote", "distance"), ("engineer", "technician")):
        tiers, house = (re.sub(rf"\b{old}\b", new, text) for text in (tiers, house))
    assert made(book_of(tiers, house=house)) == made(book_of())


def test_what_is_paid_beside_the_work_is_what_the_tier_and_its_services_say() -> None:
    bronze, silver = of(book_of()).columns
    assert [(fee.what, fee.price) for fee in silver.fees] == [
        ("List price", f"EUR{SPACE}40.00"),
        ("Managed seat", f"EUR{SPACE}48.00 per{SPACE}month"),
        ("Set-up", f"EUR{SPACE}250.00"),
    ]
    assert [(fee.what, fee.price) for fee in bronze.fees] == [
        ("Tickets, 1 January 2027 to 31 December 2027; 20 ×", f"EUR{SPACE}55.00"),
        ("Retainer, 1 January 2027 to 31 December 2027", f"EUR{SPACE}900.00"),
        ("On delivery", f"EUR{SPACE}4,000.00"),
    ]


def test_a_currency_in_which_something_has_no_price_says_so() -> None:
    found = of(book_of(), "en", "CHF")
    prices = [fee.price for fee in found.columns[1].fees]
    assert prices == ["not stated"] * 3
    assert {line.amounts["engineer"] for line in found.rates} == {Decimal("95.00")}


def test_one_language_and_one_currency_have_the_plain_name() -> None:
    assert set(made(book_of(), frozenset({Form.MARKDOWN}))) == {
        "documents/tiers.md",
        "documents/tiers.CHF.md",
    }
    text = made(book_of())["documents/tiers.md"].decode()
    assert text.startswith("# Livelli di servizio a confronto: The Firm\n")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", ("en",)),
        ("languages: [de, xx, en]", ("de", "en")),
        ("languages: [de, it]\n    written_in: it", ("it", "de")),
        ("languages: [de, it]\n    written_in: en", ("de", "it")),
        ("languages: [xx]\n    written_in: fr", ("fr",)),
    ],
)
def test_languages_are_those_promised_the_own_before_the_others(
    said: str, expected: tuple[str, ...]
) -> None:
    tiers = TIERS.replace("languages: [it]\n    written_in: it", said)
    assert of_house(book_of(tiers).compilation.declared.shared.settings) == expected


def test_without_tiers_there_is_nothing_to_compare() -> None:
    book = book_of(TIERS[TIERS.index("    kind: settings") :])
    assert on_offer(book.compilation.declared) == ()
    assert made(book) == {}


def many(count: int) -> str:
    return TIERS + "".join(
        f"""
    ---
    kind: tier
    name: level-{n}
    version: 1
    effective: 2026-01-01
    title: Level {n}
    extends: silver@1
    rank: {n + 3}
    """
        for n in range(count)
    )


EVERYTHING = """
    kind: tier
    name: all
    version: 1
    effective: 2026-01-01
    title: All
    contracts: [{name: recurring, type: recurring_service}]
    scope: {remote: recurring, onsite: recurring, project: recurring}
    ---
    kind: settings
    name: firm
    title: The Firm
    currency: EUR
    timezone: Europe/Rome
"""


def test_where_nothing_is_billed_there_are_no_rates() -> None:
    found = of(book_of(EVERYTHING))
    assert found.rates == ()
    assert {said.price for row in rows(found) for said in row.statements} == {""}
    text = as_text(made(book_of(EVERYTHING))["documents/tiers.xlsx"])
    assert re.findall("(?m)^# (.*)", text) == ["Service levels compared", "Services and fees"]


def test_more_tiers_than_fit_stand_in_tables_of_one_width() -> None:
    found = of(book_of(many(11)))
    tables = [[column.key for column in columns] for columns, _ in panels(found)]
    assert [len(keys) for keys in tables] == [4, 4, 5]
    assert [key for keys in tables for key in keys] == [column.key for column in found.columns]
    assert len(found.columns) > 2 * WIDEST
    for columns, groups in panels(found):
        for group in groups:
            assert {len(row.statements) for row in group.rows} == {len(columns)}


def test_work_stands_by_its_class() -> None:
    found = of(shipped())
    by_class = {
        work_type.name: work_type.billing_class
        for work_type in shipped().compilation.declared.shared.work_types
    }
    assert [{by_class[row.name] for row in group.rows} for group in found.groups] == [
        {BillingClass.CORE},
        {BillingClass.EDGE},
        {BillingClass.BASELINE},
    ]
    assert sum(len(group.rows) for group in found.groups) == len(by_class)


def test_work_that_is_not_in_use_yet_is_left_out_until_some_tier_has_it() -> None:
    later = TIERS.replace(
        "    kind: settings",
        """    kind: work_type
    name: later
    title: Later
    billing_class: core
    description: Later.
    from: 2027-03-01
    ---
    kind: settings""",
    ).replace("project: fixed}", "project: fixed, later: fixed}")
    found = of(book_of(later))
    bronze, silver = (statement(found, key, "later") for key in ("bronze@1", "silver@1"))
    assert (bronze.words, silver.words) == ("fixed price", "not offered yet")
    assert "non ancora disponibile" in as_text(made(book_of(later))["documents/tiers.xlsx"])
    without = later.replace("from: 2027-03-01", "from: 2027-04-01")
    assert "later" not in {row.name for row in rows(of(book_of(without)))}


# --- its forms -----------------------------------------------------------------------------------


class Page(HTMLParser):
    """The tables of a page: each row as its cells, with what tells a reader what they are."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.rows: list[list[tuple[str, dict[str, str | None], str]]] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.rows and self.rows[-1]:
            tag, attrs, text = self.rows[-1][-1]
            self.rows[-1][-1] = (tag, attrs, text + data)


def test_a_page_says_in_words_what_it_shows_in_pictures() -> None:
    found = of(shipped())
    page = Page(made(shipped())["documents/tiers.html"])
    by_title = {cells[0][2]: cells for cells in page.rows if cells}
    for row in rows(found):
        cells = by_title[row.title]
        assert cells[0][:2] == ("th", {"scope": "row"})
        for (tag, _, text), said in zip(cells[1:], row.statements, strict=True):
            assert tag == "td"
            assert said.words in text
            assert said.price in text
            assert said.which in text
            assert text.count(" ") >= len(said.notes) - 1
    for cells in page.rows:
        assert all(attrs.get("scope") for tag, attrs, _ in cells if tag == "th")
    assert "script" not in page.tags
    assert "img" not in page.tags


def test_markdown_says_what_the_page_says() -> None:
    found = of(shipped())
    text = made(shipped())["documents/tiers.md"].decode()
    for row in rows(found):
        (line,) = (line for line in text.splitlines() if line.startswith(f"| {row.title} |"))
        for cell, said in zip(line.split(" | ")[1:], row.statements, strict=True):
            assert said.words in cell
            assert said.price in cell


def as_text(content: bytes) -> str:
    """A workbook as text: each sheet with its cells, line by line."""
    lines = []
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        lines.append(f"# {sheet.title}")
        for cells in sheet.iter_rows():
            shown = [str(cell.value).replace("\n", " / ") for cell in cells if cell.value]
            lines.append(" | ".join(shown))
    return "\n".join(line.replace(SPACE, "~") for line in lines) + "\n"


def test_a_workbook_is_ready_to_filter_and_to_print() -> None:
    files = made(shipped())
    found = of(shipped())
    workbook = openpyxl.load_workbook(io.BytesIO(files["documents/tiers.xlsx"]))
    for sheet in workbook.worksheets:
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref is not None
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$4:$4"
        assert all(cell.font.bold for cell in sheet[4] if cell.value)
        assert all(cell.data_type in "sn" for cells in sheet.iter_rows() for cell in cells)
    levels = workbook.worksheets[0]
    assert levels.freeze_panes == "C5"
    assert [cell.value for cell in levels[4]][3:] == [column.title for column in found.columns]
    for row, cells in zip(rows(found), levels.iter_rows(min_row=5), strict=False):
        assert cells[1].value == row.title
        for cell, said in zip(cells[3:], row.statements, strict=True):
            assert said.words in str(cell.value)
            assert said.price in str(cell.value)


def test_amounts_are_numbers_with_the_digits_of_the_catalogue() -> None:
    tiers = TIERS.replace("price: 40.00", "price: 40.0625")
    files = made(book_of(tiers))
    workbook = openpyxl.load_workbook(io.BytesIO(files["documents/tiers.xlsx"]))
    amounts = [
        cell.value
        for cells in workbook.worksheets[1].iter_rows(min_row=5)
        for cell in cells
        if cell.data_type == "n" and cell.value is not None
    ]
    assert amounts == [55, 900, 4000, 40.0625, 48, 250]


def test_a_workbook_has_the_same_bytes_again() -> None:
    assert made(book_of()) == made(book_of())
    content = made(book_of())["documents/tiers.xlsx"]
    assert b"2000-01-01T00:00:00Z" in content  # it is not pressed, so that it can be read here


def test_sheets_have_names_that_excel_takes() -> None:
    for code in languages():
        for book in (book_of(), shipped()):
            found = of(book, code)
            said = found.words
            names = [said.comparison.heading, said.labels["services"], said.comparison.rates]
            names += [said.labels["differences"], said.comparison.coming]
            assert all(len(name) <= LONGEST_NAME for name in names), names
            assert len({name.casefold() for name in names}) == len(names)


HOSTILE = [
    "=cmd|' /C calc'!A0",
    "A & B <Ltd>",
    "{{7*7}}{% raw %}",
    "<script>alert(1)</script>",
    "عنوان الشركة",
    "+1|-2|@SUM(A1)",
    "https://evil.example/`x`",
    "x" * 200,
]


@pytest.mark.parametrize("title", HOSTILE)
def test_titles_of_strangers_are_told_as_they_are(title: str) -> None:
    quoted = '"' + title.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def everywhere(documents: str) -> str:
        named = r"(?m)(title|summary|description|issue): [^}\]\n]+$"
        return re.sub(named, lambda found: f"{found[1]}: {quoted}", documents)

    files = made(book_of(everywhere(TIERS), house=everywhere(HOUSE)))
    page = Page(files["documents/tiers.html"])
    assert page.text.count(title) > 10
    assert "script" not in page.tags
    assert "{{7*7}}" not in title or "{{7*7}}" in page.text
    workbook = openpyxl.load_workbook(io.BytesIO(files["documents/tiers.xlsx"]))
    cells = [cell for sheet in workbook.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert any(title in str(cell.value) for cell in cells)
    assert not any(cell.hyperlink for cell in cells)
    markdown = files["documents/tiers.md"].decode()
    assert "<script" not in markdown
    assert "https://" not in markdown
