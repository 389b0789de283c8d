"""A user's own document templates in the place of ours, and what is wrong with them.

Where there are none, nothing here costs anything, and jinja2's sandbox is not even imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from billing_dsl.diagnostics import Fault, Finding, Span
from billing_dsl.languages.english import ENGLISH
from billing_dsl.model.resolve import did_you_mean
from billing_dsl.targets import _scope
from billing_dsl.targets._logo import Logo
from billing_dsl.targets._open import (
    FORMS,
    PAGES,
    FactLine,
    PeriodPart,
    SpecialPart,
    TablePart,
)
from billing_dsl.targets._templates import ACCENT, PRIMARY, Part, Written, sheet
from billing_dsl.templates import DOCUMENTS, Templates
from billing_dsl.templates.documents import STYLE, broken

if TYPE_CHECKING:
    from billing_dsl.targets._sandbox import Sandbox, Stopped


@dataclass(slots=True)
class OwnDocuments:
    """Prints what has a template of the user's own; of each that is broken it tells once."""

    texts: Mapping[str, str]
    forms: Collection[str] = FORMS
    """Those that are wanted; templates of others are left aside."""
    broken: bool = False
    _sandboxes: dict[str, Sandbox] = field(init=False, default_factory=dict)
    _untold: list[Fault] = field(init=False, default_factory=list)
    _stopped: set[str] = field(init=False, default_factory=set)
    _looked: set[str] = field(init=False, default_factory=set)

    @property
    def style(self) -> str | None:
        """The user's own style of HTML pages, if there is one."""
        return self.texts.get(STYLE)

    def has(self, form: str) -> bool:
        """Whether documents of a form may say something in the user's own words."""
        return any(name.endswith(f".{form}.j2") for name in self.texts)

    def faults(self) -> tuple[Fault, ...]:
        """What was found to be broken since somebody asked last."""
        found = tuple(self._untold)
        self._untold.clear()
        return found

    def instead(
        self, page: Part, template: str, values: Callable[[str], Mapping[str, object]]
    ) -> Part:
        """A page, in each form of which there is an own template printed by that.

        `values` gives the names that the template begins with, for a form.
        """
        printed = {}
        for form in FORMS:
            name = f"{template}.{form}.j2"
            if form in self.forms and name in self.texts and name not in self._stopped:
                printed[form] = self._printed(name, form, values(form)).encode()
        if not printed:
            return page
        return replace(
            page, html=printed.get("html", page.html), markdown=printed.get("md", page.markdown)
        )

    def _printed(self, name: str, form: str, values: Mapping[str, object]) -> str:
        """A template printed; empty where it is broken, which is told."""
        from billing_dsl.targets._sandbox import Sandbox, unknown

        if form not in self._sandboxes:
            self._sandboxes[form] = Sandbox(form, self.texts)
        sandbox = self._sandboxes[form]
        printed = sandbox.printed(name, values)
        if isinstance(printed, str):
            missed = unknown(sandbox, name, values) if name not in self._looked else None
            self._looked.add(name)
            if missed is None:
                return printed
            printed = missed
        self._stopped.add(name)
        self._untold.append(_fault(printed, self.texts, values))
        self.broken = True
        return ""


# --- what is wrong, and where --------------------------------------------------------------------

_QUOTED = re.compile(r"[`'\"]([A-Za-z_][A-Za-z0-9_.]*)[`'\"]")
_UNKNOWN = re.compile(r"there is no `(\w+)`")


def _fault(stopped: Stopped, texts: Mapping[str, str], values: Mapping[str, object]) -> Fault:
    """The finding of what stopped a template, at the line that did it."""
    where, line, reason, cure = stopped.template, stopped.line, stopped.reason, ""
    unknown = _UNKNOWN.fullmatch(reason)
    if unknown:
        names = sorted(values)
        near = did_you_mean(unknown[1], names)
        cure = f"{near}{' ' if near else ''}there are {', '.join(f'`{one}`' for one in names)}"
    elif stopped.wanted:
        cure = did_you_mean(stopped.wanted, [*texts, *_ours(), *(f"ours/{n}" for n in _ours())])
    column, length = _on_line(texts[where], line, reason)
    return broken(f"{DOCUMENTS}/{where}", line, column, reason, cure, length)


