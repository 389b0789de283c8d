"""What is supposed of a document: read, carried out, and written as somebody would type it."""

from __future__ import annotations

import copy
import difflib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.model.declaration import Head, head
from billing_dsl.model.rewriting import rewritten
from billing_dsl.model.supposing import (
    Amiss,
    Supposition,
    head_of,
    in_full,
    moved,
    parsed,
    route_text,
    supposed,
    supposed_texts,
    unset,
)
from billing_dsl.model.written import flow
from billing_dsl.report._visible import visible
from billing_dsl.source.reader import read
from tests.goldens import Golden
from tests.oracle.strategies import Choices, any_catalogue
from tests.oracle.writing import to_yaml

HERE = Path(__file__).parent
NAMES = {"work_type": {"onsite-support", "travel"}, "role": {"engineer"}, "sub_issue": {"printer"}}
TIER = """\
format: 1
kind: tier
name: silver      # the second Silver
version: 2
effective: 2026-01-01
title: Silver
titles: {it: Argento}
contracts:
  - {name: recurring, type: recurring_service, services: [seat, server]}
  - name: block   # drawn first
    type: block_hours
  - name: hourly
    type: time_and_materials
scope:
  onsite-support: block   # visits
  travel: hourly
summary: >
  Two lines
  of text.
roles: {}
sub_issues:
rank: 2
"""
HEADS = [
    Head("tier", "silver", "silver@1", "a.yaml", 0),
    Head("tier", "silver", "silver@2", "a.yaml", 1),
    Head("tier", "gold", "gold@1", "a.yaml", 2),
    Head("role", "engineer", "engineer", "b.yaml", 0),
    Head("work_type", "travel", "travel", "b.yaml", 1),
    Head("service_bundle", "desk", "desk", "b.yaml", 2),
    Head("settings", "northwind", "northwind", "c.yaml", 0),
]


def typed(text: str, *, gone: bool = False, into: str = TIER) -> list[str] | str:
    """The lines that a supposition takes out of a document and puts in, or what is amiss."""
    before = read("", into.encode())[0][0].value
    supposition = (unset if gone else parsed)("--set 1", text)
    if isinstance(supposition, Amiss):
        return f"{supposition.message} ({supposition.help})"
    route = in_full(supposition, before["kind"], NAMES)
    if isinstance(route, Amiss):
        return f"{route.message} ({route.help})"
    found = supposed(supposition, route, before)
    if isinstance(found, Amiss):
        return f"{found.message} ({found.help})"
    after = rewritten(into.encode(), 0, found.route, found.value, supposition.written)
    assert isinstance(after, bytes)
    lines = difflib.ndiff(into.splitlines(), after.decode().splitlines())
    return [line for line in lines if line[0] in "+-"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "tier/silver@2:onsite-support=hourly",
            ["-   onsite-support: block   # visits", "+   onsite-support: hourly   # visits"],
        ),
        ("tier/silver@2:scope.remote=none", ["+   remote: none"]),
        ("tier/silver@2:printer=block", ["- sub_issues:", "+ sub_issues: {printer: block}"]),
        ("tier/silver@2:engineer=hourly", ["- roles: {}", "+ roles: {engineer: hourly}"]),
        (
            "tier/silver@2:titles.de=Silber",
            ["- titles: {it: Argento}", "+ titles: {it: Argento, de: Silber}"],
        ),
        ("tier/silver@2:price={EUR: 48.00}", ["+ price: {EUR: 48.00}"]),
        ("tier/silver@2:price.EUR=48.00", ["+ price: {EUR: 48.00}"]),
        ("tier/silver@2:contracts.block.overage_rate=98.50", ["+     overage_rate: 98.50"]),
        (
            "tier/silver@2:contracts[0].services[1]=backup",
            [
                "-   - {name: recurring, type: recurring_service, services: [seat, server]}",
                "+   - {name: recurring, type: recurring_service, services: [seat, backup]}",
            ],
        ),
        (
            "tier/silver@2:contracts[0].services[2]=disk",
            [
                "-   - {name: recurring, type: recurring_service, services: [seat, server]}",
                "+   - {name: recurring, type: recurring_service, services: [seat, server, disk]}",
            ],
        ),
        (
            "tier/silver@2:contracts[3]={name: last, type: retainer}",
            ["+   - {name: last, type: retainer}"],
        ),
        (
            "tier/silver@2:summary=Other words",
            ["- summary: >", "-   Two lines", "-   of text.", "+ summary: Other words", "+ ", "+ "],
        ),
        ("tier/silver@2:rank=3  # dearer", ["- rank: 2", "+ rank: 3  # dearer"]),
        ("tier/silver@2:title=Silver", []),
    ],
)
def test_what_is_supposed_stands_where_it_would_be_typed(text: str, lines: list[str]) -> None:
    assert typed(text) == lines


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("tier/silver@2:travel", ["-   travel: hourly"]),
        ("tier/silver@2:rank", ["- rank: 2"]),
        (
            "tier/silver@2:summary",
            ["- summary: >", "-   Two lines", "-   of text."],
        ),
        ("tier/silver@2:titles.it", ["- titles: {it: Argento}", "+ titles: {}"]),
        (
            "tier/silver@2:contracts.hourly",
            ["-   - name: hourly", "-     type: time_and_materials"],
        ),
        (
            "tier/silver@2:contracts[0].services.server",
            [
                "-   - {name: recurring, type: recurring_service, services: [seat, server]}",
                "+   - {name: recurring, type: recurring_service, services: [seat]}",
            ],
        ),
    ],
)
def test_what_is_taken_out_takes_its_lines_along(text: str, lines: list[str]) -> None:
    found = typed(text, gone=True)
    assert [line for line in found if line != "+ "] == lines


