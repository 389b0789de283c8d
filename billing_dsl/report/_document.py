"""Any other document: as it could be written, with what it leaves out and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from billing_dsl.analysis.agreed import list_price, tiers
from billing_dsl.analysis.answer import NoAnswer, answer
from billing_dsl.analysis.cells import Cell
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.book import Shared
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.scenario import Scenario
from billing_dsl.kinds.service_bundle import ServiceBundle
from billing_dsl.kinds.settings import Settings
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.languages import read_where
from billing_dsl.model import money, written
from billing_dsl.model.declaration import Declaration
from billing_dsl.model.left_out import left_out
from billing_dsl.report._prices import amount_in_words
from billing_dsl.report._shown import Plain
from billing_dsl.report._table import listing
from billing_dsl.report._visible import visible

NOT_SAID = "what comes of it is not known: it rests on something broken, see `billing-dsl check`"
"""What is said in place of what cannot be proved."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A document, what it declares, and what is known beside it.

    `shared` is None where there are no settings; `view` where nothing can be proved of the client
    whose document it is, or where it is nobody's.
    """

    value: Mapping[str, Any]
    declared: Declaration
    shared: Shared | None
    view: ClientCoverage | None
    as_of: date


def as_json(shown: Shown) -> Plain:
    """A document as it is written, and what holds for the fields that it leaves out.

    Of a client there are its agreements besides, and of a scenario its answer: null where nothing
    can be proved.
    """
    found: Plain = {"document": dict(shown.value), "left_out": _left_out(shown)}
    view, declared = shown.view, shown.declared
    if isinstance(declared, Client):
        found["agreements"] = (
            None if view is None else [_agreement(view, a) for a in view.agreements]
        )
    elif isinstance(declared, Scenario):
        found["answer"] = None if view is None else _answer(view, declared)
    return found


def as_text(place: str, shown: Shown) -> str:
    """A document as it could be written; everything else stands below it, in comments."""
    text = f"# {visible(place)}\n"
    text += "".join(f"{visible(line)}\n" for line in written.block(dict(shown.value)).splitlines())
    fields = [
        (name, held if isinstance(held, str) else written.flow(held))
        for name, held in _left_out(shown).items()
    ]
    if fields:
        text += f"# left out, and therefore:\n{listing(fields, _COMMENT)}"
    view, declared = shown.view, shown.declared
    if isinstance(declared, Client | Scenario) and view is None:
        return f"{text}# {NOT_SAID}\n"
    if isinstance(declared, Client) and view is not None:
        agreements = [_agreement(view, agreement) for agreement in view.agreements]
        rows = [
            (one["name"], f"{one['start']} to {one['end']}", ", ".join(one["tiers"]) or "bespoke")
            for one in agreements
        ]
        text += (
            f"# its agreements:\n{listing(rows, _COMMENT)}" if rows else "# it has no agreements\n"
        )
    elif isinstance(declared, Scenario) and view is not None:
        answered = [(word, said or "none") for word, said in _answer(view, declared).items()]
        text += f"# what comes out:\n{listing(answered, _COMMENT)}"
    return text


_COMMENT = "#   "


def _left_out(shown: Shown) -> dict[str, Any]:
    """What holds for each field that is left out, by its route: given by the schema, or by others.

    That it is the first version of a document is not worth a word.
    """
    value, declared = shown.value, shown.declared
    found = left_out(declared.KIND, value)
    del found["version"]
    for route, given in _given(shown):
        field, _, inner = route.partition(".")
        held = value.get(field)
        if held is None or (inner and isinstance(held, dict) and inner not in held):
            found[route] = given
    return found


def _given(shown: Shown) -> Iterator[tuple[str, str]]:
    """What other fields or documents give where one is left out."""
    shared, declared = shown.shared, shown.declared
    match declared:
        case Role():
            yield "autotask.name", declared.title
        case Client():
            yield "title", declared.legal_name
            yield "autotask.organization", declared.legal_name
            if shared is not None:
                yield "currency", shared.settings.currency
                yield "language", read_where("", shared.settings)
        case Settings():
            yield "written_in", declared.written_in
        case ServiceBundle() if shared is not None:
            currency = shared.settings.currency
            price = list_price(shared, declared, shown.as_of, currency)
            said = amount_in_words(price.amount, currency)
            yield "price", f"{said}, the sum of {' and '.join(price.sources)}"
        case Scenario():
            yield "given.sub_issue", "none"
            yield "given.start", "the default contract"
        case Waiver():
            yield "until", "until somebody removes it"
        case _:
            pass


def _agreement(view: ClientCoverage, agreement: Agreement) -> Plain:
    """An agreement in short."""
    return {
        "name": agreement.name,
        "start": agreement.life.start.isoformat(),
        "end": agreement.life.end.isoformat(),
        "default": agreement.default,
        "tiers": [key for _, key, _ in tiers(view.shared, agreement)],
    }


def _answer(view: ClientCoverage, scenario: Scenario) -> dict[str, str | None]:
    """What comes out, in the words of `then`; or why nothing does."""
    cell = Cell(scenario.work_type, scenario.role, scenario.sub_issue)
    found = answer(view, cell, scenario.day, scenario.begins)
    if isinstance(found, NoAnswer):
        return {"reason": found.reason}
    amount = found.rate.amount
    return {
        "outcome": found.outcome.value,
        "agreement": found.agreement.name,
        "contract": None if found.contract is None else found.contract.name,
        "billing": found.billing.value,
        "rate": None if amount is None else money.text(amount),
        "currency": found.currency,
    }
