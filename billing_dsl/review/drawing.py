"""What a change moves, as a Mermaid drawing: nothing in it that stays where it was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from billing_dsl.changes.effects import Effect
from billing_dsl.report._visible import visible
from billing_dsl.report._words import count
from billing_dsl.review.moves import Move
from billing_dsl.targets._mermaid import LONGEST, MOST, quoted

MOVES = 12
"""Moves that are drawn: what weighs most. A forge draws no more than 500 arrows."""

_LOOKS = {
    Effect.LOSES: "stroke:#b93d33,stroke-width:2px",
    Effect.RATE_UP: "stroke:#b8720f,stroke-width:2px",
    Effect.RATE_DOWN: "stroke:#1f7f8c,stroke-width:2px",
    Effect.GAINS: "stroke:#2c7f49,stroke-width:2px",
    Effect.NONE: "stroke:#6b777d,stroke-width:1px",
}


def mermaid(moves: Sequence[Move]) -> str:
    """A flowchart from left to right: where work ended, and where it ends. Empty without moves."""
    kept = sorted(moves, key=lambda one: -one.weight)[:MOVES]
    shown = [one for one in moves if one in kept][:MOVES]
    if not shown:
        return ""
    before = {end: f"b{n}" for n, end in enumerate(dict.fromkeys(one.before for one in shown), 1)}
    after = {end: f"a{n}" for n, end in enumerate(dict.fromkeys(one.after for one in shown), 1)}
    lines = ["flowchart LR"]
    for title, ends in (("before", before), ("after", after)):
        lines.append(f'  subgraph {title}_ ["{title}"]')
        lines += [f'    {name}["{_end(end)}"]' for end, name in ends.items()]
        lines.append("  end")
    for one in shown:
        text = f"{_label(_some(one.work))}<br/>{_clients(one)}"
        lines.append(f'  {before[one.before]} -->|"{text}"| {after[one.after]}')
    lines += [f"  linkStyle {n} {_LOOKS[one.effect]}" for n, one in enumerate(shown)]
    return "\n".join(lines) + "\n"


def _end(end: tuple[str, str]) -> str:
    return "<br/>".join(_label(text) for text in end if text)


def _clients(one: Move) -> str:
    return count(one.clients, "client") if one.clients else "the next clients"


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST
    return _joined(names[:MOST]) + (f" and {more} more" if more > 0 else "")


def _joined(names: Iterable[str]) -> str:
    return ", ".join(name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…" for name in names)


def _label(text: str) -> str:
    shown = visible(text)
    return quoted(shown if len(shown) <= 4 * LONGEST else f"{shown[: 4 * LONGEST - 1]}…")
