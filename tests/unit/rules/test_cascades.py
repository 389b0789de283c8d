"""One line that is broken is one finding, not one for everything that follows from it."""

from __future__ import annotations

from datetime import date

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, diagnostics, found, tier

SETTLED = "remote-support: recurring, onsite-support: block"
BLOCK = (
    "blocks:\n  - {contract: block, hours: 9, rate: 70.00, start: 2027-01-01, end: 2027-12-31}\n"
)
ACME = "kind: client\nname: acme\nlegal_name: Acme\n"
SIGNED = agreement("acme", "silver@1", BLOCK)
VISIT = """
kind: scenario
name: visit
given: {client: acme, role: engineer, on: 2027-03-01}
when: {work_type: onsite-support}
then: {contract: block, billing: block, rate: 70.00}
"""


def codes(scope: str) -> list[str]:
    documents = (tier("silver@1", scope), SIGNED, VISIT, ACME, SEAT, ENGINEER)
    return [one.code for one in diagnostics(*documents) if one.severity == "error"]


def test_a_promise_about_an_undecided_work_type_is_told_once() -> None:
    assert codes(SETTLED) == []
    assert codes("remote-support: recurring") == ["BD305"]


def test_a_promise_about_an_end_that_work_never_comes_to_is_told_once() -> None:
    cut = (
        "contracts:\n"
        "  - {name: recurring, type: recurring_service, services: [seat], falls_to: hourly}\n"
        "  - {name: block, type: block_hours}\n"
        "  - {name: hourly, type: time_and_materials}\n"
    )
    documents = (tier("silver@1", SETTLED, cut), SIGNED, VISIT, ACME, SEAT, ENGINEER)
    assert [one.code for one in diagnostics(*documents) if one.severity == "error"] == ["BD306"]


def test_a_contract_is_not_idle_while_its_tier_is_undecided() -> None:
    silver = tier("silver@1", "remote-support: recurring")
    assert found("BD307", silver, SIGNED, VISIT, ACME, SEAT, ENGINEER) == []


def test_a_scenario_is_one_finding_with_the_lines_that_decide() -> None:
    silver = tier("silver@1", "remote-support: recurring, onsite-support: hourly")
    (one,) = found("BD350", silver, SIGNED, VISIT, ACME, SEAT, ENGINEER)
    assert one.message == "scenario `visit` expects contract `block`, but it is `hourly`"
    assert one.label == (
        "it is `hourly`; billing is `hourly`, not `block`; rate is `85.00`, not `70.00`"
    )
    assert [note.message for note in one.related] == [
        "1. `acme-2027/recurring` excludes `onsite-support`",
        "2. `acme-2027/block` excludes `onsite-support`",
        "3. `acme-2027/hourly` takes it",
    ]
    decided = {(note.span.line, note.span.column) for note in one.related[:2]}
    assert len(decided) == 1


SILVER_2 = tier("silver@2", SETTLED, "colour: red", effective="2027-02-01")
LATER_VISIT = VISIT.replace("contract: block, billing: block, rate: 70.00", "contract: hourly")


def errors(*documents: str) -> list[str]:
    return [one.code for one in diagnostics(*documents) if one.severity == "error"]


def test_of_an_agreement_that_follows_a_tier_with_a_broken_version_nothing_is_said() -> None:
    follows = agreement("acme", "silver", BLOCK)
    documents = (tier("silver@1", SETTLED), follows, LATER_VISIT, ACME, SEAT, ENGINEER)
    assert errors(*documents) == ["BD350"]
    assert errors(*documents, SILVER_2) == ["BD103"]


def test_an_agreement_on_another_version_than_the_broken_one_is_proved() -> None:
    documents = (tier("silver@1", SETTLED), SIGNED, LATER_VISIT, ACME, SEAT, ENGINEER)
    assert errors(*documents, SILVER_2) == ["BD350", "BD103"]


SECOND_YEAR = agreement(
    "acme", "silver@1", BLOCK.replace("2027", "2028"), start="2028-01-01", end="2028-12-31"
)
THIRD_YEAR = agreement(
    "acme", "silver@1", BLOCK.replace("2027", "2029"), start="2029-01-01", end="2029-12-31"
)
IN_SECOND_YEAR = VISIT.replace("2027-03-01", "2028-03-01")
AROUND = (tier("silver@1", SETTLED), SIGNED, THIRD_YEAR, ACME, SEAT, ENGINEER)


def told(*documents: str) -> list[str]:
    return [one.code for one in diagnostics(*documents) if one.severity != "note"]


