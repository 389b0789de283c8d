"""What is found when a catalogue of a few lines meets a snapshot of a few lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from billing_dsl import pipeline
from billing_dsl.diagnostics import Diagnostic, Fault
from billing_dsl.rules._examples import AS_OF, completed
from billing_dsl.targets._book import Book
from billing_dsl.telling import met
from billing_dsl.tenant.form import FORM, READINGS
from billing_dsl.tenant.snapshot import foreign, read, stale
from billing_dsl.verdict import verdict
from tests.unit.targets.compiling import of_clients
from tests.unit.tenant.fake import Tenant, as_text

FILE = "../tenant.json"
LAST_CHANGE = datetime(2027, 1, 10, 12, tzinfo=UTC)
"""When the catalogue of every example was changed last."""


def diagnostics(catalogue: str, tenant: str) -> list[Diagnostic]:
    """Everything that is found about the tenant."""
    files = completed(catalogue)
    readings = [pipeline.read_file(path, files[path]) for path in sorted(files)]
    checked = pipeline.check(readings, AS_OF, (), keep=True)
    declared = checked.common.declared
    assert declared is not None
    assert [finding.message for _, finding in checked.found] == []
    book = of_clients(declared, checked.clients, AS_OF)
    content = tenant.encode() if '"version"' in tenant else as_text(whole(tenant))
    snapshot, faults = read(FILE, content)
    found = [*faults]
    if snapshot is not None:
        found += _of_file(book, snapshot)
    coded = [(fault.code, fault.finding) for fault in found]
    if snapshot is not None and not coded:
        coded = list(met(book.compilation, book.families, snapshot, FILE)[1])
    result = verdict(coded, checked.common.waivers, AS_OF, False, files.__getitem__)
    return list(result.diagnostics)


def _of_file(book: Book, snapshot: Any) -> Iterator[Fault]:
    settings = book.declared.shared.settings
    for fault in (foreign(FILE, snapshot, settings.tenant), stale(FILE, snapshot, LAST_CHANGE)):
        if fault is not None:
            yield fault


def whole(text: str) -> dict[str, Any]:
    """A snapshot in which what an example does not say is as in an empty tenant.

    An entity that is null has not been read; fields that a row leaves out are empty.
    """
    given = json.loads(text, parse_float=Decimal)
    found = Tenant().snapshot()
    objects = given.pop("objects", {})
    lists = given.pop("picklists", {})
    counts = given.pop("counts", {})
    for reading in READINGS:
        entity = reading.entity
        rows = objects.get(entity, [])
        if rows is None:
            del found["objects"][entity], found["counts"][entity]
            continue
        empty = dict.fromkeys(FORM[entity].fields)
        found["objects"][entity] = [{**empty, **row} for row in rows]
        found["counts"][entity] = counts.get(entity, len(rows))
    for entity, own in lists.items():
        found["picklists"][entity] |= own
    return {**found, **given}
