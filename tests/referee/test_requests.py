"""What Autotask is told, before the vendor's own description of its API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from billing_dsl.targets._autotask import ENTITIES
from billing_dsl.targets._book import Book
from billing_dsl.targets._values import written
from billing_dsl.targets.autotask_requests import autotask_requests
from tests.goldens import ROOT
from tests.referee import catalogues
from tests.referee.description import Description, Request, parsed
from tests.unit.targets.compiling import files

pytestmark = pytest.mark.referee


def bundle(compilation: Book) -> Any:
    """The file `autotask/requests.json`."""
    [text] = files(autotask_requests, compilation).values()
    return parsed(text)


def entities_of(bundled: Any) -> dict[str, str]:
    """What each id of a bundle is the number of."""
    found = {lookup["id"]: lookup["entity"] for lookup in bundled["lookups"]}
    for sent in bundled["requests"]:
        entity = Request(sent["method"], sent["path"]).entity
        found[sent["id"]] = entity.name if entity is not None else ""
    return found


def told(description: Description, compilation: Book) -> Iterator[str]:
    """Everything the description has to say: of requests, of keys, of dated steps."""
    bundled = bundle(compilation)
    entities = entities_of(bundled)
    for sent in bundled["requests"]:
        request = Request(sent["method"], sent["path"], sent["body"])
        for fault in description.faults(request, entities):
            yield f"{sent['id']}: {fault}"
    for thing in (*bundled["lookups"], *bundled["requests"]):
        for fault in description.key_faults(entities[thing["id"]], thing["key"]):
            yield f"key of {thing['id']}: {fault}"
    entities |= {each.id: each.entity for each in compilation.objects}
    for step, request in steps(compilation):
        for fault in description.faults(request, entities):
            yield f"{step}: {fault}"


def steps(compilation: Book) -> Iterator[tuple[str, Request]]:
    """The requests of the checklist's dated steps."""
    for change in compilation.changes:
        if change.method:
            body = None if change.body is None else parsed(written(change.body))
            yield (
                f"{change.day} {change.deed} ({change.object})",
                Request(change.method, change.path, body),
            )


@pytest.mark.parametrize("name", catalogues.COMPILED)
def test_the_vendor_takes_every_request(description: Description, name: str) -> None:
    compilation = catalogues.COMPILED[name]()
    if compilation is not None:
        assert list(told(description, compilation)) == []


def test_everything_that_can_be_written_is_judged() -> None:
    written_ = set()
    for as_of in (date(2027, 1, 15), date(2029, 7, 15)):
        compilation = catalogues.everything(as_of)
        sent = [Request(one["method"], one["path"]) for one in bundle(compilation)["requests"]]
        later = [request for _, request in steps(compilation)]
        written_ |= {(one.method, one.entity.name) for one in (*sent, *later) if one.entity}
    assert {name for method, name in written_ if method == "POST"} == set(ENTITIES)
    assert {"PATCH", "DELETE"} <= {method for method, _ in written_}


def test_a_catalogue_that_is_not_compiled_has_errors() -> None:
    refused = [name for name, compile_ in catalogues.COMPILED.items() if compile_() is None]
    assert [name for name in refused if not name.startswith("golden-")] == []
    for name in catalogues.GOLDEN:
        told = (ROOT / "tests" / "golden" / name / "findings.txt").read_text(encoding="utf-8")
        assert ("error[" in told) == (f"golden-{name}" in refused), name


@pytest.mark.parametrize("sort", [catalogues.random_clean, catalogues.random_any])
@pytest.mark.parametrize("tenth", range(10))
def test_the_vendor_takes_the_requests_of_any_catalogue(
    description: Description, sort: Any, tenth: int
) -> None:
    for seed in range(tenth, catalogues.RANDOM, 10):
        assert list(told(description, sort(seed))) == [], seed
