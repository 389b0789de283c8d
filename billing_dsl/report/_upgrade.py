"""What another version of this tool makes of the same catalogue: in words, Markdown and JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeAlias

from billing_dsl.analysis.routes import EVERY
from billing_dsl.changes.upgrade import ENDING, Ending, Found, Other, Rerouted, Upgrade
from billing_dsl.model.calendar import Stretch
from billing_dsl.report._inert import code, inert
from billing_dsl.report._json import Json
from billing_dsl.report._table import table
from billing_dsl.report._visible import visible
from billing_dsl.report._words import count

SHOWN = 20
"""Rows of a table that people read; how many more there are is said below it."""

LONGEST = 300
"""The characters of a message that are shown."""

MOST = 30_000
"""The characters that a section of a comment takes at most; a comment takes 65,536."""

NOTHING = "nothing differs"

_ROUTED = ("client", "work", "roles", "cause of ticket", "days", "{before}", "{after}")
_FOUND = ("", "place", "code", "severity", "message")


def as_text(upgrade: Upgrade) -> str:
    """For a terminal: what differs, most important first."""
    lines = [f"{_title(upgrade)}:"]
    lines += [f"  {line}" for line in _summary(upgrade)]
    parts = ["\n".join(lines) + "\n"]
    for _, heads, rows, number in _tables(upgrade):
        parts.append(table(heads, rows, "  ") + _more(number - len(rows), "  "))
    return "\n".join(parts)


def as_markdown(upgrade: Upgrade) -> str:
    """For a comment on a pull request: a sentence or two, all else folded; empty where nothing
    differs.

    Hostile names are inert in it. It has at most `MOST` characters.
    """
    if not upgrade:
        return ""
    lines = [f"### The tool itself: {_called(upgrade.before)} → {_called(upgrade.after)}", ""]
    if upgrade.matters:
        lines.append("Without any edit of the catalogue, the new version tells otherwise:")
    else:
        lines.append("The new version routes and bills the same; some files are written otherwise:")
    lines += ["", *(f"- {_md(line)}" for line in _summary(upgrade)), ""]
    text = "\n".join(lines)
    for title, heads, rows, number in _tables(upgrade):
        part = "\n".join(_folded(title, heads, rows, number - len(rows)))
        if len(text) + len(part) > MOST - 2 * len(_TOO_LONG):
            part = f"{title}{_TOO_LONG}\n"
        text += f"\n{part}"
    return text.rstrip("\n") + "\n"


_TOO_LONG = ": too long to be shown here."

_Rows: TypeAlias = list[list[str]]


def _tables(upgrade: Upgrade) -> Iterator[tuple[str, Sequence[str], _Rows, int]]:
    """The tables of a comment: title, heads, rows that are shown, and how many rows there are."""
    routing = upgrade.routing
    if routing is not None and routing.count:
        rows = [_row(row) for row in routing.told[:SHOWN]]
        if rows:  # masked, there are none
            yield "Work that is routed otherwise", _heads(upgrade), rows, routing.count
    found = list(_findings(upgrade))
    if found:
        yield "Findings", _FOUND, found[:SHOWN], len(found)


def as_json(upgrade: Upgrade) -> dict[str, Json]:
    """For scripts: days as ISO text, `to` null where they are open."""
    routing = upgrade.routing
    return {
        "before": upgrade.before,
        "after": upgrade.after,
        "summary": {
            "rerouted": routing.count if routing is not None else None,
            "clients": routing.clients if routing is not None else None,
            "requests": len(upgrade.requests),
            "files": len(upgrade.files),
            "findings_new": len(upgrade.fresh),
            "findings_gone": len(upgrade.gone),
        },
        "rerouted": [_rerouted(row) for row in (routing.told if routing is not None else ())],
        "requests": [{"id": one.name, "change": one.change} for one in upgrade.requests],
        "files": [
            {"path": one.name, "kind": one.kind, "change": one.change} for one in upgrade.files
        ],
        "findings_new": [_finding(one) for one in upgrade.fresh],
        "findings_gone": [_finding(one) for one in upgrade.gone],
    }


def _rerouted(row: Rerouted) -> dict[str, Json]:
    return {
        "client": row.client,
        "work_type": row.work_type,
        "roles": row.roles,
        "sub_issue": row.sub_issue,
        "from": row.life.start.isoformat(),
        "to": row.life.end.isoformat() if row.life.end != date.max else None,
        "before": dict(row.before) if row.before is not None else None,
        "after": dict(row.after) if row.after is not None else None,
    }


def _finding(one: Found) -> dict[str, Json]:
    return {
        "path": one.path,
        "line": one.line,
        "code": one.code,
        "severity": one.severity,
        "message": one.message,
    }


# --- in words ------------------------------------------------------------------------------------


def _title(upgrade: Upgrade) -> str:
    return f"the same catalogue by {visible(upgrade.before)} and by {visible(upgrade.after)}"


def _summary(upgrade: Upgrade) -> Iterator[str]:
    """What differs, a line for each sort of thing; one line where nothing does."""
    if not upgrade:
        yield NOTHING
    routing = upgrade.routing
    if routing is not None and routing.count:
        where = f"at {count(routing.clients, 'client')}, in {count(routing.count, 'case')}"
        yield f"work ends or is priced otherwise {where}"
    for name, found in (("new finding", upgrade.fresh), ("finding", upgrade.gone)):
        if found:
            gone = "" if name.startswith("new") else " less"
            yield f"{count(len(found), name)}{gone} ({_severities(found)})"
    if upgrade.requests:
        yield f"{count(len(upgrade.requests), 'request')} to Autotask: {_changes(upgrade.requests)}"
    if upgrade.files:
        kinds = Counter(one.kind for one in upgrade.files)
        listed = ", ".join(
            f"{number:,} × {visible(kind)}" for kind, number in sorted(kinds.items())
        )
        yield f"{count(len(upgrade.files), 'file')} written otherwise: {listed}"


def _severities(found: Iterable[Found]) -> str:
    counted = Counter(one.severity for one in found)
    return ", ".join(count(number, visible(name)) for name, number in sorted(counted.items()))


def _changes(others: Iterable[Other]) -> str:
    counted = Counter(one.change for one in others)
    return ", ".join(f"{number:,} {name}" for name, number in sorted(counted.items()))


def _heads(upgrade: Upgrade) -> list[str]:
    names = {"before": upgrade.before, "after": upgrade.after}
    return [names.get(head.strip("{}"), head) for head in _ROUTED]


def _row(row: Rerouted) -> list[str]:
    differing = [
        name
        for name in ENDING
        if row.before is None or row.after is None or row.before.get(name) != row.after.get(name)
    ]
    return [
        row.client,
        row.work_type,
        ", ".join(map(_any, row.roles)),
        _any(row.sub_issue),
        _days(row.life),
        _ending(row.before, differing),
        _ending(row.after, differing),
    ]


def _any(name: str) -> str:
    return "any other" if name == EVERY else name


def _days(life: Stretch) -> str:
    return f"{life.start} to {life.end}" if life.end != date.max else f"from {life.start}"


def _ending(ending: Ending | None, columns: Sequence[str]) -> str:
    """What becomes of work, as far as it differs."""
    if ending is None:
        return "no such work"
    known = [name for name in columns if name in ending]
    return ", ".join(f"{name} {ending[name] or '–'}" for name in known)


def _findings(upgrade: Upgrade) -> Iterator[list[str]]:
    for sign, found in (("new", upgrade.fresh), ("gone", upgrade.gone)):
        for one in found:
            place = f"{one.path}:{one.line}" if one.path else ""
            message = one.message
            if len(message) > LONGEST:
                message = f"{message[:LONGEST]}…"
            yield [sign, place, one.code, one.severity, message]


def _more(number: int, indent: str) -> str:
    return f"{indent}and {number:,} more\n" if number > 0 else ""


def _folded(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], more: int
) -> Iterator[str]:
    yield f"<details><summary>{title}</summary>"
    yield ""
    yield _cells(heads)
    yield "|" + "---|" * len(heads)
    yield from (_cells(row) for row in rows)
    if more > 0:
        yield ""
        yield f"and {more:,} more"
    yield ""
    yield "</details>"
    yield ""


def _cells(row: Iterable[str]) -> str:
    return "| " + " | ".join(_md(cell) for cell in row) + " |"


def _called(version: str) -> str:
    """The name of a version in a heading; a commit as code, so that it can be copied."""
    return code(version) if re.fullmatch("[0-9a-f]{7,}", version) else _md(version)


def _md(text: str) -> str:
    return inert(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
