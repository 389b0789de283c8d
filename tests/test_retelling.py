"""What is taken from an earlier compile never changes a byte, and what holds is not told again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_dsl.cli import Exit, main, telling
from billing_dsl.cli.passages import Share
from billing_dsl.cli.telling import OfFamilies
from billing_dsl.pipeline import Common
from billing_dsl.store import kept
from billing_dsl.targets import Views
from tests.oracle.simulator import Document
from tests.oracle.strategies import FIRST, Choices, clean_catalogue
from tests.oracle.writing import to_yaml
from tests.test_store_properties import DAMAGES, write
from tests.unit.cli.running import AS_OF, catalogue

SHIPPED = Path(__file__).parents[1] / "catalogue"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which results are kept."""
    folder = tmp_path / "kept"
    monkeypatch.setenv(kept.VARIABLE, str(folder))
    return folder


def compiled(folder: Path, out: Path, day: str = AS_OF, *more: str) -> int:
    """The exit code of a compile."""
    return main(["compile", str(folder), "-o", str(out), "--as-of", day, "--quiet", *more])


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def anew(folder: Path, day: str = AS_OF) -> dict[str, bytes]:
    """What a compile writes that knows nothing of an earlier one."""
    out = folder.parent / f"{folder.name}-anew"
    shutil.rmtree(out, ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(kept.VARIABLE, "off")
        compiled(folder, out, day)
    return tree(out)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The clients that are told of, as they are."""
    names: list[str] = []

    def noting(of: OfFamilies, common: Common, families: Iterator[Views]) -> Iterator[Share]:
        several = list(families)
        names.extend(view.client.name for views in several for view in views)
        return original(of, common, several)

    original = OfFamilies.__call__
    monkeypatch.setattr(telling.OfFamilies, "__call__", noting)
    return names


@pytest.fixture
def firm(tmp_path: Path, cache: Path) -> Path:
    """The shipped catalogue, to be edited."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "firm"))


@pytest.fixture
def small(tmp_path: Path, cache: Path) -> Path:
    """The small catalogue, for what does not depend on what is in it."""
    return catalogue(tmp_path / "small")


# --- whatever is edited --------------------------------------------------------------------------


def edited(documents: Sequence[Document], choices: Choices) -> list[Document]:
    """The documents after an edit that makes no error."""
    found = [dict(document) for document in documents]
    clients = [document["name"] for document in found if document["kind"] == "client"]
    chosen = choices.pick(clients)
    parents = {document.get("parent") for document in found}
    match choices.whole(0, 3):
        case 0 if len(clients) > 1 and chosen not in parents:
            return [each for each in found if chosen not in (each["name"], each.get("client"))]
        case 1:
            kind = choices.pick(("client", "agreement", "work_type", "role", "settings"))
            for document in found:
                if document["kind"] == kind:
                    document["title"] = f"{document.get('title', 'Old')} & Sons"
                    break
        case 2:
            for document in found:
                if document["name"] == chosen:
                    document["phone"] = f"+39 {choices.whole(100, 999)}"
        case _:
            pass
    return found


def histories(choices: Choices) -> list[dict[str, bytes]]:
    """The files of a catalogue through edits, back at an earlier state now and then."""
    found = []
    states = [clean_catalogue(choices)]
    for _ in range(choices.whole(2, 4)):
        found.append(to_yaml(choices.pick(states)))
        states.append(edited(states[-1], choices))
    return found


def written_over_and_over(history: Sequence[dict[str, bytes]], folder: Path) -> None:
    """An output folder is that of a compile which knows nothing of earlier ones, each time."""
    out = folder.parent / "out"
    expected: dict[tuple[tuple[str, bytes], ...], dict[str, bytes]] = {}
    for files in history:
        write(folder, files)
        before = tree(out)
        if compiled(folder, out, str(FIRST)) == Exit.FINE:
            state = tuple(files.items())
            if state not in expected:
                expected[state] = anew(folder, str(FIRST))
            assert tree(out) == expected[state]
        else:  # an edit that made an error after all
            assert tree(out) == before


@pytest.mark.parametrize("seed", range(8))
def test_an_output_folder_written_over_and_over_is_one_written_anew(
    seed: int, cache: Path, tmp_path: Path
) -> None:
    written_over_and_over(histories(Choices.seeded(seed)), tmp_path / "catalogue")


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.composite(lambda draw: histories(Choices.of(draw)))())
def test_any_output_folder_written_over_and_over_is_one_written_anew(
    cache: Path, tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    written_over_and_over(history, folder / "catalogue")
    shutil.rmtree(folder)  # while little of it is on the disk


# --- what holds is not told again ----------------------------------------------------------------


def append(path: Path, text: str) -> None:
    """More text at the end of a file."""
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_only_families_with_a_changed_file_are_told_of(firm: Path, told: list[str]) -> None:
    out = firm.parent / "out"
    compiled(firm, out)
    everybody = sorted(told)
    assert len(everybody) == len(list((firm / "clients").iterdir()))

    told.clear()
    compiled(firm, out)
    assert told == []

    append(next((firm / "clients/casa-olmo").glob("*.yaml")), "# seen\n")
    compiled(firm, out)
    assert told == ["casa-olmo"]
    assert tree(out) == anew(firm)

    told.clear()
    append(next((firm / "clients/solmeria-logistica").glob("*.yaml")), "# seen\n")
    compiled(firm, out)  # a subsidiary's parent is of its family
    assert told == ["solmeria-alimentari", "solmeria-logistica"]

    told.clear()
    append(firm / "roles/engineer.yaml", "# seen\n")
    compiled(firm, out)
    assert sorted(told) == everybody
    assert tree(out) == anew(firm)


def test_who_leaves_and_who_returns_changes_nothing_for_the_others(
    firm: Path, told: list[str], tmp_path: Path
) -> None:
    out = firm.parent / "out"
    compiled(firm, out)
    whole = tree(out)
    shutil.move(firm / "clients/lindenhof-apotheke", tmp_path / "aside")
    told.clear()
    compiled(firm, out)
    assert told == []
    assert not any("lindenhof-apotheke" in path for path in tree(out))
    assert tree(out) == anew(firm)
    shutil.move(tmp_path / "aside", firm / "clients/lindenhof-apotheke")
    told.clear()
    compiled(firm, out)
    assert told == ["lindenhof-apotheke"]
    assert tree(out) == whole


def test_another_day_tells_of_everybody(firm: Path, told: list[str]) -> None:
    out = firm.parent / "out"
    compiled(firm, out)
    everybody = sorted(told)
    told.clear()
    compiled(firm, out, "2027-03-01")
    assert sorted(told) == everybody
    assert tree(out) == anew(firm, "2027-03-01")


def test_another_folder_is_told_of_everybody(small: Path, told: list[str]) -> None:
    compiled(small, small.parent / "out")
    everybody = sorted(told)
    told.clear()
    compiled(small, small.parent / "other")
    assert sorted(told) == everybody
    assert tree(small.parent / "other") == tree(small.parent / "out")


def _nothing(_out: Path) -> None:
    pass


def _a_document(out: Path) -> None:
    append(next((out / "documents").glob("acme/*/*.md")), "mine")


def _a_shared_file(out: Path) -> None:
    append(out / "routing/routes.csv", "mine")


def _no_shared_file(out: Path) -> None:
    (out / "autotask/contracts.csv").unlink()


def _no_folder(out: Path) -> None:
    shutil.rmtree(out)


def _one_more(out: Path) -> None:
    (out / "mine.txt").write_text("mine")


@pytest.mark.parametrize(
    ("damage", "again"),
    [
        (_nothing, []),
        (_one_more, []),
        (_a_document, ["acme"]),
        (_a_shared_file, None),
        (_no_shared_file, None),
        (_no_folder, None),
    ],
)
def test_nothing_is_taken_from_a_file_that_is_not_as_it_was_left(
    small: Path, told: list[str], damage: Callable[[Path], None], again: list[str] | None
) -> None:
    out = small.parent / "out"
    compiled(small, out)
    whole, everybody = tree(out), sorted(told)
    damage(out)
    told.clear()
    assert compiled(small, out, AS_OF, "--discard-edits") == Exit.FINE
    assert sorted(told) == (everybody if again is None else again)
    assert tree(out) == whole


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_what_is_kept_damaged_is_not_kept(
    small: Path, cache: Path, told: list[str], damage: Callable[[bytes], bytes]
) -> None:
    out = small.parent / "out"
    compiled(small, out)
    whole, everybody = tree(out), sorted(told)
    [path] = cache.glob("*.told")
    path.write_bytes(damage(path.read_bytes()))
    told.clear()
    compiled(small, out)
    assert sorted(told) == everybody
    assert tree(out) == whole


def test_what_cannot_be_published_is_not_taken_for_published(
    small: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = small.parent / "out"
    compiled(small, out)
    before = tree(out)
    path = small / "clients/acme.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("name: Acme", "name: New Acme"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("billing_dsl.cli.exchange.write_down", full)
        assert compiled(small, out) == Exit.USAGE
    assert tree(out) == before
    compiled(small, out)
    assert tree(out) == anew(small) != before


def test_forms_that_are_not_asked_for_any_more_go(small: Path) -> None:
    out = small.parent / "out"
    assert compiled(small, out) == Exit.FINE
    assert {path.suffix for path in (out / "documents").rglob("scope.*")} == {".md", ".html"}
    assert compiled(small, out, AS_OF, "--forms", "MD") == Exit.FINE
    assert {path.suffix for path in (out / "documents").rglob("scope.*")} == {".md"}
    assert compiled(small, out, AS_OF, "--forms", "html,md") == Exit.FINE
    assert {path.suffix for path in (out / "documents").rglob("scope.*")} == {".md", ".html"}


def test_documents_have_the_logo_that_is_there_now(
    small: Path, tmp_path: Path, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out, picture = tmp_path / "out", small / "logo.svg"
    plain = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 1"><path d="M0 0h1"/></svg>'
    settings = small / "settings.yaml"
    settings.write_bytes(settings.read_bytes() + b"\nlogo: logo.svg\n")
    picture.write_bytes(plain)
    assert compiled(small, out) == Exit.FINE
    first = tree(out)
    assert first == anew(small)
    told.clear()
    assert compiled(small, out) == Exit.FINE
    assert told == []
    picture.write_bytes(plain.replace(b"h1", b"h2"))
    assert compiled(small, out) == Exit.FINE
    assert tree(out) == anew(small) != first
    second = tree(out)
    for content, why in ((b"GIF89a", "is no PNG, JPEG or SVG"), (None, "is not there")):
        picture.unlink()
        if content is not None:
            picture.write_bytes(content)
        capsys.readouterr()
        assert compiled(small, out) == Exit.FINDINGS
        said = capsys.readouterr().err
        assert "BD540" in said
        assert f"`logo.svg` cannot stand at the head of documents: it {why}" in said
        assert "settings.yaml:" in said
        assert tree(out) == second


def test_a_logo_is_looked_for_in_the_catalogue_alone(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = small / "settings.yaml"
    settings.write_bytes(settings.read_bytes() + b"\nlogo: logo.svg\n")
    out, picture = tmp_path / "out", small / "logo.svg"
    (tmp_path / "secret").write_bytes(b"<svg/>")
    for target, why in (
        (tmp_path / "secret", "leads out of the catalogue's folder"),
        (picture, "is a link that leads back to itself"),
    ):
        picture.unlink(missing_ok=True)
        picture.symlink_to(target)
        assert compiled(small, out) == Exit.FINDINGS
        assert f"documents: it {why}" in capsys.readouterr().err
    assert not out.exists()


def test_pdfs_are_made_beside_what_was_told_before(firm: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert compiled(firm, out, AS_OF, "--forms", "pdf,docx") == Exit.FINE
    before = tree(out)
    edited_one = firm / "clients" / "vigna-alta" / "client.yaml"
    edited_one.write_text(edited_one.read_text(encoding="utf-8").replace("Alta", "Alba"), "utf-8")
    assert compiled(firm, out, AS_OF, "--forms", "pdf,docx") == Exit.FINE
    after = tree(out)
    changed = {path for path in before if before[path] != after.get(path)}
    assert {path for path in changed if path.startswith("documents/")} == {
        f"documents/vigna-alta/vigna-alta-2026/scope.{form}" for form in ("docx", "pdf")
    }
