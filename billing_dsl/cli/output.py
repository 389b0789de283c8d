"""Files and folders written so that the old or the new is there, never a mixture."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import click

from billing_dsl.targets import Artifact

MANIFEST = "manifest.json"
TOOL = "billing_dsl"
"""What the manifest of an output folder of ours says in `tool`."""

PREFIX = ".billing-dsl-"
"""How our unfinished files and folders are named; leftovers of a killed run are cleared away."""


def write_file(path: Path, content: bytes) -> None:
    """Writes one file whole, or leaves what was there. Raises click.UsageError where it cannot."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=PREFIX, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise click.UsageError(_why(path, error)) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _why(path: Path, error: OSError) -> str:
    reason = (error.strerror or type(error).__name__).lower()
    if error.errno in (errno.EACCES, errno.EPERM) and os.name == "nt":
        reason += "; close it in Excel or Word if it is open there"
    return f"`{path}` cannot be written: {reason}. Nothing was changed."


def manifest(
    artifacts: Sequence[Artifact], catalogue_hash: str, commit: str, tool_version: str, as_of: str
) -> bytes:
    """What an output folder holds: every file with its hash, and what it was made from."""
    files = [
        {
            "path": artifact.path,
            "sha256": hashlib.sha256(artifact.content).hexdigest(),
            "bytes": len(artifact.content),
            "kind": artifact.kind,
        }
        for artifact in artifacts
    ]
    content = {
        "version": 1,
        "tool": TOOL,
        "tool_version": tool_version,
        "as_of": as_of,
        "catalogue": {"sha256": catalogue_hash, "commit": commit},
        "files": files,
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def publish(
    out: Path, artifacts: Sequence[Artifact], manifest: bytes, discard_edits: bool
) -> tuple[int, int]:
    """Makes the output folder hold exactly these files; how many were written, and kept.

    The whole tree is built beside it and put in its place at once. Raises click.UsageError where
    the folder is not ours, where somebody has edited its files, and where the disk says no.
    """
    try:
        out = Path(os.path.abspath(out))
        out.parent.mkdir(parents=True, exist_ok=True)
        with _alone(out):
            before = _ours(out)
            present = {} if before is None else _hashes(out)
            if before is not None and not discard_edits:
                _refuse_edits(out, before, present)
            return _swap(out, artifacts, manifest, present)
    except OSError as error:
        raise click.UsageError(_why(out, error)) from None


def _ours(out: Path) -> Mapping[str, str] | None:
    """The hashes of the files that our manifest lists; None where there is nothing yet."""
    if not os.path.lexists(out):
        return None
    if out.is_symlink() or not out.is_dir():
        raise click.UsageError(f"`{out}` is there already and is no folder. Nothing was changed.")
    if not any(out.iterdir()):
        return None
    try:
        listed: Any = json.loads((out / MANIFEST).read_bytes())
        if listed["tool"] == TOOL:
            return {file["path"]: file["sha256"] for file in listed["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise click.UsageError(
        f"`{out}` holds files that this tool did not write. Name another folder, or empty it. "
        "Nothing was changed."
    )


def _refuse_edits(out: Path, before: Mapping[str, str], present: Mapping[str, str]) -> None:
    edited = [path for path, found in present.items() if before.get(path) != found]
    if edited:
        more = f" and {len(edited) - 5} more" if len(edited) > 5 else ""
        raise click.UsageError(
            f"in `{out}` somebody has added or edited {', '.join(edited[:5])}{more}. Move your "
            "work elsewhere, or give it up with --discard-edits. Nothing was changed."
        )


def _hashes(folder: Path) -> Mapping[str, str]:
    """What the folder really holds beside its manifest, in order of paths."""
    files = [Path(root, name) for root, _, names in os.walk(folder) for name in names]
    found = {file.relative_to(folder).as_posix(): file for file in files}
    return {
        path: hashlib.sha256(found[path].read_bytes()).hexdigest()
        for path in sorted(found)
        if path != MANIFEST
    }


def _swap(
    out: Path, artifacts: Sequence[Artifact], manifest: bytes, present: Mapping[str, str]
) -> tuple[int, int]:
    new = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{out.name}-new-", dir=out.parent))
    old = Path(f"{new}-old")
    try:
        kept = 0
        made: set[Path] = set()
        for artifact in artifacts:
            target = new / artifact.path
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            digest = hashlib.sha256(artifact.content).hexdigest()
            if present.get(artifact.path) == digest and _linked(out / artifact.path, target):
                kept += 1
            else:
                target.write_bytes(artifact.content)
        (new / MANIFEST).write_bytes(manifest)  # last: a tree without it is not finished
        _settle()
        os.chmod(new, 0o777 & ~_umask())
        if os.path.lexists(out):
            if any(out.iterdir()):
                os.replace(out, old)
            else:
                out.rmdir()
        try:
            os.replace(new, out)
        except OSError:
            if old.exists():
                os.replace(old, out)
            raise
        return len(artifacts) - kept, kept
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _linked(source: Path, target: Path) -> bool:
    """Whether an unchanged file could be taken over without writing it again."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def _settle() -> None:
    """Everything written so far is on the disk before the new tree takes its place."""
    sync = getattr(os, "sync", None)
    if sync is not None:
        sync()


@contextlib.contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Nobody else writes the same folder meanwhile; what a killed run left is cleared away.

    A run killed between its last two steps has moved the old tree aside: it is put back.
    """
    lock = out.parent / f"{PREFIX}{out.name}.lock"
    file = _held(lock, out)
    try:
        for leftover in sorted(out.parent.glob(f"{PREFIX}{_escaped(out.name)}-new-*")):
            if leftover.name.endswith("-old") and not os.path.lexists(out):
                os.replace(leftover, out)
            else:
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
        raise click.UsageError(
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
