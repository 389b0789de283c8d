"""Scope documents in every form: opened again, they say the same, statement by statement."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import cycle
from typing import Any
from xml.etree import ElementTree

import docx
import pypdf
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from hypothesis import given

from billing_dsl.diagnostics import Finding
from billing_dsl.languages import languages
from billing_dsl.papers import opened
from billing_dsl.papers.markdown import read as read_markdown
from billing_dsl.pipeline import Checked, check
from billing_dsl.targets import Artifact, Compilation
from billing_dsl.targets._forms import Form
from billing_dsl.targets._logo import Logo, logo
from billing_dsl.targets._scope import ScopeDocument
from billing_dsl.targets._scope_plain import Plainly, texts
from billing_dsl.targets._seal import Seal, drawn, in_order, letters, stands_in
from billing_dsl.targets.scope_document import FORMS, scope_document
from billing_dsl.telling import Telling
from tests.goldens import Golden
from tests.oracle.strategies import catalogues
from tests.test_properties import checked
from tests.unit.targets.compiling import of_clients
from tests.unit.targets.test_logo import SVG, png
from tests.unit.targets.test_scope_document import (
    HERE,
    HOSTILE,
    Page,
    documents_of,
    hostile,
    hostile_reading,
    pages,
    unescaped,
    written_in,
)
from tests.unit.targets.test_scope_languages import reading

Plain = dict[str, Any]
DAY = date(2027, 1, 15)
ALL = frozenset(FORMS)


def made(
    result: Checked,
    forms: frozenset[Form] = ALL,
    picture: Logo | None = None,
    client: str | None = None,
) -> dict[str, bytes]:
    """Every document of a catalogue, or of one client, by its path."""
    declared = result.common.declared
    assert declared is not None
    views = [view for view in result.clients if client in (None, view.client.name)]
    book = of_clients(declared, views, DAY)
    compilation: Compilation = replace(book.compilation, forms=forms, logo=picture)
    said = [one for _, one in Telling(compilation, [scope_document]).of_families(book.families)]
    assert not [one for one in said if isinstance(one, tuple)]
    found = [one for one in said if isinstance(one, Artifact)]
    return {one.path.removeprefix("documents/"): one.content for one in found}


@cache
def in_language(code: str) -> tuple[dict[str, bytes], dict[str, ScopeDocument]]:
    """The small catalogue in a language: its documents in every form, and what they say."""
    result = written_in(reading(code))
    said = {
        f"{view.client.name}/{agreement.name}": document
        for view, agreement, document in documents_of(result)
    }
    return made(result), said


# --- what other programs read in them ------------------------------------------------------------


def word(content: bytes) -> WordDocument:
    return docx.Document(io.BytesIO(content))


def in_word(content: bytes) -> str:
    """What python-docx reads: paragraphs and cells, in order."""
    found = word(content)
    return "".join(element.text or "" for element in found.element.body.iter(qn("w:t")))


def in_html(content: bytes) -> str:
    text = content.decode().partition("<main>")[2].partition("<footer>")[0]
    return "".join(Page(f"<main>{text}</main>").said)


def in_pdf(content: bytes) -> str:
    """What pypdf reads, without the foot of each page."""
    found = pypdf.PdfReader(io.BytesIO(content))
    return "\n".join(page.extract_text() for page in found.pages)


def statements(document: ScopeDocument) -> list[str]:
    """Everything that a document says, in order."""
    found = texts(Plainly(document.language).of(document))
    return [text for text in found if letters(text)]


def assert_says(said: str, expected: Sequence[str], between: str = "") -> None:
    """The statements stand there one after the other, with nothing between but what is known."""
    at = 0
    for statement in expected:
        sought = letters(statement)
        found = said.find(sought, at)
        assert found >= 0, f"{statement!r} is missing after {said[max(0, at - 40) : at]!r}"
        assert re.fullmatch(between, said[at:found]), (statement, said[at:found])
        at = found + len(sought)
    assert re.fullmatch(between, said[at:]), said[at:]


@pytest.mark.parametrize("code", languages())
def test_every_form_says_every_statement_and_nothing_else(code: str) -> None:
    files, documents = in_language(code)
    for name, document in documents.items():
        expected = statements(document)
        assert len(expected) > 60
        assert_says(letters(in_html(files[f"{name}/scope.html"])), expected)
        assert_says(letters(in_word(files[f"{name}/scope.docx"])), expected)
        # A page ends with the stamp, and a table that goes on begins with its head again.
        stamp = re.escape(letters(document.stamp.text))
        heads = "|".join(
            "".join(map(re.escape, letters("\n".join(columns)).split()))
            for columns in _heads(Plainly(document.language).of(document))
        )
        between = rf"(?:{stamp}\d/\d|{heads})*"
        assert_says(letters(in_pdf(files[f"{name}/scope.pdf"])), expected, between)
        assert_markdown_says(files[f"{name}/scope.md"].decode(), document)


def _heads(plain: Any) -> Iterator[Sequence[str]]:
    """The heads of all tables."""
    if isinstance(plain, dict):
        if "columns" in plain:
            yield plain["columns"]
        for value in plain.values():
            yield from _heads(value)
    elif isinstance(plain, tuple):
        for value in plain:
            yield from _heads(value)


def assert_markdown_says(text: str, document: ScopeDocument) -> None:
    """Markdown has its own order in the head, and puts notes behind what they are about."""
    said = letters(re.sub(r"[*_|]|<br>", "", unescaped(read_markdown(text).body)))
    for statement in statements(document):
        assert letters(re.sub(r"[*_|]", "", statement)).rstrip(".,") in said, statement


@given(catalogues())
def test_documents_of_any_catalogue_are_known_again(documents: list[Plain]) -> None:
    forms = frozenset({Form.MARKDOWN, Form.HTML, Form.WORD})
    for path, content in made(checked(documents), forms).items():
        found = opened(content)
        seal = Seal.read(found.seal)
        assert seal is not None
        assert path.startswith(f"{seal.client}/{seal.agreement}/")
        assert seal.digest == found.digest, path


# --- each form -----------------------------------------------------------------------------------


def globex(form: str) -> bytes:
    return in_language("en")[0][f"globex/globex-2027/scope.{form}"]


def test_what_word_and_typst_are_given(golden: Golden) -> None:
    with zipfile.ZipFile(io.BytesIO(globex("docx"))) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    body = parts["word/document.xml"].decode().replace("><w:", ">\n<w:").encode()
    golden(HERE / "golden" / "scope_forms" / "document.xml", body)
    golden(HERE / "golden" / "scope_forms" / "footer.xml", parts["word/footer1.xml"] + b"\n")
    document = in_language("en")[1]["globex/globex-2027"]
    plain = Plainly(document.language).of(document)
    text = json.dumps(plain, ensure_ascii=False, indent=1) + "\n"
    golden(HERE / "golden" / "scope_forms" / "plain.json", text)


def test_the_same_bytes_each_time() -> None:
    files, _ = in_language("it")
    assert made(written_in(reading("it"))) == files


def test_a_word_document_has_headings_tables_a_language_and_a_foot() -> None:
    files, documents = in_language("de")
    content, document = files["acme/acme-2027/scope.docx"], documents["acme/acme-2027"]
    found = word(content)
    assert found.core_properties.title == document.about
    assert found.core_properties.author == document.provider_name
    assert found.core_properties.created is not None
    assert found.core_properties.created.date() == document.begins
    headings = [
        (p.style.name, p.text)
        for p in found.paragraphs
        if p.style is not None and p.style.name.startswith("Heading")
    ]
    words = document.language.labels
    assert headings[0] == ("Heading 1", document.about)
    assert ("Heading 2", words["glance"]) in headings
    assert [text for style, text in headings if style == "Heading 3"] == [
        heading
        for period in document.periods
        for heading in (
            *(section.heading for section in period.body.sections),
            *([words["differences"]] if period.body.differences else []),
        )
    ]
    heads = [table for table in found.tables if table._tbl.xpath("w:tr/w:trPr/w:tblHeader")]
    rated = [card for p in document.periods for s in p.body.sections for card in s.cards]
    assert len(heads) >= 1 + len(document.tables) + len(rated)
    styles = found.styles.element
    assert {each.get(qn("w:val")) for each in styles.iter(qn("w:lang"))} == {"de-IT"}
    [section] = found.sections
    [foot] = section.footer.paragraphs
    assert foot.text.startswith(f"{document.stamp.text}\t")
    fields = [each.get(qn("w:instr")) for each in foot._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_the_parts_of_a_word_document_have_no_day_and_are_whole() -> None:
    with zipfile.ZipFile(io.BytesIO(globex("docx"))) as package:
        assert package.testzip() is None
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = package.namelist()
        for name in names:
            ElementTree.fromstring(package.read(name))
        types = package.read("[Content_Types].xml").decode()
    assert names[0] == "[Content_Types].xml"
    for name in names[2:]:
        assert f'PartName="/{name}"' in types or name.endswith(".rels")


def test_rows_of_a_word_table_have_as_many_cells_as_it_has_columns() -> None:
    for path, content in in_language("en")[0].items():
        if path.endswith(".docx"):
            for table in word(content).tables:
                columns = len(table._tbl.tblGrid.gridCol_lst)
                assert {len(row._tr.tc_lst) for row in table.rows} == {columns}
                widths = [int(each.get(qn("w:w")) or 0) for each in table._tbl.tblGrid]
                assert all(width > 0 for width in widths)
                assert 9855 <= sum(widths) <= 9864


def test_a_pdf_can_be_read_aloud_and_kept() -> None:
    files, documents = in_language("fr")
    content, document = files["acme/acme-2027/scope.pdf"], documents["acme/acme-2027"]
    found = pypdf.PdfReader(io.BytesIO(content))
    root: Any = found.trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert found.metadata is not None
    assert (found.metadata.title, found.metadata.author) == (
        document.about,
        document.provider_name,
    )
    assert found.metadata.creation_date is not None
    assert found.metadata.creation_date.date() == document.begins
    about = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in about
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in about
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    kinds = _kinds(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/H3", "/Table", "/THead", "/TH", "/TD", "/L", "/LI"} <= kinds
    pages_of: Sequence[Any] = found.pages
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pages_of
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("IBMPlexSans" in font for font in fonts)
    assert [entry.title for entry in found.outline if not isinstance(entry, list)] == [
        document.about
    ]


def _kinds(node: Any, depth: int = 0) -> set[str]:
    """What the parts of a PDF are called that can be read aloud."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return {kind for each in node for kind in _kinds(each, depth)}
    if not isinstance(node, dict) or depth > 30:
        return set()
    own = {str(node["/S"])} if "/S" in node else set()
    return own | (_kinds(node["/K"], depth + 1) if "/K" in node else set())


