"""BD506."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias

from billing_dsl.analysis.views import Portfolio
from billing_dsl.diagnostics import Finding, Label, Place, Severity
from billing_dsl.kinds.exclusion_set import ExclusionSet
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.rules import rule
from billing_dsl.rules._titles import plain

Named: TypeAlias = tuple[str, Place, str]
"""What something is called here, where its name in Autotask is written, and its subject."""


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
    facts = portfolio.facts
    yield from _twice(
        "clients",
        "the organization",
        [f.organization for f in facts],
        lambda at: (facts[at].client, facts[at].place, f"client/{facts[at].client}"),
    )
    numbered = [f for f in facts if f.number]
    yield from _twice(
        "clients",
        "the number",
        [f.number for f in numbered],
        lambda at: (
            numbered[at].client,
            replace(numbered[at].place, route=("autotask", "number")),
            f"client/{numbered[at].client}",
        ),
    )
    catalogue = portfolio.shared.catalogue
    roles = catalogue.all(Role)
    yield from _twice(
        "roles",
        "the name",
        [role.autotask_name for role in roles],
        lambda at: (roles[at].name, roles[at].at(*_role_route(roles[at])), roles[at].subject),
    )
    yield from _titles("services", catalogue.all(Service))
    yield from _titles("service bundles", catalogue.all(ServiceBundle))
    yield from _titles("exclusion sets", catalogue.all(ExclusionSet))


def _role_route(role: Role) -> tuple[str, ...]:
    return ("title",) if role.autotask_name == role.title else ("autotask", "name")


def _titles(
    word: str, declared: Sequence[Service | ServiceBundle | ExclusionSet]
) -> Iterator[Finding]:
    return _twice(
        word,
        "the title",
        [found.title for found in declared],
        lambda at: (declared[at].name, declared[at].at("title"), declared[at].subject),
    )


def _twice(
    word: str, what: str, names: Sequence[str], tell: Callable[[int], Named]
) -> Iterator[Finding]:
    keys = plain_all(names)
    if len(set(keys)) == len(keys):
        return
    first: dict[str, int] = {}
    for position, key in enumerate(keys):
        known = first.setdefault(key, position)
        if known != position:
            one, written, _ = tell(known)
            two, place, subject = tell(position)
            yield Finding(
                place,
                f"{word} `{one}` and `{two}` have {what} `{names[position]}` in common",
                label="the same in Autotask",
                help="give one of them another, or remove one if both are the same",
                related=(Label(written, f"`{one}`"),),
                subject=subject,
            )


def plain_all(names: Sequence[str]) -> list[str]:
    """Each name as `plain` makes it: all at once, which for thousands is ten times as fast."""
    whole = unicodedata.normalize("NFC", "\n".join(names)).casefold()
    keys = whole.split("\n")
    if len(keys) != len(names) or " ".join(whole.split()) != whole.replace("\n", " "):
        return [plain(name) for name in names]
    return keys
