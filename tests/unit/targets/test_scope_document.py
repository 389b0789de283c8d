"""Scope documents: every statement is true of the work it names, and no work is left out."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from billing_dsl.analysis.cells import Box
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.languages import NOT_HERE, SPACE
from billing_dsl.languages.english import ENGLISH
from billing_dsl.pipeline import Checked, FileReading, check, read_file
from billing_dsl.source.reader import read
from billing_dsl.targets._scope import Difference, Item, Kind, Part, Period, RateCard, ScopeDocument
from billing_dsl.targets._scope_body import Bodies
from billing_dsl.targets._scope_terms import Contents
from billing_dsl.targets.scope_document import scope_document
from tests.goldens import Golden
from tests.oracle import simulator
from tests.oracle.strategies import catalogues, interesting_days
from tests.test_properties import checked
from tests.unit.targets.compiling import of_clients, told

Plain = dict[str, Any]
HERE = Path(__file__).parent
WORDS = ENGLISH.labels


def contents(result: Checked) -> Contents:
    declared = result.common.declared
    assert declared is not None
    return Contents(Bodies(declared.shared, declared.cells), "1.0")


def documents_of(result: Checked) -> Iterator[tuple[ClientCoverage, Agreement, ScopeDocument]]:
    made = contents(result)
    for view in result.clients:
        for agreement in view.agreements:
            yield view, agreement, made.of(view, agreement)


# --- every statement is true ---------------------------------------------------------------------

KINDS = {
    "recurring_service": Kind.INCLUDED,
    "fixed_price": Kind.FIXED,
    "block_hours": Kind.BLOCK,
    "retainer": Kind.RETAINER,
    "per_ticket": Kind.TICKET,
    "time_and_materials": Kind.HOURLY,
}


def kind_of(oracle: simulator.Simulator, work_type: str, answer: simulator.Answer) -> Kind:
    """What becomes of work, in the words of the documents, by the simulator's answer."""
    if not oracle.work_types[work_type].get("billable", True):
        return Kind.FREE
    return KINDS[answer.contract_type] if answer.contract_type else Kind.OUTSIDE


def names(cell: simulator.Cell, boxes: Sequence[Box]) -> bool:
    work_type, role, sub_issue = cell
    return any(
        work_type in box.work_types and role in box.roles and (sub_issue or "") in box.sub_issues
        for box in boxes
    )


def statements(period: Period) -> Iterator[tuple[Part, Item | Difference]]:
    for section in period.body.sections:
        for item in section.items:
            yield section.part, item
    for difference in period.body.differences:
        yield difference.part, difference


def cards_of(period: Period, part: Part, day: date) -> list[RateCard]:
    cards = [
        *(
            card
            for section in period.body.sections
            if section.part == part
            for card in section.cards
        ),
        *(card for found in period.body.differences if found.part == part for card in found.cards),
    ]
    return [
        card
        for card in cards
        if (card.first is None or card.first <= day) and (card.last is None or day <= card.last)
    ]


def rates_in(cards: Sequence[RateCard], work_type: str, role: str) -> set[str]:
    """The rates that tables state for a work type and a role."""
    return {
        row.amounts[position]
        for card in cards
        for row in card.rows
        if work_type in row.titles or row.titles == (WORDS["used_up"],)
        for position, column in enumerate(card.columns)
        if role in column.split(", ") or column == WORDS["rate"]
    }


def units_in(cards: Sequence[RateCard], work_type: str) -> set[str]:
    """What the tables that state rates of a work type say they are for."""
    by_entry = WORDS["per_entry"]
    return {
        "entry" if by_entry in (*row.notes, card.title[-len(by_entry) :]) else "hour"
        for card in cards
        for row in card.rows
        if work_type in row.titles or row.titles == (WORDS["used_up"],)
    }


def marked(kind: Kind, answer: simulator.Answer) -> str:
    """How work is treated, in two words, by the simulator's answer."""
    said = "entry" if (kind, answer.unit) == (Kind.HOURLY, "entry") else kind.value
    return ENGLISH.treatments.of(said).mark


