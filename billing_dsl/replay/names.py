"""What entries call clients, work types, roles and sub-issues, and what the catalogue calls them.

A text is compared with every name that a document gives a thing: the one in Autotask first, then
numbers and titles, and the catalogue's own name last. Case, width and spaces do not matter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from billing_dsl.kinds.role import Role
from billing_dsl.kinds.sub_issue import SubIssue
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.model.resolve import nearest
from billing_dsl.replay.routed import Customer

ASSUMED = "\ue000"
"""Stands before a name that no file writes: the catalogue's own, which an entry export assumes.

Before a text of a file that begins with it, it stands once more.
"""


def folded(text: str) -> str:
    """A name by which things are found: composed, in one case, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True, slots=True)
class Unknown:
    """A text that names nothing, or two things alike."""

    text: str
    shared_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one kind of thing: what somebody may call it, the strongest names first."""

    calls: Sequence[Mapping[str, tuple[str, ...]]]
    shown: Mapping[str, tuple[str, str]]
    """By each folded name: what it calls, and the strongest name of that as it is written."""
    _known: dict[str, str | Unknown] = field(default_factory=dict)
    _near: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def named(self, text: str) -> str | Unknown:
        """The declared name of what a text calls, or why there is none."""
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = self._looked_up(text)
        return found

    def _looked_up(self, text: str) -> str | Unknown:
        if text.startswith(ASSUMED):
            text = text.removeprefix(ASSUMED)
            if not text.startswith(ASSUMED):
                return text
        wanted = folded(text)
        for calls in self.calls:
            named = calls.get(wanted, ())
            if len(named) == 1:
                return named[0]
            if named:
                return Unknown(text, shared_by=named)
        return Unknown(text)

    def near(self, text: str) -> tuple[str, ...]:
        """The names nearest to a text that is unknown. Among many names that takes its time."""
        found = self._near.get(text)
        if found is None:
            near = nearest(folded(text.removeprefix(ASSUMED)), self.shown)
            found = self._near[text] = tuple(dict(self.shown[name] for name in near).values())
        return found


def _names(things: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> Names:
    """Names of things, each with the texts that call it, by their strength."""
    calls: list[dict[str, tuple[str, ...]]] = []
    shown: dict[str, tuple[str, str]] = {}
    for name, strengths in things:
        strongest = next(text for texts in strengths for text in texts if text)
        for strength, texts in enumerate(strengths):
            while len(calls) <= strength:
                calls.append({})
            for text in texts:
                wanted = folded(text)
                if not wanted:
                    continue
                shown.setdefault(wanted, (name, strongest))
                others = calls[strength].get(wanted, ())
                if name not in others:
                    calls[strength][wanted] = (*others, name)
    return Names(calls, shown)


def of_clients(clients: Iterable[Customer]) -> Names:
    """By organization, number, legal name and title, and the catalogue's own name."""
    return _names(
        (one.name, ((one.organization,), (one.number,), (one.legal_name, one.title), (one.name,)))
        for one in clients
    )


def of_work_types(work_types: Iterable[WorkType]) -> Names:
    """By title, external number, title in other languages, and the catalogue's own name."""
    return _names(
        (one.name, ((one.title,), (one.external_number,), tuple(one.titles.values()), (one.name,)))
        for one in work_types
    )


def of_roles(roles: Iterable[Role]) -> Names:
    """By name in Autotask, title, title in other languages, and the catalogue's own name."""
    return _names(
        (one.name, ((one.autotask_name,), (one.title,), tuple(one.titles.values()), (one.name,)))
        for one in roles
    )


def of_sub_issues(sub_issues: Iterable[SubIssue]) -> Names:
    """By title, title in other languages, and the catalogue's own name."""
    return _names(
        (one.name, ((one.title,), tuple(one.titles.values()), (one.name,))) for one in sub_issues
    )
