"""Times `replay` beside merely reading the file: `python -m bench.replay [--entries 1000000]`.

A catalogue of 10,000 clients and their entries over two years, all worked out from numbers, as CSV
and as Parquet. `replay` runs with nothing kept, so that catalogues are proved anew; with catalogues
kept, and entries that it has not met; and with entries kept too. Beside it run, each in a process
of its own and in turn: a DuckDB scan that sums one column, and what a user would write by hand with
polars or pandas: route and rate joined by client, work type and role as of the day, without
rounding by entry, without blocks, and without any row accounted for. Those that are not installed
are left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import tempfile
from functools import partial
from pathlib import Path

from bench import generate
from bench.timing import TOOL, Timed, rounds

CLIENTS = 10_000

EXPORT = """\
format: 1
kind: entry_export
name: bench
columns:
  client: Customer Name
  date: Worked Date
  start: Start Time
  hours: Hours Worked
  work_type: Billing Code Name
  role: Role
  ticket: Ticket Number
"""


def write_entries(folder: Path, count: int) -> tuple[Path, Path]:
    """The entries as CSV and as Parquet. DuckDB makes them: a loop in Python takes minutes."""
    import duckdb

    work_types = [_title(name) for name in generate.WORK_TYPES]
    roles = [_title(name) for name in generate.ROLES]
    text, parquet = folder / "entries.csv", folder / "entries.parquet"
    made = duckdb.connect()
    made.execute("SET preserve_insertion_order = false")
    # Knuth's multiplier spreads numbers without any chance in it.
    made.execute(
        f"""
        CREATE VIEW made AS SELECT
          'Client Number ' || (a % {CLIENTS}) || ' S.r.l.' AS "Customer Name",
          (DATE '2027-01-01' + CAST(b % 700 AS INTEGER)) AS "Worked Date",
          lpad((7 + b // 7 % 12)::VARCHAR, 2, '0') || ':'
            || lpad((15 * (b // 11 % 4))::VARCHAR, 2, '0') AS "Start Time",
          CAST((1 + b // 13 % 32) * 0.25 - 0.08 * (b // 17 % 2) AS DECIMAL(6, 2))
            AS "Hours Worked",
          {work_types}[1 + a // 10007 % {len(work_types)}] AS "Billing Code Name",
          {roles}[1 + a // 20011 % {len(roles)}] AS "Role",
          'T' || (a // 3) AS "Ticket Number"
        FROM (SELECT n * 2654435761 % 4294967296 AS a, n * 40503 % 1048573 AS b
              FROM range(1, {count} + 1) t(n))
        """
    )
    made.execute(f"COPY made TO '{text}' (FORMAT csv, HEADER)")
    made.execute(f"COPY made TO '{parquet}' (FORMAT parquet)")
    made.close()
    return text, parquet


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


SCAN = """
import duckdb, sys
path = sys.argv[1]
source = f"read_parquet('{path}')" if path.endswith("parquet") else f"read_csv('{path}')"
print(duckdb.sql(f'SELECT SUM("Hours Worked") FROM {source}').fetchall())
"""

POLARS = """
import polars, sys
path, routes = sys.argv[1:]
read = polars.scan_parquet if path.endswith("parquet") else polars.scan_csv
entries = read(path)
if not path.endswith("parquet"):
    entries = entries.with_columns(polars.col("Worked Date").str.to_date())
routes = polars.scan_csv(routes, try_parse_dates=True)
joined = entries.join(
    routes, left_on=["Customer Name", "Billing Code Name"], right_on=["client", "work_type"]
).filter(polars.col("Worked Date").is_between(polars.col("valid_from"), polars.col("valid_to")))
joined = joined.filter((polars.col("role") == polars.col("Role")) | (polars.col("role") == "*"))
money = (polars.col("Hours Worked") * polars.col("rate").fill_null(0)).round(2)
out = joined.group_by("Customer Name", "currency", "billing").agg(money.sum(), polars.len())
print(out.collect(engine="streaming").height)
"""

PANDAS = """
import pandas, sys
path, routes = sys.argv[1:]
read = pandas.read_parquet if path.endswith("parquet") else pandas.read_csv
entries = read(path)
entries["Worked Date"] = pandas.to_datetime(entries["Worked Date"]).astype("datetime64[ns]")
routes = pandas.read_csv(routes, parse_dates=["valid_from", "valid_to"])
routes = routes.rename(columns={"client": "Customer Name", "work_type": "Billing Code Name"})
by = ["Customer Name", "Billing Code Name"]
entries = entries.sort_values("Worked Date")
routes = routes[routes.role == "*"].sort_values("valid_from")
routes["valid_from"] = routes["valid_from"].astype("datetime64[ns]")
joined = pandas.merge_asof(entries, routes, left_on="Worked Date", right_on="valid_from", by=by)
joined["money"] = (joined["Hours Worked"].astype(float) * joined.rate.fillna(0)).round(2)
print(len(joined.groupby(["Customer Name", "currency", "billing"]).money.sum()))
"""


def write_routes(folder: Path, catalogue: Path) -> Path:
    """The routing table as `compile` writes it, under the names that the entries use."""
    import csv

    from billing_dsl.analysis.routes import Router
    from billing_dsl.cli import edge
    from billing_dsl.cli.checking import standing

    found = standing(str(catalogue), edge.today(), use_store=False, quiet=True)
    compilation = found.compilation()
    if compilation is None:
        raise SystemExit("the catalogue of the bench has errors: see `billing-dsl check`")
    router = Router(compilation.declared.shared, compilation.declared.cells)
    path = folder / "routes.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        names = "client work_type role valid_from valid_to billing rate currency"
        writer.writerow(names.split())
        for views in found.families():
            for view in views:
                for route in router.of(view):
                    role = route.role if route.role == "*" else _title(route.role)
                    writer.writerow(
                        [
                            view.client.organization,
                            _title(route.work_type),
                            role,
                            route.life.start,
                            route.life.end,
                            route.billing.value,
                            route.rate,
                            route.currency,
                        ]
                    )
    return path


def _change(catalogue: Path) -> None:
    """A change of two tiers and a rate: of every second entry or so it is known that it flips."""
    for name, old, new in (
        ("tiers/silver.yaml", "onsite-support: block", "onsite-support: hourly"),
        ("tiers/gold.yaml", "user-training: recurring", "user-training: block"),
        ("roles/architect.yaml", "EUR: 100.00", "EUR: 104.00"),
    ):
        path = catalogue / name
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise SystemExit(f"{name} does not say `{old}`")
        path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def _forget_entries(kept: Path) -> None:
    """Leaves what is kept of catalogues, and of no file of entries."""
    for path in kept.glob("entries-*"):
        path.unlink()


def measured(count: int, runs: int) -> list[tuple[str, list[Timed]]]:
    """Every command over both forms of the entries."""
    found: list[tuple[str, list[Timed]]] = []
    with tempfile.TemporaryDirectory(prefix="bench-replay-") as name:
        folder = Path(name)
        catalogue, before = folder / "catalogue", folder / "before"
        for one in (catalogue, before):
            generate.write(one, CLIENTS)
            (one / "entries.yaml").write_text(EXPORT, encoding="utf-8", newline="\n")
        _change(catalogue)
        files = write_entries(folder, count)
        routes = str(write_routes(folder, catalogue))
        kept = folder / "kept"
        for file in files:
            replay = [*TOOL, "replay", str(catalogue), "--entries", str(file), "--format", "json"]
            both = [*replay, "--base", f"{before}/"]
            unread = partial(_forget_entries, kept)
            commands = [
                Timed("DuckDB scan", [sys.executable, "-c", SCAN, str(file)]),
                Timed("`replay`, nothing kept", replay),
                Timed("`replay --base`, nothing kept", both),
                Timed("`replay`, new entries", replay, before=unread, cache=str(kept)),
                Timed("`replay --base`, new entries", both, before=unread, cache=str(kept)),
                Timed("`replay`, kept entries", replay, cache=str(kept)),
                Timed("`replay --base`, kept entries", both, cache=str(kept)),
            ]
            for library, program in (("polars", POLARS), ("pandas", PANDAS)):
                if importlib.util.find_spec(library) is not None:
                    by_hand = [sys.executable, "-c", program, str(file), routes]
                    commands.append(Timed(f"{library}, by hand", by_hand))
            rounds(commands, runs)
            found.append((file.suffix.lstrip("."), commands))
    return found


def section(count: int, runs: int) -> list[str]:
    """The measurements as lines of a page: ratios to the scan, and peak memory."""
    lines = [
        f"## Replay of {count:,} entries of {CLIENTS:,} clients",
        "",
        "| | wall s | of the scan | processor s | of the scan | peak MiB |",
        "|---|---|---|---|---|---|",
    ]
    for form, commands in measured(count, runs):
        scan, spent = statistics.median(commands[0].wall), statistics.median(commands[0].cpu)
        for timed in commands:
            wall, cpu = statistics.median(timed.wall), statistics.median(timed.cpu)
            lines.append(
                f"| {form}: {timed.name} | {wall:.2f} | {wall / scan:.2f} | {cpu:.2f} | "
                f"{cpu / spent:.2f} | {max(timed.peak):.0f} |"
            )
    return [*lines, ""]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m bench.replay", description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    wanted = parser.parse_args()
    print("\n".join(section(wanted.entries, wanted.runs)))


if __name__ == "__main__":
    main()
