"""Documents opened again: what a program may do to one without harm, and what is found out."""

from __future__ import annotations

import io
import re
import time
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import docx
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf.annotations import FreeText, Highlight
from pypdf.generic import ArrayObject, FloatObject

from billing_dsl.papers import LARGEST, UnreadableError, opened
from billing_dsl.targets._seal import Seal, digest, letters, lines, printed
from tests.unit.targets.test_scope_forms import in_language

NAME = "globex/globex-2027/scope"


@cache
def whole(form: str) -> bytes:
    return in_language("en")[0][f"{NAME}.{form}"]


def holds(content: bytes) -> bool:
    """Whether a document is as it was made, by its seal."""
    found = opened(content)
    seal = Seal.read(found.seal)
    assert seal is not None
    assert (seal.client, seal.agreement, seal.language) == ("globex", "globex-2027", "en")
    return seal.digest == found.digest


@pytest.mark.parametrize("form", ["docx", "html", "md", "pdf"])
def test_a_document_as_it_was_made_is_known_again(form: str) -> None:
    assert holds(whole(form))
    assert opened(whole(form)).form == form


# --- Word ----------------------------------------------------------------------------------------


def repacked(content: bytes, edit: Callable[[dict[str, bytes]], object]) -> bytes:
    """A package whose parts have been edited."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    edit(parts)
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return found.getvalue()


def in_document(pattern: str, instead: str, part: str = "word/document.xml") -> bytes:
    """The Word document, one place of which is written otherwise."""

    def edit(parts: dict[str, bytes]) -> None:
        text, count = re.subn(pattern, instead, parts[part].decode(), count=1)
        assert count == 1
        parts[part] = text.encode()

    return repacked(whole("docx"), edit)


def test_a_word_document_may_be_saved_again() -> None:
    found = docx.Document(io.BytesIO(whole("docx")))
    saved = io.BytesIO()
    found.save(saved)
    assert saved.getvalue() != whole("docx")
    assert holds(saved.getvalue())


@given(st.integers(1, 40), st.booleans())
def test_runs_may_be_cut_anywhere(length: int, marked: bool) -> None:
    """As a spelling checker and the marks of a session cut them."""
    between = '</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t xml:space="preserve">'
    if marked:
        between = '</w:t></w:r><w:r w:rsidR="00A1"><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">'

    def cut(text: re.Match[str]) -> str:
        return f"{text[1]}{text[2][:length]}{between}{text[2][length:]}<"

    def edit(parts: dict[str, bytes]) -> None:
        text = parts["word/document.xml"].decode()
        pattern = rf'(<w:t xml:space="preserve">)([^<&]{{{length + 1},}})<'
        parts["word/document.xml"] = re.sub(pattern, cut, text).encode()

    assert holds(repacked(whole("docx"), edit))


FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


@pytest.mark.parametrize(
    ("pattern", "instead", "part"),
    [
        (r"</w:p>", "</w:p><w:p/>", "word/document.xml"),
        (r"Globex AG", "Globex </w:t></w:r><w:r><w:br/><w:t>AG", "word/document.xml"),
        (r"Globex AG", "Globex\u00a0\u200bAG", "word/document.xml"),
        (
            r'<w:fldSimple w:instr="PAGE">.*?</w:fldSimple>',
            FIELD,
            "word/footer1.xml",
        ),
    ],
)
def test_what_changes_no_letter_is_no_change(pattern: str, instead: str, part: str) -> None:
    assert holds(in_document(pattern, instead, part))


def insertion(text: str) -> str:
    return f'<w:ins w:id="1" w:author="x"><w:r><w:t>{text}</w:t></w:r></w:ins></w:p>'


@pytest.mark.parametrize(
    ("pattern", "instead", "part"),
    [
        ("Globex AG", "Globex SA", "word/document.xml"),
        (r"</w:p>", insertion("and onsite work is free"), "word/document.xml"),
        (r"<w:t( [^>]*)?>Globex AG</w:t>", "<w:delText>Globex AG</w:delText>", "word/document.xml"),
        ("version 1", "version 2", "word/footer1.xml"),
    ],
)
def test_other_words_are_found_out(pattern: str, instead: str, part: str) -> None:
    assert not holds(in_document(pattern, instead, part))


@pytest.mark.parametrize("part", ["header1", "footer2", "footnotes"])
def test_words_beside_the_text_are_found_out(part: str) -> None:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = f'<w:x xmlns:w="{space}"><w:p><w:r><w:t>but not really</w:t></w:r></w:p></w:x>'
    added = {f"word/{part}.xml": text.encode()}
    assert not holds(repacked(whole("docx"), lambda parts: parts.update(added)))
    empty = {f"word/{part}.xml": text.replace("but not really", "").encode()}
    assert holds(repacked(whole("docx"), lambda parts: parts.update(empty)))


def test_without_its_seal_a_word_document_is_nobodys() -> None:
    content = repacked(whole("docx"), lambda parts: parts.pop("docProps/custom.xml"))
    assert opened(content).seal == ""
    assert Seal.read(opened(in_document("scope 1", "scope 2", "docProps/custom.xml")).seal) is None


# --- HTML and Markdown ---------------------------------------------------------------------------


def test_a_page_may_be_laid_out_otherwise() -> None:
    text = whole("html").decode()
    assert holds(text.replace("><", ">\n  <").replace("&#39;", "'").encode())
    assert not holds(text.replace("</main>", "<p>and more</p></main>").encode())
    assert not holds(text.replace("</footer>", " or not</footer>").encode())
    assert opened(text.replace("billing-dsl-seal", "seal").encode()).seal == ""


def test_markdown_may_end_its_lines_otherwise() -> None:
    text = whole("md").decode()
    assert holds(text.replace("\n", "\r\n").encode())
    assert holds(b"\xef\xbb\xbf" + text.encode())
    assert holds(re.sub(r"(?m)$", "  ", text).encode())
    assert not holds(text.replace("Globex", "Glubex", 1).encode())
    assert not holds(text.replace("in force", "in farce", 1).encode())
    assert opened(text.partition("<!--")[0].encode()).seal == ""


# --- PDF -----------------------------------------------------------------------------------------


def written_over(edit: Callable[[pypdf.PdfWriter], object]) -> bytes:
    """The PDF, saved by another program after an edit."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(whole("pdf")))
    edit(writer)
    found = io.BytesIO()
    writer.write(found)
    return found.getvalue()


