"""A catalogue as it stands in a folder, or as it stood at a revision: both are read alike.

A revision is whatever git understands: a branch, a tag, a commit, `HEAD~1`; `A...B` is where B
began to differ from A. Files come out of git's own store as they were committed.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from billing_dsl.cli import git
from billing_dsl.cli.edge import (
    LARGEST_FILE,
    Folder,
    Found,
    commit_of,
    gathered,
    is_read,
    read_folder,
)
from billing_dsl.cli.logos import in_folder
from billing_dsl.report._visible import visible
from billing_dsl.targets._logo import LARGEST


@dataclass(frozen=True, slots=True)
class Side:
    """One of two catalogues that are compared.

    `name` is what somebody called it, `commit` the one it stands at: with `+changes` where a
    folder differs from it, and empty outside a repository. `kept_as` is the name under which
    results of it are kept.
    """

    name: str
    folder: Folder
    commit: str
    kept_as: str
    _place: _Place | None = None

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder as it stands, and no revision."""
        return self._place is None

    def file(self, path: str) -> bytes | str:
        """The bytes of a file beside the documents, as far as a logo may have them; or why there
        are none, in words that follow `it`.
        """
        if self._place is None:
            return in_folder(Path(self.kept_as), path)
        top = self._place.path
        meant = posixpath.normpath(posixpath.join(top, path))
        if top and not meant.startswith(f"{top}/"):
            return "leads out of the catalogue's folder"
        try:
            with git.contents(self._place.top) as contents:
                return contents.of(f"{self.commit}:{meant}", LARGEST + 1)
        except git.UnansweredError:
            return "is not there"


def sides(base: str, head: str | None, directory: str | None) -> tuple[Side, Side]:
    """The catalogue before and after. Each is a folder or a revision; without `head`, the working
    folder comes after.

    `directory` is the catalogue's folder, in the working tree and at each revision; without one, it
    is the folder that `head` names, or `catalogue`. Where `base` is `A...B`, B comes after, and
    such a folder is only where the catalogue lies: what it holds now need not be B's. Raises
    click.UsageError.
    """
    one, dots, other = base.partition("...")
    there = os.path.isdir(base)
    if directory is None:
        named = head is not None and os.path.isdir(head)
        directory = head if head is not None and named else "catalogue"
        if named and dots and other and not there:
            head = None
    if there or not dots:
        parts = base.replace(os.sep, "/").split("/")
        if not there and ".." in base and not {".", ".."} & set(parts):
            raise click.UsageError(
                f"`{visible(base)}` is no single revision: write BASE and HEAD as two arguments, "
                "or A...B for what B has changed since it left A."
            )
        return side(base, directory), side(directory if head is None else head, directory)
    place = _place(base, directory)
    common = _merge_base(place, one or "HEAD", other or "HEAD")
    after = head if head is not None else other or directory
    return _at(place, base, common), side(after, directory)


def side(name: str, directory: str) -> Side:
    """The catalogue that somebody names: a folder, or a revision of `directory`."""
    folder = os.path.isdir(name)
    if folder and (os.path.isabs(name) or name.startswith(".") or name.endswith(("/", os.sep))):
        return _in(name)
    if folder:
        if name != directory and _is_revision(name, directory):
            raise click.UsageError(
                f"`{visible(name)}` is a folder and a revision: write `{visible(name)}/` for the "
                f"folder, or `{visible(name)}^0` for the revision."
            )
        return _in(name)
    place = _place(name, directory)
    return _at(place, name, _commit(place, name))


def _in(directory: str) -> Side:
    folder = read_folder(directory)
    return Side(directory, folder, commit_of(directory), directory)


# --- revisions -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a catalogue lies in a repository: the repository's folder, and the path in it."""

    top: str
    path: str
    shallow: bool


def _place(name: str, directory: str) -> _Place:
    """Where a folder lies, though it need not be there now. Raises click.UsageError."""
    there = os.path.abspath(directory)
    below: list[str] = []
    while not os.path.isdir(there):
        there, last = os.path.split(there)
        below.insert(0, last)
    try:
        text = git.line(
            there, "rev-parse", "--is-shallow-repository", "--show-toplevel", "--show-prefix"
        )
    except git.UnansweredError as reason:
        raise click.UsageError(_no_repository(name, directory, str(reason))) from None
    shallow, top, prefix = [*text.split("\n"), "", ""][:3]
    path = "/".join([*filter(None, prefix.split("/")), *below])
    return _Place(top, path, shallow == "true")


