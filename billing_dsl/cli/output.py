"""Files and folders written so that the old or the new is there, never a mixture."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import click

from billing_dsl.cli import exchange
from billing_dsl.targets import Artifact

if TYPE_CHECKING:
    from billing_dsl.pipeline import Coded

MANIFEST = "manifest.json"
TOOL = "billing_dsl"
"""What the manifest of an output folder of ours says in `tool`."""

COMPARED = "compared_with"
"""What the manifest of a folder has that holds what changes, and not what is."""

PREFIX = ".billing-dsl-"
"""How our unfinished files and folders are named; leftovers of a killed run are cleared away."""


def write_file(path: Path, content: bytes) -> None:
    """Writes one file whole, or leaves what was there.

    Raises click.ClickException where it cannot.
    """
    with written_aside(path) as aside:
        aside.write_bytes(content)


@contextlib.contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """A file to be written in place of another one, which it becomes when it is whole.

    Raises click.ClickException where it cannot.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=PREFIX, dir=path.parent)
        try:
            yield Path(name)
            os.fsync(handle)
            os.chmod(name, 0o666 & ~_umask())
            os.close(handle)
            handle = -1
            os.replace(name, path)
        except BaseException:
            if handle >= 0:
                os.close(handle)
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise click.ClickException(f"{_why(path, error)} It is as it was.") from None


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes new files by their paths, all of them or none.

    Raises click.ClickException likewise.
    """
    written: list[Path] = []
    try:
        for path, content in files.items():
            write_file(folder / path, content)
            written.append(folder / path)
    except click.ClickException:
        for file in written:
            with contextlib.suppress(OSError):
                file.unlink()
                for above in list(file.relative_to(folder).parents)[:-1]:
                    (folder / above).rmdir()  # stops at the first that is not empty
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _why(path: Path, error: OSError) -> str:
    reason = (error.strerror or type(error).__name__).lower()
    if error.errno in (errno.EACCES, errno.EPERM) and os.name == "nt":
        reason += "; close it in Excel or Word if it is open there"
    return f"`{path}` cannot be written: {reason}."


class Listed(NamedTuple):
    """A file of an output folder, as the manifest lists it."""

    path: str
    sha256: str
    size: int
    kind: str


def listed(artifact: Artifact) -> Listed:
    """An artifact as the manifest lists it."""
    digest = hashlib.sha256(artifact.content).hexdigest()
    return Listed(artifact.path, digest, len(artifact.content), artifact.kind)


def manifest(
    files: Sequence[Listed],
    catalogue_hash: str,
    commit: str,
    tool_version: str,
    as_of: str,
    tenant: Mapping[str, str] | None = None,
    compared_with: Mapping[str, str] | None = None,
) -> Iterator[bytes]:
    """What an output folder holds: every file with its hash, and what it was made from; in blocks.

    `tenant` is the snapshot that was looked at, if one was; `compared_with` the catalogue before,
    where files tell of what changes.
    """
    content = {
        "version": 1,
        "tool": TOOL,
        "tool_version": tool_version,
        "as_of": as_of,
        "catalogue": {"sha256": catalogue_hash, "commit": commit},
        **({"tenant": tenant} if tenant is not None else {}),
        **({COMPARED: compared_with} if compared_with is not None else {}),
        "files": [],
    }
    # One encoder for ten thousand files, and not one for each of their values.
    quoted = json.encoder.encode_basestring
    text = json.dumps(content, ensure_ascii=False, indent=1)
    if not files:
        yield f"{text}\n".encode()
        return
    yield f"{text.removesuffix(f']{_END}')}\n".encode()
    for first in range(0, len(files), _LISTED):
        rows = ",\n".join(
            [
                f'  {{\n   "path": {quoted(path)},\n   "sha256": "{sha256}",\n'
                f'   "bytes": {size},\n   "kind": {quoted(kind)}\n  }}'
                for path, sha256, size, kind in files[first : first + _LISTED]
            ]
        )
        yield f"{rows},\n".encode() if first + _LISTED < len(files) else rows.encode()
    yield f"\n ]{_END}\n".encode()


_END = "\n}"
_LISTED = 1000
"""Files in a block of the manifest."""


@dataclass(frozen=True, slots=True)
class Published:
    """An output folder written: its files by paths, how many were written, and how many kept.

    Where something could not be expressed, `unsaid` says what, and nothing was changed.
    """

    files: tuple[Listed, ...] = ()
    written: int = 0
    kept: int = 0
    unsaid: tuple[Coded, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the files of a new output folder are laid down, and what the old one holds.

    `new` is a folder for files that are not there already just so, `aside` one for whatever helps
    to make them. `present` are the files that the folder `out` holds as they were left, by paths.
    """

    out: str
    new: str
    aside: str
    present: Mapping[str, Listed]

    def lay(self, artifact: Artifact) -> Listed:
        """Writes a file, unless it is there already just so."""
        file = listed(artifact)
        if not self.holds(file):
            with Writing(f"{self.new}/{file.path}") as writing:
                writing.add(artifact.content)
        return file

    def holds(self, file: Listed) -> bool:
        """Whether the folder holds just such a file."""
        found = self.present.get(file.path)
        return found is not None and found.sha256 == file.sha256


