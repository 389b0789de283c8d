"""Own document templates: they take the place of ours, end, escape, and tell what is wrong."""

from __future__ import annotations

import dataclasses
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from billing_dsl.diagnostics import Fault, Finding, Span
from billing_dsl.languages.english import ENGLISH
from billing_dsl.targets import Artifact
from billing_dsl.targets._forms import Form
from billing_dsl.targets._logo import Logo
from billing_dsl.targets._open import BLOCKS, OPEN, PAGES, TEMPLATES, beginning, names_page
from billing_dsl.targets._own_documents import OwnDocuments, documents_fit
from billing_dsl.targets._templates import Part, source
from billing_dsl.targets.scope_document import scope_document
from billing_dsl.targets.tier_comparison import tier_comparison
from billing_dsl.telling import Telling
from billing_dsl.templates import understand
from billing_dsl.templates.documents import LARGEST
from tests.goldens import Golden
from tests.unit.targets.compiling import (
    FIRM,
    TODAY,
    compiled,
    files,
    of_readings,
    shipped_readings,
)

HTML = "scope.html.j2"
DOCS = Path(__file__).parents[3] / "docs"


def own(texts: Mapping[str, str | bytes]) -> dict[str, bytes]:
    """Files as they lie in the catalogue."""
    return {
        f"templates/documents/{name}": text.encode() if isinstance(text, str) else text
        for name, text in texts.items()
    }


def faults(text: str | bytes, name: str = HTML, **more: str) -> list[Fault]:
    """What is wrong with a template; others lie beside it, their dots written `__`."""
    beside = {each.replace("__", "."): said for each, said in more.items()}
    found = understand(own({name: text, **beside}))
    return [*found.faults, *documents_fit(found)]


def told(text: str | bytes, name: str = HTML, **more: str) -> tuple[str, int, int, str]:
    """The one thing that is wrong: file, line, column and reason."""
    [fault] = faults(text, name, **more)
    place = fault.finding.place
    assert isinstance(place, Span)
    assert fault.code == "BD558"
    reason = fault.finding.message.removeprefix("this document template cannot be printed: ")
    return place.path.rpartition("/")[2], place.line, place.column, reason


AGREEMENT = """
    kind: tier
    name: silver
    version: 1
    effective: 2026-01-01
    title: Silver
    contracts:
      - {name: recurring, type: recurring_service, services: [seat]}
      - {name: hourly, type: time_and_materials}
    scope: {remote: recurring, onsite: recurring, project: hourly}
    ---
    kind: client
    name: abc
    legal_name: %s
    phone: "1"
    ---
    kind: agreement
    name: abc-2027
    client: abc
    tier: silver@1
    start: 2027-01-01
    term: 12 months
    services: {seat: 3}
"""
HOSTILE = "\"<script>alert(1)</script> & {{7*7}} 'x' | `y` \\u05d0\""


def page(text: str, name: str = HTML, client: str = "Abc Ltd", **more: str) -> str:
    """What a template prints for an agreement."""
    beside = {each.replace("__", "."): said for each, said in more.items()}
    found = compiled(AGREEMENT % client, templates=own({name: text, **beside}))
    form = name.split(".")[1]
    return files(scope_document, found)[f"documents/abc/abc-2027/scope.{form}"]


# --- in the place of ours ------------------------------------------------------------------------


def test_a_template_takes_the_place_of_ours_in_its_form() -> None:
    plain = files(scope_document, compiled(AGREEMENT % "Abc Ltd"))
    found = files(
        scope_document, compiled(AGREEMENT % "Abc Ltd", templates=own({HTML: "<p>{{ about }}</p>"}))
    )
    assert found == {**plain, "documents/abc/abc-2027/scope.html": "<p>Silver for Abc Ltd</p>"}


@pytest.mark.parametrize("whole", [True, False])
def test_what_is_exported_prints_what_ours_prints(whole: bool) -> None:
    readings = shipped_readings()
    plain = files(scope_document, of_readings(readings, TODAY))
    begun = own({name: beginning(name, whole) for name in TEMPLATES})
    assert files(scope_document, of_readings(readings, TODAY, begun)) == plain


def test_parts_of_the_page_may_be_own_while_the_page_is_ours() -> None:
    text = "{% for each in body.sections %}[{{ each.part.kind }}] {{ each.heading }}\n{% endfor %}"
    found = files(
        scope_document,
        compiled(AGREEMENT % "Abc Ltd", templates=own({"scope_body.md.j2": text})),
    )
    assert "[included] " in found["documents/abc/abc-2027/scope.md"]
    assert "# " in found["documents/abc/abc-2027/scope.md"]
    assert "[included] " not in found["documents/abc/abc-2027/scope.html"]


