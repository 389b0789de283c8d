"""What `verify-document` prints: the verdict on a document, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from billing_dsl.papers import Opened
from billing_dsl.papers.judged import Judged
from billing_dsl.report._shown import Plain
from billing_dsl.report._visible import visible
from billing_dsl.report._words import count
from billing_dsl.targets._seal import Seal

SHOWN = 20
"""Passages that a person is shown; JSON has all of them."""

_LONGEST = 400


def as_json(file: str, found: Opened, seal: Seal | None, judged: Judged) -> Plain:
    """The verdict for scripts."""
    return {
        "file": file,
        "form": found.form.value,
        "client": seal.client if seal is not None else None,
        "agreement": seal.agreement if seal is not None else None,
        "language": seal.language if seal is not None else None,
        "verdict": judged.verdict.value,
        "reason": judged.reason,
        "changes": [
            {"document": change.document, "catalogue": change.catalogue}
            for change in judged.changes
        ],
    }


def as_text(file: str, seal: Seal | None, judged: Judged) -> str:
    """The verdict for a person."""
    return "\n".join(_lines(file, seal, judged)) + "\n"


def _lines(file: str, seal: Seal | None, judged: Judged) -> Iterator[str]:
    yield f"{visible(file)}: {judged.verdict.value}: {visible(judged.reason)}"
    if seal is not None:
        whose = f"agreement `{seal.agreement}` of client `{seal.client}`"
        yield f"  {whose}, written in `{seal.language}`"
    for change in judged.changes[:SHOWN]:
        yield ""
        yield f"  in the document:   {_short(change.document)}"
        yield f"  in the catalogue:  {_short(change.catalogue)}"
    left = len(judged.changes) - SHOWN
    if left > 0:
        yield ""
        yield f"  and {count(left, 'further passage')}: --format json shows all of them"


def _short(passage: str) -> str:
    shown = visible(passage) or "nothing"
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]} …"
