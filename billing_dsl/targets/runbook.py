"""Runbooks: how each agreement is billed, for those at the provider who bill it."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import lru_cache

from billing_dsl.analysis.landings import Landing
from billing_dsl.analysis.pricing import Billing
from billing_dsl.languages.english import ENGLISH as WORDS
from billing_dsl.targets import Artifact, Compilation, Teller, Views, target
from billing_dsl.targets._forms import Form
from billing_dsl.targets._mermaid import flowchart
from billing_dsl.targets._picture import in_words, picture
from billing_dsl.targets._runbook import Runbook, Stage
from billing_dsl.targets._runbook_content import Runbooks
from billing_dsl.targets._runbook_words import BILLED, SHORT, Speaker
from billing_dsl.targets._templates import (
    ACCENT,
    PRIMARY,
    Blank,
    Filling,
    Part,
    Sheet,
    Written,
    html,
    markdown,
    sheet,
    together,
)

SHORTEST = 12
"""Characters of a hash that a footer shows."""


@target
def runbook(compilation: Compilation) -> Teller:
    """
    A runbook for each agreement, in HTML and Markdown: how it is billed, for those who bill it.

    It draws the way that excluded work takes from contract to contract, and says what lands where
    at which rate, what changes on which day, what to look at each month, on which assumptions all
    of it rests and which documents decide it. Every statement is worked out from the coverage that
    the check has proved, or from what the agreement has. Like a scope document it names neither
    commit nor day, so it changes when something else is said in it, and then only.
    """
    return _Runbooks(compilation)


class _Runbooks(Teller):
    def __init__(self, compilation: Compilation) -> None:
        colours = compilation.declared.shared.settings.colours
        style = sheet(
            colours.get("primary", PRIMARY), colours.get("accent", ACCENT), "page", "runbook"
        )
        self._runbooks = Runbooks(compilation.declared)
        self._pages = Pages(self._runbooks.speaker, style, compilation.tool_version)
        self._forms = compilation.forms

    def of_family(self, views: Views) -> Iterator[Artifact]:
        if self._forms.isdisjoint((Form.HTML, Form.MARKDOWN)):
            return
        for view in views:
            for agreement in view.agreements:
                page = self._pages.of(self._runbooks.of(view, agreement))
                folder = f"documents/{view.client.name}/{agreement.name}"
                if Form.HTML in self._forms:
                    yield Artifact(f"{folder}/runbook.html", page.html, "runbook")
                if Form.MARKDOWN in self._forms:
                    yield Artifact(f"{folder}/runbook.md", page.markdown, "runbook")


def _never_billed(landing: Landing) -> bool:
    return landing.billing is Billing.NOT_BILLED


def _most_alike(stage: Stage, told: Sequence[Stage]) -> Stage | None:
    """Of the stages told before, the last of those with which it has most in common."""
    if not told:
        return None

    def common(other: Stage) -> tuple[int, bool]:
        same = sum(landing in other.landings for landing in stage.landings)
        return same, other.drawing == stage.drawing

    return max(reversed(told), key=common)


class Pages:
    """Runbooks as pages; a part that clients share is written once."""

    def __init__(self, speaker: Speaker, style: Sheet, tool_version: str) -> None:
        self._speaker = speaker
        self._tool_version = tool_version
        self._blank = Blank("runbook", sheet=style)
        self._foot = Blank("runbook_foot")
        self._rows = {
            name: Blank(f"runbook_{name}")
            for name in ("due", "look", "contract", "ground", "writing")
        }
        self._stages: dict[Hashable, Part] = {}
        # Most rows that a page has, others have too: assumptions, documents that clients share.
        self._row = lru_cache(maxsize=4096)(self._printed)

    def of(self, found: Runbook) -> Part:
        """A runbook in Markdown, and as one self-contained page of HTML."""
        values: dict[str, Filling] = {
            "about": found.about,
            "provider": found.provider,
            "facts": found.facts,
            "comes": found.comes,
            "stages": tuple(self._told(found)),
            "days": self._table(
                "due", ((WORDS.day(due.day), due.what, due.deed) for due in found.days)
            ),
            "looks": self._table(
                "look", ((look.what, look.where, look.why) for look in found.looks)
            ),
            "contracts": self._table(
                "contract",
                (
                    (row.name, row.in_autotask, row.type, row.days, row.excludes, row.falls_to)
                    for row in found.contracts
                ),
            ),
            "grounds": self._table(
                "ground", ((ground.title, ground.model, ground.known) for ground in found.grounds)
            ),
            "writings": self._table(
                "writing", ((one.decides, one.subject, one.place) for one in found.writings)
            ),
            "questions": found.questions,
        }
        said = self._blank.filled(**values)
        digest = hashlib.sha256(said.markdown).hexdigest()[:SHORTEST]
        stamp = (
            f"Agreement {found.agreement_name} · for the provider's own use · content {digest} · "
            f"written by billing_dsl {self._tool_version}"
        )
        return together([said, self._foot.filled(stamp=stamp)])

    def _table(self, row: str, rows: Iterable[tuple[str, ...]]) -> Part:
        """Rows one after the other: a page has as many shapes as there are kinds of rows."""
        return together([self._row(row, cells) for cells in rows])

    def _printed(self, row: str, cells: tuple[str, ...]) -> Part:
        return self._rows[row].filled(cells=cells)

    # --- stages ------------------------------------------------------------------------------

    def _told(self, found: Runbook) -> Iterator[tuple[str, Part]]:
        """Heading and body of each stage; what was told of earlier days is told in a line."""
        tiers = len({stage.tier for stage in found.stages}) > 1
        told: list[Stage] = []
        for number, stage in enumerate(found.stages, 1):
            heading = WORDS.days(stage.life.start, stage.life.end)
            heading += f" · {stage.tier}" if tiers else ""
            like = _most_alike(stage, told)
            since = ""
            if like is not None:
                since = "before" if like is told[-1] else f"from {WORDS.day(like.life.start)}"
            key = (
                (stage.drawing, stage.landings, stage.moved),
                like and (like.drawing, like.landings),
                (since, number, found.currency, found.others),
            )
            if key not in self._stages:
                self._stages[key] = self._stage(found, stage, like, since, number)
            yield heading, self._stages[key]
            told.append(stage)

    def _stage(
        self, found: Runbook, stage: Stage, like: Stage | None, since: str, number: int
    ) -> Part:
        names = self._speaker.names
        redrawn = like is None or like.drawing != stage.drawing
        drawn = picture(stage.drawing, names, number) if redrawn else None
        known = like.landings if like is not None else ()
        values = {
            "moved": stage.moved,
            "since": since,
            "redrawn": redrawn,
            "drawn": drawn is not None,
            "words": tuple(in_words(stage.drawing, names)),
            "before": [
                f"{self._speaker.place(landing, found.others)} ({SHORT[landing.billing]})"
                for landing in stage.landings
                if landing in known
            ],
            "landings": [
                self._landing(landing, found)
                for landing in sorted(stage.landings, key=_never_billed)
                if landing not in known
            ],
        }
        shown = flowchart(stage.drawing, names) if drawn is not None else ""
        return Part(
            markdown("runbook_stage", **values, drawing=Written(shown)).encode(),
            html("runbook_stage", **values, drawing=drawn or Written("")).encode(),
        )

    def _landing(self, landing: Landing, found: Runbook) -> dict[str, object]:
        speaker = self._speaker
        return {
            "place": speaker.place(landing, found.others),
            "kind": speaker.kind(landing),
            "billed": BILLED[landing.billing],
            "short": SHORT[landing.billing],
            "tables": speaker.tables(landing, found.currency),
            "notes": speaker.notes(landing),
        }
