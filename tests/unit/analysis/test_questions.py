"""What is told of one client among its family: its graph, and reasons that hold for all asked."""

from __future__ import annotations

from datetime import date

from billing_dsl import pipeline
from billing_dsl.analysis.answer import AnswerGroup, NoAnswer, answers
from billing_dsl.analysis.drawing import of_client
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.report._graphs import mermaid
from billing_dsl.rules._examples import AS_OF, completed

DAY = date(2027, 3, 1)
FAMILY = """
kind: client
name: group
legal_name: The Group
---
kind: client
name: north
legal_name: North
parent: group
---
kind: client
name: south
legal_name: South
parent: group
---
kind: agreement
name: group-2027
client: group
start: 2027-01-01
end: 2027-12-31
contracts:
  - {name: hourly, type: time_and_materials}
---
kind: agreement
name: north-2027
client: north
start: 2027-01-01
end: 2027-12-31
contracts:
  - name: managed
    type: time_and_materials
    excludes: {work_types: [onsite-support], roles: [architect]}
    falls_to: south-2027/visits
---
kind: agreement
name: south-2027
client: south
start: 2027-01-01
end: 2027-06-30
contracts:
  - {name: remote, type: time_and_materials}
  - {name: visits, type: time_and_materials}
"""


ENGINEER = "kind: role\nname: engineer\ntitle: Engineer\nrate: 85.00\n"


def client(name: str, text: str = FAMILY) -> ClientCoverage:
    files = completed(text)
    readings = [pipeline.read_file(path, files[path]) for path in sorted(files)]
    checked = pipeline.check(readings, AS_OF, (), keep=True)
    return next(view for view in checked.clients if view.client.name == name)


def drawn(name: str, day: date = DAY) -> list[str]:
    drawing = of_client(client(name), day)
    return [] if drawing is None else [node.id for node in drawing.nodes]


def test_a_graph_shows_a_client_its_parent_and_whatever_they_fall_to() -> None:
    assert drawn("group") == ["group-2027/hourly"]
    assert drawn("north") == ["group-2027/hourly", "north-2027/managed", "south-2027/visits"]
    assert drawn("south") == ["group-2027/hourly", "south-2027/remote", "south-2027/visits"]


def test_contracts_of_several_agreements_say_whose_they_are() -> None:
    drawing = of_client(client("north"), DAY)
    assert drawing is not None
    assert [node.of for node in drawing.nodes] == [
        "agreement group-2027, client group",
        "agreement north-2027",
        "agreement south-2027, client south",
    ]
    assert '"hourly<br/>agreement group-2027, client group<br/>' in mermaid(drawing)
    alone = of_client(client("group"), DAY)
    assert alone is not None
    assert [node.of for node in alone.nodes] == [""]


def test_a_client_without_a_contract_of_its_own_shows_its_parents() -> None:
    assert drawn("south", date(2027, 9, 1)) == ["group-2027/hourly"]
    assert drawn("group", date(2028, 1, 1)) == []


def reasons(group: AnswerGroup) -> list[tuple[tuple[str, str], ...]]:
    return [hop.excluded for hop in group.answer.path.hops]


def test_a_group_of_roles_is_told_what_holds_for_all_of_them() -> None:
    found = answers(client("north"), "onsite-support", DAY)
    assert isinstance(found, tuple)
    by_roles = {group.roles: reasons(group) for group in found}
    onsite = ("work_type", "onsite-support")
    assert by_roles[("architect",)] == [(onsite, ("role", "architect")), ()]
    assert by_roles[("engineer",)] == [(onsite,), ()]
    same = answers(client("north"), "onsite-support", DAY, start="north-2027/managed")
    assert same == found


def test_roles_with_one_rate_are_one_group() -> None:
    alike = FAMILY.replace("[architect]", "[architect, engineer]")
    roles = f"---\n{ENGINEER}---\n{ENGINEER.replace('engineer', 'architect')}"
    found = answers(client("north", alike + roles), "onsite-support", DAY)
    assert isinstance(found, tuple)
    (group,) = found
    assert group.roles == ("architect", "engineer")
    assert reasons(group) == [(("work_type", "onsite-support"),), ()]


def test_a_day_before_every_role_has_no_answer() -> None:
    later = f"---\n{ENGINEER}from: 2027-06-01\n"
    view = client("group", FAMILY.replace(", roles: [architect]", "") + later)
    assert answers(view, "onsite-support", DAY) == NoAnswer("no role is in use on 2027-03-01")
    assert isinstance(answers(view, "onsite-support", date(2027, 6, 1)), tuple)
