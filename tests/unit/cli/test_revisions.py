"""A catalogue at a revision is what a checkout of it would be, and nothing of a repository runs."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.cli import edge, git, revisions
from billing_dsl.cli.checking import standing_of
from billing_dsl.cli.edge import read_folder
from billing_dsl.cli.revisions import side, sides
from tests.oracle.simulator import Document
from tests.oracle.strategies import Choices, catalogues
from tests.oracle.writing import to_yaml

TODAY = date(2027, 1, 15)
AUTHOR = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@b",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@b",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def run(folder: Path, *arguments: str, given: bytes = b"") -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        check=True,
        capture_output=True,
        input=given,
        env={**os.environ, **AUTHOR},
    )
    return done.stdout.decode().strip()


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which somebody stands; its catalogue has two commits, and one on a branch."""
    monkeypatch.chdir(tmp_path)
    run(tmp_path, "init", "-q", "-b", "main")
    write(tmp_path, {"catalogue/a.yaml": b"a: 1\n", "catalogue/b/c.yml": b"c: 1\n"})
    commit(tmp_path, "first")
    run(tmp_path, "branch", "topic")
    write(tmp_path, {"catalogue/a.yaml": b"a: 2\n"})
    commit(tmp_path, "second")
    run(tmp_path, "switch", "-q", "topic")
    write(tmp_path, {"catalogue/b/c.yml": b"c: 3\n"})
    commit(tmp_path, "third")
    return tmp_path


def commit(folder: Path, message: str) -> str:
    run(folder, "add", "-A")
    run(folder, "commit", "-q", "--allow-empty", "-m", message)
    return run(folder, "rev-parse", "HEAD")


def a(texts: Mapping[str, bytes]) -> tuple[bytes, bytes]:
    return texts["a.yaml"], texts["b/c.yml"]


# --- what is meant -------------------------------------------------------------------------------


def test_a_branch_a_tag_a_commit_and_the_one_before(repository: Path) -> None:
    run(repository, "tag", "-a", "-m", "signed", "v1", "main")
    main = run(repository, "rev-parse", "main")
    for name in ("main", "v1", main, main[:10], "refs/heads/main"):
        found = side(name, "catalogue")
        assert (found.commit, a(found.folder.texts)) == (main, (b"a: 2\n", b"c: 1\n"))
    assert a(side("HEAD~1", "catalogue").folder.texts) == (b"a: 1\n", b"c: 1\n")
    assert side("main", "catalogue").folder.directory == "main:catalogue"


def test_without_head_the_working_folder_comes_after(repository: Path) -> None:
    write(repository, {"catalogue/new.yaml": b"n: 1\n"})
    before, after = sides("main", None, None)
    assert a(before.folder.texts) == (b"a: 2\n", b"c: 1\n")
    assert after.folder.texts["new.yaml"] == b"n: 1\n"
    assert after.commit.endswith("+changes")


def test_three_dots_begin_where_both_parted(repository: Path) -> None:
    before, after = sides("main...topic", None, None)
    assert a(before.folder.texts) == (b"a: 1\n", b"c: 1\n")
    assert a(after.folder.texts) == (b"a: 1\n", b"c: 3\n")
    before, after = sides("main...", None, None)
    assert before.commit == run(repository, "rev-parse", "HEAD~1")
    assert after.name == "catalogue"


def test_a_folder_beside_three_dots_is_where_the_catalogue_lies(repository: Path) -> None:
    write(repository, {"catalogue/new.yaml": b"n: 1\n"})
    before, after = sides("main...topic", "catalogue", None)
    assert a(before.folder.texts) == (b"a: 1\n", b"c: 1\n")
    assert a(after.folder.texts) == (b"a: 1\n", b"c: 3\n")
    assert after.name == "topic"
    assert sides("main...", "catalogue", None)[1].commit.endswith("+changes")
    assert sides("catalogue", "catalogue", None)[1].commit.endswith("+changes")


def test_folders_are_compared_without_any_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"one/a.yaml": b"a: 1\n", "two/a.yaml": b"a: 2\n"})
    before, after = sides("one", "two", None)
    assert (before.commit, after.commit) == ("", "")
    assert (before.folder.texts, after.folder.texts) == (
        {"a.yaml": b"a: 1\n"},
        {"a.yaml": b"a: 2\n"},
    )