def test_one_block_of_ours_may_be_otherwise() -> None:
    text = (
        '{% extends "ours/scope.html.j2" %}\n{% block signatures %}<p>No signatures: '
        "{{ client_name }}</p>{% endblock %}\n{% block footer %}{{ super() }}<hr>{% endblock %}"
    )
    found = page(text)
    plain = files(scope_document, compiled(AGREEMENT % "Abc Ltd"))
    ours = plain["documents/abc/abc-2027/scope.html"]
    assert '<section class="signatures">' in ours
    assert '<section class="signatures">' not in found
    assert "<p>No signatures: abc</p>" in found
    assert "</footer>\n<hr>" in found
    start = ours.index('<section class="signatures">')
    seal = r'content="scope 1 [^"]*"'  # that of an own page is over its own letters
    assert re.sub(seal, "", found).startswith(re.sub(seal, "", ours[:start]))


def test_the_blocks_are_those_of_our_templates() -> None:
    for form in ("html", "md"):
        text = source(f"scope.{form}.j2") or ""
        assert tuple(re.findall(r"{% block (\w+) %}", text)) == BLOCKS


def test_a_style_of_one_s_own() -> None:
    css = "h1 { color: @primary@; }"
    settings = 'currency: EUR\n    colours: {primary: "#102030"}'
    firm = FIRM.replace("currency: EUR", settings, 1)
    found = files(
        scope_document,
        compiled(AGREEMENT % "Abc Ltd", firm=firm, templates=own({"page.css": css})),
    )["documents/abc/abc-2027/scope.html"]
    assert "<style>h1 { color: #102030; }</style>" in found
    made = compiled(AGREEMENT % "Abc Ltd", firm=firm, templates=own({"page.css": css}))
    tiers = [text for path, text in files(tier_comparison, made).items() if path.endswith("html")]
    assert tiers
    assert all("<style>h1 { color: #102030; }" in text for text in tiers)


@pytest.mark.parametrize(
    ("css", "column"),
    [
        ("h1 { }\n</style><script>", 1),
        ("h1 { } <!-- x", 8),
        ("a{}\n  @import url(https://x.example/a.css);", 3),
    ],
)
def test_a_style_that_leaves_its_page_is_refused(css: str, column: int) -> None:
    name, line, found, reason = told(css, "page.css")
    assert (name, found) == ("page.css", column)
    assert line == css[: css.index(css.split("\n")[-1])].count("\n") + 1
    assert "has no place in the style" in reason


def test_only_the_forms_that_are_asked_for_are_printed() -> None:
    found = compiled(AGREEMENT % "Abc Ltd", templates=own({HTML: "{{ 1 // 0 }}"}))
    compilation = dataclasses.replace(found.compilation, forms=frozenset({Form.MARKDOWN}))
    said = [said for _, said in Telling(compilation, [scope_document]).of_families(found.families)]
    assert [one.path for one in said if isinstance(one, Artifact)] == [
        "documents/abc/abc-2027/scope.md"
    ]


# --- escaping ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{{ about }}",
        "{{ about.upper().lower() }}",
        "{{ about ~ '' }}",
        "{{ [about]|join }}",
        "{{ about|replace('zz', 'y') }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(about) }}",
        "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ about }}{% endcall %}",
        "{% set x = about %}{{ x }}",
        '<a title="{{ about }}">x</a>',
    ],
)
def test_what_a_client_is_called_is_never_html(text: str) -> None:
    found = page(text, client=HOSTILE)
    assert "<script" not in found.lower()
    assert "&lt;script&gt;" in found.lower()
    assert "{{7*7}}" in found


def test_in_markdown_texts_are_never_marks() -> None:
    macro = "{% macro m(x) %}{{ x }}{% endmacro %}"
    text = macro + "{{ about }}\n{{ m(about) }}\n{{ m(about)|written }}"
    *found, seal = page(text, "scope.md.j2", client=HOSTILE).splitlines()
    assert len(found) == 3
    assert seal.startswith("<!-- billing-dsl-seal: ")
    assert found[0] == found[1] == found[2]
    assert r"\| \`y\`" in found[0]
    assert "\u05d0" in found[0]


def test_a_text_of_a_client_is_never_a_template() -> None:
    assert "49" not in page("{{ about }}", client=HOSTILE)


