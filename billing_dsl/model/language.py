"""The language's page, docs/language.md: written from the schemas, so that it cannot be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from billing_dsl.model.field import Schema
from billing_dsl.model.validate import schemas
from billing_dsl.model.written import block, flow

_COMMON = "common.schema.json"
_ENTRY = "billing.schema.json"
_NAMES = ("name", "contract_name")
_ABSURD = 10_000_000
_SHOWN = 20
"""Words of a list that the page names; longer ones are lists of codes."""

_HEAD = """\
# The language

<!-- Written from the schemas in `schemas/`: change those, then run `make golden`. -->

A catalogue is a folder of YAML files that says what an MSP sells: work types, tiers, agreements and
what belongs to them. Folders and file names are for people; the tool reads every `.yaml` and `.yml`
file of the catalogue.

A file holds one document, or several divided by a line `---`. Each document declares one thing and
begins alike:

```yaml
format: 1            # the version of this language
kind: role           # what the document declares
name: engineer       # the name by which other documents refer to it
title: Support Engineer
rate: 85.00
```

`format`, `kind` and `name` are always needed. Names are unique in their kind; only tiers exist in
several versions at once, and are named `name@version`. A field that is not listed here is an error,
never passed over. So is a name that nobody declares.
"""

_VALUES = """\
## How values are written

**Text** needs no quotes unless it could be something else. Quote what YAML readers disagree about:
`"NO"`, `"17:30"`, `"010"`, telephone numbers, postal codes, and text that begins with `#`, `*` or
another mark. The check says where a quote is missing.

**Numbers** are written plainly: `85`, `85.00`, `-5.00`. Every digit counts, for they are never
turned into binary fractions. There is no thousands mark, and the decimal mark is a point.

**Amounts and prices** take three forms:

```yaml
rate: 85.00                          # in the currency of the settings
rate: {EUR: 85.00, CHF: 92.00}       # by currency
rate:                                # dated: each holds from its day until the next
  - rate: {EUR: 85.00, CHF: 92.00}   # the first may leave out `from`
  - {from: 2027-07-01, rate: {EUR: 88.00, CHF: 95.00}}
```

Nothing is ever converted. Billable work of a client in CHF needs an amount in CHF, else the check
says so. In a dated list the amount may be called `rate` or `price`. Amounts have at most 4
decimals, and each posted item is rounded half up to 2.

**Dates** are written `YYYY-MM-DD`. Every last day (`end`, `until`) is included: an agreement with
`end: 2027-12-31` covers work on that day.

**Lengths of time** are a number and `days`, `months` or `years`. An agreement from 2027-01-01 with
`term: 36 months` ends on 2029-12-31: the day before the same day 36 months on. Where that month is
too short, its last day counts instead. Nothing renews itself; a renewal is announced, and
somebody writes the new end.

**Names** of other documents are written as they are: `role: engineer`. In a list they stand in
brackets or one a line; where a name leads to a value, it is written before the colon:

```yaml
work_types: [onsite-support, out-of-hours-support]
scope:
  remote-support: recurring
  onsite-support: block
```

**Comments** begin with `#` and are for whoever reads the file. `notes` is for remarks that tools
keep. Anchors, aliases, tags and merge keys of YAML are not part of the language.

In the tables below, `blocks.hours` is the field `hours` of each of `blocks`; in
`services.NAME.units`, NAME stands for the name of a service. *Otherwise* is what holds where a
field is left out.
"""


_PATHS = """\
## How work finds its end

Every hour that an engineer logs has a work type, a role and perhaps a sub-issue. It starts at the
client's default contract: the first of the agreement in force that day, unless that agreement says
`default: false`. If that contract excludes the work type, the role or the sub-issue, the hour goes
to the one contract that its `falls_to` names, and so on along this *exclusion path*, until a
contract takes it. A contract has one `falls_to` for all that it excludes.

A tier does not write exclusions. Its `contracts` are the path in order, `scope` says where each
work type ends, and each contract excludes what ends further on. `roles` and `sub_issues` say the
same of those, whatever the work type. `none` means no contract, on purpose. A bespoke agreement
writes its contracts as they are in Autotask, with `excludes` and `falls_to`.

