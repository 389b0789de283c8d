from __future__ import annotations

import pytest

from tests.unit.rules.checking import found, work_type


def test_the_least_is_more_than_the_most() -> None:
    (one,) = found("BD423", work_type("travel", minimum_hours="2", maximum_hours="1.5"))
    assert one.message == "the least hours of an entry, 2, are more than the most, 1.5"
    assert (one.subject, one.route) == ("work_type/travel", "minimum_hours")
    assert [note.message for note in one.related] == ["the most"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"minimum_hours": "2"},
        {"maximum_hours": "2"},
        {"minimum_hours": "2", "maximum_hours": "2"},
    ],
)
def test_no_entry_is_shut_out(fields: dict[str, str]) -> None:
    assert found("BD423", work_type("travel", **fields)) == []
