"""Compilations to test targets on: from YAML, from plain documents, from the shipped catalogue."""

from __future__ import annotations

import csv
import io
import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.pipeline import FileReading, check, read_file
from billing_dsl.source.document import Document
from billing_dsl.targets import (
    Artifact,
    Assembled,
    Compilation,
    Passage,
    Passages,
    Target,
    Views,
)
from billing_dsl.targets._book import Book
from billing_dsl.targets._in_short import InShort
from billing_dsl.targets.autotask_requests import autotask_requests
from billing_dsl.targets.checklist import checklist
from billing_dsl.telling import Telling
from billing_dsl.templates import understand

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


class Together:
    """What was said of everybody, in memory."""

    def __init__(self) -> None:
        self.shorts: dict[str, InShort] = {}
        self.said: dict[str, dict[str, dict[str, bytes]]] = {}

    def add(self, said: Passage | InShort) -> None:
        """One more thing that was said of a client."""
        if isinstance(said, InShort):
            self.shorts[said.client] = said
        else:
            place = self.said.setdefault(said.place, {}).setdefault(said.order, {})
            assert said.client not in place, said
            place[said.client] = said.content

    @property
    def in_short(self) -> Sequence[InShort]:
        """Each client in short, in order of names."""
        return [self.shorts[name] for name in sorted(self.shorts)]

    def orders(self, place: str) -> Sequence[str]:
        """What comes before names in the order of a place."""
        return sorted(self.said.get(place, {}))

    def passages(self, place: str, order: str = "") -> Iterator[Passages]:
        """What was said of clients at a place, two of them at a time."""
        said = self.said.get(place, {}).get(order, {})
        contents = [said[name] for name in sorted(said)]
        for first in range(0, len(contents), 2):
            some = contents[first : first + 2]
            yield Passages(place, b"".join(some), [len(content) for content in some], order)

    def size(self, place: str) -> int:
        """How many bytes were said of clients at a place."""
        orders = self.said.get(place, {}).values()
        return sum(len(content) for said in orders for content in said.values())


def told(found: Book, *chosen: Target) -> dict[str, Artifact]:
    """Every file that targets write, by path."""
    telling = Telling(found.compilation, chosen or None)
    together = Together()
    files: dict[str, Artifact] = {}
    for _, said in telling.of_families(found.families):
        if isinstance(said, Artifact):
            assert said.path not in files
            files[said.path] = said
        else:
            assert isinstance(said, Passage | InShort), said
            together.add(said)
    for whole in telling.of_all(together):
        assert isinstance(whole, Assembled)
        assert whole.path not in files
        files[whole.path] = Artifact(whole.path, content(whole), whole.kind)
    return files


def content(found: Assembled) -> bytes:
    """A whole file."""
    return b"".join([part.content if isinstance(part, Passages) else part for part in found.parts])


def of_clients(declared: Declared, clients: Views, as_of: date) -> Book:
    """The compilation of clients who have been checked."""
    families: dict[int, list[ClientCoverage]] = {}
    for view in clients:
        families.setdefault(id(view.family), []).append(view)
    return Book(
        Compilation(declared, as_of, "hash", "1.0"),
        tuple(tuple(views) for views in families.values()),
    )


def compiled(
    documents: str,
    as_of: date = TODAY,
    firm: str = FIRM,
    templates: Mapping[str, bytes] | None = None,
) -> Book:
    """The compilation of documents added to the small firm; each is spared its format."""
    texts = [
        f"format: 1\n{textwrap.dedent(text).strip()}\n"
        for text in [*re.split(r"\n\s*---\s*\n", firm), *re.split(r"\n\s*---\s*\n", documents)]
        if text.strip()
    ]
    readings = [read_file(f"{n:03}.yaml", text.encode()) for n, text in enumerate(texts)]
    assert [fault.finding.message for each in readings for fault in each.faults] == []
    return of_readings(readings, as_of, templates or {})