def test_only_the_forms_that_are_asked_for_are_made() -> None:
    result = written_in(reading("en"))
    for form in FORMS:
        files = made(result, frozenset({form}))
        assert {path.rpartition(".")[2] for path in files} == {form.value}
        assert files.items() <= in_language("en")[0].items()


# --- whatever a client is called -----------------------------------------------------------------

FOREIGN = ['שלם (123) בע"מ', "شركة ABC (2027) للتجارة", "ﬁ ﬂ ½ … „Ω≈“ Привет", "-" * 60]


@pytest.mark.parametrize("name", [*HOSTILE, *FOREIGN])
def test_a_name_is_only_ever_text_in_every_form(name: str) -> None:
    files = made(hostile(name), client="acme")
    said = " ".join(name.split())
    for path, content in files.items():
        if path.endswith(".pdf") and not path.startswith("acme/acme-move"):
            continue  # it is the slowest to read
        found = opened(content)
        seal = Seal.read(found.seal)
        assert seal is not None, path
        assert seal.digest == found.digest, path
        if path.startswith("acme/acme-move/") and not path.endswith(".md"):
            assert in_order(letters(said)) in in_order(letters(found.body)), path
    text = in_word(files["acme/acme-2027/scope.docx"])
    assert said in text
    assert set(_kinds_of_word(files["acme/acme-2027/scope.docx"])) == set(
        _kinds_of_word(in_language("en")[0]["acme/acme-2027/scope.docx"])
    )