AMISS = [
    "tier/silver@2",
    "tier/silver@2:",
    "tier/silver@2:scope",
    "tier/silver@2:scope.=x",
    "tier/silver@2:.scope=x",
    "tier/silver@2:[0]=x",
    ":scope.travel=x",
    "tier/silver@2:travel=",
    "tier/silver@2:travel= ",
    "tier/silver@2:title=no",
    "tier/silver@2:title=010",
    "tier/silver@2:title=17:30",
    "tier/silver@2:title={a: b",
    "tier/silver@2:title=a: b",
    "tier/silver@2:title=&a b",
    "tier/silver@2:title=a\nname: gold",
    "tier/silver@2:title=\u202egold",
    "tier/silver@2:title=\ud800",
    "tier/silver@2:scop.travel=hourly",
    "tier/silver@2:onsite-suport=hourly",
    "tier/silver@2:title.it=hourly",
    "tier/silver@2:contracts.blok.type=x",
    "tier/silver@2:contracts[4]=x",
    "tier/silver@2:contracts[3].name=x",
    "tier/silver@2:contracts[0].services.seats=x",
    "tier/silver@2:scope[0]=x",
]


def test_what_cannot_be_supposed_is_told_with_the_cure(golden: Golden) -> None:
    told = [f"{text!a}\n  {visible(str(typed(text)))}\n" for text in AMISS]
    assert all(isinstance(typed(text), str) for text in AMISS)
    gone = [
        "tier/silver@2:travl",
        "tier/silver@2:rank=3",
        "tier/silver@2:contracts[3]",
        "x:roles.x.y",
    ]
    told += [f"--unset {text}\n  {typed(text, gone=True)}\n" for text in gone]
    inherits = TIER.partition("contracts:")[0] + "extends: silver@1\n"
    text = "tier/silver@2:contracts.block.overage_rate=98.00"
    told.append(f"{text}, of a tier that inherits\n  {typed(text, into=inherits)}\n")
    several = "format: 1\nkind: agreement\nrates: [{role: a, rate: 1}, {role: a, rate: 2}]\n"
    text = "agreement/x:rates.a.rate=3"
    told.append(f"{text}\n  {typed(text, into=several)}\n")
    golden(HERE / "golden" / "supposing.txt", "".join(told))


@pytest.mark.parametrize(
    ("subject", "key"),
    [
        ("tier/silver@2", "silver@2"),
        ("tier/gold", "gold@1"),
        ("role/engineer", "engineer"),
        ("work-type/travel", "travel"),
        ("work_type/travel", "travel"),
        ("service/desk", "desk"),
        ("service_bundle/desk", "desk"),
        ("settings", "northwind"),
        ("settings/northwind", "northwind"),
    ],
)
def test_a_document_is_called_by_kind_and_name(subject: str, key: str) -> None:
    found = head_of(Supposition("", subject, ("title",), "x"), HEADS)
    assert isinstance(found, Head)
    assert found.key == key


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("tier/sliver@2", "there is no tier `sliver@2` (did you mean `silver@2` or `silver@1`?)"),
        (
            "tier/silver",
            "`tier/silver` may be several documents (name one of `silver@1`, `silver@2`)",
        ),
        ("teir/silver@2", "there is no kind of document `teir` (did you mean `tier`?)"),
        ("client/acme", "the catalogue has no client ()"),
        ("role/enginer", "there is no role `enginer` (did you mean `role/engineer`?)"),
        ("role", "there is no role `` (known is `engineer`)"),
        ("settings/x", "there is no settings `x` (known is `northwind`)"),
    ],
)
def test_a_document_that_is_not_there_has_near_names(subject: str, said: str) -> None:
    found = head_of(Supposition("", subject, ("title",), "x"), HEADS)
    assert isinstance(found, Amiss)
    assert f"{found.message} ({found.help})" == said