def test_a_pdf_may_be_saved_again() -> None:
    saved = written_over(lambda _: None)
    assert saved != whole("pdf")
    assert holds(saved)
    assert holds(written_over(lambda writer: writer.compress_identical_objects()))


def test_a_pdf_may_be_marked_but_not_written_over() -> None:
    place = (9, 9, 99, 99)
    mark = Highlight(rect=place, quad_points=ArrayObject([FloatObject(9)] * 8))
    over = FreeText(text="and onsite work is free", rect=place)
    assert holds(written_over(lambda writer: writer.add_annotation(0, mark)))
    assert not holds(written_over(lambda writer: writer.add_annotation(0, over)))


def test_pages_of_a_pdf_are_not_taken_away() -> None:
    assert not holds(written_over(lambda writer: writer.remove_page(1)))
    assert not holds(written_over(lambda writer: writer.add_page(writer.pages[1])))


@pytest.mark.parametrize("mark", ["", "/Artifact BMC "])
def test_words_drawn_on_a_pdf_are_found_out_however_they_are_marked(mark: str) -> None:
    def draw(writer: pypdf.PdfWriter) -> None:
        page: Any = writer.pages[1]
        fonts = page["/Resources"]["/Font"]
        fonts[pypdf.generic.NameObject("/Own")] = pypdf.generic.DictionaryObject(
            {
                pypdf.generic.NameObject("/Type"): pypdf.generic.NameObject("/Font"),
                pypdf.generic.NameObject("/Subtype"): pypdf.generic.NameObject("/Type1"),
                pypdf.generic.NameObject("/BaseFont"): pypdf.generic.NameObject("/Helvetica"),
            }
        )
        drawn = f"\nq {mark}BT /Own 20 Tf 100 400 Td (free of charge) Tj ET"
        drawn += " EMC Q" if mark else " Q"
        stream = pypdf.generic.StreamObject()
        stream.set_data(page.get_contents().get_data() + drawn.encode())
        page[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream)

    assert not holds(written_over(draw))


