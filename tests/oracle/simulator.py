"""Where one piece of work ends on one day, and how it is billed there: an independent oracle.

It reads plain documents (what the YAML declares: text, int, Decimal, bool, None, lists and
dictionaries) and answers one question at a time with plain loops. It is written to be checked
by eye against the semantics, not to be fast, and it uses nothing of the package it judges.

Readings chosen where the semantics leave room; each is a line below that can be pointed at:

- no cell (the answer is None) also where the work type or the role does not exist yet, where the
  named start is not in force, and where the first agreement in force has no default contract;
- a tier whose first contract is not created starts at the next created one *along its links*;
- of several exceptions for one thing, the last that is active and goes to a contract of that day's
  tier (or to none) decides alone; what it leaves open is as the tier says;
- a day for which an agreement has no tier (before the first of a dated list, or before any version
  of an unpinned tier) holds no contract of that agreement;
- a link from another agreement to a block contract that is not created goes on along that tier;
- the currency is always that of the client whose work it is;
- a plain number is an amount in the settings' currency, also in blocks and tickets;
- what `extends` neither merges nor never inherits (rates, say) is taken over unless given.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Document = dict[str, Any]
"""One declared document as plain values."""

Start = tuple[str, str]
"""A contract that work may be on: the agreement's name and the contract's."""

Cell = tuple[str, str, str | None]
"""What is worked out: work type, role, and sub-issue or none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Where work ends and how it is billed there.

    `agreement`, `contract` and `contract_type` are None unless the outcome is `covered`; `unit`,
    what the rate is the price of, is None where nothing is billed.
    `path` names each contract that the work visits, once, as AGREEMENT/CONTRACT: a contract
    not in force is not on it, and the first contract of a ring is not repeated.
    """

    outcome: str
    agreement: str | None
    contract: str | None
    contract_type: str | None
    billing: str
    rate: Decimal | None
    currency: str
    unit: str | None
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of days on which an agreement stands on one version of one tier.

    `links` holds every contract created so far and where it falls to; what is in it but not
    in the tier is retired. `default` is where work starts.
    """

    start: date
    tier: Document | None
    links: dict[str, str | None]
    default: str | None


def day_of(text: str) -> date:
    """The day that a declared date names."""
    return date.fromisoformat(text)


def months_after(day: date, months: int) -> date:
    """The same day some months on, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def last_day_of_term(start: date, term: str) -> date:
    """The last day of a term such as `36 months` that begins on `start`."""
    count, unit = term.split()
    if unit.startswith("day"):
        after = start + timedelta(days=int(count))
    elif unit.startswith("month"):
        after = months_after(start, int(count))
    else:
        after = months_after(start, 12 * int(count))
    return after - timedelta(days=1)


def agreement_end(agreement: Document, settings: Document) -> date:
    """The last day of an agreement."""
    if "end" in agreement:
        return day_of(agreement["end"])
    term = agreement["term"]
    if term == "longest":
        term = settings.get("longest_term", "20 years")
    return last_day_of_term(day_of(agreement["start"]), term)


def four_decimals(amount: Decimal) -> Decimal:
    """The amount at four decimals, half up."""
    return amount.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def rate_text(rate: Decimal | None) -> str | None:
    """A rate as the outputs print it: at least two decimals, at most four."""
    if rate is None:
        return None
    text = f"{four_decimals(rate):f}"
    while text.endswith("0") and len(text.partition(".")[2]) > 2:
        text = text[:-1]
    return text


def written_out(tiers: dict[str, Document], name: str) -> Document:
    """A tier with everything it extends written into it."""
    tier = tiers[name]
    if "extends" not in tier:
        return tier
    base = written_out(tiers, tier["extends"])
    whole: Document = {}
    for key, value in base.items():
        if key not in ("name", "version", "effective", "title", "extends"):
            whole[key] = value
    for key, value in tier.items():
        if key not in ("scope", "roles", "sub_issues"):
            whole[key] = value
    for key in ("scope", "roles", "sub_issues"):
        merged = dict(base.get(key, {}))
        for thing, end in tier.get(key, {}).items():
            if end is None:
                merged.pop(thing, None)
            else:
                merged[thing] = end
        whole[key] = merged
    return whole


def tier_contract(tier: Document, name: str) -> Document | None:
    """The tier's contract of that name, if it has one."""
    for contract in tier["contracts"]:
        if contract["name"] == name:
            return dict(contract)
    return None


