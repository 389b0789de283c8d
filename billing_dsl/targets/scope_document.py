"""Scope documents: what each client has agreed to, in the client's words, to read and to sign."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from billing_dsl.languages import Language
from billing_dsl.targets import Artifact, Compilation, Teller, Views, target
from billing_dsl.targets._forms import Form
from billing_dsl.targets._scope import Body, Fact, Glance, Period, ScopeDocument, Table
from billing_dsl.targets._scope_body import Bodies
from billing_dsl.targets._scope_terms import Contents
from billing_dsl.targets._templates import (
    ACCENT,
    PRIMARY,
    Blank,
    Filling,
    Part,
    Sheet,
    Written,
    part,
    sheet,
)


@target
def scope_document(compilation: Compilation) -> Teller:
    """
    A scope document for each agreement: Markdown for review, HTML to print and sign.

    It says what is included, what comes from the block, what is billed and at which rate, what no
    contract covers, and what changes when. Every statement is worked out from the coverage that
    the check has proved; the footer names a hash over all that is said. It names no commit: a
    document changes when something else is said in it, and then only.
    """
    return _ScopeDocuments(compilation)


class _ScopeDocuments(Teller):
    def __init__(self, compilation: Compilation) -> None:
        declared = compilation.declared
        bodies = Bodies(declared.shared, declared.cells)
        self._contents = Contents(bodies, compilation.tool_version)
        colours = declared.shared.settings.colours
        self._style = sheet(colours.get("primary", PRIMARY), colours.get("accent", ACCENT))
        self._pages: dict[Language, Pages] = {}
        self._forms = compilation.forms

    def of_family(self, views: Views) -> Iterator[Artifact]:
        for view in views:
            for agreement in view.agreements:
                page = self._page(self._contents.of(view, agreement))
                folder = f"documents/{view.client.name}/{agreement.name}"
                if Form.HTML in self._forms:
                    yield Artifact(f"{folder}/scope.html", page.html, "document")
                if Form.MARKDOWN in self._forms:
                    yield Artifact(f"{folder}/scope.md", page.markdown, "document")

    def _page(self, document: ScopeDocument) -> Part:
        pages = self._pages.get(document.language)
        if pages is None:
            pages = self._pages[document.language] = Pages(self._style, document.language)
        return pages.of(document)


class Pages:
    """Scope documents in one language as pages; a part that clients share is written once."""

    def __init__(self, style: Sheet, language: Language) -> None:
        labels = language.labels
        # Written already, for whoever prints a text takes away the space at its beginning.
        self._words = {**labels, "colon": Written(labels["colon"])}
        self._between_lines = f"{labels['semicolon']} "
        self._blank = Blank("scope", words=self._words, sheet=style)
        self._parts: dict[Hashable, Part] = {}

    def of(self, document: ScopeDocument) -> Part:
        """A document in Markdown, and as one self-contained page of HTML."""
        return self._blank.filled(
            about=document.about,
            provider_name=document.provider_name,
            client=document.client,
            provider=document.provider,
            facts=tuple(map(self._fact, document.facts)),
            glance=self._glance(document.glance),
            periods=tuple(self._periods(document.periods)),
            tables=tuple(map(_table, document.tables)),
            specials=tuple([(found.what, found.days, found.reason) for found in document.specials]),
            reading=document.reading,
            stamp=document.stamp.text,
        )

    def _fact(self, fact: Fact) -> Filling:
        """A fact as a template reads it: HTML has its lines, Markdown has them in one."""
        return fact.label, fact.lines, self._between_lines.join(fact.lines)

    def _glance(self, glance: Glance) -> Part:
        found = self._parts.get(glance)
        if found is None:
            found = self._parts[glance] = part("scope_glance", glance=glance, words=self._words)
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
                    words=self._words,
                )
            yield period.heading, period.summary, self._parts[key]
            before = period.body


def _table(table: Table) -> Filling:
    """A table as a template reads it."""
    return table.title, table.columns, table.numbers, table.rows
