"""Rules about where work falls: what their examples do not show."""

from __future__ import annotations

from tests.unit.rules.checking import (
    ENGINEER,
    SEAT,
    agreement,
    diagnostics,
    exception,
    found,
    tier,
)

REMOTE = """kind: work_type
name: remote-support
title: Remote Support
billing_class: core
description: Help.
"""

YEAR = "start: 2027-01-01\nend: 2027-12-31\n"


def bespoke(name: str, client: str, contracts: str, dates: str = YEAR, more: str = "") -> str:
    """A bespoke agreement; `contracts` is YAML of its list, indented by two."""
    return f"kind: agreement\nname: {name}\nclient: {client}\n{dates}{more}contracts:\n{contracts}"


def contract(
    name: str, falls_to: str = "", *excluded: str, kind: str = "time_and_materials"
) -> str:
    link = f", falls_to: {falls_to}" if falls_to else ""
    return (
        f"  - {{name: {name}, type: {kind}{link}, "
        f"excludes: {{work_types: [{', '.join(excluded)}]}}}}\n"
    )


def test_a_ring_of_three_is_told_once_from_its_first_contract() -> None:
    ring = (
        contract("mid", "late", "onsite-support")
        + contract("late", "early", "onsite-support")
        + contract("early", "mid", "onsite-support")
    )
    (one,) = found("BD302", bespoke("acme-2027", "acme", ring), ENGINEER)
    assert one.message == (
        "contracts fall to each other in a ring: `early` → `mid` → `late` → `early`"
    )
    assert [note.message for note in one.related] == [
        "`mid` falls to `late`",
        "`late` falls to `early`",
    ]
    assert one.assumption == "loops"


def test_a_contract_that_falls_to_itself() -> None:
    (one,) = found("BD302", bespoke("a", "acme", contract("own", "own", "onsite-support")))
    assert "`own` → `own`" in one.message


def test_a_ring_across_clients_reaches_both() -> None:
    (one,) = found(
        "BD302",
        bespoke("a", "acme", contract("one", "g/two", "onsite-support")),
        bespoke("g", "globex", contract("two", "a/one", "onsite-support")),
    )
    assert "`a/one` → `g/two` → `a/one`" in one.message
    assert [note.message for note in one.related] == ["`g/two` falls to `a/one`"]
    assert [(reach.client, reach.agreement) for reach in one.reached] == [
        ("acme", "a"),
        ("globex", "g"),
    ]


def test_a_ring_on_some_days_says_which() -> None:
    (one,) = found(
        "BD302",
        bespoke("a", "acme", contract("one", "b/two", "onsite-support")),
        bespoke(
            "b",
            "acme",
            contract("two", "a/one", "onsite-support"),
            "start: 2027-03-01\nend: 2027-08-31\n",
            "default: false\n",
        ),
        ENGINEER,
    )
    assert one.label.endswith("goes round from 2027-03-01 to 2027-08-31")


def test_a_ring_that_work_goes_round_only_later_says_from_when() -> None:
    training = REMOTE.replace("remote-support", "training").replace("Remote", "Training")
    contracts = contract("one", "two", "onsite-support", "training") + contract(
        "two", "one", "training"
    )
    told = diagnostics(
        bespoke("a", "acme", contracts), ENGINEER, REMOTE, f"{training}from: 2027-07-01\n"
    )
    (one,) = [one for one in told if one.code in ("BD302", "BD313")]
    assert one.code == "BD302"
    assert one.label == "`training` goes round from 2027-07-01 to 2027-12-31"


