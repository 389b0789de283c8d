"""An agreement written out: what was signed, what is paid, and what its contracts do with work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from billing_dsl.analysis import agreed
from billing_dsl.analysis.causes import WORDS
from billing_dsl.analysis.pricing import contract_rates
from billing_dsl.analysis.views import ClientCoverage
from billing_dsl.book.contract import Contract, Phase
from billing_dsl.kinds._contract import NOWHERE, ContractType, Exclusions
from billing_dsl.kinds.agreement import Agreement, TierException
from billing_dsl.kinds.role import Role
from billing_dsl.kinds.work_type import RoleRate
from billing_dsl.model import money
from billing_dsl.model.calendar import Stretch, runs
from billing_dsl.model.money import Price
from billing_dsl.report._prices import (
    amount_in_words,
    number,
    price_as_json,
    price_in,
    rate_as_json,
    sources,
)
from billing_dsl.report._shown import Plain, exclusions_as_json
from billing_dsl.report._table import listing, table
from billing_dsl.report._terms import PAYMENTS, facts, payments, terms_as_json
from billing_dsl.report._visible import visible

BY_THE_HOUR = (ContractType.TIME_AND_MATERIALS, ContractType.RETAINER)
"""The types of contract on which an hour costs what was agreed for its role."""


def as_text(view: ClientCoverage, agreement: Agreement) -> str:
    """An agreement as tables: the whole of it, then contract by contract."""
    currency = view.client.currency
    text = f"agreement {agreement.name} of client {agreement.client}, {agreement.life}\n\n"
    text += listing(list(_facts(view, agreement)))
    sold = [
        [
            units.service.name,
            number(units.units),
            amount_in_words(units.price.amount, currency),
            units.service.period.value.replace("_", " "),
            str(life),
            _of_list(units, currency),
        ]
        for life, units in agreed.sold(view.shared, agreement, currency)
    ]
    text += _table(["service", "units", "price of one", "billed", "days", "from"], sold)
    for found in agreement.exceptions:
        what = f"exception for {WORDS[found.dimension]} {found.name}"
        goal = "no contract" if found.goes_to == NOWHERE else found.goes_to
        text += f"\n{what}: goes to {goal}, {_days(found, agreement)}\n"
        text += f"  {visible(found.reason)} ({visible(found.owner)})\n"
    contracts = _contracts(view, agreement)
    for contract in contracts:
        text += f"\n{_contract(view, contract)}"
    for name, life, onward in _not_made(view, agreement):
        text += f"\n{name}: not made, for no hours are bought, {life}\n"
        text += f"  its work goes on to {onward or 'no contract'}\n"
    modified = [w.name for w in view.shared.work_types if not isinstance(w.rate, RoleRate)]
    roles = view.shared.roles
    if modified and any(_costs(contract, role) for contract in contracts for role in roles):
        text += f"\nthese work types change what an hour costs: {', '.join(modified)}\n"
    return text


def _contracts(view: ClientCoverage, agreement: Agreement) -> list[Contract]:
    return [contract for contract in view.contracts if contract.agreement is agreement]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], indent: str = "") -> str:
    """A table below a blank line, or nothing where it has no rows."""
    return f"\n{table(head, rows, indent)}" if rows else ""


def _of_list(found: agreed.Sold, currency: str) -> str:
    """Where the price of a unit is written, and what the list says where that is another."""
    written = sources(found.price.sources)
    if found.price.sources == found.listed.sources:
        return written
    return f"{written}; by the list {amount_in_words(found.listed.amount, currency)}"


def _days(exception: TierException, agreement: Agreement) -> Stretch:
    life = agreement.life
    return Stretch(exception.start or life.start, exception.until or life.end)


# --- what was signed -----------------------------------------------------------------------------


def _facts(view: ClientCoverage, agreement: Agreement) -> Iterator[tuple[str, str]]:
    client = view.client
    yield "client", f"{client.title}, billed in {client.currency}"
    if agreement.title != agreement.name:
        yield "title", agreement.title
    word = "tier"
    for life, key, follows in agreed.tiers(view.shared, agreement):
        whole = life == agreement.life
        days = "" if whole else f", {life}"
        yield word, f"{key}{days}" + (f", following the versions of {follows}" if follows else "")
        word = ""
    if agreement.bespoke:
        yield "tier", "none: its contracts are written in the agreement"
    if not agreement.default:
        yield "default", "no: work starts here only where a ticket carries one of its contracts"
    yield from _renewal(view, agreement)
    if agreement.number:
        yield "number", agreement.number
    if agreement.signed:
        yield (
            "signed",
            ", ".join(agreement.signed[w] for w in ("date", "reference") if w in agreement.signed),
        )
    for position, line in enumerate(agreement.notes.splitlines()):
        yield "" if position else "notes", line


def _renewal(view: ClientCoverage, agreement: Agreement) -> Iterator[tuple[str, str]]:
    renewal, settings = agreement.renewal, view.shared.settings
    said = "nothing agreed"
    if renewal is not None:
        how = "automatic" if renewal.automatic else "not automatic"
        said = f"{how}, for {renewal.extend_by}" if renewal.extend_by is not None else how
    yield "renewal", said
    notice, source = settings.renewal_notice, settings.subject
    if renewal is not None and renewal.notice is not None:
        notice, source = renewal.notice, agreement.subject
    latest = notice.before(agreement.life.end)
    yield "notice", f"{notice} before the end, by {latest} (from {source})"


def _not_made(view: ClientCoverage, agreement: Agreement) -> Iterator[tuple[str, Stretch, str]]:
    """The contracts that the client does not have, for no hours are bought on them.

    With the days, and the contract to which their work goes on.
    """
    detours = sorted(view.shared.expander.detours(agreement))
    for (name, onward), alike in groupby(detours, lambda detour: (detour[0], detour[2])):
        for life, _ in runs((days, None) for _, days, _ in alike):
            yield name, life, onward


# --- contract by contract ------------------------------------------------------------------------


def _contract(view: ClientCoverage, contract: Contract) -> str:
    """A contract: what it says, what is paid for it, what an hour costs, and what it excludes."""
    currency = view.client.currency
    text = f"{contract.id}: {contract.type.value.replace('_', ' ')}, {contract.life}\n"
    terms = agreed.terms(contract)
    said: list[tuple[str, str, str]] = []
    paid = {
        (
            f"block of {number(block.hours)} hours",
            f"{price_in(currency, block.rate, block.life)} an hour",
            str(block.life),
            contract.agreement.subject,
        ): None
        for block in contract.blocks
    }
    for life, found in terms:

        def say(price: Price, days: Stretch | None, life: Stretch = life) -> str:
            return price_in(currency, price, days or life)

        source = f"from {found.source}" + ("" if life == contract.life else f", {life}")
        said += [(word, value, source) for word, value in facts(found.written, say)]
        paid.update(dict.fromkeys((*row, found.source) for row in payments(found.written, say)))
    text += listing(said, "  ")
    text += _table([*PAYMENTS, "from"], list(paid), "  ")
    text += _by_role(view, contract)
    return text + _phases(contract)


def _by_role(view: ClientCoverage, contract: Contract) -> str:
    """What an hour of each role costs on a contract, and takes from its block."""
    currency = view.client.currency
    costs: list[tuple[str, Stretch, str, str]] = []
    debits: list[tuple[str, Stretch, str, str]] = []
    for role in view.shared.roles:
        if _costs(contract, role):
            costs += [
                (role.name, life, amount_in_words(rate.amount, currency), sources(rate.sources))
                for life, rate in agreed.rates(contract, role, currency)
            ]
        if contract.type is ContractType.BLOCK_HOURS or _debits(contract, role):
            debits += [
                (role.name, life, number(factor.hours), factor.source)
                for life, factor in agreed.factors(contract, role)
            ]
    word = "overage, an hour" if contract.type is ContractType.BLOCK_HOURS else "an hour"
    return _dated(["role", word, "from"], costs, contract.life) + _dated(
        ["role", "block hours for an hour", "from"], debits, contract.life
    )


def _costs(contract: Contract, role: Role) -> bool:
    """Whether it matters what an hour of a role costs there, or somebody says so in any case."""
    if any(any(contract_rates(contract, phase, role.name)) for phase in contract.phases):
        return True
    if contract.type is ContractType.BLOCK_HOURS:
        return any(found.written.overage_rate is None for _, found in agreed.terms(contract))
    return contract.type in BY_THE_HOUR


def _debits(contract: Contract, role: Role) -> bool:
    return any(role.name in phase.terms.block_factors for phase in contract.phases)


def _dated(
    head: Sequence[str], rows: Sequence[tuple[str, Stretch, str, str]], life: Stretch
) -> str:
    """A table by role; its days stand in it only where they are not the contract's own."""
    if all(days == life for _, days, _, _ in rows):
        return _table(head, [(role, said, source) for role, _, said, source in rows], "  ")
    dated = [(role, said, str(days), source) for role, days, said, source in rows]
    return _table([*head[:-1], "days", head[-1]], dated, "  ")


