from __future__ import annotations

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier

HOURLY = "contracts: [{name: hourly, type: time_and_materials}]"


def client(name: str) -> str:
    return f"kind: client\nname: {name}\nlegal_name: Somebody\n"


@pytest.mark.parametrize("name", ["con", "prn", "aux", "nul", "com1", "lpt9"])
def test_what_windows_keeps_for_itself_names_no_client_agreement_or_tier(name: str) -> None:
    level = tier(f"{name}@1", "remote-support: hourly", HOURLY)
    signed = agreement(name, f"{name}@1", "services: {}").replace(f"{name}-2027", name)
    subjects = [one.subject for one in found("BD533", level, signed, client(name), SEAT, ENGINEER)]
    assert sorted(subjects) == [f"agreement/{name}", f"client/{name}", f"tier/{name}@1"]


@pytest.mark.parametrize("name", ["console", "com", "com0", "com10", "aux-1", "null", "lpt"])
def test_names_like_it_are_fine(name: str) -> None:
    assert found("BD533", client(name), ENGINEER) == []
