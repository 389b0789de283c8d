"""Plain documents written as YAML text, in many styles that all declare the same."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.oracle.simulator import Document
from tests.oracle.strategies import Choices

_PLAIN = re.compile(r"[a-z][a-z0-9@/]*([ -][a-z0-9@/]+)*|\d{4}-\d\d-\d\d|\d+ (day|month|year)s?")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}


def to_yaml(documents: Sequence[Document], choices: Choices | None = None) -> dict[str, bytes]:
    """The catalogue as files: path to bytes.

    Without choices each document has a file of its own, in one plain style. With them, files hold
    one document or several, in folders of any name, and the style, the quotes and the line ends
    vary; what is declared, the text of every number included, never does.
    """
    if choices is None:
        found: dict[str, bytes] = {}
        for document in documents:
            version = f"-{document['version']}" if document["kind"] == "tier" else ""
            path = f"{document['kind']}/{document['name']}{version}.yaml"
            found[path] = ("\n".join(_block(document, 0, None)) + "\n").encode()
        return found
    files: list[list[str]] = []
    for document in documents:
        lines = _block(document, 0, choices)
        if files and not choices.chance(50):
            files[-1] += ["---", *lines]
        else:
            files.append(["---", *lines] if choices.chance(20) else lines)
    paths = choices.order(range(len(files)))
    return {
        _path(number, choices): _text(lines, choices)
        for number, lines in zip(paths, files, strict=True)
    }


def _path(number: int, choices: Choices) -> str:
    folder = choices.pick(("", "a/", "clients/north/", "z/"))
    return f"{folder}{number:03}.{choices.pick(('yaml', 'yml'))}"


def _text(lines: list[str], choices: Choices) -> bytes:
    if choices.chance(20):
        lines = ["# kept by the billing desk", "", *lines]
    end = "\r\n" if choices.chance(15) else "\n"
    return (end.join(lines) + (end if not choices.chance(10) else "")).encode()


def _block(value: Any, indent: int, choices: Choices | None) -> list[str]:
    """A map or a list that is not empty, over several lines."""
    margin = " " * indent
    lines: list[str] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            head = f"{margin}{_scalar(key, choices)}:"
            if _over_lines(inner, choices):
                lines += [head, *_block(inner, indent + 2, choices)]
            else:
                lines.append(f"{head} {_flow(inner, choices)}")
        return lines
    for inner in value:
        if _over_lines(inner, choices):
            nested = _block(inner, indent + 2, choices)
            nested[0] = f"{margin}- {nested[0][indent + 2 :]}"
            lines += nested
        else:
            lines.append(f"{margin}- {_flow(inner, choices)}")
    return lines


def _over_lines(value: Any, choices: Choices | None) -> bool:
    if not isinstance(value, dict | list) or not value:
        return False
    return choices is None or not choices.chance(40)


def _flow(value: Any, choices: Choices | None) -> str:
    """Any value on one line."""
    if isinstance(value, dict):
        inner = (f"{_scalar(key, choices)}: {_flow(each, choices)}" for key, each in value.items())
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each, choices) for each in value) + "]"
    return _scalar(value, choices)


def _scalar(value: Any, choices: Choices | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = str(value)
    plain = _PLAIN.fullmatch(text) is not None and text not in _WORDS
    if plain and (choices is None or not choices.chance(25)):
        return text
    if choices is not None and choices.chance(30):
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)
