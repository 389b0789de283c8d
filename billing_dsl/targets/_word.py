"""Word's form of documents: the package of files that Word opens as one, always of the same bytes.

What a document says comes out of the templates, escaped like a page's. This module puts beside it
what Word wants to know: styles in the MSP's colours, the language, the logo, the foot of a page.
"""

from __future__ import annotations

import html
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from billing_dsl.targets._logo import Logo
from billing_dsl.targets._seal import NAME
from billing_dsl.targets._templates import ACCENT, PRIMARY, Written, line, readable, shipped

TINTS = {
    "included": ("DFF0E3", "1D5A30", "4F9D69"),
    "fixed": ("DFF0E3", "1D5A30", "4F9D69"),
    "block": ("FBECD2", "7A4A06", "D99A3A"),
    "retainer": ("FBECD2", "7A4A06", "D99A3A"),
    "ticket": ("FBECD2", "7A4A06", "D99A3A"),
    "hourly": ("E3EAF6", "28457C", "5B7FC0"),
    "outside": ("F8DFDC", "8C231B", "C2554B"),
    "free": ("EDF0F1", "49555B", "49555B"),
}
"""How each kind of part is coloured: behind words, the words, and at its side."""

SIDES = {kind: side for kind, (_, _, side) in TINTS.items()}

WIDTH = 9864
"""Of the lines of a page, in twentieths of a point."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN = "http://schemas.openxmlformats.org"
_DOCUMENT = f"{_OPEN}/officeDocument/2006/relationships"
_PACKAGE = f"{_OPEN}/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EMU = 36000
"""Of Word's units in a millimetre."""


