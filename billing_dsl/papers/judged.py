"""Whether a document that has come back still says what the catalogue says, and if not, what."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from billing_dsl.papers import html_page, markdown, word
from billing_dsl.papers._opened import Opened
from billing_dsl.targets._forms import Form
from billing_dsl.targets._own_documents import OwnDocuments
from billing_dsl.targets._scope import ScopeDocument
from billing_dsl.targets._scope_plain import Plainly, texts
from billing_dsl.targets._seal import Seal, letters
from billing_dsl.targets.scope_document import Look, Writer


class Verdict(StrEnum):
    """What a document is, beside its catalogue."""

    MATCHES = "matches"
    STALE = "stale"
    """It is as it was made, but the catalogue says something else now."""
    TAMPERED = "tampered"
    """It says something else than when it was made."""
    UNKNOWN = "unknown"
    """It is none of ours, or its agreement is gone."""


@dataclass(frozen=True, slots=True)
class Change:
    """A passage that is not the same: as the document has it, and as it would be made today."""

    document: str
    catalogue: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, why, and the passages that differ, in the order of the document."""

    verdict: Verdict
    reason: str
    changes: tuple[Change, ...] = ()


NO_TEMPLATES: Mapping[str, str] = {}
NO_COLOURS: Mapping[str, str] = {}

NO_SEAL = Judged(
    Verdict.UNKNOWN,
    "it carries no seal of billing_dsl: it was not made by it, or the program that saved it last "
    "took the seal away",
)


def gone(seal: Seal) -> Judged:
    """The verdict where the catalogue has no such agreement."""
    return Judged(Verdict.UNKNOWN, f"the catalogue has no agreement `{seal.agreement}`")


def judged(
    found: Opened,
    seal: Seal,
    today: ScopeDocument,
    own: Mapping[str, str] = NO_TEMPLATES,
    colours: Mapping[str, str] = NO_COLOURS,
) -> Judged:
    """The verdict on a document, beside what would be made of its agreement today.

    `own` are templates of the user's own, which may say it otherwise than ours, and
    `colours` those of the MSP, which the style of a page has.
    """
    now = _today(today, found.form, own, colours)
    same = found.said == now.said
    touched = _touched(found, now)
    if found.digest != seal.digest or touched:
        changes = () if same else tuple(_changes(found, now.body))
        if not touched:
            touched = _UNLIKE.format("its text" if not same else _beside(found, now))
        return Judged(Verdict.TAMPERED, touched, changes)
    language = today.language.labels["language"]
    if same and found.style != now.style:
        return Judged(
            Verdict.STALE, "it says what the catalogue says, but its style is not that of today"
        )
    if same:
        return Judged(Verdict.MATCHES, "it says what the catalogue says")
    reason = "it is as it was made, but the catalogue says something else now"
    if language != seal.language:
        reason += (
            f": its client's documents are written in `{language}`, no longer `{seal.language}`"
        )
        return Judged(Verdict.STALE, reason)
    return Judged(Verdict.STALE, reason, tuple(_changes(found, now.body)))


_UNLIKE = "{} is not what it was when it was made"
_SHORT = 80
"""Letters of a text that is struck out or hidden, as they are told."""


def _touched(found: Opened, now: Opened) -> str:
    """What a document holds that ours never do, however it is sealed; empty where there is none."""
    if found.concealed:
        first, more = found.concealed[0], len(found.concealed) - 1
        shown = first if len(first) <= _SHORT else f"{first[:_SHORT]}…"
        further = f" and {more} more" if more else ""
        return f"text in it is struck out or hidden: `{shown}`{further}"
    foreign = [one for one in found.foreign if one not in now.foreign]
    return f"it {' and '.join(foreign)}, which no document of ours does" if foreign else ""


def _beside(found: Opened, now: Opened) -> str:
    """What was touched where the text was not."""
    if found.style != now.style:
        return "its style"
    return "its stamp or its seal" if found.marks == now.marks else "how it is set or sealed"


def _today(
    document: ScopeDocument, form: Form, own: Mapping[str, str], colours: Mapping[str, str]
) -> Opened:
    """What a document would say today, in a form."""
    if form is Form.PDF:  # what is printed is the texts, one after the other
        return Opened(form, "\n".join(texts(Plainly(document.language).of(document))), "", "")
    templates = OwnDocuments(own, (form,))
    look = Look(document.provider_name, colours, None, frozenset({form}), templates)
    [(_, content)] = Writer(look, document.language).forms(document)
    if form is Form.WORD:
        return word.read(content)
    read = markdown.read if form is Form.MARKDOWN else html_page.read
    return read(content.decode())


# --- what differs --------------------------------------------------------------------------------

_MOST = 8000
"""Words of a text whose passages are compared one by one; ours have a third at most."""

_NEAR = 3
"""Words shown on both sides of a passage that differs."""

_MARKS = re.compile(r"^[|*_#>\\-]+|[|*_\\]+$|\\(?=[^\w\s])|&nbsp;|<br>")


def _changes(found: Opened, said: str) -> Iterator[Change]:
    """The passages that differ, as far as words tell."""
    before, after = _words(found.body, found.form), _words(said, found.form)
    if max(len(before), len(after)) > _MOST:
        return
    keys = [letters(word) for word in before], [letters(word) for word in after]
    matcher = difflib.SequenceMatcher(None, keys[0], keys[1], autojunk=False)
    for opcodes in matcher.get_grouped_opcodes(_NEAR):
        differs = [one for one in opcodes if one[0] != "equal"]
        between = "" if found.form is Form.PDF else " "  # there a line may end within a word
        was = between.join(word for one in differs for word in keys[0][one[1] : one[2]])
        now = between.join(word for one in differs for word in keys[1][one[3] : one[4]])
        if found.spelt(was) != found.spelt(now):
            first, last = opcodes[0], opcodes[-1]
            yield Change(_passage(before, first[1], last[2]), _passage(after, first[3], last[4]))


def _words(text: str, form: Form) -> Sequence[str]:
    words = text.replace("\x01", "").replace("\x02", "").split()
    if form is Form.MARKDOWN:
        words = [_MARKS.sub("", word) for word in words]
    return [word for word in words if letters(word)]


def _passage(words: Sequence[str], first: int, last: int) -> str:
    """Some words, with a sign where more come before and after."""
    shown = " ".join(words[first:last])
    before = "… " if first else ""
    after = " …" if last < len(words) else ""
    return f"{before}{shown}{after}"
