"""Text from outside, through the whole tool: told at its place, or inert in every output.

Names of clients, titles and notes come from people whom nobody knows. Whatever they hold, the tool
ends with a finding at the place, or it checks and compiles, and no output holds live markup, a
live formula, a command for a terminal or for a CI system.
"""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl import pipeline
from billing_dsl.analysis.drawing import of_client
from billing_dsl.analysis.graph import as_graphml
from billing_dsl.cli import main
from billing_dsl.diagnostics import Severity
from billing_dsl.kinds.waiver import Waiver
from billing_dsl.report import CheckReport, Style, Summary, _graphs, formats
from billing_dsl.rules import rules
from billing_dsl.verdict import pages, verdict
from tests.unit.targets.compiling import of_clients, told

AS_OF = date(2027, 1, 15)

CATALOGUE = {
    "a/settings.yaml": """
format: 1
kind: settings
name: firm
title: "<<The Firm>>"
currency: EUR
timezone: Europe/Rome
notes: "<<Nothing>>"
contact:
  name: "<<Desk>>"
  phone: "<<+39 1>>"
  address: "<<Via Roma 1>>"
""",
    "a/roles.yaml": """
format: 1
kind: role
name: engineer
title: "<<Engineer>>"
rate: 85.00
autotask:
  name: "<<Engineer 1>>"
""",
    "a/work-types.yaml": """
format: 1
kind: work_type
name: remote
title: "<<Remote>>"
billing_class: core
description: "<<Help at a distance>>"
titles:
  it: "<<A distanza>>"
tax_category: "<<Standard>>"
external_number: "<<4711>>"
ledger: "<<Services>>"
---
format: 1
kind: work_type
name: onsite
title: "<<Onsite>>"
billing_class: edge
description: "<<Work at the premises>>"
---
format: 1
kind: sub_issue
name: printer
title: "<<Paper Jam>>"
issue: "<<Printing>>"
""",
    "a/services.yaml": """
format: 1
kind: service
name: seat
title: "<<Managed seat>>"
period: monthly
price: 48.00
cost: 20.00
billing_code: "<<Managed Services>>"
invoice_description: "<<One seat>>"
""",
    "a/tier.yaml": """
format: 1
kind: tier
name: silver
version: 1
effective: 2026-01-01
title: "<<Silver>>"
summary: "<<Much of it>>"
contracts:
  - name: recurring
    type: recurring_service
    services: [seat]
    category: "<<Managed>>"
  - {name: hourly, type: time_and_materials}
scope: {remote: recurring, onsite: hourly}
sub_issues: {printer: hourly}
""",
    "a/client.yaml": """
format: 1
kind: client
name: acme
legal_name: "<<Acme>>"
autotask:
  organization: "<<Acme in Autotask>>"
  number: "<<C-1>>"
phone: "<<+39 011 555 0142>>"
address:
  street: "<<Via Po 1>>"
  city: "<<Torino>>"
  postal_code: "<<10100>>"
tax_region: "<<Italy>>"
tax_id: "<<IT1>>"
owner: "<<desk@firm.example>>"
accounting:
  key: "<<value>>"
notes: "<<Nothing>>"
---
format: 1
kind: agreement
name: acme-2027
client: acme
start: 2027-01-01
end: 2027-12-31
tier: silver@1
services: {seat: 12}
number: "<<A-1>>"
signed:
  date: 2026-12-01
  reference: "<<letter>>"
exceptions:
  - work_type: onsite
    goes_to: recurring
    until: 2027-12-31
    reason: "<<agreed>>"
    owner: "<<desk>>"
---
format: 1
kind: exclusion_set
name: some
title: "<<Some>>"
work_types: [onsite]
---
format: 1
kind: agreement
name: acme-project
client: acme
default: false
start: 2027-01-01
end: 2027-06-30
contracts:
  - name: fixed
    type: fixed_price
    number: "<<P-1>>"
    excludes: {set: some}
    falls_to: acme-2027/hourly
    milestones:
      - date: 2027-03-01
        amount: 100.00
        title: "<<Half>>"
---
format: 1
kind: waiver
name: accepted
code: BD301
subject: agreement/acme-project
reason: "<<agreed>>"
owner: "<<desk>>"
until: 2027-12-31
""",
}
MARK = re.compile(r'"<<(.*?)>>"')

