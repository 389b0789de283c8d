"""BD320."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from billing_dsl.analysis.views import Declared
from billing_dsl.diagnostics import Finding, Label, Place, Severity
from billing_dsl.kinds.work_type import WorkType
from billing_dsl.rules import rule
from billing_dsl.rules._titles import plain

SHORTEST = 5
"""Letters of a word below which one letter makes another word: `web`, `wed`."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@rule("BD320", Severity.WARNING)
def similar_work_types(declared: Declared) -> Iterator[Finding]:
    """Two work types whose names or titles are nearly the same.

    They differ in a letter, in singular and plural, in hyphens or in the order of words, or have
    the same title in some language. In the list from which an engineer picks under time pressure
    they are one, and the work goes one way or the other by chance.

    Fails:

        kind: work_type
        name: server-maintenance
        title: Server Maintenance
        billing_class: edge
        description: Upkeep of servers.
        ---
        kind: work_type
        name: maintenance-of-servers
        title: Maintenance, Servers
        billing_class: edge
        description: Planned upkeep of servers.

    Passes:

        kind: work_type
        name: server-maintenance
        title: Server Maintenance
        billing_class: edge
        description: Upkeep of servers.
        ---
        kind: work_type
        name: network-maintenance
        title: Network Maintenance
        billing_class: edge
        description: Planned upkeep of routers and switches.
    """
    seen: dict[_Key, list[_Wording]] = {}
    titles: dict[str, WorkType] = {}
    for work_type in declared.shared.work_types:
        if titles.setdefault(plain(work_type.title), work_type) is not work_type:
            continue  # the same title altogether is another rule's affair
        found: tuple[_Wording, _Wording, str] | None = None
        wordings = tuple(_wordings(work_type))
        for wording in wordings:
            found = found or _alike(wording, seen)
        for wording in wordings:
            for key in wording.keys:
                seen.setdefault(key, []).append(wording)
        if found is None:
            continue
        mine, other, how = found
        yield Finding(
            mine.place,
            f"work types `{other.work_type.name}` and `{work_type.name}` {how}",
            label="hard to tell from the other",
            help="merge the two, or name the activities so that nobody confuses them",
            related=(Label(other.place, "the other is called this"),),
            subject=work_type.subject,
        )


_Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Wording:
    """One name or title of a work type, as words in plain letters.

    `keys` say with what it may be alike: the language, how it is looked at, and what is seen so.
    """

    work_type: WorkType
    place: Place
    text: str
    words: tuple[str, ...]
    keys: tuple[_Key, ...]


def _wordings(work_type: WorkType) -> Iterator[_Wording]:
    """The name, the title, and the titles by language; each is compared with its like."""
    for field, text in (
        ("name", work_type.name),
        ("title", work_type.title),
        *sorted(work_type.titles.items()),
    ):
        route = (field,) if field in ("name", "title") else ("titles", field)
        words = tuple(_WORD.findall(_letters(text)))
        if not words:
            continue
        singular = sorted(_singular(word) for word in words if word not in _JOINING)
        yield _Wording(
            work_type,
            work_type.at(*route),
            plain(text),
            words,
            (
                (field, "together", "".join(words)),
                (field, "words", *(singular or words)),
                *(
                    (field, "but", *words[:n], "", *words[n + 1 :])
                    for n, word in enumerate(words)
                    if len(word) >= SHORTEST and word.isalpha()
                ),
            ),
        )


def _alike(
    wording: _Wording, seen: dict[_Key, list[_Wording]]
) -> tuple[_Wording, _Wording, str] | None:
    """The first of the earlier wordings that a reader would confuse with this one, and why."""
    for key in wording.keys:
        for other in seen.get(key, ()):
            if key[1] == "but":
                at = key.index("", 2) - 2
                if not _one_letter(wording.words[at], other.words[at]):
                    continue
                return wording, other, "differ in one letter"
            if wording.text == other.text:
                how = f"have the same title in `{key[0]}`"
            elif key[1] == "together":
                how = "differ only in hyphens or spaces"
            elif sorted(wording.words) == sorted(other.words):
                how = "differ only in the order of words"
            else:
                how = "differ only in singular and plural or in the order of words"
            return wording, other, how
    return None


def _letters(text: str) -> str:
    """A text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))


_LITTLE_WORDS = """
    an and at by for in of on or the to  di del della dei da per il la le lo gli con  der die das
    und im am fur mit von zu  de du des et les pour  el los las para
    """
_JOINING = frozenset(_LITTLE_WORDS.split())


def _singular(word: str) -> str:
    """An English word in the singular, near enough to find two numbers of one word."""
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word.removesuffix("s")


def _one_letter(one: str, other: str) -> bool:
    """Whether two words differ in one letter put in, left out, exchanged, or two swapped."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