def test_a_ring_that_work_goes_round_twice_says_both() -> None:
    ring = tier(
        "ring@1",
        "onsite-support: one, remote-support: two",
        "contracts:\n"
        "  - {name: one, type: time_and_materials}\n"
        "  - {name: two, type: time_and_materials, falls_to: one}\n",
    )
    nowhere = "".join(
        exception("work_type: onsite-support", "none", start=f"2027-{m}-01", until=f"2027-{m}-30")
        for m in ("04", "09")
    )
    documents = (ring, agreement("acme", "ring@1", f"exceptions:\n{nowhere}"), SEAT, ENGINEER)
    (one,) = found("BD302", *documents, REMOTE)
    assert one.label == (
        "`onsite-support` goes round from 2027-04-01 to 2027-04-30 and "
        "from 2027-09-01 to 2027-09-30"
    )
    assert found("BD313", *documents, REMOTE) == []


def test_a_ring_that_only_another_start_enters_is_an_error_too() -> None:
    contracts = (
        "  - {name: first, type: time_and_materials}\n"
        + contract("one", "two", "onsite-support")
        + contract("two", "one", "onsite-support")
    )
    assert len(found("BD302", bespoke("a", "acme", contracts))) == 1


def test_a_parents_contract_is_foreign_until_it_is_accepted() -> None:
    parent = "kind: client\nname: acme\nlegal_name: Acme S.r.l.\nparent: globex\n"
    ours = bespoke("a", "acme", contract("one", "g/two", "onsite-support"))
    theirs = bespoke("g", "globex", "  - {name: two, type: time_and_materials}\n")
    (one,) = found("BD304", parent, ours, theirs, ENGINEER)
    assert one.message == "`one` falls to `g/two`, a contract of its parent `globex`"
    waiver = (
        "kind: waiver\nname: parent\ncode: BD304\nsubject: agreement/a\n"
        "reason: the parent pays\nowner: owner@msp.example\n"
    )
    assert diagnostics(parent, ours, theirs, ENGINEER, waiver) == ()


def test_a_link_to_what_has_not_begun() -> None:
    later = bespoke(
        "b",
        "acme",
        "  - {name: late, type: time_and_materials}\n",
        "start: 2027-04-01\nend: 2027-12-31\n",
        "default: false\n",
    )
    (one,) = found(
        "BD303", bespoke("a", "acme", contract("one", "b/late", "onsite-support")), later
    )
    assert one.message == (
        "`one` falls to `b/late`, which is not in force from 2027-01-01 to 2027-03-31"
    )
    assert [note.message for note in one.related] == [
        "`b/late` is in force from 2027-04-01 to 2027-12-31"
    ]


def test_several_contracts_together_keep_work_from_one() -> None:
    contracts = (
        contract("desk", "visits", "onsite-support")
        + contract("visits", "last", "remote-support")
        + "  - {name: last, type: time_and_materials}\n"
    )
    (one,) = found("BD307", bespoke("a", "acme", contracts), ENGINEER)
    assert one.message == "no work ever comes to contract `last`"
    assert one.label == "`desk` and `visits` together take whatever would fall here"
    assert [note.message for note in one.related] == [
        "`desk` comes before it",
        "`visits` comes before it",
    ]


def test_a_contract_that_alone_takes_everything_is_named_alone() -> None:
    passes_on = contract("desk", "visits", "onsite-support")
    takes_all = "  - {name: visits, type: time_and_materials, falls_to: last}\n"
    last = "  - {name: last, type: time_and_materials}\n"
    (one,) = found("BD307", bespoke("a", "acme", passes_on + takes_all + last), ENGINEER, REMOTE)
    assert one.label == "`visits` takes whatever would fall here"


def test_of_three_contracts_only_those_that_are_needed_are_named() -> None:
    contracts = (
        contract("desk", "visits", "onsite-support", "out-of-hours-support")
        + contract("visits", "nights", "onsite-support", "out-of-hours-support")
        + contract("nights", "last", "remote-support")
        + "  - {name: last, type: time_and_materials}\n"
    )
    (one,) = found("BD307", bespoke("a", "acme", contracts), ENGINEER, REMOTE)[-1:]
    assert one.message == "no work ever comes to contract `last`"
    assert one.label == "`visits` and `nights` together take whatever would fall here"