def _kinds_of_word(content: bytes) -> Iterator[str]:
    for element in word(content).element.body.iter():
        yield str(element.tag)


TITLES = ["A & B <Ltd> {{7*7}}", "=cmd()", "شركة الاختبار", "x" * 200]


@pytest.mark.parametrize(("number", "code"), [*enumerate(languages())])
def test_a_title_is_only_ever_text_in_every_form_and_language(number: int, code: str) -> None:
    text = (HERE / "scope_catalogue.yaml").read_text(encoding="utf-8")
    one = hostile_reading(reading(code, text))
    turn = cycle(TITLES[number % len(TITLES) :] + TITLES[: number % len(TITLES)])
    given = set()
    for document in one.documents:
        for field in ("titles", "descriptions"):
            if code in document.value.get(field, {}):
                document.value[field][code] = next(turn)
                given.add(document.value[field][code])
    assert given == set(TITLES) or code == "en"  # the language of the catalogue itself
    for path, content in made(check([one], DAY, (), keep=True), client="globex").items():
        found = opened(content)
        seal = Seal.read(found.seal)
        assert seal is not None
        assert seal.digest == found.digest, path


def test_a_sign_that_no_font_has_is_a_finding_at_the_name() -> None:
    text = (HERE / "scope_catalogue.yaml").read_text(encoding="utf-8")
    result = written_in(text.replace("Acme Industriale S.r.l.", "株式会社 Acme"))
    declared = result.common.declared
    assert declared is not None
    book = of_clients(declared, result.clients, DAY)
    compilation = replace(book.compilation, forms=ALL)
    said = [one for _, one in Telling(compilation, [scope_document]).of_families(book.families)]
    found = [
        one[1]
        for one in said
        if isinstance(one, tuple) and one[0] == "BD541" and isinstance(one[1], Finding)
    ]
    assert [reach.agreement for one in found for reach in one.reached] == ["acme-2027", "acme-move"]
    assert found[0].message == (
        "the scope document of `acme-2027` cannot be made as PDF: no font of the tool has the "
        "signs of `株`"
    )
    [view] = [view for view in result.clients if view.client.name == "acme"]
    assert found[0].place == view.client.at("legal_name")
    others = {one.path for one in said if isinstance(one, Artifact)}
    assert "documents/acme/acme-2027/scope.docx" in others
    assert "documents/acme/acme-2027/scope.pdf" not in others