def test_the_days_of_a_broken_agreement_are_no_gap_and_fail_no_scenario() -> None:
    assert told(*AROUND) == ["BD307", "BD402"]
    assert told(*AROUND, IN_SECOND_YEAR) == ["BD307", "BD402", "BD350"]
    assert told(*AROUND, IN_SECOND_YEAR, SECOND_YEAR + "colour: red\n") == ["BD103"]
    ending = diagnostics(SIGNED, tier("silver@1", SETTLED), ACME, SEAT, as_of=date(2027, 12, 1))
    assert "BD419" in [one.code for one in ending]
    broken = (SIGNED, SECOND_YEAR + "colour: red\n", tier("silver@1", SETTLED), ACME, SEAT)
    ending = diagnostics(*broken, as_of=date(2027, 12, 1))
    assert [one.code for one in ending if one.severity != "note"] == ["BD103"]
    unreadable = SECOND_YEAR + "end: 2028-12-31\n"
    assert told(*AROUND, IN_SECOND_YEAR, unreadable) == ["BD002"]


def test_a_broken_agreement_of_another_client_hides_no_gap() -> None:
    other = SECOND_YEAR.replace("acme", "globex") + "colour: red\n"
    assert "BD402" in told(*AROUND, other)


def test_a_contract_to_which_a_broken_agreement_falls_is_not_called_idle() -> None:
    work = (
        "kind: agreement\nname: {}\nclient: acme\nstart: 2027-01-01\nend: 2027-12-31\n"
        "default: {}\ncontracts:\n{}"
    )
    extra = work.format(
        "acme-extra",
        "true",
        "  - {name: hourly, type: time_and_materials}\n"
        "  - {name: visits, type: time_and_materials}\n",
    )
    falls = work.format(
        "acme-work",
        "false",
        "  - name: remote\n    type: time_and_materials\n"
        "    excludes: {work_types: [onsite-support]}\n    falls_to: acme-extra/visits\n",
    )
    assert told(extra, falls, ACME, ENGINEER) == []
    assert told(extra, falls + "colour: red\n", ACME, ENGINEER) == ["BD103"]
    from_lost = VISIT.replace("on: 2027-03-01", "on: 2027-03-01, start: acme-work/remote")
    assert told(extra, falls + "colour: red\n", from_lost, ACME, ENGINEER) == ["BD103"]


def test_a_misspelt_kind_is_told_once_and_nobody_misses_what_it_declares() -> None:
    silver = tier("silver@1", SETTLED)
    for right, wrong in (
        ("client", "cliant"),
        ("client", "customer"),
        ("service", "servise"),
        ("tier", "tyer"),
        ("tier", "level"),
    ):
        documents = [
            document.replace(f"kind: {right}\n", f"kind: {wrong}\n")
            for document in (silver, SIGNED, ACME, SEAT, ENGINEER)
        ]
        assert errors(*documents) == ["BD101"]


def test_a_misspelt_kind_hides_no_other_unknown_name() -> None:
    other = agreement("globex", "silver@7", BLOCK)
    documents = (tier("silver@1", SETTLED), SIGNED, other, SEAT, ENGINEER)
    assert errors(*documents, ACME.replace("client", "cliant")) == ["BD201", "BD101"]


def test_the_contract_to_which_a_link_is_missing_is_not_called_idle_too() -> None:
    bespoke = (
        "kind: agreement\nname: acme-2027\nclient: acme\nstart: 2027-01-01\nend: 2027-12-31\n"
        "contracts:\n"
        "  - name: managed\n    type: time_and_materials\n"
        "    excludes: {{work_types: [onsite-support]}}\n{}"
        "  - {{name: hourly, type: time_and_materials}}\n"
    )
    remote = (
        "kind: work_type\nname: remote-support\ntitle: Remote\nbilling_class: core\n"
        "description: Help.\n"
    )
    documents = (remote, ACME, ENGINEER)
    assert told(bespoke.format(""), *documents) == ["BD301"]
    assert told(bespoke.format("    falls_to: none\n"), *documents) == ["BD307"]
    assert told(bespoke.format("    falls_to: hourly\n"), *documents) == []


def test_a_scenario_still_fails_where_somebody_accepts_what_its_tier_does() -> None:
    waiver = (
        "kind: waiver\nname: known\ncode: BD305\nsubject: tier/silver@1\n"
        "reason: decided next week\nowner: desk\n"
    )
    silver = tier("silver@1", "remote-support: recurring")
    documents = (silver, SIGNED, VISIT, ACME, SEAT, ENGINEER)
    assert errors(*documents) == ["BD305"]
    assert errors(*documents, waiver) == ["BD350"]


def test_an_agreement_whose_client_is_misspelt_fails_no_scenario_of_the_client_meant() -> None:
    documents = (tier("silver@1", SETTLED), VISIT, ACME, SEAT, ENGINEER)
    misspelt = SIGNED.replace("client: acme", "client: acmee")
    assert errors(*documents) == ["BD350"]
    assert errors(*documents, misspelt) == ["BD201"]
    unlike = SIGNED.replace("client: acme", "client: zzz")
    assert errors(*documents, unlike) == ["BD201"]
    globex = "kind: client\nname: globex\nlegal_name: Globex\n"
    theirs = misspelt.replace("acmee", "globes")
    assert sorted(errors(*documents, globex, theirs)) == ["BD201", "BD350"]
    lost = globex + "colour: red\n"
    assert sorted(errors(*documents, lost, theirs.replace("globes", "globex"))) == [
        "BD103",
        "BD350",
    ]


