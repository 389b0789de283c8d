"""What documents for clients call work types, roles, causes and services, in each language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from billing_dsl.book.book import Shared
from billing_dsl.book.tiers import EffectiveTier
from billing_dsl.kinds.work_type import BillingClass, WorkType
from billing_dsl.languages import Language
from billing_dsl.targets._templates import line

CLASSES = (BillingClass.CORE, BillingClass.EDGE, BillingClass.BASELINE)


def in_order(work_types: Iterable[WorkType]) -> tuple[WorkType, ...]:
    """Work types as documents list them: what a service contains comes first."""

    def order(found: WorkType) -> tuple[int, str, str]:
        return CLASSES.index(found.billing_class), line(found.title), found.name

    return tuple(sorted(work_types, key=order))


@dataclass(frozen=True, slots=True, eq=False)
class Called:
    """The names of all that clients share, by the names that the catalogue has for them.

    Whatever has no text in the language is called as the catalogue calls it. Work types are in the
    order of documents, which is the same in every language.
    """

    shared: Shared
    words: Language
    work_types: Mapping[str, str] = field(init=False)
    descriptions: Mapping[str, str] = field(init=False)
    roles: Mapping[str, str] = field(init=False)
    causes: Mapping[str, str] = field(init=False)
    services: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        set_, code, shared = object.__setattr__, self.words.code, self.shared
        order = in_order(shared.work_types)
        set_(self, "work_types", {w.name: line(w.titles.get(code, w.title)) for w in order})
        set_(
            self,
            "descriptions",
            {w.name: line(w.descriptions.get(code, w.description)) for w in order},
        )
        set_(self, "roles", {r.name: line(r.titles.get(code, r.title)) for r in shared.roles})
        causes = {
            found.name: self.words.cause(
                line(found.issues.get(code, found.issue)),
                line(found.titles.get(code, found.title)),
            )
            for found in shared.sub_issues
        }
        set_(self, "causes", causes)
        services = shared.services.values()
        set_(self, "services", {s.name: line(s.titles.get(code, s.title)) for s in services})

    def tier(self, tier: EffectiveTier | None) -> str:
        """A tier without its version; or the name for an agreement that follows none."""
        if tier is None:
            return self.words.labels["individual"]
        return line(tier.tier.titles.get(self.words.code, tier.tier.title))

    def level(self, tier: EffectiveTier | None) -> str:
        """A tier in its version, as clients know it."""
        if tier is None:
            return self.tier(tier)
        return self.words.level(self.tier(tier), tier.tier.version)

    def summary(self, tier: EffectiveTier | None) -> str:
        """What a tier says of itself, or inherits."""
        if tier is None:
            return ""
        return line(tier.summary_in(self.words.code) or tier.summary)

    def contract(self, name: str, titles: Mapping[str, str]) -> str:
        """A contract as a person says it: by its title, else `project-hours` → `Project hours`."""
        spoken = titles.get(self.words.code) or name.replace("-", " ").strip().capitalize()
        return line(spoken) or name
