"""What a user's own document template may read: every name, and what it means.

Nothing else of a value can be reached from a template, and `docs/template-names.md` is made of
this. The names are a promise: templates of users are written against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from billing_dsl.languages.english import ENGLISH
from billing_dsl.targets import _scope
from billing_dsl.targets._logo import Logo
from billing_dsl.targets._templates import Sheet, Written, shipped, source
from billing_dsl.templates.documents import STYLE


class FactLine(NamedTuple):
    """A line of the head."""

    label: str
    lines: tuple[str, ...]
    said: str


class PeriodPart(NamedTuple):
    """Days on which the scope does not change."""

    heading: str
    summary: str
    body: Written


class TablePart(NamedTuple):
    """A plain table."""

    title: str
    columns: tuple[str, ...]
    numbers: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


class SpecialPart(NamedTuple):
    """What was agreed otherwise than the tier says."""

    what: str
    days: str
    reason: str


Meanings = Mapping[str, str]

PAGES: Mapping[str, Meanings] = {
    "scope": {
        "about": "the title: the service level, and for whom",
        "provider_name": "the MSP's title",
        "client": "the client's legal name and address, a list of lines",
        "provider": "the MSP's name and contact, a list of lines",
        "facts": "the head: a list of [facts](#facts)",
        "glance": "the table at the head, printed already by `scope_glance`",
        "periods": "days on which the scope does not change: a list of [periods](#periods)",
        "tables": "rates, services, blocks and what else is paid: a list of [tables](#tables)",
        "specials": "what was agreed otherwise: a list of [specials](#specials)",
        "reading": "how the document is to be read, a list of sentences",
        "stamp": "where the document comes from: the line at its foot",
        "seal": "what `verify-document` knows it by: for its `meta` element, never to be shown",
        "logo": "the MSP's logo, or nothing: see [logo](#logo)",
        "client_name": "the client's name in the catalogue",
        "agreement_name": "the agreement's name in the catalogue",
        "words": "headings and labels in the client's language: see [words](#words)",
        "sheet": "the style of HTML pages: `sheet.css` and `sheet.hash`",
    },
    "scope_glance": {
        "glance": "the table: see [glance](#glance)",
        "words": "headings and labels in the client's language: see [words](#words)",
    },
    "scope_body": {
        "body": "the scope: see [body](#body)",
        "before": "the sections of the period before, an empty list in the first one",
        "words": "headings and labels in the client's language: see [words](#words)",
    },
}
"""The names that each template begins with."""

OPEN: Mapping[type, tuple[str, str, Meanings]] = {
    FactLine: (
        "facts",
        "a line of the head",
        {
            "label": "what it is about",
            "lines": "what there is to say, a list of lines",
            "said": "the same on one line",
        },
    ),
    PeriodPart: (
        "periods",
        "days on which the scope does not change",
        {
            "heading": "the days, and the service level where it changes",
            "summary": "the tier's summary, or empty",
            "body": "the scope of these days, printed already by `scope_body`",
        },
    ),
    TablePart: (
        "tables",
        "a plain table",
        {
            "title": "its heading",
            "columns": "the headings of its columns",
            "numbers": "for each column whether it holds numbers",
            "rows": "its rows, each a list of cells",
        },
    ),
    SpecialPart: (
        "specials",
        "what was agreed otherwise than the tier says",
        {"what": "what was agreed", "days": "when it holds", "reason": "why"},
    ),
    _scope.Glance: (
        "glance",
        "how every kind of work is treated, in a table",
        {
            "columns": "the headings of its periods",
            "rows": "its rows: `row.title`, `row.marks`",
            "differs": "whether some people or causes make a difference",
        },
    ),
    _scope.GlanceRow: (
        "glance rows",
        "a kind of work",
        {"title": "the kind of work", "marks": "a [mark](#marks) for each period"},
    ),
    _scope.Mark: (
        "marks",
        "how a kind of work is treated",
        {
            "kind": "what becomes of it: see [kinds](#kinds); empty where it is not in use yet",
            "words": "the same in the client's language",
            "differs": "whether some people or causes make a difference",
        },
    ),
    _scope.Body: (
        "body",
        "the scope on days on which it does not change",
        {
            "sections": "its [sections](#sections), in order",
            "lead": "the sentence above the differences",
            "differences": "what is otherwise for some: [differences](#differences)",
            "remarks": "sentences that stand above all sections",
            "dashes": "whether some table of rates has a dash",
        },
    ),
    _scope.Section: (
        "sections",
        "all work that is treated alike",
        {
            "part": "`part.kind`: see [kinds](#kinds)",
            "heading": "its heading",
            "lead": "the sentence below it",
            "items": "its kinds of work: [items](#items)",
            "cards": "its tables of rates: [cards](#cards)",
            "notes": "sentences below",
        },
    ),
    _scope.Part: ("parts", "a part of the scope", {"kind": "see [kinds](#kinds)"}),
    _scope.Kind: (
        "kinds",
        "what becomes of work: " + ", ".join(f"`{kind}`" for kind in _scope.KINDS),
        {"value": "the word itself"},
    ),
    _scope.Item: (
        "items",
        "a kind of work",
        {
            "title": "what it is called",
            "description": "what it is",
            "notes": "what there is to add",
        },
    ),
    _scope.RateCard: (
        "cards",
        "a table of rates",
        {
            "title": "what it is about",
            "days": "when the rates hold, empty where they never change",
            "columns": "who does the work",
            "rows": "its rows: `row.titles`, `row.amounts`, `row.notes`",
        },
    ),
    _scope.RateRow: (
        "card rows",
        "the rates of some kinds of work",
        {
            "titles": "the kinds of work",
            "amounts": "a rate for each column",
            "notes": "what there is to add",
        },
    ),
    _scope.Difference: (
        "differences",
        "what is otherwise because of who does the work, or of the cause of the ticket",
        {
            "part": "`part.kind`: see [kinds](#kinds)",
            "subject": "who, or which cause",
            "work": "which work",
            "state": "how it is treated",
            "cards": "its tables of rates: [cards](#cards)",
            "notes": "sentences below",
        },
    ),
    Logo: (
        "logo",
        "the picture at the head of documents",
        {
            "data": "the picture as an address for `src`, which holds it",
            "pixels": "its width and height on a screen, a list of two numbers",
        },
    ),
    Sheet: (
        "sheet",
        "the style of HTML pages",
        {
            "css": "the style in the MSP's colours, for a `<style>` of the page",
            "hash": "the hash by which the page's policy lets it through",
        },
    ),
}
"""What can be read of each value: its heading, what it is, and its names."""

FORMS = ("html", "md")
"""The forms whose templates may be a user's own."""


