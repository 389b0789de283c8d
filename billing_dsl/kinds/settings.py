"""The MSP itself: its currency, calendar and habits. A catalogue has exactly one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from billing_dsl.model.calendar import Term
from billing_dsl.model.declaration import Declaration, House, Kind, base
from billing_dsl.source.document import Document


@dataclass(frozen=True, slots=True)
class Settings(Declaration):
    """What holds for the whole MSP."""

    KIND: ClassVar[str] = "settings"

    currency: str
    timezone: str
    longest_term: Term
    renewal_notice: Term
    hours_rounding: Decimal
    """In minutes, upwards, before billing."""
    review_threshold: Decimal
    """What moves less money a month is folded in a review; zero folds nothing."""
    uncovered_is_error: bool
    """False where work that reaches no contract is accepted and billed at the role's rate."""
    work_type_budget: int
    multiplier_on_overage: bool
    lanes: Mapping[str, str]
    tenant: str
    """The id of the tenant's database; empty where nobody says which tenant is meant."""
    labels: Mapping[str, Mapping[str, str]]
    """What the tenant calls the values of its lists, by list and by the vendor's English word."""
    dates: str
    """How import screens read a date, `DD/MM/YYYY`; empty where nobody has said."""
    decimal_mark: str
    """What stands in front of decimals in import files; empty where nobody has said."""
    languages: tuple[str, ...]
    """Those in which documents are promised; empty where nothing is written."""
    written_in: str
    """The language of titles, descriptions and summaries."""
    logo: str
    colours: Mapping[str, str]
    contact: Mapping[str, str]


DEFAULT_LANGUAGE = "en"

_MARKS = {"": "", "point": ".", "comma": ","}


def house(value: Mapping[str, Any]) -> House:
    """What the settings document lends to every other one."""
    return House(value["currency"], Term.parse(value.get("longest_term", "20 years")))


def _build(document: Document, _house: House) -> Settings:
    value = document.value
    languages = tuple(value.get("languages", ()))
    autotask = value.get("autotask", {})
    return Settings(
        *base(document),
        currency=value["currency"],
        timezone=value["timezone"],
        longest_term=Term.parse(value.get("longest_term", "20 years")),
        renewal_notice=Term.parse(value.get("renewal_notice", "90 days")),
        hours_rounding=Decimal(value.get("hours_rounding", "15 minutes").split()[0]),
        review_threshold=Decimal(value.get("review_threshold", 0)),
        uncovered_is_error=value.get("uncovered", "error") == "error",
        work_type_budget=int(value.get("work_type_budget", 15)),
        multiplier_on_overage=value.get("multiplier_on_overage", False),
        lanes={"companies": "import", "services": "import", **value.get("lanes", {})},
        tenant=autotask.get("tenant", ""),
        labels=autotask.get("labels", {}),
        dates=autotask.get("import", {}).get("dates", ""),
        decimal_mark=_MARKS[autotask.get("import", {}).get("decimals", "")],
        languages=languages,
        written_in=value.get("written_in", languages[0] if languages else DEFAULT_LANGUAGE),
        logo=value.get("logo", ""),
        colours=value.get("colours", {}),
        contact=value.get("contact", {}),
    )


SETTINGS = Kind(Settings, _build)