def of_documents(documents: Sequence[Mapping[str, Any]], as_of: date = TODAY) -> Book:
    """The compilation of plain documents, one to a file."""
    return of_readings(
        [
            FileReading(f"{n:04}.yaml", (Document(f"{n:04}.yaml", 0, dict(document)),), (), ())
            for n, document in enumerate(documents)
        ],
        as_of,
    )


@cache
def shipped(as_of: date = TODAY, lane: str = "import") -> Book:
    """The compilation of the shipped catalogue, its companies and services in a lane."""
    return of_readings(shipped_readings(lane), as_of)


def shipped_readings(lane: str = "import") -> list[FileReading]:
    """The files of the shipped catalogue, its companies and services in a lane."""
    readings = []
    for path in sorted(CATALOGUE.rglob("*.yaml")):
        text = path.read_bytes()
        if path.name == "settings.yaml":
            text += f"\nlanes: {{companies: {lane}, services: {lane}}}\n".encode()
        readings.append(read_file(path.relative_to(CATALOGUE).as_posix(), text))
    return readings


def of_readings(
    readings: Sequence[FileReading], as_of: date, templates: Mapping[str, bytes] | None = None
) -> Book:
    """The compilation of files that have been read, with templates of the user's own."""
    checked = check(readings, as_of, (), keep=True, templates=understand(templates or {}))
    assert checked.common.declared is not None
    return of_clients(checked.common.declared, checked.clients, as_of)


def files(target: Target, found: Book) -> dict[str, str]:
    """What a target writes, by path, as text with its line ends."""
    return {path: file.content.decode() for path, file in told(found, target).items()}


def requests(compilation: Book) -> dict[str, dict[str, Any]]:
    """The requests by their ids, in order."""
    [text] = files(autotask_requests, compilation).values()
    found = json.loads(text, parse_float=Decimal)["requests"]
    assert len({request["id"] for request in found}) == len(found)
    return {request["id"]: request for request in found}


def lookups(compilation: Book) -> dict[str, dict[str, Any]]:
    """What requests refer to and do not make, by id."""
    [text] = files(autotask_requests, compilation).values()
    return {found["id"]: found for found in json.loads(text)["lookups"]}


def steps(compilation: Book) -> str:
    """The checklist."""
    return files(checklist, compilation)["autotask/checklist.md"]


def own_steps(compilation: Book) -> dict[str, str]:
    """Each client's own checklist, by the client."""
    found = files(checklist, compilation)
    return {
        path.split("/")[1]: text
        for path, text in found.items()
        if path.startswith("documents/") and path.endswith(".md")
    }


def each_step(text: str) -> list[str]:
    """The steps of a checklist with their details, without their numbers."""
    found = re.split(r"(?m)^(?=- \[ \] \*\*\d+\.\*\* )", text)[1:]
    lines = [re.findall(r"\A[^\n]*(?:\n  - [^\n]*)*", one)[0] for one in found]
    return [re.sub(r"^- \[ \] \*\*\d+\.\*\* ", "", line) for line in lines]


def rows_of_steps(compilation: Book) -> list[dict[str, str]]:
    """The steps as a table."""
    text = files(checklist, compilation)["autotask/steps.csv"]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def step(compilation: Book, words: str) -> str:
    """The one step of the checklist that holds these words, with its details."""
    found = [each for each in re.split(r"(?m)^(?=- \[ \] )", steps(compilation)) if words in each]
    assert len(found) == 1, f"{len(found)} steps hold {words!r}"
    return found[0].split("\n\n")[0]


def making(compilation: Book, object_id: str) -> str:
    """The one step of the checklist that makes an object, with its details."""
    [number] = [
        row["step"]
        for row in rows_of_steps(compilation)
        if (row["deed"], row["object"]) == ("make", object_id)
    ]
    return step(compilation, f"- [ ] **{number}.** ")
