"""`compile` and the writing of its folder: all of it or nothing, whatever fails or is killed."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import pytest

from billing_dsl.cli import exchange, output
from billing_dsl.diagnostics import Fault, Finding, Span
from billing_dsl.targets import Artifact, Assembled, Everybody, Target, Teller, Views
from tests.unit.cli.running import AS_OF, ROOT, SMALL, Command, catalogue

Tree = dict[str, bytes]

OLD = (
    Artifact("a.txt", b"old a", "text"),
    Artifact("deep/er/b.txt", b"old b", "text"),
    Artifact("deep/same.txt", b"the same", "text"),
    Artifact("gone.txt", b"no longer", "text"),
)
NEW = (
    Artifact("a.txt", b"new a, and longer", "text"),
    Artifact("deep/er/b.txt", b"new b", "text"),
    Artifact("deep/same.txt", b"the same", "text"),
    Artifact("fresh/c.txt", b"new c", "text"),
)
posix = pytest.mark.skipif(sys.platform == "win32", reason="made of what POSIX has")


def tree(folder: Path) -> Tree:
    """Every file of a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def listing(files: Sequence[output.Listed]) -> Iterator[bytes]:
    """The manifest of these files."""
    return output.manifest(files, "hash", "commit", "1.0", AS_OF)


def listed(files: Sequence[output.Listed]) -> bytes:
    """The same as the file has it."""
    return b"".join(listing(files))


def laid(artifacts: tuple[Artifact, ...]) -> Callable[[output.Ground], output.Laid]:
    """Lays these files down."""
    return lambda ground: output.Laid(tuple(ground.lay(artifact) for artifact in artifacts))


def published(out: Path, artifacts: tuple[Artifact, ...], discard: bool = False) -> tuple[int, int]:
    """How many files were written, and how many kept."""
    done = output.publish(out, laid(artifacts), listing, discard)
    assert done.files == tuple(output.listed(artifact) for artifact in artifacts)
    return done.written, done.kept


def expected(artifacts: tuple[Artifact, ...]) -> Tree:
    """What the folder then holds."""
    found = {artifact.path: artifact.content for artifact in artifacts}
    return {**found, "manifest.json": listed([output.listed(each) for each in artifacts])}


# --- the command ---------------------------------------------------------------------------------


