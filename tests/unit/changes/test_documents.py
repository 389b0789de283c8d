"""Which documents were changed, and that what is called idle never bears on billing."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from billing_dsl.analysis.offers import currencies
from billing_dsl.changes.differences import Differences, differences
from billing_dsl.changes.documents import (
    IDLE,
    DocumentChange,
    How,
    Reach,
    Reaching,
    Written,
    changed,
)
from billing_dsl.changes.effects import Effect
from billing_dsl.changes.offers import offer_changes
from billing_dsl.kinds import kinds
from billing_dsl.kinds._contract import ContractType
from billing_dsl.model.calendar import ONE_DAY, months_after
from billing_dsl.model.declaration import head
from billing_dsl.pipeline import read_file
from billing_dsl.source.document import Document
from tests.oracle.editing import edited
from tests.oracle.strategies import CURRENCIES, FIRST, Choices, catalogues
from tests.test_properties import checked
from tests.unit.changes.test_cover import compared, comparison
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
    "review_threshold": 50,
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


# --- how documents reach clients -----------------------------------------------------------------


def reached(before: Sequence[Plain], after: Sequence[Plain]) -> Differences:
    """What differs, with the changed documents by which each client is reached."""
    reaching = Reaching(changed(written(before), written(after)))
    return differences(compared(before, after).values(), reaching.of)


def every_one_is_reached(before: Sequence[Plain], after: Sequence[Plain]) -> None:
    for difference in reached(before, after).all:
        for one_ in difference.reached:
            assert one_.reach.own or one_.reach.others, (difference, one_.client)


@given(catalogues(), st.integers(0, 2**32))
def test_whatever_differs_after_an_edit_is_reached_through_a_changed_document(
    documents: list[Plain], seed: int
) -> None:
    every_one_is_reached(documents, edited(documents, Choices.seeded(seed)))


@given(catalogues(), catalogues())
def test_whatever_differs_at_all_is_reached_through_a_changed_document(
    before: list[Plain], after: list[Plain]
) -> None:
    every_one_is_reached(before, after)


def through(before: Sequence[Plain], after: Sequence[Plain]) -> dict[str, Reach]:
    """How each client is reached by the one difference there is."""
    [difference] = reached(before, after).all
    return {one_.client: one_.reach for one_ in difference.reached}


def test_roles_work_types_and_sub_issues_reach_the_work_that_is_theirs() -> None:
    before = small()
    after = copy.deepcopy(before)
    for document in after:
        if (document["kind"], document["name"]) == ("role", "engineer"):
            document["rate"] = 90
        if (document["kind"], document["name"]) == ("role", "architect"):
            document["block_factor"] = 2  # whose work draws on no block
        if (document["kind"], document["name"]) == ("work_type", "remote-support"):
            document["maximum_hours"] = 8
    found = {
        (difference.effect, one_.client): one_.reach
        for difference in reached(before, after).work
        for one_ in difference.reached
    }
    assert found == {
        (Effect.LOSES, "acme"): Reach((), ("role/engineer", "work_type/remote-support")),
        (Effect.RATE_UP, "acme"): Reach((), ("role/engineer",)),
        (Effect.RATE_UP, "globex"): Reach((), ("role/engineer",)),
        (Effect.RATE_DOWN, "acme"): Reach((), ("role/architect", "work_type/remote-support")),
        # Its remote support is included, unless a ticket assigns it to the hourly contract.
        (Effect.LOSES, "globex"): Reach((), ("role/engineer", "work_type/remote-support")),
        (Effect.RATE_DOWN, "globex"): Reach((), ("role/architect", "work_type/remote-support")),
    }


@pytest.mark.parametrize("linked", [False, True])
def test_of_its_family_a_client_rests_on_what_it_links_to(linked: bool) -> None:
    before = small()
    by_name = {(document["kind"], document["name"]): document for document in before}
    by_name["client", "globex"]["parent"] = "acme"
    if linked:
        [managed, _] = by_name["agreement", "globex-2027"]["contracts"]
        managed["falls_to"] = "acme-2027/hourly"
    after = copy.deepcopy(before)
    by_name = {(document["kind"], document["name"]): document for document in after}
    by_name["role", "engineer"]["rate"] = 90
    by_name["agreement", "acme-2027"]["services"] = {"seat": 46}
    by_name["tier", "silver"]["scope"]["onsite-support"] = "hourly"
    [globex] = {
        one_.reach
        for difference in reached(before, after).work
        for one_ in difference.reached
        if one_.client == "globex"
    }
    family = ("agreement/acme-2027",) if linked else ()
    assert globex == Reach((), (*family, "role/engineer", *(("tier/silver@1",) if linked else ())))


def test_sets_services_and_parts_of_bundles_reach_whoever_has_them() -> None:
    classic: Plain = {
        "format": 1,
        "kind": "exclusion_set",
        "name": "classic",
        "title": "Classic",
        "work_types": ["project-work"],
    }
    before = [*small(), BUNDLE, classic]
    for document in before:
        if document["name"] == "globex-2027":
            document["contracts"][0]["excludes"] = {"set": "classic"}
            document["services"] = {"all": 3}
    after = copy.deepcopy(before)
    for document in after:
        if document["name"] == "classic":
            document["work_types"] = ["project-work", "onsite-support"]
    assert through(before, after) == {"globex": Reach((), ("exclusion_set/classic",))}
    after = copy.deepcopy(before)
    for document in after:
        if document["name"] == "seat":
            document["price"] = 49
    found = reached(before, after)
    assert {
        (difference.service, one_.client, one_.reach)
        for difference in found.services
        for one_ in difference.reached
    } == {
        ("seat", "acme", Reach((), ("service/seat",))),
        ("all", "globex", Reach((), ("service/seat",))),
    }


# --- the next client of a tier -------------------------------------------------------------------


@given(catalogues(), st.integers(0, 2**32))
def test_the_next_client_of_a_tier_is_offered_what_one_gets_who_signs_it(
    documents: list[Plain], seed: int
) -> None:
    """Somebody signs a tier, as it was and as it is: the same differs for it."""
    choices = Choices.seeded(seed)
    tiers = [one_ for one_ in documents if one_["kind"] == "tier"]
    assume(bool(tiers))
    tier = choices.pick(tiers)
    after = edited(documents, choices)
    comparison_ = comparison(checked(documents), checked(after))
    key = f"{tier['name']}@{tier['version']}"
    offers = [one_ for one_ in offer_changes(comparison_, {key}) if one_.tier == key]
    assume(bool(offers))
    assert {one_.instead_of for one_ in offers} == {key}
    contracts = comparison_.after.shared.tiers[key].contracts
    then = comparison_.before.shared.tiers[key].contracts
    assume(contracts.keys() == then.keys())
    start = max(FIRST, date.fromisoformat(tier["effective"]))
    terms = {
        "tier": key,
        "start": start.isoformat(),
        "term": "12 months",
        "services": dict.fromkeys(
            (name for terms in contracts.values() for name in terms.services), 1
        ),
        "blocks": [
            {
                "contract": name,
                "hours": 1,
                "rate": dict.fromkeys(CURRENCIES, 70),
                "start": start.isoformat(),
                "end": (months_after(start, 12) - ONE_DAY).isoformat(),
            }
            for name, terms in contracts.items()
            if terms.type is ContractType.BLOCK_HOURS
        ],
    }
    # One client pays in the currency of the house, and one in each other that is offered.
    houses = {one_.shared.settings.currency for one_ in (comparison_.before, comparison_.after)}
    both = set(currencies(comparison_.before)) & set(currencies(comparison_.after))
    walk_ins: dict[str, Plain] = {"walk-in": {}}
    walk_ins |= {f"walk-in-{one_.lower()}": {"currency": one_} for one_ in sorted(both - houses)}
    assert len(offers) == len(walk_ins)
    joining: list[Plain] = []
    for name, paying in walk_ins.items():
        client = {"format": 1, "kind": "client", "name": name, "legal_name": name, **paying}
        agreement = {"format": 1, "kind": "agreement", "name": f"{name}-1", "client": name, **terms}
        joining += [client, agreement]
    found = compared([*documents, *joining], [*after, *joining])
    signed = [found[name] for name in walk_ins]
    assert told(differences(signed)) == told(differences([one_.changes for one_ in offers]))


def told(found: Differences) -> list[Any]:
    return [
        *((one_.cells, one_.before, one_.after, one_.effect) for one_ in found.work),
        *((one_.service, one_.effect) for one_ in found.services),
        *((one_.what, one_.contract, one_.effect) for one_ in found.purchases),
        *(one_.effect for one_ in found.terms),
    ]
