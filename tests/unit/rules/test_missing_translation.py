"""Texts that a client's documents print, and that there are not in its language."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given

from billing_dsl.diagnostics import Diagnostic
from billing_dsl.languages import language
from billing_dsl.targets._scope import ScopeDocument
from tests.oracle.strategies import catalogues
from tests.test_properties import checked
from tests.unit.rules.checking import SEAT, agreement, exception, found, tier, work_type
from tests.unit.targets.test_scope_document import contents

Plain = dict[str, Any]


def settings(*fields: str) -> str:
    lines = "".join(f"{field}\n" for field in fields)
    return f"kind: settings\nname: msp\ntitle: The MSP\ncurrency: EUR\ntimezone: UTC\n{lines}"


def client(name: str, code: str = "") -> str:
    wanted = f"language: {code}\n" if code else ""
    return f"kind: client\nname: {name}\nlegal_name: {name.title()}\n{wanted}"


PROMISED = settings("languages: [en, it]")
REMOTE = work_type("remote-support", titles="{it: Remota}", descriptions="{it: Aiuto.}")
ENGINEER = "kind: role\nname: engineer\ntitle: Engineer\ntitles: {it: Tecnico}\nrate: 85.00\n"
SEATS = SEAT + "titles: {it: Postazione}\n"
SILVER = tier("silver@1", "remote-support: recurring", "titles: {it: Argento}")
CLEAN = (
    PROMISED,
    REMOTE,
    ENGINEER,
    SEATS,
    SILVER,
    client("acme", "it"),
    agreement("acme", "silver@1"),
)


def missing(*documents: str) -> list[Diagnostic]:
    return found("BD530", *documents)


def instead(old: str, new: str) -> list[Diagnostic]:
    """What is missing in the clean catalogue with one document exchanged."""
    assert old in CLEAN
    return missing(*(new if one == old else one for one in CLEAN))


def test_nothing_is_missing_where_everything_is_there() -> None:
    assert missing(*CLEAN) == []


@pytest.mark.parametrize(
    ("old", "new", "message", "cure"),
    [
        (
            REMOTE,
            work_type("remote-support", titles="{it: Remota}"),
            "work type `remote-support` has no description in Italian",
            "add `descriptions: {it: …}`",
        ),
        (
            REMOTE,
            work_type("remote-support", titles="{de: Fern}"),
            "work type `remote-support` has no title and no description in Italian",
            "add `it: …` under `titles` and `descriptions: {it: …}`",
        ),
        (
            ENGINEER,
            ENGINEER.replace("titles: {it: Tecnico}\n", ""),
            "role `engineer` has no title in Italian",
            "add `titles: {it: …}`",
        ),
        (SEATS, SEAT, "service `seat` has no title in Italian", "add `titles: {it: …}`"),
        (
            SILVER,
            tier("silver@1", "remote-support: recurring", "summary: Help."),
            "tier `silver@1` has no title and no summary in Italian",
            "add `titles: {it: …}` and `summaries: {it: …}`",
        ),
    ],
)
def test_a_text_that_is_missing(old: str, new: str, message: str, cure: str) -> None:
    if old == ENGINEER:  # somewhere its rate is printed
        new += "---\n" + agreement("globex", "hourly@1") + "---\n" + client("globex", "it")
        new += "---\n" + tier(
            "hourly@1",
            "remote-support: hourly",
            "contracts: [{name: hourly, type: time_and_materials}]",
            "titles: {it: A ore}",
        )
    [one] = instead(old, new)
    assert (one.message, one.help) == (message, cure)
    assert one.label == "printed as it stands in documents in Italian"
    assert [reach.client for reach in one.reached] == ["globex" if old == ENGINEER else "acme"]


def test_one_finding_for_a_declaration_and_language_however_many_clients() -> None:
    clients = [client(name, code) for name, code in (("a", "it"), ("b", "it"), ("c", "de"))]
    agreements = [agreement(name, "silver@1") for name in ("a", "b", "c")]
    documents = [
        settings("languages: [en, it, de]"),
        work_type("remote-support"),
        ENGINEER.replace("it: Tecnico", "it: Tecnico, de: Technik"),
        SEATS.replace("it: Postazione", "it: Postazione, de: Platz"),
        SILVER.replace("it: Argento", "it: Argento, de: Silber"),
    ]
    german, italian = missing(*documents, *clients, *agreements)
    assert german.message.endswith("in German")
    assert [reach.client for reach in german.reached] == ["c"]
    assert italian.message.endswith("in Italian")
    assert [reach.client for reach in italian.reached] == ["a", "b"]


@pytest.mark.parametrize(
    "fields",
    [
        (),
        ("languages: [en]",),
        ("languages: [it, en]",),
        ("languages: [en, it]", "written_in: it"),
        ("languages: [en, de]",),
    ],
)
def test_only_a_language_that_is_promised_and_not_that_of_the_catalogue(
    fields: tuple[str, ...],
) -> None:
    bare = (work_type("remote-support"), tier("silver@1", "remote-support: recurring"), SEAT)
    documents = (*bare, client("acme", "it"), agreement("acme", "silver@1"))
    assert missing(settings(*fields), *documents) == []
    assert missing(PROMISED, *documents) != []
    assert missing(settings("languages: [it, en]", "written_in: en"), *documents) != []


def test_whoever_names_no_language_reads_the_first_that_is_promised() -> None:
    documents = (work_type("remote-support"), SILVER, SEATS, agreement("acme", "silver@1"))
    assert missing(PROMISED, *documents, client("acme")) == []
    [one] = missing(settings("languages: [it]", "written_in: en"), *documents, client("acme"))
    assert one.subject == "work_type/remote-support"


def test_what_no_document_prints_need_not_be_there() -> None:
    more = [
        work_type("later", **{"from": "2028-06-01"}),
        tier("gold@1", "remote-support: recurring, later: recurring"),
        SEAT.replace("seat", "other"),
        "kind: sub_issue\nname: printer\ntitle: Printer\nissue: Devices\n",
        "kind: role\nname: architect\ntitle: Architect\nrate: 120.00\n",
    ]
    silver = SILVER.replace(
        "remote-support: recurring", "remote-support: recurring, later: recurring"
    )
    documents = [silver if one == SILVER else one for one in CLEAN]
    assert missing(*documents, *more) == []


def test_a_service_that_is_never_had_need_not_be_there() -> None:
    never = agreement("acme", "silver@1", "services: {seat: 12, backup: 0}")
    backup = SEAT.replace("seat", "backup")
    assert missing(*CLEAN[:-1], never, backup) == []
    [one] = missing(*CLEAN[:-1], never.replace("backup: 0", "backup: 1"), backup)
    assert one.subject == "service/backup"


def test_sub_issues_and_roles_that_a_contract_or_an_exception_names() -> None:
    printer = "kind: sub_issue\nname: printer\ntitle: Printer\nissue: Devices\n"
    [one] = instead(SILVER, f"{SILVER}sub_issues: {{printer: hourly}}\n---\n{printer}")
    assert one.message == "sub-issue `printer` has no title and no issue in Italian"
    architect = "kind: role\nname: architect\ntitle: Architect\nrate: 120.00\n"
    rows = exception("role: architect", "hourly")
    own = agreement("acme", "silver@1", f"exceptions:\n{rows}")
    [one] = missing(*CLEAN[:-1], own, architect)
    assert one.message == "role `architect` has no title in Italian"


def test_an_inherited_summary_is_missing_where_it_is_written() -> None:
    base = SILVER + "summary: Help.\n"
    heir = "kind: tier\nname: silver\nversion: 2\neffective: 2027-02-01\ntitle: Silver\n"
    heir += "titles: {it: Argento}\nextends: silver@1\nscope: {remote-support: recurring}\n"
    on_heir = agreement("acme", "silver@2", start="2027-02-01")
    documents = [one for one in CLEAN if one not in (SILVER, CLEAN[-1])]
    [one] = missing(*documents, base, heir, on_heir)
    assert one.message == "tier `silver@1` has no summary in Italian"
    assert missing(*documents, base, f"{heir}summaries: {{it: Aiuto.}}\n", on_heir) == []


def test_contracts_that_documents_tell_apart() -> None:
    two = (
        "contracts: [{name: one, type: time_and_materials}, {name: two, type: time_and_materials}]"
    )
    [one] = instead(SILVER, tier("silver@1", "remote-support: one", two, "titles: {it: Argento}"))
    assert one.message == (
        "tier `silver@1` has no title for contract `one` and no title for contract `two` in Italian"
    )
    assert one.help.startswith("add `titles: {it: …}` to the contract and")
    own = agreement("acme", "x").replace("tier: x\nservices: {seat: 12}\n", f"{two}\n")
    [one] = instead(CLEAN[-1], own)
    assert one.subject == "agreement/acme-2027"
    assert one.route == "contracts.0.name"


def test_it_can_be_accepted_for_a_client_or_a_declaration() -> None:
    waiver = (
        "kind: waiver\nname: later\ncode: BD530\nsubject: {}\nreason: the translator is away\n"
        "owner: desk\n"
    )
    remote = work_type("remote-support", titles="{it: Remota}")
    for subject in ("client/acme", "work_type/remote-support"):
        assert instead(REMOTE, f"{remote}---\n{waiver.format(subject)}") == []


# --- what is printed is known --------------------------------------------------------------------


def said(document: ScopeDocument) -> str:
    """All that a document says, as one text."""
    return repr(document)


@given(catalogues())
def test_whatever_stays_in_the_language_of_the_catalogue_is_told(documents: list[Plain]) -> None:
    for document in documents:
        if document["kind"] == "settings":
            document["languages"] = ["en", "it"]
        elif document["kind"] == "client":
            document["language"] = "it"
        elif document["kind"] not in ("agreement", "scenario", "waiver"):
            key = f"{document['kind']}/{document['name']}"
            if document["kind"] == "tier":
                key = f"{key}@{document['version']}"
            for field in ("title", "description", "summary", "issue"):
                if field in document:
                    document[field] = f"<{key} {field}>"
    result = checked(documents)
    told = {
        (finding.subject, what)
        for code, finding in result.found
        if code == "BD530"
        for what in re.findall(r"no (title|description|summary|issue)\b", finding.message)
    }
    # Where two agreements hold the default contract at once, no document is made: the second would
    # tell of hours that no work is ever counted by.
    overlapping = {finding.subject for code, finding in result.found if code == "BD403"}
    made = contents(result)
    for view in result.clients:
        if not overlapping.isdisjoint(one.subject for one in view.agreements):
            continue
        for one in view.agreements:
            text = said(made.of(view, one, language("it")))
            printed = re.findall(r"<(\S+) (title|description|summary|issue)>", text)
            assert set(printed) <= told
