"""Scope documents: what each client has agreed to, in the client's words, to read and to sign."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from billing_dsl.diagnostics import Fault, Finding, Reach
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client
from billing_dsl.languages import Language
from billing_dsl.source.hypertext import skeleton
from billing_dsl.source.word_text import told
from billing_dsl.targets import Artifact, Compilation, Teller, Views, target
from billing_dsl.targets._forms import Form
from billing_dsl.targets._logo import Logo
from billing_dsl.targets._open import FactLine, PeriodPart, SpecialPart, TablePart
from billing_dsl.targets._own_documents import OwnDocuments
from billing_dsl.targets._pdf import GlyphError, Printer
from billing_dsl.targets._scope import Body, Fact, Glance, Period, ScopeDocument, Table
from billing_dsl.targets._scope_body import Bodies
from billing_dsl.targets._scope_plain import Plain, Plainly, texts
from billing_dsl.targets._scope_terms import Contents
from billing_dsl.targets._seal import NAME, Seal, digest, drawn, letters, lines, printed
from billing_dsl.targets._templates import (
    ACCENT,
    PRIMARY,
    Blank,
    Part,
    Written,
    part,
    sheet,
)
from billing_dsl.targets._word import SIDES, Word, hex_of, picture, widths


@target
def scope_document(compilation: Compilation) -> Teller:
    """
    A scope document for each agreement: Markdown for review, HTML to read, Word to go through
    together, PDF to sign.

    It says what is included, what comes from the block, what is billed and at which rate, what no
    contract covers, and what changes when. Every statement is worked out from the coverage that
    the check has proved, and stands in each form alike; the footer names a hash over all that is
    said. It names no commit: a document changes when something else is said in it, and then only.
    Each carries a seal, by which `billing-dsl verify-document` knows it again.

    A template of the user's own, in `templates/documents/`, takes the place of ours.
    """
    return _ScopeDocuments(compilation)


class _ScopeDocuments(Teller):
    def __init__(self, compilation: Compilation) -> None:
        declared = compilation.declared
        settings = declared.shared.settings
        bodies = Bodies(declared.shared, declared.cells)
        self._contents = Contents(bodies, compilation.tool_version)
        self._own = OwnDocuments(declared.templates.documents, compilation.forms)
        self._look = Look(
            settings.title, settings.colours, compilation.logo, compilation.forms, self._own
        )
        self._writers: dict[Language, Writer] = {}

    def of_family(self, views: Views) -> Iterator[Artifact | Fault]:
        for view in views:
            for agreement in view.agreements:
                document = self._contents.of(view, agreement)
                folder = f"documents/{view.client.name}/{agreement.name}"
                try:
                    for form, content in self._writer(document.language).forms(document):
                        if not self._own.broken:
                            yield Artifact(f"{folder}/scope.{form}", content, "document")
                except GlyphError as text:
                    yield _no_glyph(view.client, agreement, str(text))
                yield from self._own.faults()

    def _writer(self, language: Language) -> Writer:
        found = self._writers.get(language)
        if found is None:
            found = self._writers[language] = Writer(self._look, language)
        return found


def _no_glyph(client: Client, agreement: Agreement, text: str) -> Fault:
    """The finding that a document cannot be printed, at the name in question if it is one."""
    named = text in client.legal_name
    return Fault(
        "BD541",
        Finding(
            client.at("legal_name") if named else agreement.at("name"),
            f"the scope document of `{agreement.name}` cannot be made as PDF: no font of the tool "
            f"has the signs of `{text}`",
            label="no font has these signs" if named else "this agreement's document",
            help="write it in other signs, or leave the form out: `compile --forms md,html,docx`",
            subject=client.subject if named else agreement.subject,
            reached=(Reach(client.name, agreement.name),),
        ),
    )


TEMPLATES = (Form.MARKDOWN, Form.HTML, Form.WORD)
"""The forms that templates are filled in for; PDF has a template of its own kind."""

FORMS = (*TEMPLATES, Form.PDF)
"""The forms of scope documents."""


@dataclass(frozen=True, slots=True)
class Look:
    """How documents look, and in which forms they are made."""

    provider: str
    colours: Mapping[str, str]
    logo: Logo | None
    forms: frozenset[Form]
    own: OwnDocuments = field(default_factory=lambda: OwnDocuments({}))
    """The templates that take the place of ours."""
    printer: Printer = field(init=False)

    def __post_init__(self) -> None:
        """One printer for all languages: it is slow to begin."""
        object.__setattr__(self, "printer", Printer(self.colours, self.logo))


class Writer:
    """Writes scope documents in one language, in the forms that are asked for."""

    def __init__(self, look: Look, language: Language) -> None:
        self._look = look
        self._language = language.labels["language"]
        self._plainly = Plainly(language)
        self._pages = Pages(look, language)
        self._word: Word | None = None
        if Form.WORD in look.forms:
            self._word = Word(self._language, look.colours, look.logo)

    def forms(self, document: ScopeDocument) -> Iterator[tuple[Form, bytes]]:
        """A document in each form, in order of their names. Raises GlyphError, at the PDF."""
        stamp = document.stamp.text
        unsealed = self._seal(document, "0" * 64)
        page = self._pages.of(document, unsealed)
        if self._word is not None:
            said = lines(told(page.word).text)
            seal = self._seal(document, digest(said, letters(stamp)))
            packed = self._word.packed(
                page.word, document.about, document.provider_name, document.begins, stamp, seal
            )
            yield Form.WORD, packed
        if Form.HTML in self._look.forms:
            yield Form.HTML, self._page(document, page, unsealed)
        if Form.MARKDOWN in self._look.forms:
            yield Form.MARKDOWN, self._sealed(document, page.markdown)
        if Form.PDF in self._look.forms:
            plain = self._plainly.of(document)
            found = digest(printed("\n".join(texts(plain))), drawn(letters(stamp)))
            yield Form.PDF, self._printed(document, plain, self._seal(document, found))

    def _page(self, document: ScopeDocument, page: Part, unsealed: str) -> bytes:
        """A document in HTML, sealed by all that it holds: marks, style, foot and all."""
        text = page.html.decode()
        found = digest(skeleton(text, unsealed), "")
        return text.replace(unsealed, self._seal(document, found)).encode()

    def _printed(self, document: ScopeDocument, plain: dict[str, Plain], seal: str) -> bytes:
        return self._look.printer.printed(
            plain,
            self._language,
            document.about,
            document.provider_name,
            document.begins,
            document.stamp.text,
            seal,
        )

    def _sealed(self, document: ScopeDocument, markdown: bytes) -> bytes:
        """A document in Markdown, sealed by its own lines: marks and all."""
        body, stamp = in_markdown(markdown.decode())
        seal = self._seal(document, digest(lines(body), letters(stamp)))
        return markdown + f"\n<!-- {NAME}: {seal} -->\n".encode()

    def _seal(self, document: ScopeDocument, found: str) -> str:
        return Seal(document.client_name, document.agreement_name, self._language, found).text


def in_markdown(text: str) -> tuple[str, str]:
    """A document in Markdown without its seal: what it says, and its stamp below the last line.

    A line of dashes is as long as whoever saved it last has drawn it.
    """
    if "----" in text or "--- " in text:
        text = _LINE.sub("---", text)
    body, _, stamp = text.rpartition("\n---\n")
    return body, stamp


_LINE = re.compile(r"-{4,}[ \t]*|-{3}[ \t]+")


class Pages:
    """Scope documents in one language as pages; a part that clients share is written once."""

    def __init__(self, look: Look, language: Language) -> None:
        labels = language.labels
        # Written already, for whoever prints a text takes away the space at its beginning.
        self._words = {**labels, "colon": Written(labels["colon"])}
        self._between_lines = f"{labels['semicolon']} "
        self._forms = [form.value for form in TEMPLATES if form in look.forms]
        self._own = look.own
        self._logo = look.logo
        self._style = sheet(
            look.colours.get("primary", PRIMARY),
            look.colours.get("accent", ACCENT),
            own=look.own.style,
        )
        primary, accent = (hex_of(look.colours, name) for name in ("primary", "accent"))
        self._accent = accent
        self._blank = Blank(
            "scope",
            self._forms,
            words=self._words,
            sheet=self._style,
            logo=look.logo,
            primary=primary,
            picture=picture(look.logo, look.provider),
            widths=widths,
        )
        self._parts: dict[Hashable, Part] = {}

    def of(self, document: ScopeDocument, seal: str) -> Part:
        """A document in Markdown, as one self-contained page of HTML, and as Word has it."""
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
            seal=seal,
        )
        return self._own.instead(
            page, "scope", lambda form: self._open(document, glance, periods, seal, form)
        )

    def _open(
        self,
        document: ScopeDocument,
        glance: Part,
        periods: Iterable[tuple[str, str, Part]],
        seal: str,
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
            "seal": seal,
            "logo": self._logo,
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
                part("scope_glance", self._forms, **values), "scope_glance", lambda form: values
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
        ours = part("scope_body", self._forms, **values, accent=self._accent, sides=SIDES)
        return self._own.instead(ours, "scope_body", lambda form: values)


def _table(
    table: Table,
) -> tuple[str, tuple[str, ...], tuple[bool, ...], tuple[tuple[str, ...], ...]]:
    """A table as a template reads it."""
    return table.title, table.columns, table.numbers, table.rows