def own_start(
    oracle: simulator.Simulator, agreement: Agreement, day: date
) -> simulator.Start | None:
    if agreement.bespoke:
        return (agreement.name, agreement.contracts[0].name)
    default = oracle._piece(agreement.name, day).default
    return None if default is None else (agreement.name, default)


@given(catalogues())
def test_every_statement_is_true_and_no_work_is_left_out(documents: list[Plain]) -> None:
    oracle = simulator.Simulator(documents)
    result = checked(documents)
    for view, agreement, document in documents_of(result):
        days = [day for day in interesting_days(documents) if day in agreement.life]
        for day in days:
            start = own_start(oracle, agreement, day)
            periods = [period for period in document.periods if day in period.life]
            if start is None:
                assert periods == []
                continue
            [period] = periods
            for cell in oracle.cells(day):
                answer = oracle.end_of(view.client.name, *cell, day, start)
                assert answer is not None
                expected = kind_of(oracle, cell[0], answer)
                said = [part for part, found in statements(period) if names(cell, found.cells)]
                assert said, (cell, day)
                for part in said:
                    assert part.kind is expected, (cell, day)
                    if part.contract:
                        assert part.contract == answer.contract
                        assert (part.agreement == 0) == (answer.agreement == agreement.name)
                if answer.billing in ("overage", "hourly", "retainer", "standard_rate"):
                    work_type, role = oracle.work_types[cell[0]], oracle.roles[cell[1]]
                    cards = cards_of(period, said[0], day)
                    stated = rates_in(cards, work_type["title"], role["title"])
                    rate = answer.rate
                    written = (
                        WORDS["not_stated"]
                        if rate is None
                        else ENGLISH.amount(rate, answer.currency)
                    )
                    assert stated == {written}, (cell, day)
                    assert units_in(cards, work_type["title"]) == {answer.unit}
                mark = period.body.marks[cell[0]]
                assert mark.differs or mark.words == marked(expected, answer)


@given(catalogues())
def test_what_was_agreed_specially_holds_on_its_days(documents: list[Plain]) -> None:
    oracle = simulator.Simulator(documents)
    for view, agreement, document in documents_of(checked(documents)):
        for special in document.specials:
            assert agreement.life.start <= special.life.start <= special.life.end
            assert special.life.end <= agreement.life.end
            day = special.life.start
            start = own_start(oracle, agreement, day)
            for cell in oracle.cells(day):
                if names(cell, special.cells):
                    answer = oracle.end_of(view.client.name, *cell, day, start)
                    assert answer is not None
                    kind = kind_of(oracle, cell[0], answer)
                    kinds = [kind.value, *(["entry", "mixed"] if kind is Kind.HOURLY else [])]
                    states = [ENGLISH.treatments.of(name).state for name in kinds]
                    assert special.what.endswith(tuple(states)), (cell, day)


# --- what the pages look like --------------------------------------------------------------------


def written_in(yaml: str) -> Checked:
    reading = read_file("all.yaml", yaml.encode())
    assert reading.faults == ()
    return check([reading], date(2027, 1, 15), (), keep=True)


def pages(result: Checked) -> dict[str, str]:
    declared = result.common.declared
    assert declared is not None
    day = date(2027, 1, 15)
    stamped = of_clients(declared, result.clients, day)
    found = told(stamped, scope_document)
    assert {file.kind for file in found.values()} <= {"document"}
    return {path.removeprefix("documents/"): file.content.decode() for path, file in found.items()}


@cache
def small() -> dict[str, str]:
    return pages(written_in((HERE / "scope_catalogue.yaml").read_text(encoding="utf-8")))


def test_the_pages_of_a_small_catalogue(golden: Golden) -> None:
    golden.folder(HERE / "golden" / "scope", small())