class Writing:
    """A file of the new tree while it is written, where nobody else sees it yet."""

    def __init__(self, path: str) -> None:
        """Opens a file that is not there; its folder is made if need be."""
        try:
            self._descriptor = os.open(path, _WRITING, 0o666)
        except FileNotFoundError:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            self._descriptor = os.open(path, _WRITING, 0o666)

    def add(self, content: bytes) -> None:
        """Writes what comes next."""
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


_WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Laid:
    """All files that the new folder is to hold, and what could not be expressed in one."""

    files: tuple[Listed, ...]
    unsaid: tuple[Coded, ...] = ()


def publish(
    out: Path,
    lay: Callable[[Ground], Laid],
    listing: Callable[[Sequence[Listed]], Iterable[bytes]],
    discard_edits: bool,
    changes: bool = False,
) -> Published:
    """Makes the output folder hold exactly the files that `lay` lays down.

    `changes` tells that they say what changes: they do not take the place of what was compiled.

    They are laid down beside it, `listing` gives the manifest, and then whatever differs is
    exchanged while the folder is out of sight: the old one is there, or none, or the new one.
    Raises click.ClickException where the folder is not ours, where somebody has edited its files,
    and where the disk says no.
    """
    try:
        out = Path(os.path.abspath(out))
        out.parent.mkdir(parents=True, exist_ok=True)
        with _alone(out):
            old = _ours(out, changes)
            present = {} if old is None else _present(out, old)
            if old is not None and not discard_edits:
                _refuse_edits(out, old, present)
            return _renewed(out, lay, listing, old, present)
    except OSError as error:
        raise click.ClickException(f"{_why(out, error)} Nothing was changed.") from None


@dataclass(frozen=True, slots=True)
class _Old:
    """The folder as it was left: its manifest's hash, and each file by its path."""

    manifest: bytes
    files: Mapping[str, Listed]


def _ours(out: Path, changes: bool) -> _Old | None:
    """What our manifest says that the folder holds; None where there is nothing yet."""
    if not os.path.lexists(out):
        return None
    if out.is_symlink() or not out.is_dir():
        what = "a link: name the folder itself" if out.is_symlink() else "no folder"
        raise click.ClickException(f"`{out}` is there already and is {what}. Nothing was changed.")
    if not any(out.iterdir()):
        return None
    try:
        text = (out / MANIFEST).read_bytes()
        content: Any = json.loads(text)
        if content["tool"] == TOOL and (COMPARED in content) != changes:
            held, wanted = ("what was compiled", "letters") if changes else ("letters", "compile")
            raise click.UsageError(
                f"`{out}` holds {held}. Name another folder for {wanted}. Nothing was changed."
            )
        if content["tool"] == TOOL:
            found = (
                Listed(each["path"], each["sha256"], each["bytes"], each["kind"])
                for each in content["files"]
            )
            return _Old(hashlib.sha256(text).digest(), {file.path: file for file in found})
    except (OSError, ValueError, KeyError, TypeError):
        pass
    what = "files that this tool did not write"
    if (out / MANIFEST).is_file():
        what = f"a {MANIFEST} that this tool did not write so"
    raise click.ClickException(
        f"`{out}` holds {what}. Name another folder, or empty it. Nothing was changed."
    )


def _present(out: Path, old: _Old) -> Mapping[str, str]:
    """The hash of each file that the folder really holds beside its manifest, in order of paths.

    Nobody has touched a file that is as large as it was left and on which nothing has been done
    since: the manifest is the last thing that is written, and the system notes when something is
    done to a file. Any other is read.
    """
    left = (out / MANIFEST).stat().st_mtime_ns
    found: dict[str, str] = {}
    for path, entry in sorted(_files(out, ""), key=lambda file: file[0]):
        if path == MANIFEST:
            continue
        listed = old.files.get(path)
        state = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(state.st_mode):
            found[path] = "no regular file"
        elif listed and state.st_size == listed.size and _last_touched(state) < left:
            found[path] = listed.sha256
        else:
            found[path] = hashlib.sha256(Path(entry).read_bytes()).hexdigest()
    return found


