"""A scenario: a test that a billing admin can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from billing_dsl.model.declaration import Declaration, House, Kind, Mention, base
from billing_dsl.source.document import Document


@dataclass(frozen=True, slots=True)
class Scenario(Declaration):
    """One entry of work, and what is expected of it."""

    KIND: ClassVar[str] = "scenario"

    client: str
    role: str
    sub_issue: str
    day: date
    begins: str
    """The contract from which it starts, AGREEMENT/CONTRACT; empty is the default contract."""
    work_type: str
    expected: Mapping[str, Any]
    """What the document expects, by the words of `then`."""


def _build(document: Document, _house: House) -> Scenario:
    given = document.value["given"]
    return Scenario(
        *base(document),
        client=given["client"],
        role=given["role"],
        sub_issue=given.get("sub_issue", ""),
        day=date.fromisoformat(given["on"]),
        begins=given.get("start", ""),
        work_type=document.value["when"]["work_type"],
        expected=document.value["then"],
    )


def _mentions(scenario: Scenario) -> Iterator[Mention]:
    yield Mention("client", scenario.client, ("given", "client"))
    yield Mention("role", scenario.role, ("given", "role"))
    if scenario.sub_issue:
        yield Mention("sub_issue", scenario.sub_issue, ("given", "sub_issue"))
    yield Mention("work_type", scenario.work_type, ("when", "work_type"))


SCENARIO = Kind(Scenario, _build, _mentions, shared=False)
