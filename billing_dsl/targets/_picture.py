"""The exclusion path as a picture: drawn by hand in SVG, the same bytes for the same path.

Every contract falls to one other at most, so a path is a tree that grows towards its end: each
contract stands in the row above the one it falls to, and straight above it where it is the first of
those that do. A ring is drawn as a line with one link left over, which leads back along the edge.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from billing_dsl.analysis.drawing import BROKEN, NO_CONTRACT, Drawing, Node
from billing_dsl.kinds._contract import ContractType, Exclusions
from billing_dsl.targets._contracts import TYPES
from billing_dsl.targets._scope_body import KIND_OF
from billing_dsl.targets._templates import Written, html, line

COLUMNS = 3
"""Contracts side by side that can still be read on a page."""

ROWS = 8
"""Contracts one below the other that fit on a page."""

WIDTH = 720
"""Of the whole picture; a page has about as many pixels."""

_GAP, _PAD, _BAR, _LINE = 20, 14, 6, 19
_ARROW = 30
"""The height of an arrow beside which nothing stands."""

_BACK = 26
"""What a link that leads back needs at the edge."""

MOST = 3
"""Lines of names in a box or beside an arrow; what is left is counted."""

_UNTYPED = {
    NO_CONTRACT: "there is no exclusion contract",
    BROKEN: "the exclusion contract has ended, or not begun",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What a person calls work types, roles and sub-issues, by their names in the catalogue."""

    work_types: Mapping[str, str]
    roles: Mapping[str, str]
    sub_issues: Mapping[str, str]

    def taken(self, node: Node) -> list[str]:
        """The work that leads to a node."""
        return [title for name, title in self.work_types.items() if name in node.takes]

    def excluded(self, excludes: Exclusions) -> list[str]:
        """What a contract excludes: work types, then roles and sub-issues, which say what they
        are.
        """
        found = [title for name, title in self.work_types.items() if name in excludes.work_types]
        if len(found) == len(self.work_types) > 1:
            found = ["all work"]
        found += [f"role {title}" for name, title in self.roles.items() if name in excludes.roles]
        return found + [
            f"sub-issue {title}"
            for name, title in self.sub_issues.items()
            if name in excludes.sub_issues
        ]