def test_a_locked_pdf_is_not_read() -> None:
    locked = written_over(lambda writer: writer.encrypt("secret", algorithm="RC4-128"))
    with pytest.raises(UnreadableError, match="locked with a password"):
        opened(locked)


# --- what is no document, or too much of one -----------------------------------------------------


def package(parts: Mapping[str, bytes]) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return found.getvalue()


DOCUMENT = "word/document.xml"
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;">]><l>&d;</l>"""
FILE = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><l>&a;</l>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "is no Word document, PDF, HTML page or Markdown text"),
        (b"some\0text", "is no Word document, PDF, HTML page or Markdown text"),
        (bytes(LARGEST + 1), "is larger than 16 MiB"),
        (b"x" * (3 << 20), "is longer than any text of ours"),
        (b"PK", "is no whole document of Word's"),
        (package({"a.txt": b""}), "is a package of files, but no document of Word's"),
        (package({f"{n}": b"" for n in range(500)}), "holds more files"),
        (package({DOCUMENT: bytes(30 << 20)}), "unpacks to more than any document of ours"),
        (package({DOCUMENT: LAUGHS}), "declares a document type"),
        (package({DOCUMENT: FILE}), "declares a document type"),
        (package({DOCUMENT: b"<a>"}), "is no whole XML"),
        (package({DOCUMENT: b"<a>" * 999}), "has more elements"),
        (
            package({DOCUMENT: b"<?xml version='1.0' encoding='x-none'?><a/>"}),
            "no whole XML|nobody",
        ),
        (package({DOCUMENT: b"<a/>", "docProps/custom.xml": FILE}), "declares a document type"),
        (b"%PDF-1.7\n", "is no whole PDF"),
        (b"%PDF-1.7\n" + b"1 0 obj<</Length 9>>" * 9, "is no whole PDF"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        opened(content)


@pytest.mark.parametrize("begin", ["", "<html>", "<html><body>"])
@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        "<!--",
        "<![",
        "</",
        "<a b='",
        "&",
        "<?",
        "<script>",
        "<meta a",
        "<!-- billing-dsl-seal:",
    ],
)
def test_a_text_that_is_made_to_be_slow_is_not(begin: str, piece: str) -> None:
    """With one of these the standard library's parser was busy for longer than five minutes."""
    text = begin + piece * (1_000_000 // len(piece))
    start = time.process_time()
    with suppress(UnreadableError):
        opened(text.encode())
    assert time.process_time() - start < 20


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<p>a</p><p>b", "a b"),
        ("a<b>b</b>c", "abc"),
        ("1 < 2 &amp; 3", "1 < 2 & 3"),
        ("<!-- x --><STYLE>y</STYLE>z", "z"),
        ("a<!-- b", "a"),
        ("<title>t</title>a<script>b", "a"),
        ("<p>a<", "a<"),
        ("<!doctype html>a", "a"),
    ],
)
def test_a_page_says_what_a_browser_shows(text: str, shown: str) -> None:
    assert " ".join(opened(f"<html>{text}".encode()).body.split()) == shown


def test_a_sign_that_there_is_not_is_no_sign() -> None:
    with pytest.raises(UnreadableError, match="the number of a sign that there is not"):
        opened(b"<html>&#" + b"9" * 5000 + b";")


def test_a_package_that_lies_about_its_size_is_not_unpacked() -> None:
    bomb = bytearray(package({DOCUMENT: bytes(30 << 20)}))
    real = (30 << 20).to_bytes(4, "little")
    lie = (1000).to_bytes(4, "little")
    with pytest.raises(UnreadableError, match="no whole document"):
        opened(bytes(bomb).replace(real, lie))


def test_a_pdf_that_unpacks_without_end_is_not_unpacked() -> None:
    def swell(writer: pypdf.PdfWriter) -> None:
        stream = pypdf.generic.StreamObject()
        stream.set_data(zlib.compress(b"q Q " * (10 << 20)))
        stream[pypdf.generic.NameObject("/Filter")] = pypdf.generic.NameObject("/FlateDecode")
        page: Any = writer.pages[0]
        page[pypdf.generic.NameObject("/Contents")] = writer._add_object(stream)

    with pytest.raises(UnreadableError, match="is no whole PDF"):
        opened(written_over(swell))