def _phases(contract: Contract) -> str:
    """What a contract excludes and where that falls, told again only where it changes."""
    text = ""
    told = [(phase.life, (_tier_of(phase), tuple(_phase(phase)))) for phase in contract.phases]
    for life, (tier, rows) in runs(told):
        text += f"\n  {life}{tier}\n" + listing(rows, "    ")
    return text


def _tier_of(phase: Phase) -> str:
    if phase.tier is None:
        return ""
    return f" on {phase.tier.key}" + (", which no longer has it" if phase.retired else "")


def _phase(phase: Phase) -> Iterator[tuple[str, str]]:
    if phase.set_use is not None:
        yield "exclusion set", phase.set_use.name
        yield from _excluded("excluded besides", phase.own)
    if phase.retired:
        yield "excludes", "all work"
    else:
        yield from _excluded("excludes", phase.excludes)
    yield "falls to", phase.falls_to or "no contract" + (", on purpose" if phase.on_purpose else "")


def _excluded(word: str, exclusions: Exclusions) -> Iterator[tuple[str, str]]:
    for things, names in (
        ("", exclusions.work_types),
        ("roles ", exclusions.roles),
        ("sub-issues ", exclusions.sub_issues),
    ):
        if names:
            yield word, f"{things}{', '.join(names)}"
            word = ""


