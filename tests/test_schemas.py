"""The schemas are the source of the language: complete, closed, and read alike by everybody."""

from __future__ import annotations

import http.server
import json
import random
import re
import threading
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.diagnostics import Route
from billing_dsl.model import validate
from billing_dsl.model.field import Schema, resolved
from billing_dsl.model.language import language_page
from billing_dsl.model.validate import KINDS, SCHEMAS, fits, schema_text, schemas
from billing_dsl.model.wording import FORMATS, is_day
from billing_dsl.source.reader import read
from tests.goldens import Golden

ROOT = Path(__file__).parents[1]
DESIGN = ROOT / "tests/unit/model/design_section_3.yaml"

ANNOTATIONS = {
    "title",
    "description",
    "examples",
    "default",
    "x-refused",  # values that somebody may well write, and why Autotask does not take them
    "x-refers-to",  # the kind of document, or that a contract, is named
}
EDITORS = {"enumDescriptions", "errorMessage"}  # read by editors, and by model.misfit
CONSTRAINTS = {
    "type",
    "const",
    "enum",
    "required",
    "properties",
    "additionalProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "allOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
}
FRAME = {"$schema", "$id", "$defs", "$ref"}
REFERRED = {*KINDS, "contract"}
LONGEST_LIST = 20  # longer enumerations are lists of codes, which explain themselves


@dataclass(frozen=True)
class Part:
    """A schema inside a schema, with the way to it."""

    file: str
    pointer: str
    schema: Schema
    described: bool  # a person may write a value for it, so editors show what it says

    def __str__(self) -> str:
        return f"{self.file}#{self.pointer}"

    @property
    def types(self) -> list[str]:
        types = self.schema.get("type", [])
        return [types] if isinstance(types, str) else types


def parts(file: str, schema: Schema, pointer: str = "", described: bool = True) -> Iterator[Part]:
    """A schema and every schema inside it."""
    yield Part(file, pointer, schema, described)
    for keyword in ("properties", "$defs"):
        for name, inner in schema.get(keyword, {}).items():
            yield from parts(file, inner, f"{pointer}/{keyword}/{name}", described)
    for keyword in ("allOf", "oneOf"):
        for position, inner in enumerate(schema.get(keyword, ())):
            yield from parts(file, inner, f"{pointer}/{keyword}/{position}", described=False)
    for keyword in ("items", "additionalProperties", "propertyNames", "if", "then", "else", "not"):
        inner = schema.get(keyword)
        if isinstance(inner, dict):
            rows = keyword == "items" and "properties" in inner and described
            yield from parts(file, inner, f"{pointer}/{keyword}", described=rows)


PARTS = [part for file, schema in schemas().items() for part in parts(file, schema)]
FIELDS = [part for part in PARTS if part.described]


def offences(found: Iterator[str]) -> None:
    assert list(found) == []


# --- what every schema is


def test_there_is_one_schema_for_each_kind_and_two_more() -> None:
    assert {*KINDS, "billing", "common"} == set(SCHEMAS)
    assert [*KINDS] == sorted(KINDS)
    for kind in KINDS:
        schema = json.loads(schema_text(kind))
        assert schema["$id"] == f"{kind}.schema.json"
        assert schema["properties"]["kind"]["const"] == kind
        assert schema["required"][:3] == ["format", "kind", "name"]
        assert schema["additionalProperties"] is False
        assert list(schema["properties"])[:5] == ["format", "kind", "name", "title", "version"]


