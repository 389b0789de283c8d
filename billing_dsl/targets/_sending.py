"""What is sent to a tenant that somebody has looked at, and what a person has to see to there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from billing_dsl.targets._values import Body, Pick, Ref, Value


class Request(NamedTuple):
    """One request: what it makes or changes, and the ids of what has to be there before it."""

    id: str
    method: str
    path: str
    body: Body
    key: Body
    needs: tuple[str, ...]


Words: TypeAlias = tuple[str, ...]
"""A sentence in parts: plain words and exact names in turns, beginning with words."""


class Step(NamedTuple):
    """What a person does about something that the tenant holds otherwise than the catalogue.

    `object` is the id of what it is about. What is `first` comes before anything is sent, all else
    after it.
    """

    object: str
    client: str
    words: Words
    details: tuple[Words, ...] = ()
    first: bool = False


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent to a tenant, as a snapshot shows it. What is there already is not sent again.

    `settled` are the objects of the book that nobody has to make: those that are there, and those
    of which nothing can be said. Of these last, `held` are the ones that requests would have made.
    """

    database: str
    taken_at: str
    requests: tuple[Request, ...]
    ids: Mapping[str, int]
    """The number that the tenant gives each object that it has, by the object's id here."""
    picks: Mapping[Pick, Value]
    """The values of the tenant's lists, by what requests call them."""
    settled: frozenset[str]
    held: tuple[str, ...]
    steps: tuple[Step, ...]
    equal: int
    """How many objects of the requests' lane are there just as the catalogue says."""

    @property
    def open(self) -> tuple[int, int]:
        """How many references and labels requests hold for which the tenant has nothing yet."""
        sent = {each.id for each in self.requests}
        values = {
            value
            for each in self.requests
            for value in (*each.body.values(), *each.key.values())
            if type(value) is Ref or type(value) is Pick
        }
        labels = sum(type(value) is Pick for value in values)
        return sum(type(value) is Ref and value.id not in sent for value in values), labels

    def resolved(self, body: Body) -> Body:
        """A body with the tenant's own values, as far as it has them."""
        return {name: self.value(value) for name, value in body.items()}

    def value(self, value: Value) -> Value:
        """The tenant's own value, or what stands for it."""
        if type(value) is Ref:
            return self.ids.get(value.id, value)
        if type(value) is Pick:
            return self.picks.get(value, value)
        return value

    def routed(self, path: str) -> str:
        """A path with the tenant's own numbers in place of ids in braces, as far as it has them."""
        parts = path.split("{")
        found = [parts[0]]
        for part in parts[1:]:
            object_id, _, rest = part.partition("}")
            known = self.ids.get(object_id)
            found.append(f"{{{object_id}}}{rest}" if known is None else f"{known}{rest}")
        return "".join(found)


TENANTS = {
    "country": ("Countries", "countryCode"),
    "currency": ("Currencies", "name"),
    "resource": ("Resources", "email"),
}
"""What every tenant has: its entity by the first word of its id, and the field it is found by."""
