"""What is found on one side of a change only: new findings, and those that are gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

from billing_dsl.changes.told import Renamed
from billing_dsl.diagnostics import Diagnostic, Reach, Severity
from billing_dsl.report._baseline import key


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings of one side only, the worst first, and how many there are on both.

    A finding that reaches more agreements than it did is new for those.
    """

    new: tuple[Diagnostic, ...]
    fixed: tuple[Diagnostic, ...]
    both: int

    def __bool__(self) -> bool:
        return bool(self.new or self.fixed)

    def at_least(self, severity: Severity) -> tuple[Diagnostic, ...]:
        """The new ones of a severity, or of a worse one."""
        return tuple(one for one in self.new if one.severity.rank >= severity.rank)


def compared(
    before: Sequence[Diagnostic],
    after: Sequence[Diagnostic],
    renamed: Sequence[Renamed] = (),
) -> Findings:
    """The findings of two sides.

    Those of one fingerprint are the same; then those that differ in their file alone, for somebody
    has moved a document; then those that say the same of what has another name after; then those
    that differ in whom they reach.
    """
    gone, new = list(before), list(after)
    both = 0
    for alike in (key, _wherever):
        gone, new, same = _without_pairs(gone, new, alike)
        both += same
    names = _Names(renamed)
    gone, new, same = _without_pairs(gone, new, _wherever, names.after)
    both += same
    known = {_whomever(one): {*one.reached} for one in map(names.after, gone)}
    kept: list[Diagnostic] = []
    for one in new:
        reached = known.get(_whomever(one))
        if reached is None:
            kept.append(one)
            continue
        more = tuple(reach for reach in one.reached if reach not in reached)
        gone = [other for other in gone if _whomever(names.after(other)) != _whomever(one)]
        both += 1
        if more:
            kept.append(replace(one, reached=more))
    return Findings(_worst_first(kept), _worst_first(gone), both)


def _wherever(one: Diagnostic) -> Hashable:
    return one.code, one.subject, one.route, one.message, frozenset(one.reached)


def _whomever(one: Diagnostic) -> Hashable:
    return one.code, one.subject, one.route, one.message


class _Names:
    """What a finding from before would say if everything had the names that it has after."""

    def __init__(self, renamed: Sequence[Renamed]) -> None:
        """Of a name that several things had, the first is meant: a finding says no kind."""
        self._of = {(one.kind, one.before): one.after for one in renamed}
        self._any = {one.before: one.after for one in reversed(renamed)}

    def after(self, one: Diagnostic) -> Diagnostic:
        """The finding with names from after."""
        if not self._any:
            return one
        kind, slash, name = one.subject.partition("/")
        return replace(
            one,
            subject=f"{kind}{slash}{self._of.get((kind, name), name)}",
            route=_NAME.sub(self._known, one.route),
            message=_NAME.sub(self._known, one.message),
            reached=tuple(
                Reach(
                    self._of.get(("client", reach.client), reach.client),
                    self._of.get(("agreement", reach.agreement), reach.agreement),
                )
                for reach in one.reached
            ),
        )

    def _known(self, found: re.Match[str]) -> str:
        return self._any.get(found[0], found[0])


_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:@[0-9]+)?")


def _without_pairs(
    before: Sequence[Diagnostic],
    after: Sequence[Diagnostic],
    alike: Callable[[Diagnostic], Hashable],
    called: Callable[[Diagnostic], Diagnostic] = lambda one: one,
) -> tuple[list[Diagnostic], list[Diagnostic], int]:
    """What is left of both sides without what is alike, and how much that was. `called` makes of a
    finding from before the one that is compared.
    """
    was = [alike(called(one)) for one in before]
    here = [alike(one) for one in after]
    same = Counter(was) & Counter(here)
    return _left(before, was, same), _left(after, here, same), sum(same.values())


def _left(
    findings: Sequence[Diagnostic], prints: Sequence[Hashable], same: Counter[Hashable]
) -> list[Diagnostic]:
    still = Counter(same)
    kept = []
    for one, print_ in zip(findings, prints, strict=True):
        if still[print_]:
            still[print_] -= 1
        else:
            kept.append(one)
    return kept


def _worst_first(findings: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(findings, key=lambda one: (-one.severity.rank, one.order)))
