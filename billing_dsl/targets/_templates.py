"""Templates: how contents become Markdown, HTML and Word. The only door to jinja2.

Templates ship with the package and are never made from what a catalogue says; values are written
as text and never read as templates. Whatever a template prints is escaped for its form unless it
is `Written`, so that none can be forgotten.
"""

from __future__ import annotations

import base64
import colorsys
import hashlib
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

PRIMARY = "#1f4e5f"
ACCENT = "#ac6028"
"""The colours of documents for whom the settings name none."""

_TEMPLATE = re.compile(r"[a-z_]+\.(md|html|docx)\.j2")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")

# Line ends and controls, and the marks that turn the direction of what follows.
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")


class Written(str):
    """Text in its final form, that templates print as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def line(value: object) -> str:
    """A value on one line, without what cannot be seen."""
    text = str(value)
    return text.strip() if text.isprintable() else _UNSEEN.sub(" ", text).strip()


_MARKS = re.compile(r"[\\`*_|~$\[\]]")
_START = re.compile(r"^(?:[-+=#]|\d+(?=[.)](?:\s|$)))")
_ENTITY = re.compile(r"&(?=[#A-Za-z0-9])")
_MENTION = re.compile(r"(?<![A-Za-z0-9])@(?=[A-Za-z0-9])")
_NUMBER = re.compile(r"(?<!^)#(?=\d)")
_ODD = re.compile(r"[^A-Za-z0-9À-ɏ .,:;()'’“”–…·+=-]|www\.")


@lru_cache(maxsize=4096)
def _md(text: str) -> str:
    text = line(text)
    if _ODD.search(text):  # most texts hold nothing that could be a mark, but at their start
        text = _MARKS.sub(r"\\\g<0>", text)
        text = _NUMBER.sub(r"\\#", _ENTITY.sub("&amp;", text))
        text = text.replace("<", "&lt;").replace(">", "&gt;")
        text = text.replace("://", ":&#47;&#47;").replace("www.", "www&#46;")
        text = _MENTION.sub("&#64;", text)
    start = _START.match(text)
    if start is not None:
        mark = start.end() if text[0].isdigit() else 0
        text = f"{text[:mark]}\\{text[mark:]}"
    return text


def md(value: object) -> str:
    """A value as Markdown text, on one line: nothing in it is a mark, a link or HTML."""
    return value if isinstance(value, Written) else _md(str(value))


def _html_line(value: object) -> object:
    return value if hasattr(value, "__html__") else line(value)  # a macro's output is finished


def finished(value: object, form: str) -> object:
    """A value as a template of a form prints it, before it is escaped for HTML."""
    return _html_line(value) if form == "html" else md(value)


def markdown(template: str, **values: object) -> Written:
    """A Markdown template filled in. What it prints is escaped by `md`."""
    return Written(_environment("md").get_template(f"{template}.md.j2").render(values))


def html(template: str, **values: object) -> Written:
    """An HTML template filled in. What it prints is escaped."""
    return Written(_environment("html").get_template(f"{template}.html.j2").render(values))


def word(template: str, **values: object) -> Written:
    """A template of Word's XML filled in. What it prints is escaped."""
    return Written(_environment("docx").get_template(f"{template}.docx.j2").render(values))


@dataclass(frozen=True, slots=True)
class Part:
    """A page, or a part of one, in the forms that are wanted; empty in all others."""

    markdown: bytes = b""
    html: bytes = b""
    word: bytes = b""

    def written(self, form: str) -> Written:
        """Its text in one form, for a template that prints it as it is."""
        return Written((self.html if form == "html" else self.markdown).decode())


PAGE = ("md", "html")
"""The forms of pages that are read on a screen."""


def part(template: str, forms: Sequence[str] = PAGE, **values: object) -> Part:
    """A template filled in, in some forms."""
    return Part(
        markdown(template, **values).encode() if "md" in forms else b"",
        html(template, **values).encode() if "html" in forms else b"",
        word(template, **values).encode() if "docx" in forms else b"",
    )


def together(parts: Sequence[Part]) -> Part:
    """Parts one after the other."""
    return Part(
        b"".join([one.markdown for one in parts]),
        b"".join([one.html for one in parts]),
        b"".join([one.word for one in parts]),
    )


Filling: TypeAlias = "str | bool | Part | tuple[Filling, ...]"
"""What fills a blank: texts, parts, and tuples of them and of what decides the shape."""


