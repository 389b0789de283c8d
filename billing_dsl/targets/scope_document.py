"""Scope documents: what each client has agreed to, in the client's words, to read and to sign."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator

from billing_dsl.languages import Language
from billing_dsl.targets import Artifact, Compilation, target
from billing_dsl.targets._scope import Body, Glance, ScopeDocument
from billing_dsl.targets._scope_body import Bodies
from billing_dsl.targets._scope_terms import Contents
from billing_dsl.targets._templates import ACCENT, PRIMARY, Sheet, Written, html, markdown, sheet


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
    style = sheet(colours.get("primary", PRIMARY), colours.get("accent", ACCENT))
    pages: dict[Language, Pages] = {}
    for view in compilation.clients:
        for agreement in view.agreements:
            document = contents.of(view, agreement)
            words = document.language
            written = pages.setdefault(words, Pages(style, words))
            folder = f"documents/{view.client.name}/{agreement.name}"
            yield Artifact(f"{folder}/scope.html", written.html(document).encode(), "document")
            yield Artifact(f"{folder}/scope.md", written.markdown(document).encode(), "document")


class Pages:
    """Scope documents in one language as pages; a part that clients share is written once."""

    def __init__(self, style: Sheet, language: Language) -> None:
        self._style = style
        # Written already, for whoever prints a text takes away the space at its beginning.
        self._words = {**language.labels, "colon": Written(language.labels["colon"])}
        self._written: dict[Hashable, Written] = {}

    def html(self, document: ScopeDocument) -> str:
        """One self-contained page of HTML."""
        return self._page(html, document)

    def markdown(self, document: ScopeDocument) -> str:
        """The same in Markdown."""
        return self._page(markdown, document)

    def _page(self, form: Callable[..., Written], document: ScopeDocument) -> str:
        # Plain values and tuples: a template looks up attributes slowly, for safety's sake.
        return form(
            "scope",
            words=self._words,
            sheet=self._style,
            about=document.about,
            provider_name=document.provider_name,
            client=document.client,
            provider=document.provider,
            facts=[(fact.label, fact.lines) for fact in document.facts],
            glance=self._glance(form, document.glance),
            periods=list(self._periods(form, document)),
            tables=[
                (
                    table.title,
                    list(zip(table.columns, table.numbers, strict=True)),
                    [list(zip(row, table.numbers, strict=True)) for row in table.rows],
                )
                for table in document.tables
            ],
            specials=[(found.what, found.days, found.reason) for found in document.specials],
            reading=document.reading,
            stamp=document.stamp.text,
        )

    def _glance(self, form: Callable[..., Written], glance: Glance) -> Written:
        key = (form.__name__, glance)
        if key not in self._written:
            self._written[key] = form("scope_glance", glance=glance, words=self._words)
        return self._written[key]

    def _periods(
        self, form: Callable[..., Written], document: ScopeDocument
    ) -> Iterator[tuple[str, str, Written]]:
        """Heading, summary and body of each period; what has not changed is told in a line."""
        before: Body | None = None
        for period in document.periods:
            key = (form.__name__, before, period.body)
            if key not in self._written:
                self._written[key] = form(
                    "scope_body",
                    body=period.body,
                    before=before.sections if before is not None else (),
                    words=self._words,
                )
            yield period.heading, period.summary, self._written[key]
            before = period.body
