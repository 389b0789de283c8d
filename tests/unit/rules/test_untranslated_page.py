"""BD560: what the pages that all clients share print in a promised language, and lack in it."""

from __future__ import annotations

import pytest

from tests.unit.rules.checking import found

SETTINGS = """
kind: settings
name: msp
title: The MSP
currency: EUR
timezone: Europe/Rome
languages: [en, it]
"""
WORK = """
kind: work_type
name: remote-support
title: Remote Support
titles: {it: Assistenza remota}
billing_class: core
description: Help at a distance.
descriptions: {it: Aiuto a distanza.}
"""
ROLE = """
kind: role
name: engineer
title: Engineer
rate: 85.00
"""
SEAT = """
kind: service
name: seat
title: Seat
period: monthly
price: 10.00
"""
TIER = """
kind: tier
name: silver
version: 1
effective: 2026-01-01
title: Silver
titles: {it: Argento}
summary: Much of it.
summaries: {it: Molto.}
contracts:
  - {name: recurring, type: recurring_service, services: [seat]}
  - {name: hourly, titles: {it: A ore}, type: time_and_materials}
  - {name: projects, titles: {it: Progetti}, type: time_and_materials}
scope: {remote-support: recurring}
"""
GOLD = """
kind: tier
name: silver
version: 2
effective: 2026-06-01
title: Silver
titles: {it: Argento}
extends: silver@1
"""
PRINTER = """
kind: sub_issue
name: printer
title: Paper Jam
issue: Printing
"""


def told(*documents: str) -> list[str]:
    return sorted(finding.message for finding in found("BD560", *documents))


def test_a_role_is_printed_beside_tiers_alone() -> None:
    assert told(SETTINGS, WORK, ROLE) == []
    assert told(SETTINGS, WORK, ROLE, SEAT.replace("title: Seat", "title: Seat\ntitles: {it: P}"),
                TIER) == ["role `engineer` has no title in Italian"]  # fmt: skip


def test_a_service_is_printed_where_a_tier_sells_it() -> None:
    role = ROLE + "titles: {it: Tecnico}\n"
    assert told(SETTINGS, WORK, role, SEAT) == []
    assert told(SETTINGS, WORK, role, SEAT, TIER) == ["service `seat` has no title in Italian"]


def test_causes_have_both_texts() -> None:
    assert told(SETTINGS, WORK, PRINTER) == [
        "sub-issue `printer` has no title and no issue in Italian"
    ]


@pytest.mark.parametrize(
    ("left_out", "lacking"),
    [
        ("titles: {it: Argento}\n", "tier `silver@1` has no title in Italian"),
        ("summaries: {it: Molto.}\n", "tier `silver@1` has no summary in Italian"),
        (
            " titles: {it: Progetti},",
            "tier `silver@1` has no title for contract `projects` in Italian",
        ),
    ],
)
def test_a_tier_has_its_texts(left_out: str, lacking: str) -> None:
    known = [SETTINGS, WORK, ROLE + "titles: {it: T}\n", SEAT + "titles: {it: P}\n"]
    assert told(*known, TIER) == []
    assert told(*known, TIER.replace(left_out, "")) == [lacking]


def test_a_summary_that_is_inherited_is_asked_of_the_tier_that_writes_it() -> None:
    known = [SETTINGS, WORK, ROLE + "titles: {it: T}\n", SEAT + "titles: {it: P}\n"]
    bare = TIER.replace("summaries: {it: Molto.}\n", "")
    assert told(*known, bare, GOLD) == ["tier `silver@1` has no summary in Italian"]
    own = bare.replace("titles: {it: Argento}\n", "")  # of a version that is over nothing is asked
    assert told(*known, own, GOLD) == ["tier `silver@1` has no summary in Italian"]


def test_what_a_client_is_told_of_is_not_told_twice() -> None:
    bare = WORK.replace("titles: {it: Assistenza remota}\n", "")
    client = "kind: client\nname: acme\nlegal_name: Acme\nlanguage: it\n"
    agreement = """
kind: agreement
name: acme-2027
client: acme
start: 2027-01-01
end: 2027-12-31
contracts: [{name: recurring, type: recurring_service}]
"""
    assert told(SETTINGS, bare, ROLE) == ["work type `remote-support` has no title in Italian"]
    assert told(SETTINGS, bare, ROLE, client, agreement) == []
    assert len(found("BD530", SETTINGS, bare, ROLE, client, agreement)) == 1


@pytest.mark.parametrize("languages", ["[en]", "[en, pt]", "[it]\nwritten_in: it"])
def test_only_promises_count(languages: str) -> None:
    bare = WORK.replace("titles: {it: Assistenza remota}\n", "")
    assert told(SETTINGS.replace("[en, it]", languages), bare) == []
    assert told(SETTINGS.replace("languages: [en, it]\n", ""), bare) == []
