"""BD506."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from billing_dsl.analysis.views import Portfolio
from billing_dsl.diagnostics import Finding, Label, Place, Severity
from billing_dsl.kinds.exclusion_set import ExclusionSet
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.rules import rule
from billing_dsl.rules._titles import plain

Named: TypeAlias = tuple[str, str, Place, str]
"""What it is called in Autotask, what it is called here, where that is written, its subject."""


@rule("BD506", Severity.ERROR)
def same_name_in_autotask(portfolio: Portfolio) -> Iterator[Finding]:
    """Two clients, roles, services or exclusion sets that Autotask could not tell apart.

    Objects are found there by their names: of two with one name, one would be taken for the other
    and changed in its place. Capitals and spaces make no difference.

    Fails:

        kind: client
        name: acme
        legal_name: Acme S.r.l.
        autotask: {number: C-1042}
        ---
        kind: client
        name: acme-milano
        legal_name: Acme Milano S.r.l.
        autotask: {number: C-1042}

    Passes:

        kind: client
        name: acme
        legal_name: Acme S.r.l.
        autotask: {number: C-1042}
        ---
        kind: client
        name: acme-milano
        legal_name: Acme Milano S.r.l.
        autotask: {number: C-1043}
    """
    catalogue = portfolio.shared.catalogue
    facts = portfolio.facts
    yield from _twice(
        "clients",
        "the organization",
        ((f.organization, f.client, f.place, f"client/{f.client}") for f in facts),
    )
    yield from _twice(
        "clients",
        "the number",
        (
            (f.number, f.client, _at(f.place, "autotask", "number"), f"client/{f.client}")
            for f in facts
            if f.number
        ),
    )
    yield from _twice(
        "roles",
        "the name",
        ((r.autotask_name, r.name, r.at(*_role_route(r)), r.subject) for r in catalogue.all(Role)),
    )
    for word, named in (
        ("services", catalogue.all(Service)),
        ("service bundles", catalogue.all(ServiceBundle)),
        ("exclusion sets", catalogue.all(ExclusionSet)),
    ):
        yield from _twice(
            word, "the title", ((d.title, d.name, d.at("title"), d.subject) for d in named)
        )


def _at(place: Place, *route: str) -> Place:
    return Place(place.path, place.document, route)


def _role_route(role: Role) -> tuple[str, ...]:
    return ("title",) if role.autotask_name == role.title else ("autotask", "name")


def _twice(word: str, what: str, named: Iterable[Named]) -> Iterator[Finding]:
    first: dict[str, tuple[str, Place]] = {}
    for there, here, place, subject in named:
        known, written = first.setdefault(plain(there), (here, place))
        if written != place:
            yield Finding(
                place,
                f"{word} `{known}` and `{here}` have {what} `{there}` in common",
                label="the same in Autotask",
                help="give one of them another, or remove one if both are the same",
                related=(Label(written, f"`{known}`"),),
                subject=subject,
            )
