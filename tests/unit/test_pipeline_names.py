"""Names that two documents may not share."""

from __future__ import annotations

from tests.unit.rules.checking import ENGINEER, SEAT, diagnostics

BUNDLE = "kind: service_bundle\nname: seat\ntitle: Pack\nperiod: monthly\nservices: [phone]\n"
PHONE = SEAT.replace("name: seat", "name: phone").replace("Managed seat", "Telephone")


def test_a_bundle_has_no_name_of_a_service() -> None:
    found = [one for one in diagnostics(SEAT, PHONE, BUNDLE, ENGINEER) if one.code == "BD202"]
    assert [one.message for one in found] == [
        "a service and a service bundle are both named `seat`"
    ]
    other = BUNDLE.replace("name: seat", "name: pack")
    assert all(one.code != "BD202" for one in diagnostics(SEAT, PHONE, other, ENGINEER))