def test_a_folder_that_is_elsewhere_or_gone_is_found_at_a_revision(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(repository, "rm", "-rq", "catalogue")
    assert not (repository / "catalogue").exists()
    assert a(side("main", "catalogue").folder.texts) == (b"a: 2\n", b"c: 1\n")
    (repository / "below").mkdir()
    monkeypatch.chdir(repository / "below")
    assert a(side("main", "../catalogue").folder.texts) == (b"a: 2\n", b"c: 1\n")
    assert a(side("main", str(repository / "catalogue")).folder.texts) == (b"a: 2\n", b"c: 1\n")


def test_the_whole_repository_may_be_the_catalogue(repository: Path) -> None:
    assert sorted(side("main", ".").folder.texts) == ["catalogue/a.yaml", "catalogue/b/c.yml"]


# --- what is refused -----------------------------------------------------------------------------


def refused(*arguments: str | None) -> str:
    base, head, directory = (*arguments, None, None)[:3]
    with pytest.raises(click.UsageError) as caught:
        sides(base or "", head, directory)
    return caught.value.message


def test_what_no_revision_is(repository: Path) -> None:
    assert "`nowhere` is neither a folder nor a revision" in refused("nowhere")
    assert "neither a folder nor a revision" in refused("--help")
    assert "neither a folder nor a revision" in refused("main:catalogue")
    assert "A...B" in refused("main..topic")
    assert "neither" in refused("a\x1b[31m\nb")
    assert "\x1b" not in refused("a\x1b[31m\nb")
    assert "neither" in refused("a\0b")
    assert "neither" in refused("../nowhere")
    assert "no folder `elsewhere`" in refused("main", None, "elsewhere")
    assert "a file of that name" in refused("main", None, "catalogue/a.yaml")


def test_a_name_that_means_both_is_refused(repository: Path) -> None:
    write(repository, {"main/a.yaml": b"a: 9\n"})
    assert "`main/` for the folder, or `main^0` for the revision" in refused("main")
    assert side("main/", "catalogue").folder.texts == {"a.yaml": b"a: 9\n"}
    assert side("main^0", "catalogue").folder.texts["a.yaml"] == b"a: 2\n"


def test_outside_any_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert "lies in no git repository" in refused("main")


def test_a_bare_repository(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(repository, "clone", "-q", "--bare", ".", "bare.git")
    monkeypatch.chdir(repository / "bare.git")
    assert "is a bare one" in refused("main")


def test_a_shallow_clone(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(repository, "clone", "-q", "--depth", "1", f"file://{repository}", "shallow")
    monkeypatch.chdir(repository / "shallow")
    assert side("HEAD", "catalogue").folder.texts
    assert "This clone is shallow" in refused("HEAD~1")
    assert "fetch-depth: 0" in refused("HEAD...HEAD")


def test_histories_that_have_nothing_in_common(repository: Path) -> None:
    run(repository, "switch", "-q", "--orphan", "other")
    commit(repository, "alone")
    assert "no commit in common" in refused("main...other")


def test_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "git cannot be run" in refused("main")


def test_whoever_waits_too_long_is_told(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "TIMEOUT", 0.0)
    assert "did not answer" in refused("main") or "neither" in refused("main")


def test_a_git_that_goes_on_for_too_long_is_ended(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "TIMEOUT", 0.01)
    with git.contents(str(repository)) as contents:
        time.sleep(0.3)
        with pytest.raises(git.UnansweredError, match="did not answer"):
            contents.of("0" * 40, 10)


def test_what_git_does_not_have_or_know(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = str(repository)
    with (
        git.contents(here) as contents,
        pytest.raises(git.UnansweredError, match="0000 is not there"),
    ):
        contents.of("0" * 40, 10)
    with pytest.raises(git.UnansweredError, match="not a tree"):
        git.listed(here, "HEAD:catalogue/a.yaml")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(git.UnansweredError, match="cannot be run"), git.contents(here):
        pass


def test_what_was_never_fetched_is_not_fetched_now(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(repository, "config", "uploadpack.allowFilter", "true")
    run(
        repository,
        *("clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{repository}", "partial"),
    )
    monkeypatch.chdir(repository / "partial")
    mark = repository / "ran"
    run(Path.cwd(), "config", "remote.origin.url", f"ext::touch {mark}")
    run(Path.cwd(), "config", "protocol.ext.allow", "always")
    assert "cannot be read" in refused("origin/main")
    assert not mark.exists()


# --- what is read --------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="links and names of other systems")
def test_links_and_submodules_are_findings(repository: Path) -> None:
    catalogue = repository / "catalogue"
    (catalogue / "link.yaml").symlink_to("a.yaml")
    (catalogue / "folder").symlink_to("b")
    (catalogue / "README").symlink_to("../README")
    (catalogue / ".hidden.yaml").symlink_to("a.yaml")
    run(repository, "add", "-A")
    this = run(repository, "rev-parse", "HEAD")
    run(repository, "update-index", "--add", "--cacheinfo", f"160000,{this},catalogue/module")
    run(repository, "commit", "-q", "-m", "links")
    found = side("HEAD", "catalogue").folder
    assert sorted(found.texts) == ["a.yaml", "b/c.yml"]
    told = {finding.place.path: finding.message for _, finding in found.unreadable}
    assert sorted(told) == ["folder", "link.yaml", "module"]
    assert "no link is followed" in told["link.yaml"]
    assert "submodule" in told["module"]
    assert {code for code, _ in found.unreadable} == {"BD020"}


def test_files_and_catalogues_that_are_too_large_read_as_in_a_folder(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "LARGEST_FILE", 100)
    monkeypatch.setattr(edge, "LARGEST_FILE", 100)
    monkeypatch.setattr(edge, "LARGEST_CATALOGUE", 300)
    files = {f"catalogue/{n}.yaml": b"x" * (90 + 20 * n) for n in range(4)}
    write(repository, {**files, "catalogue/0.txt": b"y" * 5_000_000})
    commit(repository, "large")
    there = side("HEAD", "catalogue").folder
    here = read_folder("catalogue")
    assert (there.texts, there.unreadable) == (here.texts, here.unreadable)
    assert there.unreadable
    assert len(there.texts["1.yaml"]) == 101


def test_a_tree_that_lists_itself_for_ever_is_given_up(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "LONGEST", 1000)
    blob = run(repository, "hash-object", "-w", "--stdin", given=b"a: 1\n")
    tree = run(repository, "mktree", given=f"100644 blob {blob}\ta.yaml\n".encode())
    for _ in range(8):
        rows = "".join(f"040000 tree {tree}\t{n}\n" for n in range(9))
        tree = run(repository, "mktree", given=rows.encode())
    run(repository, "tag", "bomb", run(repository, "commit-tree", "-m", "b", tree))
    assert "its names alone are larger" in refused("bomb", None, ".")


def test_nothing_of_the_repository_runs(repository: Path) -> None:
    mark = repository / "ran"
    program = repository / "program"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\n")
    program.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "diff.external"):
        run(repository, "config", name, str(program))
    run(repository, "config", "alias.rev-parse", f"!{program}")
    run(repository, "config", "filter.own.smudge", str(program))
    write(repository, {"catalogue/.gitattributes": b"*.yaml filter=own\n"})
    before, after = sides("main", "topic", "catalogue")
    assert before.folder.texts
    assert after.folder.texts
    sides("main", None, "catalogue")
    assert not mark.exists()


def test_nothing_is_written(repository: Path) -> None:
    def state() -> list[tuple[str, int]]:
        return sorted((str(p), p.stat().st_mtime_ns) for p in repository.rglob("*") if p.is_file())

    before = state()
    sides("main...topic", None, "catalogue")
    sides("main", None, "catalogue")
    assert state() == before


# --- the same as a checkout ----------------------------------------------------------------------


@given(documents=catalogues(), random=st.randoms(use_true_random=False))
def test_check_of_a_revision_is_check_of_a_checkout(
    documents: list[Document], random: Random, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("repository")
    run(folder, "init", "-q", "-b", "main")
    run(folder, "config", "core.autocrlf", "false")
    choices = Choices(random.randint)
    write(folder / "catalogue", to_yaml(documents, choices))
    commit(folder, "all")
    there = side("HEAD", str(folder / "catalogue")).folder
    here = read_folder(str(folder / "catalogue"))
    assert (there.texts, there.unreadable, there.rules) == (here.texts, here.unreadable, here.rules)
    assert there.hash == here.hash
    one, other = (standing_of(each, "", TODAY, quiet=True).outcome for each in (there, here))
    assert one.diagnostics == other.diagnostics
    assert (one.clients, one.contracts, one.cells, one.partial) == (
        *(other.clients, other.contracts, other.cells, other.partial),
    )
