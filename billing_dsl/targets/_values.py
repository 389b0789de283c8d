"""What the body of a request holds: plain values, and those that only a tenant knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from json.encoder import encode_basestring as _quoted
from typing import TypeAlias

from billing_dsl.model import money


@dataclass(frozen=True, slots=True)
class Ref:
    """The number that the tenant gives an object, by the object's id here."""

    id: str


@dataclass(frozen=True, slots=True)
class Pick:
    """The value that a tenant's list has for a label. Labels differ by language and tenant."""

    entity: str
    field: str
    label: str


Value: TypeAlias = str | bool | int | Decimal | date | Ref | Pick
Body: TypeAlias = Mapping[str, Value]
"""Fields of an entity by Autotask's names, in the order in which they are written."""

Json: TypeAlias = "Value | Mapping[str, Json] | Iterable[Json]"


def written(value: Json) -> str:
    """A value as JSON on one line. A Decimal is a number, digit by digit as it was written.

    A day becomes midnight in UTC: Autotask drops the time of such fields without converting it
    (REST_API_Calls). Keys are names of fields, which need no escapes; mappings are dicts.
    """
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Ref):
        return f'{{"$ref": {_quoted(value.id)}}}'
    if isinstance(value, dict):
        inner = [f'"{key}": {written(each)}' for key, each in value.items()]
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, Pick):
        return _listed(value)
    if isinstance(value, date):
        return f'"{value.isoformat()}T00:00:00Z"'
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return f"[{', '.join([written(each) for each in value])}]"


@cache
def _listed(pick: Pick) -> str:
    names = ", ".join(_quoted(name) for name in (pick.entity, pick.field, pick.label))
    return f'{{"$picklist": [{names}]}}'


def encoded(text: str) -> bytes:
    """JSON text as UTF-8; half a surrogate pair, which UTF-8 cannot hold, is escaped."""
    return text.encode("utf-8", "backslashreplace")


def references(body: Body) -> Iterator[str]:
    """The ids that a body refers to, in order."""
    return (value.id for value in body.values() if isinstance(value, Ref))


def shown(value: Value) -> str:
    """A value as a person types it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case Ref(id):
            return id
        case Pick(_, _, label):
            return label
        case _:
            return str(value)


def plain(number: Decimal) -> str:
    """A quantity without needless zeros: `40`, `1.5`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def price(amount: Decimal, currency: str) -> str:
    """An amount with its currency: `85.00 EUR`."""
    return f"{money.text(amount)} {currency}"
