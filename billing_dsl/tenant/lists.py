"""The values of a tenant's lists, by what the catalogue calls them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from billing_dsl.targets._values import Pick
from billing_dsl.tenant.alike import folded
from billing_dsl.tenant.snapshot import Listed, Snapshot

Labels = Mapping[str, Mapping[str, str]]
"""What the tenant calls the values of its lists, by `Entity.field` and the vendor's word."""


@dataclass(frozen=True, slots=True)
class Picked:
    """What a tenant's list has for a label: its values, and those of them in use."""

    pick: Pick
    label: str
    """What the tenant calls it, as far as the settings say."""
    read: bool
    """Whether the list has been read."""
    found: tuple[Listed, ...]
    others: tuple[str, ...]
    """All labels of the list that are in use."""

    @property
    def value(self) -> str | None:
        """The value that the label stands for; None where there is none, or not one alone."""
        active = [each for each in self.found if each.active]
        return active[0].value if len(active) == 1 else None

    @property
    def known(self) -> str | None:
        """The value by which objects that are there are compared: one out of use counts too."""
        values = {each.value for each in self.found}
        return self.value or (values.pop() if len(values) == 1 else None)


def called(pick: Pick, labels: Labels) -> str:
    """What the tenant calls a value of a list."""
    return labels.get(f"{pick.entity}.{pick.field}", {}).get(pick.label, pick.label)


def picked(picks: Iterable[Pick], snapshot: Snapshot, labels: Labels) -> Iterator[Picked]:
    """What the tenant's lists have for each label."""
    for pick in picks:
        lists = snapshot.lists.get(pick.entity, {})
        listed = lists.get(pick.field, ())
        label = called(pick, labels)
        found = [each for each in listed if each.label == label]
        found = found or [each for each in listed if folded(each.label) == folded(label)]
        others = tuple(dict.fromkeys(each.label for each in listed if each.active))
        yield Picked(pick, label, pick.field in lists, tuple(found), others)
