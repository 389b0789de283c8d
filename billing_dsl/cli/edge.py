"""Where the world comes in: folders, files, git, the clock and the terminal."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO, TypeVar

import click

from billing_dsl.diagnostics import Finding, Span
from billing_dsl.report._visible import visible
from billing_dsl.source.document import Broken
from billing_dsl.templates import FOLDER as TEMPLATES
from billing_dsl.templates import wanted

if TYPE_CHECKING:
    from billing_dsl.pipeline import Progress

LARGEST_FILE = 1 << 20
"""Bytes of a file that are read; one more is kept, so that the reader sees that there are more."""

READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""How files are opened, on every system."""

LARGEST_CATALOGUE = 64 << 20
"""Bytes of all files together."""

S = TypeVar("S")
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of a catalogue as they were found: texts by path, and what could not be read."""

    directory: str
    texts: Mapping[str, bytes]
    unreadable: tuple[tuple[str, Finding], ...] = ()
    rules: Mapping[str, bytes] = field(default_factory=dict)
    """House rules: the Python files of its `rules/` folder."""
    templates: Mapping[str, bytes | None] = field(default_factory=dict)
    """What its folder `templates/` holds; None where a file is no template and was not read."""

    @property
    def unread(self) -> tuple[Broken, ...]:
        """The files whose documents nobody knows."""
        paths = (finding.place.path for _, finding in self.unreadable)
        return tuple(Broken(path, 0) for path in paths if not _is_other(path))

    @property
    def hash(self) -> str:
        """Over the paths and bytes of all files: equal catalogues have equal hashes."""
        total = hashlib.sha256()
        texts = {**self.texts, **_read_ones(self.templates)}
        for path in sorted(texts):
            total.update(f"{path}\0{len(texts[path])}\0".encode("utf-8", "surrogateescape"))
            total.update(texts[path])
        return total.hexdigest()


def _read_ones(templates: Mapping[str, bytes | None]) -> Mapping[str, bytes]:
    """The templates that were read: an empty file is one too."""
    return {path: content for path, content in templates.items() if content is not None}


def _is_other(path: str) -> bool:
    """Whether a file holds no documents: a house rule, or a template."""
    return path.endswith(".py") or _is_template(path)


def _is_template(path: str) -> bool:
    """Whether a file lies among the templates, and holds no documents."""
    return path.startswith(f"{TEMPLATES}/") and not path.endswith((".yaml", ".yml"))


def read_folder(directory: str) -> Folder:
    """Every YAML file below a folder, in order of paths relative to it, and the user's templates.

    Hidden files and folders are passed over; hidden templates are told of. A file that is none,
    that cannot be opened or that leads out of the folder is a finding. Raises click.UsageError
    where there is no such folder.
    """
    root = Path(directory)
    try:
        there, is_folder = bool(directory) and root.exists(), bool(directory) and root.is_dir()
    except OSError as error:
        raise click.UsageError(
            f"the folder `{visible(directory)}` cannot be read: {reason_of(error)}."
        ) from None
    if not is_folder:
        what = f"there is no folder `{visible(directory)}`. Name"
        if there:
            what = f"`{visible(directory)}` is no folder. Catalogues are read as a whole: name"
        elif directory == CATALOGUE and Path("settings.yaml").is_file():
            what = f"there is no folder `{CATALOGUE}` here. For this very folder write `.`; or name"
        raise click.UsageError(
            f"{what} the catalogue's folder, or write a new one with `billing-dsl init DIR`."
        )
    unread: list[tuple[str, Finding]] = []
    resolved = root.resolve()
    found = (
        Found(path, partial(_read, entry, resolved))
        for path, entry in _files(directory, "", unread)
    )
    return gathered(_as_seen(directory), list(found), unread)


class Found(NamedTuple):
    """A file of a catalogue before it is read: its bytes or, once asked, why there are none."""

    path: str
    read: Callable[[], bytes | str] | str


def is_read(path: str) -> bool:
    """Whether a file of a catalogue is read: a document's, a house rule's, or a template."""
    return path.endswith((".yaml", ".yml")) or _is_rule(path) or wanted(path)


def _is_rule(path: str) -> bool:
    return path.startswith("rules/") and path.endswith(".py")


def gathered(
    directory: str, found: Iterable[Found], unread: Sequence[tuple[str, Finding]]
) -> Folder:
    """The files of a catalogue in order of their paths, as far as they are read and fit.

    What is known not to be readable is told of, whatever it is called.
    """
    texts: dict[str, bytes] = {}
    unreadable = list(unread)
    house: dict[str, bytes] = {}
    templates: dict[str, bytes | None] = {}
    total = 0
    for file in sorted(found, key=lambda file: file.path):
        if isinstance(file.read, str):
            unreadable.append(_unreadable(file.path, file.read))
            continue
        is_template = _is_template(file.path)
        if is_template and not wanted(file.path):
            templates[file.path] = None
            continue
        if not is_read(file.path):
            continue
        text = file.read()
        if isinstance(text, str):
            unreadable.append(_unreadable(file.path, text))
            continue
        if _is_rule(file.path):
            house[file.path] = text
            continue
        total += len(text)
        if total > LARGEST_CATALOGUE:
            reason = f"all files together are larger than {LARGEST_CATALOGUE >> 20} MiB"
            unreadable.append(_unreadable(file.path, reason))
            break
        if is_template:
            templates[file.path] = text
        else:
            texts[file.path] = text
    return Folder(directory, texts, tuple(unreadable), house, templates)


def _as_seen(directory: str) -> str:
    """The folder as seen from where the user stands, with `/`, so that no machine's path shows."""
    path = Path(directory)
    here = Path.cwd()
    if path.is_absolute() and path.is_relative_to(here):
        path = path.relative_to(here)
    return path.as_posix()


