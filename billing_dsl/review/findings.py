"""What is found on one side of a change only: new findings, and those that are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace

from billing_dsl.diagnostics import Diagnostic, Severity
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


def compared(before: Sequence[Diagnostic], after: Sequence[Diagnostic]) -> Findings:
    """The findings of two sides.

    Those of one fingerprint are the same; then those that differ in their file alone, for somebody
    has moved a document; then those that differ in whom they reach.
    """
    gone, new = list(before), list(after)
    both = 0
    for alike in (key, _wherever):
        gone, new, same = _without_pairs(gone, new, alike)
        both += same
    known = {_whomever(one): {*one.reached} for one in gone}
    kept: list[Diagnostic] = []
    for one in new:
        reached = known.get(_whomever(one))
        if reached is None:
            kept.append(one)
            continue
        more = tuple(reach for reach in one.reached if reach not in reached)
        gone = [other for other in gone if _whomever(other) != _whomever(one)]
        both += 1
        if more:
            kept.append(replace(one, reached=more))
    return Findings(_worst_first(kept), _worst_first(gone), both)


def _wherever(one: Diagnostic) -> Hashable:
    return one.code, one.subject, one.route, one.message, one.reached


def _whomever(one: Diagnostic) -> Hashable:
    return one.code, one.subject, one.route, one.message


def _without_pairs(
    before: Sequence[Diagnostic],
    after: Sequence[Diagnostic],
    alike: Callable[[Diagnostic], Hashable],
) -> tuple[list[Diagnostic], list[Diagnostic], int]:
    """What is left of both sides without what is alike, and how much that was."""
    there, here = Counter(map(alike, before)), Counter(map(alike, after))
    same = there & here
    return _left(before, alike, same), _left(after, alike, same), sum(same.values())


def _left(
    findings: Sequence[Diagnostic],
    alike: Callable[[Diagnostic], Hashable],
    same: Counter[Hashable],
) -> list[Diagnostic]:
    still = Counter(same)
    kept = []
    for one in findings:
        print_ = alike(one)
        if still[print_]:
            still[print_] -= 1
        else:
            kept.append(one)
    return kept


def _worst_first(findings: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(findings, key=lambda one: (-one.severity.rank, one.order)))
