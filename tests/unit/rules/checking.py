"""A catalogue of a few lines checked: what rules say of it."""

from __future__ import annotations

from datetime import date

from billing_dsl import pipeline
from billing_dsl.diagnostics import Diagnostic
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.rules import rules
from billing_dsl.rules._examples import AS_OF, completed
from billing_dsl.verdict import verdict

ENGINEER = """
kind: role
name: engineer
title: Engineer
rate: 85.00
"""

SEAT = """
kind: service
name: seat
title: Managed seat
period: monthly
price: 40.00
"""


def diagnostics(*documents: str, as_of: date = AS_OF) -> tuple[Diagnostic, ...]:
    """Everything that is found in a catalogue of these documents and what they leave out."""
    files = completed("\n---\n".join(document.strip("\n") for document in documents))
    readings = [pipeline.read_file(path, files[path]) for path in sorted(files)]
    checked = pipeline.check(readings, as_of, rules())
    waivers = checked.common.catalogue.all(Waiver)
    names = checked.common.inventory.names
    found = verdict(checked.found, waivers, as_of, checked.partial, files.__getitem__, names=names)
    return found.diagnostics


def found(code: str, *documents: str, as_of: date = AS_OF) -> list[Diagnostic]:
    """What one rule finds."""
    return [one for one in diagnostics(*documents, as_of=as_of) if one.code == code]


def work_type(name: str, title: str = "", **fields: str) -> str:
    """A work type document; the title is the name in capitals where none is given."""
    written = {"billing_class": "edge", "description": "Doing the thing.", **fields}
    lines = "\n".join(f"{field}: {value}" for field, value in written.items())
    return f"kind: work_type\nname: {name}\ntitle: {title or name.upper()}\n{lines}\n"


def tier(key: str, scope: str, *fields: str, effective: str = "2027-01-01") -> str:
    """A tier with the contracts `recurring` (with a service), `block` and `hourly`.

    `fields` that begin with `contracts:` or `extends:` stand in place of these contracts.
    """
    name, version = key.split("@")
    lines = "".join(f"{field}\n" for field in fields)
    if not any(field.startswith(("contracts:", "extends:")) for field in fields):
        lines += (
            "contracts:\n"
            "  - {name: recurring, type: recurring_service, services: [seat]}\n"
            "  - {name: block, type: block_hours}\n"
            "  - {name: hourly, type: time_and_materials}\n"
        )
    if scope:
        lines += f"scope: {{{scope}}}\n"
    return (
        f"kind: tier\nname: {name}\nversion: {version}\neffective: {effective}\n"
        f"title: {name.title()}\n{lines}"
    )


def agreement(
    client: str,
    tier: str,
    *fields: str,
    start: str = "2027-01-01",
    end: str = "2027-12-31",
) -> str:
    """An agreement of a client on a tier, with seats sold."""
    lines = "".join(f"{field}\n" for field in fields)
    seats = "" if any("services:" in field for field in fields) else "services: {seat: 12}\n"
    return (
        f"kind: agreement\nname: {client}-{start[:4]}\nclient: {client}\n"
        f"start: {start}\nend: {end}\ntier: {tier}\n{seats}{lines}"
    )


def exception(thing: str, goes_to: str, *, start: str = "", until: str = "2027-12-31") -> str:
    """One row of an agreement's exceptions; `thing` is such as `work_type: travel`."""
    days = f", from: {start}" if start else ""
    days += f", until: {until}" if until else ""
    return f"  - {{{thing}, goes_to: {goes_to}, reason: agreed, owner: desk{days}}}\n"
