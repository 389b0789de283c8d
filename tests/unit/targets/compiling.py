"""Compilations to test targets on: from YAML, from plain documents, from the shipped catalogue."""

from __future__ import annotations

import csv
import io
import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from billing_dsl.pipeline import FileReading, check, read_file
from billing_dsl.source.document import Document
from billing_dsl.targets import Artifact, Compilation, Target
from billing_dsl.targets.autotask_requests import autotask_requests
from billing_dsl.targets.checklist import checklist

CATALOGUE = Path(__file__).parents[3] / "catalogue"
TODAY = date(2027, 1, 15)

FIRM = """
    kind: settings
    name: firm
    title: The Firm
    currency: EUR
    timezone: Europe/Rome
    ---
    kind: role
    name: engineer
    title: Engineer
    rate: {EUR: 85.00, CHF: 95.00}
    ---
    kind: role
    name: architect
    title: Architect
    rate: {EUR: 140.00, CHF: 160.00}
    block_factor: 1.5
    ---
    kind: work_type
    name: remote
    title: Remote Support
    billing_class: core
    description: Help at a distance.
    ---
    kind: work_type
    name: onsite
    title: Onsite Support
    billing_class: edge
    description: Help at the client's premises.
    ---
    kind: work_type
    name: project
    title: Project Work
    billing_class: baseline
    description: Planned work.
    ---
    kind: sub_issue
    name: printer
    title: Paper Jam
    issue: Printing
    ---
    kind: service
    name: seat
    title: Managed seat
    period: monthly
    price: 48.00
    cost: 24.00
    billing_code: Managed Services
    ---
    kind: client
    name: acme
    legal_name: Acme S.r.l.
    phone: "+39 011 555 0142"
"""
"""A small firm with one client, to which a test adds what it is about."""


def compiled(documents: str, as_of: date = TODAY, firm: str = FIRM) -> Compilation:
    """The compilation of documents added to the small firm; each is spared its format."""
    texts = [
        f"format: 1\n{textwrap.dedent(text).strip()}\n"
        for text in [*re.split(r"\n\s*---\s*\n", firm), *re.split(r"\n\s*---\s*\n", documents)]
        if text.strip()
    ]
    readings = [read_file(f"{n:03}.yaml", text.encode()) for n, text in enumerate(texts)]
    assert [fault.finding.message for each in readings for fault in each.faults] == []
    return of_readings(readings, as_of)


def of_documents(documents: Sequence[Mapping[str, Any]], as_of: date = TODAY) -> Compilation:
    """The compilation of plain documents, one to a file."""
    return of_readings(
        [
            FileReading(f"{n:04}.yaml", (Document(f"{n:04}.yaml", 0, dict(document)),), (), ())
            for n, document in enumerate(documents)
        ],
        as_of,
    )


@cache
def shipped(as_of: date = TODAY, lanes: str = "import") -> Compilation:
    """The compilation of the shipped catalogue, its companies and services in a lane."""
    readings = []
    for path in sorted(CATALOGUE.rglob("*.yaml")):
        text = path.read_bytes()
        if path.name == "settings.yaml":
            text += f"\nlanes: {{companies: {lanes}, services: {lanes}}}\n".encode()
        readings.append(read_file(path.relative_to(CATALOGUE).as_posix(), text))
    return of_readings(readings, as_of)


def of_readings(readings: Sequence[FileReading], as_of: date) -> Compilation:
    """The compilation of files that have been read."""
    checked = check(readings, as_of, (), keep=True)
    assert checked.common.declared is not None
    return Compilation(checked.common.declared, checked.clients, as_of, "hash", "commit", "0")


def files(target: Target, compilation: Compilation) -> dict[str, str]:
    """What a target writes, by path, as text with its line ends."""
    found = {}
    for emitted in target.emit(compilation):
        assert isinstance(emitted, Artifact)
        found[emitted.path] = emitted.content.decode()
    return found


def requests(compilation: Compilation) -> dict[str, dict[str, Any]]:
    """The requests by their ids, in order."""
    [text] = files(autotask_requests, compilation).values()
    found = json.loads(text, parse_float=Decimal)["requests"]
    assert len({request["id"] for request in found}) == len(found)
    return {request["id"]: request for request in found}


def lookups(compilation: Compilation) -> dict[str, dict[str, Any]]:
    """What requests refer to and do not make, by id."""
    [text] = files(autotask_requests, compilation).values()
    return {found["id"]: found for found in json.loads(text)["lookups"]}


def steps(compilation: Compilation) -> str:
    """The checklist."""
    return files(checklist, compilation)["autotask/checklist.md"]


def rows_of_steps(compilation: Compilation) -> list[dict[str, str]]:
    """The steps as a table."""
    text = files(checklist, compilation)["autotask/steps.csv"]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def step(compilation: Compilation, words: str) -> str:
    """The one step of the checklist that holds these words, with its details."""
    found = [each for each in re.split(r"(?m)^(?=- \[ \] )", steps(compilation)) if words in each]
    assert len(found) == 1, f"{len(found)} steps hold {words!r}"
    return found[0].split("\n\n")[0]


def making(compilation: Compilation, object_id: str) -> str:
    """The one step of the checklist that makes an object, with its details."""
    [number] = [
        row["step"]
        for row in rows_of_steps(compilation)
        if (row["deed"], row["object"]) == ("make", object_id)
    ]
    return step(compilation, f"- [ ] **{number}.** ")
