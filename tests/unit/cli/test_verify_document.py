"""`verify-document` as somebody runs it: what it says of a document, and how it ends."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from billing_dsl.cli import Exit, main
from billing_dsl.papers import pdf
from billing_dsl.papers._opened import LackingError
from tests.unit.cli.running import AS_OF

SHIPPED = Path(__file__).parents[3] / "catalogue"
FORMS = ("md", "html", "docx", "pdf")


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents of one agreement of the shipped catalogue."""
    out = tmp_path_factory.mktemp("made") / "out"
    asked = ["compile", str(SHIPPED), "-o", str(out), "--as-of", AS_OF, "--quiet"]
    assert main([*asked, "--forms", ",".join(FORMS)]) == Exit.FINE
    return out / "documents" / "solmeria-logistica" / "logistica-2025"


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """The shipped catalogue, to be edited."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "firm"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def verified(capsys: pytest.CaptureFixture[str], file: Path, folder: Path) -> tuple[int, Any]:
    """The exit code, and the verdict."""
    asked = ["verify-document", str(file), str(folder), "--as-of", AS_OF, "--format", "json"]
    code = main(asked)
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("form", FORMS)
def test_a_document_matches_what_it_was_made_of(
    form: str, documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = documents / f"scope.{form}"
    code, said = verified(capsys, file, SHIPPED)
    assert code == Exit.FINE
    assert said == {
        "version": 1,
        "file": str(file),
        "form": form,
        "client": "solmeria-logistica",
        "agreement": "logistica-2025",
        "language": "it",
        "verdict": "matches",
        "reason": "it says what the catalogue says",
        "changes": [],
    }


@pytest.mark.parametrize("form", FORMS)
def test_a_document_is_stale_when_the_catalogue_says_something_else(
    form: str, documents: Path, firm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(firm / "clients/solmeria-logistica/logistica-2025.yaml", "rate: 84.00", "rate: 86.50")
    code, said = verified(capsys, documents / f"scope.{form}", firm)
    assert (code, said["verdict"]) == (Exit.FINDINGS, "stale")
    assert said["changes"]
    before = " ".join(change["document"] for change in said["changes"])
    after = " ".join(change["catalogue"] for change in said["changes"])
    assert "84,00" in before
    assert "86,50" not in before
    assert "86,50" in after


def test_a_changed_document_is_told_from_a_stale_one(
    documents: Path, firm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (documents / "scope.md").read_text(encoding="utf-8")
    file = tmp_path / "renamed.txt"
    file.write_text(text.replace("84,00", "48,00"), encoding="utf-8")
    for folder in (SHIPPED, firm):
        code, said = verified(capsys, file, folder)
        assert (code, said["verdict"]) == (Exit.FINDINGS, "tampered")
        assert "48,00" in said["changes"][0]["document"]
        assert "84,00" in said["changes"][0]["catalogue"]
    edit(firm / "clients/solmeria-logistica/logistica-2025.yaml", "rate: 84.00", "rate: 48.00")
    code, said = verified(capsys, file, firm)
    assert said["verdict"] == "tampered"


@pytest.mark.parametrize("form", ["html", "md"])
def test_line_ends_of_windows_change_nothing(
    form: str, documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / f"scope.{form}"
    file.write_bytes((documents / f"scope.{form}").read_bytes().replace(b"\n", b"\r\n"))
    code, said = verified(capsys, file, SHIPPED)
    assert (code, said["verdict"]) == (Exit.FINE, "matches")


def test_a_changed_seal_alone_is_found_out(
    documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "scope.html"
    text = (documents / "scope.html").read_text(encoding="utf-8")
    head, seal, rest = text.partition(" it ")
    file.write_text(f"{head}{seal}{rest[:63].translate({97: 98, 48: 49})}{rest[63:]}", "utf-8")
    code, said = verified(capsys, file, SHIPPED)
    assert (code, said["verdict"], said["changes"]) == (Exit.FINDINGS, "tampered", [])
    assert said["reason"] == "its stamp or its seal is not what it was when it was made"


def test_a_document_in_another_language_than_today_says_so(
    documents: Path, firm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = firm / "clients/solmeria-logistica/client.yaml"
    edit(client, "language: it", "language: de")
    _, said = verified(capsys, documents / "scope.html", firm)
    assert said["verdict"] == "stale"
    assert said["reason"].endswith("documents are written in `de-IT`, no longer `it`")


def test_what_is_not_ours_or_gone_is_unknown(
    documents: Path, firm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = verified(capsys, SHIPPED / "README.md", SHIPPED)
    assert (code, said["verdict"], said["agreement"]) == (Exit.FINDINGS, "unknown", None)
    (firm / "clients/solmeria-logistica/logistica-2025.yaml").unlink()
    code, said = verified(capsys, documents / "scope.docx", firm)
    assert (code, said["verdict"]) == (Exit.FINDINGS, "unknown")
    assert said["reason"] == "the catalogue has no agreement `logistica-2025`"


def test_a_broken_agreement_is_no_verdict(
    documents: Path, firm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(firm / "clients/solmeria-logistica/logistica-2025.yaml", "start: 2025-10-01", "start: x")
    asked = ["verify-document", str(documents / "scope.md"), str(firm)]
    assert main(asked) == Exit.USAGE
    assert "agreement `logistica-2025` is broken" in capsys.readouterr().err


def test_a_person_is_told_what_differs(
    documents: Path, firm: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(firm / "clients/solmeria-logistica/logistica-2025.yaml", "hours: 30", "hours: 40")
    file = str(documents / "scope.pdf")
    assert main(["verify-document", file, str(firm), "--as-of", AS_OF]) == Exit.FINDINGS
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        f"{file}: stale: it is as it was made, but the catalogue says something else now"
    )
    whose = "agreement `logistica-2025` of client `solmeria-logistica`"
    assert lines[1] == f"  {whose}, written in `it`"
    assert lines[3].startswith("  in the document:   … ")
    assert lines[4].startswith("  in the catalogue:  … ")
    assert " 40 " in lines[4]


def test_a_file_that_cannot_be_read_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.docx"
    assert main(["verify-document", str(file), str(SHIPPED)]) == Exit.USAGE
    assert "cannot be opened: no such file" in capsys.readouterr().err
    file.write_bytes(b"PK\3\4 but no more")
    assert main(["verify-document", str(file), str(SHIPPED)]) == Exit.USAGE
    assert "cannot be read as a document: it is no whole document" in capsys.readouterr().err

    def lacking(_: bytes) -> None:
        raise LackingError("pdf")

    monkeypatch.setattr(pdf, "read", lacking)
    file.write_bytes(b"%PDF-1.7")
    assert main(["verify-document", str(file), str(SHIPPED)]) == Exit.USAGE
    assert "pip install 'billing-dsl[pdf]'" in capsys.readouterr().err


def test_a_folder_is_no_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify-document", str(tmp_path), str(SHIPPED)]) == Exit.USAGE
    assert "is a directory" in capsys.readouterr().err


def test_of_many_passages_a_person_is_shown_some(
    documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "scope.md"
    text = (documents / "scope.md").read_text(encoding="utf-8")
    file.write_text(text.replace("0,00 |", "1,00 |").replace(" ore", " giorni"), "utf-8")
    assert main(["verify-document", str(file), str(SHIPPED), "--as-of", AS_OF]) == Exit.FINDINGS
    lines = capsys.readouterr().out.splitlines()
    shown = [line for line in lines if line.startswith("  in the document:")]
    assert len(shown) == 20
    assert lines[-1].endswith("further passages: --format json shows all of them")
    file.write_text(text.replace("\n\n## ", " x" * 9000 + "\n\n## ", 1), "utf-8")
    code, said = verified(capsys, file, SHIPPED)
    assert (code, said["verdict"], said["changes"]) == (Exit.FINDINGS, "tampered", [])


# --- what a stranger tried ----------------------------------------------------------------------


def in_word(content: bytes, pattern: str, instead: str) -> bytes:
    """A Word document, one place of which is written otherwise."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text, count = re.subn(pattern, instead, parts["word/document.xml"].decode(), count=1)
    assert count == 1
    parts["word/document.xml"] = text.encode()
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return found.getvalue()


