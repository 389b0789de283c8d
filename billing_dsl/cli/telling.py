"""Outputs laid down: families are told of side by side, and then the files that all share.

What holds of an earlier compile is not told again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from billing_dsl.cli.abreast import abreast, hands
from billing_dsl.cli.assembling import assemble
from billing_dsl.cli.checking import Standing
from billing_dsl.cli.output import Ground, Laid
from billing_dsl.cli.passages import Gathered, Share, Spools
from billing_dsl.cli.retelling import before, keep, told_before
from billing_dsl.pipeline import Coded, Common
from billing_dsl.targets import Artifact, Assembled, Compilation, Passage, Views
from billing_dsl.targets._forms import Form
from billing_dsl.targets._in_short import InShort
from billing_dsl.targets._logo import Logo
from billing_dsl.targets._sending import Sending
from billing_dsl.telling import Telling


def lay(
    ground: Ground, found: Standing, compilation: Compilation, families: Sequence[Views] | None
) -> Laid:
    """All files of a checked catalogue. `families` are at hand where all had to be seen before."""
    common = found.common
    task = OfFamilies(ground, Made.by(compilation))
    if families is not None:
        step = -(-len(families) // hands()) or 1
        parts = [families[first : first + step] for first in range(0, len(families), step)]
        made = abreast([partial(_all_of, task, common, part) for part in parts])
        told, shares = None, [share for several in made for share in several]
    else:
        told = before(found, task.made.key, ground)
        shares = found.hands.make(common, told.untold, task)
        if told.whole(ground):
            return Laid(tuple(ground.present.values()))
        shares.append(told_before(told, ground))
    gathered = Gathered(shares)
    said = list(Telling(compilation).of_all(gathered))
    unsaid = [one for share in shares for one in share.unsaid]
    unsaid += [one for one in said if not isinstance(one, Assembled)]
    files = [file for share in shares for own in share.files.values() for file in own]
    if not unsaid:
        wholes = [one for one in said if isinstance(one, Assembled)]
        assembled = assemble(ground, wholes, gathered)
        files += [one.listed for one in assembled]
        if told is not None:
            keep(told, shares, gathered, assembled)
    return Laid(tuple(files), tuple(sorted(unsaid, key=_whose)))


def _whose(unsaid: Coded) -> str:
    return unsaid[1].reached[0].client if unsaid[1].reached else ""


def _all_of(task: OfFamilies, common: Common, families: Sequence[Views]) -> list[Share]:
    return list(task(common, families))


def _once(short: InShort, alike: dict[object, Any]) -> InShort:
    """A client in short; what it has in common with one before is the very same as that one's."""
    asked, sets = (alike.setdefault(one, one) for one in (short.asked, short.sets))
    return replace(short, asked=asked, sets=sets)


# --- family by family ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Made:
    """What a compilation is made of and by, beside what clients share: it can travel."""

    as_of: date
    catalogue_hash: str
    tool_version: str
    sending: Sending | None
    forms: frozenset[Form]
    logo: Logo | None
    templates: str
    """Stands for the user's own templates, in whose form outputs are made."""

    @classmethod
    def by(cls, compilation: Compilation) -> Made:
        """What a compilation is made by."""
        return cls(
            compilation.as_of,
            compilation.catalogue_hash,
            compilation.tool_version,
            compilation.sending,
            compilation.forms,
            compilation.logo,
            compilation.declared.templates.key,
        )

    @property
    def key(self) -> str:
        """Stands for whatever of it targets tell of a family: the hash is not told."""
        logo = self.logo.digest if self.logo is not None else ""
        return repr(
            (self.as_of, self.tool_version, self.sending, sorted(self.forms), logo, self.templates)
        )

    def of(self, common: Common) -> Compilation:
        """The compilation of what clients share. Without settings there is none."""
        if common.declared is None:
            raise ValueError("without settings nothing is compiled")
        return Compilation(
            common.declared,
            self.as_of,
            self.catalogue_hash,
            self.tool_version,
            self.sending,
            self.forms,
            self.logo,
        )


PIECE = 500
"""Families whose share is one piece."""


@dataclass(frozen=True, slots=True)
class OfFamilies:
    """The task to tell of families, for whoever holds their documents."""

    ground: Ground
    made: Made

    def __call__(self, common: Common, families: Iterable[Views]) -> Iterator[Share]:
        """Lays down the files of these families, some of them at a time."""
        telling = Telling(self.made.of(common))
        waiting = iter(families)
        while several := tuple(islice(waiting, PIECE)):
            yield self._share(telling, several)

    def _share(self, telling: Telling, families: Sequence[Views]) -> Share:
        spools = Spools(tempfile.mkdtemp(dir=self.ground.aside))
        share = Share({}, spools.spooled, [], [])
        alike: dict[object, Any] = {}
        for views, said in telling.of_families(families):
            if isinstance(said, Passage):
                spools.add(said)
            elif isinstance(said, Artifact):
                files = share.files.setdefault(views[0].client.name, [])
                files.append(self.ground.lay(said))
            elif isinstance(said, InShort):
                share.in_short.append(_once(said, alike))
            else:
                share.unsaid.append(said)
        spools.flush()
        return share
