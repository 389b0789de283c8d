"""Whether the tenant holds what the catalogue says, though it writes it in its own way."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing_dsl.model.money import stored
from billing_dsl.targets._values import Pick, Ref, Value
from billing_dsl.tenant.snapshot import Cell


@dataclass(frozen=True, slots=True)
class Eyes:
    """What is known of the tenant when two values are compared.

    `ids` are the numbers of objects that are there, `picks` the values of lists, and of what is
    `unsure` nobody can say whether it is there.
    """

    ids: Mapping[str, int]
    picks: Mapping[Pick, str]
    unsure: Collection[str]

    def alike(self, wanted: Value, cell: Cell) -> bool | None:
        """Whether a field holds what it should; None where that is not known."""
        match wanted:
            case Ref(object_id) if object_id in self.ids:
                return cell == self.ids[object_id]
            case Ref(object_id):
                return None if object_id in self.unsure else False
            case Pick():
                known = self.picks.get(wanted)
                return None if known is None else cell == known
            case bool():
                return cell is wanted
            case str():
                return tidy(wanted) == (tidy(cell) if isinstance(cell, str) else "")
            case date():
                return cell == wanted
            case _:
                return _number(cell) == stored(Decimal(wanted))


def _number(cell: Cell) -> Decimal | None:
    """A cell as a number at the four decimals that Autotask keeps; values of lists are text."""
    if isinstance(cell, str) and cell.isascii() and cell.isdigit():
        return stored(Decimal(cell))
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return stored(Decimal(cell))
    return None


def tidy(text: str) -> str:
    """Text as the server keeps it: composed, with one kind of line end, and nothing around it."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def folded(value: str | int | Decimal | date | None) -> Hashable:
    """A value by which objects are found: a name is the same in capitals and with wider spaces."""
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFC", value).casefold().split())
    if isinstance(value, Decimal):
        return stored(value)
    return value
