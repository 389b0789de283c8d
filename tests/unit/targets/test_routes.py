"""Exactly one row of the routing table matches each kind of work and each day, and it is right."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from billing_dsl.analysis.pricing import Billing, Unit
from billing_dsl.analysis.routes import EVERY, Landing, Router, fewest
from billing_dsl.analysis.walk import Outcome
from billing_dsl.cli.edge import read_folder
from billing_dsl.cli.reading import read_files
from billing_dsl.kinds._contract import ContractType
from billing_dsl.pipeline import Checked, check, silently
from billing_dsl.targets.routes import HEADER, routes
from tests.goldens import ROOT, Golden
from tests.oracle import simulator
from tests.oracle.simulator import rate_text
from tests.oracle.strategies import FIRST, catalogues, interesting_days
from tests.test_properties import checked
from tests.unit.targets.compiling import of_clients, told

Plain = dict[str, Any]
HERE = Path(__file__).parent


def written(result: Checked) -> str:
    declared = result.common.declared
    assert declared is not None
    [file] = told(of_clients(declared, result.clients, FIRST), routes).values()
    assert file.path == "routing/routes.csv"
    assert file.kind == "routes"
    return file.content.decode()


def table(result: Checked) -> list[dict[str, str]]:
    """The rows of the file, read back."""
    text = written(result)
    assert text.startswith(HEADER + "\n")
    assert "\r" not in text
    return list(csv.DictReader(io.StringIO(text)))


def matching(rows: Sequence[Mapping[str, str]], cell: simulator.Cell) -> list[Mapping[str, str]]:
    """The rows of one client and day that mean a cell: `*` is whatever no other row names."""
    work_type, role, sub_issue = cell
    rows = [row for row in rows if row["work_type"] == work_type]
    roles = {row["role"] for row in rows}
    sub_issues = {row["sub_issue"] for row in rows}
    return [
        row
        for row in rows
        if row["role"] == (role if role in roles else EVERY)
        and row["sub_issue"] == (sub_issue if sub_issue in sub_issues else EVERY)
    ]


@given(catalogues())
def test_one_row_matches_each_cell_and_says_what_the_simulator_says(documents: list[Plain]) -> None:
    oracle = simulator.Simulator(documents)
    result = checked(documents)
    rows = table(result)
    for view in result.clients:
        name = view.client.name
        own = [row for row in rows if row["client"] == name]
        for day in interesting_days(documents):
            today = [row for row in own if row["valid_from"] <= day.isoformat() <= row["valid_to"]]
            start = oracle.default(name, day)
            if start is None:
                assert today == []
                continue
            assert len({(row["valid_from"], row["work_type"]) for row in today}) == len(
                {row["work_type"] for row in today}
            )
            for cell in oracle.cells(day):
                expected = oracle.end_of(name, cell[0], cell[1], cell[2], day)
                assert expected is not None
                [row] = matching(today, cell)
                assert row == {
                    **row,
                    "agreement": expected.agreement or start[0],
                    "outcome": expected.outcome,
                    "contract": expected.contract or "",
                    "contract_type": expected.contract_type or "",
                    "billing": expected.billing,
                    "rate": rate_text(expected.rate) or "",
                    "currency": expected.currency,
                    "unit": expected.unit or "",
                }


@given(catalogues())
def test_ranges_are_as_long_as_can_be_and_no_row_is_idle(documents: list[Plain]) -> None:
    result = checked(documents)
    declared = result.common.declared
    assert declared is not None
    router = Router(declared.shared, declared.cells)
    for view in result.clients:
        found = list(router.of(view))
        ranges: dict[tuple[str, date, date], list[tuple[object, ...]]] = {}
        for route in found:
            said = (
                route.role,
                route.sub_issue,
                route.agreement,
                route.outcome,
                route.contract,
                route.contract_type,
                route.billing,
                route.rate,
                route.unit,
            )
            key = (route.work_type, route.life.start, route.life.end)
            ranges.setdefault(key, []).append(said)
        for (work_type, _, end), rows in ranges.items():
            for (other, begin, _), following in ranges.items():
                if other == work_type and (begin - end).days == 1:
                    assert rows != following
            assert [row[:2] for row in rows] == sorted({row[:2] for row in rows})
        assert [(r.work_type, r.life.start) for r in found] == sorted(
            (r.work_type, r.life.start) for r in found
        )


def landing(contract: str) -> Landing:
    return Landing(
        Outcome.COVERED,
        0,
        contract,
        ContractType.TIME_AND_MATERIALS,
        Billing.HOURLY,
        Decimal(90),
        Unit.HOUR,
    )


A, B, C = landing("a"), landing("b"), landing("c")


@pytest.mark.parametrize(
    ("by_role", "expected"),
    [
        pytest.param({"r": (A,)}, [("r", "*", A)], id="one role is named"),
        pytest.param({"r": (A,), "s": (A,)}, [("*", "*", A)], id="two alike are every one"),
        pytest.param(
            {"r": (A,), "s": (B,)}, [("r", "*", A), ("s", "*", B)], id="two unlike are named"
        ),
        pytest.param(
            {"q": (B,), "r": (A,), "s": (B,), "t": (A,)},
            [("*", "*", B), ("r", "*", A), ("t", "*", A)],
            id="of groups as large, the one with the first name",
        ),
        pytest.param(
            {"q": (C,), "r": (A,), "s": (A,), "t": (A,), "u": (C,)},
            [("*", "*", A), ("q", "*", C), ("u", "*", C)],
            id="the largest group",
        ),
        pytest.param(
            {"r": (A, B, A), "s": (A, B, A)},
            [("*", "*", A), ("*", "x", B)],
            id="a sub-issue that changes nothing is not named",
        ),
        pytest.param(
            {"q": (C, C, C), "r": (A, B, A), "s": (A, B, A)},
            [("*", "*", A), ("*", "x", B), ("q", "*", C), ("q", "x", C)],
            id="rows are all roles by all sub-issues",
        ),
    ],
)
def test_the_fewest_rows(
    by_role: Mapping[str, tuple[Landing, ...]], expected: list[tuple[str, str, Landing]]
) -> None:
    width = len(next(iter(by_role.values()))) - 1
    assert list(fewest(by_role, ("x", "y")[:width])) == expected


def shipped() -> Checked:
    folder = read_folder(str(ROOT / "catalogue"))
    return check(read_files(folder.texts, silently), FIRST, (), keep=True)


def test_the_routes_of_a_client_who_moves_up_a_tier(golden: Golden) -> None:
    lines = written(shipped()).splitlines(keepends=True)
    kept = [line for line in lines if line.startswith(("client,", "torrente-hotels,"))]
    golden(HERE / "golden" / "routes.csv", "".join(kept))
