"""The picture at the head of documents: whether it is one that can be shown anywhere, and its size.

PNG, JPEG and SVG. An SVG is a program in disguise: one that holds a script, or that would load
anything, is refused, and so is whatever is no whole picture.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from billing_dsl.diagnostics import Fault, Finding
from billing_dsl.kinds.settings import Settings
from billing_dsl.source.markup import MarkupError, follow

LARGEST = 256 << 10
"""Bytes of a logo: it is in every document."""

WIDEST, TALLEST = 60, 16
"""Millimetres that a logo has at the head of a page."""

_PIXELS = 8000
_MEDIA = {"png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml"}


class LogoError(Exception):
    """Why a file is no logo, in words that follow `it`."""


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that can be shown: `png`, `jpeg` or `svg`, and its size in whatever unit."""

    kind: str
    content: bytes
    width: float
    height: float

    @property
    def media(self) -> str:
        """What the web calls its kind."""
        return _MEDIA[self.kind]

    @property
    def digest(self) -> str:
        """Stands for it where it need not be known: equal pictures have equal hashes."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def data(self) -> str:
        """The picture as an address that holds it."""
        return f"data:{self.media};base64,{base64.b64encode(self.content).decode()}"

    @property
    def millimetres(self) -> tuple[float, float]:
        """Width and height at the head of a page."""
        scale = min(WIDEST / self.width, TALLEST / self.height)
        return round(self.width * scale, 2), round(self.height * scale, 2)

    @property
    def pixels(self) -> tuple[int, int]:
        """The same, as a page in a browser counts."""
        width, height = self.millimetres
        return round(width * 96 / 25.4), round(height * 96 / 25.4)

    def drawn(self) -> str:
        """The picture as SVG, whatever its kind."""
        if self.kind == "svg":
            return self.content.decode("utf-8")
        size = f'width="{self.width:g}" height="{self.height:g}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
            f'<image {size} href="{self.data}"/></svg>'
        )


def unshown(settings: Settings, reason: str) -> Fault:
    """The finding that the logo of the settings cannot be shown, at its line."""
    return Fault(
        "BD540",
        Finding(
            settings.at("logo"),
            f"`{settings.logo}` cannot stand at the head of documents: it {reason}",
            label="the logo",
            help="name a PNG, JPEG or SVG file inside the catalogue's folder, of at most "
            f"{LARGEST >> 10} KiB, or take `logo` out",
            subject=settings.subject,
        ),
    )


def logo(content: bytes) -> Logo:
    """The logo in a file. Raises LogoError."""
    if len(content) > LARGEST:
        raise LogoError(f"is larger than {LARGEST >> 10} KiB")
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        kind, (width, height) = "png", _png(content)
    elif content.startswith(b"\xff\xd8\xff"):
        kind, (width, height) = "jpeg", _jpeg(content)
    elif content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _seen(_svg(content))
    else:
        raise LogoError("is no PNG, JPEG or SVG")
    if not (0 < width <= _PIXELS and 0 < height <= _PIXELS):
        raise LogoError(f"is {width} × {height} pixels large, and {_PIXELS} are the most")
    return _seen(Logo(kind, content, width, height))


def _seen(found: Logo) -> Logo:
    """A logo of which something is seen at the head of a page. Raises LogoError."""
    if min(found.pixels) < 1:
        raise LogoError("is so narrow, or so flat, that nobody would see it")
    return found


def _png(content: bytes) -> tuple[int, int]:
    """The pixels of a PNG, when each of its chunks is as it was written."""
    at, size, ended, packed = 8, (0, 0), False, bytearray()
    while at + 12 <= len(content) and not ended:
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content):
            break
        [written] = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(content[at + 4 : end - 4]) != written:
            raise LogoError("is a damaged PNG")
        if name == b"IHDR" and length == 13:
            size = struct.unpack_from(">II", content, at + 8)
        if name == b"IDAT":
            packed += content[at + 8 : end - 4]
        ended = name == b"IEND"
        at = end
    if not ended:
        raise LogoError("is a PNG that has lost its end")
    _unpacked(bytes(packed))
    return size


def _unpacked(packed: bytes) -> None:
    """Goes through the pixels of a PNG, which are kept nowhere."""
    stream = zlib.decompressobj()
    try:
        while packed and not stream.eof:
            stream.decompress(packed, 1 << 16)
            packed = stream.unconsumed_tail
    except zlib.error:
        raise LogoError("is a damaged PNG") from None
    if not stream.eof:
        raise LogoError("is a damaged PNG")


_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG after which its size stands."""