def test_a_contract_that_passes_everything_on_takes_nothing() -> None:
    contracts = (
        contract("desk", "visits", "onsite-support")
        + contract("visits", "last", "onsite-support")
        + "  - {name: last, type: time_and_materials}\n"
    )
    (one,) = found("BD307", bespoke("a", "acme", contracts), ENGINEER, REMOTE)
    assert one.message == "no work ever ends on contract `visits`"
    assert one.label == "it excludes whatever comes to it"
    assert one.related == ()


def test_a_contract_behind_an_idle_one() -> None:
    contracts = (
        "  - {name: desk, type: time_and_materials}\n"
        + contract("visits", "last", "onsite-support")
        + "  - {name: last, type: time_and_materials}\n"
    )
    first, second = found("BD307", bespoke("a", "acme", contracts), ENGINEER, REMOTE)
    assert first.label == "no contract falls to it"
    assert second.label == "no work comes to `visits`, and nothing else falls here"


def test_days_without_any_work_type_make_nobody_idle() -> None:
    later = f"{REMOTE}from: 2028-01-01\n"
    contracts = (
        "  - {name: desk, type: time_and_materials}\n  - {name: rest, type: time_and_materials}\n"
    )
    assert found("BD307", bespoke("a", "acme", contracts), ENGINEER, later) == []


def test_a_contract_to_which_nothing_falls() -> None:
    contracts = (
        "  - {name: one, type: time_and_materials}\n  - {name: two, type: time_and_materials}\n"
    )
    remote = "kind: work_type\nname: remote-support\ntitle: Remote\nbilling_class: core\n"
    (one,) = found("BD307", bespoke("a", "acme", contracts), f"{remote}description: Help.\n")
    assert one.label == "no contract falls to it"


def test_a_project_agreement_is_a_start_on_purpose() -> None:
    managed = bespoke("a", "acme", "  - {name: one, type: time_and_materials}\n")
    project = bespoke(
        "p",
        "acme",
        contract("project", "extra", "onsite-support")
        + "  - {name: extra, type: time_and_materials}\n",
        YEAR,
        "default: false\n",
    )
    assert diagnostics(managed, project, ENGINEER) == ()


def test_a_tiers_gap_reaches_the_clients_without_a_block() -> None:
    contracts = """contracts:
  - {name: recurring, type: recurring_service, services: [seat]}
  - {name: block, type: block_hours}"""
    silver = tier("silver@1", "remote-support: recurring, onsite-support: block", contracts)
    agreements = [
        f"kind: agreement\nname: {client}-2027\nclient: {client}\ntier: silver@1\n{YEAR}"
        "services: {seat: 5}\n"
        for client in ("acme", "globex")
    ]
    (one,) = found("BD301", silver, *agreements, SEAT, ENGINEER)
    assert one.route == "scope.onsite-support"
    assert [reach.client for reach in one.reached] == ["acme", "globex"]
    assert one.subject == "tier/silver@1"


def test_what_is_meant_to_go_nowhere_is_no_gap() -> None:
    meant = bespoke("a", "acme", contract("one", "none", "onsite-support"))
    assert found("BD301", meant, ENGINEER) == []
    nowhere = tier(
        "silver@1",
        "remote-support: one, onsite-support: none",
        "contracts: [{name: one, type: time_and_materials}]",
    )
    agreement = f"kind: agreement\nname: a\nclient: acme\ntier: silver@1\n{YEAR}"
    assert diagnostics(nowhere, agreement, ENGINEER) == ()


def test_standard_rate_accepts_every_gap() -> None:
    settings = (
        "kind: settings\nname: msp\ntitle: MSP\ncurrency: EUR\ntimezone: Europe/Rome\n"
        "uncovered: standard_rate\n"
    )
    gap = bespoke("a", "acme", contract("one", "", "onsite-support"))
    other = bespoke("b", "acme", contract("two", "", "remote-support"), YEAR, "default: false\n")
    assert found("BD301", settings, gap, ENGINEER) == []
    assert found("BD309", settings, gap, other, ENGINEER) == []


