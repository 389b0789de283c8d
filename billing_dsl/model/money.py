"""Amounts and prices: Decimal from first character to last, never converted, never a float."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

STORED = Decimal("0.0001")
"""Amounts keep four decimals (Autotask, SystemSettingsContracts)."""

POSTED = Decimal("0.01")
"""A posted item has two decimals. Half up is an assumption: docs/assumptions.md, rounding."""

MINOR_UNITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""The decimals in which an amount is written, of the currencies that have not two (ISO 4217)."""

_WIDE = Context(prec=60)


def stored(amount: Decimal) -> Decimal:
    """The amount at the four decimals that Autotask keeps, half up."""
    return amount.quantize(STORED, ROUND_HALF_UP, _WIDE)


def posted(amount: Decimal) -> Decimal:
    """The amount as one posted item: four decimals first, then two, half up at each."""
    return stored(amount).quantize(POSTED, ROUND_HALF_UP, _WIDE)


def text(amount: Decimal, decimals: int = 2) -> str:
    """The amount as text: two decimals at least, up to four where they say something.

    >>> text(Decimal("80")), text(Decimal("21.5")), text(Decimal("0.1250"))
    ('80.00', '21.50', '0.125')

    For people in a currency of other minor units, with other `decimals` at least.

    >>> text(Decimal("15000"), 0), text(Decimal("0.5"), 0), text(Decimal("12.5"), 3)
    ('15000', '0.5', '12.500')
    """
    whole, _, rest = f"{stored(amount):f}".partition(".")
    rest = rest.rstrip("0").ljust(decimals, "0")
    return f"{whole}.{rest}" if rest else whole


@dataclass(frozen=True, slots=True)
class Step:
    """What a price is from a day on: an amount by currency."""

    start: date | None
    amounts: Mapping[str, Decimal]
    position: int | None = field(default=None, compare=False)
    """Its place in the dated list as written; None where the price is no list."""
    word: str = field(default="rate", compare=False)
    """The key that holds its amount in that list: `rate` or `price`."""


@dataclass(frozen=True, slots=True)
class Price:
    """A price or rate: dated steps of amounts by currency, in order of their days.

    A currency that a step does not name has no amount there; nothing is ever converted.
    """

    steps: tuple[Step, ...]

    def on(self, day: date) -> Mapping[str, Decimal] | None:
        """The amounts by currency in force on a day, or None before the first of them."""
        step = self.step_on(day)
        return None if step is None else step.amounts

    def amount(self, day: date, currency: str) -> Decimal | None:
        """The amount in a currency on a day; None before the first, or where there is none."""
        return (self.on(day) or {}).get(currency)

    def step_on(self, day: date) -> Step | None:
        """The step in force on a day, or None before the first of them."""
        found = None
        for step in self.steps:
            if step.start is not None and step.start > day:
                break
            found = step
        return found

    def changes(self) -> Iterator[date]:
        """The days on which the price becomes another."""
        return (step.start for step in self.steps if step.start is not None)


def starts(*prices: Price | None) -> list[date | None]:
    """The days from which prices become what they are, each once; None stands for ever since."""
    found = {step.start for price in prices if price is not None for step in price.steps}
    return sorted(found, key=lambda start: start or date.min)


def price(written: object, currency: str) -> Price:
    """The price that a document writes: a number in `currency`, a map by currency, or dated steps.

    Expects a value that fits its schema; dated steps name their amount `rate`, or `price`.
    """
    if not isinstance(written, list):
        return Price((Step(None, _amounts(written, currency)),))
    steps: list[Step] = []
    for position, step in enumerate(written):
        start = date.fromisoformat(step["from"]) if "from" in step else None
        word = "rate" if "rate" in step else "price"
        steps.append(Step(start, _amounts(step[word], currency), position, word))
    return Price(tuple(sorted(steps, key=lambda step: step.start or date.min)))


def _amounts(written: object, currency: str) -> Mapping[str, Decimal]:
    if isinstance(written, dict):
        return {name: Decimal(amount) for name, amount in written.items()}
    if isinstance(written, int | Decimal):
        return {currency: Decimal(written)}
    raise TypeError(f"a price does not read {type(written).__name__}")
