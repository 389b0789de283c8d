"""Stretches of days on which something is so, joined and told."""

from __future__ import annotations

from collections.abc import Iterable

from billing_dsl.model.calendar import Stretch, day_after


def united(lives: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Stretches as few, in order of time: those that touch or overlap are one."""
    found: list[Stretch] = []
    for life in sorted(lives):
        last = found[-1] if found else None
        if last is not None and life.start <= day_after(last.end):
            found[-1] = Stretch(last.start, max(last.end, life.end))
        else:
            found.append(life)
    return tuple(found)


def in_words(lives: tuple[Stretch, ...]) -> str:
    """From when to when, each time."""
    told = [f"from {life}" for life in lives]
    return " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))