def test_letters_that_a_pdf_gives_back_otherwise_are_known_by_being_there() -> None:
    assert drawn("Visits84,00") == "Visits84,00"
    assert drawn("(שלם123)") == drawn("123(שלם)")
    assert drawn("שלם84,00") != drawn("שלם48,00")
    assert drawn("שלם") != drawn("שלט")


@pytest.mark.parametrize(
    ("part", "whole", "stands"),
    [
        ("A&B<Ltd>", "ServiceA&B<Ltd>85,00", True),
        ("A&B<Ltd>", "ServiceA+B<Ltd>85,00", False),
        ("A&B<Ltd>", "ServiceA&B<Ltd>85,00שלם", True),
        ("AB(שלם)", "שלםServiceAB85,00", True),
        ("AB(שלט)", "שלםServiceAB85,00", False),
        ("שלם", "ServiceAB85,00", False),
        ("AC", "שלםServiceAB85,00", False),
    ],
)
def test_a_head_that_comes_again_is_known_beside_any_script(
    part: str, whole: str, stands: bool
) -> None:
    assert stands_in(part, whole) == stands


# --- the logo ------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [png(300, 80), SVG], ids=["png", "svg"])
def test_the_logo_stands_at_the_head_of_every_form(content: bytes) -> None:
    picture = logo(content)
    files = made(written_in(reading("en")), picture=picture, client="globex")
    html = files["globex/globex-2027/scope.html"].decode()
    assert f'<img src="{picture.data}" alt=""' in html
    assert "style-src 'sha256-" in html
    assert "; img-src data:; " in html
    with zipfile.ZipFile(io.BytesIO(files["globex/globex-2027/scope.docx"])) as package:
        ending = "svg" if picture.kind == "svg" else "png"
        assert package.read(f"word/media/logo.{ending}") == content
        assert "word/media/logo.png" in package.namelist()
    [shape] = word(files["globex/globex-2027/scope.docx"]).inline_shapes
    width, height = picture.millimetres
    assert abs(shape.width.mm - width) < 0.1
    assert abs(shape.height.mm - height) < 0.1
    plain = len(in_language("en")[0]["globex/globex-2027/scope.pdf"])
    assert len(files["globex/globex-2027/scope.pdf"]) != plain
    for path, each in files.items():
        found = opened(each)
        seal = Seal.read(found.seal)
        assert seal is not None
        assert seal.digest == found.digest, path


def test_without_a_logo_a_page_may_load_no_picture() -> None:
    assert "img-src" not in pages(written_in(reading("en")))["globex/globex-2027/scope.html"]
