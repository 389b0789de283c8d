"""What changes for a client, for machines: exactly as it was worked out, on all days."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from billing_dsl.changes.clients import ClientChanges
from billing_dsl.changes.cover import Fate, Line
from billing_dsl.changes.deals import DealChange, Purchase, Terms, Units
from billing_dsl.model import money
from billing_dsl.model.calendar import Stretch
from billing_dsl.report._json import Json


def as_json(changes: ClientChanges) -> dict[str, Json]:
    """All that changes for a client; amounts are text, and days ISO."""
    return {
        "cover": [row for line in changes.lines for row in _cover(changes, line)],
        "agreements": [_deal(change) for change in changes.deals],
    }


def _cover(changes: ClientChanges, line: Line) -> Iterator[dict[str, Json]]:
    for change in line.changes:
        for box in changes.cells.boxes(change.cells):
            yield {
                "assigned_to": line.agreement or None,
                **_days(change.life),
                "work_types": box.work_types,
                "roles": box.roles,
                "sub_issues": box.sub_issues,
                "before": _fate(change.before, line),
                "after": _fate(change.after, line),
            }


def _days(life: Stretch) -> dict[str, Json]:
    return {"from": life.start.isoformat(), "to": life.end.isoformat()}


def _fate(fate: Fate | None, line: Line) -> dict[str, Json] | None:
    if fate is None:
        return None
    return {
        "outcome": fate.outcome.value,
        "agreement": line.agreements[fate.agreement] if fate.agreement >= 0 else None,
        "contract": fate.contract or None,
        "contract_type": fate.type.value if fate.type is not None else None,
        "billing": fate.billing.value,
        "rate": _amount(fate.rate),
        "unit": fate.unit.value if fate.unit is not None else None,
        "currency": fate.currency or None,
        "overage_rate": _amount(fate.overage),
        "block_factor": _number(fate.debit),
        "minimum_hours": _number(fate.least),
        "maximum_hours": _number(fate.most),
        "after_hours": fate.after_hours or None,
    }


def _amount(amount: Decimal | None) -> str | None:
    return money.text(amount) if amount is not None else None


def _number(number: Decimal | None) -> str | None:
    return f"{number:f}" if number is not None else None


def _deal(change: DealChange) -> dict[str, Json]:
    return {
        "agreement": change.agreement,
        "before": _terms(change.before),
        "after": _terms(change.after),
        "services": [
            {
                "service": one.service,
                **_days(one.life),
                "before": _units(one.before),
                "after": _units(one.after),
            }
            for one in change.services
        ],
        "purchases": [
            {"before": _purchase(one.before), "after": _purchase(one.after)}
            for one in change.purchases
        ],
    }


def _terms(terms: Terms | None) -> dict[str, Json] | None:
    if terms is None:
        return None
    renewal = terms.renewal
    return {
        **_days(terms.life),
        "currency": terms.currency,
        "rounding_minutes": _number(terms.rounding),
        "renewal": {
            "automatic": renewal.automatic,
            "extend_by": str(renewal.extend_by) if renewal.extend_by is not None else None,
            "notice": str(renewal.notice) if renewal.notice is not None else None,
        }
        if renewal is not None
        else None,
    }


def _units(units: Units | None) -> dict[str, Json] | None:
    if units is None:
        return None
    return {
        "units": _number(units.units),
        "price": _amount(units.price),
        "period": units.period.value,
        "currency": units.currency,
    }


def _purchase(one: Purchase | None) -> dict[str, Json] | None:
    if one is None:
        return None
    return {
        "what": one.what.value,
        "contract": one.contract,
        "title": one.title or None,
        **_days(one.life),
        "quantity": _number(one.quantity),
        "price": _amount(one.price),
        "currency": one.currency,
    }
