"""A sub-issue of tickets: the third thing by which Autotask excludes work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from billing_dsl.model.declaration import Declaration, House, Kind, base
from billing_dsl.source.document import Document


@dataclass(frozen=True, slots=True)
class SubIssue(Declaration):
    """A sub-issue under its issue. Out of the API's reach: always a step for a person."""

    KIND: ClassVar[str] = "sub_issue"

    titles: Mapping[str, str]
    issue: str
    issues: Mapping[str, str]
    """The issue by language."""


def _build(document: Document, _house: House) -> SubIssue:
    value = document.value
    return SubIssue(
        *base(document),
        titles=value.get("titles", {}),
        issue=value["issue"],
        issues=value.get("issues", {}),
    )


SUB_ISSUE = Kind(SubIssue, _build)
