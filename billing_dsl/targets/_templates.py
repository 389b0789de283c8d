"""Templates: how contents become Markdown and HTML. The only door to jinja2.

Templates ship with the package and are never made from what a catalogue says; values are written
as text and never read as templates. Whatever a template prints is escaped for its form unless it
is `Written`, so that none can be forgotten.
"""

from __future__ import annotations

import base64
import colorsys
import hashlib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

PRIMARY = "#1f4e5f"
ACCENT = "#ac6028"
"""The colours of documents for whom the settings name none."""

_TEMPLATE = re.compile(r"[a-z_]+\.(md|html)\.j2")
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


@lru_cache(maxsize=16384)
def _md(text: str) -> str:
    text = line(text)
    if text.isalnum():
        return text
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


def markdown(template: str, **values: object) -> Written:
    """A Markdown template filled in. What it prints is escaped by `md`."""
    return Written(_environment("md").get_template(f"{template}.md.j2").render(values))


def html(template: str, **values: object) -> Written:
    """An HTML template filled in. What it prints is escaped."""
    return Written(_environment("html").get_template(f"{template}.html.j2").render(values))


@cache
def _environment(form: str) -> ImmutableSandboxedEnvironment:
    """The environment of one form; its templates are compiled once."""
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=form == "html",
        finalize=_html_line if form == "html" else md,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        loader=FunctionLoader(_source),
    )
    made.filters["written"] = Written
    return made


def _source(name: str) -> str | None:
    """The text of one of our templates; None for any other name."""
    if not _TEMPLATE.fullmatch(name):
        return None
    found = _folder().joinpath(name)
    return found.read_text(encoding="utf-8") if found.is_file() else None


def _folder() -> resources.abc.Traversable:
    return resources.files("billing_dsl.targets").joinpath("templates")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The style of an HTML page, and the hash by which the page's policy lets it through."""

    css: Written
    hash: str


@cache
def sheet(primary: str, accent: str) -> Sheet:
    """The style of documents in an MSP's colours, made dark enough to be read on white."""
    css = (
        _folder()
        .joinpath("page.css")
        .read_text(encoding="utf-8")
        .replace("@primary@", readable(primary, PRIMARY))
        .replace("@accent@", readable(accent, ACCENT))
    )
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
