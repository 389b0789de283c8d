"""The whole book at once: for what has to see all of it beside something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.book.contract import Contract
from billing_dsl.targets import Compilation, Passages, Views
from billing_dsl.targets._asked import in_short
from billing_dsl.targets._changes import Change
from billing_dsl.targets._in_short import InShort
from billing_dsl.targets._lanes import BookObject, Lanes
from billing_dsl.targets._sending import Sending


@dataclass(frozen=True, slots=True)
class Book:
    """All objects in the order in which they are made, and all that changes, in order of days.

    `ended` are contracts left out because their last day has passed. `names` give what Autotask
    calls each object, by its id.
    """

    compilation: Compilation
    families: Sequence[Views]
    clients: tuple[ClientCoverage, ...] = field(init=False)
    """In order of names."""
    objects: tuple[BookObject, ...] = field(init=False)
    changes: tuple[Change, ...] = field(init=False)
    ended: tuple[Contract, ...] = field(init=False)
    names: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        """Puts together what clients share and what each of them has."""
        lanes, set_ = Lanes(self.compilation), object.__setattr__
        found = [client for views in self.families for client in lanes.of_family(views)]
        found.sort(key=lambda client: client.name)
        shorts = [short for views in self.families for short in in_short(lanes, views)]
        shared = lanes.of_all(_Silent(shorts))
        changes = [*shared.changes, *(change for client in found for change in client.changes)]
        changes.sort(key=lambda change: (change.day, change.client))
        set_(self, "clients", tuple(client.account.view for client in found))
        set_(
            self,
            "objects",
            (
                *shared.lists,
                *(each for client in found for each in client.companies),
                *shared.sets,
                *(each for client in found for each in client.objects),
            ),
        )
        set_(self, "changes", tuple(changes))
        set_(self, "ended", tuple(one for client in found for one in client.ended))
        names = dict(shared.names)
        for client in found:
            names |= client.names
        set_(self, "names", names)

    @property
    def declared(self) -> Declared:
        """What clients share."""
        return self.compilation.declared

    @property
    def as_of(self) -> date:
        """The day that requests describe, but for what begins later."""
        return self.compilation.as_of

    @property
    def sending(self) -> Sending | None:
        """What is sent to a tenant, where somebody has looked at one."""
        return self.compilation.sending


@dataclass(frozen=True, slots=True)
class _Silent:
    """Everybody in short, before anything has been said of them."""

    in_short: Sequence[InShort]

    def orders(self, place: str) -> Sequence[str]:
        """None."""
        return ()

    def passages(self, place: str, order: str = "") -> Iterator[Passages]:
        """None."""
        return iter(())

    def size(self, place: str) -> int:
        """Nothing."""
        return 0