# --- for machines --------------------------------------------------------------------------------


def as_json(view: ClientCoverage, agreement: Agreement) -> Plain:
    """An agreement with its contracts written out; every price with all its steps."""
    currency = view.client.currency
    return {
        "kind": "agreement",
        "name": agreement.name,
        "title": agreement.title,
        "client": agreement.client,
        "currency": currency,
        **_stretch(agreement.life),
        "default": agreement.default,
        "number": agreement.number or None,
        "signed": dict(agreement.signed) or None,
        "notes": agreement.notes or None,
        "renewal": _renewal_as_json(agreement),
        "tiers": [
            {"tier": key, **_stretch(life), "follows": follows or None}
            for life, key, follows in agreed.tiers(view.shared, agreement)
        ],
        "services": [
            {
                "service": found.service.name,
                "period": found.service.period.value,
                **_stretch(life),
                "units": number(found.units),
                **rate_as_json(found.price, currency),
                "list_price": None
                if found.listed.amount is None
                else money.text(found.listed.amount),
            }
            for life, found in agreed.sold(view.shared, agreement, currency)
        ],
        "exceptions": [
            {
                "dimension": found.dimension,
                "name": found.name,
                "goes_to": found.goes_to,
                **_stretch(_days(found, agreement)),
                "reason": found.reason,
                "owner": found.owner,
            }
            for found in agreement.exceptions
        ],
        "contracts": [_contract_as_json(view, one) for one in _contracts(view, agreement)],
        "not_made": [
            {"contract": name, **_stretch(life), "goes_on_to": onward or None}
            for name, life, onward in _not_made(view, agreement)
        ],
    }


def _renewal_as_json(agreement: Agreement) -> Plain | None:
    renewal = agreement.renewal
    if renewal is None:
        return None
    return {
        "automatic": renewal.automatic,
        "extend_by": str(renewal.extend_by) if renewal.extend_by is not None else None,
        "notice": str(renewal.notice) if renewal.notice is not None else None,
    }


def _contract_as_json(view: ClientCoverage, contract: Contract) -> Plain:
    currency = view.client.currency
    return {
        "id": contract.id,
        "type": contract.type.value,
        **_stretch(contract.life),
        "blocks": [
            {
                "hours": money.text(block.hours),
                "rate": price_as_json(block.rate),
                **_stretch(block.life),
            }
            for block in contract.blocks
        ],
        "terms": [
            {**_stretch(life), "from": found.source, **terms_as_json(found.written)}
            for life, found in agreed.terms(contract)
        ],
        "rates": [
            {"role": role.name, **_stretch(life), **rate_as_json(rate, currency)}
            for role in view.shared.roles
            if _costs(contract, role)
            for life, rate in agreed.rates(contract, role, currency)
        ],
        "block_factors": [
            {
                "role": role.name,
                **_stretch(life),
                "hours": number(found.hours),
                "from": found.source,
            }
            for role in view.shared.roles
            if contract.type is ContractType.BLOCK_HOURS or _debits(contract, role)
            for life, found in agreed.factors(contract, role)
        ],
        "phases": [_phase_as_json(phase) for phase in contract.phases],
    }


def _phase_as_json(phase: Phase) -> Plain:
    return {
        **_stretch(phase.life),
        "tier": phase.tier.key if phase.tier is not None else None,
        "retired": phase.retired,
        "falls_to": phase.falls_to or None,
        "exclusion_set": phase.set_use.name if phase.set_use is not None else None,
        "own_exclusions": exclusions_as_json(phase.own),
        "excludes": exclusions_as_json(phase.excludes),
    }


def _stretch(life: Stretch) -> Plain:
    return {"start": life.start.isoformat(), "end": life.end.isoformat()}
