"""A waiver: a finding that somebody has accepted, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from billing_dsl.model.declaration import Declaration, House, Kind, base
from billing_dsl.source.document import Document


@dataclass(frozen=True, slots=True)
class Waiver(Declaration):
    """An accepted finding: its code and what it is about."""

    KIND: ClassVar[str] = "waiver"

    code: str
    about: str
    """A subject, `agreement/globex-2024`."""
    reason: str
    owner: str
    until: date | None


def _build(document: Document, _house: House) -> Waiver:
    value = document.value
    return Waiver(
        *base(document),
        code=value["code"],
        about=value["subject"],
        reason=value["reason"],
        owner=value["owner"],
        until=date.fromisoformat(value["until"]) if "until" in value else None,
    )


WAIVER = Kind(Waiver, _build)