NAUGHTY = (
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<!--", "]]>", "</title>"),
    *("<a href='javascript:alert(1)'>x</a>", "&lt;b&gt;", "&#60;b&#62;", "<svg/onload=alert(1)>"),
    *("[x](javascript:alert(1))", "![x](http://evil.example/x.png)", "<http://evil.example>"),
    *("# heading", "- item", "1. item", "> quote", "| a | b |", "***", "~~~", "`code`", "```\nx"),
    *("[x]: http://evil.example", "<details>", "\\<b\\>", "*a* _b_ ~~c~~", "- [x] done"),
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", " =1+1", "＝1+1", "|calc", "=cmd|' /C x'!A0"),
    *("a;=1+1", 'a",=1+1', "'", '"', "a,b", "a;b", "\\", "\\n", "a\r\nb", "a\nb", "--- a\n..."),
    *("::error file=x::y", "\n::error::y", "##[error]y", "##vso[task.complete]y", "%0A::error::y"),
    *("\x1b[31mred", "\x1b]0;title\x07", "\x00", "\x7f", "\x85", "\u2028", "\ufeff", "\u200b"),
    *("\u202etxt.exe", "\u2066a\u2069", "\ud800", "\ufffe", "\U0010ffff", "e\u0301", "\u00a0"),
    *("{{ 7 * 7 }}", "{% for x in y %}", "${7*7}", "#{7*7}", "%s%n%d", "$(reboot)", "`reboot`"),
    *("../../etc/passwd", "CON", "a/b", "C:\\x", ".", "..", "-", "", " ", " a ", "a" * 1001),
    *(
        "null",
        "true",
        "0",
        "1e309",
        "NaN",
        "2027-01-01",
        "no",
        "İstanbul",
        "ﷺ",
        "表ポあA鷗Œé",
        "👩‍💻",
    ),
)
"""Strings that have done harm somewhere: to browsers, spreadsheets, terminals, parsers, people."""


def written(text: str) -> str:
    """A string as YAML text between double quotes."""
    return json.dumps(text, ensure_ascii=True) if text.isascii() else _mixed(text)


def _mixed(text: str) -> str:
    """The same with letters as they are, where YAML takes them so."""
    return '"' + "".join(_letter(letter) for letter in text) + '"'


def _letter(letter: str) -> str:
    if letter.isprintable() and letter not in '"\\':
        return letter
    return f"\\U{ord(letter):08x}"


FIELDS = frozenset(
    (path, number)
    for path, content in CATALOGUE.items()
    for number, line in enumerate(content.split("\n"), 1)
    if MARK.search(line)
)
"""Where a string is put: one text a line, by file and line."""


def filled(text: str, fields: frozenset[tuple[str, int]]) -> dict[str, bytes]:
    """The catalogue with a string in place of some of its texts."""
    return {
        path: "\n".join(
            MARK.sub(lambda found: written(text), line)
            if (path, number) in fields
            else MARK.sub(r'"\1"', line)
            for number, line in enumerate(content.split("\n"), 1)
        ).encode()
        for path, content in CATALOGUE.items()
    }