def _files(
    folder: str, prefix: str, unreadable: list[tuple[str, Finding]]
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        entries = list(os.scandir(folder))
    except OSError as error:
        unreadable.append(_unreadable(prefix.rstrip("/"), reason_of(error), "folder"))
        return
    for entry in entries:
        hidden = entry.name.startswith(".")
        if hidden and (not prefix.startswith(f"{TEMPLATES}/") or not entry.is_file()):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, f"{prefix}{entry.name}/", unreadable)
        elif entry.is_symlink() and os.path.isdir(entry.path):
            unreadable.append(_unreadable(f"{prefix}{entry.name}", "it is a link to a folder"))
        else:
            yield f"{prefix}{entry.name}", entry


def _read(entry: os.DirEntry[str], root: Path) -> bytes | str:
    """The bytes of a file, or why it is not read."""
    try:
        if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root):
            return "it is a link that leads out of the catalogue's folder"
        # A pipe that nobody writes to must not make us wait.
        descriptor = os.open(entry.path, READING)
        try:
            state = os.fstat(descriptor)
            if not stat.S_ISREG(state.st_mode):
                return "it is not a regular file"
            # One byte more than there should be, so that mostly nothing has to be read again.
            text = os.read(descriptor, min(state.st_size, LARGEST_FILE) + 1)
            if len(text) != state.st_size:
                while 0 < len(text) <= LARGEST_FILE and (more := os.read(descriptor, LARGEST_FILE)):
                    text += more
            return text
        finally:
            os.close(descriptor)
    except OSError as error:
        return reason_of(error)
    except RuntimeError:
        return "it is a link that leads back to itself"


def reason_of(error: OSError) -> str:
    """Why the system refused something, in its own words."""
    return (error.strerror or type(error).__name__).lower()


def _unreadable(path: str, reason: str, what: str = "file") -> tuple[str, Finding]:
    shown = path.encode("utf-8", "backslashreplace").decode()
    return (
        "BD020",
        Finding(
            Span(shown, 1, 1, 1, 1),
            f"this {what} cannot be read: {reason}",
            help=f"make it a readable {what} of the catalogue, or move it elsewhere",
        ),
    )


def today() -> date:
    """The day on this machine's calendar: what `--as-of` replaces."""
    return datetime.now().astimezone().date()


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def last_change(directory: str, paths: Iterable[str]) -> datetime | None:
    """When a catalogue was changed last: with the last commit of its folder, or with the newest of
    its files where there is no repository or files differ from it. None where there is no file.
    """
    moments: list[float] = []
    committed = _git(directory, "log", "-1", "--format=%ct", "--", ".")
    if committed.isdigit():
        moments.append(int(committed))
    if not moments or _git(directory, "status", "--porcelain", "--", "."):
        moments += [Path(directory, path).stat().st_mtime for path in paths]
    return datetime.fromtimestamp(max(moments), UTC) if moments else None


def commit_of(directory: str) -> str:
    """The commit of a folder's repository, with `+changes` if files of the folder differ from it.

    Empty outside a repository, without git, or before the first commit.
    """
    head = _git(directory, "rev-parse", "--verify", "--quiet", "HEAD")
    if not head:
        return ""
    changes = _git(directory, "status", "--porcelain", "--", ".")
    return f"{head}+changes" if changes else head


