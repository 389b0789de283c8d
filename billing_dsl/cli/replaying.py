"""Files of time entries through one catalogue or two: what `replay` and others are told.

Nothing is printed here but progress, where somebody watches and it is not to be quiet.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from billing_dsl.cli import exports
from billing_dsl.report._visible import visible

if TYPE_CHECKING:
    from billing_dsl.cli.checking import Standing
    from billing_dsl.entries.reading import Taken
    from billing_dsl.replay.compared import Compared, Half
    from billing_dsl.replay.run import Billed
    from billing_dsl.replay.side import Side
    from billing_dsl.replay.told import Replayed

BEFORE = "before_"
"""What stands before the names of the tables of the side before; those of the other have none."""


def replayed(
    found: Standing,
    files: Sequence[str],
    export: str | None = None,
    *,
    lines: Path | None = None,
    quiet: bool = True,
) -> Replayed:
    """What the entries of some files come to under a catalogue without errors.

    `export` names the entry export by which all files are read, `lines` a file to which every item
    is written. Raises click.UsageError where a file cannot be read, and where DuckDB is missing.
    """
    from billing_dsl.cli.sides import side_of

    side = side_of(found)
    with _taken(files, export, side, ("billing", "summing up"), quiet) as (taken, step):
        sides = {"": (side, found)}
        [half] = _halves(taken, sides, _billed(taken, sides, step), step)
        if lines is not None:
            from billing_dsl.cli.output import written_aside
            from billing_dsl.entries.lines import write

            with written_aside(lines) as aside:
                write(aside, taken, half.side, half.billed)
    if not half.replayed.account().reconciles:
        raise AssertionError(f"rows are lost: {half.replayed.account()}")
    return half.replayed


def compared(
    before: Standing,
    after: Standing,
    files: Sequence[str],
    export: str | None = None,
    *,
    lines: Path | None = None,
    quiet: bool = True,
    also: Callable[[Taken, Half, Half], None] | None = None,
) -> Compared:
    """What the same entries come to under two catalogues without errors, before and after.

    Files are read once, as the catalogue after says. `also` is called while the tables of both
    sides are there: those of the first under `BEFORE`. Otherwise like `replayed`.
    """
    from billing_dsl.cli.sides import side_of
    from billing_dsl.replay.compared import compared
    from billing_dsl.replay.flips import flips
    from billing_dsl.replay.pairing import pairing

    # Both before there is an engine: of a process with an engine's threads no copy is made.
    side = side_of(after)
    other = side_of(before, side)
    steps = ("billing", "summing up", "comparing")
    with _taken(files, export, side, steps, quiet) as (taken, step):
        sides = {"": (side, after), BEFORE: (other, before)}
        billed = _billed(taken, sides, step)
        names = pairing(other, side, billed[BEFORE], billed[""])
        now, was = _halves(taken, sides, billed, step, names.same)
        next(step)
        flipped = flips(taken.engine, BEFORE, "")
        found = compared(was, now, names, flipped, taken.texts_of_clients(), taken.called())
        if also is not None:
            also(taken, was, now)
        next(step, None)
        if lines is not None:
            from billing_dsl.cli.output import written_aside
            from billing_dsl.entries.lines import write_both

            with written_aside(lines) as aside:
                write_both(aside, taken, was, now, BEFORE)
    if not found.reconciles:
        accounts = found.before.account(), found.after.account()
        raise AssertionError(f"rows or amounts are lost: {accounts}")
    return found


def needs_duckdb() -> None:
    """Raises click.UsageError where the engine is not installed."""
    import importlib.util

    if importlib.util.find_spec("duckdb") is None:
        raise click.UsageError(
            "replay needs DuckDB: install `billing-dsl` with its extra `replay`, as in "
            "`pip install '.[replay]'` where its source lies."
        )


def refuse_twice(files: Sequence[str]) -> None:
    """Raises click.UsageError where a file is named twice, however it is written."""
    again = next((name for n, name in enumerate(files) if _same(name, files[:n])), None)
    if again is not None:
        raise click.UsageError(f"`{visible(again)}` is named twice: its entries would count twice.")


def _same(name: str, others: Sequence[str]) -> bool:
    return Path(name).resolve() in {Path(other).resolve() for other in others}


@contextlib.contextmanager
def _taken(
    files: Sequence[str], export: str | None, side: Side, steps: Sequence[str], quiet: bool
) -> Iterator[tuple[Taken, Iterator[str]]]:
    """The entries of all files taken in, and the steps that are still to be gone.

    They lie in a folder that goes in the end. Whatever has to be asked is asked before anything
    else is done. Raises click.UsageError where there is no room for them.
    """
    refuse_twice(files)
    needs_duckdb()
    from billing_dsl.entries.engine import Duck, RoomError
    from billing_dsl.entries.reading import Taken

    with tempfile.TemporaryDirectory(prefix="billing-dsl-replay-") as name:
        folder = Path(name)
        engine = Duck(folder)
        try:
            taken = Taken(engine, folder)
            known = [
                exports.known(engine, folder, n, name, export, side) for n, name in enumerate(files)
            ]
            step = _progress([*files, *steps], quiet)
            for file, (laid, reading, content) in zip(files, known, strict=True):
                next(step)
                exports.take(taken, file, laid, reading, content)
            yield taken, step
        except RoomError:
            variable = "TEMP" if sys.platform == "win32" else "TMPDIR"
            raise click.UsageError(
                f"there is no room for the entries in `{visible(str(folder.parent))}`, where they "
                f"are laid out meanwhile: make room, or name another folder in {variable}."
            ) from None
        finally:
            engine.close()


def _billed(
    taken: Taken, sides: Mapping[str, tuple[Side, Standing]], step: Iterator[str]
) -> dict[str, Billed]:
    """The entries through one side or two, the later one first, by the names of their tables."""
    from billing_dsl.replay.run import bill

    next(step)
    catalogues = {name: side for name, (side, _) in sides.items()}
    return bill(taken.engine, catalogues, taken.texts_of_clients(), taken.called())


def _halves(
    taken: Taken,
    sides: Mapping[str, tuple[Side, Standing]],
    billed: Mapping[str, Billed],
    step: Iterator[str],
    same: Mapping[int, int] | None = None,
) -> list[Half]:
    """What was billed on each side summed up; of two, `same` are the contracts of both."""
    from billing_dsl.replay.compared import Half
    from billing_dsl.replay.summary import sum_up, summary
    from billing_dsl.replay.told import Replayed

    next(step)
    engine, clients, kinds = taken.engine, taken.texts_of_clients(), taken.called()
    sum_up(engine, tuple(sides), same)
    halves = []
    for name, (side, found) in sides.items():
        total = summary(engine, side, billed[name], clients, kinds, name)
        settings = side.declared.shared.settings
        replayed = Replayed(tuple(taken.files), found.folder.directory, settings, total)
        halves.append(Half(side, billed[name], replayed))
    return halves


def _progress(steps: Sequence[str], quiet: bool) -> Iterator[str]:
    if quiet or not sys.stderr.isatty():
        yield from steps
        return
    with click.progressbar(steps, label="replaying", file=sys.stderr) as shown:
        yield from shown
