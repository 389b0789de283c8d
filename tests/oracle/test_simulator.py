"""The oracle against cases worked out by hand, and what must hold of everything it draws."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from tests.oracle.changes import add_exclusion, rename, rename_answer, renaming, shuffle
from tests.oracle.simulator import (
    Answer,
    Cell,
    Document,
    Simulator,
    Start,
    agreement_end,
    day_of,
    last_day_of_term,
    months_after,
    rate_text,
    written_out,
)
from tests.oracle.strategies import (
    FIRST,
    LAST,
    Choices,
    any_catalogue,
    catalogues,
    clean_catalogue,
    clean_catalogues,
    interesting_days,
    scenarios,
)
from tests.oracle.writing import to_yaml

SILVER_SCOPE = {
    "remote-support": "recurring",
    "monitoring-response": "recurring",
    "routine-maintenance": "recurring",
    "vendor-liaison": "recurring",
    "onsite-support": "block",
    "new-installation": "hourly",
    "project-work": "hourly",
    "out-of-hours-support": "hourly",
    "emergency-callout": "hourly",
}
PATH: list[Document] = [
    {"name": "recurring", "type": "recurring_service"},
    {"name": "block", "type": "block_hours"},
    {"name": "hourly", "type": "time_and_materials"},
]
BLOCK: Document = {
    "contract": "block",
    "hours": 40,
    "rate": Decimal("78.00"),
    "start": "2027-01-01",
    "end": "2027-12-31",
}


def shop(**fields: Any) -> Document:
    return {"kind": "settings", "name": "shop", "currency": "EUR", **fields}


def role(name: str = "engineer", rate: Any = 85, **fields: Any) -> Document:
    return {"kind": "role", "name": name, "rate": rate, **fields}


def work(name: str, **fields: Any) -> Document:
    return {"kind": "work_type", "name": name, **fields}


def client(name: str = "acme", **fields: Any) -> Document:
    return {"kind": "client", "name": name, **fields}


def tier(name: str, contracts: list[Document], scope: Document, **fields: Any) -> Document:
    return {
        "kind": "tier",
        "name": name,
        "version": 1,
        "effective": "2026-01-01",
        "contracts": contracts,
        "scope": scope,
        **fields,
    }


def agreement(name: str, **fields: Any) -> Document:
    return {
        "kind": "agreement",
        "name": name,
        "client": "acme",
        "start": "2027-01-01",
        "end": "2029-12-31",
        **fields,
    }


def contract(name: str, kind: str = "recurring_service", **fields: Any) -> Document:
    return {"name": name, "type": kind, **fields}


def hourly(name: str = "hourly", **fields: Any) -> Document:
    return contract(name, "time_and_materials", **fields)


def ask(
    simulator: Simulator,
    work_type: str,
    day: str = "2027-03-01",
    start: Start | None = None,
    **asked: str,
) -> Answer:
    answer = simulator.end_of(
        asked.get("client", "acme"),
        work_type,
        asked.get("role", "engineer"),
        asked.get("sub_issue"),
        day_of(day),
        start,
    )
    assert answer is not None
    return answer


def ends(simulator: Simulator, work_type: str, day: str = "2027-03-01", **asked: str) -> str:
    """The contract where work ends, or the outcome where there is none."""
    answer = ask(simulator, work_type, day, None, **asked)
    return answer.contract or answer.outcome


def brief(answer: Answer) -> tuple[str, str, str | None]:
    """Where work ends (the contract, or the outcome where there is none), how, and at what."""
    return answer.contract or answer.outcome, answer.billing, rate_text(answer.rate)


# --- the catalogue that the language is shown with -------------------------------------------


@pytest.fixture
def northwind() -> Simulator:
    return Simulator(
        [
            shop(longest_term="20 years"),
            role(rate=Decimal("85.00"), block_factor=Decimal("1.0")),
            *(work(name, billable=True) for name in SILVER_SCOPE),
            tier("silver", PATH, SILVER_SCOPE, version=2, effective="2027-01-01"),
            client("acme", currency="EUR"),
            client("globex"),
            agreement(
                "acme-2027",
                tier="silver@2",
                term="36 months",
                blocks=[BLOCK],
                rates=[{"contract": "hourly", "role": "engineer", "rate": Decimal("80.00")}],
                exceptions=[
                    {
                        "work_type": "new-installation",
                        "goes_to": "block",
                        "until": "2027-12-31",
                    }
                ],
            ),
            agreement(
                "globex-2024",
                client="globex",
                start="2024-05-01",
                end="2027-04-30",
                contracts=[
                    contract(
                        "managed",
                        excludes={
                            "work_types": ["onsite-support", "out-of-hours-support"],
                            "roles": [],
                            "sub_issues": [],
                        },
                        falls_to="hourly",
                    ),
                    hourly(),
                ],
            ),
        ]
    )


def test_onsite_support_is_drawn_from_the_block(northwind: Simulator) -> None:
    assert ask(northwind, "onsite-support") == Answer(
        "covered",
        "acme-2027",
        "block",
        "block_hours",
        "block",
        Decimal("78.0000"),
        "EUR",
        "hour",
        ("acme-2027/recurring", "acme-2027/block"),
    )


def test_remote_support_is_absorbed_where_it_starts(northwind: Simulator) -> None:
    answer = ask(northwind, "remote-support")
    assert brief(answer) == ("recurring", "absorbed", None)
    assert answer.path == ("acme-2027/recurring",)


def test_night_work_falls_through_both_to_the_agreed_rate(northwind: Simulator) -> None:
    answer = ask(northwind, "out-of-hours-support")
    assert brief(answer) == ("hourly", "hourly", "80.00")
    assert answer.path == ("acme-2027/recurring", "acme-2027/block", "acme-2027/hourly")


def test_an_exception_holds_to_its_last_day(northwind: Simulator) -> None:
    last = ask(northwind, "new-installation", "2027-12-31")
    after = ask(northwind, "new-installation", "2028-01-01")
    assert brief(last) == ("block", "block", "78.00")
    assert brief(after) == ("hourly", "hourly", "80.00")


def test_after_the_last_block_its_work_is_overage_at_the_role_rate(northwind: Simulator) -> None:
    answer = ask(northwind, "onsite-support", "2028-01-01")
    assert brief(answer) == ("block", "overage", "85.00")


@pytest.mark.parametrize("day", ["2026-12-31", "2030-01-01"])
def test_outside_the_agreement_there_is_no_cell(northwind: Simulator, day: str) -> None:
    assert northwind.end_of("acme", "remote-support", "engineer", None, day_of(day)) is None
    assert northwind.contracts("acme", day_of(day)) == []
    assert northwind.default("acme", day_of(day)) is None


def test_any_contract_may_be_the_start(northwind: Simulator) -> None:
    day = date(2027, 3, 1)
    assert northwind.contracts("acme", day) == [
        ("acme-2027", "recurring"),
        ("acme-2027", "block"),
        ("acme-2027", "hourly"),
    ]
    answer = ask(northwind, "remote-support", start=("acme-2027", "block"))
    assert (answer.contract, answer.path) == ("block", ("acme-2027/block",))
    answer = ask(northwind, "project-work", start=("acme-2027", "block"))
    assert answer.path == ("acme-2027/block", "acme-2027/hourly")
    for start in (("acme-2027", "lost"), ("lost", "block"), ("globex-2024", "lost")):
        assert northwind.end_of("acme", "project-work", "engineer", None, day, start) is None


def test_the_bespoke_agreement_goes_by_its_own_lists(northwind: Simulator) -> None:
    day = "2027-04-30"
    answer = ask(northwind, "onsite-support", day, client="globex")
    assert brief(answer) == ("hourly", "hourly", "85.00")
    assert ends(northwind, "new-installation", day, client="globex") == "managed"
    assert northwind.contracts("globex", date(2027, 5, 1)) == []


# --- ends of the walk ------------------------------------------------------------------------


def bespoke(*contracts: Document, **fields: Any) -> list[Document]:
    """A catalogue of two work types and one bespoke agreement."""
    return [
        shop(),
        role(),
        role("architect", 120),
        {"kind": "sub_issue", "name": "virus"},
        work("remote"),
        work("onsite"),
        work("break", billable=False),
        client(),
        agreement("a", contracts=list(contracts), **fields),
    ]


def test_a_ring_is_cyclic_and_its_first_contract_is_not_repeated() -> None:
    lists = {"work_types": ["onsite"]}
    simulator = Simulator(
        bespoke(
            contract("one", excludes=lists, falls_to="two"),
            contract("two", excludes=lists, falls_to="three"),
            contract("three", excludes=lists, falls_to="two"),
        )
    )
    answer = ask(simulator, "onsite")
    assert (answer.outcome, answer.agreement, answer.contract) == ("cyclic", None, None)
    assert answer.path == ("a/one", "a/two", "a/three")
    assert brief(answer) == ("cyclic", "standard_rate", "85.00")
    assert ends(simulator, "remote") == "one"


def test_a_contract_that_falls_to_itself_is_a_ring() -> None:
    simulator = Simulator(
        bespoke(contract("one", excludes={"roles": ["engineer"]}, falls_to="one"))
    )
    assert ask(simulator, "onsite").path == ("a/one",)
    assert ends(simulator, "onsite") == "cyclic"
    assert ends(simulator, "onsite", role="architect") == "one"


@pytest.mark.parametrize("link", [{}, {"falls_to": "none"}])
def test_excluded_work_without_a_link_is_uncovered(link: Document) -> None:
    lists = {"work_types": ["onsite", "break"], "sub_issues": ["virus"]}
    simulator = Simulator(bespoke(contract("one", excludes=lists, **link)))
    answer = ask(simulator, "onsite")
    assert brief(answer) == ("uncovered", "standard_rate", "85.00")
    assert (answer.contract_type, answer.path) == (None, ("a/one",))
    answer = ask(simulator, "break")
    assert brief(answer) == ("uncovered", "not_billed", None)
    assert ends(simulator, "remote") == "one"
    assert ends(simulator, "remote", sub_issue="virus") == "uncovered"


def test_a_link_to_a_contract_not_in_force_is_broken_from_the_day_it_ends() -> None:
    documents = bespoke(contract("one", excludes={"work_types": ["onsite"]}, falls_to="b/spare"))
    documents.append(agreement("b", end="2027-06-30", default=False, contracts=[hourly("spare")]))
    simulator = Simulator(documents)
    answer = ask(simulator, "onsite", "2027-06-30")
    assert (answer.agreement, answer.contract, answer.billing) == ("b", "spare", "hourly")
    assert answer.path == ("a/one", "b/spare")
    answer = ask(simulator, "onsite", "2027-07-01")
    assert (answer.outcome, answer.path, answer.billing) == ("broken", ("a/one",), "standard_rate")


@pytest.mark.parametrize("link", ["lost", "lost/one", "a/lost"])
def test_a_link_to_nothing_is_broken(link: str) -> None:
    lists = {"work_types": ["onsite"]}
    assert ends(Simulator(bespoke(contract("one", excludes=lists, falls_to=link))), "onsite") == (
        "broken"
    )


def test_a_shared_set_and_own_lists_are_united() -> None:
    documents = bespoke(
        contract("one", excludes={"set": "classic", "work_types": ["remote"]}, falls_to="two"),
        hourly("two"),
    )
    documents.append({"kind": "exclusion_set", "name": "classic", "work_types": ["onsite"]})
    simulator = Simulator(documents)
    assert [ends(simulator, name) for name in ("remote", "onsite", "break")] == [
        "two",
        "two",
        "one",
    ]


def test_work_goes_to_another_clients_contract_in_its_own_currency() -> None:
    documents = bespoke(contract("one", excludes={"work_types": ["onsite"]}, falls_to="b/hourly"))
    documents[7]["currency"] = "CHF"
    documents[1]["rate"] = {"EUR": 85, "CHF": 92}
    documents += [
        client("globex"),
        agreement("b", client="globex", contracts=[hourly()]),
    ]
    answer = ask(Simulator(documents), "onsite")
    assert (answer.agreement, answer.currency, rate_text(answer.rate)) == ("b", "CHF", "92.00")


# --- cells and defaults ----------------------------------------------------------------------


def test_a_work_type_or_role_exists_from_its_day_on() -> None:
    documents = bespoke(contract("one"))
    documents[2]["from"] = "2027-03-01"
    documents[5]["from"] = "2027-04-01"
    simulator = Simulator(documents)
    assert simulator.end_of("acme", "onsite", "engineer", None, date(2027, 3, 31)) is None
    assert simulator.end_of("acme", "remote", "architect", None, date(2027, 2, 28)) is None
    assert ends(simulator, "onsite", "2027-04-01") == "one"
    assert ends(simulator, "remote", "2027-03-01", role="architect") == "one"
    found: list[Cell] = simulator.cells(date(2027, 2, 28))
    assert found == [
        ("break", "engineer", None),
        ("break", "engineer", "virus"),
        ("remote", "engineer", None),
        ("remote", "engineer", "virus"),
    ]


def test_work_starts_at_the_first_agreement_by_start_and_name() -> None:
    documents = [
        *bespoke(contract("one")),
        agreement("0-later", start="2027-02-01", contracts=[contract("later")]),
        agreement("0-side", start="2026-01-01", default=False, contracts=[contract("side")]),
        agreement("b", contracts=[contract("two")]),
    ]
    simulator = Simulator(documents)
    assert simulator.clients == ["acme"]
    assert simulator.default("acme", date(2026, 6, 1)) is None
    assert simulator.end_of("acme", "remote", "engineer", None, date(2026, 6, 1)) is None
    assert simulator.default("acme", date(2027, 3, 1)) == ("a", "one")
    assert simulator.contracts("acme", date(2027, 3, 1)) == [
        ("0-side", "side"),
        ("a", "one"),
        ("b", "two"),
        ("0-later", "later"),
    ]
    assert ask(simulator, "remote", start=("0-side", "side")).agreement == "0-side"


# --- tiers -----------------------------------------------------------------------------------


def on_tier(tiers: list[Document], **fields: Any) -> Simulator:
    """A catalogue of one agreement on a tier."""
    return Simulator(
        [
            shop(),
            role(),
            role("architect", 120),
            {"kind": "sub_issue", "name": "virus"},
            *(work(name) for name in ("remote", "onsite", "night")),
            *tiers,
            client(),
            agreement("a", **{"tier": tiers[0]["name"], **fields}),
        ]
    )


SCOPE: Document = {"remote": "recurring", "onsite": "block", "night": "hourly"}


def test_a_block_contract_without_a_block_is_passed_over() -> None:
    simulator = on_tier([tier("silver", PATH, SCOPE)])
    assert simulator.contracts("acme", date(2027, 3, 1)) == [("a", "recurring"), ("a", "hourly")]
    answer = ask(simulator, "onsite")
    assert (answer.contract, answer.path) == ("hourly", ("a/recurring", "a/hourly"))


def test_where_the_last_contract_is_a_block_without_a_block_its_work_is_uncovered() -> None:
    assert ends(on_tier([tier("silver", PATH[:2], SCOPE)]), "onsite") == "uncovered"


def test_a_path_that_begins_with_a_block_not_given_starts_along_its_links() -> None:
    first = {**PATH[1], "falls_to": "hourly"}
    simulator = on_tier([tier("silver", [first, PATH[0], PATH[2]], SCOPE)])
    assert simulator.default("acme", date(2027, 3, 1)) == ("a", "hourly")
    for falls_to in ("none", "block"):
        path = [{**PATH[1], "falls_to": falls_to}, PATH[0]]
        simulator = on_tier([tier("silver", path, SCOPE)])
        assert simulator.default("acme", date(2027, 3, 1)) is None
        assert simulator.end_of("acme", "remote", "engineer", None, date(2027, 3, 1)) is None
        assert ask(simulator, "remote", start=("a", "recurring")).contract == "recurring"


def test_roles_and_sub_issues_end_where_the_tier_says_whatever_the_work() -> None:
    simulator = on_tier(
        [
            tier(
                "silver",
                PATH,
                SCOPE,
                roles={"architect": "hourly"},
                sub_issues={"virus": "block"},
            )
        ],
        blocks=[BLOCK],
    )
    assert ends(simulator, "remote", role="architect") == "hourly"
    assert ends(simulator, "remote", sub_issue="virus") == "block"
    assert ends(simulator, "night", sub_issue="virus") == "hourly"
    assert ends(simulator, "remote", role="architect", sub_issue="virus") == "hourly"


def test_undecided_work_is_excluded_nowhere_and_work_that_ends_at_none_everywhere() -> None:
    simulator = on_tier([tier("silver", PATH, {"night": "none"})], blocks=[BLOCK])
    assert ends(simulator, "onsite") == "recurring"
    answer = ask(simulator, "night")
    assert (answer.outcome, len(answer.path)) == ("uncovered", 3)


def test_a_tier_may_link_elsewhere_and_an_end_off_its_links_is_never_reached() -> None:
    path = [{**PATH[0], "falls_to": "hourly"}, PATH[1], PATH[2]]
    simulator = on_tier([tier("silver", path, SCOPE)], blocks=[BLOCK])
    assert ask(simulator, "night").path == ("a/recurring", "a/hourly")
    assert ends(simulator, "onsite") == "recurring"  # the block is not further along


def test_a_tier_that_links_back_may_still_end() -> None:
    path = [PATH[0], PATH[1], {**PATH[2], "falls_to": "recurring"}]
    simulator = on_tier([tier("silver", path, {**SCOPE, "night": "none"})], blocks=[BLOCK])
    assert ends(simulator, "night") == "cyclic"
    assert ends(simulator, "onsite") == "block"
    answer = ask(simulator, "onsite", start=("a", "hourly"))
    assert answer.path == ("a/hourly", "a/recurring", "a/block")


def test_an_extended_tier_merges_by_key_and_replaces_contracts_whole() -> None:
    bronze = tier(
        "bronze",
        PATH,
        SCOPE,
        title="Bronze",
        roles={"architect": "hourly"},
        rates=[{"contract": "hourly", "role": "engineer", "rate": 70}],
    )
    silver: Document = {
        "kind": "tier",
        "name": "silver",
        "version": 3,
        "effective": "2026-02-01",
        "extends": "bronze@1",
        "scope": {"remote": None, "night": "recurring", "onsite": "hourly"},
    }
    gold: Document = {**silver, "name": "gold", "version": 1, "extends": "silver@3"}
    gold |= {"contracts": PATH[1:], "scope": {"remote": "block"}, "roles": {"architect": None}}
    tiers = {f"{each['name']}@{each['version']}": each for each in (bronze, silver, gold)}
    whole = written_out(tiers, "silver@3")
    assert whole["scope"] == {"night": "recurring", "onsite": "hourly"}
    assert (whole["contracts"], whole["roles"]) == (PATH, {"architect": "hourly"})
    assert (whole["name"], whole["effective"], "title" in whole) == ("silver", "2026-02-01", False)
    assert whole["rates"] == bronze["rates"]
    whole = written_out(tiers, "gold@1")
    assert whole["scope"] == {"night": "recurring", "onsite": "hourly", "remote": "block"}
    assert (whole["contracts"], whole["roles"]) == (PATH[1:], {})
    assert ask(on_tier([silver, bronze]), "onsite").rate == 70


# --- exceptions ------------------------------------------------------------------------------


def excepted(*exceptions: Document) -> Simulator:
    return on_tier([tier("silver", PATH, SCOPE)], blocks=[BLOCK], exceptions=list(exceptions))


def test_an_exception_may_narrow_widen_or_take_away() -> None:
    assert ends(excepted({"work_type": "remote", "goes_to": "hourly"}), "remote") == "hourly"
    assert ends(excepted({"work_type": "night", "goes_to": "recurring"}), "night") == "recurring"
    assert ends(excepted({"work_type": "remote", "goes_to": "none"}), "remote") == "uncovered"
    assert ends(excepted({"role": "engineer", "goes_to": "block"}), "remote") == "block"
    simulator = excepted({"sub_issue": "virus", "goes_to": "block"})
    assert ends(simulator, "remote", sub_issue="virus") == "block"
    assert ends(simulator, "remote") == "recurring"


def test_an_exception_leaves_contracts_after_its_goal_as_the_tier_has_them() -> None:
    simulator = excepted({"work_type": "night", "goes_to": "recurring"})
    answer = ask(simulator, "night", start=("a", "block"))
    assert answer.path == ("a/block", "a/hourly")


def test_an_exception_is_active_from_its_first_day_to_its_last() -> None:
    simulator = excepted(
        {
            "work_type": "remote",
            "goes_to": "hourly",
            "from": "2027-02-01",
            "until": "2027-02-28",
        }
    )
    days = ("2027-01-31", "2027-02-01", "2027-02-28", "2027-03-01")
    found = [ends(simulator, "remote", day) for day in days]
    assert found == ["recurring", "hourly", "hourly", "recurring"]


def test_of_two_exceptions_the_later_in_the_list_wins_and_one_to_no_contract_is_void() -> None:
    simulator = excepted(
        {"work_type": "remote", "goes_to": "hourly"},
        {"work_type": "remote", "goes_to": "block", "until": "2027-06-30"},
        {"work_type": "remote", "goes_to": "lost"},
    )
    assert ends(simulator, "remote", "2027-06-30") == "block"
    assert ends(simulator, "remote", "2027-07-01") == "hourly"


# --- dated tiers -----------------------------------------------------------------------------


def move(*tiers: tuple[str, str]) -> list[Document]:
    return [{"from": day, "tier": name} for day, name in tiers]


def test_a_tier_followed_without_a_version_changes_when_a_version_takes_effect() -> None:
    later = tier("silver", PATH, {**SCOPE, "remote": "hourly"}, version=2, effective="2027-07-01")
    assert ends(on_tier([tier("silver", PATH, SCOPE), later]), "remote", "2027-06-30") == (
        "recurring"
    )
    assert ends(on_tier([later, tier("silver", PATH, SCOPE)]), "remote", "2027-07-01") == "hourly"
    pinned = on_tier([later, tier("silver", PATH, SCOPE)], tier="silver@1")
    assert ends(pinned, "remote", "2027-07-01") == "recurring"


def test_before_any_version_there_is_no_cell_and_nothing_in_force() -> None:
    simulator = on_tier([tier("silver", PATH, SCOPE, effective="2027-02-01")])
    assert simulator.contracts("acme", date(2027, 1, 31)) == []
    assert simulator.default("acme", date(2027, 1, 31)) is None
    assert ends(simulator, "remote", "2027-02-01") == "recurring"
    dated = on_tier([tier("silver", PATH, SCOPE)], tier=move(("2027-02-01", "silver@1")))
    assert dated.contracts("acme", date(2027, 1, 31)) == []


def test_a_retired_contract_stays_in_the_path_and_passes_all_work_on() -> None:
    gold = tier("gold", [PATH[0], PATH[2]], {"remote": "recurring", "night": "hourly"})
    simulator = on_tier(
        [tier("silver", PATH, SCOPE), gold],
        tier=move(("2027-01-01", "silver@1"), ("2027-07-01", "gold@1")),
        blocks=[BLOCK],
        exceptions=[{"role": "architect", "goes_to": "block"}],
    )
    assert ask(simulator, "night", "2027-07-01").path == ("a/recurring", "a/block", "a/hourly")
    assert ask(simulator, "remote", "2027-07-01", start=("a", "block")).contract == "hourly"
    assert len(simulator.contracts("acme", date(2027, 7, 1))) == 3
    assert ends(simulator, "remote", "2027-06-30", role="architect") == "block"
    assert ends(simulator, "remote", "2027-07-01", role="architect") == "recurring"


def test_a_contract_lives_from_the_first_piece_that_names_it() -> None:
    bronze = tier("bronze", [PATH[0]], {"remote": "recurring", "night": "none"})
    simulator = on_tier(
        [bronze, tier("silver", PATH, SCOPE)],
        tier=move(("2027-01-01", "bronze"), ("2027-07-01", "silver"), ("2028-01-01", "bronze")),
        blocks=[BLOCK],
    )
    names = {
        day: [name for _, name in simulator.contracts("acme", day_of(day))]
        for day in ("2027-06-30", "2027-07-01", "2028-01-01")
    }
    assert names == {
        "2027-06-30": ["recurring"],
        "2027-07-01": ["recurring", "block", "hourly"],
        "2028-01-01": ["recurring", "block", "hourly"],
    }
    assert ask(simulator, "night", "2027-06-30").path == ("a/recurring",)
    assert ends(simulator, "night", "2027-07-01") == "hourly"
    answer = ask(simulator, "night", "2028-01-01")  # the links lead on through what is retired
    assert (answer.outcome, answer.path) == ("uncovered", ("a/recurring", "a/block", "a/hourly"))


def test_a_link_that_leads_elsewhere_is_changed_and_the_default_moves() -> None:
    first = tier("one", [contract("x"), contract("y"), hourly("z")], {"remote": "z"})
    second = tier("two", [hourly("new"), contract("x"), contract("end")], {"remote": "end"})
    simulator = on_tier(
        [first, second], tier=move(("2027-01-01", "one@1"), ("2027-07-01", "two@1"))
    )
    assert ask(simulator, "remote", "2027-06-30").path == ("a/x", "a/y", "a/z")
    assert simulator.default("acme", date(2027, 7, 1)) == ("a", "new")
    assert ask(simulator, "remote", "2027-07-01").path == ("a/new", "a/x", "a/end")
    answer = ask(simulator, "remote", "2027-07-01", start=("a", "y"))
    assert (answer.outcome, answer.path) == ("uncovered", ("a/y", "a/z"))


def test_a_ring_of_retired_contracts_leads_nowhere() -> None:
    ring = [contract("x"), contract("p"), contract("q", falls_to="p")]
    simulator = on_tier(
        [tier("one", ring, {"remote": "x"}), tier("two", [contract("x"), hourly()], {})],
        tier=move(("2027-01-01", "one"), ("2027-07-01", "two")),
        exceptions=[{"work_type": "remote", "goes_to": "hourly"}],
    )
    assert ask(simulator, "remote", "2027-07-01").path == ("a/x", "a/hourly")
    assert ask(simulator, "remote", "2027-07-01", start=("a", "p")).outcome == "cyclic"


def test_a_link_from_another_agreement_passes_a_block_that_is_not_created() -> None:
    def walk(target: str, path: list[Document], **fields: Any) -> Answer:
        return ask(
            Simulator(
                [
                    *bespoke(contract("one", excludes={"work_types": ["onsite"]}, falls_to=target)),
                    tier("silver", path, {}),
                    agreement("b", **{"start": "2027-01-02", "tier": "silver@1", **fields}),
                ]
            ),
            "onsite",
        )

    assert walk("b/block", PATH).path == ("a/one", "b/hourly")
    assert walk("b/block", PATH, blocks=[BLOCK]).path == ("a/one", "b/block")
    assert walk("b/block", PATH[:2]).outcome == "uncovered"
    assert walk("b/hourly", PATH[:2]).outcome == "broken"
    assert walk("b/block", PATH, start="2027-04-01").outcome == "broken"
    dated = move(("2027-04-01", "silver@1"))
    assert walk("b/hourly", PATH, tier=dated).outcome == "broken"


# --- billing and rates -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "billing", "unbilled"),
    [
        ("recurring_service", "absorbed", "absorbed"),
        ("fixed_price", "absorbed", "absorbed"),
        ("block_hours", "overage", "not_billed"),
        ("time_and_materials", "hourly", "not_billed"),
        ("retainer", "retainer", "not_billed"),
        ("per_ticket", "ticket", "not_billed"),
    ],
)
def test_the_type_of_the_contract_says_how_work_is_billed(
    kind: str, billing: str, unbilled: str
) -> None:
    simulator = Simulator(bespoke(contract("one", kind)))
    assert ask(simulator, "remote").billing == billing
    answer = ask(simulator, "break")
    assert (answer.billing, answer.rate, answer.contract_type) == (unbilled, None, kind)


@pytest.mark.parametrize(
    ("kind", "by_role", "flat"),
    [
        ("recurring_service", None, None),
        ("fixed_price", None, None),
        ("block_hours", "hour", "hour"),
        ("time_and_materials", "hour", "entry"),
        ("retainer", "hour", "entry"),
        ("per_ticket", "ticket", "ticket"),
    ],
)
def test_what_a_rate_is_the_price_of(kind: str, by_role: str | None, flat: str | None) -> None:
    documents = bespoke(contract("one", kind))
    assert ask(Simulator(documents), "remote").unit == by_role
    documents[4] |= {"rate": {"method": "flat", "amount": 60}}
    assert ask(Simulator(documents), "remote").unit == flat


def price_of(rate: Document | None = None, **fields: Any) -> Decimal | None:
    """The hourly rate of work whose role costs 85 in EUR and 92 in CHF."""
    documents = bespoke(hourly())
    documents[1]["rate"] = {"EUR": 85, "CHF": 92}
    documents[4] |= {} if rate is None else {"rate": rate}
    documents[7] |= fields
    return ask(Simulator(documents), "remote").rate


def test_the_work_type_modifies_the_rate() -> None:
    assert price_of() == 85
    assert price_of({"method": "role"}) == 85
    assert price_of({"method": "plus", "amount": Decimal("-10.50")}) == Decimal("74.50")
    assert price_of({"method": "times", "factor": Decimal("1.33333")}) == Decimal("113.3331")
    assert price_of({"method": "times", "factor": Decimal("1.000001")}) == Decimal("85.0001")
    assert price_of({"method": "fixed", "rate": 140}) == 140
    assert price_of({"method": "flat", "amount": 60}) == 60


def test_a_currency_without_an_amount_has_no_rate() -> None:
    assert price_of(currency="CHF") == 92
    assert price_of(currency="USD") is None
    assert price_of({"method": "plus", "amount": 10}, currency="CHF") is None
    assert price_of({"method": "plus", "amount": {"CHF": 10}}, currency="CHF") == 102
    assert price_of({"method": "times", "factor": 2}, currency="USD") is None
    assert price_of({"method": "fixed", "rate": {"USD": 140}}, currency="USD") == 140
    assert price_of({"method": "fixed", "rate": 140}, currency="USD") is None


def test_a_rate_comes_from_the_first_source_that_has_begun() -> None:
    def rate_on(day: str, **currency: str) -> Decimal | None:
        own = [{"role": "engineer", "rate": [{"from": "2027-03-01", "rate": 82}]}]
        silver = tier(
            "silver",
            [hourly(rates=own)],
            {},
            rates=[
                {"contract": "other", "role": "engineer", "rate": 1},
                {
                    "contract": "hourly",
                    "role": "engineer",
                    "rate": [{"from": "2027-02-01", "rate": 83}],
                },
            ],
        )
        simulator = on_tier(
            [silver],
            rates=[
                {"contract": "hourly", "role": "architect", "rate": 2},
                {
                    "contract": "hourly",
                    "role": "engineer",
                    "rate": [{"from": "2027-04-01", "rate": {"CHF": 80}}],
                },
            ],
        )
        simulator.client_documents["acme"] = client(**currency)
        return ask(simulator, "remote", day).rate

    days = ("2027-01-31", "2027-02-01", "2027-03-01", "2027-04-01")
    assert [rate_on(day) for day in days] == [85, 83, 82, None]
    assert rate_on("2027-04-01", currency="CHF") == 80


def test_a_dated_rate_takes_the_latest_that_has_begun() -> None:
    documents = bespoke(hourly())
    documents[1]["rate"] = [{"rate": 80}, {"from": "2027-02-01", "price": 81}]
    documents[2]["rate"] = [{"from": "2027-02-01", "rate": 120}]
    simulator = Simulator(documents)
    assert ask(simulator, "remote", "2027-01-31").rate == 80
    assert ask(simulator, "remote", "2027-02-01").rate == 81
    assert ask(simulator, "remote", "2027-01-31", role="architect").rate is None
    assert ask(simulator, "remote", "2027-02-01", role="architect").rate == 120


def test_a_standard_rate_is_the_roles_as_the_work_type_modifies_it() -> None:
    documents = bespoke(contract("one", excludes={"work_types": ["remote"]}))
    documents[4]["rate"] = {"method": "plus", "amount": 5}
    documents[8]["rates"] = [{"contract": "one", "role": "engineer", "rate": 1}]
    answer = ask(Simulator(documents), "remote")
    assert brief(answer) == ("uncovered", "standard_rate", "90.00")
    documents[7]["currency"] = "CHF"
    assert ask(Simulator(documents), "remote").rate is None


def overage(block: Document, **fields: Any) -> Decimal | None:
    documents = bespoke(contract("one", "block_hours", **block))
    documents[0] |= fields
    documents[1]["block_factor"] = Decimal("1.5")
    documents[4]["rate"] = {"method": "plus", "amount": 1000}
    answer = ask(Simulator(documents), "remote")
    assert answer.billing == "overage"
    return answer.rate


def test_overage_takes_its_own_rate_else_the_base_and_never_the_work_types() -> None:
    own = [{"role": "engineer", "rate": 81}]
    assert overage({"overage_rate": 95, "rates": own}) == 95
    assert overage({"overage_rate": {"CHF": 95}, "rates": own}) is None
    assert overage({"overage_rate": [{"from": "2028-01-01", "rate": 95}]}) == 85
    assert overage({"rates": [{"role": "engineer", "rate": {"CHF": 1}}]}) is None


def test_overage_is_multiplied_only_where_the_settings_say_so() -> None:
    factors = {"engineer": 2}
    assert overage({"overage_rate": 90, "block_factors": factors}) == 90
    assert overage({"overage_rate": 90}, multiplier_on_overage=True) == 135
    assert overage({"overage_rate": 90, "block_factors": factors}, multiplier_on_overage=True) == (
        180
    )
    assert overage({"block_factors": {"architect": 3}}, multiplier_on_overage=True) == (
        Decimal("127.5")
    )


def blocks(*rated: tuple[str, str, Any]) -> Answer:
    return ask(
        Simulator(
            bespoke(
                contract("one", "block_hours"),
                blocks=[
                    {"contract": "one", "hours": 10, "rate": rate, "start": start, "end": end}
                    for start, end, rate in rated
                ],
            )
        ),
        "remote",
    )


def test_a_block_is_billed_at_the_rate_of_the_one_that_starts_first() -> None:
    soon, late = ("2027-01-01", "2027-03-01", 70), ("2027-02-01", "2027-12-31", 75)
    assert blocks(late, soon).rate == 70
    assert blocks(late, ("2027-01-01", "2027-02-28", 70)).rate == 75
    assert blocks(soon, ("2027-01-01", "2027-12-31", Decimal("70.00"))).rate == 70
    tied = blocks(soon, ("2027-01-01", "2027-12-31", 71))
    assert (tied.billing, tied.rate) == ("block", None)
    assert blocks(("2027-03-02", "2027-12-31", 70)).billing == "overage"
    assert blocks(("2027-01-01", "2027-12-31", {"CHF": 70})).rate is None


def test_a_ticket_costs_what_the_purchase_in_force_that_starts_first_says() -> None:
    tickets = [
        {"tickets": 5, "rate": 30, "start": "2027-02-01", "end": "2027-12-31"},
        {"tickets": 5, "rate": 25, "start": "2027-01-01", "end": "2027-03-01"},
    ]
    simulator = Simulator(bespoke(contract("one", "per_ticket", tickets=tickets)))
    assert ask(simulator, "remote", "2027-03-01").rate == 25
    assert ask(simulator, "remote", "2027-03-02").rate == 30
    answer = ask(simulator, "remote", "2028-01-01")
    assert (answer.billing, answer.rate) == ("ticket", None)


# --- days and texts --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "term", "last"),
    [
        ("2027-01-01", "36 months", "2029-12-31"),
        ("2027-01-31", "1 month", "2027-02-27"),
        ("2028-01-31", "1 month", "2028-02-28"),
        ("2027-11-30", "3 months", "2028-02-28"),
        ("2028-02-29", "1 year", "2029-02-27"),
        ("2027-01-15", "2 years", "2029-01-14"),
        ("2027-01-01", "1 day", "2027-01-01"),
        ("2027-01-01", "365 days", "2027-12-31"),
    ],
)
def test_a_term_ends_the_day_before_the_same_day(start: str, term: str, last: str) -> None:
    assert last_day_of_term(day_of(start), term) == day_of(last)


def test_the_longest_term_is_the_settings() -> None:
    longest = {"start": "2027-01-01", "term": "longest"}
    assert agreement_end(longest, shop(longest_term="3 years")) == date(2029, 12, 31)
    assert agreement_end(longest, shop()) == date(2046, 12, 31)


def test_months_are_counted_over_the_turn_of_a_year() -> None:
    assert months_after(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert months_after(date(2026, 1, 31), 11) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (None, None),
        (Decimal(80), "80.00"),
        (Decimal("78.5000"), "78.50"),
        (Decimal("33.3330"), "33.333"),
        (Decimal("33.33335"), "33.3334"),
        (Decimal("1E+2"), "100.00"),
    ],
)
def test_a_rate_has_two_to_four_decimals(rate: Decimal | None, text: str | None) -> None:
    assert rate_text(rate) == text


def test_interesting_days_are_every_change_and_the_day_before() -> None:
    documents = bespoke(hourly(rates=[{"role": "engineer", "rate": [{"from": "2028-02-01"}]}]))
    assert interesting_days(documents) == [
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2028, 1, 31),
        date(2028, 2, 1),
        date(2029, 12, 31),
        date(2030, 1, 1),
    ]


def test_yaml_keeps_the_text_of_numbers_and_quotes_what_is_ambiguous() -> None:
    document: Document = {
        "kind": "role",
        "name": "no",
        "rate": [{"rate": {"EUR": Decimal("85.00")}}, {"from": "2027-01-01", "rate": 90}],
        "title": 'Über "all": 1\'',
        "off": {"billable": True, "end": None, "term": "36 months", "roles": [], "tier": "a@2"},
    }
    assert to_yaml([document]) == {
        "role/no.yaml": (
            b"kind: role\n"
            b'name: "no"\n'
            b"rate:\n"
            b"  - rate:\n"
            b'      "EUR": 85.00\n'
            b"  - from: 2027-01-01\n"
            b"    rate: 90\n"
            b'title: "\xc3\x9cber \\"all\\": 1\'"\n'
            b'"off":\n'
            b"  billable: true\n"
            b"  end: null\n"
            b"  term: 36 months\n"
            b"  roles: []\n"
            b"  tier: a@2\n"
        )
    }
    tiers = [tier("silver", PATH, SCOPE), tier("silver", PATH, SCOPE, version=2)]
    assert list(to_yaml(tiers)) == ["tier/silver-1.yaml", "tier/silver-2.yaml"]
    several = to_yaml(tiers * 8, Choices.seeded(1))
    assert 1 < len(several) < 16
    assert sum(text.count(b"version") for text in several.values()) == 16


# --- what is drawn ---------------------------------------------------------------------------


def answers(
    documents: list[Document], choices: Choices, days: int = 2
) -> Iterator[tuple[tuple[str, Cell, date, Start | None], Answer]]:
    """The answers of some days, from every start."""
    simulator = Simulator(documents)
    for day in choices.some(interesting_days(documents), days, days):
        for name in simulator.clients:
            for cell in simulator.cells(day):
                for start in (None, *simulator.contracts(name, day)):
                    answer = simulator.end_of(name, *cell, day, start)
                    if answer is not None:
                        yield (name, cell, day, start), answer


def test_every_name_in_a_drawn_catalogue_resolves() -> None:
    for seed in range(200):
        draw = any_catalogue if seed % 2 else clean_catalogue
        documents = draw(Choices.seeded(seed))
        simulator = Simulator(documents)
        for whole in simulator.tiers.values():
            path = {each["name"] for each in whole["contracts"]}
            ends_named = [whole.get(key, {}) for key in ("scope", "roles", "sub_issues")]
            assert {end for named in ends_named for end in named.values()} <= {*path, "none"}
            assert {each.get("falls_to", "none") for each in whole["contracts"]} <= {*path, "none"}
            assert {rate["contract"] for rate in whole.get("rates", [])} <= path
        for name, each in simulator.agreements.items():
            pieces = simulator.pieces.get(name, [])
            assert all(piece.tier for piece in pieces)
            for one in each.get("contracts", []):
                other, _, target = one.get("falls_to", "none").rpartition("/")
                if target != "none":
                    linked = simulator.agreements[other or name]
                    assert "tier" in linked or target in {c["name"] for c in linked["contracts"]}


def test_the_strategies_draw_every_outcome_and_every_way_of_billing() -> None:
    outcomes: set[str] = set()
    billings: set[str] = set()
    lengths: set[int] = set()
    for seed in range(80):
        choices = Choices.seeded(seed)
        for _, answer in answers(any_catalogue(choices), choices, 3):
            outcomes.add(answer.outcome)
            billings.add(answer.billing)
            lengths.add(len(answer.path))
    assert outcomes == {"covered", "uncovered", "broken", "cyclic"}
    assert billings == {
        *("absorbed", "block", "overage", "hourly", "retainer", "ticket"),
        *("standard_rate", "not_billed"),
    }
    assert lengths >= {1, 2, 3, 4}


def test_a_clean_catalogue_is_covered_and_priced_wherever_work_starts() -> None:
    for seed in range(80):
        choices = Choices.seeded(seed)
        documents = clean_catalogue(choices)
        for (_, _, _, start), answer in answers(documents, choices):
            if start is None:
                assert answer.outcome == "covered"
                assert (answer.rate is None) == (answer.billing in ("absorbed", "not_billed"))


QUICK = settings(max_examples=40, deadline=None)


@QUICK
@given(catalogues())
def test_paths_are_honest(documents: list[Document]) -> None:
    for (_, _, _, start), answer in answers(documents, Choices.seeded(0)):
        assert len(set(answer.path)) == len(answer.path) > 0
        if start is not None:
            assert answer.path[0] == "/".join(start)
        if answer.outcome == "covered":
            assert answer.path[-1] == f"{answer.agreement}/{answer.contract}"
        else:
            assert (answer.agreement, answer.contract, answer.contract_type) == (None, None, None)


@QUICK
@given(clean_catalogues())
def test_clean_catalogues_stay_within_their_years(documents: list[Document]) -> None:
    days = interesting_days(documents)
    assert days[1] >= FIRST
    assert (days[-1] - LAST).days <= 1


def test_order_and_names_change_no_answer() -> None:
    for seed in range(60):
        choices = Choices.seeded(seed)
        documents = any_catalogue(choices)
        names = renaming(documents, choices)
        other = Simulator(shuffle(rename(documents, names), choices))
        for (client_name, cell, day, start), answer in answers(documents, choices):
            work_type, role_name, sub_issue = cell
            found = other.end_of(
                names["client", client_name],
                names["work_type", work_type],
                names["role", role_name],
                None if sub_issue is None else names["sub_issue", sub_issue],
                day,
                None
                if start is None
                else (names["agreement", start[0]], names["contract", start[1]]),
            )
            assert found == rename_answer(answer, names)


def test_an_exclusion_more_only_lengthens_paths() -> None:
    changed_answers = 0
    for seed in range(100):
        choices = Choices.seeded(seed)
        documents = any_catalogue(choices)
        change = add_exclusion(documents, choices)
        if change is None:
            continue
        changed = Simulator(change[0])
        for (client_name, cell, day, start), before in answers(documents, choices):
            after = changed.end_of(client_name, *cell, day, start)
            assert after is not None
            assert after.path[: len(before.path)] == before.path
            if before.outcome != "covered":
                assert after == before
            changed_answers += after != before
    assert changed_answers > 100


def test_there_may_be_nothing_to_exclude_from() -> None:
    assert add_exclusion([shop(), work("remote"), client()], Choices.seeded(0)) is None


def test_scenarios_say_what_the_simulator_answers() -> None:
    found = 0
    for seed in range(20):
        documents = any_catalogue(Choices.seeded(seed))
        simulator = Simulator(documents)
        drawn = scenarios(documents, Choices.seeded(seed))
        for scenario in drawn:
            given_, then = scenario["given"], scenario["then"]
            answer = simulator.end_of(
                given_["client"],
                scenario["when"]["work_type"],
                given_["role"],
                given_.get("sub_issue"),
                day_of(given_["on"]),
            )
            assert answer is not None
            assert then["outcome"] == answer.outcome
            assert then["billing"] == answer.billing
            assert then.get("rate", answer.rate) == answer.rate
            found += 1
        names = renaming(documents, Choices.seeded(seed))
        for old, new in zip(drawn, rename(drawn, names), strict=True):
            assert new["given"]["client"] == names["client", old["given"]["client"]]
    assert found > 10


def test_renaming_reaches_every_place_that_names_something() -> None:
    names = {
        ("client", "acme"): "c",
        ("agreement", "a"): "g",
        ("contract", "one"): "k",
        ("service", "seat"): "s",
        ("tier", "silver"): "t",
        ("waiver", "w"): "v",
    }
    documents: list[Document] = [
        {"kind": "scenario", "name": "x", "given": {"client": "acme", "start": "a/one"}},
        {"kind": "waiver", "name": "w", "subject": "tier/silver@2"},
        {"kind": "waiver", "name": "u", "subject": "client/acme"},
        {"kind": "service_bundle", "name": "b", "services": ["seat"]},
    ]
    documents[0] |= {"when": {}, "then": {"contract": "one", "agreement": "a"}}
    scenario, waiver, other, bundle = rename(documents, names)
    assert scenario["given"] == {"client": "c", "start": "g/k"}
    assert scenario["then"] == {"contract": "k", "agreement": "g"}
    assert (waiver["name"], waiver["subject"]) == ("v", "tier/t@2")
    assert (other["subject"], bundle["services"]) == ("client/c", ["s"])
    assert documents[1]["subject"] == "tier/silver@2"
