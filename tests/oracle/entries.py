"""Random catalogues and histories for replays: blocks that run out, splits, tickets, overage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.oracle.replaying import Entry
from tests.oracle.simulator import Document, Simulator
from tests.oracle.strategies import (
    FIRST,
    LAST,
    Choices,
    any_catalogue,
    clean_catalogue,
    interesting_days,
)

ROUNDINGS = ("15 minutes", "6 minutes", "1 minute", "7 minutes", "30 minutes", "60 minutes")
HOURS = ("0.25", "0.5", "1", "1.5", "2", "3.75", "8", "0.17", "0.33", "0.0833", "0.26", "7.1")


def replayable(choices: Choices) -> list[Document]:
    """A catalogue, often one whose clients draw on small blocks, with roundings and bounds."""
    documents = (clean_catalogue if choices.chance(30) else any_catalogue)(choices)
    always = choices.chance(70)
    for document in documents:
        if document["kind"] in ("role", "work_type") and always:
            document.pop("from", None)  # or most entries would be of work not in use yet
        if document["kind"] == "settings":
            document["hours_rounding"] = choices.pick(ROUNDINGS)
        if document["kind"] == "work_type" and choices.chance(20):
            document["maximum_hours"] = choices.pick((2, Decimal("7.5")))
    if choices.chance(60):
        for client in [one["name"] for one in documents if one["kind"] == "client"]:
            documents.append(_with_blocks(client, documents, choices))
    return documents


def _with_blocks(client: str, documents: Sequence[Document], choices: Choices) -> Document:
    """An agreement that begins first, so that all work starts at its blocks."""
    (settings,) = [one for one in documents if one["kind"] == "settings"]
    currencies = [settings["currency"], "EUR", "CHF"]
    start, end = date(2025, 11, 1), date(2026, 9, 30)
    blocks: list[Document] = []
    days = choices.days(start, end, choices.whole(1, 4))
    if choices.chance(30):
        days = sorted([*days, days[0]])
    for day in days:
        last = choices.day(day, day + timedelta(days=90))
        rate: object = choices.whole(60, 120)
        if choices.chance(30):
            rate = {name: Decimal(choices.whole(6000, 12000)).scaleb(-2) for name in currencies}
        blocks.append(
            {
                "contract": "hours",
                "hours": choices.pick((2, 10, Decimal("7.5"), Decimal("0.75"), 40)),
                "rate": rate,
                "start": day.isoformat(),
                "end": last.isoformat(),
            }
        )
    hours: Document = {"name": "hours", "type": "block_hours", "falls_to": "more"}
    if choices.chance(50):
        hours["overage_rate"] = choices.whole(80, 140)
    roles = [one["name"] for one in documents if one["kind"] == "role"]
    if choices.chance(50):
        factors = (2, Decimal("1.5"), Decimal("0.5"), Decimal("1.3333"))
        hours["block_factors"] = {role: choices.pick(factors) for role in choices.some(roles, 1)}
    if choices.chance(40):
        work_types = [one["name"] for one in documents if one["kind"] == "work_type"]
        hours["excludes"] = {"work_types": choices.some(work_types, 0, 1)}
    types = ("time_and_materials", "per_ticket", "retainer")
    more: Document = {"name": "more", "type": choices.pick(types)}
    if more["type"] == "retainer":
        paid = {name: choices.whole(50, 5000) for name in currencies}
        more["retainers"] = [{"amount": paid, "start": start.isoformat(), "end": end.isoformat()}]
    if more["type"] == "per_ticket":
        more["tickets"] = [
            {
                "tickets": 20,
                "rate": choices.whole(30, 90),
                "start": start.isoformat(),
                "end": end.isoformat(),
            }
        ]
    return {
        "format": 1,
        "kind": "agreement",
        "name": f"a-{client}-blocks",
        "client": client,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "contracts": [hours, more],
        "blocks": blocks,
    }


def history(documents: Sequence[Document], choices: Choices, most: int = 60) -> list[Entry]:
    """Time entries of these clients, in no order, many of them on days on which things change."""
    simulator = Simulator(documents)
    days = interesting_days(documents)
    work_types, roles = sorted(simulator.work_types), sorted(simulator.roles)
    sub_issues = ["", *sorted(simulator.sub_issues)]
    favourite = choices.pick(simulator.clients)
    busy = choices.day(date(2025, 12, 1), date(2026, 8, 1))
    found: list[Entry] = []
    for _ in range(choices.whole(1, most)):
        shape = choices.whole(0, 9)
        if shape <= 5:
            day = busy + timedelta(days=choices.whole(0, 60))
        else:
            day = choices.pick(days) if shape <= 7 else choices.day(FIRST, LAST)
        found.append(
            Entry(
                favourite if choices.chance(60) else choices.pick(simulator.clients),
                choices.pick(work_types),
                choices.pick(roles),
                choices.pick(sub_issues),
                day,
                choices.pick((-1, 0, 9 * 3600, 9 * 3600 + 60)),
                Decimal(choices.pick(HOURS)),
                choices.pick(("", "T1", "T2", "T3")),
            )
        )
    return found


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Document], list[Entry]]:
    """A catalogue, and entries of its clients."""
    choices = Choices.of(draw)
    documents = replayable(choices)
    return documents, history(documents, choices)
