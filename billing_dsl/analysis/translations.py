"""What documents print of the catalogue, and what of it is missing in the client's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from billing_dsl.analysis.coverage import FamilyCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.book.book import Shared
from billing_dsl.book.contract import Contract
from billing_dsl.diagnostics import Route
from billing_dsl.kinds._contract import ContractTerms, ContractType
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.sub_issue import SubIssue
from billing_dsl.kinds.tier import Tier
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.model.declaration import Declaration


@dataclass(frozen=True, slots=True)
class Text:
    """A text that documents print: what it is, where it stands, and the field beside it that
    holds it in other languages.
    """

    what: str
    route: Route
    field: str
    translations: Mapping[str, str]


TextKey = tuple[str, str]
"""The subject of a declaration, and which of its texts is meant."""


def texts(declaration: Declaration) -> Iterator[Text]:
    """The texts of a declaration that documents for clients may print."""
    if isinstance(declaration, WorkType | Role | Service | ServiceBundle | SubIssue | Tier):
        yield Text("title", ("title",), "titles", declaration.titles)
    match declaration:
        case WorkType():
            yield Text("description", ("description",), "descriptions", declaration.descriptions)
        case SubIssue():
            yield Text("issue", ("issue",), "issues", declaration.issues)
        case Tier():
            if declaration.summary:
                yield Text("summary", ("summary",), "summaries", declaration.summaries)
            yield from names_of_contracts(declaration.contracts)
        case Agreement():
            yield from names_of_contracts(declaration.contracts)
        case _:
            pass


def names_of_contracts(contracts: tuple[ContractTerms, ...]) -> Iterator[Text]:
    """The names of contracts that documents print: of those that something tells apart."""
    types = [terms.type for terms in contracts]
    for position, terms in enumerate(contracts):
        if terms.setup_fee is not None or types.count(terms.type) > 1:
            route = ("contracts", position, "name")
            yield Text(f"title for contract `{terms.name}`", route, "titles", terms.titles)


def missing(declaration: Declaration, code: str) -> tuple[Text, ...]:
    """The texts of a declaration that there are not in a language."""
    return tuple(text for text in texts(declaration) if code not in text.translations)


def asked_for(client: Client, shared: Shared) -> str:
    """The language in which a client's documents have to be whole; empty where none has to be.

    It is one that the settings promise, and not the one in which the catalogue is written.
    """
    settings = shared.settings
    if not any(code != settings.written_in for code in settings.languages):
        return ""
    from billing_dsl.languages import read_where

    code = read_where(client.language, settings)
    return code if code in settings.languages and code != settings.written_in else ""


def untranslated(
    family: FamilyCoverage,
    client: Client,
    agreements: Iterable[Agreement],
    contracts: Iterable[Contract],
) -> tuple[TextKey, ...]:
    """The texts of shared declarations that a client's documents print, and that there are not in
    its language.

    A role counts where it may stand in a table of rates, and a role or sub-issue where a contract
    or an exception names it.
    """
    code = asked_for(client, family.shared)
    if not code:
        return ()
    lacking = family.walker.once(f"untranslated {code}", lambda: _lacking(family.shared, code))
    if not lacking:
        return ()
    printed = set(_printed(family, client, agreements, contracts, code))
    return tuple(key for key in lacking if key in printed)


def _lacking(shared: Shared, code: str) -> tuple[TextKey, ...]:
    declared: tuple[Declaration, ...] = (
        *shared.work_types,
        *shared.roles,
        *shared.sub_issues,
        *shared.services.values(),
        *shared.catalogue.all(Tier),
    )
    return tuple((one.subject, text.what) for one in declared for text in missing(one, code))


PRICED = {ContractType.TIME_AND_MATERIALS, ContractType.BLOCK_HOURS, ContractType.RETAINER, None}
"""The types of contract whose tables of rates name roles; None for work that no contract takes."""


def _printed(
    family: FamilyCoverage,
    client: Client,
    agreements: Iterable[Agreement],
    contracts: Iterable[Contract],
    code: str,
) -> Iterator[TextKey]:
    in_use = 0
    ends: set[ContractType | None] = set()
    for covered in family.of_client(client):
        in_use |= covered.segment.shape.cells
        for end in covered.routing:
            found = end.outcome is Outcome.COVERED
            ends.add(covered.segment.contracts[end.contract].type if found else None)
    roles: set[str] = set()
    sub_issues: set[str] = set()
    for agreement in agreements:
        for name, steps in agreement.services.items():
            if any(step.units for step in steps):
                yield family.shared.services[name].subject, "title"
        for exception in agreement.exceptions:
            named = {"role": roles, "sub_issue": sub_issues}.get(exception.dimension, set())
            named.add(exception.name)
    for contract in contracts:
        if not contract.agreement.default:  # a start of its own, whose ways are not followed here
            ends.add(None)
        for phase in contract.phases:
            roles.update(phase.excludes.roles)
            sub_issues.update(phase.excludes.sub_issues)
            if phase.tier is not None:
                yield phase.tier.tier.subject, "title"
                if phase.tier.summary_in(code) is None:
                    yield phase.tier.summary_from.subject, "summary"
                origin = phase.tier.contracts_from
                for text in names_of_contracts(origin.contracts):
                    yield origin.subject, text.what
    for name in family.cells.work_types_in(in_use):
        yield f"work_type/{name}", "title"
        yield f"work_type/{name}", "description"
    for name in family.cells.roles_in(in_use):
        if ends & PRICED or name in roles:
            yield f"role/{name}", "title"
    for name in sub_issues:
        yield f"sub_issue/{name}", "issue"
        yield f"sub_issue/{name}", "title"