class Blank:
    """A page with blanks for all that differs, printed once for many.

    Its template is rendered once for each shape of its values, with a gap in place of each text; a
    page is what stands between the gaps, and in them the texts, escaped. So the template must
    print texts as they are: it may go through them and ask whether one is empty, nothing else.
    """

    def __init__(self, template: str, forms: Sequence[str] = PAGE, **same: object) -> None:
        """A template's blank in some forms; `same` are the values that are the same on every
        page.
        """
        self._template = template
        self._forms = tuple(forms)
        self._same = same
        self._printed: dict[Hashable, Mapping[str, _Printed]] = {}

    def filled(self, **values: Filling) -> Part:
        """The page with these values."""
        texts: list[str | Part] = []
        shape = _shape(tuple(values.values()), texts)
        printed = self._printed.get(shape)
        if printed is None:
            numbers = count()
            marked = {name: _marked(value, numbers) for name, value in values.items()}
            printed = {form: self._print(form, marked) for form in self._forms}
            self._printed[shape] = printed
        return Part(
            _filled(printed.get("md"), texts, _in_markdown, lambda part: part.markdown),
            _filled(printed.get("html"), texts, _in_html, lambda part: part.html),
            _filled(printed.get("docx"), texts, _in_html, lambda part: part.word),
        )

    def _print(self, form: str, marked: Mapping[str, object]) -> _Printed:
        template = _environment(form).get_template(f"{self._template}.{form}.j2")
        parts = template.render({**self._same, **marked}).split(_GAP)
        return _Printed(tuple(part.encode() for part in parts[::2]), tuple(map(int, parts[1::2])))


_GAP = "\0"
"""Stands on both sides of the number of a text; no text and no template holds it."""


@dataclass(frozen=True, slots=True)
class _Printed:
    """A page without its texts: what stands between its gaps, and which text each is for."""

    between: tuple[bytes, ...]
    gaps: tuple[int, ...]

    def with_texts(self, texts: Sequence[bytes]) -> bytes:
        """The page with its texts, escaped already."""
        page: list[bytes] = [b""] * (len(self.between) + len(self.gaps))
        page[::2] = self.between
        page[1::2] = [texts[gap] for gap in self.gaps]
        return b"".join(page)


def _filled(
    printed: _Printed | None,
    texts: Sequence[str | Part],
    escaped: Callable[[str], bytes],
    written: Callable[[Part], bytes],
) -> bytes:
    """A page in one form, with its texts and parts; empty where it is not wanted in that form."""
    if printed is None:
        return b""
    return printed.with_texts(
        [written(text) if isinstance(text, Part) else escaped(text) for text in texts]
    )


def _shape(values: tuple[Filling, ...], texts: list[str | Part]) -> Hashable:
    """Values without their texts and parts, which are added to those before."""
    shape: list[Hashable] = []
    for value in values:
        if isinstance(value, str):
            texts.append(value)
            shape.append(value != "")
        elif isinstance(value, tuple):
            shape.append(_shape(value, texts))
        elif isinstance(value, Part):
            texts.append(value)
        else:
            shape.append(value)
    return tuple(shape)


def _marked(value: Filling, numbers: Iterator[int]) -> object:
    """A value with a gap in place of each text that is not empty, and of each part."""
    if isinstance(value, tuple):
        return tuple([_marked(inner, numbers) for inner in value])
    if isinstance(value, bool):
        return value
    number = next(numbers)
    return Written(f"{_GAP}{number}{_GAP}" if value else "")


@lru_cache(maxsize=4096)
def _in_markdown(text: str) -> bytes:
    return _md(text).encode()


@lru_cache(maxsize=4096)
def _in_html(text: str) -> bytes:
    text = line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("'", "&#39;").replace('"', "&#34;").encode()


@cache
def _environment(form: str) -> ImmutableSandboxedEnvironment:
    """The environment of one form; its templates are compiled once."""
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=form != "md",
        finalize=md if form == "md" else _html_line,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        loader=FunctionLoader(source),
    )
    made.filters["written"] = Written
    return made


def source(name: str) -> str | None:
    """The text of one of our templates; None for any other name."""
    if not _TEMPLATE.fullmatch(name):
        return None
    found = _folder().joinpath(name)
    return found.read_text(encoding="utf-8") if found.is_file() else None


def shipped(name: str) -> str:
    """The text of a file beside the templates that is filled in by somebody else."""
    return _folder().joinpath(name).read_text(encoding="utf-8")


def _folder() -> resources.abc.Traversable:
    return resources.files("billing_dsl.targets").joinpath("templates")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The style of an HTML page, and the hash by which the page's policy lets it through."""

    css: Written
    hash: str


@cache
def sheet(primary: str, accent: str, *names: str, own: str | None = None) -> Sheet:
    """The style of documents in an MSP's colours, made dark enough to be read on white.

    `names` are the style sheets of ours that are put together, where a document has its own. `own`
    is the text of a user's style in the place of `page.css`.
    """
    css = (
        "".join(
            own if own is not None and name == "page" else shipped(f"{name}.css")
            for name in names or ("page",)
        )
        .replace("@primary@", readable(primary, PRIMARY))
        .replace("@accent@", readable(accent, ACCENT))
    )
    return _hashed(css)


def with_rules(style: Sheet, rules: str) -> Sheet:
    """A style with further rules, made for one page; they must hold nothing but our own words."""
    return _hashed(f"{style.css}{rules}")


def _hashed(css: str) -> Sheet:
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return Sheet(Written(css), f"sha256-{digest}")


def readable(colour: str, default: str) -> str:
    """A colour that can be read on white: darkened until its contrast is 4.5 to 1."""
    if not _COLOUR.fullmatch(colour):
        colour = default
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    while _contrast_with_white(red, green, blue) < 4.5:
        lightness -= 0.02
        red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in (red, green, blue))


def _contrast_with_white(*parts: float) -> float:
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)