COUNTING = (
    "{% set ns = namespace(n=0) %}{% for f in client %}{% set ns.n = ns.n + 1 %}{% endfor %}"
    "{{ ns.n }}"
)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("{% for key, value in {'a': 1}.items() %}{{ key }}{{ value }}{% endfor %}", "a1"),
        ("{% for g in facts|groupby('label') %}{{ g.list|length }}{% endfor %}", None),
        ("{{ facts|join('|', 'label') == facts|map(attribute='label')|join('|') }}", "True"),
        ("{{ client[:1]|first }}{{ client[0][:3] }}", "Abc LtdAbc"),
        (COUNTING, "1"),
        ("{{ range(3)|list|length - 1 }} {{ 7 // 2 }} {{ 7 % 4 }}", "2 3 3"),
        ("{% for f in facts %}{{ loop.index }}/{{ loop.length }} {% endfor %}", None),
        ("{% with x = about %}{{ x|upper }}{% endwith %}", "SILVER FOR ABC LTD"),
    ],
)  # fmt: skip
def test_what_templates_may_do(text: str, printed: str | None) -> None:
    assert page(text) == printed or printed is None


def test_texts_can_be_looked_at() -> None:
    text = "{{ 'yes' if client[0].startswith('Abc') else 'no' }} {{ about|length }}"
    assert page(text) == "yes 18"


# --- what is wrong, and where --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("a\n  {{ titel }}", 2, 6, "there is no `titel`"),
        ("{% if false %}\n{{ titel }}{% endif %}", 2, 4, "there is no `titel`"),
        (
            "{% for p in periods %}\n{{ p.hading }}{% endfor %}",
            *(
                2,
                6,
                "there is no `hading` in `periods` (days on which the scope does not change); ",
            ),
        ),
        ("{{ words.clent }}", 1, 10, "there is no `clent` in these words; did you mean `client`"),
        ("{{ facts[7].label }}", 1, 1, "there is no place 7 in a list"),
        ("\n{% if %}", 2, 1, "Expected an expression, got 'end of statement block'"),
        ("{% for a in client %}", 1, 4, "Unexpected end of template. Jinja was looking for"),
        ("{{ 1 / 0 }}", 1, 1, "division by zero"),
        (
            "{{ about|uper }}",
            1,
            10,
            "there is no filter `uper` for templates; did you mean `upper`",
        ),
        (
            "{{ about is odder }}",
            1,
            13,
            "there is no test `odder` for templates; did you mean `odd`",
        ),
        ("{{ periods }}", 1, 1, "a list cannot be printed: go through it, or name a part of it"),
        ('{% include "nowhere.html.j2" %}', 1, 13, "there is no template `nowhere.html.j2`"),
        ('{% include "../settings.yaml" %}', 1, 1, "there is no template `../settings.yaml`"),
        ('\n{% include "ours/scope_body.html.j2" %}', 2, 1, "there is no `body`"),
        ("{{ about[periods] }}", 1, 1, "a text is no list"),
        ("{{ 7[1:] }}", 1, 1, "a number is no list"),
        ("{% include about %}", 1, 1, "the name of a template stands in quotes, and is never put"),
    ],
)
def test_a_template_that_is_broken(text: str, line: int, column: int, reason: str) -> None:
    *where, found = told(text)
    assert where == [HTML, line, column]
    assert found.startswith(reason)


def test_a_name_that_may_not_be_there_can_be_asked_for() -> None:
    text = "{% if crest is defined %}{{ crest }}{% endif %}{{ motto|default('none') }}"
    assert page(text) == "none"


def test_the_names_that_there_are_stand_in_the_cure() -> None:
    [fault] = faults("{{ abuot }}")
    assert fault.finding.help.startswith("did you mean `about`? there are `about`, ")
    assert all(f"`{name}`" in fault.finding.help for name in PAGES["scope"])


def test_a_fault_stands_in_the_file_that_has_it() -> None:
    part = "<b>\n{{ abuot }}</b>"
    found = told('{% include "part.html.j2" %}', part__html__j2=part)
    assert found == ("part.html.j2", 2, 4, "there is no `abuot`")
    macro = "{% macro m(x) %}\n\n{{ x.heding }}{% endmacro %}"
    text = '{% import "part.html.j2" as part %}{{ part.m(periods[0]) }}'
    assert told(text, part__html__j2=macro)[:3] == ("part.html.j2", 3, 6)


