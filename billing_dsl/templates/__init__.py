"""What a user lays into the catalogue's folder `templates/`, to have outputs in a form of his own.

`templates/autotask/*.csv` are templates of the tenant's import screens, `templates/documents/*`
those of documents. The edge reads the files; here they become values: templates, and what is wrong
with them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from billing_dsl.diagnostics import Fault, Finding, Label, Span

if TYPE_CHECKING:
    from billing_dsl.templates.columns import Screen
    from billing_dsl.templates.imports import ImportTemplate

FOLDER = "templates"
IMPORTS = f"{FOLDER}/autotask"
DOCUMENTS = f"{FOLDER}/documents"

MOST_TOLD = 20
"""Files that are not used, of which each is told; of more their number."""

Found = Mapping[str, bytes | None]
"""The files below `templates/`, by path; those that nobody wants have not been read."""


@dataclass(frozen=True, slots=True)
class Templates:
    """The user's own templates. `key` stands for all that they are; it is empty without any.

    `documents` are texts by the names of their files.
    """

    imports: Mapping[Screen, ImportTemplate]
    documents: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    key: str = ""


NONE = Templates({})
"""No templates of the user's own: all outputs are in our form."""


def wanted(path: str) -> bool:
    """Whether a file may be a template: whatever else there is need not be read."""
    folder, _, name = path.rpartition("/")
    if _hidden(name):
        return False
    if folder == DOCUMENTS:
        from billing_dsl.templates import documents

        return documents.is_name(name)
    return folder == IMPORTS and name.lower().endswith(".csv")


def understand(found: Found) -> Templates:
    """The templates in some files, and what there is to say of these."""
    if not found:
        return NONE
    from billing_dsl.templates import documents
    from billing_dsl.templates.imports import read

    faults: list[Fault] = []
    imports: dict[Screen, ImportTemplate] = {}
    texts: dict[str, str] = {}
    other = [path for path in sorted(found) if found[path] is None and not _explains(path)]
    faults += [_passed_over(_as_text(path)) for path in other[:MOST_TOLD]]
    if len(other) > MOST_TOLD:
        faults.append(_more(len(other) - MOST_TOLD))
    for path in sorted(found):
        content = found[path]
        if content is None:
            continue
        if path.startswith(f"{DOCUMENTS}/"):
            text, told = documents.read(path, content)
            faults.extend(told)
            if text is not None:
                texts[path.rpartition("/")[2]] = text
            continue
        template, told = read(_as_text(path), content)
        faults.extend(told)
        if template is None:
            continue
        first = imports.setdefault(template.screen, template)
        if first is not template:
            faults.append(_second(first, template))
    return Templates(imports, texts, tuple(faults), _key(found))


def _key(found: Found) -> str:
    total = hashlib.sha256()
    for path in sorted(found):
        content = found[path]
        length = -1 if content is None else len(content)
        total.update(f"{path}\0{length}\0".encode("utf-8", "surrogateescape"))
        total.update(content or b"")
    return total.hexdigest()


def shown(path: str, content: bytes | None) -> bytes:
    """What findings may show of a template: of an import template, its header alone."""
    if content is None:
        return b""
    from billing_dsl.templates.imports import header_text

    return content if path.startswith(f"{DOCUMENTS}/") else header_text(content)


def _second(first: ImportTemplate, again: ImportTemplate) -> Fault:
    return Fault(
        "BD553",
        Finding(
            _whole(again),
            f"a second template for the import of {again.screen.value}",
            label="these columns are for the same import",
            help="keep the one that you downloaded last",
            related=(Label(_whole(first), "the first one"),),
        ),
    )


def _whole(template: ImportTemplate) -> Span:
    first, last = template.columns[0].span, template.columns[-1].span
    return Span(template.path, first.line, first.column, last.end_line, last.end_column)


def _hidden(name: str) -> bool:
    """Whether a file is one that systems and programs leave behind, and people do not see."""
    return name.startswith((".", "~$")) or name.lower() in ("thumbs.db", "desktop.ini")


def _explains(path: str) -> bool:
    """Whether a file is there for people, who lay the templates there."""
    return path.rpartition("/")[2].lower().partition(".")[0] == "readme"


def _passed_over(path: str) -> Fault:
    if _hidden(path.rpartition("/")[2]):
        return Fault(
            "BD559",
            Finding(
                Span(path, 1, 1, 1, 1),
                "this file among the templates is passed over: it is hidden",
                help="nothing is to be done, unless it was meant as a template: then rename it",
            ),
        )
    return Fault(
        "BD552",
        Finding(
            Span(path, 1, 1, 1, 1),
            "this file among the templates is not used",
            help=f"{_places()}; rename it, or move it elsewhere",
        ),
    )


def _more(number: int) -> Fault:
    return Fault(
        "BD552",
        Finding(
            Span(FOLDER, 1, 1, 1, 1),
            f"{number:,} more files among the templates are not used",
            help=f"{_places()}; move other files elsewhere",
        ),
    )


def _as_text(path: str) -> str:
    """A path as it is shown, where its name is no text."""
    return path.encode("utf-8", "backslashreplace").decode()


def _places() -> str:
    return (
        f"templates of import screens stand in `{IMPORTS}/` and end in `.csv`, those of documents "
        f"in `{DOCUMENTS}/` and end in `.html.j2` or `.md.j2`"
    )


def own_faults(templates: Templates) -> Iterator[tuple[str, Finding]]:
    """What there is to say of templates by themselves."""
    return ((fault.code, fault.finding) for fault in templates.faults)
