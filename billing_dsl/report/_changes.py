"""What changes for a client, for machines: exactly as it was worked out, on all days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
                **days_as_json(change.life),
                "work_types": box.work_types,
                "roles": box.roles,
                "sub_issues": box.sub_issues,
                "before": fate_as_json(change.before, line.agreements),
                "after": fate_as_json(change.after, line.agreements),
            }


def days_as_json(life: Stretch) -> dict[str, Json]:
    """Its first and its last day."""
    return {"from": life.start.isoformat(), "to": life.end.isoformat()}


def fate_as_json(fate: Fate | None, agreements: Sequence[str]) -> dict[str, Json] | None:
    """What becomes of work; its agreement is counted among some."""
    if fate is None:
        return None
    return {
        "outcome": fate.outcome.value,
        "agreement": agreements[fate.agreement] if fate.agreement >= 0 else None,
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
        "before": terms_as_json(change.before),
        "after": terms_as_json(change.after),
        "services": [
            {
                "service": one.service,
                **days_as_json(one.life),
                "before": units_as_json(one.before),
                "after": units_as_json(one.after),
            }
            for one in change.services
        ],
        "purchases": [
            {"before": purchase_as_json(one.before), "after": purchase_as_json(one.after)}
            for one in change.purchases
        ],
    }


def terms_as_json(terms: Terms | None) -> dict[str, Json] | None:
    """The terms of an agreement."""
    if terms is None:
        return None
    renewal = terms.renewal
    return {
        **days_as_json(terms.life),
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


def units_as_json(units: Units | None) -> dict[str, Json] | None:
    """Units of a service, and the price of one."""
    if units is None:
        return None
    return {
        "units": _number(units.units),
        "price": _amount(units.price),
        "period": units.period.value,
        "invoiced": units.invoiced.value,
        "services": list(units.parts),
        "currency": units.currency,
    }


def purchase_as_json(one: Purchase | None) -> dict[str, Json] | None:
    """What is bought or due once."""
    if one is None:
        return None
    return {
        "what": one.what.value,
        "contract": one.contract,
        "title": one.title or None,
        **days_as_json(one.life),
        "quantity": _number(one.quantity),
        "price": _amount(one.price),
        "currency": one.currency,
    }
