"""Files read and validated, side by side where there are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing_dsl.pipeline import FileReading, Progress


def read_files(texts: Mapping[str, bytes], progress: Progress) -> list[FileReading]:
    """Every file read and validated, in order of paths."""
    from billing_dsl.cli.abreast import abreast, hands
    from billing_dsl.cli.workers import MANY
    from billing_dsl.pipeline import silently

    paths = sorted(texts)
    if len(paths) < MANY:
        return _read(texts, paths, silently)
    step = -(-len(paths) // hands())
    shares = [paths[first : first + step] for first in range(0, len(paths), step)]
    # What is shown is how far this process has come: the others need as long.
    shown = [progress, *(silently for _ in shares[1:])]
    read = [partial(_read, texts, *share) for share in zip(shares, shown, strict=True)]
    return [found for share in abreast(read) for found in share]


def _read(
    texts: Mapping[str, bytes], paths: Sequence[str], progress: Progress
) -> list[FileReading]:
    from billing_dsl.pipeline import read_file

    return [read_file(path, texts[path]) for path in progress(paths, "reading")]
