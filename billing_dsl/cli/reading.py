"""Files read and validated, on two processors where there are many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from billing_dsl.pipeline import FileReading, Progress

MANY = 400
"""Files above which a second process gives more than it costs."""

BUNDLE = 64
"""Files handed over at a time."""


def read_files(texts: Mapping[str, bytes], progress: Progress) -> list[FileReading]:
    """Every file read and validated, in order of paths."""
    from billing_dsl.pipeline import read_file

    paths = sorted(texts)
    if len(paths) < MANY:
        return [read_file(path, texts[path]) for path in paths]
    import multiprocessing
    import os

    workers = min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, 8)
    if workers < 2:
        return [read_file(path, texts[path]) for path in progress(paths, "reading")]
    bundles = [
        [(path, texts[path]) for path in paths[start : start + BUNDLE]]
        for start in range(0, len(paths), BUNDLE)
    ]
    # A spawned process imports everything anew, on every system alike: no half-copied state.
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        done = pool.imap(read_bundle, bundles)
        return [reading for _ in progress(bundles, "reading") for reading in next(done)]


def read_bundle(bundle: Sequence[tuple[str, bytes]]) -> list[FileReading]:
    """The files of a bundle, read and validated."""
    from billing_dsl.pipeline import read_file

    return [read_file(path, text) for path, text in bundle]
