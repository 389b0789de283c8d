"""Scope documents: what each client has agreed to, in the client's words, to read and to sign."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from billing_dsl.targets import Artifact, Compilation, target
from billing_dsl.targets import _english as words
from billing_dsl.targets._scope import Body, Glance, Period, ScopeDocument, Table
from billing_dsl.targets._scope_body import Bodies
from billing_dsl.targets._scope_terms import Contents
from billing_dsl.targets._templates import (
    ACCENT,
    PRIMARY,
    Blank,
    Filling,
    Part,
    Sheet,
    part,
    sheet,
)


@target
def scope_document(compilation: Compilation) -> Iterator[Artifact]:
    """
    A scope document for each agreement, in Markdown for review and in HTML to print and sign.

    It says what is included, what comes from the block, what is billed and at which rate, what no
    contract covers, and what changes when. Every statement is worked out from the coverage that
    the check has proved; the footer names the commit and a hash over all that is said.
    """
    declared = compilation.declared
    bodies = Bodies(declared.shared, declared.cells)
    contents = Contents(bodies, compilation.commit, compilation.tool_version)
    colours = declared.shared.settings.colours
    pages = Pages(sheet(colours.get("primary", PRIMARY), colours.get("accent", ACCENT)))
    for view in compilation.clients:
        for agreement in view.agreements:
            document = contents.of(view, agreement)
            page = pages.of(document)
            folder = f"documents/{view.client.name}/{agreement.name}"
            yield Artifact(f"{folder}/scope.html", page.html, "document")
            yield Artifact(f"{folder}/scope.md", page.markdown, "document")


class Pages:
    """Scope documents as pages; a part that clients share is written once for all of them."""

    def __init__(self, style: Sheet) -> None:
        self._blank = Blank("scope", words=words.WORDS, sheet=style)
        self._parts: dict[Hashable, Part] = {}

    def of(self, document: ScopeDocument) -> Part:
        """A document in Markdown, and as one self-contained page of HTML."""
        return self._blank.filled(
            about=document.about,
            provider_name=document.provider_name,
            client=document.client,
            provider=document.provider,
            facts=tuple([(f.label, f.lines, "; ".join(f.lines)) for f in document.facts]),
            glance=self._glance(document.glance),
            periods=tuple(self._periods(document.periods)),
            tables=tuple(map(_table, document.tables)),
            specials=tuple([(found.what, found.days, found.reason) for found in document.specials]),
            reading=document.reading,
            stamp=document.stamp.text,
        )

    def _glance(self, glance: Glance) -> Part:
        found = self._parts.get(glance)
        if found is None:
            found = self._parts[glance] = part("scope_glance", glance=glance, words=words.WORDS)
        return found

    def _periods(self, periods: Iterable[Period]) -> Iterator[tuple[str, str, Part]]:
        """Heading, summary and body of each period; what has not changed is told in a line."""
        before: Body | None = None
        for period in periods:
            key = (before, period.body)
            if key not in self._parts:
                self._parts[key] = part(
                    "scope_body",
                    body=period.body,
                    before=before.sections if before is not None else (),
                    words=words.WORDS,
                )
            yield period.heading, period.summary, self._parts[key]
            before = period.body


def _table(table: Table) -> Filling:
    """A table as a template reads it."""
    return table.title, table.columns, table.numbers, table.rows