def examined(files: Mapping[str, bytes]) -> tuple[CheckReport, pipeline.Checked]:
    """What is said of some files, whatever they hold."""
    readings = [pipeline.read_file(path, files[path]) for path in sorted(files)]
    checked = pipeline.check(readings, AS_OF, rules(), keep=True)
    waivers = checked.common.catalogue.all(Waiver)
    found = verdict(checked.found, waivers, AS_OF, checked.partial, files.__getitem__)
    told = {page.code: (page.name, "What it says.") for page in pages().values()}
    summary = Summary(0, 0, 0, checked.documents, 1, 1, 1)
    return CheckReport(found.diagnostics, summary, dict(files), told, "catalogue", "1"), checked


def harmless_findings(report: CheckReport) -> None:
    """Every format prints the findings so that they command nothing."""
    for form in formats():
        printed = form.render(report, Style())
        printed.encode("utf-8", "strict")
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u202e\u2066]", printed), form.name
        lines = printed.splitlines()
        if form.name == "github":
            starts = ("::error ", "::warning ", "::notice ", "and ")
            assert [line for line in lines if not line.startswith(starts)] == []
        elif form.name == "text":
            assert not [line for line in lines if line.startswith("::") or "##[" in line]
            assert "##vso[" not in printed
        elif form.name != "junit":
            json.loads(printed)


class Structure(HTMLParser):
    """The tags of a page and the names of their attributes, in order."""

    def __init__(self, page: str) -> None:
        """Reads the page."""
        super().__init__(convert_charrefs=True)
        self.found: list[object] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that opens."""
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        """A tag that closes."""
        self.found.append(tag)

    def handle_comment(self, data: str) -> None:
        """A comment."""
        self.found.append("comment")


PHONE = "+39 011 555 0142"
"""A telephone number begins so, and a spreadsheet that computes it shows a number."""

CHECKLIST, STEPS = "autotask/checklist.md", "autotask/steps.csv"

SEAL = re.compile(
    r"\n<!-- billing-dsl-seal: scope 1 [a-z0-9-]+/[a-z0-9-]+ [a-zA-Z-]+ [0-9a-f]{64} -->\n\Z"
)
"""What stands at the end of a scope document, and there alone."""
CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
"""Code in a line of Markdown: inert whatever it holds."""

GRAPH = re.compile(r"(?ms)^```mermaid\n(.*?)^```$")
"""A graph in Markdown, and below what its lines may be."""

GRAPH_LINE = re.compile(
    r"""flowchart TD|  classDef [a-z]+ [a-z0-9:-]+|  class [n0-9,]+ [a-z]+"""
    r"""|  n\d+(?:\["[^"<>`]*(?:<br/>[^"<>`]*)*"\]|\(\["[^"<>`]*(?:<br/>[^"<>`]*)*"\]\))"""
    r"""|  n\d+ -->\|"[^"<>`|]*"\| n\d+"""
)

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def compiled(checked: pipeline.Checked) -> dict[str, str]:
    """Every output, by path."""
    declared = checked.common.declared
    assert declared is not None
    found = told(of_clients(declared, checked.clients, AS_OF))
    return {path: file.content.decode() for path, file in found.items()}


@pytest.fixture(scope="module")
def tame() -> dict[str, str]:
    """The outputs where every text is an ordinary one."""
    report, checked = examined(filled("", frozenset()))
    assert [one for one in report.diagnostics if one.severity is Severity.ERROR] == []
    return compiled(checked)