def _jpeg(content: bytes) -> tuple[int, int]:
    """The pixels of a JPEG."""
    if b"\xff\xd9" not in content[-64:]:
        raise LogoError("is a JPEG that has lost its end")
    at = 2
    while at + 9 <= len(content):
        mark, length = content[at + 1], struct.unpack_from(">H", content, at + 2)[0]
        if content[at] != 0xFF or length < 2:
            break
        if mark in _SIZES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 + length
    raise LogoError("is a damaged JPEG")


# --- SVG -----------------------------------------------------------------------------------------

_SVG = "http://www.w3.org/2000/svg"
_LINK = ("href", "http://www.w3.org/1999/xlink href", "src")
_ALIVE = frozenset(
    (
        *("a", "animate", "animateMotion", "animateTransform", "audio", "canvas", "embed"),
        *("foreignObject", "handler", "iframe", "listener", "object", "script", "set", "video"),
    )
)
"""Elements that do something, or that lead somewhere."""
_OWN_DATA = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*")
_FETCHES = re.compile(r"@import|url\(\s*['\"]?(?!\s*#)|expression\(|\\", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(px|pt|pc|mm|cm|in)?\s*")
_NUMBER = re.compile(r"[+-]?([0-9]*\.)?[0-9]+([eE][+-]?[0-9]+)?")
_UNITS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


def _svg(content: bytes) -> Logo:
    """The logo in an SVG that does nothing and loads nothing."""
    found: list[tuple[float, float]] = []
    path: list[str] = []

    def begun(name: str, attributes: Mapping[str, str]) -> None:
        space, _, element = name.rpartition(" ")
        if not path:
            if (space, element) != (_SVG, "svg"):
                raise LogoError("is XML, but no SVG")
            found.append(_size(attributes))
        if element in _ALIVE:
            raise LogoError(f"holds `{element}`: a picture that does something is none of ours")
        if element == "text":
            raise LogoError("holds `text`, which every machine sets otherwise: turn it into paths")
        for key, value in attributes.items():
            _still(element, key, value)
        path.append(element)

    def said(text: str) -> None:
        if path and path[-1] == "style" and _FETCHES.search(text):
            raise LogoError("would load something from elsewhere")

    def ended(_: str) -> None:
        path.pop()

    _followed(content, begun, ended, said)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise LogoError("is an SVG that is not written in UTF-8") from None
    return Logo("svg", content, *found[0])


def _followed(
    content: bytes,
    begun: Callable[[str, Mapping[str, str]], None],
    ended: Callable[[str], None],
    said: Callable[[str], None],
) -> None:
    try:
        follow(content, begun, ended, said)
    except MarkupError as reason:
        raise LogoError(str(reason)) from None


def _still(element: str, key: str, value: str) -> None:
    """An attribute that does nothing and loads nothing. Raises LogoError for any other."""
    if key.rpartition(" ")[2].lower().startswith("on"):
        raise LogoError(f"has `{key}`: a picture that does something is none of ours")
    if key in _LINK:
        own = element in ("image", "feImage") and _OWN_DATA.fullmatch(value)
        if not (own or value.startswith("#")):
            raise LogoError("would load something from elsewhere")
    elif _FETCHES.search(value):
        raise LogoError("would load something from elsewhere")


def _size(attributes: Mapping[str, str]) -> tuple[float, float]:
    """The size that an SVG has by its own account, or by the part of the plane that it shows."""
    sizes = [_LENGTH.fullmatch(attributes.get(side, "")) for side in ("width", "height")]
    told = [float(size[1]) * _UNITS[size[2] or "px"] for size in sizes if size is not None]
    if len(told) < 2:
        shown = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
        told = []
        if len(shown) == 4 and all(map(_NUMBER.fullmatch, shown)):
            told = [float(side) for side in shown[2:]]
    if len(told) < 2 or not all(0 < side < 1e6 for side in told):
        raise LogoError("is an SVG of no size: give it a `viewBox`, or `width` and `height`")
    return told[0], told[1]
