"""YAML in pieces, and findings of the reader in one line each."""

from __future__ import annotations

from hypothesis import strategies as st

from billing_dsl.diagnostics import Fault, Span
from billing_dsl.source.reader import read

AGREEMENT = b"""\
format: 1
kind: agreement
name: acme-2027
client: acme
tier: silver@2                 # pinned
start: 2027-01-01
term: 36 months
number: "A-00017"
renewal: {automatic: true, extend_by: 12 months, notice: 90 days}
services:
  silver-seat: 45
  mail-filter:
    - {from: 2027-01-01, units: 20}
    - {from: 2027-07-01, units: 25, price: 3.10}
blocks:
  - {contract: block, hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31}
  - contract: block
    hours: 30
rates: []
exceptions:
  - work_type: new-installation
    goes_to: block
    until:
notes: |
  The client pays within thirty days.

  Copies go to the parent.
"""

PIECES = st.sampled_from(
    (
        *("kind: role\n", "name: engineer\n", "title: Engineer\n", "rate: 85.00\n", "format: 1\n"),
        *("kind: ", "name: ", "a: ", "b:\n", "  c: 1\n", "    d: x\n", "- ", "  - ", "- e\n"),
        *("- {f: 1}\n", "---\n", "--- ", "...\n", "%YAML 1.2\n", "{", "}", "[", "]", ", ", ": "),
        *(":", "?", "? ", "? [k]\n", "! ", "!!int 3", "!x ", "&a ", "&a x\n", "*a", "*a \n"),
        *("<<: ", "<<: *a\n", "=", "no", "17:30", "010", "-0", "~", "true", "null", "85.00"),
        *("2027-01-01", "1: ", "on: ", "'", '"', "'q'", '"q"', '"\\u202e"', '"\\x00"', '"\\ud800"'),
        *('"\\U00110000"', '"\\d"', '"\\u00a0"', '"\\u3164"', "# c", "#", "\n", "\n\n", "\r\n"),
        *("\r", " ", "  ", "\t", "\x00", "\x85", "\u2028", "\ufeff", "\u00a0", "\u200b", "\u200c"),
        *(
            "\u0645",
            "\ue000",
            "\U0001f600",
            "\u00e9",
            "e\u0301",
            "@",
            "`",
            "%",
            "\\",
            ">\n",
            ">-\n",
        ),
        *("x#y", "why?", "> #", "|\n", "|-\n", "|#\n", "|2\n", "a: |\n  text\n  more\n", "x\n y\n"),
    )
)
FRAGMENTS = st.lists(PIECES, max_size=14).map("".join)
FILES = st.one_of(
    FRAGMENTS.map(str.encode),
    st.lists(FRAGMENTS, min_size=2, max_size=4).map("\n---\n".join).map(str.encode),
    st.binary(max_size=20),
    FRAGMENTS.map(lambda text: text.encode("utf-16")),
    FRAGMENTS.map(lambda text: text.encode("cp1252", errors="replace")),
)


def written(fault: Fault) -> str:
    """`BD002 3:1-3:5 key `rate` is written twice`."""
    span = fault.finding.place
    assert isinstance(span, Span)
    place = f"{span.line}:{span.column}-{span.end_line}:{span.end_column}"
    return f"{fault.code} {place} {fault.finding.message}"


def faults(text: str | bytes) -> list[str]:
    """What is wrong with a text, a line for each finding."""
    source = text if isinstance(text, bytes) else text.encode()
    return [written(fault) for fault in read("a.yaml", source)[2]]
