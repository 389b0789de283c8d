"""Logos: a whole picture passes, and nothing else does."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest

from billing_dsl.targets._logo import LARGEST, LogoError, logo


def chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def png(width: int, height: int) -> bytes:
    """A picture in one colour."""
    rows = (b"\0" + b"\x1f\x4e\x79" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"><style>.a{fill:#1f4e79}</style>'
    b'<rect class="a" width="200" height="50"/><circle cx="25" cy="25" r="15" fill="#fff"/></svg>'
)
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x0b\x08\x00\x20\x00\x60\x01\x01\x11\x00\xff\xda\x00\x02\x00\xff\xd9"
)


@pytest.mark.parametrize(
    ("content", "kind", "size"),
    [
        (png(300, 80), "png", (300, 80)),
        (JPEG, "jpeg", (96, 32)),
        (SVG, "svg", (200, 50)),
        (SVG.replace(b"viewBox", b'width="10mm" height="5mm" viewBox'), "svg", (37.795, 18.898)),
        (b"\xef\xbb\xbf" + SVG, "svg", (200, 50)),
    ],
)
def test_a_picture_is_known_by_what_it_holds(
    content: bytes, kind: str, size: tuple[float, float]
) -> None:
    found = logo(content)
    assert found.kind == kind
    assert (found.width, found.height) == pytest.approx(size, abs=0.001)
    assert base64.b64decode(found.data.partition(",")[2]) == content


def test_a_logo_keeps_its_shape_within_its_place() -> None:
    assert logo(png(600, 100)).millimetres == (60, 10)
    assert logo(png(100, 200)).millimetres == (8, 16)
    assert logo(png(600, 100)).pixels == (227, 38)


def test_equal_pictures_have_equal_hashes() -> None:
    assert logo(png(20, 10)).digest == logo(png(20, 10)).digest != logo(png(20, 11)).digest


def svg(inside: str, attributes: str = "") -> bytes:
    space = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f'<svg {space} viewBox="0 0 2 1" {attributes}>{inside}</svg>'.encode()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is no PNG, JPEG or SVG"),
        (b"GIF89a", "is no PNG, JPEG or SVG"),
        (bytes(LARGEST + 1), "is larger than 256 KiB"),
        (png(30, 10)[:-6], "has lost its end"),
        (png(30, 10)[:40] + b"\xff" + png(30, 10)[41:], "is a damaged PNG"),
        (png(30, 10)[:33] + chunk(b"IDAT", b"no pixels") + chunk(b"IEND", b""), "is a damaged PNG"),
        (png(30, 10)[:33] + chunk(b"IEND", b""), "is a damaged PNG"),
        (png(9000, 1), "is 9000 × 1 pixels large"),
        (JPEG[:-2], "is a JPEG that has lost its end"),
        (b"\xff\xd8\xff\xe0\x00\x01" + bytes(20) + b"\xff\xd9", "is a damaged JPEG"),
        (b"<html></html>", "is XML, but no SVG"),
        (b"<svg", "is no whole XML"),
        (svg("<script>alert(1)</script>"), "holds `script`"),
        (svg("<foreignObject/>"), "holds `foreignObject`"),
        (svg("<a href='#x'/>"), "holds `a`"),
        (svg("<text>Firm</text>"), "holds `text`, .*: turn it into paths"),
        (svg("<rect onclick='x()'/>"), "has `onclick`"),
        (svg("", "onload='x()'"), "has `onload`"),
        (svg("<image href='https://tracker.example/x.png'/>"), "load something from elsewhere"),
        (svg("<image xlink:href='file:///etc/passwd'/>"), "load something from elsewhere"),
        (svg("<image href='data:image/svg+xml;base64,AAAA'/>"), "load something from elsewhere"),
        (svg("<use xlink:href='other.svg#x'/>"), "load something from elsewhere"),
        (svg("<rect fill='url(https://x.example/#a)'/>"), "load something from elsewhere"),
        (svg("<style>@import 'x.css';</style>"), "load something from elsewhere"),
        (svg("<style>a{background:url(x.png)}</style>"), "load something from elsewhere"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + svg("&a;"), "declares a document type"),
        (b"<?xml-stylesheet href='x.css'?>" + svg(""), "tells a program what to do"),
        (svg("<g>" * 300 + "</g>" * 300), "has more elements"),
        (svg("").replace(b'viewBox="0 0 2 1"', b""), "is an SVG of no size"),
        (svg("").replace(b"0 0 2 1", b"0 0 0 1"), "is an SVG of no size"),
        (svg("").replace(b"0 0 2 1", b"0 0 x y"), "is an SVG of no size"),
        (svg("").replace(b"0 0 2 1", b"0 0 1_0 5"), "is an SVG of no size"),
        (svg("").replace(b"0 0 2 1", b"0 0 1 100000"), "is so narrow, or so flat"),
        (png(4000, 1), "is so narrow, or so flat"),
        (
            b"<?xml version='1.0' encoding='latin-1'?>" + svg("<!--+-->").replace(b"+", b"\xe9"),
            "UTF-8",
        ),
    ],
)
def test_what_is_no_logo_says_why(content: bytes, why: str) -> None:
    with pytest.raises(LogoError, match=why):
        logo(content)


def test_an_svg_may_hold_what_is_its_own() -> None:
    own = base64.b64encode(png(2, 2)).decode()
    inside = (
        "<defs><linearGradient id='g'/></defs><rect fill='url(#g)'/><use xlink:href='#g'/>"
        f"<image href='data:image/png;base64,{own}'/>"
    )
    assert logo(svg(inside)).kind == "svg"
