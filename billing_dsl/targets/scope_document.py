"""Scope documents: what each client has agreed to, in the client's words, to read and to sign."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping

from billing_dsl.diagnostics import Fault
from billing_dsl.languages import Language
from billing_dsl.targets import Artifact, Compilation, Teller, Views, target
from billing_dsl.targets._forms import Form
from billing_dsl.targets._open import FactLine, PeriodPart, SpecialPart, TablePart
from billing_dsl.targets._own_documents import OwnDocuments
from billing_dsl.targets._scope import Body, Fact, Glance, Period, ScopeDocument, Table
from billing_dsl.targets._scope_body import Bodies
from billing_dsl.targets._scope_terms import Contents
from billing_dsl.targets._templates import (
    ACCENT,
    PRIMARY,
    Blank,
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

    A template of the user's own, in `templates/documents/`, takes the place of ours.
    """
    return _ScopeDocuments(compilation)


class _ScopeDocuments(Teller):
    def __init__(self, compilation: Compilation) -> None:
        declared = compilation.declared
        bodies = Bodies(declared.shared, declared.cells)
        self._contents = Contents(bodies, compilation.tool_version)
        colours = declared.shared.settings.colours
        self._own = OwnDocuments(declared.templates.documents, compilation.forms)
        self._style = sheet(
            colours.get("primary", PRIMARY), colours.get("accent", ACCENT), self._own.style
        )
        self._pages: dict[Language, Pages] = {}
        self._forms = compilation.forms

    def of_family(self, views: Views) -> Iterator[Artifact | Fault]:
        for view in views:
            for agreement in view.agreements:
                page = self._page(self._contents.of(view, agreement))
                yield from self._own.faults()
                if self._own.broken:
                    continue
                folder = f"documents/{view.client.name}/{agreement.name}"
                if Form.HTML in self._forms:
                    yield Artifact(f"{folder}/scope.html", page.html, "document")
                if Form.MARKDOWN in self._forms:
                    yield Artifact(f"{folder}/scope.md", page.markdown, "document")

    def _page(self, document: ScopeDocument) -> Part:
        pages = self._pages.get(document.language)
        if pages is None:
            pages = self._pages[document.language] = Pages(
                self._style, document.language, self._own
            )
        return pages.of(document)


class Pages:
    """Scope documents in one language as pages; a part that clients share is written once."""

    def __init__(self, style: Sheet, language: Language, own: OwnDocuments) -> None:
        """Pages in a style; `own` are the templates that take the place of ours."""
        self._own = own
        self._style = style
        labels = language.labels
        # Written already, for whoever prints a text takes away the space at its beginning.
        self._words = {**labels, "colon": Written(labels["colon"])}
        self._between_lines = f"{labels['semicolon']} "
        self._blank = Blank("scope", words=self._words, sheet=style)
        self._parts: dict[Hashable, Part] = {}

    def of(self, document: ScopeDocument) -> Part:
        """A document in Markdown, and as one self-contained page of HTML."""
        glance = self._glance(document.glance)
        periods = tuple(self._periods(document.periods))
        page = self._blank.filled(
            about=document.about,
            provider_name=document.provider_name,
            client=document.client,
            provider=document.provider,
            facts=tuple(map(self._fact, document.facts)),
            glance=glance,
            periods=periods,
            tables=tuple(map(_table, document.tables)),
            specials=tuple([(found.what, found.days, found.reason) for found in document.specials]),
            reading=document.reading,
            stamp=document.stamp.text,
        )
        return self._own.instead(
            page, "scope", lambda form: self._open(document, glance, periods, form)
        )

    def _open(
        self,
        document: ScopeDocument,
        glance: Part,
        periods: Iterable[tuple[str, str, Part]],
        form: str,
    ) -> Mapping[str, object]:
        """A document as a user's own template of a form reads it."""
        return {
            "about": document.about,
            "provider_name": document.provider_name,
            "client": document.client,
            "provider": document.provider,
            "facts": tuple([FactLine(*self._fact(fact)) for fact in document.facts]),
            "glance": glance.written(form),
            "periods": tuple(
                [
                    PeriodPart(heading, summary, body.written(form))
                    for heading, summary, body in periods
                ]
            ),
            "tables": tuple([TablePart(*_table(table)) for table in document.tables]),
            "specials": tuple(
                [SpecialPart(found.what, found.days, found.reason) for found in document.specials]
            ),
            "reading": document.reading,
            "stamp": document.stamp.text,
            "client_name": document.client_name,
            "agreement_name": document.agreement_name,
            "words": self._words,
            "sheet": self._style,
        }

    def _fact(self, fact: Fact) -> tuple[str, tuple[str, ...], str]:
        """A fact as a template reads it: HTML has its lines, Markdown has them in one."""
        return fact.label, fact.lines, self._between_lines.join(fact.lines)

    def _glance(self, glance: Glance) -> Part:
        found = self._parts.get(glance)
        if found is None:
            values = {"glance": glance, "words": self._words}
            found = self._own.instead(
                part("scope_glance", **values), "scope_glance", lambda form: values
            )
            self._parts[glance] = found
        return found

    def _periods(self, periods: Iterable[Period]) -> Iterator[tuple[str, str, Part]]:
        """Heading, summary and body of each period; what has not changed is told in a line."""
        before: Body | None = None
        for period in periods:
            key = (before, period.body)
            if key not in self._parts:
                self._parts[key] = self._body(period.body, before)
            yield period.heading, period.summary, self._parts[key]
            before = period.body

    def _body(self, body: Body, before: Body | None) -> Part:
        sections = before.sections if before is not None else ()
        values = {"body": body, "before": sections, "words": self._words}
        return self._own.instead(part("scope_body", **values), "scope_body", lambda form: values)


def _table(
    table: Table,
) -> tuple[str, tuple[str, ...], tuple[bool, ...], tuple[tuple[str, ...], ...]]:
    """A table as a template reads it."""
    return table.title, table.columns, table.numbers, table.rows
