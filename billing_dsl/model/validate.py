"""A document against its kind's schema: a fast gate, and an explanation of what does not fit.

The only door to jsonschema, jsonschema_rs and referencing. Both validators read `schemas/`, which
is closed: nothing outside the folder is ever fetched. They give the same verdict, which a test
over mutated documents holds them to; jsonschema finds what `model.misfit` then puts into words.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billing_dsl.diagnostics import Fault
from billing_dsl.model.field import Form, Schema
from billing_dsl.source.document import Document

if TYPE_CHECKING:
    import jsonschema_rs
    from jsonschema import FormatChecker, TypeChecker
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator
    from referencing.jsonschema import SchemaRegistry

    from billing_dsl.model.misfit import Misfit

_SUFFIX = ".schema.json"
_ENTRY = "billing"
_SHARED = "common"


def schema_folder() -> Path:
    """Where the schemas are: in the installed package, or beside it in a checkout."""
    inside = Path(__file__).parents[1] / "schemas"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "schemas"


SCHEMAS: tuple[str, ...] = tuple(
    sorted(file.name.removesuffix(_SUFFIX) for file in schema_folder().glob(f"*{_SUFFIX}"))
)
"""Every schema: one for each kind, `billing`, where editors enter, and `common`. By name."""

KINDS: tuple[str, ...] = tuple(name for name in SCHEMAS if name not in (_ENTRY, _SHARED))
"""The kinds of document, in order of their names."""


def schema_text(name: str) -> str:
    """The text of a schema, by one of the names in `SCHEMAS`."""
    return (schema_folder() / f"{name}{_SUFFIX}").read_text(encoding="utf-8")


@cache
def schemas() -> Mapping[str, Schema]:
    """Every schema by the name of its file, as plain values; decimals keep their digits."""
    return {
        f"{name}{_SUFFIX}": json.loads(schema_text(name), parse_float=Decimal) for name in SCHEMAS
    }


def fits(kind: str, value: dict[str, Any]) -> bool:
    """Whether the fields of a document are those of its kind."""
    try:
        return _gate(kind)(value)
    except UnicodeEncodeError:  # half of a surrogate pair: text that no file can hold
        return False


def validate(document: Document) -> tuple[Fault, ...]:
    """What keeps a document from being read as its kind; nothing, at once, where it fits."""
    kind = document.value.get("kind")
    if isinstance(kind, str) and fits(kind, document.value):
        return ()
    return faults(document)


def faults(document: Document) -> tuple[Fault, ...]:
    """What does not fit, in the words of the people who write it: at most 1,000 faults."""
    from billing_dsl.model import misfit  # the words are only loaded where there is a fault

    value = document.value
    if "kind" not in value:
        return misfit.no_kind(document, {kind: _form(kind) for kind in KINDS})
    kind = value["kind"]
    if not isinstance(kind, str) or kind not in KINDS:
        return misfit.unknown_kind(document, KINDS)
    if "format" in value and (value["format"] != 1 or value["format"] is True):
        return misfit.foreign_format(document)
    form = _form(kind)
    found = misfit.explained(document, form, _misfits(kind, value))
    if not found and not fits(kind, value):
        return misfit.unexplained(document)
    return found


def _form(kind: str) -> Form:
    return Form(schemas()[f"{kind}{_SUFFIX}"], schemas())


# The fast gate.


@cache
def _gate(kind: str) -> Callable[[object], bool]:
    import jsonschema_rs

    if kind not in KINDS:
        return lambda _value: False
    return jsonschema_rs.Draft202012Validator(
        schemas()[f"{kind}{_SUFFIX}"],
        registry=_folder(),
        offline=True,
        validate_formats=True,
        ignore_unknown_formats=False,
        pattern_options=jsonschema_rs.RegexOptions(),  # the engine that cannot be made to hang
    ).is_valid


@cache
def _folder() -> jsonschema_rs.Registry:
    """The schemas for jsonschema_rs: what is not in the folder is not fetched."""
    import jsonschema_rs

    return jsonschema_rs.Registry(list(schemas().items()))


# The explanation.


def _misfits(kind: str, value: dict[str, Any]) -> Iterator[Misfit]:
    from billing_dsl.model.misfit import MOST, Misfit

    for error in islice(_explainer(kind).iter_errors(value), MOST + 1):
        yield Misfit(
            route=tuple(error.absolute_path),
            key="propertyNames" in error.absolute_schema_path,
            keyword=str(error.validator),
            asked=error.validator_value,
            found=error.instance,
            field=error.message,
            schema=error.schema if isinstance(error.schema, dict) else {},
        )


@cache
def _explainer(kind: str) -> Validator:
    from jsonschema import Draft202012Validator, validators

    extend: Any = validators.extend  # its stub says nothing of types
    explains = extend(
        Draft202012Validator,
        validators={
            "required": _required,
            "additionalProperties": _additional_properties,
            "propertyNames": _property_names,
            "uniqueItems": _unique_items,
            "oneOf": _one_of,
            "pattern": _pattern,
        },
        type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_whole),
    )
    explainer: Validator = explains(
        schemas()[f"{kind}{_SUFFIX}"], registry=closed_registry(), format_checker=format_checker()
    )
    return explainer


@cache
def format_checker() -> FormatChecker:
    """What jsonschema asks about a `format`: ours, and none of those it comes with."""
    from jsonschema import FormatChecker

    from billing_dsl.model.wording import FORMATS

    checker = FormatChecker(formats=())
    for name, check in FORMATS.items():
        checker.checks(name)(check)
    return checker


@cache
def closed_registry() -> SchemaRegistry:
    """The schemas for jsonschema: what is not in the folder does not exist, and is not fetched."""
    from referencing import Registry
    from referencing.jsonschema import DRAFT202012

    resources = [(name, DRAFT202012.create_resource(schema)) for name, schema in schemas().items()]
    empty: SchemaRegistry = Registry()
    return empty.with_resources(resources)


def _is_whole(_checker: TypeChecker, value: object) -> bool:
    """Whether a number is whole, however written: the gate and JSON Schema take 2.0 for 2."""
    if isinstance(value, Decimal):
        return value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


# Keywords that say which field they mean (in the error's message), or that cost what the input can
# be made to cost. Each gives the verdict of the original.


def _required(
    _validator: Validator, required: Iterable[str], value: object, _schema: Schema
) -> Iterator[ValidationError]:
    from jsonschema.exceptions import ValidationError

    if isinstance(value, dict):
        yield from (ValidationError(field) for field in required if field not in value)


def _additional_properties(
    validator: Any, others: Any, value: object, schema: Schema
) -> Iterator[ValidationError]:
    from jsonschema.exceptions import ValidationError

    if not isinstance(value, dict):
        return
    for field in value:
        if field in schema.get("properties", {}):
            continue
        if others is False:
            yield ValidationError(field)
        else:
            yield from validator.descend(value[field], others, path=field)


def _property_names(
    validator: Any, names: Schema, value: object, _schema: Schema
) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        for field in value:
            yield from validator.descend(field, names, path=field)


def _unique_items(
    _validator: Validator, _unique: bool, values: object, _schema: Schema
) -> Iterator[ValidationError]:
    """Each text that stands there again: our lists of unique things hold nothing but texts."""
    from jsonschema.exceptions import ValidationError

    seen: set[str] = set()
    for position, value in enumerate(values if isinstance(values, list) else ()):
        if not isinstance(value, str):
            continue
        if value in seen:
            yield ValidationError(value, path=[position])
        seen.add(value)


def _one_of(
    _validator: Validator, choices: Iterable[Schema], value: object, _schema: Schema
) -> Iterator[ValidationError]:
    """Exactly one of some fields: the only use that our schemas make of `oneOf`."""
    from jsonschema.exceptions import ValidationError

    fields = [choice["required"][0] for choice in choices]
    if isinstance(value, dict) and sum(field in value for field in fields) != 1:
        yield ValidationError(" ".join(fields))


def _pattern(
    _validator: Validator, pattern: str, value: object, schema: Schema
) -> Iterator[ValidationError]:
    from jsonschema.exceptions import ValidationError

    from billing_dsl.model.wording import has_pattern

    if not isinstance(value, str) or len(value) > schema.get("maxLength", len(value)):
        return
    if not has_pattern(value, pattern):
        yield ValidationError(value)