@dataclass(frozen=True, slots=True)
class _Box:
    """A contract in the picture, its top left corner and its size."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    lost: bool
    starts: bool
    title: str
    about: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Arrow:
    """From one contract to that to which its excluded work falls, with what that is."""

    path: str
    head: str
    x: float
    y: float
    lines: tuple[str, ...]


def picture(drawing: Drawing, names: Names, number: int) -> Written | None:
    """A path as SVG; None where it has so many contracts that a table says it better.

    `number` tells the pictures of a page apart.
    """
    placed = _placed(drawing)
    if placed is None:
        return None
    boxes, arrows, height = _laid_out(drawing, names, placed)
    return html(
        "path",
        number=number,
        width=WIDTH,
        height=height,
        boxes=boxes,
        arrows=arrows,
        told="; ".join(in_words(drawing, names)),
        line_height=_LINE,
        bar=_BAR,
        pad=_PAD,
    )


def in_words(drawing: Drawing, names: Names) -> Iterator[str]:
    """The picture for whoever does not see it: contract by contract."""
    edges = {edge.source: edge for edge in drawing.edges}
    for node in drawing.nodes:
        said = f"{node.title}, {what_it_is(node)}"
        taken = names.taken(node)
        said += f", takes {', '.join(taken)}" if taken else ""
        if node.id in edges:
            edge = edges[node.id]
            excluded = ", ".join(names.excluded(edge.excludes))
            said += f"; what it excludes falls to {edge.target}: {excluded}"
        yield said


def what_it_is(node: Node) -> str:
    """What a node is, in two words."""
    if not node.type:
        return _UNTYPED[node.title]
    return TYPES[ContractType(node.type)]


# --- where contracts stand -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Placed:
    """For each node its row, counted from the top, and its column; which link leads back."""

    at: Mapping[str, tuple[int, int]]
    rows: int
    columns: int
    back: frozenset[str]


def _placed(drawing: Drawing) -> _Placed | None:
    onward = {edge.source: edge.target for edge in drawing.edges}
    back = _leading_back(drawing, onward)
    onward = {source: target for source, target in onward.items() if source not in back}
    heights: dict[str, int] = {}
    for node in drawing.nodes:
        chain = [node.id]
        while chain[-1] in onward:
            chain.append(onward[chain[-1]])
        heights.update((name, height) for height, name in enumerate(reversed(chain)))
    callers: dict[str, list[str]] = {}
    first = _from_start(drawing, onward)
    for node in sorted(drawing.nodes, key=lambda node: node.id not in first):
        if node.id in onward:
            callers.setdefault(onward[node.id], []).append(node.id)
    rows = max(heights.values(), default=0) + 1
    columns: dict[str, int] = {}
    used = [-1] * rows
    roots = [node.id for node in drawing.nodes if node.id not in onward]
    for root in sorted(roots, key=lambda name: name not in first):
        _stand(root, None, heights, callers, columns, used)
    width = max(used) + 1
    if width > COLUMNS or rows > ROWS:
        return None
    at = {name: (rows - 1 - height, columns[name]) for name, height in heights.items()}
    return _Placed(at, rows, width, back)


def _leading_back(drawing: Drawing, onward: Mapping[str, str]) -> frozenset[str]:
    """The contracts whose links close a ring, as somebody meets them who begins at the start."""
    found: set[str] = set()
    seen: set[str] = set()
    for node in sorted(drawing.nodes, key=lambda node: not node.starts):
        chain: dict[str, None] = {}
        here = node.id
        while here in onward and here not in seen:
            seen.add(here)
            chain[here] = None
            if onward[here] in chain:
                found.add(here)
            here = onward[here]
    return frozenset(found)


def _from_start(drawing: Drawing, onward: Mapping[str, str]) -> frozenset[str]:
    found: set[str] = set()
    here = next((node.id for node in drawing.nodes if node.starts), "")
    while here:
        found.add(here)
        here = onward.get(here, "")
    return frozenset(found)


def _stand(
    root: str,
    column: int | None,
    heights: Mapping[str, int],
    callers: Mapping[str, Sequence[str]],
    columns: dict[str, int],
    used: list[int],
) -> None:
    """Gives a column to a contract and to all that fall to it: the first of them stands above it,
    the others to the right of whatever stands in their rows. So no two arrows cross.
    """
    if column is None:
        above = [heights[root]]
        waiting = [root]
        while waiting:
            waiting = [caller for name in waiting for caller in callers.get(name, ())]
            above.extend(heights[name] for name in waiting)
        column = max(used[height] for height in above) + 1
    columns[root] = column
    used[heights[root]] = column
    for position, caller in enumerate(callers.get(root, ())):
        _stand(caller, None if position else column, heights, callers, columns, used)


# --- how large everything is ---------------------------------------------------------------------


def _laid_out(
    drawing: Drawing, names: Names, placed: _Placed
) -> tuple[list[_Box], list[_Arrow], float]:
    margin = _BACK if placed.back else 0
    width = (WIDTH - margin - _GAP * (placed.columns - 1)) / placed.columns
    edges = {edge.source: edge for edge in drawing.edges}
    inside = width - _BAR - 2 * _PAD
    lines = {node.id: _lines(names.taken(node), inside, "takes ") for node in drawing.nodes}
    beside = {
        node: _lines(names.excluded(edge.excludes), width - 2 * _PAD - 24, "")
        for node, edge in edges.items()
    }
    heights = {node.id: 35 + _LINE * (1 + len(lines[node.id])) for node in drawing.nodes}
    tops: list[float] = []
    bottom = 2.0
    for row in range(placed.rows):
        tops.append(bottom)
        here = [name for name, (at, _) in placed.at.items() if at == row]
        bottom += max(heights[name] for name in here)
        arrows = [len(beside[name]) for name in here if name in beside and name not in placed.back]
        if row < placed.rows - 1:
            bottom += max([_ARROW, *(14 + _LINE * count + 12 for count in arrows)])
    boxes, drawn = [], []
    corners: dict[str, tuple[float, float]] = {}
    for node in drawing.nodes:
        row, column = placed.at[node.id]
        x, y = column * (width + _GAP) + 1, tops[row]
        corners[node.id] = x, y
        boxes.append(
            _Box(
                _round(x),
                _round(y),
                _round(width - 2),
                heights[node.id],
                KIND_OF[ContractType(node.type)].value if node.type else "outside",
                not node.type,
                node.starts,
                _cut(node.title, inside * (0.62 if node.starts else 1), bold=True),
                _cut(what_it_is(node), inside),
                tuple(lines[node.id]),
            )
        )
    for source, edge in edges.items():
        x, y = corners[source]
        to_x, to_y = corners[edge.target]
        if source in placed.back:
            drawn.append(_back(x + width, y, to_x + width, to_y, heights, edge.target, source))
            continue
        drawn.append(_down(x, y + heights[source], to_x, to_y, tuple(beside[source])))
    return boxes, drawn, _round(bottom + 2)


def _down(x: float, y: float, to_x: float, to_y: float, lines: tuple[str, ...]) -> _Arrow:
    """Straight down, and along the row where the other contract does not stand below."""
    begin, end = _round(x + 24), _round(to_x + 24)
    if begin == end:
        path = f"M{begin} {_round(y)}V{_round(to_y - 7)}"
    else:
        end = _round(end + 16)
        path = f"M{begin} {_round(y)}V{_round(to_y - 13)}H{end}V{_round(to_y - 7)}"
    head = f"M{end - 5} {_round(to_y - 8)}h10l-5 8z"
    return _Arrow(path, head, _round(begin + 14), _round(y + 21), lines)


def _back(
    x: float,
    y: float,
    to_x: float,
    to_y: float,
    heights: Mapping[str, float],
    target: str,
    source: str,
) -> _Arrow:
    """Along the right edge, from the end of a ring back to its beginning."""
    edge = WIDTH - 8
    middle, to_middle = _round(y + heights[source] / 2), _round(to_y + heights[target] / 2)
    right, to_right = _round(x - 1), _round(to_x + 6)
    path = f"M{right} {middle}H{edge}V{to_middle}H{to_right}"
    head = f"M{to_right + 1} {to_middle - 5}v10l-8 -5z"
    return _Arrow(path, head, 0, 0, ())


def _round(number: float) -> float:
    rounded = round(number, 1)
    return int(rounded) if rounded == int(rounded) else rounded


# --- words that fit ------------------------------------------------------------------------------


def _lines(names: Sequence[str], room: float, lead: str) -> list[str]:
    """Names with commas between, on a few lines; those for which there is no room are counted."""
    if not names:
        return []
    lines: list[str] = []
    for shown in range(len(names), 0, -1):
        more = len(names) - shown
        words = [f"{_cut(name, room * 0.9)}," for name in names[: shown - 1]]
        words.append(_cut(names[shown - 1], room * 0.9))
        if more:
            words[-1] += f" and {more} more"
        lines = _wrapped(words, room, lead)
        if len(lines) <= MOST:
            return lines
    return lines[:MOST]


def _wrapped(words: Sequence[str], room: float, lead: str) -> list[str]:
    lines = [lead]
    for word in words:
        joined = f"{lines[-1]}{'' if lines[-1] in (lead, '') else ' '}{word}"
        if _long(joined) <= room or lines[-1] in (lead, ""):
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _cut(text: str, room: float, *, bold: bool = False) -> str:
    """A name as far as there is room for it."""
    text = line(text)
    scale = 1.13 if bold else 1.0
    if _long(text) * scale > room:
        while text and _long(f"{text}…") * scale > room:
            text = text[:-1]
        text = f"{text.rstrip()}…"
    return text


_NARROW = frozenset("ijltfrI.,:;'’|!()[] -·")
_BROAD = frozenset("mwMW@%…–—")


@lru_cache(maxsize=4096)
def _long(text: str) -> float:
    """About how many pixels a text takes at 13 to the em: rather too many than too few."""
    found = 0.0
    for letter in text:
        if letter in _NARROW:
            found += 4.9
        elif letter in _BROAD or unicodedata.east_asian_width(letter) in "WF":
            found += 13.6
        elif letter.isupper() or letter.isdigit():
            found += 9.3
        else:
            found += 7.9
    return found
