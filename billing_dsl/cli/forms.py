"""The forms of documents that a command is asked for, and whether they can be made here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from billing_dsl.targets._forms import Form, Need


def forms(_: click.Context, __: click.Parameter, named: str) -> frozenset[Form]:
    """The forms named with commas between, such as `md,html`, in whatever order.

    Raises click.BadParameter for what is none, and for one whose extra is not installed.
    """
    from billing_dsl.targets._forms import NEEDS, Form

    known = {form.value: form for form in Form}
    words = [word.strip().lower() for word in named.split(",") if word.strip()]
    for word in words:
        if word not in known:
            raise click.BadParameter(f"there is no form `{word}`; forms are {', '.join(known)}.")
    if not words:
        raise click.BadParameter(f"name at least one of {', '.join(known)}.")
    chosen = frozenset(known[word] for word in words)
    if lacking := _lacking(chosen, NEEDS):
        raise click.BadParameter(lacking)
    return chosen


def _lacking(chosen: frozenset[Form], needs: Mapping[Form, Need]) -> str:
    """What to install before these forms can be made; empty where nothing is missing."""
    extras = sorted(
        {
            need.extra
            for form, need in needs.items()
            if form in chosen and find_spec(need.module) is None
        }
    )
    if not extras:
        return ""
    them = ", ".join(form for form in sorted(chosen) if form in needs)
    return f"{them} cannot be made here yet: pip install 'billing-dsl[{','.join(extras)}]'."
