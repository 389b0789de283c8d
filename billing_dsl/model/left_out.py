"""What a document leaves out and what then holds, as its schema says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from billing_dsl.diagnostics import Route
from billing_dsl.model.field import Form
from billing_dsl.model.validate import schemas


def left_out(kind: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a document does not write, with what they then are, by their routes.

    >>> left_out("role", {"kind": "role", "name": "engineer", "title": "Engineer", "rate": 85})
    {'version': 1, 'block_factor': Decimal('1.0')}
    """
    form = Form(schemas()[f"{kind}.schema.json"], schemas())
    return {".".join(map(str, route)): given for route, given in _left_out(form, (), value)}


def _left_out(form: Form, route: Route, value: Mapping[str, Any]) -> Iterator[tuple[Route, Any]]:
    for name in form.fields(route):
        further = (*route, name)
        written = value.get(name)
        if written is None and "default" in (field := form.at(further)):
            yield further, field["default"]
        elif written is None or isinstance(written, dict):
            yield from _left_out(form, further, written or {})
