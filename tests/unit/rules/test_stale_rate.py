from __future__ import annotations

from datetime import date

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, found, tier

DUE = "review_by: 2026-12-31\n"
BUNDLE = SEAT.replace("kind: service", "kind: service_bundle") + "services: [seat]\n"
SILVER = tier("silver@1", "remote-support: hourly")


@pytest.mark.parametrize(
    ("document", "subject", "words"),
    [
        (ENGINEER, "role/engineer", "role `engineer`"),
        (SEAT, "service/seat", "service `seat`"),
        (BUNDLE, "service_bundle/seat", "service bundle `seat`"),
        (SILVER, "tier/silver@1", "tier `silver@1`"),
    ],
)
def test_whatever_is_to_be_reviewed(document: str, subject: str, words: str) -> None:
    (one,) = found("BD406", document + DUE)
    assert (one.subject, one.route) == (subject, "review_by")
    assert one.message == f"{words} was to be reviewed by 2026-12-31"


def test_its_last_day_is_not_past() -> None:
    assert found("BD406", ENGINEER + DUE, as_of=date(2026, 12, 31)) == []
    assert found("BD406", ENGINEER + DUE, as_of=date(2027, 1, 1)) != []
    assert found("BD406", ENGINEER) == []