def tier_links(tier: Document) -> dict[str, str | None]:
    """Where each contract of a tier falls to: the next in the list unless it says otherwise."""
    links: dict[str, str | None] = {}
    contracts = tier["contracts"]
    for place, contract in enumerate(contracts):
        if "falls_to" in contract:
            falls_to = contract["falls_to"]
            links[contract["name"]] = None if falls_to == "none" else falls_to
        elif place + 1 < len(contracts):
            links[contract["name"]] = contracts[place + 1]["name"]
        else:
            links[contract["name"]] = None
    return links


def further_along(tier: Document, name: str) -> list[str]:
    """The contracts of a tier that following links from one of them leads to."""
    links = tier_links(tier)
    found: list[str] = []
    here = links[name]
    while here is not None and here not in found:
        found.append(here)
        here = links[here]
    return found


class Simulator:
    """A catalogue, asked about one piece of work on one day at a time."""

    def __init__(self, documents: Sequence[Document]) -> None:
        of_kind: dict[str, dict[str, Document]] = {}
        for document in documents:
            name = document["name"]
            if document["kind"] == "tier":
                name = f"{name}@{document['version']}"
            of_kind.setdefault(document["kind"], {})[name] = document
        (self.settings,) = of_kind["settings"].values()
        self.roles = of_kind.get("role", {})
        self.work_types = of_kind.get("work_type", {})
        self.sub_issues = of_kind.get("sub_issue", {})
        self.exclusion_sets = of_kind.get("exclusion_set", {})
        self.client_documents = of_kind.get("client", {})
        self.agreements = of_kind.get("agreement", {})
        tiers = of_kind.get("tier", {})
        self.tiers = {name: written_out(tiers, name) for name in tiers}
        self.ends = {
            name: agreement_end(agreement, self.settings)
            for name, agreement in self.agreements.items()
        }
        self.pieces = {
            name: self._pieces(agreement)
            for name, agreement in self.agreements.items()
            if "tier" in agreement
        }

    # --- what there is ---------------------------------------------------------------------

    @property
    def clients(self) -> list[str]:
        """Every client, by name."""
        return sorted(self.client_documents)

    def cells(self, day: date) -> list[Cell]:
        """Every work type, role and sub-issue (or none) that exists on a day, by name."""
        found: list[Cell] = []
        for work_type in sorted(self.work_types):
            for role in sorted(self.roles):
                if self._exists(work_type, role, day):
                    found.append((work_type, role, None))
                    found.extend((work_type, role, issue) for issue in sorted(self.sub_issues))
        return found

    def contracts(self, client: str, day: date) -> list[Start]:
        """Every contract of a client that is in force on a day, default or not."""
        found: list[Start] = []
        for agreement in self._agreements_in_force(client, day):
            found.extend((agreement, name) for name in self._contract_names(agreement, day))
        return found

    def default(self, client: str, day: date) -> Start | None:
        """Where a client's work starts on a day."""
        for name in self._agreements_in_force(client, day):
            agreement = self.agreements[name]
            if agreement.get("default", True):
                if "contracts" in agreement:
                    return (name, agreement["contracts"][0]["name"])
                contract = self._piece(name, day).default
                return None if contract is None else (name, contract)
        return None

    # --- the walk --------------------------------------------------------------------------

    def end_of(
        self,
        client: str,
        work_type: str,
        role: str,
        sub_issue: str | None,
        day: date,
        start: Start | None = None,
    ) -> Answer | None:
        """Where a client's work ends on a day; None where there is no cell."""
        if not self._exists(work_type, role, day):
            return None
        here = self.default(client, day) if start is None else start
        if here is None or not self._in_force(here, day):
            return None
        path: list[Start] = []
        while True:
            if here in path:
                return self._not_covered("cyclic", client, work_type, role, day, path)
            path.append(here)
            if not self._excluded(here, work_type, role, sub_issue, day):
                return self._covered(client, work_type, role, day, path)
            link = self._link(here, day)
            if link is None:
                return self._not_covered("uncovered", client, work_type, role, day, path)
            if not self._in_force(link, day):
                return self._not_covered("broken", client, work_type, role, day, path)
            here = link

    def _exists(self, work_type: str, role: str, day: date) -> bool:
        for document in (self.work_types[work_type], self.roles[role]):
            if "from" in document and day < day_of(document["from"]):
                return False
        return True

    def _in_life(self, name: str, day: date) -> bool:
        return day_of(self.agreements[name]["start"]) <= day <= self.ends[name]

    def _agreements_in_force(self, client: str, day: date) -> list[str]:
        found: list[tuple[date, str]] = []
        for name, agreement in self.agreements.items():
            if agreement["client"] == client and self._in_life(name, day):
                found.append((day_of(agreement["start"]), name))
        return [name for _, name in sorted(found)]

    def _contract_names(self, agreement: str, day: date) -> list[str]:
        document = self.agreements[agreement]
        if "contracts" in document:
            return [contract["name"] for contract in document["contracts"]]
        return list(self._piece(agreement, day).links)

    def _in_force(self, here: Start, day: date) -> bool:
        agreement, contract = here
        if agreement not in self.agreements or not self._in_life(agreement, day):
            return False
        return contract in self._contract_names(agreement, day)

    def _link(self, here: Start, day: date) -> Start | None:
        name, contract = here
        agreement = self.agreements[name]
        if "tier" in agreement:
            link = self._piece(name, day).links[contract]
            return None if link is None else (name, link)
        falls_to = self._bespoke_contract(agreement, contract).get("falls_to", "none")
        if falls_to == "none":
            return None
        if "/" not in falls_to:
            return (name, falls_to)
        other, _, target = falls_to.partition("/")
        return self._past_what_is_not_created(other, target, day)

    def _past_what_is_not_created(self, name: str, contract: str, day: date) -> Start | None:
        """Where a link from another agreement leads: past blocks that this one never gets."""
        agreement = self.agreements.get(name)
        if agreement is None or "tier" not in agreement or not self._in_life(name, day):
            return (name, contract)
        tier = self._piece(name, day).tier
        if tier is None or tier_contract(tier, contract) is None:
            return (name, contract)
        onward = self._first_created(agreement, tier, contract)
        return None if onward is None else (name, onward)

    # --- exclusions ------------------------------------------------------------------------

    def _excluded(
        self, here: Start, work_type: str, role: str, sub_issue: str | None, day: date
    ) -> bool:
        if self._excludes(here, "work_type", work_type, day):
            return True
        if self._excludes(here, "role", role, day):
            return True
        return sub_issue is not None and self._excludes(here, "sub_issue", sub_issue, day)

    def _excludes(self, here: Start, dimension: str, thing: str, day: date) -> bool:
        name, contract = here
        agreement = self.agreements[name]
        if "contracts" in agreement:
            excludes = self._bespoke_contract(agreement, contract).get("excludes", {})
            shared = self.exclusion_sets[excludes["set"]] if "set" in excludes else {}
            plural = dimension + "s"
            return thing in excludes.get(plural, []) or thing in shared.get(plural, [])
        tier = self._piece(name, day).tier
        assert tier is not None  # a contract in force has a tier that day
        if tier_contract(tier, contract) is None:  # retired: it passes all work on
            return dimension == "work_type"
        goes_to = self._exception(name, tier, dimension, thing, day)
        if goes_to == contract:
            return False
        if goes_to == "none" or goes_to in further_along(tier, contract):
            return True
        end = tier.get("scope" if dimension == "work_type" else dimension + "s", {}).get(thing)
        if end == "none":
            return True
        return end != contract and end in further_along(tier, contract)

    def _exception(
        self, name: str, tier: Document, dimension: str, thing: str, day: date
    ) -> str | None:
        """Where the exception that decides sends a thing on a day, if one does."""
        agreement = self.agreements[name]
        decided: str | None = None
        for exception in agreement.get("exceptions", []):
            if exception.get(dimension) != thing:
                continue
            if day < day_of(exception.get("from", agreement["start"])):
                continue
            if "until" in exception and day > day_of(exception["until"]):
                continue
            goes_to: str = exception["goes_to"]
            if goes_to == "none" or tier_contract(tier, goes_to) is not None:
                decided = goes_to
        return decided

    def _bespoke_contract(self, agreement: Document, name: str) -> Document:
        (found,) = [contract for contract in agreement["contracts"] if contract["name"] == name]
        return dict(found)

    # --- tiers over time -------------------------------------------------------------------

    def _piece(self, name: str, day: date) -> Piece:
        """The piece of an agreement on a tier that a day of its life lies in."""
        found = Piece(date.min, None, {}, None)
        for piece in self.pieces[name]:
            if piece.start <= day:
                found = piece
        return found

    def _tier_on(self, agreement: Document, day: date) -> Document | None:
        """The tier version that an agreement stands on, on a day."""
        named = agreement["tier"]
        if not isinstance(named, str):
            begun = [item for item in named if day_of(item.get("from", "0001-01-01")) <= day]
            if not begun:
                return None
            named = begun[-1]["tier"]
        if "@" in named:
            return self.tiers[named]
        found: Document | None = None
        for tier in self.tiers.values():
            if tier["name"] != named or day_of(tier["effective"]) > day:
                continue
            if found is None or day_of(tier["effective"]) > day_of(found["effective"]):
                found = tier
        return found

    def _pieces(self, agreement: Document) -> list[Piece]:
        """The life of an agreement on a tier, cut where its tier changes."""
        start = day_of(agreement["start"])
        changes = {start}
        if not isinstance(agreement["tier"], str):
            changes |= {day_of(item["from"]) for item in agreement["tier"] if "from" in item}
        changes |= {day_of(tier["effective"]) for tier in self.tiers.values()}
        pieces: list[Piece] = []
        links: dict[str, str | None] = {}
        for day in sorted(changes):
            if start <= day <= self.ends[agreement["name"]]:
                tier = self._tier_on(agreement, day)
                if tier is None:
                    pieces.append(Piece(day, None, {}, None))
                else:
                    links = self._links(agreement, tier, links)
                    first = tier["contracts"][0]["name"]
                    default = self._first_created(agreement, tier, first)
                    pieces.append(Piece(day, tier, links, default))
        return pieces

    def _first_created(self, agreement: Document, tier: Document, name: str | None) -> str | None:
        """A contract of a tier or, where it is not created, the first along its links that is."""
        links = tier_links(tier)
        passed: list[str] = []
        while name is not None and not self._created(agreement, tier, name):
            if name in passed:
                return None
            passed.append(name)
            name = links[name]
        return name

    def _created(self, agreement: Document, tier: Document, name: str) -> bool:
        contract = tier_contract(tier, name)
        if contract is not None and contract["type"] == "block_hours":
            return any(block["contract"] == name for block in agreement.get("blocks", []))
        return True

    def _links(
        self, agreement: Document, tier: Document, before: dict[str, str | None]
    ) -> dict[str, str | None]:
        """Every contract created so far and where it falls to, once a tier has taken over."""
        after = dict(before)  # a contract that the tier lacks is retired and keeps its link
        for name, link in tier_links(tier).items():
            if not self._created(agreement, tier, name):
                continue
            wanted = self._first_created(agreement, tier, link)
            if name in before and self._still_leads_to(before, before[name], wanted, tier):
                continue
            after[name] = wanted
        return after

    def _still_leads_to(
        self, links: dict[str, str | None], old: str | None, wanted: str | None, tier: Document
    ) -> bool:
        """Whether an old link leads to the wanted contract through retired contracts only."""
        passed: list[str] = []
        while old != wanted:
            if old is None or old in passed or tier_contract(tier, old) is not None:
                return False
            passed.append(old)
            old = links[old]
        return True

    # --- billing and rates -----------------------------------------------------------------

    def _covered(
        self, client: str, work_type: str, role: str, day: date, path: list[Start]
    ) -> Answer:
        name, contract = path[-1]
        declared = self._declared(name, contract, day)
        billing = self._billing(name, declared, work_type, day)
        rate: Decimal | None = None
        currency = self._currency(client)
        if billing in ("hourly", "retainer"):
            base = self._base(name, declared, role, currency, day)
            rate = self._modified(base, work_type, currency, day)
        elif billing == "overage":
            rate = self._overage(name, declared, role, currency, day)
        elif billing == "block":
            rate = self._of_the_earliest(self._usable_blocks(name, contract, day), currency, day)
        elif billing == "ticket":
            purchases = [
                purchase
                for purchase in declared.get("tickets", [])
                if day_of(purchase["start"]) <= day <= day_of(purchase["end"])
            ]
            rate = self._of_the_earliest(purchases, currency, day)
        return Answer(
            "covered",
            name,
            contract,
            declared["type"],
            billing,
            None if rate is None else four_decimals(rate),
            currency,
            self._unit(billing, work_type),
            tuple(f"{agreement}/{visited}" for agreement, visited in path),
        )

    def _not_covered(
        self, outcome: str, client: str, work_type: str, role: str, day: date, path: list[Start]
    ) -> Answer:
        currency = self._currency(client)
        billing = "not_billed"
        rate: Decimal | None = None
        if self.work_types[work_type].get("billable", True):
            billing = "standard_rate"
            base = self._amount(self.roles[role]["rate"], currency, day)
            rate = self._modified(base, work_type, currency, day)
        return Answer(
            outcome,
            None,
            None,
            None,
            billing,
            None if rate is None else four_decimals(rate),
            currency,
            self._unit(billing, work_type),
            tuple(f"{agreement}/{visited}" for agreement, visited in path),
        )

    def _currency(self, client: str) -> str:
        return str(self.client_documents[client].get("currency", self.settings["currency"]))

    def _declared(self, name: str, contract: str, day: date) -> Document:
        """A contract's own declaration, in its agreement or in the tier of that day."""
        agreement = self.agreements[name]
        if "contracts" in agreement:
            return self._bespoke_contract(agreement, contract)
        tier = self._piece(name, day).tier
        found = None if tier is None else tier_contract(tier, contract)
        assert found is not None  # work never ends at a retired contract
        return found

    def _billing(self, name: str, contract: Document, work_type: str, day: date) -> str:
        if contract["type"] in ("recurring_service", "fixed_price"):
            return "absorbed"
        if not self.work_types[work_type].get("billable", True):
            return "not_billed"
        if contract["type"] == "block_hours":
            return "block" if self._usable_blocks(name, contract["name"], day) else "overage"
        return {"time_and_materials": "hourly", "retainer": "retainer", "per_ticket": "ticket"}[
            contract["type"]
        ]

    def _unit(self, billing: str, work_type: str) -> str | None:
        """What is counted: hours, entries of a work type with a flat amount, or tickets."""
        if billing in ("absorbed", "not_billed"):
            return None
        if billing == "ticket":
            return "ticket"
        if billing in ("block", "overage"):
            return "hour"
        method = self.work_types[work_type].get("rate", {"method": "role"})["method"]
        return "entry" if method == "flat" else "hour"

    def _usable_blocks(self, name: str, contract: str, day: date) -> list[Document]:
        return [
            block
            for block in self.agreements[name].get("blocks", [])
            if block["contract"] == contract
            and day_of(block["start"]) <= day <= day_of(block["end"])
        ]

    def _of_the_earliest(
        self, purchases: list[Document], currency: str, day: date
    ) -> Decimal | None:
        """The rate of the purchase that starts first; None where several differ, or none is."""
        starts = sorted(purchase["start"] for purchase in purchases)
        rates = {
            self._amount(purchase["rate"], currency, day)
            for purchase in purchases
            if purchase["start"] == starts[0]
        }
        return rates.pop() if len(rates) == 1 else None

    def _base(
        self, name: str, contract: Document, role: str, currency: str, day: date
    ) -> Decimal | None:
        """The hourly rate of a role on a contract, before the work type has its say."""
        agreement = self.agreements[name]
        tier: Document = {}
        if "tier" in agreement:
            tier = self._piece(name, day).tier or {}
        in_agreement = [
            rate["rate"]
            for rate in agreement.get("rates", [])
            if rate["contract"] == contract["name"] and rate["role"] == role
        ]
        on_contract = [rate["rate"] for rate in contract.get("rates", []) if rate["role"] == role]
        in_tier = [
            rate["rate"]
            for rate in tier.get("rates", [])
            if rate["contract"] == contract["name"] and rate["role"] == role
        ]
        of_role = [self.roles[role]["rate"]]
        for price in in_agreement + on_contract + in_tier + of_role:
            if self._begun(price, day) is not None:
                return self._amount(price, currency, day)
        return None

    def _modified(
        self, base: Decimal | None, work_type: str, currency: str, day: date
    ) -> Decimal | None:
        """A base rate as the work type's own rate changes it."""
        rate = self.work_types[work_type].get("rate", {"method": "role"})
        if rate["method"] == "fixed":
            return self._amount(rate["rate"], currency, day)
        if rate["method"] == "flat":
            return self._amount(rate["amount"], currency, day)
        if base is None:
            return None
        if rate["method"] == "plus":
            more = self._amount(rate["amount"], currency, day)
            return None if more is None else base + more
        if rate["method"] == "times":
            return base * Decimal(rate["factor"])
        return base

    def _overage(
        self, name: str, contract: Document, role: str, currency: str, day: date
    ) -> Decimal | None:
        rate: Decimal | None
        if "overage_rate" in contract and self._begun(contract["overage_rate"], day) is not None:
            rate = self._amount(contract["overage_rate"], currency, day)
        else:
            rate = self._base(name, contract, role, currency, day)
        if rate is not None and self.settings.get("multiplier_on_overage", False):
            factors = contract.get("block_factors", {})
            rate *= Decimal(factors.get(role, self.roles[role].get("block_factor", 1)))
        return rate

    def _begun(self, price: Any, day: date) -> Any:
        """The number or currencies in force on a day; None where a dated list has not begun."""
        if not isinstance(price, list):
            return price
        found: Any = None
        latest = date.min
        for item in price:
            begins = day_of(item.get("from", "0001-01-01"))
            if latest <= begins <= day:
                latest = begins
                found = item["rate"] if "rate" in item else item["price"]
        return found

    def _amount(self, price: Any, currency: str, day: date) -> Decimal | None:
        """A price in a currency on a day; None where there is none."""
        begun = self._begun(price, day)
        if isinstance(begun, dict):
            begun = begun.get(currency)
        elif currency != self.settings["currency"]:
            begun = None
        return None if begun is None else Decimal(begun)
