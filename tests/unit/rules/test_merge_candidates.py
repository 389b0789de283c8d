from __future__ import annotations

import pytest

from billing_dsl.analysis.views import Portfolio, client_facts
from billing_dsl.pipeline import FileReading, check
from billing_dsl.rules.merge_candidates import _alike
from billing_dsl.source import document as read
from tests.oracle import strategies
from tests.oracle.simulator import Document, Simulator
from tests.unit.rules.checking import ENGINEER, SEAT, agreement, exception, found, tier, work_type

ALIKE = ("phone", "chat")
SCOPE = "phone: {0}, chat: {0}, visit: {1}, travel: hourly"
VISIT = work_type("visit", "Visit")
TRAVEL = work_type("travel", "Travel", billing_class="baseline")
BRONZE = tier("bronze@1", SCOPE.format("recurring", "hourly"))
GOLD = tier("gold@1", SCOPE.format("recurring", "recurring"))
ACME, GLOBEX = agreement("acme", "bronze@1"), agreement("globex", "gold@1")
REST = (VISIT, TRAVEL, BRONZE, GOLD, ACME, GLOBEX, SEAT, ENGINEER)
PHONE, CHAT = work_type("phone"), work_type("chat")


def groups(*documents: str) -> list[str]:
    return [one.message for one in found("BD321", *documents)]


def test_a_group_and_the_shortest_list() -> None:
    (one,) = found("BD321", PHONE, CHAT, *REST)
    assert one.message == "no agreement tells work types `chat` and `phone` apart"
    assert one.help == (
        "merge them: 3 of the 4 work types are enough; or give each a `ledger`, if your books "
        "need them apart"
    )
    assert (one.route, one.subject) == ("name", "work_type/chat")
    assert [note.message for note in one.related] == ["the same in all but name"]


@pytest.mark.parametrize(
    "field",
    [
        "billing_class: core",
        "billable: false",
        "rate: {method: times, factor: 1.5}",
        "rate: {method: plus, amount: 10.00}",
        "rate: {method: fixed, rate: 90.00}",
        "rate: {method: flat, amount: 90.00}",
        "minimum_hours: 1",
        "maximum_hours: 8",
        "tax_category: reduced",
        "ledger: '4010'",
        "external_number: '7'",
        "after_hours: travel",
        "from: 2027-02-01",
    ],
)
def test_what_tells_work_types_apart(field: str) -> None:
    name, _, value = field.partition(": ")
    assert groups(PHONE, work_type("chat", **{name: value}), *REST) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{method: times, factor: 1.5}", "{method: times, factor: 1.50}"),
        ("{method: plus, amount: {EUR: 5, CHF: 6}}", "{method: plus, amount: {CHF: 6.0, EUR: 5}}"),
        ("{method: fixed, rate: 90}", "{method: fixed, rate: {EUR: 90.00}}"),
        ("{method: role}", "{method: role}"),
    ],
)
def test_rates_that_are_written_in_two_ways(one: str, other: str) -> None:
    told = groups(work_type("phone", rate=one), work_type("chat", rate=other), *REST)
    assert len(told) == 1


def test_three_of_a_kind() -> None:
    third = work_type("screen-sharing")
    rest = [part.replace("chat:", "screen-sharing: recurring, chat:") for part in REST]
    (one,) = found("BD321", PHONE, CHAT, third, *rest)
    assert one.message == "no agreement tells work types `chat`, `phone` and `screen-sharing` apart"
    assert "3 of the 5" in one.help


def test_work_types_that_merge_after_hours_too() -> None:
    scope = "day-a: recurring, day-b: recurring, night-a: hourly, night-b: hourly, other: hourly"
    tiers = (
        tier("bronze@1", scope),
        tier("gold@1", scope.replace("other: hourly", "other: block")),
    )
    nights = (work_type("night-a"), work_type("night-b"))
    days = (work_type("day-a", after_hours="night-a"), work_type("day-b", after_hours="night-b"))
    other = work_type("other")
    clients = (ACME, GLOBEX, SEAT, ENGINEER)
    assert groups(*days, *nights, other, *tiers, *clients) == [
        "no agreement tells work types `day-a` and `day-b` apart",
        "no agreement tells work types `night-a` and `night-b` apart",
    ]
    apart = (work_type("night-a"), work_type("night-b", minimum_hours="2"))
    assert groups(*days, *apart, other, *tiers, *clients) == []


