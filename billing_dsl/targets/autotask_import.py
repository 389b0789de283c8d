"""The import lane: CSV files for the import screens of Autotask's user interface."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.kinds.service import Service
from billing_dsl.targets import Artifact, Compilation, target
from billing_dsl.targets._csv import filled
from billing_dsl.targets._imports import ORGANIZATIONS, SERVICES, organization, service
from billing_dsl.targets._lanes import Lane, left

FOLDER = "autotask/import"


@target
def autotask_import(compilation: Compilation) -> Iterator[Artifact]:
    """Files for Autotask's import screens: organizations and services.

    `settings.lanes` chooses them; nothing else that the book holds has an import screen. Parents
    stand before their subsidiaries. The headers are defaults and unverified: the checklist says
    what to compare them with, and what the files cannot say.
    """
    found = left(compilation)
    imported = {each.id: each for each in found.of(Lane.IMPORT)}
    declared = compilation.declared
    currency = declared.shared.settings.currency
    clients = {f"company:{view.client.name}": view.client for view in compilation.clients}
    rows = [
        organization(
            clients[object_id],
            found.names.get(f"company:{clients[object_id].parent}", ""),
            currency,
        ).in_order(ORGANIZATIONS)
        for object_id in imported
        if object_id in clients
    ]
    if rows:
        yield Artifact(f"{FOLDER}/organizations.csv", filled(ORGANIZATIONS, rows), "import")
    sold = {f"service:{name}": each for name, each in declared.shared.services.items()}
    rows = [
        service(each, declared.as_of, currency).in_order(SERVICES)
        for object_id in imported
        if isinstance(each := sold.get(object_id), Service)
    ]
    if rows:
        yield Artifact(f"{FOLDER}/services.csv", filled(SERVICES, rows), "import")
