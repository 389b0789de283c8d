from __future__ import annotations

import re

import pytest

from billing_dsl.diagnostics import Fault, Label, Span
from billing_dsl.source.reader import read
from tests.unit.source.samples import faults


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("title: Support: remote\n", "BD001 1:15-1:16 a `:` stands where no key can be"),
        ("a: 1\n  b: 2\n", "BD001 2:4-2:5 a `:` stands where no key can be"),
        (
            "a: @x\n",
            "BD001 1:4-1:5 expected a value, found `@`, with which no text without quotes begins",
        ),
        (
            "a: %x\n",
            "BD001 1:4-1:5 expected a value, found `%`, with which no text without quotes begins",
        ),
        (
            "a: `x`\n",
            (
                "BD001 1:4-1:5 expected a value, found a backtick, with which no text "
                "without quotes "
                "begins"
            ),
        ),
        (
            "a: *bold* text\n",
            "BD001 1:4-1:5 expected a value, found `*`, with which no text without quotes begins",
        ),
        (
            "a: & b\n",
            "BD001 1:4-1:5 expected a value, found `&`, with which no text without quotes begins",
        ),
        ("a: 'x\nb: 1\n", "BD001 1:4-1:5 a text in quotes is not closed"),
        ('a: "x\nb: 1\n---\nc: 2\n', "BD001 1:4-1:5 a text in quotes is not closed"),
        ('a: "\\d"\n', "BD001 1:5-1:7 `\\d` means nothing in a text in double quotes"),
        ('a: "\\xZZ"\n', "BD001 1:5-1:7 the escape `\\x` names no character"),
        ('a: "b\\U00110000"\n', "BD001 1:6-1:8 the escape `\\U` names no character"),
        ('a: "b\\UFFFFFFFF"\n', "BD001 1:6-1:8 the escape `\\U` names no character"),
        (
            "a: |x\n  b\n",
            (
                "BD001 1:5-1:6 only `+`, `-` or a digit may follow the `|` or `>` that "
                "begins a long "
                "text"
            ),
        ),
        (
            "a: |#\n  b\n",
            (
                "BD001 1:5-1:6 only `+`, `-` or a digit may follow the `|` or `>` that "
                "begins a long "
                "text"
            ),
        ),
        ("kind: a\nfoo\nb: 1\n", "BD001 2:1-2:4 expected `key: value`, found `foo`"),
        (
            "a: 1\n" + "x" * 1100 + ": 1\n",
            "BD001 2:1-2:1104 a key is longer than 1,024 characters or goes over several lines",
        ),
        ("a: - b\n", "BD001 1:4-1:5 a list item `-` stands where no list can begin"),
        ("a: ? b\n", "BD001 1:4-1:5 a `?` stands where no key can be"),
        ("a: [1, 2\n", "BD001 1:4-1:5 a `[` is not closed"),
        ("a: {b: 1\n", "BD001 1:4-1:5 a `{` is not closed"),
        ("a: {b: [\n", "BD001 1:8-1:9 a `[` is not closed"),
        ("a: [1\nb: 2\n", "BD001 2:2-2:3 expected `,` or `]`, found `:`"),
        ("a: {b: 1]\n", "BD001 1:9-1:10 expected `,` or `}`, found `]`"),
        ("a: [,]\n", "BD001 1:5-1:6 expected a value, found `,`"),
        ("a: [1, x #2\nb: 2\n", "BD001 2:1-2:2 expected `,` or `]`, found `b`"),
        ("a: {b: 1, # c}\n  d: 2\n", "BD001 1:4-1:5 a `{` is not closed"),
        ('a: {b: "x #1}", # c}\n  d: 2\n', "BD001 1:4-1:5 a `{` is not closed"),
        (
            "a: {b: mail #17, c: d}\n",
            "BD001 1:13-1:23 ` #` begins a comment, so what ends the `{` before it is not read",
        ),
        (
            "a: {b: 'it''s #1', c: mail #17,\n  d: e}\n",
            "BD001 1:28-1:32 ` #` begins a comment, so what ends the `{` before it is not read",
        ),
        (
            "a:\n  - [b #1]\n  - [c]\n",
            "BD001 2:8-2:11 ` #` begins a comment, so what ends the `[` before it is not read",
        ),
        (
            "a:\n  -{b: c, d: e}\n",
            "BD001 2:3-2:6 a space is missing after the `-` that begins a list item",
        ),
        (
            "a:\n  -{b: c}\n",
            "BD001 2:3-2:6 a space is missing after the `-` that begins a list item",
        ),
        (
            "a:\n  - {b: c}\n  -{d: e}\n",
            "BD001 3:3-3:4 a space is missing after the `-` that begins a list item",
        ),
        (
            "a:\n  - b: c\n  -d: e\n",
            "BD001 3:3-3:4 a space is missing after the `-` that begins a list item",
        ),
        (
            "a:\n  -b: c\n   d: e\n",
            "BD001 2:3-2:4 a space is missing after the `-` that begins a list item",
        ),
        ("a:\n  b: c\n   -1: e\n", "BD001 3:6-3:7 a `:` stands where no key can be"),
        ("a: {b: why?}\n", "BD001 1:11-1:12 expected `,` or `}`, found `?`"),
        (
            "a:\n    b: 1\n  c: 2\n",
            "BD001 3:3-3:7 this line is indented unlike the lines that it seems to belong to",
        ),
        (
            "- a\nb: c\n",
            "BD001 2:1-2:5 this line is indented unlike the lines that it seems to belong to",
        ),
        ("  a: 1\nb: 2\n", "BD001 2:1-2:5 this line belongs to nothing above it"),
        ("a: 1\n...\nb: 2\n", "BD001 3:1-3:5 this line belongs to nothing above it"),
        (
            "{a: 1} b\n",
            "BD001 1:8-1:9 expected the end of the line, found `b` after a complete value",
        ),
        (
            'a: "x" y z\n',
            "BD001 1:8-1:11 expected the end of the line, found `y` after a complete value",
        ),
        (
            'a: "x\nb: "y"\n',
            "BD001 2:5-2:7 expected the end of the line, found `y` after a complete value",
        ),
        ("a: ]\n", "BD001 1:4-1:5 expected a value, found `]`"),
        (
            "%YAML 1.2\n---\na: 1\n",
            (
                "BD001 1:1-1:10 a line that begins with `%` is an instruction to YAML, and none is "
                "followed here"
            ),
        ),
        (
            "a: 1\n...\n%YAML 1.2\n",
            (
                "BD001 3:1-3:10 a line that begins with `%` is an instruction to YAML, and none is "
                "followed here"
            ),
        ),
        (
            "a: 1\n...\n%\n",
            (
                "BD001 3:1-3:2 a line that begins with `%` is an instruction to YAML, and none is "
                "followed here"
            ),
        ),
        ("a: !x!y 1\n", "BD005 1:4-1:8 tag `!x!y` stands where the value itself is expected"),
        ("a: !<x 1\n", "BD005 1:4-1:7 tag `!<x` stands where the value itself is expected"),
        ("a: !!%zz 1\n", "BD005 1:4-1:9 tag `!!%zz` stands where the value itself is expected"),
    ],
)
def test_text_that_is_not_yaml_is_explained(text: str, found: str) -> None:
    assert faults(text) == [found]


