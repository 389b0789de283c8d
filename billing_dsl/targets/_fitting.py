"""Whether own templates and the catalogue fit together: what the ones ask and the other says."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.analysis.views import Declared
from billing_dsl.diagnostics import Fault, Finding, Label, Reach
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.service import Service
from billing_dsl.model.resolve import did_you_mean
from billing_dsl.targets import Views
from billing_dsl.targets._imports import (
    Misfit,
    Row,
    organization,
    screens,
    service,
    unknown,
    unknown_required,
)
from billing_dsl.targets._own_documents import documents_fit
from billing_dsl.templates.columns import Of, Screen
from billing_dsl.templates.imports import ImportTemplate

_LANES = {Screen.ORGANIZATIONS: "companies", Screen.SERVICES: "services"}


def in_use(declared: Declared, screen: Screen) -> ImportTemplate | None:
    """The tenant's own template of a screen, where its files are made at all."""
    if declared.shared.settings.lanes[_LANES[screen]] != "import":
        return None
    return declared.templates.imports.get(screen)


def fits_together(declared: Declared) -> Iterator[Fault]:
    """What there is to say of own templates beside the settings, and of services in them."""
    yield from documents_fit(declared.templates)
    for screen in Screen:
        template = declared.templates.imports.get(screen)
        if template is not None:
            yield from _of_template(declared, screen, template)
    template = in_use(declared, Screen.SERVICES)
    if template is None:
        return
    found = screens(declared)
    for each in declared.shared.services.values():
        if isinstance(each, Service):
            row = service(each, declared.as_of, found)
            yield from _misfits(each, row, template, ())


def clients_fit(declared: Declared, views: Views) -> Iterator[Fault]:
    """What the template of organizations asks, and the clients of a family cannot say."""
    template = in_use(declared, Screen.ORGANIZATIONS)
    if template is None:
        return
    names = {view.client.name: view.client.organization for view in views}
    for view in views:
        row = organization(view.client, names.get(view.client.parent, ""), screens(declared))
        yield from _misfits(view.client, row, template, view.reach())


def _of_template(declared: Declared, screen: Screen, template: ImportTemplate) -> Iterator[Fault]:
    settings = declared.shared.settings
    if in_use(declared, screen) is None:
        lane = settings.lanes[_LANES[screen]]
        yield Fault(
            "BD552",
            Finding(
                template.columns[0].span,
                f"this template is not used: {screen.value} go by the lane `{lane}`",
                label="a template of the import screen",
                help=f"write `{_LANES[screen]}: import` under `lanes` in the settings, or move the "
                "file elsewhere",
                related=(Label(settings.at("lanes", _LANES[screen]), "said here"),),
                subject=settings.subject,
            ),
        )
        return
    for column in unknown_required(template):
        yield Fault(
            "BD554",
            Finding(
                column.span,
                f"the template requires a column that the catalogue has nothing for: "
                f"“{column.header}”",
                label="required of every row",
                help="see in Autotask whether it has to be required, or give another lane to "
                f"`{_LANES[screen]}` in the settings",
                subject=settings.subject,
            ),
        )
    for column in unknown(template):
        yield Fault(
            "BD561",
            Finding(
                column.span,
                f"nobody knows what this column of the template holds: “{column.header}”",
                label="left empty in every row",
                help="if its header is misspelt, download the template again; else nothing is lost "
                "but what a person enters",
                subject=settings.subject,
            ),
        )
    contacts = [one for one in template.columns if one.of is Of.CONTACT and one.wanted]
    if contacts:
        first, number = contacts[0], len(contacts)
        yield Fault(
            "BD556",
            Finding(
                first.span,
                f"the template requires a contact, {number} column{'s' * (number > 1)} of it, and "
                "the catalogue knows none",
                label="the first of them; they are left empty",
                help="download the template of organizations without contacts",
                subject=settings.subject,
            ),
        )


def _misfits(
    declared: Client | Service, row: Row, template: ImportTemplate, reached: tuple[Reach, ...]
) -> Iterator[Fault]:
    for misfit in row.misfits:
        kind = declared.KIND
        known: tuple[Label, ...] = ()
        if misfit.column is not None:
            known = (Label(misfit.column.span, f"the column of `{template.path}`"),)
        yield Fault(
            misfit.code,
            Finding(
                declared.at(*misfit.route, key=misfit.code == "BD557"),
                f"{kind} `{declared.name}` does not fit the import template: {misfit.reason}",
                label=_LABELS[misfit.code],
                help=misfit.cure or _cure(misfit, template),
                related=known,
                subject=declared.subject,
                reached=reached,
            ),
        )


_LABELS = {
    "BD554": "to be said here",
    "BD555": "what its column does not take",
    "BD557": "named here",
}


def _cure(misfit: Misfit, template: ImportTemplate) -> str:
    if misfit.code == "BD557":
        called = str(misfit.route[-1])
        near = did_you_mean(called, template.labels)
        return near or "write the label as the template has it, after `UDF:` and the number"
    if misfit.code == "BD554":
        return "say it, or accept with a waiver that a person enters the whole row"
    return "change it, or accept with a waiver that a person enters it"
