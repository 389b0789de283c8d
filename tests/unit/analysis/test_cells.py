"""Sets of cells cut into boxes: exact, disjoint, and quick however many sub-issues there are."""

from __future__ import annotations

from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from billing_dsl import pipeline
from billing_dsl.analysis.cells import Cells
from billing_dsl.rules._examples import AS_OF, completed


def cells(work_types: int, roles: int, sub_issues: int) -> Cells:
    documents = [
        *(
            f"kind: work_type\nname: w{n:03}\ntitle: W {n}\nbilling_class: core\ndescription: It.\n"
            for n in range(work_types)
        ),
        *(f"kind: role\nname: r{n:03}\ntitle: R {n}\nrate: 85.00\n" for n in range(roles)),
        *(f"kind: sub_issue\nname: s{n:03}\ntitle: S {n}\nissue: I\n" for n in range(sub_issues)),
    ]
    files = completed("---\n".join(documents))
    readings = [pipeline.read_file(path, files[path]) for path in sorted(files)]
    declared = pipeline.check(readings, AS_OF, ()).common.declared
    assert declared is not None
    return declared.cells


SMALL = cells(3, 2, 2)


@given(st.integers(0, (1 << len(SMALL)) - 1))
def test_boxes_hold_exactly_the_cells_of_a_set(mask: int) -> None:
    held = [cell for cell in SMALL.each(SMALL.all) if mask & SMALL.bit(cell)]
    assert list(SMALL.each(mask)) == held
    boxed = [
        (work_type, role, sub_issue)
        for box in SMALL.boxes(mask)
        for work_type in box.work_types
        for role in box.roles
        for sub_issue in box.sub_issues
    ]
    assert len(boxed) == len(set(boxed))
    assert set(boxed) == {(cell.work_type, cell.role, cell.sub_issue) for cell in held}


def test_a_long_list_of_sub_issues_is_not_gone_through_for_each_work_type_and_role() -> None:
    wide = cells(100, 60, 200)
    mask = wide.all & ~wide.by_sub_issue["s007"] & ~wide.by_role["r003"]
    begun = process_time()
    (box,) = wide.boxes(mask)
    took = process_time() - begun
    assert (len(box.work_types), len(box.roles), len(box.sub_issues)) == (100, 59, 200)
    assert took < 2  # it takes hundredths; every cell by itself took a minute