_DESCRIBED: Mapping[str, str] = {
    "scope": "the scope document of an agreement",
    "scope_glance": "its table at the head",
    "scope_body": "the scope on days on which it does not change",
}

TEMPLATES: Mapping[str, str] = {
    **{f"{page}.{form}.j2": _DESCRIBED[page] for page in PAGES for form in FORMS},
    STYLE: "the style of HTML pages; `@primary@` and `@accent@` stand for the MSP's colours",
}
"""The templates that may be a user's own, and what each prints."""

BLOCKS = (
    *("header", "parties", "facts", "glance", "periods", "tables", "specials", "reading"),
    *("signatures", "footer"),
)
"""The parts of `scope` that a template which extends ours may have otherwise."""


def beginning(name: str, whole: bool) -> str:
    """What somebody begins a template of his own from: it prints what ours prints."""
    if name == STYLE:
        return shipped(STYLE)
    if whole or not name.startswith("scope."):
        return source(name) or ""
    return f"""\
{{% extends "ours/{name}" %}}
{{# What stands in a block here takes the place of ours; all else is printed as before.
   The blocks: {", ".join(BLOCKS[:6])},
   {", ".join(BLOCKS[6:])}.
   `super()` prints what ours prints. The names that there are: billing-dsl templates show #}}
{{% block signatures %}}
{{{{ super() -}}}}
{{% endblock %}}
"""


def names_page() -> str:
    """Every template that may be a user's own, and every name that it may use."""
    lines = ["# Names in templates of documents", ""]
    lines += ["Every template that may be your own, and every name that it may use.", ""]
    lines += ["| Template | Prints |", "|---|---|"]
    lines += [f"| `{name}` | {what} |" for name, what in TEMPLATES.items()]
    lines += ["", f"Blocks of `scope`: {', '.join(f'`{name}`' for name in BLOCKS)}."]
    for page, meanings in PAGES.items():
        templates = f"In `{page}.html.j2` and `{page}.md.j2`: {_DESCRIBED[page]}."
        lines += ["", f"## {page}", "", templates, "", *_table(meanings)]
    for heading, what, meanings in OPEN.values():
        said = f"{what[:1].upper()}{what[1:]}."
        lines += ["", f"## {heading}", "", said, "", *_table(meanings)]
    about = "Headings and labels in the client's language; here in English."
    lines += ["", "## words", "", about, "", "| Name | In English |", "|---|---|"]
    lines += [f"| `words.{name}` | {_cell(text)} |" for name, text in ENGLISH.labels.items()]
    return "\n".join(lines) + "\n"


def _table(meanings: Meanings) -> list[str]:
    rows = [f"| `{name}` | {what} |" for name, what in meanings.items()]
    return ["| Name | Is |", "|---|---|", *rows]


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("\u00a0", " ")