def test_a_role_alone_can_be_lost() -> None:
    lost = "  - {name: one, type: time_and_materials, excludes: {roles: [architect]}}\n"
    (one,) = found(
        "BD301",
        bespoke("a", "acme", lost),
        ENGINEER,
        REMOTE,
    )
    assert one.message == "role `architect` is excluded and falls to no contract"


def test_a_scenario_on_a_day_without_agreement() -> None:
    scenario = (
        "kind: scenario\nname: early\ngiven: {client: acme, role: engineer, on: 2026-01-01}\n"
        "when: {work_type: onsite-support}\nthen: {contract: one}\n"
    )
    agreement = bespoke("a", "acme", "  - {name: one, type: time_and_materials}\n")
    (one,) = found("BD350", scenario, agreement)
    assert one.message == (
        "scenario `early` has no answer: client `acme` has no default contract on 2026-01-01"
    )


def test_each_word_of_a_scenario_is_held_against_the_answer() -> None:
    scenario = (
        "kind: scenario\nname: words\ngiven: {client: acme, role: engineer, on: 2027-03-01}\n"
        "when: {work_type: onsite-support}\n"
        "then: {contract: none, agreement: b, billing: absorbed, rate: null, currency: CHF, "
        "outcome: uncovered}\n"
    )
    agreement = bespoke("a", "acme", "  - {name: one, type: time_and_materials}\n")
    (one,) = found("BD350", scenario, agreement)
    assert one.route == "then.contract"
    assert one.label == (
        "it is `one`; agreement is `a`, not `b`; billing is `hourly`, not `absorbed`; "
        "rate is `85.00`, not `null`; currency is `EUR`, not `CHF`; "
        "outcome is `covered`, not `uncovered`"
    )


CLASSIC = """kind: exclusion_set
name: classic
title: Classic
work_types: [onsite-support, out-of-hours-support]
roles: [architect]
"""


def test_a_contract_that_falls_to_none_is_told_once_however_much_it_excludes() -> None:
    lines = (
        "  - name: managed\n    type: time_and_materials\n    excludes:\n      work_types:\n"
        "        - onsite-support\n        - out-of-hours-support\n      roles: [architect]\n"
    )
    (one,) = found("BD301", bespoke("acme-2027", "acme", lines), REMOTE, ENGINEER)
    assert one.message == (
        "work types `onsite-support` and `out-of-hours-support` and role `architect` are excluded "
        "and fall to no contract"
    )
    assert one.label == "they end on no contract after `managed`"
    assert [note.message for note in one.related] == [
        "work type `out-of-hours-support` likewise",
        "role `architect` likewise",
        "`managed` falls to no contract",
    ]
    assert [note.span.line - one.span.line for note in one.related[:2]] == [1, 2]


def test_a_set_without_an_exclusion_contract_is_told_once_at_the_set() -> None:
    lines = "  - {name: managed, type: time_and_materials, excludes: {set: classic}}\n"
    (one,) = found("BD301", bespoke("acme-2027", "acme", lines), CLASSIC, REMOTE, ENGINEER)
    assert "`out-of-hours-support` and role `architect` are excluded" in one.message
    assert [note.message for note in one.related] == ["`managed` falls to no contract"]


def test_a_gap_that_grows_with_the_work_types_is_told_once() -> None:
    later = REMOTE.replace("remote-support", "training").replace("Remote Support", "Training")
    lines = contract("managed", "", "onsite-support", "training")
    documents = (later + "from: 2027-06-01\n", CLASSIC, ENGINEER)
    (one,) = found("BD301", bespoke("acme-2027", "acme", lines), *documents)
    assert "`onsite-support` and `training` are excluded" in one.message


