"""The coverage against an independent simulator, and laws that every catalogue keeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from billing_dsl.analysis.answer import Answer, NoAnswer, answer
from billing_dsl.analysis.cells import Cell
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.analysis.walk import Outcome
from billing_dsl.model import money
from billing_dsl.pipeline import Checked, FileReading, check
from billing_dsl.rules import rules
from billing_dsl.source.document import Document
from tests.oracle import simulator
from tests.oracle.strategies import FIRST, catalogues, interesting_days

Plain = dict[str, Any]


def checked(documents: Sequence[Plain]) -> Checked:
    """A catalogue of plain documents, one to a file, checked with every client's coverage kept."""
    readings = [
        FileReading(path, (Document(path, 0, document),), (), ())
        for path, document in ((f"{n:04}.yaml", document) for n, document in enumerate(documents))
    ]
    return check(readings, FIRST, rules(), keep=True)


def end_of(
    view: ClientCoverage, cell: Cell, day: date, start: tuple[str, str] | None
) -> simulator.Answer | None:
    """The tool's answer in the simulator's words."""
    found = answer(view, cell, day, "/".join(start) if start else "")
    if isinstance(found, NoAnswer):
        return None
    assert isinstance(found, Answer)
    contract = found.contract
    return simulator.Answer(
        found.outcome.value,
        contract.agreement.name if contract else None,
        contract.name if contract else None,
        contract.type.value if contract else None,
        found.billing.value,
        None if found.rate.amount is None else money.stored(found.rate.amount),
        found.currency,
        found.unit.value if found.unit is not None else None,
        tuple(hop.contract.id for hop in found.path.hops),
    )


def routed(view: ClientCoverage, cell: Cell, day: date, start: str) -> tuple[str, str]:
    """Outcome and last contract by the masks, from a contract by its id."""
    for covered in view.covered:
        if day in covered.segment.life:
            segment = covered.segment
            bit = view.cells.bit(cell)
            for end in view.family.routing(segment, segment.position(start)):
                if end.cells & bit:
                    last = segment.contracts[end.contract].id
                    return end.outcome.value, last if end.outcome is Outcome.COVERED else ""
    raise AssertionError(f"{cell} from {start} on {day} ends nowhere")


@given(catalogues(), st.data())
def test_the_coverage_is_the_simulators(documents: list[Plain], data: st.DataObject) -> None:
    oracle = simulator.Simulator(documents)
    result = checked(documents)
    days = interesting_days(documents)
    for view in result.clients:
        name = view.client.name
        for day in data.draw(st.lists(st.sampled_from(days), min_size=1, max_size=4)):
            cells = [Cell(w, r, s or "") for w, r, s in oracle.cells(day)]
            starts: list[tuple[str, str] | None] = [None, *oracle.contracts(name, day)]
            for cell in cells:
                for start in starts:
                    expected = oracle.end_of(
                        name, cell.work_type, cell.role, cell.sub_issue or None, day, start
                    )
                    assert end_of(view, cell, day, start) == expected, (name, cell, day, start)
                    if expected is not None:
                        begin = "/".join(start) if start else expected.path[0]
                        outcome, last = routed(view, cell, day, begin)
                        assert outcome == expected.outcome
                        assert last == (
                            f"{expected.agreement}/{expected.contract}" if expected.contract else ""
                        )
