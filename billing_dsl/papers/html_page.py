"""A document as a page of HTML: what a browser shows, and the foot of the page apart."""

from __future__ import annotations

from billing_dsl.papers._opened import Opened, UnreadableError
from billing_dsl.source.hypertext import HypertextError, foreign, shown, skeleton, style
from billing_dsl.targets._forms import Form
from billing_dsl.targets._seal import NAME


def read(text: str) -> Opened:
    """What it says. Raises UnreadableError where a sign in it is written as none that there is."""
    try:
        page = shown(text, NAME)
    except HypertextError as reason:
        raise UnreadableError(str(reason)) from None
    marks = skeleton(text, page.meta)
    found = foreign(text)
    return Opened(
        Form.HTML, page.body, page.foot, page.meta, marks, foreign=found, style=style(text)
    )