def test_of_two_agreements_of_one_name_either_may_be_meant() -> None:
    documents = (tier("silver@1", SETTLED), ACME, SEAT, ENGINEER)
    night = VISIT.replace("contract: block, billing: block, rate: 70.00", "contract: hourly")
    assert errors(*documents, SIGNED, night) == ["BD350"]
    assert errors(*documents, SIGNED, SIGNED, night) == ["BD202"]
    for_globex = SIGNED.replace("client: acme", "client: globex")
    globex = "kind: client\nname: globex\nlegal_name: Globex\n"
    theirs = VISIT.replace("name: visit", "name: theirs").replace("client: acme", "client: globex")
    assert errors(*documents, SIGNED, for_globex, globex, theirs) == ["BD202"]


RING = """
kind: agreement
name: acme-2027
client: acme
start: 2027-01-01
end: 2027-12-31
contracts:
  - {name: one, type: time_and_materials, excludes: {work_types: [onsite-support]}, falls_to: two}
  - {name: two, type: time_and_materials, excludes: {work_types: [onsite-support]}, falls_to: one}
"""


def test_a_scenario_of_work_that_goes_round_in_a_ring() -> None:
    expects = VISIT.replace("contract: block, billing: block, rate: 70.00", "contract: two")
    assert errors(RING, expects, ACME, ENGINEER) == ["BD302"]
    waiver = (
        "kind: waiver\nname: known\ncode: BD302\nsubject: agreement/acme-2027\n"
        "reason: mended next week\nowner: desk\n"
    )
    (one,) = found("BD350", RING, expects, ACME, ENGINEER, waiver)
    assert one.message == (
        "scenario `visit` expects contract `two`, but it is `none`, for the work goes round in a "
        "ring"
    )


REMOTE = (
    "kind: work_type\nname: remote-support\ntitle: Remote\nbilling_class: core\n"
    "description: Help.\n"
)


def bespoke(name: str, *contracts: str, client: str = "acme", more: str = "") -> str:
    rows = "".join(f"  - {{{contract}}}\n" for contract in contracts)
    return (
        f"kind: agreement\nname: {name}\nclient: {client}\nstart: 2027-01-01\n"
        f"end: {more or '2027-12-31'}\ncontracts:\n{rows}"
    )


NO_VISITS = "type: time_and_materials, excludes: {work_types: [onsite-support]}"


def test_a_line_by_which_work_is_lost_is_told_once_wherever_the_work_starts() -> None:
    architect = ENGINEER.replace("engineer", "architect").replace("Engineer", "Architect")
    first = "name: first, type: time_and_materials, excludes: {roles: [engineer]}, falls_to: second"
    contracts = bespoke("acme-2027", first, f"name: second, {NO_VISITS}")
    assert told(contracts, REMOTE, ACME, ENGINEER, architect) == ["BD301"]
    other = f"name: third, {NO_VISITS}"
    assert told(
        bespoke("acme-2027", first, f"name: second, {NO_VISITS}", other),
        REMOTE,
        ACME,
        ENGINEER,
        architect,
    ) == ["BD301", "BD309"]


def test_a_contract_is_not_idle_while_a_link_is_missing_in_a_project_either() -> None:
    main = bespoke("acme-2027", "name: main, type: time_and_materials")
    extra = "name: extra, type: time_and_materials"
    project = bespoke("acme-project", f"name: project, {NO_VISITS}", extra) + "default: false\n"
    assert told(main, project, REMOTE, ACME, ENGINEER) == ["BD309"]
    linked = project.replace(" excludes", " falls_to: extra, excludes")
    assert told(main, linked, REMOTE, ACME, ENGINEER) == []


def test_a_strangers_contract_is_one_finding_whatever_its_days() -> None:
    ours = bespoke(
        "acme-2027", f"name: managed, {NO_VISITS}, falls_to: globex-2027/hourly", more="2028-12-31"
    )
    theirs = bespoke("globex-2027", "name: hourly, type: time_and_materials", client="globex")
    assert told(ours, theirs, REMOTE, ACME, ENGINEER) == ["BD304"]
    waiver = (
        "kind: waiver\nname: known\ncode: BD304\nsubject: agreement/acme-2027\n"
        "reason: one owner\nowner: desk\n"
    )
    assert told(ours, theirs, REMOTE, ACME, ENGINEER, waiver) == ["BD303"]
    child = ACME + "parent: globex\n"
    assert sorted(told(ours, theirs, REMOTE, child, ENGINEER)) == ["BD303", "BD304"]
    project = ours.replace("acme-2027", "acme-project") + "default: false\n"
    main = bespoke("acme-2027", "name: main, type: time_and_materials", more="2028-12-31")
    assert told(main, project, theirs, REMOTE, ACME, ENGINEER) == ["BD304"]