def _no_repository(name: str, directory: str, reason: str) -> str:
    shown = visible(name)
    neither = f"`{shown}` is no folder, and it can be no revision:"
    if "not a git repository" in reason:
        return f"{neither} `{visible(directory)}` lies in no git repository."
    if "bare repository" in reason or "work tree" in reason:
        return (
            f"{neither} this repository is a bare one, without a working folder. Clone it, and ask "
            "there."
        )
    if "dubious ownership" in reason:
        return (
            f"{neither} this repository belongs to somebody else, so git does not open it. See "
            "`safe.directory` in git's manual."
        )
    return f"{neither} {visible(reason)}."


def _is_revision(name: str, directory: str) -> bool:
    try:
        _commit(_place(name, directory), name)
    except click.UsageError:
        return False
    return True


def _commit(place: _Place, name: str) -> str:
    """The commit that a revision means. Raises click.UsageError."""
    try:
        return git.line(
            place.top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )
    except (git.UnansweredError, ValueError):  # a null character is no part of any name
        more = ""
        if place.shallow:
            more = f" This clone is shallow: it may be further back. {_DEEPEN}"
        raise click.UsageError(
            f"`{visible(name)}` is neither a folder nor a revision of this repository.{more}"
        ) from None


_DEEPEN = "Fetch the whole history (`git fetch --unshallow`, or `fetch-depth: 0` in CI)."


def _merge_base(place: _Place, one: str, other: str) -> str:
    first, second = _commit(place, one), _commit(place, other)
    if place.shallow:  # what is cut off may hold a nearer one
        raise click.UsageError(
            f"where `{visible(other)}` left `{visible(one)}` cannot be told: this clone is "
            f"shallow. {_DEEPEN}"
        )
    try:
        return git.line(place.top, "merge-base", first, second).split("\n")[0]
    except git.UnansweredError:
        raise click.UsageError(
            f"`{visible(one)}` and `{visible(other)}` have no commit in common."
        ) from None


def _at(place: _Place, name: str, commit: str) -> Side:
    """The catalogue at a commit. Raises click.UsageError."""
    try:
        folder = _read(place, name, commit)
    except git.UnansweredError as reason:
        raise click.UsageError(
            f"`{visible(name)}` cannot be read: {visible(str(reason))}."
        ) from None
    kept_as = os.path.join(place.top, f"{place.path} at a revision")
    return Side(name, folder, commit, kept_as, place)


def _read(place: _Place, name: str, commit: str) -> Folder:
    tree = f"{commit}:{place.path}"
    try:
        known = git.line(place.top, "cat-file", "-t", tree)
    except git.UnansweredError:
        known = ""
    if known != "tree":
        what = f"no folder `{visible(place.path)}`" if not known else "a file of that name"
        raise click.UsageError(
            f"at `{visible(name)}` there is {what}. Name the catalogue's folder as it was then, as "
            "the last argument: `.` for this very folder."
        )
    directory = f"{visible(name)}:{place.path or '.'}"
    with git.contents(place.top) as contents:
        entries = list(_entries(git.listed(place.top, tree), contents))
        return gathered(directory, entries, [])


def _entries(listed: list[git.Listed], contents: git.Contents) -> Iterator[Found]:
    """What a folder has; whatever is hidden is passed over, as in a folder."""
    for entry in listed:
        if any(part.startswith(".") for part in entry.path.split("/")):
            continue
        if entry.mode == git.SUBMODULE:
            yield Found(entry.path, "it is a submodule: its files belong to another repository")
        elif entry.mode == git.LINK:
            if is_read(entry.path) or _leads_to_folder(entry, contents, listed):
                yield Found(entry.path, "it is a link, and at a revision no link is followed")
        else:
            yield Found(entry.path, partial(contents.of, entry.id, LARGEST_FILE + 1))


def _leads_to_folder(link: git.Listed, contents: git.Contents, listed: list[git.Listed]) -> bool:
    """Whether a link leads to a folder of the catalogue, whose files would be missing."""
    target = contents.of(link.id, LARGEST_FILE).decode("utf-8", "surrogateescape")
    meant = os.path.normpath(os.path.join(os.path.dirname(link.path), target))
    meant = meant.replace(os.sep, "/")
    return meant == "." or any(entry.path.startswith(f"{meant}/") for entry in listed)
