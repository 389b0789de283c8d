"""Files read and validated, by several processes where there are many."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from billing_dsl.cli.spawning import without_main
from billing_dsl.diagnostics import Fault
from billing_dsl.source.document import Broken, Document

if TYPE_CHECKING:
    from billing_dsl.pipeline import FileReading, Progress

BUNDLE = 64
"""Files handed over at a time."""


def read_files(texts: Mapping[str, bytes], progress: Progress) -> list[FileReading]:
    """Every file read and validated, in order of paths."""
    from billing_dsl.cli.workers import MANY, workers
    from billing_dsl.pipeline import read_file

    paths = sorted(texts)
    if len(paths) < MANY:
        return [read_file(path, texts[path]) for path in paths]
    import multiprocessing

    count = workers()
    if count < 2:
        return [read_file(path, texts[path]) for path in progress(paths, "reading")]
    bundles = [
        [(path, texts[path]) for path in paths[start : start + BUNDLE]]
        for start in range(0, len(paths), BUNDLE)
    ]
    # A spawned process imports everything anew, on every system alike: no half-copied state.
    with without_main():
        pool = multiprocessing.get_context("spawn").Pool(count, gc.disable)
    with pool:
        done = pool.imap(read_bundle, bundles)
        return [unpacked(*reading) for _ in progress(bundles, "reading") for reading in next(done)]


Packed: TypeAlias = tuple[
    str, list[tuple[int, dict[str, Any]]], tuple[Broken, ...], tuple[Fault, ...]
]
"""A reading without our classes where they would cost: plain values travel fastest."""


def read_bundle(bundle: Sequence[tuple[str, bytes]]) -> list[Packed]:
    """The files of a bundle, read and validated, packed for the way back."""
    from billing_dsl.pipeline import read_file

    readings = [read_file(path, text) for path, text in bundle]
    return [
        (found.path, [(d.index, d.value) for d in found.documents], found.broken, found.faults)
        for found in readings
    ]


def unpacked(
    path: str,
    documents: list[tuple[int, dict[str, Any]]],
    broken: tuple[Broken, ...],
    faults: tuple[Fault, ...],
) -> FileReading:
    """A reading as it was before it was packed."""
    from billing_dsl.pipeline import FileReading

    return FileReading(
        path, tuple(Document(path, index, value) for index, value in documents), broken, faults
    )
