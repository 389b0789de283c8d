"""What was told into an output folder before, as far as it still holds: the rest is told again.

A family's own files stay where they are. Its passages are taken from the folder's present files,
and put together with new ones. Nothing is taken from a file that is not as it was left.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing_dsl.cli.assembling import File
from billing_dsl.cli.output import Ground
from billing_dsl.cli.passages import Gathered, Share, Spooled
from billing_dsl.store.again import family_keys
from billing_dsl.store.hands import HeadsOfFamily
from billing_dsl.store.kept import digest
from billing_dsl.store.told import Stood, Told, ToldFamily, keep_told, load_told

if TYPE_CHECKING:
    from billing_dsl.cli.checking import Standing


@dataclass(frozen=True, slots=True)
class Keyed:
    """A family, and the key of what is told of it."""

    key: str
    heads: HeadsOfFamily

    @property
    def clients(self) -> tuple[str, ...]:
        """The names of its clients, in order; it is called by the first of them."""
        return tuple(sorted(head.name for head in self.heads if head.kind == "client"))


@dataclass(frozen=True, slots=True)
class Before:
    """The families of a catalogue, and what was told of some of them before and still holds.

    `name` is the one under which it is kept, with `key`; the name is empty where nothing is.
    """

    name: str
    key: str
    families: tuple[Keyed, ...]
    told: Told
    _known: Mapping[str, ToldFamily]

    @property
    def untold(self) -> tuple[HeadsOfFamily, ...]:
        """The families that have to be told of."""
        return tuple(one.heads for one in self.families if one.key not in self._known)

    def whole(self, ground: Ground) -> bool:
        """Whether the folder holds all that there is to tell, and nothing else."""
        if len(self._known) != len(self.families) or len(self._known) != len(self.told.families):
            return False
        own = sum(len(family.files) for family in self.told.families)
        return not self.untold and len(ground.present) == own + len(self.told.shared)

    def told_of(self) -> tuple[tuple[tuple[str, ...], ToldFamily], ...]:
        """What holds of each family that need not be told of, with its clients' names."""
        return tuple(
            (one.clients, self._known[one.key]) for one in self.families if one.key in self._known
        )


NOTHING = Told((), {}, ())


def before(found: Standing, made: str, ground: Ground) -> Before:
    """What was told before into this folder, and still holds. `made` is what it is made by."""
    key = digest(*(part.encode("utf-8", "surrogateescape") for part in (ground.out, made)))
    inventory = found.common.inventory
    keys = family_keys(inventory, found.digests, found.as_of)
    families = tuple(map(Keyed, keys, inventory.families))
    told = load_told(found.name, key) or NOTHING
    if not all(_holds(ground, path, sha256) for path, sha256 in told.shared.items()):
        told = NOTHING
    wanted = set(keys)
    known = {
        family.key: family
        for family in told.families
        if family.key in wanted and all(_holds(ground, *file) for file in family.files)
    }
    return Before(found.name, key, families, told, known)


def _holds(ground: Ground, path: str, sha256: str) -> bool:
    found = ground.present.get(path)
    return found is not None and found.sha256 == sha256


def told_before(before: Before, ground: Ground) -> Share:
    """What was told before and still holds, as if it had just been told."""
    share = Share({}, {}, [], [])
    kept: set[str] = set()
    for clients, family in before.told_of():
        kept.update(clients)
        share.files[clients[0]] = [ground.present[path] for path, _ in family.files]
        share.in_short.extend(family.in_short)
    for stood in before.told.passages:
        path = stood.place.partition("#")[0]
        spooled = share.spooled.setdefault(stood.place, Spooled(f"{ground.out}/{path}"))
        for client, begin, length in zip(stood.clients, stood.begins, stood.lengths, strict=True):
            if client in kept:
                spooled.add(client, stood.order, begin, length)
    return share


def keep(
    before: Before, shares: Iterable[Share], gathered: Gathered, assembled: Sequence[File]
) -> None:
    """Keeps what has been told, unless passages do not stand in the files as they were told."""
    if not before.name:
        return
    stood = {}
    for file in assembled:
        stood.update(file.stood)
    passages: list[Stood] = []
    for place, order in gathered.told():
        clients = gathered.clients(place, order)
        if (place, order) in stood:
            begins, lengths = stood[place, order]
        elif any(gathered.lengths(place, order)):
            return
        else:  # nothing was said there, of nobody
            begins = lengths = array("Q", bytes(8 * len(clients)))
        if len(begins) != len(clients):
            return
        passages.append(Stood(place, order, clients, begins, lengths))
    files = {family: own for share in shares for family, own in share.files.items()}
    in_short = {short.client: short for short in gathered.in_short}
    families = [
        ToldFamily(
            one.key,
            tuple([in_short[client] for client in one.clients]),
            tuple([(file.path, file.sha256) for file in files.get(one.clients[0], ())]),
        )
        for one in before.families
    ]
    shared = {file.listed.path: file.listed.sha256 for file in assembled}
    keep_told(before.name, before.key, Told(families, shared, passages))
