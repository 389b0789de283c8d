"""Random catalogues as plain documents, and what may be done to them without changing them.

Everything here is drawn through `Choices`, whose one primitive is a whole number between two
bounds. So each function serves twice: under Hypothesis, which can shrink what it finds
(`catalogues()`, or `Choices.of(draw)`), and from a seed, which is some ten times as fast and
lets a sweep run thousands of cases in seconds (`any_catalogue(Choices.seeded(7))`).

Every catalogue is of the right shape and every name in it resolves. `any_catalogue` holds the
faults that rules report: gaps, rings, broken and foreign links, overlaps, undecided work types,
missing amounts. What the semantics do not settle is not drawn: a day on which an agreement has
no tier, a contract that changes its type with a change of tier, a link from another agreement to
a block contract that is not created, two ticket purchases that start on one day, names given twice.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.oracle.simulator import (
    Document,
    Simulator,
    agreement_end,
    day_of,
    months_after,
    rate_text,
    written_out,
)

T = TypeVar("T")

FIRST = date(2026, 1, 1)
"""The first day of any drawn catalogue; as of this day no exception is past its date."""

LAST = date(2029, 12, 31)
"""The last day on which anything drawn begins, and the last day of a clean catalogue."""

CURRENCIES = ("EUR", "CHF", "USD")
WORK_TYPES = ("remote-support", "onsite-support", "project-work", "night-watch", "travel-time")
ROLES = ("engineer", "architect", "dispatcher")
SUB_ISSUES = ("printer", "virus")
CLIENTS = ("acme", "globex", "initech")
TIERS = ("bronze", "silver", "gold")
CONTRACTS = ("recurring", "block", "support", "hourly")
CONTRACT_TYPES = (
    "recurring_service",
    "block_hours",
    "time_and_materials",
    "fixed_price",
    "retainer",
    "per_ticket",
)


@functools.cache
def _whole_numbers(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


class Choices:
    """Every choice that a drawn catalogue rests on; the smallest is always the simplest."""

    def __init__(self, whole: Callable[[int, int], int]) -> None:
        self.whole = whole

    @classmethod
    def of(cls, draw: Callable[[st.SearchStrategy[int]], int]) -> Choices:
        """Choices made by Hypothesis: `draw` of a composite, or `data.draw`."""
        return cls(lambda low, high: draw(_whole_numbers(low, high)))

    @classmethod
    def seeded(cls, seed: int) -> Choices:
        """Choices made by a seed."""
        return cls(random.Random(seed).randint)

    def chance(self, percent: int) -> bool:
        """True that often; the simplest is False."""
        return self.whole(0, 99) >= 100 - percent

    def pick(self, among: Sequence[T]) -> T:
        """One of several; the first is the simplest."""
        return among[self.whole(0, len(among) - 1)]

    def some(self, among: Sequence[T], at_least: int = 0, at_most: int | None = None) -> list[T]:
        """Several different ones, in the order given."""
        most = len(among) if at_most is None else min(at_most, len(among))
        count = self.whole(min(at_least, most), most)
        left = list(range(len(among)))
        taken = {left.pop(self.whole(0, len(left) - 1)) for _ in range(count)}
        return [thing for place, thing in enumerate(among) if place in taken]

    def order(self, things: Iterable[T]) -> list[T]:
        """The same things in some order; the simplest is the order given."""
        left = list(things)
        return [left.pop(self.whole(0, len(left) - 1)) for _ in range(len(left))]

    def day(self, low: date, high: date) -> date:
        """A day between two, often the first or the last of a month."""
        if high <= low:
            return low
        shape = self.whole(0, 2)
        if shape == 2:
            return low + timedelta(days=self.whole(0, (high - low).days))
        months = (high.year - low.year) * 12 + high.month - low.month
        first = months_after(low.replace(day=1), self.whole(0, months))
        found = first if shape == 0 else months_after(first, 1) - timedelta(days=1)
        return min(max(found, low), high)

    def days(self, low: date, high: date, count: int) -> list[date]:
        """Up to that many different days between two, in their order."""
        return sorted({self.day(low, high) for _ in range(count)})


# --- whole catalogues ------------------------------------------------------------------------


def any_catalogue(choices: Choices) -> list[Document]:
    """A catalogue of the right shape that may hold any fault which rules report."""
    return _Drawing(choices, clean=False).documents()


def clean_catalogue(choices: Choices) -> list[Document]:
    """A catalogue without errors as of `FIRST`, by construction; warnings it may have.

    Every work type is decided, every path goes forward and ends at time and materials, every
    price has an amount in every currency from the start, agreements follow one another.
    """
    return _Drawing(choices, clean=True).documents()


@st.composite
def catalogues(draw: st.DrawFn) -> list[Document]:
    """Catalogues of the right shape that may hold any fault which rules report."""
    return any_catalogue(Choices.of(draw))


@st.composite
def clean_catalogues(draw: st.DrawFn) -> list[Document]:
    """Catalogues without errors as of `FIRST`."""
    return clean_catalogue(Choices.of(draw))


def _document(kind: str, name: str, **fields: Any) -> Document:
    return {"format": 1, "kind": kind, "name": name, **fields}


class _Drawing:
    """One catalogue being drawn."""

    def __init__(self, choices: Choices, *, clean: bool) -> None:
        self.choices = choices
        self.clean = clean
        self.currencies = CURRENCIES[: choices.whole(1, 3)]
        self.types = {
            "recurring": choices.pick(("recurring_service", "fixed_price")),
            "block": "block_hours",
            "support": choices.pick(CONTRACT_TYPES),
            "hourly": "time_and_materials",
        }
        self.settings = self._settings()
        self.role_documents = [self._role(name) for name in choices.some(ROLES, 1)]
        self.roles = [role["name"] for role in self.role_documents]
        self.work_types = choices.some(WORK_TYPES, 1)
        self.sub_issues = choices.some(SUB_ISSUES)
        self.things = {
            "work_type": self.work_types,
            "role": self.roles,
            "sub_issue": self.sub_issues,
        }
        self.sets = [self._exclusion_set(name) for name in choices.some(("classic", "lean"))]
        self.tiers: dict[str, Document] = {}
        self.clients: list[Document] = []
        self.agreements: list[Document] = []

    def documents(self) -> list[Document]:
        """Everything declared, in an order a person might choose."""
        work_types = [self._work_type(name) for name in self.work_types]
        self._draw_tiers()
        for name in self.choices.some(CLIENTS, 1):
            self._draw_client(name)
        self._draw_links()
        return [
            self.settings,
            *self.role_documents,
            *work_types,
            *(
                _document("sub_issue", name, title=name.title(), issue="Devices")
                for name in self.sub_issues
            ),
            _document("service", "seat", title="Managed seat", period="monthly", price=self._all()),
            *self.sets,
            *self.tiers.values(),
            *self.clients,
            *self.agreements,
        ]

    # amounts

    def _number(self) -> int | Decimal:
        choices = self.choices
        shape = choices.whole(0, 9)
        if shape <= 4:
            return choices.whole(20, 150)
        if shape <= 7:
            return Decimal(choices.whole(2000, 15000)).scaleb(-2)
        if shape == 8 or self.clean:
            return Decimal(choices.whole(200000, 1500000)).scaleb(-4)
        small: tuple[int | Decimal, ...] = (0, Decimal("0.00"), Decimal("0.005"), Decimal("0.0001"))
        return choices.pick(small)

    def _all(self) -> Any:
        """An amount in every currency there is."""
        if len(self.currencies) == 1:
            return self._number()
        return {currency: self._number() for currency in self.currencies}

    def _amount(self) -> Any:
        if self.clean:
            return self._all()
        if not self.choices.chance(40):
            return self._number()
        return {currency: self._number() for currency in self.choices.some(self.currencies, 1)}

    def _price(self) -> Any:
        if not self.choices.chance(25):
            return self._amount()
        dated = [
            {"from": day.isoformat(), "rate": self._amount()}
            for day in self.choices.days(FIRST, LAST, self.choices.whole(1, 3))
        ]
        if self.clean or self.choices.chance(50):
            del dated[0]["from"]
        return dated

    def _factor(self) -> int | Decimal:
        factors: tuple[int | Decimal, ...] = (2, *map(Decimal, ("1.5", "0.5", "1.25", "1.3333")))
        return self.choices.pick(factors)

    # what stands alone

    def _settings(self) -> Document:
        choices = self.choices
        settings = _document(
            "settings",
            "northwind-it",
            title="Northwind IT",
            currency=choices.pick(self.currencies),
            timezone="Europe/Rome",
        )
        if choices.chance(50):
            settings["longest_term"] = choices.pick(("3 years", "30 months", "500 days"))
        if choices.chance(30):
            settings["uncovered"] = choices.pick(("error", "standard_rate"))
        if choices.chance(50):
            settings["multiplier_on_overage"] = choices.chance(70)
        return settings

    def _role(self, name: str) -> Document:
        role = _document("role", name, title=name.title(), rate=self._price())
        if self.choices.chance(40):
            role["block_factor"] = self._factor()
        if self.choices.chance(20):
            role["from"] = self.choices.day(FIRST, LAST).isoformat()
        return role

    def _work_type(self, name: str) -> Document:
        choices = self.choices
        work_type = _document(
            "work_type",
            name,
            title=name.replace("-", " ").title(),
            billing_class=choices.pick(("baseline", "core", "edge")),
            description=f"What an engineer picks for {name.replace('-', ' ')}.",
        )
        if choices.chance(20):
            work_type["billable"] = False
        if choices.chance(60):
            work_type["rate"] = self._method()
        if choices.chance(20):
            work_type["minimum_hours"] = choices.pick((1, Decimal("0.5")))
        if choices.chance(20):
            work_type["from"] = choices.day(FIRST, LAST).isoformat()
        later = self.work_types[self.work_types.index(name) + 1 :]
        if later and choices.chance(20):
            work_type["after_hours"] = choices.pick(later)
        return work_type

    def _method(self) -> Document:
        method = self.choices.pick(("role", "plus", "times", "fixed", "flat"))
        if method == "times":
            return {"method": method, "factor": self._factor()}
        if method == "fixed":
            return {"method": method, "rate": self._price()}
        if method == "flat":
            return {"method": method, "amount": self._price()}
        if method == "plus":
            if not self.clean and self.choices.chance(20):
                return {"method": method, "amount": -self.choices.whole(1, 15)}
            return {"method": method, "amount": self._price()}
        return {"method": method}

    def _exclusion_set(self, name: str) -> Document:
        return _document("exclusion_set", name, title=name.title(), **self._lists())

    def _lists(self) -> Document:
        lists: Document = {}
        if self.choices.chance(70):
            lists["work_types"] = self.choices.some(self.work_types)
        if self.choices.chance(30):
            lists["roles"] = self.choices.some(self.roles, 0, 1)
        if self.sub_issues and self.choices.chance(30):
            lists["sub_issues"] = self.choices.some(self.sub_issues)
        return lists

    # contracts

    def _contract(self, name: str, kind: str) -> Document:
        choices = self.choices
        contract: Document = {"name": name, "type": kind}
        if kind == "recurring_service" and choices.chance(50):
            contract["services"] = ["seat"]
        if kind == "block_hours" and choices.chance(50):
            contract["overage_rate"] = self._price()
        if kind == "block_hours" and choices.chance(50):
            contract["block_factors"] = {
                role: self._factor() for role in choices.some(self.roles, 1)
            }
        if self._takes_rates(kind) and choices.chance(30):
            contract["rates"] = [
                {"role": role, "rate": self._price()} for role in choices.some(self.roles, 1)
            ]
        if kind == "retainer" and choices.chance(50):
            contract["retainers"] = [
                {"amount": self._amount(), "start": FIRST.isoformat(), "end": LAST.isoformat()}
            ]
        if kind == "per_ticket":
            days = [FIRST] if self.clean else choices.days(FIRST, LAST, choices.whole(0, 2))
            purchases = [
                self._purchase(day, LAST if self.clean else choices.day(day, LAST)) for day in days
            ]
            if purchases:
                contract["tickets"] = purchases
        if choices.chance(10):
            contract["setup_fee"] = self._price()
        if choices.chance(15):
            contract["time_entry"] = "any"
        return contract

    def _takes_rates(self, kind: str) -> bool:
        """Whether Autotask keeps rates on such a contract; a fault may put them anywhere."""
        return not self.clean or kind in ("time_and_materials", "retainer")

    def _purchase(self, start: date, end: date) -> Document:
        return {
            "tickets": self.choices.whole(1, 50),
            "rate": self._amount(),
            "start": start.isoformat(),
            "end": end.isoformat(),
        }

    def _blocks(self, contract: str, start: date, end: date) -> Iterator[Document]:
        choices = self.choices
        soonest = start if self.clean else max(FIRST, start - timedelta(days=40))
        days = [choices.day(soonest, end) for _ in range(choices.whole(1, 3))]
        if self.clean or choices.chance(50):
            days = sorted(set(days))
        for place, day in enumerate(days):
            latest = min(end if self.clean else LAST, months_after(day, choices.whole(1, 18)))
            if self.clean and place + 1 < len(days):
                latest = min(latest, days[place + 1] - timedelta(days=1))
            yield {
                "contract": contract,
                "hours": choices.pick((10, 40, Decimal("7.5"))),
                "rate": self._amount(),
                "start": day.isoformat(),
                "end": max(day, latest).isoformat(),
            }

    # tiers

    def _draw_tiers(self) -> None:
        for name in self.choices.some(TIERS, 1):
            effective = FIRST
            versions = self.choices.whole(1, 3 if name == TIERS[0] else 2)
            for version in range(1, versions + 1):
                key = f"{name}@{version}"
                self.tiers[key] = self._tier(name, version, effective)
                effective = self.choices.day(effective + timedelta(days=1), LAST)

    def _tier(self, name: str, version: int, effective: date) -> Document:
        choices = self.choices
        tier = _document(
            "tier",
            name,
            version=version,
            effective=effective.isoformat(),
            title=f"{name.title()} {version}",
        )
        if self.tiers and choices.chance(35):
            tier["extends"] = choices.pick(list(self.tiers))
        inherits = "extends" in tier
        if not inherits or choices.chance(50):
            tier["contracts"] = self._path()
        if not inherits or choices.chance(50):
            tier["scope"] = {}
        base = written_out({**self.tiers, "": tier}, "")
        path = [contract["name"] for contract in base["contracts"]]
        self._decide(tier, base, path)
        if "contracts" in tier or choices.chance(20):  # rates inherited could name a lost contract
            rates = [
                {"contract": contract, "role": role, "rate": self._price()}
                for contract in path
                if self._takes_rates(self.types[contract])
                for role in choices.some(self.roles, 0, 1)
            ]
            if not rates and "rates" in base:
                rates = [{"contract": path[-1], "role": self.roles[0], "rate": self._price()}]
            if rates:
                tier["rates"] = rates
        return tier

    def _path(self) -> list[Document]:
        choices = self.choices
        names = choices.some(CONTRACTS, 1)
        if self.clean and names[-1] != "hourly":
            names.append("hourly")
        if not self.clean and choices.chance(15):
            names = choices.order(names)
        path = [self._contract(name, self.types[name]) for name in names]
        for place, contract in enumerate(path):
            if self.clean:
                if place + 1 < len(names) and choices.chance(15):
                    contract["falls_to"] = names[place + 1]
            elif choices.chance(15):
                contract["falls_to"] = choices.pick([*names, "none"])
        return path

    def _decide(self, tier: Document, base: Document, path: list[str]) -> None:
        """Give every thing that has no end of this path, and some that have, an end."""
        choices = self.choices
        ends = path if self.clean or not choices.chance(30) else [*path, "none"]
        for key, things, percent in (
            ("scope", self.work_types, 100 if self.clean or not choices.chance(20) else 80),
            ("roles", self.roles, 20),
            ("sub_issues", self.sub_issues, 30),
        ):
            for thing in things:
                inherited = base.get(key, {}).get(thing)
                lost = inherited is not None and inherited not in (*path, "none")
                if inherited is not None and not lost and not choices.chance(20):
                    continue
                if choices.chance(percent) or (lost and self.clean):
                    tier.setdefault(key, {})[thing] = choices.pick(ends)
                elif inherited is not None:
                    tier.setdefault(key, {})[thing] = None

    # clients and agreements

    def _draw_client(self, name: str) -> None:
        choices = self.choices
        client = _document("client", name, legal_name=f"{name.title()} Ltd")
        if self.clients and choices.chance(35):
            client["parent"] = choices.pick([other["name"] for other in self.clients])
        if choices.chance(60):
            client["currency"] = choices.pick(self.currencies)
        self.clients.append(client)
        start = choices.day(FIRST, date(2027, 6, 30))
        for number in range(1, choices.whole(1 if self.clean else 0, 3) + 1):
            end = self._draw_agreement(client, number, start)
            start = self._next_start(start, end)
            if start > LAST:
                break
        if choices.chance(20):
            self._draw_project(client)

    def _next_start(self, start: date, end: date) -> date:
        follows = end + timedelta(days=1)
        if self.clean or not self.choices.chance(40):
            return follows
        if self.choices.chance(50):
            return follows + timedelta(days=self.choices.whole(1, 100))
        return self.choices.day(start, min(end, LAST))

    def _draw_agreement(self, client: Document, number: int, start: date) -> date:
        choices = self.choices
        agreement = _document(
            "agreement",
            f"{client['name']}-{number}",
            client=client["name"],
            start=start.isoformat(),
        )
        shape = choices.whole(0, 2)
        if shape == 0:
            agreement["end"] = choices.day(start, LAST).isoformat()
        elif shape == 1:
            terms = ("12 months", "18 months", "1 month", "2 years", "1 year", "400 days")
            agreement["term"] = choices.pick(terms)
        else:
            agreement["term"] = "longest"
        end = agreement_end(agreement, self.settings)
        if self.clean and end > LAST:
            del agreement["term"]
            agreement["end"] = LAST.isoformat()
            end = LAST
        if not self.clean and choices.chance(10):
            agreement["default"] = choices.chance(20)
        if choices.chance(65):
            self._stand_on_tier(agreement, start, min(end, LAST))
        else:
            self._write_out(agreement, start, min(end, LAST))
        self.agreements.append(agreement)
        return end

    def _stand_on_tier(self, agreement: Document, start: date, end: date) -> None:
        choices = self.choices
        moves = [start]
        if choices.chance(40):
            moves += choices.days(start + timedelta(days=1), end, choices.whole(1, 2))
            moves = [day for day in moves if day <= end]
        named = [self._tier_for(day) for day in moves]
        agreement["tier"] = named[0]
        if len(moves) > 1 or choices.chance(5):
            agreement["tier"] = [
                {"from": day.isoformat(), "tier": tier}
                for day, tier in zip(moves, named, strict=True)
            ]
            if choices.chance(30):
                del agreement["tier"][0]["from"]  # it then holds from the agreement's start
        used = self._tiers_used(agreement, end)
        names = [name for name in CONTRACTS if any(name in path for path in used)]
        if any("services" in contract for path in used for contract in path.values()):
            agreement["services"] = {"seat": self._units(start, end)}
        blocks: list[Document] = []
        for name in names:
            if self.types[name] == "block_hours" and choices.chance(65):
                blocks.extend(self._blocks(name, start, end))
        if blocks:
            agreement["blocks"] = blocks
        self._agree_rates(agreement, [(name, self.types[name]) for name in names])
        if choices.chance(50):
            self._except(agreement, used, names, start, end)

    def _units(self, start: date, end: date) -> Any:
        """Units of a service: a number, or from some days on others, perhaps at a price."""
        choices = self.choices
        if not choices.chance(30):
            return choices.whole(1, 60)
        days = [start, *choices.days(start + timedelta(days=1), end, choices.whole(0, 2))]
        steps: list[Document] = []
        for day in sorted({day for day in days if day <= end}):
            step: Document = {"from": day.isoformat(), "units": choices.whole(0, 2) * 20}
            if choices.chance(30):
                step["price"] = self._amount()
            steps.append(step)
        return steps

    def _tier_for(self, day: date) -> str:
        """A tier at a version, or a tier that is followed from version to version."""
        effective = {
            key: tier
            for key, tier in self.tiers.items()
            if day_of(tier["effective"]) <= day or (not self.clean and self.choices.chance(10))
        }
        if self.choices.chance(35):
            return str(self.choices.pick([tier["name"] for tier in effective.values()]))
        return self.choices.pick(list(effective))

    def _tiers_used(self, agreement: Document, end: date) -> list[dict[str, Document]]:
        """The contracts of every tier version that an agreement may stand on."""
        named = agreement["tier"]
        names = [named] if isinstance(named, str) else [item["tier"] for item in named]
        return [
            {contract["name"]: contract for contract in written_out(self.tiers, key)["contracts"]}
            for key, tier in self.tiers.items()
            if key in names or (tier["name"] in names and day_of(tier["effective"]) <= end)
        ]

    def _agree_rates(self, agreement: Document, contracts: list[tuple[str, str]]) -> None:
        rates = [
            {"contract": name, "role": role, "rate": self._price()}
            for name, kind in contracts
            if self._takes_rates(kind) and self.choices.chance(30)
            for role in self.choices.some(self.roles, 1)
        ]
        if rates:
            agreement["rates"] = rates

    def _except(
        self,
        agreement: Document,
        used: list[dict[str, Document]],
        names: list[str],
        start: date,
        end: date,
    ) -> None:
        choices = self.choices
        given = {block["contract"] for block in agreement.get("blocks", [])}
        targets = [*names, "none"]
        if self.clean:
            targets = [
                name
                for name in names
                if all(name in path for path in used)
                and (self.types[name] != "block_hours" or name in given)
            ]
        exceptions: list[Document] = []
        for _ in range(choices.whole(1, 3)):
            dimension = choices.pick(("work_type", "work_type", "role", "sub_issue"))
            if not self.things[dimension]:
                continue
            until = choices.day(start, end)
            exception: Document = {
                dimension: choices.pick(self.things[dimension]),
                "goes_to": choices.pick(targets),
                "reason": "agreed by letter",
                "owner": "accounts@northwind.example",
            }
            if choices.chance(40):
                exception["from"] = choices.day(start, until).isoformat()
            if self.clean or choices.chance(60):
                exception["until"] = until.isoformat()
            exceptions.append(exception)
        if exceptions:
            agreement["exceptions"] = exceptions

    def _write_out(self, agreement: Document, start: date, end: date) -> None:
        """A bespoke agreement; its links come once every agreement is drawn."""
        choices = self.choices
        names = choices.some(CONTRACTS, 1)
        kinds = {name: choices.pick(CONTRACT_TYPES) for name in names}
        if self.clean:
            names = [*(name for name in names if name != "hourly"), "hourly"]
            kinds["hourly"] = "time_and_materials"
        elif choices.chance(30):
            names = choices.order(names)
        contracts = [self._contract(name, kinds[name]) for name in names]
        last = len(contracts) - 1
        for place, contract in enumerate(contracts):
            if (place < last or not self.clean) and choices.chance(75):
                contract["excludes"] = self._excludes()
        agreement["contracts"] = contracts
        blocks: list[Document] = []
        for name in names:
            if kinds[name] == "block_hours" and choices.chance(60):
                blocks.extend(self._blocks(name, start, end))
        if blocks:
            agreement["blocks"] = blocks
        self._agree_rates(agreement, list(kinds.items()))

    def _excludes(self) -> Document:
        excludes = self._lists()
        if self.sets and self.choices.chance(40):
            excludes["set"] = self.choices.pick([shared["name"] for shared in self.sets])
        return excludes

    def _draw_project(self, client: Document) -> None:
        """A project agreement beside the others, where no work starts."""
        self.agreements.append(
            _document(
                "agreement",
                f"{client['name']}-project",
                client=client["name"],
                start=FIRST.isoformat(),
                end=LAST.isoformat(),
                default=False,
                contracts=[self._contract("hourly", "time_and_materials")],
            )
        )

    def _draw_links(self) -> None:
        targets = {agreement["name"]: self._targets(agreement) for agreement in self.agreements}
        for agreement in self.agreements:
            for place, contract in enumerate(agreement.get("contracts", [])):
                if self.clean:
                    self._link_forward(agreement, place, contract)
                else:
                    self._link_anywhere(agreement, contract, targets)

    def _targets(self, agreement: Document) -> list[str]:
        """The contracts of an agreement that a link from another may name."""
        if "contracts" in agreement:
            return [contract["name"] for contract in agreement["contracts"]]
        given = {block["contract"] for block in agreement.get("blocks", [])}
        used = self._tiers_used(agreement, LAST)
        return [
            name
            for name in CONTRACTS
            if any(name in path for path in used)
            and (self.types[name] != "block_hours" or name in given)
        ]

    def _link_forward(self, agreement: Document, place: int, contract: Document) -> None:
        later = [other["name"] for other in agreement["contracts"][place + 1 :]]
        project = f"{agreement['client']}-project"
        if not later:
            return
        if any(other["name"] == project for other in self.agreements):
            later.append(f"{project}/hourly")
        contract["falls_to"] = later[0] if self.choices.chance(70) else self.choices.pick(later)

    def _link_anywhere(
        self, agreement: Document, contract: Document, targets: dict[str, list[str]]
    ) -> None:
        choices = self.choices
        shape = choices.whole(0, 9)
        if shape <= 1:
            return
        if shape == 2:
            contract["falls_to"] = "none"
        elif shape <= 6:
            contract["falls_to"] = choices.pick([other["name"] for other in agreement["contracts"]])
        else:
            own = [
                other["name"]
                for other in self.agreements
                if other["client"] == agreement["client"] and targets[other["name"]]
            ]
            foreign = [name for name, contracts in targets.items() if contracts]
            among = foreign if not own or choices.chance(30) else own
            name = choices.pick(among)
            contract["falls_to"] = f"{name}/{choices.pick(targets[name])}"


# --- days ------------------------------------------------------------------------------------


def interesting_days(documents: Sequence[Document]) -> list[date]:
    """Every day on which anything may change, and the day before each, in their order."""
    (settings,) = [document for document in documents if document["kind"] == "settings"]
    days: set[date] = set()
    for document in documents:
        days.update(_changes(document))
        if document["kind"] == "agreement":
            days.add(agreement_end(document, settings) + timedelta(days=1))
    return sorted(days | {day - timedelta(days=1) for day in days})


def _changes(value: Any) -> Iterator[date]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("start", "from", "effective") and isinstance(inner, str):
                yield day_of(inner)
            elif key in ("end", "until") and isinstance(inner, str):
                yield day_of(inner) + timedelta(days=1)
            else:
                yield from _changes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _changes(inner)


# --- scenarios -------------------------------------------------------------------------------


def scenarios(documents: Sequence[Document], choices: Choices, count: int = 3) -> list[Document]:
    """Scenario documents that hold, by the simulator's answers; fewer where nobody is covered."""
    simulator = Simulator(documents)
    days = interesting_days(documents)
    found: list[Document] = []
    for number in range(count):
        day = choices.pick(days)
        client = choices.pick(simulator.clients)
        cells = simulator.cells(day)
        if not cells:
            continue
        work_type, role, sub_issue = choices.pick(cells)
        answer = simulator.end_of(client, work_type, role, sub_issue, day)
        if answer is None:
            continue
        given: Document = {"client": client, "role": role, "on": day.isoformat()}
        if sub_issue is not None:
            given["sub_issue"] = sub_issue
        then: Document = {"outcome": answer.outcome, "billing": answer.billing}
        text = rate_text(answer.rate)
        if text is None:
            then["rate"] = None
        elif not text.startswith("-"):  # a scenario cannot state a rate below zero
            then["rate"] = Decimal(text)
        then["contract"] = "none" if answer.contract is None else answer.contract
        found.append(
            _document(
                "scenario", f"case-{number}", given=given, when={"work_type": work_type}, then=then
            )
        )
    return found
