"""The import lane: CSV files for the import screens of Autotask's user interface."""

from __future__ import annotations

from collections.abc import Iterator
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
from billing_dsl.targets._imports import ORGANIZATIONS, SERVICES, organization, service
from billing_dsl.targets._lanes import Lane, lanes

FOLDER = "autotask/import"
CLIENTS = f"{FOLDER}/organizations.csv"


@target
def autotask_import(compilation: Compilation) -> Teller:
    """Files for Autotask's import screens: organizations and services.

    `settings.lanes` chooses them; nothing else that the book holds has an import screen. Parents
    stand before their subsidiaries. The headers are defaults and unverified: the checklist says
    what to compare them with, and what the files cannot say.
    """
    return _Imports(compilation)


class _Imports(Teller):
    def __init__(self, compilation: Compilation) -> None:
        self._declared = compilation.declared
        self._currency = compilation.declared.shared.settings.currency
        self._lanes = lanes(compilation)

    def of_family(self, views: Views) -> Iterator[Passage]:
        clients = {f"company:{view.client.name}": view.client for view in views}
        for found in self._lanes.left_of_family(views):
            rows = [
                organization(
                    clients[each.id],
                    found.names.get(f"company:{clients[each.id].parent}", ""),
                    self._currency,
                ).in_order(ORGANIZATIONS)
                for each in found.companies
                if each.lane is Lane.IMPORT
            ]
            yield Passage(found.name, CLIENTS, filled(rows))

    def of_all(self, everybody: Everybody) -> Iterator[Assembled]:
        if any(client.rows for client in everybody.in_short):
            rows = everybody.passages(CLIENTS)
            yield Assembled(CLIENTS, chain((filled([ORGANIZATIONS]),), rows), "import")
        day = self._declared.as_of
        sold = {f"service:{name}": each for name, each in self._declared.shared.services.items()}
        services = [
            service(each, day, self._currency).in_order(SERVICES)
            for found in self._lanes.left_of_all(everybody).lists
            if found.lane is Lane.IMPORT and isinstance(each := sold.get(found.id), Service)
        ]
        if services:
            content = filled([SERVICES, *services])
            yield Assembled(f"{FOLDER}/services.csv", (content,), "import")