def harmless_outputs(outputs: Mapping[str, str], tame: Mapping[str, str]) -> None:
    """The outputs are built as those of an ordinary text, and nothing in them is live."""
    assert outputs.keys() <= tame.keys()  # what an import cannot take becomes a step by hand
    for path, content in outputs.items():
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e\u2066]", content), path
        if path.endswith(".html"):
            # A text of several lines has a span for each; there is nothing else but what we wrote.
            ours = {*Structure(tame[path]).found, ("span", ()), "span", ("br", ()), "br"}
            ours.add(("code", ("class",)))  # a name that looks like a day stays on one line
            assert set(Structure(content).found) <= ours, path
        elif path.endswith(".md"):
            for line in "\n".join(GRAPH.findall(content)).splitlines():
                assert GRAPH_LINE.fullmatch(line), line
            text = CODE.sub("", GRAPH.sub("", SEAL.sub("", content)))
            assert not re.search(r"(?<!\\)<(?!br>)[A-Za-z/!]", text), path
            assert not re.search(r"(?<![\\!])\]\((javascript|http://evil)", text), path
            assert _headings(text) == _headings(tame[path]), path
        elif path.endswith(".csv"):
            rows, expected = _rows(content), _rows(tame[path])
            if path == STEPS:  # what a lane cannot carry is one step more
                boxes = re.findall(r"(?m)^- \[ \] \*\*\d+\.\*\* ", outputs[CHECKLIST])
                expected = expected[:1] * (1 + len(boxes))
            assert [len(row) for row in rows] == [len(row) for row in expected], path
            live = {cell for row in rows for cell in row if cell.startswith(FORMULA)}
            assert live <= {"-", PHONE}, path
        elif path.endswith(".json"):
            json.loads(content)


def harmless_drawings(checked: pipeline.Checked) -> None:
    """The graph of each client has the lines of any other, whatever the client is called."""
    for view in checked.clients:
        drawing = of_client(view, AS_OF)
        assert drawing is not None
        assert len(_graphs.mermaid(drawing).splitlines()) == len(drawing.nodes) + len(
            drawing.edges
        ) + 1 + 2 * any(node.starts for node in drawing.nodes) + 2 * any(
            not node.type for node in drawing.nodes
        )
        for line in _graphs.dot(drawing).splitlines():
            bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", line)
            assert re.fullmatch(r"[a-z0-9 =\[\]{};,>-]*", bare), line
        json.loads(_graphs.as_json(drawing))
        ET.fromstring(as_graphml(drawing))


def _headings(page: str) -> int:
    """How many headings there are, without those of what a lane could not take."""
    page = re.sub(r"(?m)^## (Client .*|By hand), before the requests$", "", page)
    page = re.sub(r"(?m)^### What the file cannot say$", "", page)
    return sum(line.startswith("#") for line in page.splitlines())


def _rows(content: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content, newline=""), strict=True))


@pytest.mark.parametrize("text", NAUGHTY, ids=lambda text: ascii(text)[:40])
def test_a_naughty_string_is_told_or_inert(text: str, tame: dict[str, str]) -> None:
    left = FIELDS
    while True:
        report, checked = examined(filled(text, left))
        harmless_findings(report)
        told = {
            (one.span.path, one.span.line)
            for one in report.diagnostics
            if one.severity is Severity.ERROR
        }
        if not told:
            break
        assert told <= left, [one.message for one in report.diagnostics]
        left -= told
    harmless_outputs(compiled(checked), tame)
    harmless_drawings(checked)


# --- YAML that nobody would write ----------------------------------------------------------------

FRAGMENTS = (
    *("format: 1\n", "kind: role\n", "kind: agreement\n", "kind: tier\n", "kind: settings\n"),
    *(
        "name: a\n",
        "name: acme\n",
        "title: x\n",
        "rate: 1.00\n",
        "client: acme\n",
        "---\n",
        "...\n",
    ),
    *("start: 2027-01-01\n", "end: 2027-13-01\n", "tier: silver@1\n", "tier:\n", "  - a: b\n"),
    *("contracts:\n", "  - {name: a, type: block_hours, falls_to: a}\n", "scope: {a: b}\n"),
    *("[", "{", "]", "}", "&a ", "*a", "!!python/object:os.system ", "<<: *a\n", "? x\n", "| \n"),
    *("\t", "  ", "\n", "\r", "\x00", "\x85", "\ufeff", "é", "'", '"', "#", ":", "-", ",", "%YAML"),
    *("1e999", "010", "0x1f", "no", "17:30", "-0", ".inf", "9" * 400, "1." + "1" * 50, "~", "null"),
    *("extends: silver@1\n", "price: [{from: 2027-01-01, rate: 1}]\n", "end: 9999-12-31\n"),
    *("term: 99999999 years\n", "start: 0001-01-01\n", "rate: -1\n", "rate: 1e3\n", "version: 0\n"),
)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))
def test_no_text_makes_the_check_stumble(text: str) -> None:
    report, _ = examined(
        {**filled("", frozenset()), "z.yaml": text.encode("utf-8", "surrogatepass")}
    )
    harmless_findings(report)


