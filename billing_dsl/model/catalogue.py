"""Everything declared, by kind and name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from billing_dsl.model.declaration import Declaration

D = TypeVar("D", bound=Declaration)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What documents declare. `lost` are names, by kind, whose documents could not be read.

    `unsound` are the subjects that depend on something lost or unknown: nothing is proved of
    them, and nothing that they would cause is reported. `silent` says that some document lost
    even its name, so that every unknown reference may mean it.
    """

    declared: Mapping[type[Declaration], Mapping[str, Declaration]]
    lost: Mapping[str, frozenset[str]] = field(default_factory=dict)
    silent: bool = False
    unsound: frozenset[str] = frozenset()

    def all(self, kind: type[D]) -> tuple[D, ...]:
        """Every declaration of a kind, by name: the order never depends on the file system."""
        return cast("tuple[D, ...]", tuple(self.declared.get(kind, {}).values()))

    def named(self, kind: type[D], key: str) -> D | None:
        """The declaration of that name; a tier's key is `name@version`."""
        return cast("D | None", self.declared.get(kind, {}).get(key))

    def the(self, kind: type[D], key: str) -> D:
        """The declaration of that name, which is known to be there. Raises KeyError otherwise."""
        return cast("D", self.declared[kind][key])

    def sound(self, declaration: Declaration) -> bool:
        """Whether nothing that it depends on is lost or unknown."""
        return declaration.subject not in self.unsound


def gathered(
    declarations: Iterable[Declaration],
) -> dict[type[Declaration], dict[str, Declaration]]:
    """Declarations by class and key, in order of keys; the first of two with one key counts."""
    found: dict[type[Declaration], dict[str, Declaration]] = {}
    for declaration in declarations:
        found.setdefault(type(declaration), {}).setdefault(declaration.key, declaration)
    return {
        kind: dict(sorted(named.items()))
        for kind, named in sorted(found.items(), key=lambda item: item[0].KIND)
    }