def test_templates_that_nothing_asks_for() -> None:
    [fault] = faults("{{ about }}", part__html__j2="x")
    assert fault.code == "BD552"
    [fault] = faults("{{ about }}", "scop.html.j2")
    assert fault.finding.help.startswith("did you mean `scope.html.j2`")
    first, second = '{% include "a.html.j2" %}', '{% include "b.html.j2" %}'
    assert faults(first, a__html__j2=second, b__html__j2="x") == []


def test_files_that_are_no_text() -> None:
    assert told(b"a\n\xff")[1:] == (2, 1, "a byte here is not UTF-8")
    assert told("a\x00b")[1:] == (1, 2, "a control character stands here")
    assert told("x" * (LARGEST + 1))[3] == "it is larger than 256 KiB"
    assert page("\ufeffa\r\nb") == "a\nb"


def test_what_made_up_contents_do_not_show_is_told_once_when_a_client_s_document_does() -> None:
    text = "{% if client[0] == 'Abc Ltd' %}\n{{ periods[0].hading }}{% endif %}"
    assert faults(text) == []
    second = "\n    ---\n" + AGREEMENT.split("---\n", 1)[1].replace("abc", "abd") % "Abc Ltd"
    found = compiled(AGREEMENT % "Abc Ltd" + second, templates=own({HTML: text}))
    telling = Telling(found.compilation, [scope_document])
    said = [said for _, said in telling.of_families(found.families)]
    [finding] = [one[1] for one in said if isinstance(one, tuple) and one[0] == "BD558"]
    assert isinstance(finding, Finding)
    assert isinstance(finding.place, Span)
    assert finding.place.line == 2
    assert [one for one in said if isinstance(one, Artifact)] == []


# --- everything ends -----------------------------------------------------------------------------

MUCH = "x" * 9999


def over_and_over(what: str, start: str = "'aaaa'") -> str:
    """A text, or a number, that is made of itself again and again."""
    begin = f"{{% set ns = namespace(x={start}) %}}{{% for i in range(9999) %}}"
    return f"{begin}{{% set ns.x = {what} %}}{{% endfor %}}"


ENDLESS = {
    "steps": [
        "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
        "{% for a in range(9999) %}{% for b in range(9999) if false %}{% endfor %}{% endfor %}",
        "{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(40) }}",
        "{% for i in range(9999) %}{% set x = range(9999)|list %}{% endfor %}",
        f"{{% for i in range(9999) %}}{MUCH}{{% endfor %}}",
        f"{{% macro m() %}}{MUCH}{{% endmacro %}}" + over_and_over("m()"),
    ],
    "goes round in a ring": [
        "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}",
        '{% include "scope.html.j2" %}{% include "scope.html.j2" %}',
        '{% extends "scope.html.j2" %}',
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ " + "1 + " * 20000 + "1 }}",
    ],
    "too deep": ["{% for a in client %}" * 60 + "{% endfor %}" * 60],
    "characters": [
        over_and_over("ns.x ~ ns.x"),
        over_and_over("ns.x + ns.x"),
        over_and_over("ns.x|replace('a', 'aa')"),
        over_and_over("[ns.x, ns.x]|join('a')"),
        f"{{{{ range(9999)|join('{MUCH}') }}}}",
        f"{{% set x = '{MUCH}' %}}{{% for i in range(9999) %}}{{{{ x }}}}{{% endfor %}}",
    ],
    "numbers": [
        "{{ 'a' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ range(1000000000)|list }}",
        "{% for i in range(1000000000) %}{% endfor %}",
    ],
    "a list of more than": ["{{ ('" + MUCH + "xx')|list }}"],
    "a number becomes larger": [over_and_over("ns.x * ns.x", "3")],
    "may not use `**`": ["{{ 2 ** 1000000000 }}", "{{ 'a' * 10 ** 9 }}"],
    "there is no": [
        "{{ about|center(1000000000) }}",
        "{{ about.ljust(1000000000) }}",
        "{{ about.format(about) }}",
        "{{ about|format(1) }}",
        "{{ [1]|batch(1000000000, 1)|list }}",
        "{{ 1.5|round(1000000000, 'ceil') }}",
        "{{ about|indent(1000000000) }}",
        "{{ lipsum(1000000000) }}",
        "{{ [[1]]|sum(start=[]) }}",
        "{{ about|pprint }}",
    ],
}


