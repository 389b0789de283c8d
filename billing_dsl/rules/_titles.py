"""When two titles are the same to a reader."""

from __future__ import annotations

import unicodedata


def plain(title: str) -> str:
    """A title without what a reader overlooks: letters' forms, case, and how spaces are set.

    That Autotask tells names apart no better than this is an assumption: docs/assumptions.md.
    """
    return " ".join(unicodedata.normalize("NFC", title).casefold().split())