def test_any_key_can_be_part_of_a_route() -> None:
    route = ("udf", 'a."b"', "c=d", 3, "", "e\\")
    found = parsed("", f"service/x:{route_text(route)}=1")
    assert isinstance(found, Supposition)
    assert found.route == route
    assert str(found) == f"service/x:{route_text(route)}=1"


# --- any document, any value ---------------------------------------------------------------------


def routes(value: Any, way: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The ways to all values of a document."""
    inner = list(value.items()) if isinstance(value, dict) else []
    inner = list(enumerate(value)) if isinstance(value, list) else inner
    return [*([way] if way else []), *(r for key, held in inner for r in routes(held, (*way, key)))]


def naive(document: Any, route: tuple[str | int, ...], value: Any, *, gone: bool) -> Any:
    """The document with another value, by plain assignment."""
    copied = copy.deepcopy(document)
    holder = copied
    for step in route[:-1]:
        holder = holder[step]
    if gone:
        del holder[route[-1]]
    elif isinstance(holder, list) and route[-1] == len(holder):
        holder.append(value)
    else:
        holder[route[-1]] = value
    return copied


VALUES: list[Any] = [
    "hourly",
    "",
    "no",
    "a: b",
    "# x",
    "- x",
    "{",
    "Ä\u00a0b",
    "it's",
    'say "x"',
    "2027-01-01",
    " x ",
    0,
    12,
    Decimal("48.00"),
    Decimal("-0.5"),
    True,
    False,
    None,
    [],
    {},
    ["a", {"b": 1}],
    {"units": 45, "price": Decimal("46.00")},
    [{"from": "2027-01-01", "rate": Decimal("88.00")}],
]


KEYS = ["new key", "a: b", "no", "1", "2027-01-01", "null", "?", "- x", '"', "{", "#x", "x.y", "="]


@given(seed=st.integers(0, 10**6), data=st.data())
def test_a_supposition_says_in_any_style_what_an_assignment_says(
    seed: int, data: st.DataObject
) -> None:
    choices = Choices.seeded(seed)
    files = to_yaml(any_catalogue(choices), choices)
    path = data.draw(st.sampled_from(sorted(files)))
    documents = [document.value for document in read(path, files[path])[0]]
    index = data.draw(st.integers(0, len(documents) - 1))
    way = data.draw(st.sampled_from(routes(documents[index])))
    held: Any = documents[index]
    for step in way[:-1]:
        held = held[step]
    gone = data.draw(st.booleans())
    if not gone and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(KEYS))
        way = (*way[:-1], len(held) if isinstance(held, list) else key)
    value = data.draw(st.sampled_from(VALUES))
    text = f"x/y:{route_text(way)}" + ("" if gone else f"={flow(value)}")
    supposition = (unset if gone else parsed)("", text)
    assert isinstance(supposition, Supposition)
    assert supposition.value == (None if gone else value)
    found = supposed(supposition, supposition.route, documents[index])
    wanted = naive(documents[index], way, value, gone=gone)
    if isinstance(found, Amiss):  # what a tier inherits as a whole
        assert "extends" in documents[index]
        return
    assert found.value == wanted
    after = rewritten(files[path], index, found.route, found.value, supposition.written)
    assert isinstance(after, bytes)
    again = [document.value for document in read(path, after)[0]]
    assert again == [*documents[:index], wanted, *documents[index + 1 :]]
    if not isinstance(value, dict | list) and not gone and way in routes(documents[index]):
        assert after.count(b"\n") == files[path].count(b"\n")


# --- a client that moves -------------------------------------------------------------------------

MOVING = """\
format: 1
kind: client
name: acme
---
format: 1
kind: agreement
name: acme-2026
client: acme
tier: silver@1
start: 2026-01-01
---
format: 1
kind: agreement
name: acme-2027
client: acme
tier: [{tier: silver@1}, {from: 2027-03-01, tier: silver@2}, {from: 2027-09-01, tier: gold@1}]
start: 2027-01-01
---
format: 1
kind: agreement
name: acme-project
client: acme
tier: silver@1
default: false
start: 2027-06-01
---
format: 1
kind: client
name: globex
"""


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (None, "agreement/acme-2027:tier=gold@1"),
        (date(2027, 1, 1), "agreement/acme-2027:tier=gold@1"),
        (
            date(2027, 2, 1),
            "agreement/acme-2027:tier=[{tier: silver@1}, {from: 2027-02-01, tier: gold@1}]",
        ),
        (
            date(2027, 6, 1),
            (
                "agreement/acme-2027:tier=[{tier: silver@1}, {from: 2027-03-01, tier: silver@2}, "
                "{from: 2027-06-01, tier: gold@1}]"
            ),
        ),
        (
            date(2026, 12, 31),
            (
                "agreement/acme-2026:tier=[{from: 2026-01-01, tier: silver@1}, "
                "{from: 2026-12-31, tier: gold@1}]"
            ),
        ),
    ],
)
def test_a_move_is_of_the_agreement_in_force(day: date | None, says: str) -> None:
    heads = [head(document) for document in read("a.yaml", MOVING.encode())[0]]
    found = moved("--tier-of 1", " acme = gold@1 ", day, heads, {"a.yaml": MOVING.encode()})
    assert str(found) == says


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("acme", "expected CLIENT=TIER, found `acme`"),
        ("acme=", "expected CLIENT=TIER, found `acme=`"),
        ("globx=gold@1", "there is no client `globx`"),
        ("globex=gold@1", "client `globex` has no agreement on a tier on 2027-02-01"),
        ("acme=gold@1", "client `acme` has no agreement on a tier on 2025-02-01"),
    ],
)
def test_a_move_that_cannot_be_is_told(text: str, said: str) -> None:
    heads = [head(document) for document in read("a.yaml", MOVING.encode())[0]]
    day = date(2025 if text == "acme=gold@1" else 2027, 2, 1)
    found = moved("--tier-of 1", text, day, heads, {"a.yaml": MOVING.encode()})
    assert isinstance(found, Amiss)
    assert found.message == said


def test_suppositions_are_taken_one_after_the_other() -> None:
    texts = {"a.yaml": MOVING.encode(), "b.yaml": b"# nothing here\n"}
    heads = [head(document) for document in read("a.yaml", MOVING.encode())[0]]
    written = [
        parsed("--set 1", "agreement/acme-2026:services.seat=4"),
        parsed("--set 2", "agreement/acme-2026:services.seat=5"),
        parsed("--set 3", "agreement/acme-2028:services.seat=5"),
        parsed("--set 4", "agreement/acme-2026:services.seat.price=5"),
        unset("--unset 1", "agreement/acme-2026:services.server"),
    ]
    suppositions = [one for one in written if isinstance(one, Supposition)]
    found, amiss = supposed_texts(texts, heads, suppositions)
    assert [one.place for one in amiss] == ["--set 3", "--set 4", "--unset 1"]
    assert b"start: 2026-01-01\nservices: {seat: 5}\n---" in found["a.yaml"]
    assert found["b.yaml"] == texts["b.yaml"]
    assert texts["a.yaml"] == MOVING.encode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('agreement/acme-2026:services.""=1', "no file can say so"),
        ('agreement/acme-2026:services."\u202e"=1', "no file can say so"),
        ('agreement/acme-2026:services."\ud800"=1', "no file can say so"),
        (f"agreement/acme-2026:a.b.c.d={'[' * 29}{']' * 29}", "no field"),
        (f"agreement/acme-2026:services.b.c.d={'[' * 29}{']' * 29}", "no file can say so"),
        (f"agreement/acme-2026:services={'[' * 40}{']' * 40}", "is no value"),
        (f"agreement/acme-2026:notes={'x' * 1_048_300}", "no file can say so"),
        (f"agreement/acme-2026:notes={'x' * 1_100_000}", "is no value"),
        (f"agreement/acme-2026:services.x={'9' * 60}", "is no value"),
    ],
)
def test_what_no_file_can_say_is_amiss(text: str, said: str) -> None:
    texts = {"a.yaml": MOVING.encode()}
    heads = [head(document) for document in read("a.yaml", MOVING.encode())[0]]
    one = parsed("--set 1", text)
    amiss = (one,) if isinstance(one, Amiss) else supposed_texts(texts, heads, [one])[1]
    (found,) = amiss
    assert said in found.message
