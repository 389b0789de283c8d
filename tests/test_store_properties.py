"""What is kept between runs never changes a result, whatever was edited, damaged or cut off."""

from __future__ import annotations

import json
import multiprocessing
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing_dsl.cli import checking
from billing_dsl.cli.checking import Outcome, Standing, outcome
from billing_dsl.store import kept
from tests.oracle.strategies import FIRST, Choices, any_catalogue, scenarios
from tests.oracle.writing import to_yaml
from tests.unit.cli.running import AS_OF, catalogue

DAY = date.fromisoformat(AS_OF)
in_one_folder = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which results are kept."""
    folder = tmp_path / "kept"
    monkeypatch.setenv(kept.VARIABLE, str(folder))
    return folder


def alike(with_store: Outcome, without: Outcome) -> None:
    """The two say the same: every diagnostic, every count, every page."""
    assert with_store.diagnostics == without.diagnostics
    assert with_store == without


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """The folder holds exactly these files."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


# --- edits ---------------------------------------------------------------------------------------


def edited(
    files: Mapping[str, bytes], other: Mapping[str, bytes], choices: Choices
) -> dict[str, bytes]:
    """The files after one edit, as somebody at work makes them."""
    found = dict(files)
    paths = sorted(found)
    if not paths:
        return dict(other)
    path = choices.pick(paths)
    match choices.whole(0, 7):
        case 0:
            found[path] += b"# seen again\n"
        case 1:
            del found[path]
        case 2:
            found[f"new/{choices.whole(0, 9)}.yaml"] = other[choices.pick(sorted(other))]
        case 3:
            found[path] = found[path][: len(found[path]) // 2] + b"{["
        case 4:
            found[f"moved/{path}"] = found.pop(path)
        case 5:
            found[path] = other[choices.pick(sorted(other))]
        case 6:
            found[path] = found[path].replace(b"2027", b"2028").replace(b"onsite", b"on-site")
        case _:
            found = dict(other)
    return found


def states(choices: Choices, steps: int) -> Iterator[Mapping[str, bytes]]:
    """The files through a sequence of edits, back to earlier states now and then."""
    documents = any_catalogue(choices)
    documents += scenarios(documents, choices)
    files = to_yaml(documents, choices)
    other = to_yaml(any_catalogue(choices), choices)
    before = [files]
    for _ in range(steps):
        yield files
        files = choices.pick(before) if choices.chance(20) else edited(files, other, choices)
        before.append(files)


def follow(folder: Path, choices: Choices, steps: int) -> Iterator[Mapping[str, bytes]]:
    """A folder in one of the states after the other."""
    for files in states(choices, steps):
        write(folder, files)
        yield files


@st.composite
def histories(
    draw: st.DrawFn, at_most: int = 3, days: Sequence[date] = (FIRST,)
) -> list[tuple[Mapping[str, bytes], date]]:
    """Two or more states of a folder, and on which day each is looked at.

    All of it is drawn at once: a draw in the middle of a test costs several times as much.
    """
    choices = Choices.of(draw)
    return [(files, choices.pick(days)) for files in states(choices, choices.whole(2, at_most))]


@in_one_folder
@given(history=histories(days=(FIRST, date(2027, 3, 1))))
def test_a_check_with_the_store_is_one_without(
    history: list[tuple[Mapping[str, bytes], date]],
    cache: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("catalogue")
    for files, day in history:
        write(folder, files)
        without = outcome(str(folder), day, use_store=False)
        alike(outcome(str(folder), day), without)
        alike(outcome(str(folder), day), without)


@pytest.mark.slow
def test_a_check_with_the_store_is_one_without_over_many_edits(cache: Path, tmp_path: Path) -> None:
    for seed in range(40):
        folder = tmp_path / f"catalogue-{seed}"
        folder.mkdir()
        for _ in follow(folder, Choices.seeded(seed), 12):
            alike(outcome(str(folder), FIRST), outcome(str(folder), FIRST, use_store=False))


# --- what is kept, damaged -----------------------------------------------------------------------


def _garbled(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def _signed(body: bytes) -> bytes:
    return kept.digest(body).encode() + b"\n" + body


def _of_another_tool(content: bytes) -> bytes:
    _, first, *rows = content.split(b"\n")
    other = json.dumps({**json.loads(first), "tool": "0", "key": "0"}).encode()
    return _signed(b"\n".join((other, *rows)))


DAMAGES: Mapping[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut off": lambda content: content[: len(content) // 2],
    "without its last byte": lambda content: content[:-1],
    "one bit wrong": _garbled,
    "not ours": lambda content: b"\xff\x00\n\n",
    "no JSON": lambda content: _signed(b"{"),
    "deep": lambda content: _signed(b"[" * 200_000),
    "another shape": lambda content: _signed(b"[]"),
    "of another tool": _of_another_tool,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_store_is_no_store(
    cache: Path, gap: Path, damage: Callable[[bytes], bytes]
) -> None:
    expected = outcome(str(gap), DAY)
    files = list(cache.iterdir())
    assert sorted(path.suffix for path in files) == [".result", ".state"]
    for chosen in ([".result"], [".state"], [".result", ".state"]):
        for path in files:
            if path.suffix in chosen:
                path.write_bytes(damage(path.read_bytes()))
        (gap / "clients/acme.yaml").write_bytes((gap / "clients/acme.yaml").read_bytes() + b"\n")
        found = outcome(str(gap), DAY)
        alike(found, outcome(str(gap), DAY, use_store=False))
        assert found.diagnostics == expected.diagnostics
        alike(outcome(str(gap), DAY), found)


@pytest.fixture
def gap(tmp_path: Path) -> Path:
    """The small catalogue with one gap."""
    from tests.unit.cli.running import GAP

    return catalogue(tmp_path / "gap", GAP)


def test_an_unchanged_catalogue_is_answered_without_reading_it_again(
    cache: Path, gap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = outcome(str(gap), DAY)

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(checking, "_worked_out", never)
    alike(outcome(str(gap), DAY), first)


def test_a_change_of_one_file_reads_one_file(
    cache: Path, gap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billing_dsl import pipeline

    outcome(str(gap), DAY)
    read: list[str] = []
    original = pipeline.read_file

    def counting(path: str, text: bytes) -> object:
        read.append(path)
        return original(path, text)

    monkeypatch.setattr("billing_dsl.store.hands.read_file", counting)
    path = gap / "clients/acme.yaml"
    path.write_bytes(path.read_bytes() + b"# seen\n")
    outcome(str(gap), DAY)
    assert read == ["clients/acme.yaml"]


@pytest.mark.parametrize("change", ["day", "house rules", "tool"])
def test_whatever_a_result_depends_on_is_asked_anew(
    cache: Path, gap: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    rule = gap / "rules/silent.py"
    rule.parent.mkdir()
    text = (
        "from billing_dsl.analysis.views import Declared\n"
        "from billing_dsl.diagnostics import Finding, Severity\n"
        "from billing_dsl.rules import rule\n"
        "@rule('NW001', Severity.ERROR)\n"
        "def silent(declared: Declared):\n"
        "    'Nothing.'\n"
        "    return [Finding(declared.shared.settings.at('title'), 'SAID')]\n"
    )
    rule.write_text(text.replace("SAID", "one"))
    outcome(str(gap), DAY, with_house_rules=True)
    if change == "day":
        found = outcome(str(gap), date(2030, 1, 1), with_house_rules=True)
        alike(found, outcome(str(gap), date(2030, 1, 1), True, use_store=False))
    elif change == "house rules":
        rule.write_text(text.replace("SAID", "two"))
        found = outcome(str(gap), DAY, with_house_rules=True)
        assert "two" in {one.message for one in found.diagnostics}
        assert "NW001" not in {one.code for one in outcome(str(gap), DAY).diagnostics}
    else:
        monkeypatch.setattr("billing_dsl.store.kept.tool", lambda: "another")
        monkeypatch.setattr("billing_dsl.store.state.tool", lambda: "another")
        asked: list[str] = []
        original = checking._worked_out

        def counting(*more: Any) -> Standing:
            asked.append("asked")
            return original(*more)

        monkeypatch.setattr(checking, "_worked_out", counting)
        outcome(str(gap), DAY, with_house_rules=True)
        assert asked == ["asked"]


def test_files_that_cannot_be_read_are_told_warm_as_cold(cache: Path, gap: Path) -> None:
    (gap / "folder").mkdir()
    paths = [gap / "folder/0.yaml", gap / "folder/1.yaml"]
    for path in paths:
        path.symlink_to("/dev/null")
        for _ in range(2):
            alike(outcome(str(gap), DAY), outcome(str(gap), DAY, use_store=False))
    paths[0].unlink()
    alike(outcome(str(gap), DAY), outcome(str(gap), DAY, use_store=False))


# --- where nothing can be kept -------------------------------------------------------------------


def test_off_keeps_nothing(gap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home/cache"))
    monkeypatch.setenv(kept.VARIABLE, "off")
    assert kept.folder() is None
    outcome(str(gap), DAY)
    assert not (tmp_path / "home").exists()
    monkeypatch.delenv(kept.VARIABLE)
    outcome(str(gap), DAY, use_store=False)
    assert not (tmp_path / "home").exists()
    outcome(str(gap), DAY)
    assert len(list((tmp_path / "home/cache/billing-dsl").iterdir())) == 2


def test_where_nothing_can_be_written_nothing_is_kept(
    cache: Path, gap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = outcome(str(gap), DAY, use_store=False)

    def full(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    cache.mkdir()
    cache.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with monkeypatch.context() as patch:
        patch.setattr("billing_dsl.store.kept.tempfile.mkstemp", full)
        alike(outcome(str(gap), DAY), expected)
    cache.chmod(stat.S_IRWXU)
    with monkeypatch.context() as patch:
        patch.setattr("billing_dsl.store.kept.os.replace", full)
        alike(outcome(str(gap), DAY), expected)
    assert list(cache.iterdir()) == []


def test_a_file_in_place_of_the_folder_keeps_nothing(
    gap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("mine")
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "file"))
    alike(outcome(str(gap), DAY), outcome(str(gap), DAY, use_store=False))
    assert (tmp_path / "file").read_text() == "mine"


# --- side by side --------------------------------------------------------------------------------


def _checked(folder: str) -> list[str]:
    return [repr(found) for found in outcome(folder, DAY).diagnostics]


def test_two_runs_at_once_say_what_each_alone_would(cache: Path, gap: Path) -> None:
    expected = _checked(str(gap))
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            for path in cache.iterdir():
                path.unlink()
            assert list(pool.map(_checked, [str(gap)] * 4)) == [expected] * 4
    assert sorted(path.suffix for path in cache.iterdir()) == [".result", ".state"]


@pytest.mark.slow
def test_two_processes_at_once_say_what_each_alone_would(cache: Path, gap: Path) -> None:
    expected = _checked(str(gap))
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        for number in range(10):
            path = gap / "clients/acme.yaml"
            path.write_bytes(path.read_bytes() + b"# seen %d\n" % number)
            assert pool.map(_checked, [str(gap)] * 8) == [expected] * 8


# --- several processes ---------------------------------------------------------------------------

copying = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="processes are not copied there"
)


@pytest.fixture(
    params=[pytest.param(True, marks=copying, id="copied"), pytest.param(False, id="anew")]
)
def several(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several processes from four files on, however many processors there are.

    They begin as copies of this one, and anew.
    """
    monkeypatch.setattr("billing_dsl.cli.workers.copies", lambda: request.param)
    monkeypatch.setattr("billing_dsl.cli.workers.MANY", 4)
    monkeypatch.setattr("billing_dsl.cli.workers.workers", lambda: 2)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))


def side_by_side(folder: Path, choices: Choices, steps: int, patch: pytest.MonkeyPatch) -> None:
    """Edits checked by several processes, with the store and without, and by this one alone."""
    for _ in follow(folder, choices, steps):
        found = [outcome(str(folder), FIRST), outcome(str(folder), FIRST, use_store=False)]
        with patch.context() as alone:
            alone.setattr("billing_dsl.cli.workers.MANY", 10**9)
            expected = outcome(str(folder), FIRST, use_store=False)
        for one in found:
            alike(one, expected)


@pytest.mark.usefixtures("several")
def test_several_processes_say_what_one_would(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "catalogue").mkdir()
    side_by_side(tmp_path / "catalogue", Choices.seeded(3), 2, monkeypatch)


@pytest.mark.slow
@pytest.mark.usefixtures("several")
def test_several_processes_say_what_one_would_over_many_edits(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(10, 20):
        (tmp_path / str(seed)).mkdir()
        side_by_side(tmp_path / str(seed), Choices.seeded(seed), 4, monkeypatch)


def test_an_outcome_is_more_than_its_diagnostics(gap: Path) -> None:
    found = outcome(str(gap), DAY)
    with pytest.raises(AssertionError):
        alike(found, replace(found, cells=0))
