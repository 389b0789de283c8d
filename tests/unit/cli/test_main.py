"""How a run ends whatever happens: interrupted, cut off, stumbling over a fault of the tool."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from billing_dsl import __version__, cli
from tests.unit.cli.running import AS_OF, ROOT, Command, process


@pytest.mark.parametrize(
    "stage",
    [
        "billing_dsl.store.hands.read_file",
        "billing_dsl.cli.checking.read_folder",
        "billing_dsl.verdict.verdict",
    ],
)
@pytest.mark.parametrize("command", ["check", "compile"])
def test_an_interrupted_run_ends_with_130(
    run: Command,
    clean: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    command: str,
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(stage, interrupt)
    more = ["-o", str(tmp_path / "out")] if command == "compile" else []
    ran = run(command, clean, *more)
    assert (ran.code, ran.out, ran.err.strip()) == (130, "", "interrupted")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean"]


def test_a_fault_of_the_tool_is_told_as_such_and_its_details_are_kept(
    run: Command, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr("billing_dsl.verdict.verdict", stumble)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ran = run("check", clean)
    assert (ran.code, ran.out) == (70, "")
    assert "fault of billing-dsl, not yours: ZeroDivisionError" in ran.err
    assert "Traceback" not in ran.err
    (report,) = tmp_path.glob("billing-dsl-fault-*.txt")
    assert str(report) in ran.err
    text = report.read_text()
    assert __version__ in text
    assert "Traceback" in text
    assert "by design" in text


def test_a_fault_that_cannot_be_written_down_is_told_all_the_same(
    run: Command, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("billing_dsl.verdict.verdict", stumble)
    monkeypatch.setattr("tempfile.NamedTemporaryFile", full)
    ran = run("check", clean)
    assert ran.code == 70
    assert "ZeroDivisionError" in ran.err
    assert "Traceback" not in ran.err


def test_memory_that_runs_out_is_no_traceback(
    run: Command, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("billing_dsl.verdict.verdict", exhausted)
    assert run("check", clean).code == 70


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
@pytest.mark.parametrize("arguments", [["explain"], ["schema", "show", "agreement"], ["--help"]])
def test_a_reader_who_has_gone_is_no_trouble(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "billing_dsl", *arguments],
        stdout=writing,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise there")
def test_findings_count_though_nobody_reads_them_to_the_end(gap: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "billing_dsl", "check", str(gap), "--as-of", AS_OF],
        stdout=writing,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device there")
@pytest.mark.parametrize("arguments", [["explain"], ["--help"], ["check", "FOLDER"]])
def test_a_full_disk_is_no_fault_of_the_tool(clean: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "billing_dsl"]
            + [str(clean) if word == "FOLDER" else word for word in arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    said = b"no more can be printed: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, said)


def test_no_room_for_what_is_printed_is_told_once(
    run: Command, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    gone: list[str] = []
    monkeypatch.setattr(cli, "unread", lambda: gone.append("gone"))
    monkeypatch.setattr("billing_dsl.verdict.verdict", full)
    ran = run("check", clean)
    assert (ran.code, ran.out, gone) == (2, "", ["gone"])
    assert ran.err == "no more can be printed: No space left on device\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device there")
def test_the_exit_code_says_it_where_nothing_can_be_said(clean: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "billing_dsl", "show", "role", "nobody", str(clean)],
            stdout=full,
            stderr=full,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    assert done.returncode == 2


def test_another_refusal_of_the_system_is_a_fault(
    run: Command, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("billing_dsl.verdict.verdict", refuse)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run("check", clean).code == 70


@pytest.mark.parametrize(
    ("encoding", "line"),
    [("utf-8", "●          ·      ·"), ("cp1252", "*          ·      ·"), ("cp437", None)],
)
def test_a_table_stays_one_in_any_encoding(clean: Path, encoding: str, line: str | None) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "billing_dsl", "show", "tier", "silver", str(clean)],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    shown = done.stdout.decode(encoding)
    assert "\\u" not in shown
    assert line is None or line in shown


def test_only_what_is_printed_has_stand_ins(run: Command) -> None:
    run("--version")
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("utf-8", cli.SHOWN)


def test_what_no_encoding_has_is_escaped(clean: Path) -> None:
    path = clean / "clients/acme.yaml"
    path.write_text(path.read_text().replace("Acme S.r.l.", "Acme 技"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "billing_dsl", "show", "client", "acme", str(clean)],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"},
        check=False,
    )
    assert b"Acme \\u6280" in done.stdout


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="interrupted otherwise there")
def test_a_process_that_is_interrupted_ends_with_130(clean: Path) -> None:
    text = (
        "import time, billing_dsl.cli.checking as c\n"
        "c.read_folder = lambda _: (print('ready', flush=True), time.sleep(60))\n"
        "import sys; from billing_dsl.cli import main; sys.exit(main(['check', sys.argv[1]]))\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", text, str(clean)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    time.sleep(0.2)
    running.send_signal(2)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err.strip()) == (130, "", "interrupted")


# --- what the command itself says ----------------------------------------------------------------


def test_help_lists_every_command(run: Command) -> None:
    ran = run("--help")
    assert ran.code == 0
    for name, (_, line) in cli.COMMANDS.items():
        assert re.search(rf"^  {name}\s+{re.escape(line)}", ran.out, re.MULTILINE)
    assert run("-h").out == ran.out


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_has_help(run: Command, name: str) -> None:
    ran = run(name, "--help")
    assert ran.code == 0
    assert f"Usage: billing-dsl {name}" in ran.out


def test_the_version_is_told(run: Command) -> None:
    assert run("--version").out == f"billing-dsl {__version__}\n"


def test_no_command_at_all_is_answered_with_help(run: Command) -> None:
    ran = run()
    assert ran.code == 2
    assert "Usage: billing-dsl" in ran.out


def test_an_unknown_command_is_told_the_nearest(run: Command) -> None:
    ran = run("chekc")
    assert ran.code == 2
    assert "there is no command `chekc`. Did you mean `check`?" in ran.err
    assert "Did you mean" not in run("frobnicate").err


def test_the_module_is_the_command(clean: Path) -> None:
    ran = process("check", str(clean), "--as-of", AS_OF)
    assert (ran.code, ran.err) == (0, "")
    assert process("check", "nowhere").code == 2


def test_the_process_own_arguments_are_taken_where_none_are_given(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["billing-dsl", "--version"])
    assert cli.main() == 0
    assert capsys.readouterr().out == f"billing-dsl {__version__}\n"


def test_the_garbage_collector_is_left_as_it_was(run: Command) -> None:
    import gc

    assert gc.isenabled()
    run("--version")
    assert gc.isenabled()
    gc.disable()
    try:
        run("--version")
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_closed_standard_output_is_no_traceback(clean: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.stdout = None; from billing_dsl.cli import main; sys.exit(main())",
            *("check", str(clean), "--as-of", AS_OF),
        ],
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