class Page(HTMLParser):
    """What a browser makes of a page: its elements, what they say, and whatever it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.said: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)


@pytest.mark.parametrize("path", [path for path in small() if path.endswith(".html")])
def test_a_page_is_one_file_that_loads_nothing(path: str) -> None:
    text = small()[path]
    page = Page(text)
    assert not {"script", "a", "img", "link", "iframe", "object", "form", "base"} & set(page.seen)
    names = {name for _, name, _ in page.attributes}
    assert names <= {
        *("lang", "charset", "http-equiv", "content", "name"),
        *("class", "scope"),
    }
    [policy] = [v or "" for _, name, v in page.attributes if name == "content" and "none" in str(v)]
    [css] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "url(" not in css
    assert "#1f4e79" in css


def test_the_footer_names_what_a_page_says() -> None:
    for path, text in small().items():
        [digest] = re.findall(r"content ([0-9a-f]{12})", text)
        assert digest in small()[path.replace(".md", ".html")]


def test_the_digest_is_over_what_is_said_alone() -> None:
    result = written_in((HERE / "scope_catalogue.yaml").read_text(encoding="utf-8"))
    made = contents(result)
    other = Contents(made.bodies, "9.9")
    [view] = [view for view in result.clients if view.client.name == "globex"]
    [agreement] = view.agreements
    stamp = made.of(view, agreement).stamp
    assert other.of(view, agreement).stamp.digest == stamp.digest
    assert other.of(view, agreement).stamp.text != stamp.text
    fewer = replace(agreement, life=replace(agreement.life, end=date(2027, 11, 30)))
    assert made.of(view, fewer).stamp.digest != stamp.digest


def test_special_agreements_name_the_work_that_they_are_about() -> None:
    result = written_in((HERE / "scope_catalogue.yaml").read_text(encoding="utf-8"))
    specials = {
        special.what: special.cells
        for _, _, document in documents_of(result)
        for special in document.specials
    }
    visits = "Remote Support, Visits, Security Incident and Training"
    assert [*specials] == [
        "Training: taken from the block of hours",
        f"Work by Architect ({visits}): taken from the block of hours",
    ]
    [box] = specials["Training: taken from the block of hours"]
    assert (box.work_types, box.roles) == (("training",), ("engineer",))


# --- hostile names -------------------------------------------------------------------------------

HOSTILE = [
    "A & B <Ltd>",
    "{{7*7}} {% raw %} {# x #}",
    "=cmd()",
    "+1 -1",
    "# heading",
    "1. first",
    "12) twelfth",
    "| a | b |",
    "`code` *bold* _thin_ ~~gone~~",
    "[text](javascript:alert(1))",
    "![picture](https://tracker.example/x.png)",
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "&lt;b&gt; &#60;b&#62;",
    "https://evil.example www.evil.example",
    "@everyone #123",
    "back\\slash \\| \\",
    "شركة الاختبار",
    "x" * 200,
    "two\nlines\n\nthree",
    "$x^2$",
    "'single' \"double\"",
    "---",
    "%(client)s %s",
]


def hostile(name: str) -> Checked:
    quoted = json.dumps(name)
    text = (HERE / "scope_catalogue.yaml").read_text(encoding="utf-8")
    for known in (
        "Acme Industriale S.r.l.",
        "Managed services for Acme",
        "Remote Support",
        "Architect",
        "Silver",
        "Managed seat",
        "Northwind IT",
        "Help at the client's premises.",
        "training is drawn from the block, signed 2026-11-02",
        "Plan accepted",
        "Paper jam",
        "Via Po 2",
    ):
        text = re.sub(rf"(?<=: ){re.escape(known)}(?=[\n,}}])", lambda _: quoted, text)
    return check([hostile_reading(text)], date(2027, 1, 15), (), keep=True)


def hostile_reading(text: str) -> FileReading:
    """Read without the schemas, which keep some of these names out: nothing here relies on that."""
    documents, broken, faults = read("all.yaml", text.encode())
    assert (broken, faults) == ((), ())
    return FileReading("all.yaml", tuple(documents), (), ())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_only_ever_text(name: str) -> None:
    made = pages(hostile(name))
    plain = small()
    said = " ".join(name.split())
    for path, text in made.items():
        if path.endswith(".html"):
            assert set(Page(text).seen) == set(Page(plain[path]).seen)
            if path.startswith("acme"):
                assert said in Page(text).said
        else:
            assert_markdown_is_plain(text)
    [acme] = [text for path, text in made.items() if path == "acme/acme-2027/scope.md"]
    assert said in unescaped(acme)


def unescaped(text: str) -> str:
    return html.unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text))


def assert_markdown_is_plain(text: str) -> None:
    """Tables keep their columns, and no mark stands where only text may."""
    text = re.sub(r"\n<!-- billing-dsl-seal: [a-zA-Z0-9 /-]+ -->\n\Z", "", text)
    assert set(re.findall(r"<[^>]*>", text)) <= {"<br>"}
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "x", text)
    assert "`" not in bare
    assert "[" not in bare
    assert "~" not in bare
    assert "$" not in bare
    assert "://" not in bare
    assert not re.search(r"(?<![A-Za-z0-9])@[A-Za-z]", bare)
    rows = bare.split("\n")
    for before, after in pairwise(rows):
        if before.startswith("|") and after.startswith("|"):
            assert before.count("|") == after.count("|")
    for row in rows:
        assert re.match(r"(#{1,3} \S|\||- \S|\*\*|---$|\S|$)", row)
        assert not re.match(r"- ([-+#=]|\d+[.)] )", row)
        assert not re.match(r"([+=]|\d+[.)] )", row)


# --- the corners ---------------------------------------------------------------------------------


def small_with(more: str) -> Checked:
    text = (HERE / "scope_catalogue.yaml").read_text(encoding="utf-8")
    return written_in(f"{text}\n---\n{textwrap.dedent(more).strip()}\n")


def markdown_of(result: Checked, agreement: str) -> str:
    """The text of a document, with plain spaces in place of those at which no line may end."""
    [found] = [
        text for path, text in pages(result).items() if path.endswith(f"/{agreement}/scope.md")
    ]
    return found.replace(SPACE, " ")


def test_clients_alike_share_what_is_written() -> None:
    other = small_with(
        """
        format: 1
        kind: client
        name: hooli
        legal_name: Globex AG
        currency: CHF
        ---
        format: 1
        kind: agreement
        name: hooli-2027
        client: hooli
        tier: silver
        start: 2027-01-01
        end: 2027-12-31
        renewal: {automatic: false, notice: 60 days}
        services: {seat: 12}
        """
    )
    one = markdown_of(other, "globex-2027").partition("<!--")[0]
    two = markdown_of(other, "hooli-2027").partition("<!--")[0].replace("hooli", "globex")
    [first] = re.findall(r"content (\w+)", one)
    [second] = re.findall(r"content (\w+)", two)
    assert one.replace(first, "") == two.replace(second, "")


def test_a_difference_names_the_roles_where_they_are_few_and_the_work_where_it_is_some() -> None:
    text = markdown_of(
        small_with(
            """
            format: 1
            kind: role
            name: junior
            title: Junior
            rate: {EUR: 50.00, CHF: 55.00}
            ---
            format: 1
            kind: role
            name: partner
            title: Partner
            rate: {EUR: 200.00, CHF: 220.00}
            ---
            format: 1
            kind: client
            name: hooli
            legal_name: Hooli
            ---
            format: 1
            kind: agreement
            name: hooli-2027
            client: hooli
            start: 2027-01-01
            end: 2027-12-31
            contracts:
              - name: managed
                type: recurring_service
                excludes: {roles: [junior, partner], work_types: [onsite, security]}
                falls_to: rest
              - name: rest
                type: recurring_service
                excludes: {work_types: [onsite, night]}
                falls_to: hourly
              - {name: hourly, type: time_and_materials}
            """
        ),
        "hooli-2027",
    )
    assert "| Work by Junior and Partner | Night Work | billed by the hour |" in text
    assert "| Work by Junior and Partner | what is otherwise included in the fee |" not in text
    assert "included in the fee: Rest" in text


def test_what_has_no_price_in_the_currency_is_said_to_have_none() -> None:
    text = markdown_of(
        small_with(
            """
            format: 1
            kind: work_type
            name: diving
            title: Diving
            billing_class: baseline
            description: Work under water.
            rate: {method: plus, amount: {CHF: 30.00}}
            ---
            format: 1
            kind: service
            name: boat
            title: Boat
            period: yearly
            price: {CHF: 900.00}
            ---
            format: 1
            kind: client
            name: hooli
            legal_name: Hooli
            ---
            format: 1
            kind: agreement
            name: hooli-2027
            client: hooli
            start: 2027-01-01
            end: 2027-12-31
            services: {boat: 2, seat: 0}
            blocks:
              - contract: hours
                hours: 4
                rate: {CHF: 90.00}
                start: 2027-01-01
                end: 2027-12-31
            contracts:
              - name: hours
                type: block_hours
                excludes: {work_types: [diving]}
                falls_to: hourly
              - {name: hourly, type: time_and_materials}
            """
        ),
        "hooli-2027",
    )
    assert "| Diving | not stated |" in text
    year = "1 January 2027 | 31 December 2027"
    assert f"| Boat | {year} | 2 | not stated | not stated |" in text
    assert f"| {year} | 4 | not stated | not stated |" in text
    assert "Managed seat" not in text


def test_services_that_are_never_had_make_no_table() -> None:
    text = markdown_of(
        small_with(
            """
            format: 1
            kind: agreement
            name: globex-2028
            client: globex
            tier: silver
            start: 2028-01-01
            end: 2028-12-31
            services:
              seat: [{from: 2028-01-01, units: 0}]
              backup: [{from: 2029-01-01, units: 5}]
            """
        ),
        "globex-2028",
    )
    assert WORDS["services"] not in text


def test_many_roles_stand_in_several_tables() -> None:
    roles = "\n---\n".join(
        f"format: 1\nkind: role\nname: role-{n}\ntitle: Role {n}\nrate: {{EUR: 5{n}, CHF: 60}}"
        for n in range(8)
    )
    text = markdown_of(
        written_in((HERE / "scope_catalogue.yaml").read_text(encoding="utf-8") + "\n---\n" + roles),
        "acme-2027",
    )
    heads = [row for row in text.split("\n") if row.startswith("| Work | ") and "Role 7" in row]
    assert heads
    assert all(row.count("|") <= 2 + 6 for row in heads)


def test_work_that_ends_under_other_agreements_is_said_to_end_there() -> None:
    text = markdown_of(
        small_with(
            """
            format: 1
            kind: client
            name: hooli
            legal_name: Hooli
            parent: initech
            ---
            format: 1
            kind: agreement
            name: a-later
            client: hooli
            default: false
            start: 2027-01-01
            end: 2027-06-30
            number: H-2
            contracts:
              - {name: hourly, type: time_and_materials, excludes: {work_types: [night]},
                 falls_to: initech-2027/more-hours}
            ---
            format: 1
            kind: agreement
            name: hooli-2027
            client: hooli
            start: 2027-01-01
            end: 2027-06-30
            contracts:
              - {name: managed, type: recurring_service, excludes: {work_types: [onsite, night]},
                 falls_to: a-later/hourly}
            """
        ),
        "hooli-2027",
    )
    assert "### Billed by the hour under agreement H-2" in text
    assert "### Taken from the block of hours under agreement initech-2027" in text


def test_overage_is_one_row_whichever_roles_come_with_which_work() -> None:
    text = markdown_of(
        small_with(
            """
            format: 1
            kind: agreement
            name: globex-2028
            client: globex
            start: 2028-01-01
            end: 2028-12-31
            blocks: [{contract: hours, hours: 4, rate: 90, start: 2028-01-01, end: 2028-12-31}]
            contracts:
              - name: managed
                type: recurring_service
                excludes: {roles: [architect], work_types: [onsite]}
                falls_to: hours
              - {name: hours, type: block_hours, overage_rate: {CHF: 77}}
            """
        ),
        "globex-2028",
    )
    assert text.count(f"| {WORDS['used_up']} | 77.00 |") == 1


def bespoke(contracts: str, more: str = "") -> Checked:
    return small_with(
        f"""
        format: 1
        kind: agreement
        name: globex-2028
        client: globex
        start: 2028-01-01
        end: 2028-12-31
        {more}
        contracts: {contracts}
        """
    )


def test_work_at_a_flat_amount_is_billed_by_the_entry() -> None:
    managed = "{name: managed, type: recurring_service, falls_to: hourly, excludes: {%s}}"
    hourly = "{name: hourly, type: time_and_materials}"
    alone = markdown_of(bespoke(f"[{managed % 'work_types: [travel]'}, {hourly}]"), "globex-2028")
    assert "| Travel | by the entry |" in alone
    assert "### Billed by the entry\n\nEach entry of this work is billed at the rate below" in alone
    assert "**Rates in CHF per entry, however long**" in alone
    assert "| Travel | 75.00 |" in alone
    both = markdown_of(
        bespoke(f"[{managed % 'work_types: [travel, project]'}, {hourly}]"), "globex-2028"
    )
    assert "### Billed by the hour or the entry\n" in both
    assert "**Rates in CHF per hour**" in both
    assert "| Travel (per entry, however long) | 75.00 | 75.00 |" in both


def test_the_least_hours_of_an_entry_count_only_where_hours_do() -> None:
    text = (HERE / "scope_catalogue.yaml").read_text(encoding="utf-8")
    text = text.replace("there and back.\n", "there and back.\nminimum_hours: 3\n", 1)
    block = "[{contract: hours, hours: 4, rate: 9, start: 2028-01-01, end: 2028-12-31}]"
    more = f"""