A pinned tier, `silver@2`, stays as it is. A name alone, `silver`, follows the version whose
`effective` day has come.
"""


def language_page() -> str:
    """The whole page: every kind with its fields and examples, then the values they share."""
    entry = schemas()[_ENTRY]
    kinds = [
        (kind, schemas()[f"{kind}.schema.json"]) for kind in entry["properties"]["kind"]["enum"]
    ]
    parts = [_HEAD, _overview(kinds), _VALUES, _PATHS]
    for kind, schema in kinds:
        parts.append(_section(schema["title"], schema, documents=True))
        if kind == "tier":
            parts.append(_section("Contract", _definitions()["contract"]))
    parts.append("## Values in common\n\nWhat several kinds of documents write alike.\n")
    for name, schema in _definitions().items():
        if name != "contract":
            parts.append(_section(schema["title"], schema, level=3))
    return "\n".join(parts)


@cache
def _definitions() -> Mapping[str, Schema]:
    found: Mapping[str, Schema] = schemas()[_COMMON]["$defs"]
    return found


def _overview(kinds: Iterable[tuple[str, Schema]]) -> str:
    rows = [
        f"| {_link(schema['title'], f'`{kind}`')} | {_cell(schema['description'])} |"
        for kind, schema in kinds
    ]
    return "\n".join(["| Kind | What it declares |", "|---|---|", *rows, ""])


def _section(title: str, schema: Schema, level: int = 2, documents: bool = False) -> str:
    lines = [f"{'#' * level} {title}", "", schema["description"]]
    if "properties" in schema:
        lines += [
            "",
            "| Field | What to write | Needed | Otherwise | Meaning |",
            "|---|---|---|---|---|",
        ]
        lines += _rows(schema, "")
    elif (what := _what(schema)) != "text":
        lines += ["", f"Write: {what}."]
    if documents:
        for example in schema["examples"]:
            lines += ["", "```yaml", block(example).rstrip(), "```"]
    else:
        shown = ", ".join(f"`{flow(example)}`" for example in schema["examples"])
        lines += ["", f"For example {shown}."]
    return "\n".join([*lines, ""])


# Tables.


def _rows(owner: Schema, above: str) -> Iterator[str]:
    """The rows of a table: each field of a mapping, and the fields inside it."""
    for name, field in owner["properties"].items():
        default = f"`{flow(field['default'])}`" if "default" in field else ""
        cells = (f"`{above}{name}`", _what(field), _needed(owner, name), default, _meaning(field))
        yield f"| {' | '.join(_cell(cell) for cell in cells)} |"
        yield from _inner_rows(field, f"{above}{name}.")


def _inner_rows(field: Schema, above: str) -> Iterator[str]:
    if "$ref" in field:
        return  # has a section of its own
    others = field.get("additionalProperties")
    if isinstance(others, dict):
        yield from _inner_rows(others, f"{above}NAME.")
    inside = {**field.get("items", {}).get("properties", {}), **field.get("properties", {})}
    if inside:
        holder = field if "properties" in field else field["items"]
        yield from _rows({**holder, "properties": inside}, above)


def _needed(owner: Schema, name: str) -> str:
    """When a field is needed: always, with another field, instead of another, or never."""
    if name in owner.get("required", ()):
        return "yes"
    for choice in (owner, *owner.get("allOf", ())):
        names = [branch["required"][0] for branch in choice.get("oneOf", ())]
        if name in names:
            return f"one of {_words(names, 'and')}"
    if name in owner.get("else", {}).get("required", ()):
        return f"unless {_words(owner['if']['required'], 'or')}"
    with_ = [
        value["const"]
        for part in owner.get("allOf", ())
        if name in part.get("then", {}).get("required", ())
        for value in part["if"]["properties"].values()
    ]
    return f"with {_words(with_, 'and')}" if with_ else ""


def _meaning(field: Schema) -> str:
    """A field's description, and what the words of its list mean."""
    said: str = field["description"]
    words = zip(field.get("enum", ()), field.get("enumDescriptions", ()), strict=True)
    return "<br>".join([said, *(f"`{word}`: {meaning}" for word, meaning in words)])


# What to write.


def _what(field: Schema) -> str:
    """What a field takes, in a few words, with links to what is explained elsewhere."""
    for part in (field, *field.get("allOf", ())):
        if "$ref" not in part:
            continue
        name = part["$ref"].rpartition("/")[2]
        title = _definitions()[name]["title"]
        if name in _NAMES and "x-refers-to" in field:
            return f"name{_of(field['x-refers-to'])}"
        return _link(title, _lower(title))
    if "const" in field:
        return f"`{flow(field['const'])}`"
    if "enum" in field:
        return _words(field["enum"], "or") if len(field["enum"]) <= _SHOWN else "a code"
    types = field["type"]
    words = [types] if isinstance(types, str) else types
    forms = [_typed(word, field) for word in words]
    return ("; or " if any("," in form for form in forms) else " or ").join(forms)


def _typed(word: str, field: Schema) -> str:
    match word:
        case "boolean":
            return "`true` or `false`"
        case "integer":
            return f"whole number{_range(field)}"
        case "number":
            return f"number{_range(field)}"
        case "string":
            return f"name{_of(field['x-refers-to'])}" if "x-refers-to" in field else "text"
        case "null":
            return "`null`"
        case "array":
            items = field["items"]
            return "list of groups" if "properties" in items else f"list, each {_what(items)}"
    others = field["additionalProperties"]
    if others is False:
        return "group of fields"
    return f"for each {_what(field['propertyNames'])}: {_what(others)}"


def _range(field: Schema) -> str:
    """The bounds that somebody may meet; what keeps numbers from being absurd is not told."""
    bounds = []
    if abs(field.get("minimum", _ABSURD)) < _ABSURD:
        bounds.append(f"from {field['minimum']:,}")
    if "exclusiveMinimum" in field:
        bounds.append(f"more than {field['exclusiveMinimum']:,}")
    if field["maximum"] < _ABSURD:
        bounds.append(f"at most {field['maximum']:,}")
    return "".join(f", {bound}" for bound in bounds)


def _of(refers_to: str | list[str]) -> str:
    """Which kind of document, or that a contract, is named."""
    kinds = [refers_to] if isinstance(refers_to, str) else refers_to
    titles = [
        "Contract" if kind == "contract" else schemas()[f"{kind}.schema.json"]["title"]
        for kind in kinds
    ]
    return " of " + " or ".join(
        _link(title, f"{_article(title)} {_lower(title)}") for title in titles
    )


# Markdown.


def _link(title: str, text: str) -> str:
    anchor = re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
    return f"[{text}](#{anchor})"


def _words(words: Iterable[Any], joint: str) -> str:
    *others, last = [f"`{word}`" for word in words]
    return f"{', '.join(others)} {joint} {last}" if others else last


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]


def _article(title: str) -> str:
    return "an" if title[0] in "AEIOU" else "a"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