@pytest.mark.parametrize("file", schemas())
def test_a_schema_is_one_by_its_own_rules(file: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas()[file])
    assert schemas()[file]["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_keywords_are_those_that_every_editor_reads() -> None:
    known = ANNOTATIONS | EDITORS | CONSTRAINTS | FRAME
    offences(f"{part}: {word}" for part in PARTS for word in part.schema if word not in known)


def test_whatever_a_person_writes_is_explained() -> None:
    offences(
        f"{part}: {word}"
        for part in FIELDS
        for word in ("title", "description", "examples")
        if not part.schema.get(word)
    )
    offences(
        f"{part}: {part.schema['description']}"
        for part in FIELDS
        if not re.fullmatch(r"[A-Z][^\n]+[.`]", part.schema["description"])
    )


def test_the_words_of_a_list_are_explained() -> None:
    for part in PARTS:
        words = part.schema.get("enum", ())
        if 0 < len(words) <= LONGEST_LIST:
            assert len(part.schema["enumDescriptions"]) == len(words), part
        assert len(set(words)) == len(words), part


def test_references_lead_to_a_schema_of_the_folder() -> None:
    for part in PARTS:
        if "$ref" in part.schema:
            assert resolved(part.schema["$ref"], schemas())["title"], part
            # Old editors pass over what stands beside a reference: nothing there may decide.
            assert set(part.schema) <= {"$ref"} | ANNOTATIONS, part


def test_names_say_what_they_refer_to() -> None:
    for part in PARTS:
        said = part.schema.get("x-refers-to", [])
        assert set([said] if isinstance(said, str) else said) <= REFERRED, part


def test_groups_of_fields_are_closed() -> None:
    for part in PARTS:
        if "object" not in part.types or part.file == "billing.schema.json":
            continue
        others = part.schema["additionalProperties"]
        assert others is False or "propertyNames" in part.schema, part
        if "properties" in part.schema:
            assert others is False, part
            assert set(part.schema.get("required", ())) <= set(part.schema["properties"]), part
        else:
            assert part.schema["maxProperties"] <= 2000, part


def test_nothing_is_without_bounds() -> None:
    for part in PARTS:
        schema = part.schema
        if "string" in part.types and "enum" not in schema and "if" not in str(part.pointer):
            assert "maxLength" in schema or "/else/" in part.pointer, part
        if "array" in part.types:
            assert schema["maxItems"] <= 2000, part
        if {"number", "integer"} & set(part.types):
            assert "maximum" in schema, part
            assert "minimum" in schema or "exclusiveMinimum" in schema, part


def test_patterns_are_simple_and_hold_the_whole_text() -> None:
    for part in PARTS:
        pattern = part.schema.get("pattern")
        if pattern is None:
            continue
        assert not re.search(r"\\[dDwWsSbBpPAzZ]", pattern), part
        assert not re.search(r"\([^)]*[*+{][^)]*\)[*+{]", pattern), f"{part}: nested repetition"
        if not part.pointer.endswith("/not"):
            assert pattern.startswith("^"), part
            assert pattern.endswith("$"), part


def test_what_a_form_is_called_stands_in_the_schema() -> None:
    for part in PARTS:
        asks = {"pattern", "format"} & set(part.schema) or len(part.types) > 1
        if asks and not part.pointer.endswith("/not"):
            assert part.schema["errorMessage"].startswith("expected "), part


def test_formats_are_checked() -> None:
    used = {part.schema["format"] for part in PARTS if "format" in part.schema}
    assert used == set(FORMATS)


def test_only_texts_must_be_unique() -> None:
    for part in PARTS:
        if part.schema.get("uniqueItems"):
            items = part.schema["items"]
            items = resolved(items["$ref"], schemas()) if "$ref" in items else items
            assert items["type"] == "string", part


def test_one_of_means_one_of_some_fields() -> None:
    for part in PARTS:
        for choice in part.schema.get("oneOf", ()):
            assert list(choice) == ["required"], part
            assert len(choice["required"]) == 1, part


def test_what_is_barred_says_why() -> None:
    for part in PARTS:
        if part.schema.get("not") == {}:
            assert part.schema["errorMessage"], part


@pytest.mark.parametrize("part", FIELDS, ids=str)
def test_examples_and_defaults_fit(part: Part) -> None:
    if part.file == "common.schema.json" and not part.pointer:
        return
    fitting = jsonschema.Draft202012Validator(
        {"$ref": str(part)},
        registry=validate.closed_registry(),
        format_checker=validate.format_checker(),
    )
    values = [
        *part.schema["examples"],
        *([part.schema["default"]] if "default" in part.schema else []),
    ]
    for value in values:
        assert list(fitting.iter_errors(value)) == []


def test_titles_are_headings_of_their_own() -> None:
    titles = [schemas()[f"{kind}.schema.json"]["title"] for kind in KINDS]
    titles += [schema["title"] for schema in schemas()["common.schema.json"]["$defs"].values()]
    anchors = [re.sub("[^a-z0-9 -]", "", title.lower()) for title in titles]
    assert sorted(set(anchors)) == sorted(anchors)


def test_the_entry_of_editors_knows_every_kind() -> None:
    entry = schemas()["billing.schema.json"]
    listed = entry["properties"]["kind"]["enum"]
    assert sorted(listed) == [*KINDS]
    for kind, choice in zip(listed, entry["allOf"], strict=True):
        assert choice["if"]["properties"]["kind"]["const"] == kind
        assert choice["if"]["required"] == ["kind"]
        assert choice["then"] == {"$ref": f"{kind}.schema.json"}


def test_the_schemas_are_laid_out_for_people() -> None:
    for name in SCHEMAS:
        text = schema_text(name)
        assert text.endswith("}\n"), name
        assert "\t" not in text, name
        long = [line for line in text.splitlines() if len(line) > 100]
        assert all(
            re.match(r' +"?(description|errorMessage|pattern|\$?ref|[^"]+)"?', line)
            for line in long
        )


# --- the language's page


def test_the_page_is_up_to_date(golden: Golden) -> None:
    golden(ROOT / "docs/language.md", language_page())


def test_links_of_the_page_lead_somewhere() -> None:
    page = language_page()
    headings = {
        re.sub("[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall("^#+ (.+)$", page, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= headings


def test_documents_of_the_page_can_be_read_and_fit() -> None:
    found = []
    for text in re.findall(
        "^```yaml\n(format: 1\n.*?)^```$", language_page(), re.MULTILINE | re.DOTALL
    ):
        documents, broken, faults = read("page.yaml", text.encode())
        assert (broken, faults) == ((), ())
        found += [document.value for document in documents]
    examples = [
        example for kind in KINDS for example in schemas()[f"{kind}.schema.json"]["examples"]
    ]
    for example in examples:
        assert example in found
    for value in found:
        assert fits(str(value["kind"]), value), value


# --- both validators


def design() -> list[dict[str, Any]]:
    documents, broken, faults = read("design.yaml", DESIGN.read_bytes())
    assert (broken, faults) == ((), ())
    return [document.value for document in documents]


def material() -> list[dict[str, Any]]:
    examples = [
        example for kind in KINDS for example in schemas()[f"{kind}.schema.json"]["examples"]
    ]
    full = [
        {
            **{name: field["examples"][-1] for name, field in schema["properties"].items()},
            "kind": kind,
        }
        for kind in KINDS
        for schema in [schemas()[f"{kind}.schema.json"]]
    ]
    return [*design(), *examples, *full]


ODD: list[Any] = [
    None,
    True,
    0,
    1,
    -1,
    10**12,
    Decimal("2.0"),
    Decimal("2.5"),
    Decimal("-0.0001"),
    Decimal("99999999999.01"),
    "",
    " ",
    "none",
    "none\n",
    "a",
    "a\n",
    "A b",
    "a/b",
    "silver@1",
    "silver@0",
    "2027-01-31",
    "2027-01-31\n",
    "2027-02-30",
    "2024-02-29",
    "2027-1-1",
    "0000-01-01",
    "1899-12-31",
    "2200-01-01",
    "\u0662\u0660\u0662\u0667-01-01",
    "36 months",
    "36 months\n",
    "longest",
    "0 days",
    "EUR",
    "EUR\n",
    "EURO",
    "it",
    "IT",
    "role",
    "x" * 64,
    "x" * 65,
    "x" * 201,
    "x" * 2001,
    "\u00e9\u00e8",
    "\U0001f600" * 50,
    "\u2028",
    "a\u0007",
    "a@b.example",
    "../a",
    [],
    ["a"],
    ["a", "a"],
    ["a", 1],
    [None],
    [{}],
    [{"from": "2027-01-01", "rate": 1}],
    [{"rate": 1, "price": 2}],
    [{"from": "2027-01-01", "units": 3}],
    {},
    {"a": 1},
    {"EUR": 1},
    {"EUR\n": 1},
    {"EURO": Decimal("-1.5")},
    {"units": 1},
    {"method": "plus"},
    {"method": "flat", "amount": -1},
    {"method": "fixed", "rate": 1, "amount": 1},
]


def routes(value: Any, route: Route = ()) -> Iterator[Route]:
    """The way to every value inside a document."""
    if route:
        yield route
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, held in inner:
        yield from routes(held, (*route, key))


def changed(value: dict[str, Any], route: Route, change: int) -> dict[str, Any]:
    """A document with one thing in it otherwise: a value, a key, one more, one less."""
    document = deepcopy(value)
    owner: Any = document
    for step in route[:-1]:
        owner = owner[step]
    last: Any = route[-1]
    if change < len(ODD):
        owner[last] = deepcopy(ODD[change])
    elif isinstance(owner, list):
        if change % 2:
            owner.append(deepcopy(owner[last]))
        else:
            del owner[last]
    else:
        held = owner.pop(last)
        match change % 4:
            case 0:
                owner[f"{last}s"] = held
            case 1:
                owner[f"{last}\n"] = held
            case 2:
                owner[str(last).title()] = held
    return document


CHANGES = len(ODD) + 8


def verdicts(document: dict[str, Any]) -> dict[str, bool]:
    """What each validator says of a document, as a kind of its own choice."""
    kind = document.get("kind")
    kind = kind if isinstance(kind, str) and kind in KINDS else "agreement"
    stock = jsonschema.Draft202012Validator(
        schemas()[f"{kind}.schema.json"],
        registry=validate.closed_registry(),
        format_checker=validate.format_checker(),
    )
    found = {
        "gate": fits(kind, document),
        "explanation": not list(validate._misfits(kind, document)),
    }
    if "\\n" not in json.dumps(document, default=str) and "2.0" not in str(document):
        found["jsonschema as it comes"] = stock.is_valid(document)
    return found


def test_the_documents_of_the_design_fit() -> None:
    assert len(design()) == 11
    for document in design():
        assert verdicts(document) == dict.fromkeys(
            ("gate", "explanation", "jsonschema as it comes"), True
        )


def test_all_validators_give_the_same_verdict() -> None:
    chance = random.Random("verdicts")
    seen = {True: 0, False: 0}
    for value in material():
        for route in routes(value):
            for change in chance.sample(range(CHANGES), 3):
                document = changed(value, route, change)
                found = verdicts(document)
                assert len(set(found.values())) == 1, (found, route, document)
                seen[found["gate"]] += 1
    assert seen[True] > 200
    assert seen[False] > 1000


@given(st.data())
def test_all_validators_agree_on_documents_changed_in_several_places(data: st.DataObject) -> None:
    document = data.draw(st.sampled_from(material()))
    for _ in range(data.draw(st.integers(1, 3))):
        ways = list(routes(document))
        if not ways:
            break
        way = data.draw(st.sampled_from(ways))
        document = changed(document, way, data.draw(st.integers(0, CHANGES - 1)))
    assert len(set(verdicts(document).values())) == 1, document


def test_days_are_days_to_both() -> None:
    role = next(value for value in design() if value["kind"] == "role")
    for year in ("1899", "1900", "1996", "2000", "2023", "2024", "2100", "2199", "2200", "0000"):
        for month in range(14):
            for day in (0, 1, 28, 29, 30, 31, 32):
                text = f"{year}-{month:02}-{day:02}"
                within = "1900" <= year <= "2199"
                assert fits("role", {**role, "from": text}) == (within and is_day(text))


def test_editors_give_the_verdict_of_the_check() -> None:
    entry = jsonschema_rs.Draft202012Validator(
        schemas()["billing.schema.json"],
        registry=jsonschema_rs.Registry(list(schemas().items())),
        offline=True,
        validate_formats=True,
    )
    chance = random.Random("editors")
    for value in material():
        assert entry.is_valid(value) == fits(value["kind"], value)
        for route in list(routes(value))[:5]:
            document = changed(value, route, chance.randrange(CHANGES))
            kind = document.get("kind")
            known = isinstance(kind, str) and fits(kind, document)
            assert entry.is_valid(document) == known, document


# --- closed


class Counting(http.server.BaseHTTPRequestHandler):
    """Answers every request with a schema that lets everything pass, and counts them."""

    hits: list[str]

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_arguments: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    hits: list[str] = []
    handler = type("Handler", (Counting,), {"hits": hits})
    with http.server.HTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}", hits
        finally:
            running.shutdown()
            thread.join()


@pytest.mark.parametrize("place", ["/any.json", "file"])
def test_nothing_outside_the_folder_is_ever_fetched(
    place: str, server: tuple[str, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, hits = server
    outside = tmp_path / "any.json"
    outside.write_text("{}")
    target = outside.as_uri() if place == "file" else f"{address}{place}"
    role = deepcopy(schemas()["role.schema.json"])
    role["properties"]["notes"] = {"$ref": target}
    monkeypatch.setattr(validate, "schemas", lambda: {**schemas(), "role.schema.json": role})

    with pytest.raises(ValueError, match="not present in a registry"):
        validate._folder.__wrapped__()
    with pytest.raises(ValueError, match="not present in a registry"):
        validate._gate.__wrapped__("role")
    explainer = validate._explainer.__wrapped__("role")
    with pytest.raises(Exception, match="Unresolvable"):
        list(explainer.iter_errors({"notes": "x"}))
    assert hits == []


def test_the_server_of_that_test_would_have_counted(server: tuple[str, list[str]]) -> None:
    address, hits = server
    jsonschema_rs.Draft202012Validator({"$ref": f"{address}/any.json"})
    assert hits == ["/any.json"]
