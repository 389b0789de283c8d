"""Where a later tier's document decides, its lines are named, not those of the first tier."""

from __future__ import annotations

from billing_dsl import pipeline
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.rules._examples import AS_OF, completed
from tests.unit.rules.checking import ENGINEER, SEAT, agreement, found, tier

ACME = "kind: client\nname: acme\nlegal_name: Acme\n"
MOVE = "[{from: 2027-01-01, tier: silver@1}, {from: 2027-07-01, tier: gold@1}]"
BLOCK = (
    "blocks:\n  - {contract: block, hours: 9, rate: 70.00, start: 2027-01-01, end: 2027-12-31}\n"
)
SETTLED = "remote-support: recurring, onsite-support: block"


def client(name: str, *documents: str) -> ClientCoverage:
    files = completed("\n---\n".join(document.strip("\n") for document in documents))
    readings = [pipeline.read_file(path, files[path]) for path in sorted(files)]
    checked = pipeline.check(readings, AS_OF, (), keep=True)
    return next(view for view in checked.clients if view.client.name == name)


def ring(back: str) -> str:
    return (
        "contracts:\n"
        "  - {name: recurring, type: recurring_service, services: [seat]}\n"
        "  - {name: block, type: block_hours}\n"
        f"  - {{name: hourly, type: time_and_materials{back}}}\n"
    )


def test_a_ring_of_a_later_tier_is_told_at_that_tier() -> None:
    silver = tier("silver@1", SETTLED, ring(""))
    gold = tier(
        "gold@1", "remote-support: recurring, onsite-support: none", ring(", falls_to: recurring")
    )
    documents = (silver, gold, agreement("acme", MOVE, BLOCK), ACME, SEAT, ENGINEER)
    (one,) = found("BD302", *documents)
    text = completed("\n---\n".join(document.strip("\n") for document in documents))
    second = text["example.yaml"].decode().split("\n").index("name: gold")
    assert one.subject == "tier/gold@1"
    assert one.route == "contracts.hourly.falls_to"
    assert one.message.endswith(": `hourly` → `recurring` → `block` → `hourly`")
    assert one.label == "`onsite-support` goes round from 2027-07-01 to 2027-12-31"
    named = [one.span, *(note.span for note in one.related)]
    assert all(span.line > second for span in named)


def test_the_link_of_a_contract_that_a_tier_no_longer_has_is_in_the_tier_that_had_it() -> None:
    silver = tier(
        "silver@1",
        "remote-support: recurring, onsite-support: block",
        "contracts:\n"
        "  - {name: recurring, type: recurring_service, services: [seat]}\n"
        "  - {name: block, type: block_hours, falls_to: hourly}\n"
        "  - {name: hourly, type: time_and_materials}\n",
    )
    bronze = tier(
        "gold@1",
        "remote-support: recurring, onsite-support: recurring",
        "contracts:\n  - {name: recurring, type: recurring_service, services: [seat]}\n",
    )
    view = client("acme", silver, bronze, agreement("acme", MOVE, BLOCK), ACME, SEAT, ENGINEER)
    block = next(contract for contract in view.contracts if contract.name == "block")
    before, after = block.phases
    assert after.retired
    assert block.place_of_link(after) == block.place_of_link(before)
