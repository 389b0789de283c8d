"""What the body of a request holds: plain values, and those that only a tenant knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from json.encoder import encode_basestring as _quoted
from typing import NamedTuple, TypeAlias

from billing_dsl.model import money
from billing_dsl.model.calendar import Stretch


@dataclass(frozen=True, slots=True)
class Ref:
    """The number that the tenant gives an object, by the object's id here."""

    id: str


class Pick(NamedTuple):
    """The value that a tenant's list has for a label. Labels differ by language and tenant."""

    entity: str
    field: str
    label: str


Value: TypeAlias = str | bool | int | Decimal | date | Ref | Pick
Body: TypeAlias = Mapping[str, Value]
"""Fields of an entity by Autotask's names, in the order in which they are written."""

Json: TypeAlias = "Value | Mapping[str, Json] | Sequence[Json]"


def written(value: Json) -> str:
    """A value as JSON on one line. A Decimal is a number, digit by digit as it was written.

    A day becomes midnight in UTC: Autotask drops the time of such fields without converting it
    (REST_API_Calls). Mappings are dicts, their keys names of fields, which need no escapes.
    """
    # Types are compared, the most frequent first: asking a value whether it is one of several
    # types takes three times as long, and there are millions of them.
    if type(value) is Ref:
        return f'{{"$ref": {_quoted(value.id)}}}'
    if type(value) is str:
        return _quoted(value)
    if type(value) is date:
        return _midnight(value)
    if type(value) is Pick:
        return _listed(value)
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int:
        return str(value)
    if type(value) is Decimal:
        return digits(value)
    if isinstance(value, dict):
        fields = [f'"{key}": {written(each)}' for key, each in value.items()]
        return f"{{{', '.join(fields)}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join([written(each) for each in value])}]"
    raise TypeError(f"there is no JSON for {type(value).__name__}")


@cache
def _midnight(day: date) -> str:
    return f'"{iso(day)}T00:00:00Z"'


@cache
def iso(day: date) -> str:
    """A day as `2027-01-15`. A book names the same few days again and again."""
    return day.isoformat()


def days(life: Stretch) -> str:
    """A stretch of days as `2027-01-15 to 2027-12-31`."""
    return f"{iso(life.start)} to {iso(life.end)}"


@cache
def _listed(pick: Pick) -> str:
    names = ", ".join(_quoted(name) for name in (pick.entity, pick.field, pick.label))
    return f'{{"$picklist": [{names}]}}'


def encoded(text: str) -> bytes:
    """Text as UTF-8; half a surrogate pair, which UTF-8 cannot hold, is escaped."""
    return text.encode("utf-8", "backslashreplace")


def lines(texts: Iterable[str], end: str = "\n") -> bytes:
    """Texts as UTF-8, each on its line."""
    return encoded("".join([f"{text}{end}" for text in texts]))


def references(body: Body) -> list[str]:
    """The ids that a body refers to, in order."""
    return [value.id for value in body.values() if type(value) is Ref]


def shown(value: Value) -> str:
    """A value as a person types it."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return digits(value)
        case date():
            return iso(value)
        case Ref(id):
            return id
        case Pick(_, _, label):
            return label
        case _:
            return str(value)


def digits(number: Decimal) -> str:
    """A number digit by digit, as it was written, and never with an exponent."""
    text = str(number)
    return f"{number:f}" if "E" in text else text


def plain(number: Decimal) -> str:
    """A quantity without needless zeros: `40`, `1.5`."""
    text = digits(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def price(amount: Decimal, currency: str) -> str:
    """An amount with its currency: `85.00 EUR`."""
    return f"{money.text(amount)} {currency}"
