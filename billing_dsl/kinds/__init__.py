"""One file a kind of document: what it declares and how it is built, beside its schema.

To add a kind, write `schemas/<kind>.schema.json` and a module here with a dataclass derived from
`Declaration` and one `Kind`. Nothing else has to know: it is found, built and resolved.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

from billing_dsl.model.declaration import Kind
from billing_dsl.registry import discover


@cache
def kinds() -> Mapping[str, Kind[Any]]:
    """Every kind of document by its name, in order of names."""
    found: tuple[Kind[Any], ...] = discover(sys.modules[__name__], Kind, lambda kind: kind.name)
    return {kind.name: kind for kind in found}
