"""Which documents were changed, and that what is called idle never bears on billing."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from billing_dsl.changes.documents import IDLE, DocumentChange, How, Written, changed
from billing_dsl.kinds import kinds
from billing_dsl.model.declaration import head
from billing_dsl.source.document import Document
from tests.unit.changes.test_cover import compared
from tests.unit.cli.running import SMALL, text_of

ROOT = Path(__file__).parents[3]
Plain = dict[str, Any]


def written(documents: Sequence[Plain], texts: Sequence[str] | None = None) -> list[Written]:
    """Documents, one to a file."""
    found = []
    for number, value in enumerate(documents):
        document = Document(f"{value['kind']}-{value['name']}.yaml", 0, value)
        text = texts[number] if texts else json.dumps(value, sort_keys=True, default=str)
        found.append(Written(head(document), value, text))
    return found


def one(before: Plain | None, after: Plain | None) -> DocumentChange:
    [found] = changed(written([before] if before else []), written([after] if after else []))
    return found


ROLE: Plain = {"format": 1, "kind": "role", "name": "engineer", "title": "Engineer", "rate": 85}
TIER: Plain = {
    "format": 1,
    "kind": "tier",
    "name": "silver",
    "version": 1,
    "effective": "2026-01-01",
    "title": "Silver",
    "contracts": [{"name": "all", "type": "time_and_materials"}],
}
AGREEMENT: Plain = {
    "format": 1,
    "kind": "agreement",
    "name": "acme-1",
    "client": "acme",
    "start": "2026-01-01",
    "term": "12 months",
    "tier": "silver@1",
}
CLIENT: Plain = {"format": 1, "kind": "client", "name": "acme", "legal_name": "Acme"}


def test_what_is_done_to_a_document() -> None:
    assert one(ROLE, None).how is How.REMOVED
    assert one(None, ROLE).how is How.ADDED
    dearer = one(ROLE, {**ROLE, "rate": 90, "title": "Expert"})
    assert (dearer.how, dearer.fields) == (How.CHANGED, ("title", "rate"))
    reworded = one(ROLE, {**ROLE, "notes": "Well.", "review_by": "2027-01-01"})
    assert (reworded.how, reworded.fields) == (How.REWORDED, ("notes", "review_by"))
    assert not reworded.bears
    assert changed(written([ROLE]), written([copy.deepcopy(ROLE)])) == ()


def test_a_document_that_says_the_same_otherwise_is_rewritten() -> None:
    before = written([ROLE], ["kind: role # old\n"])
    after = written([dict(reversed(ROLE.items()))], ["kind: role # new\n"])
    [found] = changed(before, after)
    assert (found.how, found.fields, found.bears) == (How.REWRITTEN, (), False)


def test_a_version_bears_on_tiers_alone() -> None:
    assert one(ROLE, {**ROLE, "version": 2}).how is How.REWORDED
    versions = changed(written([TIER]), written([{**TIER, "version": 2}]))
    assert [found.how for found in versions] == [How.REMOVED, How.ADDED]


@pytest.mark.parametrize(
    ("before", "changes"),
    [
        (ROLE, {"name": "expert"}),
        (TIER, {"name": "argent"}),
        (AGREEMENT, {"name": "acme-one"}),
        (CLIENT, {"name": "acme-italy"}),
        ({"format": 1, "kind": "settings", "name": "a", "title": "A"}, {"name": "b"}),
        ({"format": 1, "kind": "exclusion_set", "name": "a", "title": "A"}, {"name": "b"}),
        (
            {"format": 1, "kind": "waiver", "name": "a", "code": "BD1", "subject": "role/x"},
            {"name": "b"},
        ),
        (
            {
                "format": 1,
                "kind": "scenario",
                "name": "a",
                "given": {"client": "acme"},
                "when": {"work_type": "x"},
                "then": {},
            },
            {"name": "b"},
        ),
    ],
)
def test_a_rename_is_no_removal_and_no_addition(before: Plain, changes: Plain) -> None:
    found = one(before, {**before, **changes})
    assert (found.how, found.renamed) == (How.RENAMED, True)
    assert found.before.startswith(before["name"])
    assert found.after.startswith(changes["name"])


def test_a_client_and_its_agreement_are_renamed_together() -> None:
    before = written([CLIENT, AGREEMENT])
    after = written(
        [{**CLIENT, "name": "acme-eu"}, {**AGREEMENT, "name": "acme-eu-1", "client": "acme-eu"}]
    )
    agreement, client = changed(before, after)
    assert (agreement.kind, agreement.before, agreement.after) == (
        *("agreement", "acme-1", "acme-eu-1"),
    )
    assert (client.how, client.subject) == (How.RENAMED, "client/acme-eu")


def test_two_that_are_alike_are_not_told_apart() -> None:
    before = written([ROLE, {**ROLE, "name": "expert"}])
    after = written([{**ROLE, "name": "one"}, {**ROLE, "name": "two"}])
    hows = [found.how for found in changed(before, after)]
    assert sorted(hows) == [How.ADDED, How.ADDED, How.REMOVED, How.REMOVED]


def test_a_renamed_document_that_says_something_else_is_changed() -> None:
    found = one(ROLE, {**ROLE, "name": "expert", "rate": 90})
    assert (found.how, found.renamed, found.bears) == (How.CHANGED, True, True)


# --- idle fields ---------------------------------------------------------------------------------


def schema(kind: str) -> Plain:
    text = (ROOT / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8")
    found: Plain = json.loads(text)["properties"]
    return found


def test_idle_fields_are_fields() -> None:
    assert IDLE.keys() <= kinds().keys()
    for kind, fields in IDLE.items():
        assert fields <= schema(kind).keys(), kind


VALUES: dict[str, Any] = {
    **dict.fromkeys(("number", "summary", "description", "external_number", "ledger"), "other"),
    **dict.fromkeys(("legal_name", "phone", "tax_region", "tax_id", "billing_code"), "other"),
    **dict.fromkeys(("invoice_description", "issue", "logo"), "other"),
    **dict.fromkeys(("owner", "tax_category"), "accounts@northwind.example"),
    **{key: {"it": "altro"} for key in ("titles", "summaries", "descriptions", "issues")},
    **dict.fromkeys(("language", "written_in"), "it"),
    **dict.fromkeys(("review_by",), "2029-01-01"),
    **dict.fromkeys(("cost", "price"), 7),
    "signed": {"date": "2026-12-01", "reference": "S-1"},
    "autotask": {"name": "Expert", "organization": "Other", "number": "C-1"},
    "rank": 9,
    "billing_class": "core",
    "timezone": "Europe/Berlin",
    "renewal_notice": "60 days",
    "work_type_budget": 99,
    "lanes": {"companies": "api"},
    "languages": ["it"],
    "colours": {"primary": "#000000"},
    "contact": {"email": "accounts@northwind.example"},
    "address": {"city": "Milano"},
    "country": "IT",
    "accounting": {"sales": "1"},
    "notice_to": ["accounts@northwind.example"],
    "udf": {"Field": "value"},
}
"""Another value for each idle field."""


def small() -> list[Plain]:
    from billing_dsl.pipeline import read_file

    return [
        document.value
        for path, content in SMALL.items()
        for document in read_file(path, text_of(content).encode()).documents
    ]


BUNDLE: Plain = {
    "format": 1,
    "kind": "service_bundle",
    "name": "all",
    "title": "All",
    "period": "monthly",
    "services": ["seat"],
}


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind in IDLE for field in sorted(IDLE[kind])]
)
def test_an_idle_field_changes_nothing_for_any_client(kind: str, field: str) -> None:
    before = [*small(), BUNDLE]
    after = copy.deepcopy(before)
    meant = [document for document in after if document["kind"] == kind]
    assert meant
    for document in meant:
        document[field] = VALUES[field]
    assert not any(compared(before, after).values())
    assert {one.how for one in changed(written(before), written(after))} == {How.REWORDED}
