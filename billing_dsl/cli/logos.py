"""The logo of documents, from its file in the catalogue's folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from billing_dsl.cli import edge
from billing_dsl.diagnostics import Fault
from billing_dsl.kinds.settings import Settings
from billing_dsl.targets._logo import LARGEST, Logo, LogoError, logo, unshown


def look(directory: str, settings: Settings) -> Logo | Fault | None:
    """The logo that settings name, or why it cannot be shown; None where they name none."""
    return read(settings, in_folder(Path(directory), settings.logo)) if settings.logo else None


def read(settings: Settings, content: bytes | str) -> Logo | Fault:
    """The logo in the bytes of its file, or why it cannot be shown; `content` may say that too."""
    if isinstance(content, str):
        return unshown(settings, content)
    try:
        return logo(content)
    except LogoError as reason:
        return unshown(settings, str(reason))


def in_folder(root: Path, path: str) -> bytes | str:
    """The bytes of a file, one more than a logo may have at most; or why it is not read."""
    try:
        resolved = (root / path).resolve()
        if not resolved.is_relative_to(root.resolve()):
            return "leads out of the catalogue's folder"
        descriptor = os.open(resolved, edge.READING)
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return "is no regular file"
            return opened.read(LARGEST + 1)
    except FileNotFoundError:
        return "is not there"
    except OSError as error:
        return f"cannot be read: {edge.reason_of(error)}"
    except RuntimeError:
        return "is a link that leads back to itself"
