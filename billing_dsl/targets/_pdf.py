"""Documents as PDF, by typst: tagged, so that they can be read aloud, and fit to be kept for long
(PDF/A-3a, PDF/UA-1). The only door to typst and to the fonts that come with it.

What a document says goes to the template as values; typst never reads it as its own language. It
looks at nothing else: no fonts of the machine, no files, no clock. So the same document has the
same bytes everywhere.

A process that has used typst has threads of which Python knows nothing: it is not to be copied.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from billing_dsl.targets._logo import Logo
from billing_dsl.targets._scope_plain import Plain
from billing_dsl.targets._templates import ACCENT, PRIMARY, readable, shipped

if TYPE_CHECKING:
    from typst import Compiler

FONTS = {
    "IBM Plex Sans": "fontpkg_ibm_plex_sans",
    "Arimo": "fontpkg_arimo",
    "Noto Sans Arabic": "fontpkg_noto_sans_arabic",
}
"""What texts are set in, and the package of each: the first that has a character sets it."""

STANDARDS: Any = ["a-3a", "ua-1"]

_LONG = re.compile(r"\S{24,}")
_SOME = re.compile(r"(.{12})(?=.{4})")
_LACKING = re.compile(r'the text `"(.+?)"` could not be displayed', re.DOTALL)


class GlyphError(Exception):
    """A text of which no font has the shape."""


def used() -> bool:
    """Whether this process has used typst, so that it must not be copied any more."""
    return "typst" in sys.modules


class Printer:
    """Sets scope documents, one after the other, in an MSP's colours and with its logo."""

    def __init__(self, colours: Mapping[str, str], logo: Logo | None) -> None:
        self._template = shipped("scope.typ").encode()
        self._look = {
            "primary": readable(colours.get("primary", PRIMARY), PRIMARY),
            "accent": readable(colours.get("accent", ACCENT), ACCENT),
            "logo": logo.millimetres if logo is not None else (),
            "fonts": tuple(FONTS),
        }
        self._logo = logo.drawn() if logo is not None else ""
        self._compiler: Compiler | None = None

    def printed(
        self,
        plain: dict[str, Plain],
        language: str,
        title: str,
        author: str,
        day: date,
        stamp: str,
        seal: str,
    ) -> bytes:
        """A document as PDF. Its day is the first on which it holds. Raises GlyphError."""
        from typst import TypstError

        code, _, country = language.partition("-")
        about = {"title": title, "author": author, "seal": seal, "language": code}
        values = {
            "look": _json({**self._look, "region": country}),
            "about": _json({**about, "day": (day.year, day.month, day.day)}),
            "said": _json(_breakable({**plain, "stamp": stamp})),
            "logo": self._logo,
        }
        if self._compiler is None:
            self._compiler = _compiler()
        try:
            made = self._compiler.compile(
                input=self._template,
                format="pdf",
                sys_inputs=values,
                pdf_standards=STANDARDS,
                timestamp=0,
            )
        except TypstError as error:
            lacking = _LACKING.search(f"{error.message}")
            if lacking is None:
                raise
            raise GlyphError(lacking[1]) from None
        return made if isinstance(made, bytes) else b"".join(made or ())


def _compiler() -> Compiler:
    """A compiler that knows the fonts of the extra and no others."""
    import typst

    places = [place for package in FONTS.values() for place in _places(package)]
    fonts = typst.Fonts(include_system_fonts=False, font_paths=places)
    return typst.Compiler(font_paths=fonts)


def _places(package: str) -> Sequence[str]:
    """Where the files of a package of fonts lie."""
    found = find_spec(package)
    if found is None:  # another font would take its place, and other bytes would come of it
        raise ModuleNotFoundError(f"the extra `pdf` is not whole: {package} is missing")
    return [f"{place}/files" for place in found.submodule_search_locations or ()]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _breakable(plain: Plain) -> Plain:
    """The same, with places within words longer than a column at which a line may end."""
    if isinstance(plain, str):
        return plain if len(plain) < 24 else _LONG.sub(_broken, plain)
    if isinstance(plain, dict):
        return {name: _breakable(value) for name, value in plain.items()}
    if isinstance(plain, int):
        return plain
    return tuple([_breakable(value) for value in plain])


def _broken(word: re.Match[str]) -> str:
    return _SOME.sub("\\1\u200b", word[0])
