"""The certificate says what a check has proved, and neither more nor less."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from billing_dsl.analysis.assumptions import assumptions
from billing_dsl.analysis.views import client_facts
from billing_dsl.diagnostics import Diagnostic, Severity, Span
from billing_dsl.pipeline import Checked, check, read_file
from billing_dsl.rules import rules
from billing_dsl.targets._certificate import CertificateFacts, certificate, facts_of, verdict
from billing_dsl.verdict import Verdict
from billing_dsl.verdict import verdict as judged
from tests.goldens import Golden
from tests.unit.targets.test_scope_document import HOSTILE, Page, assert_markdown_is_plain

HERE = Path(__file__).parent
AS_OF = date(2027, 1, 15)

WAIVER = """
---
format: 1
kind: waiver
name: initech-projects
code: BD301
subject: agreement/initech-2027
reason: projects are ordered one by one, agreed by letter
owner: accounts@northwind.example
until: 2027-06-30
---
format: 1
kind: waiver
name: globex-late
code: BD999
subject: agreement/globex-2027
reason: never used
owner: accounts@northwind.example
"""


def checked(text: str) -> tuple[Checked, Verdict]:
    reading = read_file("all.yaml", text.encode())
    # Some rules are enough: the pages do not change with every rule that is written.
    some = tuple(rule for rule in rules() if rule.code in ("BD301", "BD310"))
    result = check([reading], AS_OF, some, keep=True)
    waivers = result.common.waivers
    return result, judged(result.found, waivers, AS_OF, result.partial, lambda _: text.encode())


def small() -> str:
    return (HERE / "scope_catalogue.yaml").read_text(encoding="utf-8")


def facts(text: str, **changes: Any) -> CertificateFacts:
    result, found = checked(text)
    declared = result.common.declared
    assert declared is not None
    made = facts_of(
        declared,
        result.clients,
        result.common.inventory.names["client"],
        result.documents,
        not result.partial,
        found.diagnostics,
        [(one.waiver, one.code, one.finding) for one in found.accepted],
        AS_OF,
        "0" * 64,
        "0123456789abcdef",
        "1.0",
    )
    return replace(made, **changes)


@pytest.mark.parametrize("form", ["md", "html"])
def test_the_page_of_a_small_catalogue(form: str, golden: Golden) -> None:
    golden(HERE / "golden" / f"certificate.{form}", certificate(facts(small() + WAIVER), form))


def test_the_facts_are_those_of_the_check() -> None:
    found = facts(small())
    result, _ = checked(small())
    assert [row.client for row in found.clients] == ["acme", "globex", "initech"]
    known = [client_facts(view) for view in result.clients]
    assert [row.cells for row in found.clients] == [each.cells for each in known]
    assert [row.contracts for row in found.clients] == [each.contracts for each in known]
    assert found.documents == result.documents
    assert found.left_out == ()
    acme = found.clients[0]
    assert [str(life) for life in acme.days] == ["2027-01-01 to 2029-12-31"]
    assert acme.count == 3 * 365 + 1


def test_days_without_an_agreement_are_not_among_those_proved() -> None:
    text = (
        small()
        + """
