"""XML from strangers, read as it comes. What declares a document type is refused: without one there
are no entities, neither such as grow without end nor such as fetch a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias
from xml.parsers import expat

Begun: TypeAlias = Callable[[str, Mapping[str, str]], None]

DEEPEST = 200
"""Elements within one another; our own documents have a tenth of it."""

MOST = 500_000
"""Elements of one text."""


class MarkupError(Exception):
    """Why a text is not read as XML, in words that follow `it`."""


def follow(
    content: bytes,
    begun: Begun,
    ended: Callable[[str], None] = lambda _: None,
    said: Callable[[str], None] = lambda _: None,
) -> None:
    """Tells of each element where it begins and where it ends, and of what stands between.

    A name is told with its namespace before it and a space between. Raises MarkupError.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.ordered_attributes = False
    depth = count = 0

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST:
            raise MarkupError(
                "has more elements, or more of them within one another, than any of ours"
            )
        begun(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        ended(name)

    def refuse(*_: object) -> None:
        raise MarkupError("declares a document type, or tells a program what to do with it")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = said
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise MarkupError(f"is no whole XML: {error}") from None
    except (ValueError, LookupError):
        raise MarkupError("is written in an encoding that nobody knows") from None