@pytest.mark.parametrize(
    ("reason", "text"), [(reason, text) for reason, texts in ENDLESS.items() for text in texts]
)
def test_whatever_a_template_does_it_ends(reason: str, text: str) -> None:
    start = time.perf_counter()
    found = told(text)[3]
    assert reason in found
    assert time.perf_counter() - start < 60


@pytest.mark.parametrize(
    "text",
    [
        "{{ about.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ about['__class__'] }}",
        "{{ about|attr('__class__') }}",
        "{{ [about]|map(attribute='__class__')|list }}",
        "{{ self.__init__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ range.__globals__ }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ facts[0]._asdict() }}",
        "{{ facts[0].index('x') }}",
        "{{ words.pop('client') }}",
        "{{ words.update(a=1) }}",
        "{{ client.append('x') }}",
        "{{ sheet.__module__ }}",
        "{{ loop }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ about|safe }}",
        "{{ about|written }}",
        "{% autoescape false %}{{ about }}{% endautoescape %}",
        "{% set x %}{{ about }}{% endset %}{{ x }}",
        "{% filter upper %}x{% endfilter %}",
        "{% for a in periods recursive %}{% endfor %}",
        "{% for p in periods %}{{ loop._iterator }}{% endfor %}",
        "{% macro m() %}{% endmacro %}{{ m._func }}",
        "{{ environment }}",
        "{{ context }}",
    ],
)
def test_nothing_but_what_is_open_is_reached(text: str) -> None:
    assert told(text)[0] == HTML


def test_the_same_template_counts_the_same_each_time() -> None:
    text = "{% for a in range(600) %}{% for b in range(100) %}{{ b }}{% endfor %}{% endfor %}"
    documents = OwnDocuments({HTML: text})
    sizes = set()
    for _ in range(3):
        page = documents.instead(Part(b"", b""), "scope", lambda form: {})
        sizes.add(len(page.html))
    assert documents.faults() == ()
    assert sizes == {600 * 190}


# --- the names are what the page says ------------------------------------------------------------


def test_the_documentation_holds_every_name(golden: Golden) -> None:
    golden(DOCS / "template-names.md", names_page())


def test_every_name_that_is_open_is_there_and_printed_by_some_template_of_ours() -> None:
    """What a template reads of a real document is what the page says, no more and no less."""
    found = shipped_values()
    for page, values in found.items():
        assert all(values), page
        assert {frozenset(one) for one in values} == {frozenset(PAGES[page])}, page
    seen: dict[type, set[str]] = {}
    _walk(Logo("png", b"", 60, 16), seen)  # the shipped catalogue has none
    for values in found.values():
        for one in values:
            for value in one.values():
                _walk(value, seen)
    for kind, (heading, _, meanings) in OPEN.items():
        assert kind in seen, heading
        assert seen[kind] == set(meanings), heading


def test_links_of_the_page_of_names_lead_somewhere() -> None:
    page = names_page()
    headings = {line[3:].replace(" ", "-") for line in page.splitlines() if line.startswith("## ")}
    links = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert links <= headings
    assert {f"words.{name}" for name in ENGLISH.labels} <= set(re.findall(r"`(words\.\w+)`", page))


def shipped_values() -> dict[str, list[Mapping[str, object]]]:
    """The names with which our templates begin, for every agreement of the shipped catalogue."""
    found: dict[str, list[Mapping[str, object]]] = {page: [] for page in PAGES}
    original = OwnDocuments.instead

    def noting(self: OwnDocuments, page: Part, template: str, values: Any) -> Part:
        found[template].append(values("html"))
        return original(self, page, template, values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OwnDocuments, "instead", noting)
        files(scope_document, of_readings(shipped_readings(), TODAY))
    return found


def _walk(value: object, seen: dict[type, set[str]]) -> None:
    """The names that can be read of a value and of all that it holds."""
    if isinstance(value, tuple) and type(value) not in OPEN:
        for inner in value:
            _walk(inner, seen)
    elif type(value) in OPEN:
        names = seen.setdefault(type(value), set())
        for name in _names(value):
            names.add(name)
            if not isinstance(value, str):
                _walk(getattr(value, name), seen)


def _names(value: object) -> Iterator[str]:
    meanings = OPEN[type(value)][2]
    return (name for name in meanings if hasattr(value, name))


def test_a_page_that_cannot_be_read_again_is_made_all_the_same() -> None:
    number = "&#" + "9" * 5000 + ";"
    assert re.fullmatch(
        rf"{number}scope 1 abc/abc-2027 en [0-9a-f]{{64}}", page(number + "{{ seal }}")
    )
