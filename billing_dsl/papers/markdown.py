"""A document in Markdown, marks and all: the stamp stands below its last line, then the seal."""

from __future__ import annotations

import re

from billing_dsl.papers._opened import Opened, UnreadableError
from billing_dsl.targets._forms import Form
from billing_dsl.targets._seal import NAME
from billing_dsl.targets.scope_document import in_markdown

_SEAL = re.compile(rf"<!--\s*{NAME}:([^<>]*?)-->")
_MOST = 2 << 20


def read(text: str) -> Opened:
    """What it says. Raises UnreadableError where it is longer than any of ours."""
    if len(text) > _MOST:
        raise UnreadableError("is longer than any text of ours")
    text = text.replace("\r\n", "\n")
    seals = _SEAL.findall(text)
    body, stamp = in_markdown(_SEAL.sub("", text, count=1))
    return Opened(Form.MARKDOWN, body, stamp, seals[0].strip() if seals else "")