def test_a_gap_reaches_every_agreement_from_which_work_comes_to_it() -> None:
    gap = bespoke(
        "acme-tm",
        "acme",
        contract("hourly", "", "onsite-support"),
        "start: 2027-01-01\nend: 2028-12-31\n",
        "default: false\n",
    )
    years = [
        bespoke(
            f"acme-{year}",
            "acme",
            contract("managed", "acme-tm/hourly", "onsite-support"),
            f"start: {year}-01-01\nend: {year}-12-31\n",
        )
        for year in (2027, 2028)
    ]
    (one,) = found("BD301", gap, *years, ENGINEER)
    assert [reach.agreement for reach in one.reached] == ["acme-2027", "acme-2028"]


def test_a_link_that_leads_nowhere_before_and_after_is_told_once_with_its_days() -> None:
    documents = (
        bespoke("acme-2027", "acme", contract("managed", "acme-tm/hourly", "onsite-support")),
        bespoke(
            "acme-tm",
            "acme",
            contract("hourly"),
            "start: 2027-03-01\nend: 2027-09-30\n",
            "default: false\n",
        ),
        REMOTE + "from: 2027-02-01\n",
        ENGINEER,
    )
    (one,) = found("BD303", *documents)
    assert one.message == (
        "`managed` falls to `acme-tm/hourly`, which is not in force from 2027-01-01 to 2027-02-28 "
        "and from 2027-10-01 to 2027-12-31"
    )


def test_a_link_that_leads_nowhere_from_any_start_is_told_once() -> None:
    """At first only a ticket that carries it takes the link, then all work does."""
    documents = (
        bespoke(
            "acme-2027",
            "acme",
            "  - {name: desk, type: time_and_materials}\n",
            "start: 2027-01-01\nend: 2027-06-30\n",
        ),
        bespoke(
            "acme-new",
            "acme",
            contract("managed", "acme-old/hourly", "onsite-support"),
            "start: 2027-03-01\nend: 2027-12-31\n",
        ),
        bespoke(
            "acme-old",
            "acme",
            "  - {name: hourly, type: time_and_materials}\n",
            "start: 2027-01-01\nend: 2027-03-31\n",
            "default: false\n",
        ),
        ENGINEER,
    )
    (one,) = found("BD303", *documents)
    assert "from 2027-07-01 to 2027-12-31" in one.message
    assert found("BD315", *documents) == []


def test_a_link_to_a_block_that_was_never_bought_shows_the_agreements_days() -> None:
    ours = bespoke("acme-2027", "acme", contract("managed", "acme-2026/block", "onsite-support"))
    theirs = agreement("acme", "silver@1", start="2026-01-01", end="2026-12-31")
    silver = tier(
        "silver@1", "remote-support: recurring, onsite-support: block", effective="2026-01-01"
    )
    (one,) = found("BD303", ours, theirs, silver, SEAT, ENGINEER)
    assert one.message.startswith("`managed` falls to `acme-2026/block`, which is not in force")
    assert [note.message for note in one.related] == [
        "`acme-2026` is in force from 2026-01-01 to 2026-12-31"
    ]


def test_work_of_a_block_that_nobody_bought_is_told_once_for_the_tier() -> None:
    silver = tier(
        "silver@1",
        "remote-support: recurring, onsite-support: block, out-of-hours-support: block",
        "contracts:\n"
        "  - {name: recurring, type: recurring_service, services: [seat]}\n"
        "  - {name: block, type: block_hours}\n",
    )
    signed = [agreement(client, "silver@1") for client in ("acme", "globex")]
    (one,) = found("BD301", silver, *signed, SEAT, ENGINEER)
    assert one.message == (
        "work types `onsite-support` and `out-of-hours-support` are excluded and fall to no "
        "contract"
    )
    assert one.label == (
        "they end on no contract after `recurring`: no block is bought for `block`"
    )
    assert one.help == (
        "buy one under the agreement's `blocks`, or let them end in `scope` of tier `silver@1` on "
        "a contract that takes them, or on `none` if meant"
    )
    assert [reach.client for reach in one.reached] == ["acme", "globex"]


