"""What documents of each form take: `python -m bench.by_form [--size 10000] [--runs 1]`.

A catalogue of as many agreements is compiled cold, once for each form: the whole compile, of which
everything but the documents is the same each time. What the first form, Markdown, takes less than
another is what the other costs beyond it.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

from bench import generate
from bench.timing import TOOL, Timed, rounds
from billing_dsl.targets._forms import Form
from billing_dsl.targets.scope_document import FORMS


def section(size: int, runs: int) -> list[str]:
    """The section of the results, line by line."""
    with tempfile.TemporaryDirectory(prefix="billing-dsl-bench-") as place:
        folder, out = Path(place) / "catalogue", Path(place) / "out"
        generate.write(folder, size)
        commands: list[Timed] = []
        sizes: list[float] = []
        for form in FORMS:
            timed = Timed(
                form.value,
                [*TOOL, "compile", str(folder), "-o", str(out), "--quiet", "--forms", form.value],
                lambda: shutil.rmtree(out, ignore_errors=True),
            )
            rounds([timed], runs)
            commands.append(timed)
            sizes.append(_kib(out, form))
    wall = [statistics.median(timed.wall) for timed in commands]
    lines = [
        f"## Documents, by form, {size:,} of each",
        "",
        "| | compile, wall s | ms each beyond `md` | processor s | peak MiB | KiB each |",
        "|---|---|---|---|---|---|",
    ]
    for timed, taken, kib in zip(commands, wall, sizes, strict=True):
        beyond = (taken - wall[0]) / size * 1000
        lines.append(
            f"| `{timed.name}` | {taken:.2f} | {beyond:.2f} | {statistics.median(timed.cpu):.2f} | "
            f"{statistics.median(timed.peak):.0f} | {kib:.1f} |"
        )
    return [*lines, ""]


def _kib(out: Path, form: Form) -> float:
    """How large a document is."""
    sizes = [file.stat().st_size for file in out.rglob(f"scope.{form}")]
    return statistics.mean(sizes) / 1024


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.by_form")
    parser.add_argument("--size", type=int, default=10000)
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    print("\n".join(section(options.size, options.runs)))


if __name__ == "__main__":
    main()
