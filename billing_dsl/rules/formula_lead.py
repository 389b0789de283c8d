"""BD508."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.diagnostics import Finding, Place, Severity
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.exclusion_set import ExclusionSet
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.service import Service
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.sub_issue import SubIssue
from billing_dsl.kinds.tier import Tier
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.rules import rule

LEADS = frozenset("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")
"""What makes a spreadsheet take the text after it for a formula; the last four are full width."""

DIALLED = re.compile(r"\+?[0-9][0-9 ()./-]*")
"""A telephone number: a spreadsheet that computes it still shows a number."""

COVERS = frozenset("\"'`;,|")
"""What a spreadsheet may take for the end of the cell before."""


@rule("BD508", Severity.ERROR)
def formula_lead(view: Declared | ClientCoverage) -> Iterator[Finding]:
    """A name or title that a spreadsheet would run as a formula.

    Import files are CSV and are opened in spreadsheets: text that begins with `=`, `+`, `-` or `@`
    is computed there instead of shown, and may reach out for other files. Telephone numbers may
    begin with `+`.

    Fails:

        kind: client
        name: acme
        legal_name: =Acme S.r.l.

    Passes:

        kind: client
        name: acme
        legal_name: Acme S.r.l.
    """
    if isinstance(view, Declared):
        yield from _found(_shared(view))
        return
    client = view.client
    names = (client.legal_name, client.organization, client.number, client.tax_id)
    others = (client.tax_region, client.owner, _not_dialled(client.phone))
    if any(_suspect(text) for text in (*names, *others, *client.address.values())):
        for finding in _found(_of_client(client)):
            yield replace(finding, reached=view.reach())
    for agreement in view.family.book.agreements:
        if agreement.client == client.name and (
            _suspect(agreement.title) or _suspect(agreement.number) or agreement.contracts
        ):
            for finding in _found(_of_agreement(agreement)):
                yield replace(finding, reached=view.reach(agreement))


def _not_dialled(phone: str) -> str:
    """What stands for a telephone number and is none."""
    return "" if DIALLED.fullmatch(phone) else phone


def _suspect(text: str) -> bool:
    """Whether a text may be a formula: it begins neither with a letter nor with a digit."""
    return bool(text) and not text[0].isalnum()


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run a text, whatever it overlooks before the sign."""
    for character in text:
        if character in LEADS:
            return True
        category = unicodedata.category(character)
        if character not in COVERS and category[0] not in "ZC":
            return False
    return False


def _found(written: Iterable[tuple[str, Place, str]]) -> Iterator[Finding]:
    for text, place, subject in written:
        if is_formula(text):
            yield Finding(
                place,
                f"`{text}` begins like a formula",
                label="a spreadsheet would compute it",
                help="begin it with a letter or a digit",
                subject=subject,
            )


def _shared(view: Declared) -> Iterator[tuple[str, Place, str]]:
    catalogue = view.shared.catalogue
    for kind in (Role, WorkType, SubIssue, Service, ServiceBundle, ExclusionSet, Tier):
        for declaration in catalogue.all(kind):
            subject = declaration.subject
            yield declaration.title, declaration.at("title"), subject
            match declaration:
                case Role(autotask_name=name) if name != declaration.title:
                    yield name, declaration.at("autotask", "name"), subject
                case WorkType(external_number=number, ledger=ledger):
                    yield number, declaration.at("external_number"), subject
                    yield ledger, declaration.at("ledger"), subject
                case Service() | ServiceBundle():
                    yield declaration.billing_code, declaration.at("billing_code"), subject
                    place = declaration.at("invoice_description")
                    yield declaration.invoice_description, place, subject
                case SubIssue(issue=issue):
                    yield issue, declaration.at("issue"), subject
                case Tier():
                    yield from _of_contracts(declaration)


def _of_contracts(declaration: Tier | Agreement) -> Iterator[tuple[str, Place, str]]:
    subject = declaration.subject
    for terms in declaration.contracts:
        here = ("contracts", terms.name)
        yield terms.category, declaration.at(*here, "category"), subject
        yield terms.number, declaration.at(*here, "number"), subject
        for row, milestone in enumerate(terms.milestones):
            yield milestone.title, declaration.at(*here, "milestones", row, "title"), subject


def _of_client(client: Client) -> Iterator[tuple[str, Place, str]]:
    subject = client.subject
    yield client.legal_name, client.at("legal_name"), subject
    if client.organization != client.legal_name:
        yield client.organization, client.at("autotask", "organization"), subject
    yield client.number, client.at("autotask", "number"), subject
    yield client.tax_id, client.at("tax_id"), subject
    yield client.tax_region, client.at("tax_region"), subject
    yield client.owner, client.at("owner"), subject
    yield _not_dialled(client.phone), client.at("phone"), subject
    for part, text in client.address.items():
        yield text, client.at("address", part), subject


def _of_agreement(agreement: Agreement) -> Iterator[tuple[str, Place, str]]:
    yield agreement.title, agreement.at("title"), agreement.subject
    yield agreement.number, agreement.at("number"), agreement.subject
    yield from _of_contracts(agreement)
