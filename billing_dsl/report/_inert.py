"""Text that people outside have written, in a comment of a forge: nothing in it does anything.

GitHub and GitLab look for mentions, references and addresses in what Markdown has become, so that
neither backslashes nor entities keep them away (github.com/dependabot, `LinkAndMentionSanitizer`,
does as we do): a mark that takes no room stands inside whatever they would look for. Code is left
alone by both.
"""

from __future__ import annotations

import re

from billing_dsl.report._visible import visible
from billing_dsl.targets._templates import md

APART = "&#8203;"
"""A space without width, written out so that a reviewer of the source sees it."""

_ENTITY = re.compile(r"&#64;|&#47;|&#46;")
_PLAIN = {"&#64;": "@", "&#47;": "/", "&#46;": "."}
_FOUND = re.compile(
    r"""
    (?<=@)(?=\w)                                # mentions, and e-mail addresses
    | (?<=:)(?=//) | (?<=www)(?=\.)             # addresses
    | (?<=mailto:) | (?<=xmpp:)
    | (?<=\#)(?=\w) | (?<=GH-)(?=\d)            # issues
    | (?<=[!%$^])(?=[\w"]) | (?<=~)(?=[\w"])    # GitLab's requests, milestones, labels, snippets
    | (?<=&)(?=\d) | (?<=&amp;)(?=\d)           # its epics
    | (?<=\[)(?=\w)                             # and whatever else it names in brackets
    """,
    re.VERBOSE | re.IGNORECASE,
)


_COMMIT = re.compile(r"\b[0-9a-f]{7,}\b", re.IGNORECASE)


def inert(text: str) -> str:
    """A text on one line of Markdown, or in a cell of a table, that does nothing but say it."""
    written = _ENTITY.sub(lambda found: _PLAIN[found[0]], md(visible(text)))
    return _COMMIT.sub(_apart, _FOUND.sub(APART, written))


def _apart(found: re.Match[str]) -> str:
    """What could be a commit, in pieces too short for one."""
    return APART.join(re.findall(".{1,4}", found[0]))


def code(text: str) -> str:
    """A text as code, in a line or in a cell of a table, which a whole bar would end."""
    shown = visible(text).replace("|", "¦")
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    marks = "`" * (longest + 1)
    space = " " if shown[:1] in ("`", " ", "") or shown[-1:] in ("`", " ", "\\") else ""
    return f"{marks}{space}{shown}{space}{marks}"