def _last_touched(state: os.stat_result) -> int:
    """When something was done to a file; on Windows the second value is when it was made."""
    return state.st_mtime_ns if os.name == "nt" else max(state.st_mtime_ns, state.st_ctime_ns)


def _files(folder: str | Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        found = list(entries)
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, f"{prefix}{entry.name}/")
        else:
            yield f"{prefix}{entry.name}", entry


def _refuse_edits(out: Path, old: _Old, present: Mapping[str, str]) -> None:
    as_left = _as_left(old, present)
    edited = [path for path in present if path not in as_left]
    if edited:
        more = f" and {len(edited) - 5} more" if len(edited) > 5 else ""
        raise click.ClickException(
            f"in `{out}` somebody has added or edited {', '.join(edited[:5])}{more}. Move your "
            "work elsewhere, or give it up with --discard-edits. Nothing was changed."
        )


def _as_left(old: _Old, present: Mapping[str, str]) -> Mapping[str, Listed]:
    """The files that are there just as they were left."""
    return {path: file for path, file in old.files.items() if present.get(path) == file.sha256}


def _renewed(
    out: Path,
    lay: Callable[[Ground], Laid],
    listing: Callable[[Sequence[Listed]], Iterable[bytes]],
    old: _Old | None,
    present: Mapping[str, str],
) -> Published:
    place = tempfile.mkdtemp(prefix=f"{PREFIX}{out.name}-new-", dir=out.parent)
    try:
        as_left = {} if old is None else _as_left(old, present)
        ground = Ground(str(out), f"{place}/{exchange.NEW}", f"{place}/aside", as_left)
        os.mkdir(ground.new)
        os.mkdir(ground.aside)
        laid = lay(ground)
        if laid.unsaid:
            return Published(unsaid=laid.unsaid)
        files = tuple(sorted(laid.files))
        manifest = _list(ground, listing(files))
        same = {file.path for file in files if ground.holds(file)}
        written = len(files) - len(same)
        if old is not None and old.manifest == manifest:
            if len(same) == len(files) == len(present):
                return Published(files, 0, len(same))
            os.unlink(f"{ground.new}/{MANIFEST}")
            same.add(MANIFEST)
        if old is None:
            _settle()
            if os.path.lexists(out):
                out.rmdir()
            os.replace(ground.new, out)
        else:
            wanted = (MANIFEST, *(file.path for file in files))
            steps = exchange.steps((MANIFEST, *present), wanted, same)
            exchange.write_down(place, steps)
            _settle()
            exchange.exchange(place, str(out), steps)
        with contextlib.suppress(OSError):
            os.utime(out / MANIFEST)  # later than all that was done to the other files
        return Published(files, written, len(files) - written)
    finally:
        if not exchange.out_of_sight(place):
            shutil.rmtree(place, ignore_errors=True)


def _list(ground: Ground, manifest: Iterable[bytes]) -> bytes:
    """Lays down the manifest, which is never in memory as a whole, and gives its hash."""
    total = hashlib.sha256()
    with Writing(f"{ground.new}/{MANIFEST}") as writing:
        for block in manifest:
            writing.add(block)
            total.update(block)
    return total.digest()


def _settle() -> None:
    """Everything written so far is on the disk before the new tree takes its place."""
    sync = getattr(os, "sync", None)
    if sync is not None:
        sync()


@contextlib.contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Nobody else writes the same folder meanwhile; what a killed run left is cleared away.

    Where it was killed while the tree was out of sight, the tree is put back as it was.
    """
    lock = out.parent / f"{PREFIX}{out.name}.lock"
    file = _held(lock, out)
    try:
        for leftover in sorted(out.parent.glob(f"{PREFIX}{_escaped(out.name)}-new-*")):
            if exchange.out_of_sight(str(leftover)) and not os.path.lexists(out):
                exchange.undo(str(leftover), str(out))
            shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        if sys.platform != "win32":  # while it is ours: whoever waits for this one is told
            with contextlib.suppress(OSError):
                lock.unlink()
        _release(file.fileno())
        file.close()
        if sys.platform == "win32":  # there nobody can remove a file that somebody holds
            with contextlib.suppress(OSError):
                lock.unlink()


def _held(lock: Path, out: Path) -> BinaryIO:
    """The lock, held. One that its holder removed before we held it is nobody's: once more."""
    while True:
        file = lock.open("a+b")
        try:
            _hold(file.fileno(), out)
            if os.path.samestat(os.fstat(file.fileno()), os.stat(lock)):
                return file
        except FileNotFoundError:
            pass
        except BaseException:
            file.close()
            raise
        file.close()


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _hold(descriptor: int, out: Path) -> None:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise click.ClickException(
            f"another run is writing `{out}` at this moment. Try again when it is done."
        ) from None


def _release(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_UN)