def test_a_pdf_of_too_many_pages_is_not_read() -> None:
    def more(writer: pypdf.PdfWriter) -> None:
        for _ in range(130):
            writer.add_blank_page(9, 9)

    with pytest.raises(UnreadableError, match="has 133 pages"):
        opened(written_over(more))


@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.7\n", b"<html>"]))
def test_nothing_that_comes_makes_it_stumble(content: bytes, begin: bytes) -> None:
    with suppress(UnreadableError):
        opened(begin + content)


@given(st.data(), st.sampled_from(["docx", "pdf"]))
def test_no_damage_makes_it_stumble(data: st.DataObject, form: str) -> None:
    content = bytearray(whole(form))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(content) // 2, len(content)))
    with suppress(UnreadableError):
        opened(bytes(content[:cut]))


# --- seals ---------------------------------------------------------------------------------------


@given(st.text(), st.text())
def test_letters_are_those_of_parts_put_together(one: str, two: str) -> None:
    assert letters(letters(one) + letters(two)) == letters(one + two)


def test_a_seal_is_read_as_it_was_written() -> None:
    seal = Seal("acme", "acme-2027", "de-AT", digest("a", "b"))
    assert Seal.read(seal.text) == seal
    for wrong in ("", "scope 1 a/b en 00", seal.text + "0", seal.text.replace("acme/", "/")):
        assert Seal.read(wrong) is None


# --- what somebody would like to go unseen -------------------------------------------------------


def concealed(content: bytes) -> tuple[str, ...]:
    return opened(content).concealed


RUN = r'<w:r><w:t xml:space="preserve">Globex AG</w:t></w:r>'


@pytest.mark.parametrize(
    "look",
    [
        "<w:strike/>",
        '<w:dstrike w:val="true"/>',
        "<w:vanish/>",
        "<w:webHidden/>",
        "<w:specVanish/>",
        '<w:color w:val="FFFFFF"/>',
        '<w:color w:val="F4F4F0"/>',
        '<w:color w:val="auto" w:themeColor="background1"/>',
        '<w:sz w:val="2"/>',
        '<w:shd w:val="clear" w:fill="000000"/>',
        '<w:highlight w:val="black"/>',
        '<w:shd w:val="solid" w:color="000000"/>',
        '<w:position w:val="-2000"/>',
        '<w:spacing w:val="-400"/>',
        '<w:fitText w:val="1"/>',
    ],
)
def test_a_text_that_is_struck_out_or_hidden_is_found_out(look: str) -> None:
    text = '<w:t xml:space="preserve">in the run</w:t>'
    struck = f"<w:r><w:rPr>{look}</w:rPr>{text}</w:r></w:p>"
    assert concealed(in_document("</w:p>", struck)) == ("in the run",)
    mark = f"<w:p><w:pPr><w:rPr>{look}</w:rPr></w:pPr><w:r>{text}</w:r></w:p>"
    assert concealed(in_document("<w:sectPr>", f"{mark}<w:sectPr>")) == ("in the run",)
    in_style = in_document("</w:rPr></w:rPrDefault>", f"{look}</w:rPr></w:rPrDefault>", STYLES)
    assert len(concealed(in_style)) > 50
    in_strong = in_document(r'(w:styleId="Strong">.*?<w:rPr>)', rf"\1{look}", STYLES)
    assert "Globex AG" in concealed(in_strong)


STYLES = "word/styles.xml"


@pytest.mark.parametrize(
    ("pattern", "instead"),
    [
        ("</w:pPr>", '<w:ind w:left="30000"/></w:pPr>'),
        ("<w:tr>", '<w:tr><w:trPr><w:del w:id="1" w:author="A"/></w:trPr>'),
        (
            "</w:p>",
            (
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
                "<w:r><w:instrText> = 1 + 1 </w:instrText></w:r>"
                '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
            ),
        ),
        ("</w:p>", '<w:fldSimple w:instr="QUOTE 2"/></w:p>'),
        (
            "</w:p>",
            '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a"/></w:sdtPr></w:sdt></w:p>',
        ),
    ],
    ids=["off the page", "deleted row", "field", "simple field", "bound to elsewhere"],
)
def test_what_word_shows_otherwise_is_found_out(pattern: str, instead: str) -> None:
    assert concealed(in_document(pattern, instead))