@given(st.binary(max_size=60), st.sampled_from(sorted(CATALOGUE)), st.data())
def test_no_damage_makes_the_check_stumble(damage: bytes, path: str, data: st.DataObject) -> None:
    files = filled("", frozenset())
    whole = files[path]
    at = data.draw(st.integers(0, len(whole)))
    until = data.draw(st.integers(at, min(len(whole), at + 40)))
    report, _ = examined({**files, path: whole[:at] + damage + whole[until:]})
    harmless_findings(report)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.sampled_from(["", "a", "acme", "silver@1", "2027-01-01", "9999-12-31", "1 month", "none"])
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "from", "rate", "EUR", "a", "type"]), inner)
    ),
    max_leaves=8,
)


@given(data=st.data(), value=VALUES)
def test_no_value_in_any_field_makes_the_check_stumble(data: st.DataObject, value: object) -> None:
    path, line = data.draw(st.sampled_from(LINES))
    files = filled("", frozenset())
    lines = files[path].decode().split("\n")
    key = lines[line].partition(":")[0]
    lines[line] = f"{key}: {json.dumps(value)}"
    report, _ = examined({**files, path: "\n".join(lines).encode()})
    harmless_findings(report)


LINES = [
    (path, number)
    for path, content in sorted(CATALOGUE.items())
    for number, line in enumerate(content.split("\n"))
    if ":" in line
]
"""Every line that gives a field a value."""

BOMBS = {
    "aliases": "a: &a [x, x]\n"
    + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    ),
    "merge keys": "a: &a {x: y}\nb: &b {<<: [*a, *a]}\nc: {<<: [*b, *b]}\n",
    "brackets": "[" * 25_000,
    "braces": "{a: " * 25_000,
    "dashes": "- " * 25_000,
    "questions": "? " * 25_000,
    "documents": "---\n" * 30_000,
    "keys": "".join(f"k{number}: 1\n" for number in range(60_000)),
    "one key": "a" * 900_000 + ": 1\n",
    "one line": "title: " + "a" * 900_000 + "\n",
    "digits": "rate: " + "9" * 500_000 + "\n",
    "decimals": "rate: 0." + "9" * 500_000 + "\n",
    "quotes": "title: '" + "''" * 400_000 + "'\n",
    "escapes": 'title: "' + "\\U0001F600" * 80_000 + '"\n',
    "folds": "title: >\n" + "  a\n\n" * 150_000,
    "comments": "#\n" * 400_000,
    "tabs": "\t" * 200_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_no_bomb_goes_off(bomb: str) -> None:
    head = "format: 1\nkind: role\nname: bomb\n"
    for text in (bomb, head + bomb):
        reading = pipeline.read_file("bomb.yaml", text.encode())
        assert reading.faults
        assert all(len(fault.finding.message) < 500 for fault in reading.faults)
        assert len(reading.faults) < 1000


@pytest.mark.slow
def test_a_folder_of_bombs_is_checked_from_outside(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for path, content in filled("", frozenset()).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    for name, bomb in BOMBS.items():
        (tmp_path / f"{name}.yaml").write_bytes(bomb.encode())
    assert main(["check", str(tmp_path), "--as-of", AS_OF.isoformat()]) == 1
    printed = capsys.readouterr()
    assert printed.err == ""
    assert max(map(len, printed.out.splitlines())) < 2000