def the_fault(text: str) -> Fault:
    (fault,) = read("a.yaml", text.encode())[2]
    return fault


def test_what_is_open_is_shown_beside_what_does_not_fit() -> None:
    opened = Label(Span("a.yaml", 1, 4, 1, 5), "the `[` that is open here")
    assert the_fault("a: [1\nb: 2\n").finding.related == (opened,)
    block = Label(Span("a.yaml", 1, 1, 1, 2), "the block that is open here")
    assert the_fault("a:\n    b: 1\n  c: 2\n").finding.related == (block,)
    quoted = Label(Span("a.yaml", 1, 4, 1, 5), "the text in quotes that goes on to here")
    assert the_fault('a: "x\nb: "y"\n').finding.related == (quoted,)


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("a: 'x\n", "close it with `'`; inside it, write `''`"),
        ('a: "x\n', 'close it with `"`'),
        ("a: {b: 1\n", "add the `}`"),
        ("a: [b\n", "add the `]`"),
        ("a: [b #1]\n", "put the text in quotes if the `#` belongs to it"),
        ("a:\n  -b: c\n   d: e\n", "write `- ` before the item"),
        ("a: 1\nb\n", "add the `:`; if it goes on with the text above, indent it further"),
        ("{a: 1}\nb: 1\n", "indent the keys of one document alike; a new document begins with"),
    ],
)
def test_each_trouble_has_its_cure(text: str, cure: str) -> None:
    assert the_fault(text).finding.help.startswith(cure)


def test_no_message_speaks_of_tokens_or_blames() -> None:
    texts = ["a: [", "a: 'x", "a: b: c", "- a\nb", "a:\n  b\n c", "a: !x!y z", "@", "? [", "{,}"]
    for text in texts:
        for said in faults(text):
            assert not re.search(r"(?i)invalid|illegal|failed|token|scalar|parser|node", said)