def _on_line(text: str, line: int, reason: str) -> tuple[int, int]:
    """The column, and how many columns from there, of what a reason speaks of on a line."""
    lines = text.split("\n")
    shown = lines[line - 1] if 0 < line <= len(lines) else ""
    for word in _QUOTED.findall(reason):
        found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", shown)
        if found is not None:
            return found.start() + 1, len(word)
    bare = shown.strip()
    return len(shown) - len(shown.lstrip()) + 1, max(1, len(bare))


@cache
def _ours() -> tuple[str, ...]:
    return tuple(f"{page}.{form}.j2" for page in PAGES for form in FORMS)


# --- before anything is compiled -----------------------------------------------------------------


def documents_fit(templates: Templates) -> Iterator[Fault]:
    """What is wrong with own document templates, as far as made-up contents show it.

    What stands below a condition that these do not meet shows when a client's document does.
    """
    own = OwnDocuments(templates.documents)
    for page, values in _made_up(own.style).items() if own.texts else ():
        own.instead(Part(b"", b""), page, values)
    yield from own.faults()
    if not own.broken:  # what a broken one would ask for is not known
        yield from _unused(own.texts)


def _unused(texts: Mapping[str, str]) -> Iterator[Fault]:
    """Templates that have the name of none of ours, and that no other one asks for."""
    ours = {STYLE, *_ours()}
    used = ours & texts.keys()
    waiting = sorted(used)
    while waiting:
        name = waiting.pop()
        found = _asked_for(name, texts) if name != STYLE else frozenset()
        waiting += sorted((found & texts.keys()) - used)
        used |= found
    for name in sorted(texts.keys() - used):
        listed = ", ".join(f"`{one}`" for one in sorted(ours))
        yield Fault(
            "BD552",
            Finding(
                Span(f"{DOCUMENTS}/{name}", 1, 1, 1, 1),
                "this template is not used: it has the name of none of ours, and no other one asks "
                "for it",
                help=did_you_mean(name, ours) or f"those that take the place of ours are {listed}",
            ),
        )


def _asked_for(name: str, texts: Mapping[str, str]) -> frozenset[str]:
    from billing_dsl.targets._sandbox import Sandbox, mentioned

    form = "html" if name.endswith(".html.j2") else "md"
    return mentioned(Sandbox(form, texts), texts[name], name)


def _made_up(style: str | None) -> Mapping[str, Callable[[str], Mapping[str, object]]]:
    """Contents in which everything is there, by the templates that print them."""
    words = {**ENGLISH.labels, "colon": Written(ENGLISH.labels["colon"])}
    kind = _scope.Part(0)
    card = _scope.RateCard(
        "Rates",
        None,
        None,
        "from 2027-01-01",
        ("Engineer",),
        (_scope.RateRow(("Onsite Support",), ("85.00 EUR",), ("a note",)),),
    )
    item = _scope.Item("Onsite Support", "Work at the premises.", ("a note",), ())
    section = _scope.Section(kind, "Included", "All of this.", (item,), (card,), ("a note",))
    difference = _scope.Difference(
        kind, "Architect", "all work", "included", (card,), ("a note",), ()
    )
    body = _scope.Body((section,), "For some:", (difference,), ("a remark",), {}, "")
    mark = _scope.Mark(_scope.Kind.INCLUDED, "included", True)
    row = _scope.GlanceRow("Onsite Support", (mark, _scope.Mark(None, "later", False)))
    glance = _scope.Glance(("2027", "2028"), (row,), True)
    printed = Written("printed already")
    page = {
        "about": "Silver for Acme Ltd",
        "provider_name": "Northwind IT",
        "client": ("Acme Ltd", "10 High Street"),
        "provider": ("Northwind IT", "it@northwind.example"),
        "facts": (FactLine("Term", ("36 months",), "36 months"),),
        "glance": printed,
        "periods": (PeriodPart("From 2027-01-01", "Remote support.", printed),),
        "tables": (TablePart("Services", ("Service", "Price"), (False, True), (("Seat", "48"),)),),
        "specials": (SpecialPart("Visits from the block", "until 2027-12-31", "agreed"),),
        "reading": ("All prices are without tax.",),
        "stamp": "acme-2027",
        "seal": "scope 1 acme/acme-2027 en 0",
        "logo": Logo("png", b"", 60, 16),
        "client_name": "acme",
        "agreement_name": "acme-2027",
        "words": words,
        "sheet": sheet(PRIMARY, ACCENT, own=style),
    }
    return {
        "scope": lambda form: page,
        "scope_glance": lambda form: {"glance": glance, "words": words},
        "scope_body": lambda form: {"body": body, "before": (), "words": words},
    }