def test_a_tier_that_nobody_has_taken_tells_them_apart() -> None:
    offer = tier("platinum@1", "phone: recurring, chat: hourly, visit: hourly, travel: hourly")
    assert groups(PHONE, CHAT, offer, *REST) == []


def test_an_exclusion_set_that_nobody_carries_tells_them_apart() -> None:
    spare = "kind: exclusion_set\nname: chats\ntitle: Chats\nwork_types: [chat]\n"
    assert groups(PHONE, CHAT, spare, *REST) == []


def test_one_client_with_an_exception_tells_them_apart() -> None:
    acme = agreement("acme", "bronze@1", "exceptions:\n" + exception("work_type: chat", "hourly"))
    rest = [acme if part is ACME else part for part in REST]
    assert groups(PHONE, CHAT, *rest) == []


def test_one_tier_in_use_says_nothing() -> None:
    assert groups(PHONE, CHAT, *(part for part in REST if part is not GLOBEX)) == []


def test_a_broken_catalogue_says_nothing() -> None:
    assert groups(PHONE, CHAT, *REST, "kind: client\nname: initech\n") == []


def test_three_bespoke_structures_tell_enough() -> None:
    clients = [f"kind: client\nname: {n}\nlegal_name: {n} Ltd\n" for n in ("one", "two", "three")]

    def bespoke(name: str, excluded: str) -> str:
        return (
            f"kind: agreement\nname: {name}-2027\nclient: {name}\nstart: 2027-01-01\n"
            "end: 2027-12-31\ncontracts:\n  - {name: all, type: fixed_price, "
            f"excludes: {{work_types: [{excluded}]}}, falls_to: hourly}}\n"
            "  - {name: hourly, type: time_and_materials}\n"
        )

    two = [bespoke("one", "visit"), bespoke("two", "travel")]
    works = (PHONE, CHAT, VISIT, TRAVEL, ENGINEER)
    assert groups(*works, *clients[:2], *two) == []
    three = [*two, bespoke("three", "visit, travel")]
    assert groups(*works, *clients, *three) == [
        "no agreement tells work types `chat` and `phone` apart"
    ]


def alike(documents: list[Document]) -> list[set[str]]:
    """The groups of work types that the rule takes for one, those of one work type too.

    None where something drawn is broken: then the rule says nothing.
    """
    readings = [
        FileReading(path, (read.Document(path, 0, document),), (), ())
        for path, document in ((f"{n:04}.yaml", document) for n, document in enumerate(documents))
    ]
    checked = check(readings, strategies.FIRST, (), keep=True)
    assert checked.common.declared is not None
    if checked.partial:
        return []
    facts = tuple(client_facts(view) for view in checked.clients)
    portfolio = Portfolio(checked.common.declared, facts, True)
    groups: dict[int, set[str]] = {}
    for name, number in _alike(portfolio).items():
        groups.setdefault(number, set()).add(name)
    return sorted(groups.values(), key=min)


@pytest.mark.parametrize("seed", range(12))
def test_the_groups_are_those_of_an_independent_simulator(seed: int) -> None:
    documents = strategies.any_catalogue(strategies.Choices.seeded(seed))
    for document in documents:
        if document["kind"] == "work_type":  # let nothing but the way of their work differ
            for field in ("rate", "billable", "minimum_hours", "after_hours", "from"):
                document.pop(field, None)
            document["billing_class"] = "edge"
    oracle = Simulator(documents)
    answers: dict[str, list[object]] = {name: [] for name in sorted(oracle.work_types)}
    for work in answers:
        answers[work].extend(tier["scope"].get(work) for _, tier in sorted(oracle.tiers.items()))
        answers[work].extend(
            work in declared.get("work_types", ())
            for _, declared in sorted(oracle.exclusion_sets.items())
        )
    for day in strategies.interesting_days(documents):
        for client in oracle.clients:
            parent = oracle.client_documents[client].get("parent", client)
            starts = {*oracle.contracts(client, day), *oracle.contracts(parent, day)}
            for work, role, issue in oracle.cells(day):
                answers[work].extend(
                    oracle.end_of(client, work, role, issue, day, start) for start in sorted(starts)
                )
    groups: dict[str, set[str]] = {}
    for work, given in answers.items():
        groups.setdefault(repr(given), set()).add(work)
    assert alike(documents) in ([], sorted(groups.values(), key=min))