def test_compile_writes_what_the_manifest_lists(run: Command, clean: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = run("compile", clean, "-o", out, "--as-of", AS_OF)
    assert (ran.code, ran.err) == (0, "")
    assert "proved: 60 cells of 2 clients and 5 contracts" in ran.out
    files = tree(out)
    manifest = json.loads(files.pop("manifest.json"))
    assert (manifest["version"], manifest["as_of"]) == (1, AS_OF)
    listed = {file["path"]: (file["sha256"], file["bytes"]) for file in manifest["files"]}
    assert listed == {
        path: (hashlib.sha256(content).hexdigest(), len(content)) for path, content in files.items()
    }
    assert list(listed) == sorted(listed)
    assert {"autotask/requests.json", "autotask/checklist.md", "routing/routes.csv"} <= set(files)
    assert f"wrote {len(files)} files to {out}" in ran.out


def test_a_second_compile_changes_nothing(run: Command, clean: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("compile", clean, "-o", out, "--as-of", AS_OF)
    before = tree(out)
    ran = run("compile", clean, "-o", out, "--as-of", AS_OF)
    assert ran.code == 0
    count = len(before) - 1
    assert f"wrote {count} files to {out}, {count} of them unchanged" in ran.out
    assert tree(out) == before


def test_a_quiet_compile_says_nothing(run: Command, clean: Path, tmp_path: Path) -> None:
    ran = run("compile", clean, "-o", tmp_path / "out", "--quiet", "--as-of", AS_OF)
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_nothing_is_compiled_while_there_are_errors(
    run: Command, gap: Path, tmp_path: Path
) -> None:
    ran = run("compile", gap, "-o", tmp_path / "out", "--as-of", AS_OF)
    assert (ran.code, ran.out) == (1, "")
    assert "error[BD301]" in ran.err
    assert ran.err.endswith("nothing is compiled while there are errors\n")
    assert not (tmp_path / "out").exists()


def test_warnings_do_not_keep_a_catalogue_from_being_compiled(run: Command, tmp_path: Path) -> None:
    fixed = "milestones: [{title: The year, date: 2027-01-31, amount: 1200.00}]"
    text = SMALL["clients/globex.yaml"].replace(fixed, "category: Yearly")
    folder = catalogue(tmp_path / "in", {"clients/globex.yaml": text})
    ran = run("compile", folder, "-o", tmp_path / "out", "--as-of", AS_OF)
    assert ran.code == 0
    assert "1 warning" in ran.out


@pytest.mark.parametrize("settings", [None, "kind: [\n"])
def test_nothing_is_compiled_without_settings(
    run: Command, tmp_path: Path, settings: str | None
) -> None:
    folder = catalogue(tmp_path / "in", {"settings.yaml": settings})
    ran = run("compile", folder, "-o", tmp_path / "out", "--as-of", AS_OF)
    assert ran.code == 1
    assert not (tmp_path / "out").exists()


class Unsaid(Teller):
    """Says something of everybody, and of everybody or of all that something cannot be said."""

    def __init__(self, of: str) -> None:
        """Of whom something cannot be said."""
        self.of = of
        self.fault = Fault(
            "BD508", Finding(Span("roles.yaml", 3, 7, 3, 15), "`engineer` is not said")
        )

    def of_family(self, views: Views) -> Iterator[Artifact | Fault]:
        """A file, and that something cannot be said."""
        yield Artifact(f"{views[0].client.name}.txt", b"said", "text")
        if self.of == "a family":
            yield self.fault

    def of_all(self, everybody: Everybody) -> Iterator[Assembled | Fault]:
        """A file, and that something cannot be said."""
        yield Assembled("all.txt", (b"said",), "text")
        if self.of == "all":
            yield self.fault


@pytest.mark.parametrize("of", ["a family", "all"])
def test_nothing_is_compiled_while_a_target_cannot_express_something(
    run: Command, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: str
) -> None:
    unsaid = Target("unsaid", "", lambda _: Unsaid(of))
    monkeypatch.setattr("billing_dsl.telling.targets", lambda: (unsaid,))
    ran = run("compile", clean, "-o", tmp_path / "out", "--as-of", AS_OF)
    assert ran.code == 1
    assert "`engineer` is not said" in ran.err
    assert "nothing is compiled while something cannot be expressed" in ran.err
    assert not (tmp_path / "out").exists()
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("existing", ["file", "folder", "other manifest", "link"])
def test_a_folder_that_is_not_ours_is_never_overwritten(
    run: Command, clean: Path, tmp_path: Path, existing: str
) -> None:
    out = tmp_path / "out"
    match existing:
        case "file":
            out.write_text("mine")
        case "link":
            (tmp_path / "elsewhere").mkdir()
            out.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
        case _:
            out.mkdir()
            (out / "notes.txt").write_text("mine")
            if existing == "other manifest":
                (out / "manifest.json").write_text('{"tool": "webpack", "files": []}')
    before = tree(tmp_path)
    for more in ([], ["--discard-edits"]):
        ran = run("compile", clean, "-o", out, "--as-of", AS_OF, *more)
        assert ran.code == 2
        assert "Nothing was changed." in ran.err
        assert ("is a link: name the folder itself" in ran.err) == (existing == "link")
        assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "manifest", ["[]", "{", '{"tool": "billing_dsl"}', '{"tool": "billing_dsl", "files": [1]}']
)
def test_a_manifest_that_is_none_makes_no_folder_ours(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/manifest.json").write_text(manifest)
    with pytest.raises(click.ClickException, match="did not write"):
        published(tmp_path / "out", NEW)


def test_an_empty_folder_is_ours_to_fill(run: Command, clean: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert run("compile", clean, "-o", tmp_path / "out", "--as-of", AS_OF).code == 0
    assert (tmp_path / "out/manifest.json").is_file()


def test_folders_above_are_made(run: Command, clean: Path, tmp_path: Path) -> None:
    assert run("compile", clean, "-o", tmp_path / "a/b/out", "--as-of", AS_OF).code == 0


def _edit(out: Path) -> None:
    (out / "a.txt").write_bytes(b"edited")


def _add(out: Path) -> None:
    (out / "deep/mine.txt").write_bytes(b"mine")


@pytest.mark.parametrize("change", [_edit, _add])
def test_what_somebody_has_edited_is_not_lost(
    tmp_path: Path, change: Callable[[Path], None]
) -> None:
    out = tmp_path / "out"
    published(out, OLD)
    change(out)
    before = tree(out)
    with pytest.raises(click.ClickException, match="--discard-edits"):
        published(out, NEW)
    assert tree(out) == before
    published(out, NEW, discard=True)
    assert tree(out) == expected(NEW)


def test_many_edits_are_named_in_part(tmp_path: Path) -> None:
    published(tmp_path / "out", OLD)
    for number in range(8):
        (tmp_path / f"out/{number}.txt").write_text("mine")
    with pytest.raises(click.ClickException, match=r"0\.txt, 1\.txt, .*4\.txt and 3 more"):
        published(tmp_path / "out", NEW)


def test_a_file_that_somebody_has_removed_is_written_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    published(out, OLD)
    (out / "a.txt").unlink()
    (out / "deep/same.txt").unlink()
    assert published(out, NEW) == (4, 0)
    assert tree(out) == expected(NEW)


def test_an_edit_never_comes_through_an_unchanged_file(tmp_path: Path) -> None:
    out = tmp_path / "out"
    published(out, OLD)
    (out / "deep/same.txt").write_bytes(b"edited")
    published(out, NEW, discard=True)
    assert tree(out) == expected(NEW)


def test_a_folder_that_is_just_so_is_not_touched(tmp_path: Path) -> None:
    out = tmp_path / "out"
    published(out, OLD)
    for path in (*out.rglob("*"), out / "manifest.json"):  # looked at since, so that a look is none
        last = time.time_ns() if path.name == "manifest.json" else path.stat().st_mtime_ns
        os.utime(path, ns=(last + 10**9, last))
    before = {path: path.stat() for path in out.rglob("*")}
    assert published(out, OLD) == (0, 4)
    assert {path: path.stat() for path in out.rglob("*")} == before


def test_an_unchanged_file_is_not_written_again(tmp_path: Path) -> None:
    out = tmp_path / "out"
    published(out, OLD)
    before = (out / "deep/same.txt").stat()
    assert published(out, NEW) == (3, 1)
    after = (out / "deep/same.txt").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_changed_manifest_alone_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    published(out, OLD)
    done = output.publish(out, laid(OLD), lambda files: [*listing(files), b"\n"], False)
    assert (done.written, done.kept) == (0, 4)
    assert (out / "manifest.json").read_bytes() == expected(OLD)["manifest.json"] + b"\n"


@posix
def test_an_edit_that_hides_its_day_and_its_size_is_found(tmp_path: Path) -> None:
    out = tmp_path / "out"
    published(out, OLD)
    file = out / "deep/same.txt"
    state = file.stat()
    file.write_bytes(b"the sane")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    with pytest.raises(click.ClickException, match=r"deep/same\.txt"):
        published(out, NEW)


def test_untouched_files_are_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    published(out, OLD)
    later = time.time_ns() + 60_000_000_000
    os.utime(out / "manifest.json", ns=(later, later))  # as if it had been written a while after
    read: list[str] = []
    whole = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path.name)
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    assert published(out, OLD) == (0, 4)
    assert read == ["manifest.json"]


@posix
def test_a_link_that_somebody_has_added_is_not_lost(tmp_path: Path) -> None:
    out = tmp_path / "out"
    published(out, OLD)
    (tmp_path / "mine").mkdir()
    (out / "mine").symlink_to(tmp_path / "mine", target_is_directory=True)
    with pytest.raises(click.ClickException, match="edited mine"):
        published(out, NEW)


def test_the_new_folder_may_be_read_by_whom_others_may(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        published(tmp_path / "out", NEW)
        output.write_file(tmp_path / "page.md", b"text")
    finally:
        os.umask(mask)
    if os.name == "posix":
        assert (tmp_path / "out").stat().st_mode & 0o777 == 0o755
        assert (tmp_path / "page.md").stat().st_mode & 0o777 == 0o644


# --- the n-th step fails -------------------------------------------------------------------------


REMOVING = {"unlink", "rmdir"}
"""Steps that only clear up: where they fail, the next run does it."""


class Faults:
    """Lets the n-th step that touches the disk fail, counted over everything that is called."""

    def __init__(self, patch: pytest.MonkeyPatch, number: int) -> None:
        """Begins to count."""
        self.number = number
        self.seen = 0
        self.failed = ""
        for name in (
            "replace",
            "link",
            "chmod",
            "fsync",
            "rmdir",
            "mkdir",
            "unlink",
            "open",
            "utime",
            "scandir",
        ):
            patch.setattr(os, name, self.guarded(name, getattr(os, name)))
        for name in ("mkdtemp", "mkstemp"):
            patch.setattr(tempfile, name, self.guarded(name, getattr(tempfile, name)))
        patch.setattr(os, "write", self.torn(os.write))

    def fails(self, name: str) -> bool:
        """Whether this step is the one."""
        self.seen += 1
        if self.seen == self.number:
            self.failed = name
        return self.seen == self.number

    def guarded(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        """A step that may fail before it has done anything."""

        def called(*arguments: Any, **options: Any) -> Any:
            if self.fails(name):
                raise OSError(28, "No space left on device")
            return step(*arguments, **options)

        return called

    def torn(self, step: Callable[..., Any]) -> Callable[..., Any]:
        """A write that may fail in its middle."""

        def called(descriptor: int, content: bytes) -> Any:
            if self.fails("write"):
                step(descriptor, content[: len(content) // 2])
                raise OSError(28, "No space left on device")
            return step(descriptor, content)

        return called


def leftovers(folder: Path) -> list[str]:
    """What our unfinished work has left."""
    return [path.name for path in folder.iterdir() if path.name.startswith(output.PREFIX)]


@pytest.mark.parametrize("before", [OLD, None], ids=["over an old tree", "new"])
def test_whichever_step_fails_the_old_tree_or_the_new_is_there(
    tmp_path: Path, before: tuple[Artifact, ...] | None
) -> None:
    number = 0
    while True:
        number += 1
        out = tmp_path / str(number) / "out"
        out.parent.mkdir()
        if before is not None:
            published(out, before)
        with pytest.MonkeyPatch.context() as patch:
            faults = Faults(patch, number)
            try:
                published(out, NEW)
                refused = ""
            except click.ClickException as error:
                refused = error.message
            passed = faults.seen < number
        found = tree(out) if out.exists() else None
        old = None if before is None else expected(before)
        assert found == (old if refused else expected(NEW)), number
        assert not refused or "cannot be written: no space left on device" in refused
        if refused and faults.failed not in REMOVING:
            assert leftovers(out.parent) == [], number
        published(out, NEW)
        assert tree(out) == expected(NEW)
        assert leftovers(out.parent) == [], number
        if passed:
            break
    assert number > 10


def test_whichever_step_fails_a_file_is_the_old_or_the_new(tmp_path: Path) -> None:
    file = tmp_path / "below/page.md"
    output.write_file(file, b"old")
    number = 0
    while True:
        number += 1
        with pytest.MonkeyPatch.context() as patch:
            faults = Faults(patch, number)
            try:
                output.write_file(file, b"new and longer")
            except click.ClickException:
                assert file.read_bytes() == b"old"
            else:
                assert file.read_bytes() == b"new and longer"
            passed = faults.seen < number
        if faults.failed not in REMOVING:
            assert leftovers(file.parent) == []
        if passed:
            break
        file.write_bytes(b"old")
    assert number > 3


def test_an_interrupted_run_leaves_the_old_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path / "out", OLD)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(output, "_settle", interrupt)
        with pytest.raises(KeyboardInterrupt):
            published(tmp_path / "out", NEW)
    assert tree(tmp_path / "out") == expected(OLD)
    assert leftovers(tmp_path) == []


@posix
def test_a_full_disk_is_told_in_words(run: Command, clean: Path, tmp_path: Path) -> None:
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000));"
        "from billing_dsl.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-c", limited, "compile", str(clean), "-o", str(out), "--as-of", AS_OF],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "cannot be written: file too large. Nothing was changed." in done.stderr
    assert not out.exists()
    assert leftovers(tmp_path) == []


# --- killed, and side by side --------------------------------------------------------------------


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    published(tmp_path / "out", OLD)
    unfinished = tmp_path / f"{output.PREFIX}out-new-abc"
    unfinished.mkdir()
    (unfinished / "a.txt").write_text("half")
    other = tmp_path / f"{output.PREFIX}other-new-abc"
    other.mkdir()
    published(tmp_path / "out", NEW)
    assert tree(tmp_path / "out") == expected(NEW)
    assert leftovers(tmp_path) == [other.name]


def test_a_tree_that_a_killed_run_had_moved_aside_is_put_back(tmp_path: Path) -> None:
    out = tmp_path / "out"
    published(out, OLD)
    (out / "a.txt").write_text("edited")
    place = tmp_path / f"{output.PREFIX}out-new-abc"
    place.mkdir()
    out.rename(place / exchange.OUT)
    with pytest.raises(click.ClickException, match=r"a\.txt"):
        published(out, NEW)
    assert (out / "a.txt").read_text() == "edited"
    assert leftovers(tmp_path) == []


@posix
def test_two_runs_do_not_write_one_folder_at_once(tmp_path: Path) -> None:
    published(tmp_path / "out", OLD)
    with output._alone(tmp_path / "out"), pytest.raises(click.ClickException, match="another run"):
        published(tmp_path / "out", NEW)
    assert tree(tmp_path / "out") == expected(OLD)
    published(tmp_path / "out", NEW)


def test_folders_whose_names_are_patterns_are_left_alone(tmp_path: Path) -> None:
    other = tmp_path / f"{output.PREFIX}oxt-new-abc"
    other.mkdir()
    published(tmp_path / "o[x]t", NEW)
    published(tmp_path / "o*t", NEW)
    assert other.is_dir()
    assert tree(tmp_path / "o[x]t") == expected(NEW)


KILLED = """
import sys
from pathlib import Path
from billing_dsl.cli import output
from billing_dsl.targets import Artifact
out, letter = Path(sys.argv[1]), sys.argv[2].encode()
files = tuple(Artifact(f"{n % 7}/{n}.txt", letter * 3000, "text") for n in range(60))
def lay(ground):
    return output.Laid(tuple(ground.lay(file) for file in files))
print("ready", flush=True)
while True:
    output.publish(out, lay, lambda files: output.manifest(files, "", "", "", ""), False)
"""


def _killed(out: Path, letters: str, seconds: Iterator[float]) -> None:
    for letter in letters:
        running = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(out), letter],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
        )
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        time.sleep(next(seconds))
        running.send_signal(signal.SIGKILL)
        _, err = running.communicate(timeout=30)
        assert "Traceback" not in err