---
format: 1
kind: agreement
name: globex-2029
client: globex
tier: silver
start: 2029-01-01
end: 2029-01-31
"""
    )
    [globex] = [row for row in facts(text).clients if row.client == "globex"]
    assert [str(life) for life in globex.days] == [
        "2027-01-01 to 2027-12-31",
        "2029-01-01 to 2029-01-31",
    ]
    assert globex.count == 365 + 31


def test_a_client_without_an_agreement_has_no_days() -> None:
    text = small() + "\n---\nformat: 1\nkind: client\nname: umbra\nlegal_name: Umbra\n"
    page = certificate(facts(text), "md")
    assert "| umbra | Umbra | none | 0 | 0 | 0 |" in page


def test_each_tier_tells_where_work_ends_as_it_is_written() -> None:
    found = facts(small())
    silver, gold = sorted(found.tiers, key=lambda tier: tier.key, reverse=True)
    ends = dict(zip(found.work_types, silver.ends, strict=True))
    assert (silver.key, silver.clients) == ("silver@1", 2)
    assert ends["Onsite Support"] == "from the block"
    assert ends["Remote Support"] == "included"
    assert dict(zip(found.work_types, gold.ends, strict=True))["Drone Survey"] == "no contract"


def test_clients_on_no_block_and_with_exceptions_are_told_apart_from_their_tier() -> None:
    found = facts(small())
    told = [(row.tier, row.clients, dict(row.ends)) for row in found.variations]
    assert told == [
        ("Silver, version 1", ("acme",), {"from the block": ("Training",)}),
        (
            "Silver, version 1",
            ("globex",),
            {"by the hour": ("Onsite Support", "Security Incident")},
        ),
        (
            "",
            ("initech",),
            {
                "from the block": ("Night Work",),
                "not billed": ("Own Repairs",),
                "by the ticket": ("Remote Support",),
                "from the retainer": ("Onsite Support", "Security Incident", "Training", "Travel"),
                "no contract": ("Project Work",),
            },
        ),
    ]


def test_a_work_type_is_told_as_it_is_billed() -> None:
    found = facts(small())
    for tier in found.tiers:
        ends = dict(zip(found.work_types, tier.ends, strict=True))
        assert ends["Own Repairs"] == "not billed"
        assert ends["Travel"] == ("by the entry" if tier.key == "silver@1" else "included")
    page = certificate(found, "html")
    assert '<span class="mark free">not billed</span>' in page
    assert '<span class="mark hourly">by the entry</span>' in page


def test_what_has_changed_since_the_commit_is_said() -> None:
    assert "- Commit: 0123456789abcdef\n" in certificate(facts(small()), "md")
    page = certificate(facts(small(), commit="0123456789abcdef+changes"), "md")
    assert "- Commit: 0123456789abcdef, with changes since\n" in page


def test_the_page_tells_how_to_make_it_again() -> None:
    page = certificate(facts(small()), "md")
    assert "the same commit: billing-dsl check --as-of 2027-01-15 --certificate FILE." in page
    changed = certificate(facts(small(), commit="0123+changes"), "md")
    assert "the same files: billing-dsl check" in changed
    assert "without a sub-issue make 27 kinds of work" in certificate(
        facts(small(), sub_issues=0), "md"
    )


@pytest.mark.parametrize("form", ["md", "html"])
def test_names_in_what_a_waiver_accepts_stand_in_quotation_marks(form: str) -> None:
    assert "“project”" in certificate(facts(small() + WAIVER), form)


def test_an_undecided_work_type_is_said_to_be_so() -> None:
    text = small().replace("  drones: none\n", "")
    found = facts(text)
    [gold] = [tier for tier in found.tiers if tier.key == "gold@1"]
    assert "undecided" in gold.ends


def test_a_waiver_is_listed_with_what_it_accepts() -> None:
    [waiver] = facts(small() + WAIVER).waivers
    assert (waiver.name, waiver.code, waiver.until) == (
        "initech-projects",
        "BD301",
        date(2027, 6, 30),
    )
    assert "`project`" in waiver.accepts[0]


def diagnostic(severity: Severity, assumption: str = "") -> Diagnostic:
    return Diagnostic(
        "BD999", "odd", severity, Span("a.yaml", 1, 1, 1, 2), "odd", assumption=assumption
    )


def test_an_open_error_takes_the_word_proved_away() -> None:
    clean = facts(small(), findings=(), complete=True)
    assert verdict(clean).startswith("Proved. For 3 clients, ")
    assert verdict(replace(clean, complete=False)).startswith("Proved in part. ")
    assert verdict(facts(small())).startswith("Not proved: ")
    assert 'class="verdict good"' in certificate(clean, "html")
    assert 'class="verdict open"' in certificate(replace(clean, complete=False), "html")


@pytest.mark.parametrize(("count", "words"), [(0, ""), (1, "one waiver accepts"), (2, "2 waivers")])
def test_waivers_are_counted(count: int, words: str) -> None:
    some = facts(small() + WAIVER, findings=(), complete=True)
    said = verdict(replace(some, waivers=some.waivers * count))
    assert words in said
    assert said.endswith("." if words else "settled.")


def test_clients_of_broken_documents_are_named_as_not_proved() -> None:
    text = small().replace("tier: silver\n", "tier: sliver\n")
    found = facts(text)
    assert found.left_out == ("globex",)
    assert not found.complete
    assert "read or resolved:** globex." in certificate(found, "md")


def test_what_findings_rest_on_is_listed_beside_what_the_proof_rests_on() -> None:
    result, _ = checked(small())
    declared = result.common.declared
    assert declared is not None
    found = facts_of(
        declared,
        (),
        (),
        0,
        True,
        [diagnostic(Severity.NOTE, "work-type-names"), diagnostic(Severity.NOTE)],
        (),
        AS_OF,
        "",
        "",
        "1.0",
    )
    slugs = [assumption.slug for assumption in found.assumptions]
    assert "work-type-names" in slugs
    assert "exports" not in slugs
    assert [known for known in assumptions() if known in slugs] == slugs
    assert [(known.code, known.count) for known in found.findings] == [("BD999", 2)]
    assert "none: outside a repository" in certificate(found, "md")


def test_many_clients_are_counted() -> None:
    found = facts(small())
    [globex] = [row for row in found.variations if row.clients == ("globex",)]
    many = replace(globex, clients=tuple(f"client-{n:04}" for n in range(1205)))
    page = certificate(replace(found, variations=(many,)), "md")
    assert "client-0004 and 1,200 more" in page


def test_without_differences_by_role_the_tables_tell_all() -> None:
    assert "No role and no sub-issue" in certificate(facts(small(), elsewhere=0), "md")


def test_a_page_loads_nothing() -> None:
    page = Page(certificate(facts(small() + WAIVER), "html"))
    assert not {"script", "a", "img", "link", "iframe", "object", "form", "base"} & set(page.seen)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_only_ever_text(name: str) -> None:
    found = facts(small() + WAIVER)
    odd = " ".join(name.split())
    row = replace(found.clients[0], title=odd)
    [waiver] = found.waivers
    turned = replace(
        found,
        provider=odd,
        clients=(row,),
        waivers=(replace(waiver, reason=odd, accepts=(odd,)),),
        work_types=(odd,) * len(found.work_types),
    )
    page = Page(certificate(turned, "html"))
    assert set(page.seen) == set(Page(certificate(found, "html")).seen)
    assert odd in page.said
    text = certificate(turned, "md")
    assert_markdown_is_plain(re.sub(r"^\d\. ", "- ", text, flags=re.MULTILINE))


def test_days_on_which_work_starts_nowhere_are_not_among_those_proved() -> None:
    text = small().replace("end: 2027-08-31", "end: 2030-08-31")
    [acme] = [row for row in facts(text).clients if row.client == "acme"]
    assert [str(life) for life in acme.days] == ["2027-01-01 to 2029-12-31"]
