"""What `show` and `why` print by: plain JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, TypeAlias

from billing_dsl.kinds._contract import Exclusions

Plain: TypeAlias = dict[str, Any]
"""A JSON object; amounts are text, so that none of their digits is lost."""


def exclusions_as_json(exclusions: Exclusions) -> Plain:
    """Three lists of names."""
    return {
        "work_types": list(exclusions.work_types),
        "roles": list(exclusions.roles),
        "sub_issues": list(exclusions.sub_issues),
    }


def dumped(content: object) -> str:
    """JSON for people and scripts: indented, every character as it is, decimals as text."""
    return json.dumps(content, ensure_ascii=False, indent=2, default=_plain) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} does not belong in JSON")
