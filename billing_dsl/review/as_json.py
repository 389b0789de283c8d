"""A review for machines, with every client whom it reaches. The shape is in docs/review.md."""

from __future__ import annotations

from decimal import Decimal

from billing_dsl.changes.approvals import Asked
from billing_dsl.changes.months import Month, Sides, together
from billing_dsl.diagnostics import Diagnostic
from billing_dsl.model import money
from billing_dsl.report import _differences
from billing_dsl.report._difference_words import row
from billing_dsl.report._json import Json
from billing_dsl.review.history import History
from billing_dsl.review.review import Review
from billing_dsl.review.verdict import verdict


def as_json(review: Review) -> dict[str, Json]:
    """A review; amounts are text, days ISO."""
    return {
        "version": 1,
        "review": {
            "silent": review.silent,
            "masked": review.masked,
            "tool_version": review.version,
            "currency": review.currency,
            "threshold": money.text(review.threshold),
            "verdict": [f"{lead} {rest}".strip() for lead, rest in verdict(review)],
        },
        "approvals": [_asked(review, one) for one in review.approvals],
        "approved_but_not_asked": review.unasked,
        "approvals_changed": [one.subject for one in review.changed_approvals],
        "findings": {
            "new": [_finding(review, one) for one in review.findings.new],
            "fixed": [_finding(review, one) for one in review.findings.fixed],
            "both": review.findings.both,
        },
        "money": {
            "totals": [_month(one) for _, one in together(review.months.values())],
            "clients": [_month(one) for one in review.months.values()],
            "entries": _history(review.history),
        },
        "below_threshold": [
            number for number, one in enumerate(review.told.differences.all) if review.light(one)
        ],
        **_change(review),
    }


def _change(review: Review) -> dict[str, Json]:
    """All that `diff` tells, but what is otherwise for each client piece by piece."""
    told = _differences.as_json(review.told, review.folder)
    del told["version"]
    differences = told["differences"]
    assert isinstance(differences, list), "differences are listed"
    return {**told, "differences": [_in_short(one) for one in differences]}


def _in_short(one: dict[str, Json]) -> dict[str, Json]:
    def whom(reached: Json) -> Json:
        assert isinstance(reached, list), "whom it reaches is listed"
        return [{key: held for key, held in row.items() if key != "parts"} for row in reached]

    return {**one, "reached": whom(one["reached"]), "offers": whom(one["offers"])}


def _asked(review: Review, one: Asked) -> dict[str, Json]:
    approval, differences = one.approval, review.told.differences
    return {
        "approval": approval.name,
        "title": approval.title,
        "by": [{"who": consent.who, "given": consent.given} for consent in one.by],
        "effects": approval.effects,
        "above": _amount(approval.above),
        "weight": _amount(one.weight),
        "clients": one.clients,
        "offers": one.offers,
        "differences": [
            row(found, differences.cells, review.told.as_of).what for found in one.differences
        ],
        "notice": str(approval.notice) if approval.notice is not None else None,
        "first_day": one.first.isoformat() if one.first is not None else None,
        "earliest_day": one.earliest.isoformat() if one.earliest is not None else None,
        "told_too_late": one.short,
    }


def _finding(review: Review, one: Diagnostic) -> dict[str, Json]:
    return {
        "code": one.code,
        "name": one.name,
        "severity": one.severity.value,
        "message": review.line_of(one),
        "path": one.span.path or None,
        "line": one.span.line if one.span.path else None,
        "subject": one.subject or None,
        "reached": [
            {"client": reach.client, "agreement": reach.agreement or None} for reach in one.reached
        ],
    }


def _month(one: Month) -> dict[str, Json]:
    return {
        "client": one.client or None,
        "currency": one.currency,
        "fees": _sides(one.fees),
        "work": _sides(one.work),
        "once": _sides(one.once),
        "change": _amount(one.change),
    }


def _sides(sides: Sides | None) -> dict[str, Json] | None:
    if sides is None:
        return None
    return {"before": _amount(sides[0]), "after": _amount(sides[1])}


def _amount(amount: Decimal | None) -> str | None:
    return money.text(amount) if amount is not None else None


def _history(history: History | None) -> dict[str, Json] | None:
    if history is None:
        return None
    return {
        "entries": history.entries,
        "refused": history.refused,
        "unknown": history.unknown[1],
        "from": history.first.isoformat(),
        "to": history.last.isoformat(),
        "months": history.months,
        "flipped": history.flipped,
        "largest": [
            {
                "day": one.day.isoformat(),
                "client": one.client,
                "work_type": one.work_type,
                "role": one.role,
                "ticket": one.ticket or None,
                "before": one.before,
                "after": one.after,
                "difference": _amount(one.difference),
                "currency": one.currency,
            }
            for one in history.largest
        ],
        "warnings": history.warnings,
        "assumptions": history.assumptions,
    }
