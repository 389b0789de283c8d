"""A document as a page of HTML: what a browser shows, and the foot of the page apart."""

from __future__ import annotations

from billing_dsl.papers._opened import Opened
from billing_dsl.source.hypertext import shown
from billing_dsl.targets._forms import Form
from billing_dsl.targets._seal import NAME


def read(text: str) -> Opened:
    """What it says."""
    page = shown(text, NAME)
    return Opened(Form.HTML, page.body, page.foot, page.meta)
