"""Runbooks: what lands where is what the coverage says, and every page can be read back."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from billing_dsl.analysis.answer import Answer, answer
from billing_dsl.analysis.cells import Cell
from billing_dsl.analysis.drawing import BROKEN, NO_CONTRACT
from billing_dsl.analysis.landings import Charge, Landing
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.languages import NOT_HERE
from billing_dsl.languages.english import ENGLISH
from billing_dsl.pipeline import Checked, check, read_file
from billing_dsl.targets._runbook import Runbook, Stage
from billing_dsl.targets._runbook_content import Runbooks
from billing_dsl.targets._runbook_days import CARRIED_OVER, CHECKLIST
from billing_dsl.targets._runbook_words import BILLED, SHORT, SIGNS
from billing_dsl.targets.runbook import runbook
from billing_dsl.targets.scope_document import scope_document
from tests.goldens import Golden
from tests.oracle import simulator
from tests.oracle.strategies import catalogues, interesting_days
from tests.test_properties import checked
from tests.unit.targets.compiling import CATALOGUE, FIRM, compiled, of_clients, shipped, told
from tests.unit.targets.test_autotask_requests import BLOCKS, RAISED, TIER, bespoke, selling
from tests.unit.targets.test_scope_document import (
    HOSTILE,
    Page,
    assert_markdown_is_plain,
    hostile,
    own_start,
    written_in,
)

Plain = dict[str, Any]
HERE = Path(__file__).parent
TODAY = date(2027, 1, 15)


def runbooks_of(result: Checked) -> Iterator[tuple[ClientCoverage, Agreement, Runbook]]:
    declared = result.common.declared
    assert declared is not None
    made = Runbooks(declared)
    for view in result.clients:
        for agreement in view.agreements:
            yield view, agreement, made.of(view, agreement)


# --- every statement is true ---------------------------------------------------------------------


def charge_of(landing: Landing, work_type: str, role: str, sub_issue: str) -> list[Charge]:
    """What a landing says of one kind of work: one charge, if it is there at all."""
    if role not in landing.roles:
        return []
    at = landing.roles.index(role)
    charges = [row.charges[at] for row in landing.rows if work_type in row.work_types]
    return [one for one in charges if one is not None and sub_issue in one.sub_issues]


@given(catalogues())
def test_all_work_lands_once_where_it_ends_at_its_rate(documents: list[Plain]) -> None:
    oracle = simulator.Simulator(documents)
    for view, agreement, found in runbooks_of(checked(documents)):
        for day in interesting_days(documents):
            if day not in agreement.life:
                continue
            start = own_start(oracle, agreement, day)
            stages = [stage for stage in found.stages if day in stage.life]
            if start is None:
                assert stages == []
                continue
            [stage] = stages
            for work_type, role, sub_issue in oracle.cells(day):
                end = oracle.end_of(view.client.name, work_type, role, sub_issue, day, start)
                assert end is not None
                said = [
                    (landing, charge)
                    for landing in stage.landings
                    for charge in charge_of(landing, work_type, role, sub_issue or "")
                ]
                [(landing, charge)] = said
                bit = view.cells.bit(Cell(work_type, role, sub_issue or ""))
                assert [one for one in stage.landings if one.cells & bit] == [landing]
                assert landing.outcome.value == end.outcome
                assert landing.contract == (end.contract or "")
                assert landing.billing.value == end.billing
                assert charge.amount == end.rate
                if end.contract:
                    agreements = (agreement.name, *found.others)
                    assert agreements[landing.agreement] == end.agreement
                [row] = [row for row in landing.rows if work_type in row.work_types]
                assert (row.unit.value if row.unit else None) == end.unit


@given(catalogues())
def test_stages_follow_one_another_and_differ(documents: list[Plain]) -> None:
    for _, _, found in runbooks_of(checked(documents)):
        for before, after in zip(found.stages, found.stages[1:], strict=False):
            assert before.life.end < after.life.start
            together = (after.life.start - before.life.end).days == 1
            same = (before.drawing, before.landings) == (after.drawing, after.landings)
            assert not (together and same and before.tier == after.tier)
        assert [due.day for due in found.days] == sorted(due.day for due in found.days)


LOST = {"uncovered": NO_CONTRACT, "broken": BROKEN}


@given(catalogues())
def test_the_picture_shows_what_the_landings_say(documents: list[Plain]) -> None:
    """A contract takes the work types that lead there, and nothing is drawn twice."""
    for _, agreement, found in runbooks_of(checked(documents)):
        for stage in found.stages:
            takes = {node.id: set(node.takes) for node in stage.drawing.nodes if node.takes}
            leads: dict[str, set[str]] = {}
            for landing in stage.landings:
                place = LOST.get(landing.outcome.value, landing.contract)
                if landing.agreement:
                    place = f"{found.others[landing.agreement - 1]}/{landing.contract}"
                for row in landing.rows:
                    if row.leads and landing.outcome.value != "cyclic":
                        leads.setdefault(place, set()).update(row.work_types)
            assert takes == leads, agreement.name
            ids = [node.id for node in stage.drawing.nodes]
            assert len(ids) == len(set(ids))
            assert {end for e in stage.drawing.edges for end in (e.source, e.target)} <= set(ids)


# --- the pages are opened again ------------------------------------------------------------------


@dataclass
class Told:
    """A landing as a page tells it: work, tickets, and what each column says."""

    place: str
    short: str
    billed: str = ""
    rows: list[tuple[str, str, list[tuple[str, str]]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def sections(page: str) -> Iterator[tuple[list[str], list[Told]]]:
    """For each stage of a page what is said to be as before, and the landings that are told."""
    text = re.sub(r"<!DOCTYPE html>|<meta [^>]*>", "", page)
    for stage in ET.fromstring(text).iterfind(".//section[@class='stage']"):
        same = [words(one) for one in stage.iterfind("p[@class='same']")]
        yield same, [landing_of(part) for part in stage.iterfind("section")]


def landing_of(part: ET.Element) -> Told:
    found = Told(words(part.find("h4/bdi")), words(part.find("h4/span")))
    found.billed = words(part.find("p[@class='lead']"))
    found.notes = [words(one) for one in part.iterfind("p[@class='note']")]
    for table in part.iterfind("table"):
        columns = [words(one) for one in table.iterfind("thead/tr/th")][1:]
        for row in table.iterfind("tbody/tr"):
            head = row.find("th")
            assert head is not None
            if head.get("scope") == "row":
                cells = [words(one) for one in row.iterfind("td")]
                small = head.find("small")
                tickets = words(small) if small is not None else ""
                work = (head.text or "").strip()
                found.rows.append((work, tickets, list(zip(columns, cells, strict=True))))
    return found


def words(found: ET.Element | None) -> str:
    assert found is not None
    return "".join(found.itertext()).strip()


def told_again(page: str, starts: Mapping[str, int]) -> list[list[Told]]:
    """The landings of each stage, with those that are as on earlier days."""
    found: list[list[Told]] = []
    for same, landings in sections(page):
        every = list(landings)
        for said in same:
            since = re.match(r"(?:All of it is as|As) (?:before|from ([^.:]+))", said)
            if since is None:
                continue
            earlier = found[starts[since[1]] if since[1] else -1]
            if said.startswith("All"):
                every = list(earlier)
                continue
            meant = said.partition(": ")[2].removesuffix(".").split(", ")
            every += [one for one in earlier if f"{one.place} ({one.short})" in meant]
        found.append(every)
    return found


def stated(landings: list[Told], work: str, role: str, sub_issue: str) -> set[tuple[str, str]]:
    """Where a page says that one kind of work lands, and for how much."""
    said = set()
    for landing in landings:
        for titles, tickets, cells in landing.rows:
            if work not in titles.removesuffix(" (per entry, however long)").split(", "):
                continue
            named = [column for column, _ in cells]
            for column, cell in cells or [("Everybody", landing.short)]:
                but = re.fullmatch(r"Everybody but (.*)", column)
                if but is not None:
                    here = role not in re.split(r", | and ", but[1])
                elif column == "Everybody else":
                    here = role not in ", ".join(named[:-1]).split(", ")
                else:
                    here = column == "Everybody" or role in column.split(", ")
                about = tickets
                if cell[-1] in SIGNS:
                    [about] = {note[2:] for note in landing.notes if note[0] == cell[-1]}
                if here and cell != NOT_HERE and on(about, sub_issue):
                    said.add((f"{landing.place} ({landing.short})", cell.rstrip("".join(SIGNS))))
    return said


def on(about: str, sub_issue: str) -> bool:
    """Whether tickets with a sub-issue, or without any, are meant."""
    if not about:
        return True
    meant = re.split(r", | and ", re.sub(r"^(but not )?on tickets with sub-issues? ", "", about))
    return (sub_issue not in meant) if about.startswith("but not") else (sub_issue in meant)


def small() -> Checked:
    return written_in((HERE / "scope_catalogue.yaml").read_text(encoding="utf-8"))


def pages(result: Checked) -> dict[str, str]:
    declared = result.common.declared
    assert declared is not None
    made = told(of_clients(declared, result.clients, TODAY), runbook)
    assert {file.kind for file in made.values()} <= {"runbook"}
    return {path.removeprefix("documents/"): file.content.decode() for path, file in made.items()}


@cache
def small_pages() -> dict[str, str]:
    return pages(small())


def test_the_pages_of_a_small_catalogue(golden: Golden) -> None:
    golden.folder(HERE / "golden" / "runbook", small_pages())


def shipped_checked() -> Checked:
    readings = [
        read_file(path.relative_to(CATALOGUE).as_posix(), path.read_bytes())
        for path in sorted(CATALOGUE.rglob("*.yaml"))
    ]
    return check(readings, TODAY, (), keep=True)


@pytest.mark.parametrize("result", [small, shipped_checked])
def test_every_page_says_what_why_says(result: Any) -> None:
    """On the first day of each stage, of every kind of work that starts at the agreement."""
    catalogue = result()
    made = pages(catalogue)
    compared = 0
    for view, agreement, found in runbooks_of(catalogue):
        page = made[f"{view.client.name}/{agreement.name}/runbook.html"]
        starts = {ENGLISH.day(s.life.start): n for n, s in enumerate(found.stages)}
        stages = told_again(page, starts)
        assert len(stages) == len(found.stages)
        for stage, landings in zip(found.stages, stages, strict=True):
            compared += compare(view, agreement, stage, landings)
    assert compared > 500


def compare(view: ClientCoverage, agreement: Agreement, stage: Stage, landings: list[Told]) -> int:
    day, count = stage.life.start, 0
    first = next(one for one in stage.drawing.nodes if one.starts)
    titles = {one.name: one.title for one in view.shared.work_types}
    roles = {one.name: one.autotask_name for one in view.shared.roles}
    causes = {one.name: f"{one.issue} > {one.title}" for one in view.shared.sub_issues}
    for cell in view.cells.each(view.cells.on(day)):
        why = answer(view, cell, day, f"{agreement.name}/{first.title}")
        assert isinstance(why, Answer)
        place = why.contract.name if why.contract is not None else "no contract"
        if why.contract is not None and why.contract.agreement.name != agreement.name:
            place = why.contract.id
        amount = why.rate.amount
        cost = SHORT[why.billing]
        if why.unit is not None:
            cost = "not stated" if amount is None else ENGLISH.amount(amount, view.client.currency)
        cause = causes.get(cell.sub_issue, "")
        said = stated(landings, titles[cell.work_type], roles[cell.role], cause)
        assert said == {(f"{place} ({SHORT[why.billing]})", cost)}, (cell, day)
        count += 1
    return count


def test_markdown_says_what_html_says() -> None:
    """The same tables: every row of the one is a row of the other."""
    for path, page in small_pages().items():
        if not path.endswith(".html"):
            continue
        text = small_pages()[path.replace(".html", ".md")]
        bare = text.replace("**", "")
        for _, landings in sections(page):
            for landing in landings:
                [billing] = [found for found, short in SHORT.items() if short == landing.short]
                assert f"#### {landing.place} – {BILLED[billing]}" in text, path
                for work, tickets, cells in landing.rows:
                    about = f" ({tickets.replace('>', '&gt;')})" if tickets else ""
                    row = " | ".join([f"{work}{about}", *(cell for _, cell in cells)])
                    assert f"| {row} |" in bare or f"- {row}\n" in bare, (path, row)


def test_a_page_is_one_file_that_loads_nothing() -> None:
    for path, text in small_pages().items():
        if path.endswith(".html"):
            page = Page(text)
            assert not {"script", "a", "img", "link", "iframe", "object", "image", "use"} & {
                *page.seen
            }
            assert not {"style", "href", "src", "onload"} & {name for _, name, _ in page.attributes}
            assert text.count('role="img"') == text.count("<svg")
            ids = [value for _, name, value in page.attributes if name == "id"]
            assert len(ids) == len(set(ids))
            labelled = [v for _, name, v in page.attributes if name == "aria-labelledby"]
            assert {one for v in labelled for one in (v or "").split()} == set(ids)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_only_ever_text(name: str) -> None:
    made = pages(hostile(name))
    said = " ".join(name.split())
    for path, text in made.items():
        if path.endswith(".html"):
            assert set(Page(text).seen) <= {*Page(small_pages()[path]).seen, "small"}
            if path.startswith("acme"):
                assert any(said in one for one in Page(text).said)
        else:
            graphs = re.findall(r"(?ms)^```mermaid\n(.*?)^```$", text)
            assert len(graphs) == text.count("```mermaid")
            rest = re.sub(r"(?ms)^```mermaid\n.*?^```$", "", text)
            rest = re.sub(r"(?m)^####", "###", rest).replace("- [ ] ", "- ")
            assert_markdown_is_plain(rest)


# --- one cell of a tier --------------------------------------------------------------------------


def test_one_cell_of_a_tier_changes_the_documents_of_those_whom_it_reaches() -> None:
    """Neither runbook nor scope document of anybody else is touched, down to the last byte."""
    book = shipped(TODAY)
    before = {**told(book, runbook), **told(book, scope_document)}
    readings = []
    for path in sorted(CATALOGUE.rglob("*.yaml")):
        text = path.read_bytes()
        if path.name == "silver-2.yaml":
            changed = re.sub(rb"(?m)^(  user-training:).*$", rb"\1 hourly", text)
            assert changed != text
            text = changed
        readings.append(read_file(path.relative_to(CATALOGUE).as_posix(), text))
    result = check(readings, TODAY, (), keep=True)
    declared = result.common.declared
    assert declared is not None
    other = of_clients(declared, result.clients, TODAY)
    after = {**told(other, runbook), **told(other, scope_document)}
    assert before.keys() == after.keys()
    touched = {path for path in before if before[path].content != after[path].content}
    reached = {
        f"documents/{view.client.name}/{agreement.name}/{name}"
        for view, agreement, was, now in both(result)
        if was != now
        for name in ("runbook.html", "runbook.md", "scope.html", "scope.md")
    }
    assert reached
    assert touched == reached


def both(
    changed: Checked,
) -> Iterator[tuple[ClientCoverage, Agreement, list[Any], list[Any]]]:
    """Where the work of each agreement ended, and where it ends now, by the simulator's own terms:
    routings from the contract at which it starts.
    """
    was = {
        (view.client.name, agreement.name): routings(view, found)
        for view, agreement, found in runbooks_of(shipped_checked())
    }
    for view, agreement, found in runbooks_of(changed):
        yield view, agreement, was[view.client.name, agreement.name], routings(view, found)


def routings(view: ClientCoverage, found: Runbook) -> list[Any]:
    return [
        (
            segment.life,
            [
                (segment.contracts[end.contract].id, end.outcome, end.cells)
                for end in view.family.routing(segment, start)
            ],
        )
        for segment in view.family.segments
        for start, contract in enumerate(segment.contracts)
        if contract.agreement.name == found.agreement_name
    ]


# --- days, checks, grounds -----------------------------------------------------------------------


def the(result: Any, agreement: str) -> Runbook:
    [found] = [one for _, own, one in runbooks_of(result) if own.name == agreement]
    return found


def of_book(documents: str, firm: str = FIRM) -> Runbook:
    book = compiled(documents, firm=firm)
    made = Runbooks(book.compilation.declared)
    [view] = [view for views in book.families for view in views if view.client.name == "acme"]
    return made.of(view, view.agreements[0])


def test_the_days_of_an_agreement_with_everything() -> None:
    days = {(str(due.day), due.what.split(":")[0]): due for due in the(small(), "acme-2027").days}
    said = {(day, due.what) for (day, _), due in days.items()}
    assert ("2027-01-01", "The agreement begins.") in said
    assert (
        "2027-07-01",
        "block: a block of 20.5 hours at EUR 79.50 an hour can be used until 31 December 2027.",
    ) in {(day, what.replace("\xa0", " ")) for day, what in said}
    assert days["2027-12-31", "Last day of an exception"].deed == (
        "Ask accounts@northwind.example before whether it goes on."
    )
    [change] = [w for d, w in said if d == "2028-01-01" and "takes the place of" in w]
    assert change.startswith("Gold, version 1 takes the place of Silver, version 1. ")
    assert "Training: recurring (included) instead of block (from the block)." in change
    assert ("2028-01-01", "Managed seat: 0 units instead of 45.") in said
    notice = days["2029-10-02", "Last day to give notice before the agreement ends (90\xa0days)."]
    assert notice.deed == "Decide with the client: without notice the agreement is prolonged."


def test_a_price_of_the_list_is_carried_over_and_one_of_the_agreement_s_own_is_a_step() -> None:
    steps = (
        "{seat: [{units: 3}, {from: 2027-06-01, units: 3, price: 41.00},"
        " {from: 2027-08-01, units: 3}]}"
    )
    days = of_book(selling(steps, date(2027, 1, 1)), RAISED).days
    assert [
        (str(due.day), due.what.replace("\xa0", " "), due.deed)
        for due in days
        if "a unit instead of" in due.what
    ] == [
        ("2027-04-01", "Managed seat: EUR 50.00 a unit instead of EUR 48.00.", CARRIED_OVER),
        ("2027-06-01", "Managed seat: EUR 41.00 a unit instead of EUR 50.00.", CHECKLIST),
        ("2027-08-01", "Managed seat: EUR 50.00 a unit instead of EUR 41.00.", CHECKLIST),
    ]


def test_what_is_due_is_a_day_of_its_own() -> None:
    days = {(str(due.day), due.what.replace("\xa0", " ")) for due in the(small(), "acme-move").days}
    assert ("2027-02-01", "project: set-up fee of EUR 500.00.") in days
    assert ("2027-03-15", "project: Plan accepted is due, EUR 6,500.00.") in days
    bought = {(str(d.day), d.what.replace("\xa0", " ")) for d in the(small(), "initech-2027").days}
    assert (
        "2027-04-01",
        "tickets: 48 tickets at EUR 60.00 each can be used until 30 June 2027.",
    ) in bought


def test_a_block_that_none_follows_says_so() -> None:
    found = of_book(TIER.replace(BLOCKS, BLOCKS.replace("end: 2027-12-31", "end: 2027-06-30")))
    [end] = [due for due in found.days if "none follows it" in due.what]
    assert str(end.day) == "2027-06-30"
    [overage] = [look for look in found.looks if "billed as overage" in look.what]
    assert overage.what.endswith(": 1 July 2027 to 31 December 2027")
    [stage] = [one for one in found.stages if any(x.billing == "overage" for x in one.landings)]
    assert str(stage.life) == "2027-07-01 to 2027-12-31"
    assert stage.moved == ("Onsite Support: block (overage) instead of block (from the block).",)


def test_checks_come_from_what_the_agreement_has() -> None:
    simple = of_book(bespoke("[{name: hours, type: time_and_materials}]"))
    assert [look.what for look in simple.looks] == [
        "Entries on hours carry the rates of this page",
        "No entry of these days is without a contract",
    ]
    rich = [look.what for look in the(small(), "acme-2027").looks]
    for beginning in (
        "The units of ",
        "Hours left in the blocks of Managed services for Acme (acme-2027) – block",
        "Entries on recurring that reach beyond business hours have start and stop times",
        "Tickets with sub-issue Home working > Private network and Printing > Paper jam",
        "The exception still holds, until 31 December 2027: Training goes to block",
        "Work of this agreement that ended on",
    ):
        found = [what for what in rich if what.startswith(beginning)]
        assert len(found) == (beginning != "Work of this agreement that ended on"), beginning
    move = [look.what for look in the(small(), "acme-move").looks]
    assert any("are Ready to Bill" in what for what in move)
    assert any(what.startswith("Work of this agreement that ended on acme-2027/") for what in move)
    tickets = [look.what for look in the(small(), "initech-2027").looks]
    assert "Tickets left of initech-2027 – tickets" in tickets
    assert "Money left in the retainers of initech-2027 – money" in tickets
    assert "Entries without a contract are of Project Work" in tickets


def test_entries_without_times_are_told_where_they_are_never_split() -> None:
    found = of_book(
        """
        kind: work_type
        name: night
        title: Night Watch
        billing_class: edge
        description: Work at night.
        ---
        kind: work_type
        name: day
        title: Day Watch
        billing_class: edge
        description: Work by day.
        after_hours: night
        ---
        """
        + bespoke(
            "[{name: managed, type: retainer, time_entry: any, "
            "excludes: {work_types: [night]}, falls_to: hourly, "
            "retainers: [{amount: 5.00, start: 2027-01-15, end: 2027-12-31}]}, "
            "{name: hourly, type: time_and_materials}]"
        )
    )
    [look] = [one for one in found.looks if "outside business hours have the work type" in one.what]
    assert "Day Watch → Night Watch on hourly" in look.why


def test_a_waiver_is_looked_at_until_its_last_day() -> None:
    found = the(shipped_checked(), "kristall-2026")
    [look] = [one for one in found.looks if "is still accepted" in one.what]
    assert look.what.endswith("until 31 October 2029")
    assert any("is accepted" in one.decides for one in found.writings)


def test_grounds_are_those_that_touch_the_agreement() -> None:
    titles = {ground.title for ground in the(small(), "initech-2027").grounds}
    assert {
        "Purchases used up",
        "Blank exclusion contract",
        "Exhausted block",
        "Unusual exclusion contract types",
        "Sub-issues by hand",
        "Several reasons",
    } <= titles
    simple = of_book(bespoke("[{name: hours, type: time_and_materials}]"))
    assert not titles <= {ground.title for ground in simple.grounds}
    assert "Exhausted block" not in {ground.title for ground in simple.grounds}


def test_documents_are_named_with_their_places() -> None:
    writings = {one.decides: one for one in the(shipped_checked(), "kristall-2026").writings}
    assert writings["where work ends on Silver, version 2"].place == "tiers/silver-2.yaml"
    assert writings["that BD409 is accepted"].subject.startswith("waiver/")
    found = {one.decides: one for one in the(small(), "acme-2027").writings}
    assert found["exception: Training goes to block"].place.endswith("exceptions → 1")


def test_the_hash_is_over_what_is_said() -> None:
    result = small()
    declared = result.common.declared
    assert declared is not None
    book = of_clients(declared, result.clients, TODAY)
    other = of_clients(declared, result.clients, date(2027, 9, 1))
    for path, file in told(book, runbook).items():
        assert file.content == told(other, runbook)[path].content
        assert re.search(rb"content [0-9a-f]{12}", file.content)


def test_amounts_nobody_stated_say_so() -> None:
    found = of_book(
        bespoke(
            "[{name: hours, type: time_and_materials, rates: [{role: engineer, rate: {CHF: 9}}]}]"
        )
    )
    [stage] = found.stages
    [landing] = [one for one in stage.landings if one.billing == "hourly"]
    charges = {c for row in landing.rows for c in row.charges if c is not None}
    assert {c.amount for c in charges if c.missing} == {None}
    assert any(c.missing for c in charges)
    assert Decimal("140.00") in {c.amount for c in charges}
