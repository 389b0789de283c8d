"""What comparing two catalogues takes: `python -m bench.differences [--size 10000] [--runs 1]`.

Two folders of as many agreements, of which one agreement or one end of one tier differs. `diff`
checks both and compares them, so beside it stands the check of one of them.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path

from bench import generate
from bench.timing import TOOL, Timed, rounds

CHECK = "`check` of one of them, cold"


def section(size: int, runs: int) -> list[str]:
    """The section of the results, line by line."""
    with tempfile.TemporaryDirectory(prefix="billing-dsl-bench-") as place:
        before, one, tier = (str(Path(place) / name) for name in ("before", "agreement", "tier"))
        generate.write(Path(before), size)
        shutil.copytree(before, one)
        shutil.copytree(before, tier)
        _edit(sorted((Path(one) / "clients").rglob("*.yaml"))[-1], "- units: ", "- units: 1")
        _edit(
            Path(tier) / "tiers" / "silver.yaml", "onsite-support: block", "onsite-support: hourly"
        )
        diff = [*TOOL, "diff", "--quiet", "--as-of", "2027-01-15", before]
        warm = str(Path(place) / "warm")
        commands = [
            Timed(CHECK, [*TOOL, "check", before, "--quiet", "--as-of", "2027-01-15"]),
            Timed("`diff`, cold, nothing differs", [*diff, before]),
            Timed("`diff`, cold, one agreement differs", [*diff, one]),
            Timed("`diff`, cold, one tier differs", [*diff, tier]),
            Timed(
                "`diff --format json`, cold, one tier differs", [*diff, tier, "--format", "json"]
            ),
            Timed("`diff`, warm, one agreement differs", [*diff, one], cache=warm),
            Timed("`diff`, warm, one tier differs", [*diff, tier], cache=warm),
        ]
        rounds(commands, runs)
    check = commands[0]
    lines = [
        f"## Two catalogues of {size:,} agreements",
        "",
        "| | wall s | processor s | peak MiB | × wall of the check | × its processor time |",
        "|---|---|---|---|---|---|",
    ]
    for timed in commands:
        wall, cpu = statistics.median(timed.wall), statistics.median(timed.cpu)
        lines.append(
            f"| {timed.name} | {wall:.3f} | {cpu:.3f} | {statistics.median(timed.peak):.0f} | "
            f"{wall / statistics.median(check.wall):.2f} | "
            f"{cpu / statistics.median(check.cpu):.2f} |"
        )
    return [*lines, ""]


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    if old not in text:
        raise SystemExit(f"{file.name} has no `{old}`")
    file.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.differences")
    parser.add_argument("--size", type=int, default=10000)
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    print("\n".join(section(options.size, options.runs)))


if __name__ == "__main__":
    main()