def widths(numbers: Sequence[bool]) -> tuple[int, ...]:
    """The widths of a table's columns: those of numbers are narrow, the first of words is wide.

    The first of three numbers counts what the others are the price of.
    """
    words = [at for at, number in enumerate(numbers) if not number] or [0]
    counted = [at for at in range(len(numbers)) if at not in words]
    narrow = min(1650 if len(numbers) > 4 else 1900, WIDTH * 3 // (4 * max(len(counted), 1)))
    found = [narrow] * len(numbers)
    if len(counted) == 3:
        found[counted[0]] = 900
    left = WIDTH - sum(found[at] for at in counted)
    share = left * 2 // (2 * len(words) + 1)
    for at in words:
        found[at] = share
    found[words[0]] = left - share * (len(words) - 1)
    return tuple(found)


def picture(logo: Logo | None, says: str) -> Written:
    """The logo in a line of text, with the words that stand for it; empty where there is none."""
    if logo is None:
        return Written("")
    width, height = (round(side * _EMU) for side in logo.millimetres)
    size = f'cx="{width}" cy="{height}"'
    named = f'id="1" name="Logo" descr="{html.escape(line(says))}"'
    drawing = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
    drawn = (
        '<a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}">'
        f'<asvg:svgBlip xmlns:asvg="{drawing}" r:embed="rDrawn"/></a:ext></a:extLst>'
        if logo.kind == "svg"
        else ""
    )
    return Written(
        f'<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr {named}/><a:graphic><a:graphicData uri="{_OPEN}/drawingml/2006/picture">'
        f"<pic:pic><pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="rLogo">{drawn}</a:blip><a:stretch><a:fillRect/>'
        f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


@dataclass(frozen=True, slots=True)
class Word:
    """Packages of documents in one language, in an MSP's colours and with its logo."""

    language: str
    colours: Mapping[str, str]
    logo: Logo | None
    _same: Sequence[tuple[str, bytes]] = field(init=False)

    def __post_init__(self) -> None:
        """Makes what is the same in each of them."""
        object.__setattr__(self, "_same", tuple(self._beside()))

    def packed(
        self, body: bytes, title: str, author: str, day: date, stamp: str, seal: str
    ) -> bytes:
        """A document as one file: what it says, what it is called, and what stands at its foot."""
        found = io.BytesIO()
        with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in (
                *self._same,
                ("docProps/core.xml", _core(title, author, day)),
                ("docProps/custom.xml", _custom(seal)),
                ("word/footer1.xml", _footer(stamp)),
                ("word/document.xml", body),
            ):
                package.writestr(_entry(name), content)
        return found.getvalue()

    def _beside(self) -> Iterator[tuple[str, bytes]]:
        language = self.language if "-" in self.language else _at_home(self.language)
        yield "[Content_Types].xml", _types(self.logo)
        yield "_rels/.rels", _relations(_ABOUT)
        yield "word/_rels/document.xml.rels", _relations((*_PARTS, *_pictured(self.logo)))
        yield "word/styles.xml", _styles(self.colours, language)
        numbering = shipped("word/numbering.xml")
        yield "word/numbering.xml", numbering.encode()
        settings = shipped("word/settings.xml").replace("@language@", language)
        yield "word/settings.xml", settings.encode()
        if self.logo is not None and self.logo.kind == "svg":
            yield "word/media/logo.svg", self.logo.content
            yield "word/media/logo.png", _NOTHING
        elif self.logo is not None:
            yield f"word/media/logo.{self.logo.kind}", self.logo.content


def _at_home(language: str) -> str:
    """A language with the country that Word wants to know: where it comes from."""
    return "en-GB" if language == "en" else f"{language}-{language.upper()}"


def _entry(name: str) -> zipfile.ZipInfo:
    """A file of the package; it has no day of its own, and no system that it was made on."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0
    return entry


def _styles(colours: Mapping[str, str], language: str) -> bytes:
    marks = "\n".join(
        f'<w:style w:type="character" w:customStyle="1" w:styleId="Mark{kind}">'
        f'<w:name w:val="Mark {kind}"/><w:rPr><w:color w:val="{front}"/><w:sz w:val="18"/>'
        f'<w:szCs w:val="18"/><w:shd w:val="clear" w:color="auto" w:fill="{back}"/></w:rPr>'
        "</w:style>"
        for kind, (back, front, _) in TINTS.items()
    )
    return (
        shipped("word/styles.xml")
        .replace("@primary@", hex_of(colours, "primary"))
        .replace("@accent@", hex_of(colours, "accent"))
        .replace("@language@", language)
        .replace("@marks@", marks)
        .encode()
    )


def hex_of(colours: Mapping[str, str], name: str) -> str:
    """A colour of the MSP as Word writes it, dark enough to be read on white."""
    default = PRIMARY if name == "primary" else ACCENT
    return readable(colours.get(name, default), default)[1:].upper()


_ABOUT = (
    ("rDocument", f"{_DOCUMENT}/officeDocument", "word/document.xml"),
    ("rCore", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ("rCustom", f"{_DOCUMENT}/custom-properties", "docProps/custom.xml"),
)
_PARTS = (
    ("rStyles", f"{_DOCUMENT}/styles", "styles.xml"),
    ("rNumbering", f"{_DOCUMENT}/numbering", "numbering.xml"),
    ("rSettings", f"{_DOCUMENT}/settings", "settings.xml"),
    ("rFooter", f"{_DOCUMENT}/footer", "footer1.xml"),
)


def _pictured(logo: Logo | None) -> Iterator[tuple[str, str, str]]:
    if logo is not None:
        ending = "png" if logo.kind == "svg" else logo.kind
        yield "rLogo", f"{_DOCUMENT}/image", f"media/logo.{ending}"
        if logo.kind == "svg":
            yield "rDrawn", f"{_DOCUMENT}/image", "media/logo.svg"


def _relations(found: Sequence[tuple[str, str, str]]) -> bytes:
    each = "".join(
        f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'
        for name, kind, target in found
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'.encode()


def _types(logo: Logo | None) -> bytes:
    endings = {"rels": "application/vnd.openxmlformats-package.relationships+xml"}
    endings["xml"] = "application/xml"
    if logo is not None:
        endings[logo.kind] = logo.media
        if logo.kind == "svg":
            endings["png"] = "image/png"
    parts = {
        "/word/document.xml": f"{_MAIN}.document.main+xml",
        "/word/styles.xml": f"{_MAIN}.styles+xml",
        "/word/numbering.xml": f"{_MAIN}.numbering+xml",
        "/word/settings.xml": f"{_MAIN}.settings+xml",
        "/word/footer1.xml": f"{_MAIN}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/custom.xml": (
            "application/vnd.openxmlformats-officedocument.custom-properties+xml"
        ),
    }
    said = [
        *(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in endings.items()),
        *(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in parts.items()),
    ]
    return f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{"".join(said)}</Types>'.encode()


def _core(title: str, author: str, day: date) -> bytes:
    """What a document is called, and by whom; its day is the first on which it holds."""
    moment = f'xsi:type="dcterms:W3CDTF">{day.isoformat()}T00:00:00Z</dcterms:'
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{_escaped(title)}</dc:title><dc:creator>{_escaped(author)}</dc:creator>"
        f"<dcterms:created {moment}created><dcterms:modified {moment}modified>"
        "</cp:coreProperties>"
    ).encode()


def _custom(seal: str) -> bytes:
    return (
        f'{_HEAD}<Properties xmlns="{_OPEN}/officeDocument/2006/custom-properties"'
        f' xmlns:vt="{_OPEN}/officeDocument/2006/docPropsVTypes">'
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{NAME}">'
        f"<vt:lpwstr>{_escaped(seal)}</vt:lpwstr></property></Properties>"
    ).encode()


def _footer(stamp: str) -> bytes:
    """The stamp, and on which of how many pages it stands."""
    page, pages = (
        f'<w:fldSimple w:instr="{name}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        for name in ("PAGE", "NUMPAGES")
    )
    return (
        f'{_HEAD}<w:ftr xmlns:w="{_OPEN}/wordprocessingml/2006/main"><w:p><w:pPr>'
        f'<w:pStyle w:val="Footer"/></w:pPr><w:r><w:t xml:space="preserve">{_escaped(stamp)}</w:t>'
        f'</w:r><w:r><w:tab/></w:r>{page}<w:r><w:t xml:space="preserve"> / </w:t></w:r>{pages}'
        "</w:p></w:ftr>"
    ).encode()


def _escaped(text: str) -> str:
    return html.escape(line(text), quote=False)


def _chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


_NOTHING = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 6, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(bytes(5)))
    + _chunk(b"IEND", b"")
)
"""A picture of nothing, for a Word that is too old to draw an SVG."""
