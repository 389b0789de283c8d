"""The guards of the test suite itself: they must bite."""

from __future__ import annotations

import importlib.util
import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import NetworkUsed
from tests.goldens import HINT, Golden

COMPARE = Golden(update=False)
UPDATE = Golden(update=True)


def failure(expected: Path, actual: str | bytes) -> str:
    with pytest.raises(pytest.fail.Exception) as caught:
        COMPARE(expected, actual)
    return str(caught.value)


def test_an_equal_output_passes(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_bytes(b"one\ntwo\n")
    COMPARE(tmp_path / "page.md", "one\ntwo\n")


def test_a_difference_is_shown_with_how_to_update(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_bytes(b"one\ntwo\n")
    shown = failure(tmp_path / "page.md", "one\n2\n")
    assert "-two\n+2" in shown
    assert shown.endswith(HINT)


@pytest.mark.parametrize("given", ["one\r\n", "one", b"\xff\n"])
def test_a_difference_that_cannot_be_seen_is_made_visible(
    tmp_path: Path, given: str | bytes
) -> None:
    (tmp_path / "page.md").write_bytes(b"one\n")
    assert any(mark in failure(tmp_path / "page.md", given) for mark in ("\\r", "\\ no", "\\xff"))


def test_a_missing_expectation_is_a_difference(tmp_path: Path) -> None:
    assert "no such file" in failure(tmp_path / "page.md", "")


def test_update_writes_the_exact_bytes(tmp_path: Path) -> None:
    UPDATE(tmp_path / "deep" / "import.csv", "a;b\r\n")
    assert (tmp_path / "deep" / "import.csv").read_bytes() == b"a;b\r\n"


def test_a_folder_holds_these_files_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes(b"")
    with pytest.raises(pytest.fail.Exception, match=r"old\.txt is expected, but was not given"):
        COMPARE.folder(tmp_path, {})
    UPDATE.folder(tmp_path, {"a/new.txt": "new"})
    assert not (tmp_path / "old.txt").exists()
    COMPARE.folder(tmp_path, {"a/new.txt": b"new"})


def test_another_machine_is_out_of_reach() -> None:
    with socket.socket() as tcp, pytest.raises(NetworkUsed):
        tcp.connect(("192.0.2.1", 80))
    with socket.socket() as tcp, pytest.raises(NetworkUsed):
        tcp.connect_ex(("192.0.2.1", 80))
    with socket.socket(type=socket.SOCK_DGRAM) as udp, pytest.raises(NetworkUsed):
        udp.sendto(b"", 0, ("192.0.2.1", 53))


def test_names_of_other_machines_are_not_looked_up() -> None:
    with pytest.raises(NetworkUsed):
        socket.create_connection(("registry.example", 443))


def test_this_machine_is_within_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
        socket.create_connection(("localhost", server.getsockname()[1])).close()


def drawn() -> list[list[str]]:
    """What a property meets, in its order."""
    met: list[list[str]] = []

    @given(st.lists(st.text(), min_size=50))
    def meets(texts: list[str]) -> None:
        met.append(texts)

    meets()
    return met


@pytest.mark.skipif(not settings().derandomize, reason="examples are others each time")
def test_a_property_draws_the_same_beside_other_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = drawn()
    (tmp_path / "neighbour.py").write_text(f"WORDS = {[f'word {n}' for n in range(500)]!r}\n")
    found = importlib.util.spec_from_file_location("neighbour", tmp_path / "neighbour.py")
    assert found is not None
    monkeypatch.setitem(sys.modules, "neighbour", importlib.util.module_from_spec(found))
    assert drawn() == alone
    assert sum(map(len, alone)) > 1_000  # enough for a word of the neighbour to turn up
