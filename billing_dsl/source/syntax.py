"""What is wrong with a text that is not YAML, in words for whoever wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from billing_dsl.source.scalars import DASH
from billing_dsl.source.text import Text, shown

SYNTAX = "BD001"
TAG = "BD005"
TOO_LARGE = "BD008"

WRITTEN_TAG = re.compile(r"!(?:<[^>\s]*>?|[^\s,\[\]{}]*)")
"""A tag as it stands in a text."""

_QUOTED = "put the text in quotes"
_STUCK = re.compile(r"[ ]*(?:-[ ]+)*(-)(?=[^-\s0-9.])")
# Between brackets: text in quotes, and comments behind a value that no comma ends.
_QUOTES_AND_COMMENTS = re.compile(
    r"""(?<=[\[{,:\s]) (?: "(?:\\.|[^"\\])*" | '(?:''|[^'])*' ) | (?<=[^\s\[{,])[ ]+(\#.*)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the reading of a document stopped, and where: positions in the file's text."""

    code: str
    start: int
    end: int
    message: str
    label: str = ""
    help: str = ""
    since: int | None = None
    """Where what is at fault began; `since_message` says what begins there."""
    since_message: str = ""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the parser said, with its positions in the file's text.

    `at` is where it noticed, `since` where the part began that it was reading, `opened` the
    innermost bracket that is open there.
    """

    context: str
    problem: str
    at: int
    since: int | None
    opened: int | None
    quoted: int | None
    """Where the last value begins, if that is text in quotes."""


def trouble(said: Complaint, text: Text) -> Trouble:
    """The parser's complaint in our words, at the place that has to be changed."""
    context, problem = said.context, said.problem
    if "quoted scalar" in context:
        return _quotes(said, text)
    if "block scalar" in context:
        message = "only `+`, `-` or a digit may follow the `|` or `>` that begins a long text"
        return _at(said.at, text, message, "write the text on the lines below, indented")
    if "anchor" in context or "alias" in context:
        return _beginning(_since(said), text)
    if "tag" in context or "tag handle" in problem:
        return _tag(_since(said), text)
    if "directive" in context or problem.endswith("'<document start>', but found '<stream end>'"):
        return directive(text.safe.rfind("\n%", 0, said.at) + 1, text)
    if "cannot start any token" in problem:
        return _beginning(said.at, text)
    if "simple key" in context:
        return _no_colon(_since(said), text)
    return _structure(said, text)


def directive(start: int, text: Text) -> Trouble:
    """A line that would change how the rest is read."""
    return Trouble(
        SYNTAX,
        start,
        text.line_end(start),
        "a line that begins with `%` is an instruction to YAML, and none is followed here",
        help="take the line out; if it belongs to a text, indent it",
    )


def too_deep(start: int, limit: int) -> Trouble:
    """Lists and mappings inside each other beyond all measure."""
    return Trouble(
        TOO_LARGE,
        start,
        start + 1,
        f"lists and mappings stand inside each other more than {limit} deep",
        "one level too many",
        "no document needs that; look for brackets that are opened and not closed",
    )


def too_many(start: int, limit: int, what: str) -> Trouble:
    """More values or documents than a file may have."""
    return Trouble(
        TOO_LARGE,
        start,
        start + 1,
        f"the file has more than {limit:,} {what}",
        "reading stops here",
        "spread its documents over several files",
    )


def _quotes(said: Complaint, text: Text) -> Trouble:
    opening = _since(said)
    quote = text.safe[opening : opening + 1]
    if "found unexpected" in said.problem:
        cure = 'close it with `"`' if quote == '"' else "close it with `'`; inside it, write `''`"
        return Trouble(
            SYNTAX, opening, opening + 1, "a text in quotes is not closed", "opened here", cure
        )
    start = text.safe.rfind("\\", opening, said.at + 1)
    written = text.safe[start : start + 2]
    if "unknown escape" in said.problem and written.strip() != "\\":
        message = f"{shown(written)} means nothing in a text in double quotes"
    else:
        message = f"the escape {shown(written)} names no character"
    cure = "write `\\\\` for a backslash, or put the text in single quotes"
    return Trouble(SYNTAX, start, start + 2, message, help=cure)


def _beginning(start: int, text: Text) -> Trouble:
    char = text.safe[start : start + 1]
    found = "a backtick" if char == "`" else f"`{char}`"
    message = f"expected a value, found {found}, with which no text without quotes begins"
    return _at(start, text, message, _QUOTED)


def _tag(start: int, text: Text) -> Trouble:
    """The same as for a tag that the parser does understand."""
    found = WRITTEN_TAG.search(text.safe, start)
    first, last = found.span() if found else (start, start + 1)
    return Trouble(TAG, first, last, *tag_words(text.safe[first:last]))


def tag_words(tag: str) -> tuple[str, str, str]:
    """Message, label and help about a tag."""
    return (
        f"tag {shown(tag)} stands where the value itself is expected",
        "a tag",
        "take the tag out; if it belongs to the text, put the text in quotes",
    )


def _no_colon(start: int, text: Text) -> Trouble:
    end = text.line_end(start)
    written = text.safe[start:end]
    if re.search(r":(?: |$)", written):
        message = "a key is longer than 1,024 characters or goes over several lines"
        return Trouble(SYNTAX, start, end, message, help="shorten the key")
    return Trouble(
        SYNTAX,
        start,
        end,
        f"expected `key: value`, found {shown(written)}",
        "without a `:`",
        "add the `:`; if it goes on with the text above, indent it further than that key",
    )


def _structure(said: Complaint, text: Text) -> Trouble:
    problem = said.problem
    colon = "mapping values are not allowed" in problem
    if said.opened is None and (stuck := _stuck(said.at, text, above=colon)) is not None:
        return Trouble(SYNTAX, stuck, stuck + 1, DASH[0], help=DASH[1])
    if colon:
        return _at(
            said.at,
            text,
            "a `:` stands where no key can be",
            "put the value in quotes if the `:` belongs to it, or line the key up with the others",
        )
    if "sequence entries are not allowed" in problem:
        message = "a list item `-` stands where no list can begin"
        return _at(said.at, text, message, "begin the list on a line of its own, below its key")
    if "mapping keys are not allowed" in problem:
        return _at(said.at, text, "a `?` stands where no key can be", _QUOTED)
    if said.opened is not None:
        return _bracket(said, said.opened, text)
    return _indentation(said, text)


def _stuck(position: int, text: Text, *, above: bool) -> int | None:
    """Where the line of a position, or the one above it, has a dash to which its item sticks."""
    for before in (0, 1)[: 1 + above]:
        found = _STUCK.match(text.safe, text.line_start(position, before=before))
        if found:
            return found.start(1)
    return None


def _bracket(said: Complaint, opened: int, text: Text) -> Trouble:
    """Something between brackets that cannot be there, or brackets that are not closed."""
    bracket = text.safe[opened : opened + 1]
    closing = "]" if bracket == "[" else "}"
    for sign in _QUOTES_AND_COMMENTS.finditer(text.safe, opened, said.at):
        comment = (sign[1] or "").rstrip()
        if closing in comment or comment.endswith(","):
            return Trouble(
                SYNTAX,
                sign.start(1),
                sign.start(1) + len(comment),
                f"` #` begins a comment, so what ends the `{bracket}` before it is not read",
                "a comment",
                "put the text in quotes if the `#` belongs to it",
                opened,
                f"the `{bracket}` that is open here",
            )
    if "<stream end>" in said.problem:
        message = f"a `{bracket}` is not closed"
        return Trouble(SYNTAX, opened, opened + 1, message, "opened here", f"add the `{closing}`")
    found = text.safe[said.at : said.at + 1]
    expected = "a value" if "node content" in said.problem else f"`,` or `{closing}`"
    return Trouble(
        SYNTAX,
        said.at,
        said.at + 1,
        f"expected {expected}, found {_sign(found)}",
        help=f"put a comma between values, close the `{bracket}`, and quote text with signs in it",
        since=opened,
        since_message=f"the `{bracket}` that is open here",
    )


def _indentation(said: Complaint, text: Text) -> Trouble:
    """A line that belongs neither to the block above it nor to one further out."""
    end = text.line_end(said.at)
    if not text.begins_line(said.at):
        found = _sign(text.safe[said.at : said.at + 1])
        if "node content" in said.problem:
            return _at(said.at, text, f"expected a value, found {found}", _QUOTED)
        message = f"expected the end of the line, found {found} after a complete value"
        if said.quoted is not None and "\n" in text.safe[said.quoted : said.at]:
            return Trouble(
                SYNTAX,
                said.at,
                end,
                message,
                help="close the text in quotes on its own line",
                since=said.quoted,
                since_message="the text in quotes that goes on to here",
            )
        return Trouble(SYNTAX, said.at, end, message, help="put the whole value in quotes")
    if said.since is None or said.since == said.at:
        return Trouble(
            SYNTAX,
            said.at,
            end,
            "this line belongs to nothing above it",
            help="indent the keys of one document alike; a new document begins with a line `---`",
        )
    return Trouble(
        SYNTAX,
        said.at,
        end,
        "this line is indented unlike the lines that it seems to belong to",
        help="indent the lines of one block alike, with spaces",
        since=said.since,
        since_message="the block that is open here",
    )


def _sign(found: str) -> str:
    return f"`{found}`" if found.strip() else "the end of the line"


def _since(said: Complaint) -> int:
    return said.at if said.since is None else said.since


def _at(start: int, text: Text, message: str, cure: str) -> Trouble:
    return Trouble(SYNTAX, start, min(start + 1, len(text.safe)), message, help=cure)