def _git(directory: str, *arguments: str) -> str:
    from billing_dsl.cli import git

    try:
        return git.ask(directory, *arguments).decode("utf-8", "replace").strip()
    except git.UnansweredError:
        return ""


def colour(wanted: str) -> bool:
    """Whether to colour: the option, then NO_COLOR, then FORCE_COLOR, then the terminal."""
    if wanted != "auto":
        return wanted == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return _is_terminal(sys.stdout)


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody watches; a program without a window has no streams at all."""
    return stream is not None and stream.isatty()


def say(text: str, err: bool = False) -> None:
    """Prints what is drawn already: whether it is coloured has been decided, terminal or not.

    A reader who has gone does not alter what comes after, the exit code least of all.
    """
    from billing_dsl.cli import unread

    try:
        click.echo(text, err=err, nl=False, color=True)
    except BrokenPipeError:
        unread()


def shows_unicode() -> bool:
    """Whether standard output takes every character."""
    return (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") == "utf8"


def kind(word: str) -> str:
    """A kind of document as somebody types it, in the language's own spelling: `work_type`."""
    return word.strip().lower().replace("-", "_").replace(" ", "_")


def sentence(hint: str) -> str:
    """A hint as a sentence of its own: `did you mean …?` after a full stop."""
    return hint[:1].upper() + hint[1:]


def width() -> int:
    """Columns of the terminal, 100 where there is none."""
    import shutil

    return shutil.get_terminal_size((100, 24)).columns if _is_terminal(sys.stdout) else 100


def progress(quiet: bool) -> Progress:
    """A bar on standard error where that is a terminal and there is enough to wait for."""

    def bar(things: Sequence[S], doing: str) -> Iterable[S]:
        if quiet or len(things) < 500 or not _is_terminal(sys.stderr):
            return things
        return _shown(things, doing)

    return bar


def _shown(things: Sequence[S], doing: str) -> Iterator[S]:
    with click.progressbar(things, label=doing, file=sys.stderr) as shown:
        yield from shown


class Named(click.Path):
    """A path that somebody names: an empty one, such as a variable that is not set, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path as it was typed. Fails where it is empty."""
        if value == "":
            self.fail("the name is empty.", param, ctx)
        return super().convert(value, param, ctx)


CATALOGUE = "catalogue"
"""The folder that is meant where nobody names one."""

DIRECTORY = click.argument("directory", metavar="[DIR]", default=CATALOGUE)


def as_of(function: F) -> F:
    """The option that replaces today."""
    option = click.option(
        "--as-of",
        metavar="DATE",
        callback=_day,
        help="Look at the catalogue as on this day (YYYY-MM-DD) instead of today.",
    )
    return option(function)


def entries(what: str) -> Callable[[F], F]:
    """The options that name files of time entries, and how they are read; `what` says their use."""

    def both(function: F) -> F:
        named = click.option(
            "--entries",
            "files",
            multiple=True,
            metavar="FILE",
            type=Named(),
            help=f"{what} May be given several times.",
        )
        read_by = click.option(
            "--export", metavar="NAME", help="The entry export by which the files are read."
        )
        return named(read_by(function))

    return both


def on(function: F) -> F:
    """The option that names another day than today."""
    option = click.option(
        "--on", "on", metavar="DATE", callback=perhaps_a_day, help="The day, if not today."
    )
    return option(function)


def colouring(function: F) -> F:
    """The option that says whether to colour."""
    option = click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colour the output; NO_COLOR and FORCE_COLOR are honoured.",
    )
    return option(function)


def _day(_context: click.Context, _parameter: click.Parameter, written: str | None) -> date:
    return today() if written is None else day(written)


def perhaps_a_day(
    _context: click.Context, _parameter: click.Parameter, written: str | None
) -> date | None:
    """The day that an option names, if it is given. Raises click.BadParameter where it is none."""
    return None if written is None else day(written)


def day(written: str) -> date:
    """The day that somebody typed. Raises click.BadParameter where it is none."""
    try:
        found = date.fromisoformat(written)
        if found.isoformat() != written:  # 20270301, or a week of the year
            raise ValueError
        return found
    except ValueError:
        raise click.BadParameter(
            f"`{written}` is no day of the calendar; write it as YYYY-MM-DD, like 2027-03-01."
        ) from None
