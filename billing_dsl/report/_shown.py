"""What `show` and `why` print by: plain JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, TypeAlias

from billing_dsl.kinds._contract import Exclusions
from billing_dsl.report._visible import COMMAND

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
    """JSON for people and scripts: indented, every character as it is, decimals as text.

    Only what a CI system would obey in a log is escaped.
    """
    text = json.dumps(content, ensure_ascii=False, indent=2, default=_plain)
    return COMMAND.sub(r"#\\u0023", text) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} does not belong in JSON")
