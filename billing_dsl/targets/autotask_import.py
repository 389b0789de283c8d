"""The import lane: CSV files for the import screens of Autotask's user interface."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from billing_dsl.kinds.service import Service
from billing_dsl.targets import (
    Assembled,
    Compilation,
    Everybody,
    Passage,
    Teller,
    Views,
    target,
)
from billing_dsl.targets._csv import filled
from billing_dsl.targets._imports import Row, organization, screens, service
from billing_dsl.targets._lanes import Lane, lanes
from billing_dsl.templates.columns import Screen
from billing_dsl.templates.imports import ImportTemplate

FOLDER = "autotask/import"
CLIENTS = f"{FOLDER}/organizations.csv"
SERVICES = f"{FOLDER}/services.csv"


@target
def autotask_import(compilation: Compilation) -> Teller:
    """Files for Autotask's import screens: organizations and services.

    `settings.lanes` chooses them; nothing else that the book holds has an import screen. Parents
    stand before their subsidiaries. A template of the tenant's own, `templates/autotask/*.csv`, is
    filled as it is: its headers in their order, its delimiter and its encoding. Without one the
    headers are defaults and unverified: the checklist says what to compare them with, and what the
    files cannot say.
    """
    return _Imports(compilation)


class _Imports(Teller):
    def __init__(self, compilation: Compilation) -> None:
        self._declared = compilation.declared
        self._screens = screens(compilation.declared)
        self._lanes = lanes(compilation)

    def of_family(self, views: Views) -> Iterator[Passage]:
        clients = {f"company:{view.client.name}": view.client for view in views}
        template = self._screens.template(Screen.ORGANIZATIONS)
        for found in self._lanes.left_of_family(views):
            rows = [
                organization(
                    clients[each.id],
                    found.names.get(f"company:{clients[each.id].parent}", ""),
                    self._screens,
                )
                for each in found.companies
                if each.lane is Lane.IMPORT
            ]
            yield Passage(found.name, CLIENTS, _rows(template, rows))

    def of_all(self, everybody: Everybody) -> Iterator[Assembled]:
        if any(client.rows for client in everybody.in_short):
            rows = everybody.passages(CLIENTS)
            template = self._screens.template(Screen.ORGANIZATIONS)
            yield Assembled(CLIENTS, chain((_header(template),), rows), "import")
        day = self._declared.as_of
        sold = {f"service:{name}": each for name, each in self._declared.shared.services.items()}
        services = [
            service(each, day, self._screens)
            for found in self._lanes.left_of_all(everybody).lists
            if found.lane is Lane.IMPORT and isinstance(each := sold.get(found.id), Service)
        ]
        if services:
            template = self._screens.template(Screen.SERVICES)
            content = _header(template) + _rows(template, services)
            yield Assembled(SERVICES, (content,), "import")


def _header(template: ImportTemplate) -> bytes:
    """The beginning of a file in the form of a template: its header as it stands there."""
    encoding = template.encoding
    return filled([template.header], template.delimiter, encoding.codec, encoding.mark)


def _rows(template: ImportTemplate, rows: Iterable[Row]) -> bytes:
    """Rows in the form of a template."""
    cells = [row.in_order(template.header) for row in rows]
    return filled(cells, template.delimiter, template.encoding.codec)