@pytest.mark.parametrize("form", ["docx", "html", "md"])
def test_signs_that_turn_letters_round_are_found_out(form: str) -> None:
    turned = "\u202eGlobex AG\u202c"
    if form == "docx":
        content = in_document("Globex AG", turned)
    else:
        content = whole(form).decode().replace("Globex AG", turned, 1).encode()
    assert not holds(content)


@pytest.mark.parametrize(
    "look", ['<w:strike w:val="0"/>', '<w:vanish w:val="false"/>', '<w:color w:val="1C2428"/>']
)
def test_a_look_that_hides_nothing_is_none(look: str) -> None:
    assert not concealed(whole("docx"))
    in_strong = in_document(r'(w:styleId="Strong">.*?<w:rPr>)', rf"\1{look}", STYLES)
    assert not concealed(in_strong)
    assert holds(in_strong)


def test_a_style_hides_what_is_based_on_it() -> None:
    added = (
        '<w:style w:type="character" w:styleId="A"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>'
    )

    def edit(parts: dict[str, bytes]) -> None:
        parts[STYLES] = parts[STYLES].replace(b"</w:styles>", added.encode())
        text = parts["word/document.xml"]
        parts["word/document.xml"] = text.replace(b'w:rStyle w:val="Strong"', b'w:rStyle w:val="B"')

    assert "Globex AG" in concealed(repacked(whole("docx"), edit))


@pytest.mark.parametrize(
    ("pattern", "instead", "part"),
    [
        ("</w:p>", '<w:r><w:sym w:font="Arial" w:char="0031"/></w:r></w:p>', "word/document.xml"),
        (
            "</w:p>",
            '<w:fldSimple w:instr="QUOTE"><w:r><w:t>free</w:t></w:r></w:fldSimple></w:p>',
            "word/document.xml",
        ),
        (
            "</w:p>",
            (
                '<m:r xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
                "<m:t>free</m:t></m:r></w:p>"
            ),
            "word/document.xml",
        ),
        ('<w:lvlText w:val="[^"]*"', '<w:lvlText w:val="Not valid:"', "word/numbering.xml"),
        (r"</w:p></w:tc>(\s*)<w:tc>", r"</w:p>\1", "word/document.xml"),
    ],
)
def test_signs_fields_marks_of_lists_and_cells_are_read(
    pattern: str, instead: str, part: str
) -> None:
    assert not holds(in_document(pattern, instead, part))


@pytest.mark.parametrize(
    "added",
    [
        "<script>alert(1)</script>",
        "<style>p{display:none}</style>",
        '<p style="display:none"></p>',
        "<p hidden></p>",
        "<img src=x onerror=alert(1)>",
        '<link rel="stylesheet" href="x.css">',
        '<meta http-equiv="refresh" content="0;url=x">',
        "<iframe src=x></iframe>",
        "<object data=x></object>",
        "<!--><script>alert(1)</script><!-- -->",
    ],
)
def test_what_may_show_something_else_on_a_page_is_found_out(added: str) -> None:
    text = whole("html").decode()
    assert not opened(text.encode()).foreign
    page = opened(text.replace("</main>", f"{added}</main>").encode())
    seal = Seal.read(page.seal)
    assert seal is not None
    assert seal.digest != page.digest
    assert bool(page.foreign) != added.startswith("<style>")


def test_a_pdf_of_which_half_is_gone_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(UnreadableError, match="is no whole PDF"):
        opened(whole("pdf")[: len(whole("pdf")) // 2])
    assert not caplog.records


def test_white_space_is_one_space_and_lines_are_lines() -> None:
    assert lines(" 98,00 \u00a0 a\n\n\tb\u200b ") == "98,00 a\nb"
    assert lines("9 8,00") != lines("98,00")
    assert lines("30\n84,00") != lines("308\n4,00")
    assert printed("30 84,00") != printed("308 4,00")
    assert printed("9 8,00") != printed("98,00")
    assert printed("un der 84,00") == printed("under\n84,00")