TRIP = REMOTE.replace("remote-support", "trip").replace("Remote Support", "Trip")
SENIOR = "kind: role\nname: senior\ntitle: Senior\nrate: 120.00\n"
JUNIOR = SENIOR.replace("enior", "unior").replace("name: s", "name: j").replace("S", "J")
VIP = "kind: sub_issue\nname: vip\ntitle: VIP\nissue: Desk\n"


def chain(first: str, second: str, back: str = "") -> str:
    """Two contracts of a bespoke agreement with what each excludes."""
    return bespoke(
        "acme-2027",
        "acme",
        f"  - {{name: one, type: time_and_materials, excludes: {{{first}}}, falls_to: two}}\n"
        f"  - {{name: two, type: time_and_materials, excludes: {{{second}}}{back}}}\n",
    )


def test_only_the_work_that_comes_to_the_last_contract_is_called_lost() -> None:
    gap = chain("roles: [senior]", "work_types: [trip]")
    (one,) = found("BD301", gap, REMOTE, TRIP, SENIOR, JUNIOR)
    assert one.message == "`trip` by `senior` is excluded and falls to no contract"
    assert one.label == "ends on no contract after `one` and `two`"
    assert one.help == (
        "name a contract that takes it under `falls_to` of `two`, or write `none` there if meant"
    )


def test_what_is_lost_is_told_by_sub_issue_too() -> None:
    gap = chain("roles: [senior], sub_issues: [vip]", "work_types: [trip]")
    (one,) = found("BD301", gap, REMOTE, TRIP, SENIOR, JUNIOR, VIP)
    assert one.message == (
        "`trip` by `junior` under `vip`, and `trip` by `senior` are excluded and fall to no "
        "contract"
    )


def test_a_role_that_is_lost_in_part_names_its_work() -> None:
    gap = chain("work_types: [trip]", "roles: [senior]")
    (one,) = found("BD301", gap, REMOTE, TRIP, SENIOR, JUNIOR)
    assert one.message == "`trip` by `senior` is excluded and falls to no contract"


def test_work_lost_whole_and_in_part_stands_in_one_sentence() -> None:
    gap = chain(
        "work_types: [onsite-support], roles: [senior]", "work_types: [onsite-support, trip]"
    )
    (one,) = found("BD301", gap, REMOTE, TRIP, SENIOR, JUNIOR)
    assert one.message == (
        "work type `onsite-support`, and `trip` by `senior` are excluded and fall to no contract"
    )


def test_a_ring_says_which_work_goes_round_and_for_which_role() -> None:
    ring = chain(
        "work_types: [onsite-support], roles: [senior]",
        "work_types: [onsite-support, remote-support, trip]",
        ", falls_to: one",
    )
    (one,) = found("BD302", ring, REMOTE, TRIP, SENIOR, JUNIOR)
    assert one.label == ("`onsite-support`, and `remote-support` and `trip` by `senior` go round")


def test_a_link_that_leads_nowhere_says_whose_work_would_go_there() -> None:
    later = bespoke(
        "late",
        "acme",
        "  - {name: far, type: time_and_materials}\n",
        "default: false\nstart: 2027-07-01\nend: 2027-12-31\n",
    )
    link = bespoke(
        "acme-2027",
        "acme",
        "  - {name: one, type: time_and_materials, excludes: {roles: [senior]}, "
        "falls_to: late/far}\n",
    )
    (one,) = found("BD303", link, later, REMOTE, TRIP, SENIOR, JUNIOR)
    assert one.label == "all work by `senior` would go there from 2027-01-01 on"


def test_all_work_but_one_kind_is_said_so_and_stands_in_the_singular() -> None:
    more = [
        REMOTE.replace("remote-support", name).replace("Remote Support", name)
        for name in ("aa", "bb", "cc")
    ]
    ring = chain(
        "roles: [senior, junior]", "work_types: [aa, bb, cc, remote-support]", ", falls_to: one"
    )
    (one,) = found("BD302", ring, REMOTE, TRIP, *more, SENIOR, JUNIOR)
    assert one.label == "all work but `trip` goes round"
