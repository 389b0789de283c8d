"""What becomes of a client's work on one day in two catalogues, entry by entry: an oracle.

Like the simulator it reads plain documents, with plain loops, and uses nothing of the package. What
is the same thing on both sides is decided by name; readings where a name is on one side only:

- contracts of one agreement, of a type of which both sides have as many whose name and type the
  other side does not have, are the same in the order in which they come;
- a sub-issue that one side does not know is there what a ticket without any is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.oracle.simulator import Cell, Simulator, Start, four_decimals, tier_contract


@dataclass(frozen=True, slots=True)
class Plain:
    """What becomes of one piece of work."""

    outcome: str
    agreement: str
    contract: str
    type: str
    billable: bool
    billing: str
    rate: Decimal | None
    unit: str
    currency: str
    overage: Decimal | None
    debit: Decimal | None
    least: Decimal | None
    most: Decimal | None
    after_hours: str


Contracts = Mapping[str, Sequence[tuple[str, str]]]
"""Name and type of the contracts of each agreement, in the order in which they come to be."""


def contracts_of(oracle: Simulator) -> Contracts:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, agreement in oracle.agreements.items():
        own: list[tuple[str, str]] = []
        if "contracts" in agreement:
            own = [(contract["name"], contract["type"]) for contract in agreement["contracts"]]
        else:
            for piece in oracle.pieces[name]:
                for contract in piece.links:
                    declared = piece.tier and tier_contract(piece.tier, contract)
                    if declared and contract not in [known for known, _ in own]:
                        own.append((contract, declared["type"]))
        found[name] = own
    return found


def renamed(before: Contracts, after: Contracts) -> dict[tuple[str, str], str]:
    """What contracts before are called after, by agreement and name, where it is otherwise."""
    names: dict[tuple[str, str], str] = {}
    for agreement, own in before.items():
        theirs = list(after.get(agreement, ()))
        gone = [one for one in own if one not in theirs]
        new = [one for one in theirs if one not in own]
        for name, type_ in gone:
            if name in [known for known, _ in theirs]:
                names[agreement, name] = f"{name} (gone)"
            old_ones = [one for one, kind in gone if kind == type_]
            new_ones = [one for one, kind in new if kind == type_]
            if len(old_ones) == len(new_ones):
                names[agreement, name] = new_ones[old_ones.index(name)]
    return names


def fate(
    oracle: Simulator,
    client: str,
    cell: Cell,
    day: date,
    start: Start | None,
    names: Mapping[tuple[str, str], str],
) -> Plain | None:
    """What becomes of work on a day; None where there is no such work, client or agreement."""
    work_type, role, sub_issue = cell
    if client not in oracle.client_documents:
        return None
    if work_type not in oracle.work_types or role not in oracle.roles:
        return None
    if sub_issue not in oracle.sub_issues:
        sub_issue = None
    answer = oracle.end_of(client, work_type, role, sub_issue, day, start)
    if answer is None:
        return None
    declared = oracle.work_types[work_type]
    overage = debit = None
    after_hours = declared.get("after_hours", "")
    if answer.contract is not None and answer.agreement is not None:
        written = oracle._declared(answer.agreement, answer.contract, day)
        if written.get("time_entry", "start_stop") != "start_stop":
            after_hours = ""  # whoever writes hours alone does not say when they were
    if answer.billing in ("block", "overage"):
        assert answer.agreement is not None
        assert answer.contract is not None
        contract = oracle._declared(answer.agreement, answer.contract, day)
        factors = contract.get("block_factors", {})
        debit = Decimal(factors.get(role, oracle.roles[role].get("block_factor", 1)))
        overage = oracle._overage(answer.agreement, contract, role, answer.currency, day)
        overage = None if overage is None else four_decimals(overage)
    hours = answer.unit == "hour"
    least, most = declared.get("minimum_hours"), declared.get("maximum_hours")
    agreement, name = answer.agreement or "", answer.contract or ""
    return Plain(
        answer.outcome,
        agreement,
        names.get((agreement, name), name),
        answer.contract_type or "",
        declared.get("billable", True),
        answer.billing,
        answer.rate,
        answer.unit or "",
        answer.currency if (answer.rate, overage) != (None, None) else "",
        overage,
        debit,
        Decimal(least) if hours and least is not None else None,
        Decimal(most) if hours and most is not None else None,
        after_hours,
    )


def starts(before: Simulator, after: Simulator, client: str) -> list[tuple[str, bool, bool]]:
    """The agreements of a client beside its default ones, and on which side they are."""
    found: dict[str, list[bool]] = {}
    for side, oracle in enumerate((before, after)):
        for name, agreement in oracle.agreements.items():
            if agreement["client"] == client and not agreement.get("default", True):
                found.setdefault(name, [False, False])[side] = True
    return [(name, here[0], here[1]) for name, here in sorted(found.items())]


def own_start(oracle: Simulator, agreement: str, day: date) -> Start | None:
    """Where work starts that is assigned to an agreement."""
    if agreement not in oracle._agreements_in_force(oracle.agreements[agreement]["client"], day):
        return None
    declared = oracle.agreements[agreement]
    if "contracts" in declared:
        return agreement, declared["contracts"][0]["name"]
    contract = oracle._piece(agreement, day).default
    return None if contract is None else (agreement, contract)
