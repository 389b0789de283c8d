"""BD208."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Portfolio
from billing_dsl.diagnostics import Finding, Severity
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.model.resolve import WORDS
from billing_dsl.rules import rule


@rule("BD208", Severity.WARNING)
def nothing_to_prove(portfolio: Portfolio) -> Iterator[Finding]:
    """A catalogue without any role, or without any work type.

    Whatever an engineer logs is of a work type and done in a role, so without either there is no
    work, and nothing is proved, however many clients there are. An empty catalogue begins with
    these three: the settings, the roles with their rates, and the list of work types.
    `billing-dsl init` writes a small one to begin from.

    Nothing is said where a document of that kind cannot be read, nor where one names a role or
    work type that nobody declares: then that is the finding.

    Fails:

        # the whole catalogue
        kind: settings
        name: msp
        title: The MSP
        currency: EUR
        timezone: Europe/Rome
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00

    Passes:

        # the whole catalogue
        kind: settings
        name: msp
        title: The MSP
        currency: EUR
        timezone: Europe/Rome
        ---
        kind: role
        name: engineer
        title: Engineer
        rate: 85.00
        ---
        kind: work_type
        name: remote-support
        title: Remote Support
        billing_class: core
        description: Help from the office by telephone and remote control.
    """
    catalogue = portfolio.shared.catalogue
    missing = [
        kind.KIND
        for kind in (Role, WorkType)
        if not catalogue.all(kind)
        and not catalogue.silent
        and not catalogue.lost.get(kind.KIND)
        and kind.KIND not in portfolio.unknown
    ]
    if missing:
        settings = portfolio.shared.settings
        kinds = " and one of kind ".join(f"`{kind}`" for kind in missing)
        yield Finding(
            settings.at("name"),
            f"the catalogue has no {' and no '.join(WORDS[kind] for kind in missing)}: "
            "there is no work to prove",
            label="this catalogue",
            help=f"add a document of kind {kinds}; `billing-dsl init` with the name of a new "
            "folder writes a small catalogue to copy from",
            subject=settings.subject,
        )
