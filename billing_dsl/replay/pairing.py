"""What the clients, work types and contracts of one side are called on the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from billing_dsl.changes.pairs import Side as Which
from billing_dsl.changes.pairs import Work, same, same_agreements, same_contracts
from billing_dsl.replay.routed import RoutedContract
from billing_dsl.replay.run import Billed
from billing_dsl.replay.side import Side


@dataclass(frozen=True, slots=True)
class Pairing:
    """The names after by those before. What is there before only keeps its name.

    Contracts are named AGREEMENT/CONTRACT. `same` holds the number before of each contract on which
    work may end, with the number after of the same one.
    """

    clients: Mapping[str, str]
    work_types: Mapping[str, str]
    contracts: Mapping[str, str]
    same: Mapping[int, int]


def pairing(before: Side, after: Side, was: Billed, now: Billed) -> Pairing:
    """Who is who in two catalogues through which the same entries were sent."""
    clients = same(
        before.clients.values(),
        after.clients.values(),
        lambda one: (one.organization, one.number),
    )
    work = Work(before.declared, after.declared)
    work_types = {
        one.name: work.called(Which.BEFORE, one.name) for one in before.declared.shared.work_types
    }
    contracts = _contracts(was.routing.written_out, now.routing.written_out, clients)
    numbers = {one.id: number for number, one in enumerate(now.routing.contracts, 1)}
    paired = {
        number: numbers[contracts[one.id]]
        for number, one in enumerate(was.routing.contracts, 1)
        if contracts[one.id] in numbers
    }
    return Pairing(clients, work_types, contracts, paired)


def _contracts(
    before: Iterable[RoutedContract], after: Iterable[RoutedContract], clients: Mapping[str, str]
) -> Mapping[str, str]:
    earlier, later = _by_agreement(before), _by_agreement(after)
    agreements = same_agreements(
        [own[0].agreement for own in earlier.values()],
        [own[0].agreement for own in later.values()],
        clients,
    )
    found: dict[str, str] = {}
    for agreement, own in earlier.items():
        other = agreements.get(agreement, agreement)
        theirs = later.get(other, [])
        pairs = same_contracts(own, theirs)
        taken = {one.name for one in theirs}
        for one in own:
            # A name that is used again for a contract of another type is not the same contract.
            lone = f"{one.name} (before)" if one.name in taken else one.name
            found[one.id] = f"{other}/{pairs.get(one.name, lone)}"
    return found


def _by_agreement(contracts: Iterable[RoutedContract]) -> dict[str, list[RoutedContract]]:
    found: dict[str, list[RoutedContract]] = {}
    for one in contracts:
        found.setdefault(one.agreement.name, []).append(one)
    return found