---
format: 1
kind: agreement
name: globex-2028
client: globex
start: 2028-01-01
end: 2028-12-31
blocks: {block}
contracts: [{{name: hours, type: block_hours}}]
"""
    found = pages(written_in(text + more))
    assert f"at least 3{SPACE}hours for each entry" in found["globex/globex-2028/scope.md"]
    assert f"at least 3{SPACE}hours" not in found["globex/globex-2027/scope.md"]


def test_the_least_hours_of_work_that_a_role_draws_from_a_block_are_told() -> None:
    text = (HERE / "scope_catalogue.yaml").read_text(encoding="utf-8")
    more = """
---
format: 1
kind: agreement
name: globex-2028
client: globex
start: 2028-01-01
end: 2028-12-31
blocks: [{contract: hours, hours: 4, rate: 9, start: 2028-01-01, end: 2028-12-31}]
services: {seat: 5}
contracts:
  - {name: managed, type: recurring_service, services: [seat], excludes: {roles: [architect]},
     falls_to: hours}
  - {name: hours, type: block_hours}
"""
    document = pages(written_in(text + more))["globex/globex-2028/scope.md"]
    for said in (
        f"at least 1{SPACE}hour and at most 8{SPACE}hours for each entry.",
        f"Night Work: at least 2{SPACE}hours for each entry.",
    ):
        assert document.count(said) == 1
    scope = document.partition("## ")[2]
    assert scope.index("Architect") < scope.index(f"at least 2{SPACE}hours")


def test_two_purchases_alike_are_two() -> None:
    bought = "{amount: 500, start: 2028-01-01, end: 2028-12-31}"
    due = "{title: Part, date: 2028-06-30, amount: 100}"
    text = markdown_of(
        bespoke(
            f"[{{name: money, type: retainer, retainers: [{bought}, {bought}], setup_fee: 20}},"
            f" {{name: fixed, type: fixed_price, milestones: [{due}, {due}]}}]"
        ),
        "globex-2028",
    )
    assert text.count("| 1 January 2028 | 31 December 2028 | not stated |") == 2
    assert text.count("| Part | 30 June 2028 | not stated |") == 2
    assert text.count("| Money | 1 January 2028 | not stated |") == 1


def test_what_is_paid_says_for_which_contract_where_there_are_several() -> None:
    tickets = "tickets: [{tickets: 5, rate: {CHF: 9}, start: 2028-01-01, end: 2028-12-31}]"
    text = markdown_of(
        bespoke(
            f"[{{name: desk-tickets, type: per_ticket, {tickets}}},"
            f" {{name: more, type: per_ticket, {tickets}}}]"
        ),
        "globex-2028",
    )
    days = "1 January 2028 | 31 December 2028"
    assert f"| Desk tickets | {days} | 5 | CHF 9.00 | CHF 45.00 |" in text
    assert f"| More | {days} | 5 | CHF 9.00 | CHF 45.00 |" in text


def test_services_are_told_with_the_days_on_which_they_are_had() -> None:
    text = markdown_of(
        bespoke(
            "[{name: managed, type: recurring_service}]",
            "services: {seat: [{from: 2028-01-01, units: 2}, {from: 2028-03-01, units: 0},"
            " {from: 2028-09-01, units: 3}, {from: 2028-10-01, units: 3}]}",
        ),
        "globex-2028",
    )
    rows = re.findall(r"\| Managed seat \| (.*?) \| CHF 57", text)
    assert rows == [
        "1 January 2028 | 29 February 2028 | 2",
        "1 September 2028 | 31 December 2028 | 3",
    ]


def test_an_exception_as_long_as_its_agreement_holds_for_the_whole_term() -> None:
    exception = "{work_type: remote, goes_to: hourly, reason: r, owner: o, until: 2029-12-31}"
    text = (HERE / "scope_catalogue.yaml").read_text(encoding="utf-8")
    text = text.replace("exceptions:\n", f"exceptions:\n  - {exception}\n", 1)
    found = markdown_of(written_in(text), "acme-2027")
    assert "| Remote Support: billed by the hour | the whole term | r |" in found


def test_the_agreement_of_another_client_is_named_with_its_client() -> None:
    text = markdown_of(
        small_with(
            """
            format: 1
            kind: client
            name: daughter
            legal_name: Daughter Ltd
            parent: acme
            ---
            format: 1
            kind: agreement
            name: daughter-2027
            client: daughter
            start: 2027-01-01
            end: 2027-06-30
            contracts:
              - {name: desk, type: recurring_service, excludes: {work_types: [night]},
                 falls_to: acme-2027/hourly}
            """
        ),
        "daughter-2027",
    )
    assert "### Billed by the hour under agreement A-77 of Acme Industriale S.r.l." in text


def test_a_dash_in_a_table_of_rates_is_explained() -> None:
    excludes = "excludes: {roles: [architect], work_types: [night]}"
    text = markdown_of(
        bespoke(
            f"[{{name: managed, type: recurring_service, falls_to: hourly, {excludes}}},"
            " {name: hourly, type: time_and_materials}]"
        ),
        "globex-2028",
    )
    assert f"| 160.00 | {NOT_HERE} | {NOT_HERE} |" in text
    assert f"- {WORDS['dashes']}\n" in text
    assert WORDS["dashes"] not in small()["globex/globex-2027/scope.md"]


def test_what_a_tier_says_in_short_is_said_once() -> None:
    text = small()["acme/acme-2027/scope.md"]
    assert text.count("Remote support without limit; visits from a block of hours.") == 1
    assert text.count("Everything but nights and projects.") == 1


def test_an_exception_is_told_on_the_days_on_which_it_makes_a_difference() -> None:
    exception = "{work_type: project, goes_to: block, reason: r, owner: o, from: 2027-02-01}"
    text = (HERE / "scope_catalogue.yaml").read_text(encoding="utf-8")
    text = text.replace("exceptions:\n", f"exceptions:\n  - {exception}\n", 1)
    found = markdown_of(written_in(text), "acme-2027")  # on a tier without a block from 2028 on
    days = "1 February 2027 to 31 December 2027"
    assert f"| Project Work: taken from the block of hours | {days} | r |" in found


def test_an_exception_for_a_cause_is_told_by_its_issue() -> None:
    exception = "{sub_issue: home, goes_to: block, reason: r, owner: o, until: 2027-06-30}"
    text = (HERE / "scope_catalogue.yaml").read_text(encoding="utf-8")
    text = text.replace("exceptions:\n", f"exceptions:\n  - {exception}\n", 1)
    found = markdown_of(written_in(text), "acme-2027")
    assert "| Tickets about Home working – Private network (" in found
    assert "): taken from the block of hours | until 30 June 2027 | r |" in found
