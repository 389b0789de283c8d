"""Times whole processes side by side: `python -m bench [--sizes 100 1000 10000] [--write]`.

Every command runs once to warm up, then several times in turn with the others, so that a machine
whose speed drifts treats all alike. Quoted is the median, of wall time and of processor time of
the process and its children; memory is the largest single process's peak. The page cache is warm
for all.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import by_form, differences, generate, replay
from bench.timing import TOOL, Timed, rounds

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
PEERS = [sys.executable, "-m", "bench.peers"]
AJV = ["validate", "--spec=draft2020", "--strict=false", "-c", "ajv-formats"]
REFERENCE = "CSafeLoader + jsonschema"
FLOOR = "stat and hash"


def change_one(folder: Path) -> Callable[[], None]:
    """Changes the number of units in one agreement, to another number each time."""
    file = sorted((folder / "clients").rglob("*.yaml"))[-1]
    original = file.read_text(encoding="utf-8")
    count = 0

    def change() -> None:
        nonlocal count
        count += 1
        file.write_text(
            original.replace("- units: ", f"- units: {count}", 1), encoding="utf-8", newline="\n"
        )

    return change


def with_peers(folder: Path, size: int, runs: int) -> list[Timed]:
    """Peers beside us, over agreement documents alone, each in a file of its own.

    They lint, or validate against one schema; `check` reads, validates and proves everything.
    Those that are not installed are left out: `make bench` installs them.
    """
    generate.write(folder / "catalogue", size)
    alone = folder / "agreements"
    alone.mkdir()
    for number in range(size):
        document = generate.agreement(number).split("---\n")[1]
        (alone / f"{number:05}.yaml").write_text(document, encoding="utf-8", newline="\n")
    schemas = HERE.parent / "schemas"
    schema, common = str(schemas / "agreement.schema.json"), str(schemas / "common.schema.json")
    every = [str(path) for path in sorted(alone.iterdir())]
    wanted = {
        "ryl": ("ryl (Rust), lints", ["check", "--no-cache", "--enable", "ALL", str(alone)]),
        "jsonschema": (
            "sourcemeta jsonschema (C++), validates",
            ["validate", schema, str(alone), "--resolve", common, "-e", "yaml"],
        ),
        "ajv": (
            "ajv-cli (JavaScript), validates",
            [*AJV, "-s", schema, "-r", common, "-d", f"{alone}/*.yaml"],
        ),
        "check-jsonschema": (
            "check-jsonschema (Python), validates",
            ["--base-uri", f"{schemas.as_uri()}/", "--schemafile", schema, *every],
        ),
        "yamllint": ("yamllint (Python), lints", ["-d", "relaxed", str(alone)]),
    }
    # Never from PATH: another program may have the same name there, as `jsonschema` does.
    places = os.environ.get("BENCH_PEERS", "")
    commands = [
        Timed(FLOOR, [*PEERS, "stat-and-hash", str(alone)]),
        Timed(REFERENCE, [*PEERS, "load-and-validate", str(alone)]),
        Timed("`check`, cold, of the whole catalogue", [*TOOL, "check", str(folder / "catalogue")]),
    ]
    for program, (name, arguments) in wanted.items():
        found = shutil.which(program, path=places)
        if found is not None:
            commands.append(Timed(name, [found, *arguments], exits=(0, 1)))
    rounds(commands, runs)
    return commands


def measured(folder: Path, runs: int, work: Path, with_compile: bool) -> list[Timed]:
    """Everything that is measured of one catalogue."""
    kept = work / "kept"
    warm = work / "warm"
    other = work / "other"

    def forget() -> None:
        shutil.rmtree(kept, ignore_errors=True)

    check = [*TOOL, "check", str(folder), "--quiet"]
    why = [*TOOL, "why", "client-00000", "onsite-support", str(folder), "--on", "2027-01-15"]
    commands = [
        Timed("reading the bytes", [*PEERS, "read-bytes", str(folder)]),
        Timed(FLOOR, [*PEERS, "stat-and-hash", str(folder)]),
        Timed("CSafeLoader", [*PEERS, "load", str(folder)]),
        Timed(REFERENCE, [*PEERS, "load-and-validate", str(folder)]),
        Timed("`check`, cold, nothing kept", check),
        Timed("`check`, cold, results kept", check, forget, str(kept)),
        Timed("`check`, warm, nothing changed", check, cache=str(warm)),
        Timed("`why`, cold, nothing kept", why),
        Timed("`why`, warm, nothing changed", why, cache=str(warm)),
    ]
    rounds(commands, runs)
    changing = Timed("`check`, warm, one agreement changed", check, change_one(folder), str(other))
    rounds([changing], runs)
    commands.append(changing)
    if with_compile:
        out, copy = work / "out", work / "copy"

        def clear() -> None:
            shutil.rmtree(out, ignore_errors=True)

        build = [*TOOL, "compile", str(folder), "-o", str(out), "--quiet"]
        fresh = Timed("`compile`, cold", build, clear)
        writing = Timed(
            "writing the compiled files",
            [*PEERS, "write-files", f"{out}:{copy}"],
            lambda: shutil.rmtree(copy, ignore_errors=True),
        )
        rounds([fresh, writing], runs)
        again = Timed("`compile`, nothing changed", build, cache=str(warm))
        rounds([again], runs)
        one = Timed("`compile`, one agreement changed", build, change_one(folder), str(warm))
        rounds([one], runs)
        commands += [fresh, writing, again, one]
    return commands


def table(commands: Sequence[Timed]) -> list[str]:
    """The medians, and the ratios to the reference and to the floor."""
    wall = {timed.name: statistics.median(timed.wall) for timed in commands}
    lines = [
        f"| | wall s | processor s | peak MiB | × {REFERENCE} | × {FLOOR} |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {timed.name} | {wall[timed.name]:.3f} | {statistics.median(timed.cpu):.3f} | "
        f"{statistics.median(timed.peak):.0f} | {wall[timed.name] / wall[REFERENCE]:.3f} | "
        f"{wall[timed.name] / wall[FLOOR]:.2f} |"
        for timed in commands
    ]
    return lines


def growth(small: Sequence[Timed], large: Sequence[Timed], factor: float) -> list[str]:
    """How wall time and memory grow: the exponent e in time ~ size^e."""
    lines = ["| | exponent of wall time | peak MiB |", "|---|---|---|"]
    for one, other in zip(small, large, strict=True):
        if not one.name.startswith("`"):
            continue
        exponent = math.log(statistics.median(other.wall) / statistics.median(one.wall)) / math.log(
            factor
        )
        lines.append(
            f"| {one.name} | {exponent:.2f} | {statistics.median(one.peak):.0f} → "
            f"{statistics.median(other.peak):.0f} |"
        )
    return lines


def start_up(runs: int) -> list[str]:
    """What `--help` costs beside a script that imports click."""
    help_ = Timed("`billing-dsl --help`", [*TOOL, "--help"])
    click = Timed("a script that imports click", [sys.executable, "-c", "import click"])
    rounds([help_, click], runs)
    one, other = statistics.median(help_.wall), statistics.median(click.wall)
    told = (
        f"`billing-dsl --help` takes {one * 1000:.0f} ms, a script that imports click "
        f"{other * 1000:.0f} ms: {one / other:.2f} times as long."
    )
    return [told]


def main() -> None:
    """Measures, prints, and with --write keeps the page."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peers", type=int, default=1000, help="agreements for the peers")
    parser.add_argument(
        "--documents",
        type=int,
        default=10000,
        help="documents of each form, and agreements to be compared",
    )
    parser.add_argument("--entries", type=int, default=1_000_000, help="0 leaves replays out")
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    made_by = (
        f"Made by `{' '.join(['python -m bench', *sys.argv[1:]])}` with Python "
        f"{platform.python_version()} on {os.cpu_count()} processors ({platform.system()} "
        f"{platform.machine()}). Whole processes, medians of {options.runs} runs taken in turn; "
        "the ratios are what counts, the times move from machine to machine."
    )
    lines = ["# Measured", "", made_by, "", *start_up(options.runs * 2), ""]
    results: dict[int, list[Timed]] = {}
    for size in options.sizes:
        with tempfile.TemporaryDirectory(prefix="billing-dsl-bench-") as place:
            folder = Path(place) / "catalogue"
            generate.write(folder, size)
            results[size] = measured(folder, options.runs, Path(place), not options.no_compile)
        lines += [f"## {size:,} agreements", "", *table(results[size]), ""]
        print("\n".join(lines[-len(results[size]) - 5 :]), flush=True)
    with tempfile.TemporaryDirectory(prefix="billing-dsl-bench-") as place:
        peers = with_peers(Path(place), options.peers, max(1, options.runs // 2))
    lines += [f"## Peers, {options.peers:,} agreement documents, each in a file of its own", ""]
    lines += [*table(peers), ""]
    if options.documents and not options.no_compile:
        lines += by_form.section(options.documents, max(1, options.runs // 2))
    if options.documents:
        lines += differences.section(options.documents, max(1, options.runs // 2))
    if options.entries:
        lines += replay.section(options.entries, max(1, options.runs // 2))
    if 1000 in results and 10000 in results:
        lines += ["## Growth from 1,000 to 10,000", ""]
        lines += [*growth(results[1000], results[10000], 10), ""]
    print("\n".join(lines))
    if options.write:
        RESULTS.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