ENDED = """
import os, signal, sys
from billing_dsl.cli import main, output
publish = output.publish
def told_to_end(out, lay, manifest, discard):
    def laid(ground):
        found = lay(ground)
        os.kill(os.getpid(), signal.SIGTERM)
        return found
    return publish(out, laid, manifest, discard)
output.publish = told_to_end
sys.exit(main(["compile", sys.argv[1], "-o", sys.argv[2], "--quiet"]))
"""


@posix
def test_a_run_that_is_told_to_end_leaves_nothing_behind(clean: Path, tmp_path: Path) -> None:
    out = tmp_path / "here" / "out"
    out.parent.mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", ENDED, str(clean), str(out)],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (130, "\ninterrupted\n")
    assert list(out.parent.iterdir()) == []


@posix
@pytest.mark.slow
def test_a_killed_run_leaves_a_whole_tree_and_the_next_clears_up(tmp_path: Path) -> None:
    chance = random.Random(1)
    out = tmp_path / "out"
    for _ in range(12):
        _killed(out, "ab", iter(lambda: chance.uniform(0, 0.15), None))
        aside = [path for path in tmp_path.iterdir() if path.name.endswith("-old")]
        holding = out if out.exists() else aside[0] if aside else None
        if holding is not None and out.exists():
            files = tree(out)
            manifest = json.loads(files.pop("manifest.json"))
            assert {file["path"] for file in manifest["files"]} == set(files)
            assert len({content[:1] for content in files.values()}) == 1
    artifacts = (Artifact("0/0.txt", b"c", "text"),)
    published(out, artifacts)
    assert tree(out) == expected(artifacts)
    assert leftovers(tmp_path) == []


def test_nothing_is_compiled_while_there_are_findings_that_fail_it(
    run: Command, tmp_path: Path
) -> None:
    """A missing translation is a warning: whoever wants none has it keep everything back."""
    folder = catalogue(tmp_path / "catalogue")
    for path in folder.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        text = text.replace("kind: client\n", "kind: client\nlanguage: de\n")
        text = text.replace("kind: settings\n", "kind: settings\nlanguages: [en, de]\n")
        path.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    refused = run("compile", folder, "-o", out, "--fail-on", "warning", "--as-of", AS_OF)
    assert refused.code == 1
    assert "warning[BD530]" in refused.err
    assert "nothing is compiled while there are errors or warnings" in refused.err
    assert not out.exists()
    assert run("compile", folder, "-o", out, "--as-of", AS_OF).code == 0
    assert out.exists()