@pytest.mark.parametrize("form", ["md", "html", "docx"])
@pytest.mark.parametrize("changed", ["8 4,00", "8</>4,00"])
def test_digits_that_move_are_found_out(
    form: str, changed: str, documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (documents / f"scope.{form}").read_bytes()
    cell = {"md": " | ", "html": "</td><td>", "docx": "</w:t></w:r></w:p><w:p><w:r><w:t>"}[form]
    wrong = changed.replace("</>", cell)
    file = tmp_path / f"scope.{form}"
    if form == "docx":
        file.write_bytes(in_word(content, "84,00", wrong))
    else:
        file.write_bytes(content.replace(b"84,00", wrong.encode(), 1))
    code, said = verified(capsys, file, SHIPPED)
    assert (code, said["verdict"]) == (Exit.FINDINGS, "tampered")
    assert said["reason"] == "its text is not what it was when it was made"
    if form != "md":
        assert "84,00" in said["changes"][0]["catalogue"]


def test_digits_that_move_into_the_next_cell_are_found_out(
    documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (documents / "scope.docx").read_bytes()
    file = tmp_path / "scope.docx"
    file.write_bytes(
        in_word(content, r">(\w+)(</w:t>(?:(?!<w:t[ >]).)*<w:t[^>]*>)84,00", r">\g<1>8\g<2>4,00")
    )
    _, said = verified(capsys, file, SHIPPED)
    assert said["verdict"] == "tampered"
    assert said["changes"]


def test_a_clause_that_is_struck_out_is_told(
    documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (documents / "scope.docx").read_bytes()
    file = tmp_path / "scope.docx"
    struck = r"<w:r><w:rPr><w:strike/></w:rPr>\1"
    file.write_bytes(in_word(content, r"<w:r>(<w:t [^>]*>[^<]*84,00)", struck))
    code, said = verified(capsys, file, SHIPPED)
    assert (code, said["verdict"], said["changes"]) == (Exit.FINDINGS, "tampered", [])
    assert re.fullmatch(r"text in it is struck out or hidden: `.*84,00.*`", said["reason"])


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        ("<script>1</script>", "it holds a script, which no document of ours does"),
        ("<p hidden></p>", "it hides a place, which no document of ours does"),
        ("<style>td{color:#fff}</style>", "its style is not what it was when it was made"),
        ('<p class="x"></p>', "how it is set or sealed is not what it was when it was made"),
    ],
)
def test_what_a_page_brings_along_is_told(
    added: str,
    reason: str,
    documents: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "scope.html"
    text = (documents / "scope.html").read_text(encoding="utf-8")
    file.write_text(text.replace("</main>", f"{added}</main>"), encoding="utf-8")
    code, said = verified(capsys, file, SHIPPED)
    assert (code, said["verdict"], said["reason"]) == (Exit.FINDINGS, "tampered", reason)


# --- with templates of the user's own ------------------------------------------------------------

CLAUSE = """\
{% extends "ours/scope.html.j2" %}
{% block signatures %}
<p>Our own clause for <bdi>{{ client[0] }}</bdi>.</p>
{{ super() }}
{% endblock %}
"""
OWN = {
    "html": ("scope.html.j2", CLAUSE),
    "md": ("scope.md.j2", CLAUSE.replace(".html.", ".md.")),
    "docx": ("scope.html.j2", CLAUSE),
}


@pytest.mark.parametrize("form", OWN)
def test_a_document_in_the_user_s_own_words_is_known_again(
    form: str, firm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, text = OWN[form]
    template = firm / "templates/documents" / name
    template.parent.mkdir(parents=True)
    template.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    asked = ["compile", str(firm), "-o", str(out), "--as-of", AS_OF, "--quiet", "--forms", form]
    assert main(asked) == Exit.FINE
    file = out / "documents/solmeria-logistica/logistica-2025" / f"scope.{form}"
    assert verified(capsys, file, firm)[1]["verdict"] == "matches"
    if form == "docx":
        return
    assert "Our own clause for" in file.read_text(encoding="utf-8")
    edit(template, "Our own clause", "Our other clause")
    said = verified(capsys, file, firm)[1]
    assert said["verdict"] == "stale"
    assert "other" in " ".join(change["catalogue"] for change in said["changes"])
    edit(file, "Our own clause", "No clause")
    assert verified(capsys, file, firm)[1]["verdict"] == "tampered"


def test_a_style_of_the_user_s_own_is_known_again_and_another_is_stale(
    firm: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    style = firm / "templates/documents/page.css"
    style.parent.mkdir(parents=True)
    style.write_text("h1 { color: @primary@ }\n", encoding="utf-8")
    clause = CLAUSE.replace("<p>", '<p style="margin: 0">')
    (style.parent / "scope.html.j2").write_text(clause, encoding="utf-8")
    out = tmp_path / "out"
    asked = ["compile", str(firm), "-o", str(out), "--as-of", AS_OF, "--quiet", "--forms", "html"]
    assert main(asked) == Exit.FINE
    file = out / "documents/solmeria-logistica/logistica-2025/scope.html"
    assert verified(capsys, file, firm)[1]["verdict"] == "matches"
    style.write_text("h1 { color: @accent@ }\n", encoding="utf-8")
    said = verified(capsys, file, firm)[1]
    assert (said["verdict"], said["changes"]) == ("stale", [])
    assert said["reason"] == "it says what the catalogue says, but its style is not that of today"
