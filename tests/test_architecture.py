"""Data flows one way: the layers, one door for each library, and no stage that reaches outside."""

from __future__ import annotations

import ast
import graphlib
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

NAME = "billing_dsl"
PACKAGE = Path(__file__).parents[1] / NAME

# From the top. A unit (a module or folder of the package) imports only units of lower layers;
# units of one layer do not import each other. Every unit stands in exactly one layer.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"__main__"}),
    frozenset({"cli"}),
    frozenset({"entries"}),
    frozenset({"store", "telling"}),
    frozenset({"pipeline", "verdict"}),
    frozenset({"review"}),
    frozenset({"letters", "report", "tenant"}),
    frozenset({"margins", "papers"}),
    frozenset({"replay"}),
    frozenset({"changes", "rules", "targets"}),
    frozenset({"analysis"}),
    frozenset({"book", "languages"}),
    frozenset({"kinds", "templates"}),
    frozenset({"model"}),
    frozenset({"source"}),
    frozenset({"diagnostics", "registry"}),
    frozenset({""}),  # billing_dsl/__init__.py: the version and nothing else
)

# The one module or unit that imports a library. Whatever is neither here nor in the standard
# library is not imported at all.
DOORS = {
    "yaml": "source.reader",
    "jsonschema": "model.validate",
    "jsonschema_rs": "model.validate",
    "referencing": "model.validate",
    "networkx": "analysis.graph",
    "jinja2": "targets._templates",
    "xlsxwriter": "targets._workbook",
    "typst": "targets._pdf",
    "pypdf": "papers.pdf",
    "click": "cli",
    "duckdb": "entries.engine",
    "openpyxl": "entries.workbook",
}
# Imported where they are used, inside functions: a warm run and `--help` import none of them.
LAZY = frozenset(
    {
        *("jsonschema", "jsonschema_rs", "referencing", "networkx", "jinja2"),
        *("xlsxwriter", "typst", "pypdf", "duckdb", "openpyxl"),
    }
)
# Modules made of classes of a library, which is therefore imported with them: a second door to it.
# They are imported where they are used, inside functions.
MADE_OF = {"targets._sandbox": "jinja2"}

# What touches the world. Below it, stages get values: no files, clock, environment or processes.
EDGE = frozenset({"__main__", "cli", "store", "entries"})
# These read what ships inside the package, and nothing else.
OWN_FILES = frozenset({"model.validate", "targets._templates"})
# A user's own rules are code, run only by an explicit flag.
RUNS_CODE = frozenset({"rules._house"})


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OUTSIDE_MODULES = _words(
    """asyncio ctypes fcntl getpass glob http io.open locale msvcrt os platform random secrets
    select shutil signal socket sqlite3 ssl subprocess tempfile threading time urllib.request uuid
    webbrowser"""
)
OUTSIDE_SYS = _words("argv exit platform stderr stdin stdout")
NETWORK = _words(
    """aiohttp asyncio ftplib http httpx imaplib nntplib poplib requests smtplib socket socketserver
    ssl telnetlib urllib.request urllib3 webbrowser websockets xmlrpc"""
)
# The modules that may use the network, through which alone a tenant can be written to. None does.
CALLS_OUT: frozenset[str] = frozenset()
CLOCK = _words("now today utcnow")
FILES = _words(
    """chmod glob is_dir is_file iterdir lstat mkdir read_bytes read_text rglob rmdir stat
    symlink_to touch unlink write_bytes write_text"""
)
RUNNING = _words("__import__ compile eval exec")


@dataclass(frozen=True)
class Import:
    """One import of a module, by the full name of what it imports."""

    target: str
    line: int
    inside: bool  # a function or TYPE_CHECKING: loading the module does not load the target
    relative: bool


@dataclass(frozen=True)
class Module:
    """One module of the package; its name is without the package's own."""

    name: str
    path: str
    tree: ast.Module

    @property
    def unit(self) -> str:
        return self.name.partition(".")[0]

    def at(self, line: int, what: str) -> str:
        return f"{self.path}:{line}: {what}"

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        return tuple(_imports(self.tree, inside=False))

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @cached_property
    def calls(self) -> tuple[tuple[ast.Call, str, str], ...]:
        """Each call with the name it calls and, for a method, the name it is called on."""
        return tuple(self._calls())

    def _calls(self) -> Iterator[tuple[ast.Call, str, str]]:
        for node in self.nodes:
            match node:
                case ast.Call(func=ast.Name(id=name)):
                    yield node, name, ""
                case ast.Call(func=ast.Attribute(attr=name, value=owner)):
                    yield node, name, ast.unparse(owner)


def _imports(node: ast.AST, inside: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.Import(names=names, lineno=line):
                for alias in names:
                    yield Import(alias.name, line, inside, relative=False)
            case ast.ImportFrom(names=names, module=module, level=level, lineno=line):
                for alias in names:
                    yield Import(f"{module or ''}.{alias.name}", line, inside, relative=level > 0)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                yield from _imports(child, inside=True)
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=[]):
                yield from _imports(child, inside=True)
            case _:
                yield from _imports(child, inside)


def places(package: Path) -> Iterator[tuple[Path, str]]:
    """Every module of a package: its file and its name, by path."""
    for path in sorted(package.rglob("*.py")):
        inner = path.relative_to(package)
        parts = inner.parent.parts if path.stem == "__init__" else inner.with_suffix("").parts
        yield path, ".".join(parts)


def read(package: Path) -> tuple[Module, ...]:
    """Every module of a package, by path."""
    found = []
    for path, name in places(package):
        shown = f"{package.name}/{path.relative_to(package).as_posix()}"
        found.append(Module(name, shown, ast.parse(path.read_bytes(), shown)))
    return tuple(found)


def _ours(target: str, names: Iterable[str]) -> str | None:
    """The module of ours that an import means: the longest name that is one, else the unit."""
    head, _, rest = target.partition(".")
    if head != NAME:
        return None
    unit = rest.partition(".")[0]
    while rest and rest not in names:
        rest = rest.rpartition(".")[0]
    return rest or (unit if _level(unit) is not None else "")


def _level(unit: str) -> int | None:
    return next((level for level, units in enumerate(LAYERS) if unit in units), None)


def layers(modules: tuple[Module, ...]) -> Iterator[str]:
    """A layer imports only lower layers, and no module is without a layer."""
    names = {module.name for module in modules}
    for module in modules:
        own = _level(module.unit)
        if own is None:
            yield module.at(1, f"`{module.unit}` stands in no layer")
            continue
        for found in module.imports:
            target = _ours(found.target, names)
            if target is None:
                continue
            unit = target.partition(".")[0]
            level = _level(unit)
            if unit != module.unit and (level is None or level <= own):
                yield module.at(found.line, f"`{module.unit}` imports `{unit}`")


def knots(modules: tuple[Module, ...]) -> Iterator[str]:
    """No modules import each other in a ring, whenever those imports happen."""
    names = {module.name for module in modules}
    graph = {
        module.name: {
            target
            for found in module.imports
            if (target := _ours(found.target, names)) is not None and target != module.name
        }
        for module in modules
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        yield "modules import each other: " + " <- ".join(error.args[1])


def packages(modules: tuple[Module, ...]) -> Iterator[str]:
    """Every folder with modules says what it is."""
    names = {module.name for module in modules}
    for module in modules:
        parent = module.name.rpartition(".")[0]
        if parent not in names:
            yield module.at(1, f"`{parent}` has no __init__.py")


def relative(modules: tuple[Module, ...]) -> Iterator[str]:
    """Imports name the package in full."""
    for module in modules:
        for found in module.imports:
            if found.relative:
                yield module.at(found.line, "a relative import")


def doors(modules: tuple[Module, ...]) -> Iterator[str]:
    """A library is imported by one module, and the heavy ones only where they are used."""
    names = {module.name for module in modules}
    for module in modules:
        for found in module.imports:
            if _ours(found.target, names) in MADE_OF and not found.inside:
                yield module.at(found.line, f"`{found.target}` is imported before it is used")
            library = found.target.partition(".")[0]
            if found.relative or library == NAME or library in sys.stdlib_module_names:
                continue
            door = DOORS.get(library)
            if door is None:
                yield module.at(found.line, f"`{library}` has no door")
            elif MADE_OF.get(module.name) == library:
                continue
            elif module.name != door and not module.name.startswith(f"{door}."):
                yield module.at(found.line, f"`{library}` is imported by {door} alone")
            elif library in LAZY and not found.inside:
                yield module.at(found.line, f"`{library}` is imported before it is used")


def outside(modules: tuple[Module, ...]) -> Iterator[str]:
    """Below the edge nothing reads or writes files, or asks for the clock or the environment."""
    for module in modules:
        if module.unit in EDGE:
            continue
        for found in module.imports:
            for banned in OUTSIDE_MODULES:
                if found.target == banned or found.target.startswith(f"{banned}."):
                    yield module.at(found.line, f"imports `{banned}`")
            head, _, name = found.target.rpartition(".")
            if head == "sys" and name in OUTSIDE_SYS:
                yield module.at(found.line, f"imports `sys.{name}`")
        for node in module.nodes:
            match node:
                case ast.Attribute(value=ast.Name(id="sys"), attr=name) if name in OUTSIDE_SYS:
                    yield module.at(node.lineno, f"uses `sys.{name}`")
        for call, name, owner in module.calls:
            if name in CLOCK and owner:
                yield module.at(call.lineno, f"asks the clock: `{owner}.{name}()`")
            elif module.name in OWN_FILES:
                continue
            elif name == "open" or (name in FILES and owner):
                yield module.at(call.lineno, f"touches files: `{name}()`")


def speech(modules: tuple[Module, ...]) -> Iterator[str]:
    """Nothing is printed but by the command line."""
    for module in modules:
        for call, name, owner in module.calls:
            if name in {"print", "input", "breakpoint"} and not owner and module.unit != "cli":
                yield module.at(call.lineno, f"calls `{name}`")


def code(modules: tuple[Module, ...]) -> Iterator[str]:
    """No text becomes code but a user's own rules."""
    for module in modules:
        for call, name, owner in module.calls:
            if name in RUNNING and not owner and module.name not in RUNS_CODE:
                yield module.at(call.lineno, f"calls `{name}`")


def _calls_out(target: str) -> bool:
    return any(target == one or target.startswith(f"{one}.") for one in NETWORK)


def network(modules: tuple[Module, ...]) -> Iterator[str]:
    """Nobody calls out but who is named for it: only so can anything be written to a tenant."""
    for module in modules:
        for found in module.imports:
            if _calls_out(found.target) and module.name not in CALLS_OUT:
                yield module.at(found.line, f"uses the network: `{found.target}`")


Law = Callable[[tuple[Module, ...]], Iterator[str]]
LAWS: tuple[Law, ...] = (layers, knots, packages, relative, doors, outside, speech, code, network)
package_modules = cache(read)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_package_keeps_the_law(law: Law) -> None:
    assert list(law(package_modules(PACKAGE))) == []


def test_a_unit_stands_in_one_layer() -> None:
    units = [unit for layer in LAYERS for unit in layer]
    assert sorted(units) == sorted(set(units))


@pytest.mark.parametrize(
    ("law", "path", "text", "offence"),
    [
        (layers, "model/a.py", "from billing_dsl.kinds import role", "`model` imports `kinds`"),
        (layers, "model/a.py", "def f():\n import billing_dsl.rules", ":2: `model` imports"),
        (layers, "rules/a.py", "from billing_dsl.targets import x", "`rules` imports `targets`"),
        (layers, "rules/a.py", "from billing_dsl import targets", "`rules` imports `targets`"),
        (layers, "__init__.py", "from billing_dsl import cli", "`` imports `cli`"),
        (layers, "helpers.py", "", "`helpers` stands in no layer"),
        (layers, "starter/a.py", "", "`starter` stands in no layer"),
        (knots, "model/a.py", "from billing_dsl.model.b import y", "model.a"),
        (packages, "book/deep/a.py", "", "`book.deep` has no __init__.py"),
        (relative, "model/a.py", "from . import b", "a relative import"),
        (doors, "rules/a.py", "import networkx as nx", "imported by analysis.graph alone"),
        (doors, "analysis/graph.py", "import networkx", "`networkx` is imported before it is used"),
        (doors, "source/reader.py", "import requests", "`requests` has no door"),
        (doors, "targets/_sandbox.py", "import networkx", "imported by analysis.graph alone"),
        (outside, "model/a.py", "import os.path", "imports `os`"),
        (outside, "model/a.py", "from sys import stdout", "imports `sys.stdout`"),
        (outside, "model/a.py", "import sys\nsys.stderr.write('')", "uses `sys.stderr`"),
        (outside, "report/a.py", "x = datetime.date.today()", "asks the clock"),
        (outside, "targets/_templates.py", "x = datetime.now(UTC)", "asks the clock"),
        (outside, "targets/a.py", "open('x', 'wb')", "touches files: `open()`"),
        (outside, "targets/a.py", "Path('x').write_bytes(b'')", "touches files: `write_bytes()`"),
        (speech, "report/a.py", "print('done')", "calls `print`"),
        (code, "rules/a.py", "exec(text)", "calls `exec`"),
        (network, "cli/a.py", "def f():\n import http.client", "uses the network: `http.client`"),
    ],
)
def test_a_breach_is_found(tmp_path: Path, law: Law, path: str, text: str, offence: str) -> None:
    [found] = law(_package(tmp_path, {path: text, "model/b.py": "import billing_dsl.model.a"}))
    assert offence in found


def test_what_is_allowed_is_not_a_breach(tmp_path: Path) -> None:
    modules = _package(
        tmp_path,
        {
            "cli.py": "import os, click\nfrom billing_dsl import __version__, store\nprint(1)",
            "store.py": "import time\nopen('x')\ndate.today()",
            "analysis/graph.py": "if TYPE_CHECKING:\n import networkx\ndef f():\n import networkx",
            "model/validate.py": "from pathlib import Path\nPath('x').read_text()",
            "model/text.py": "import re\nre.compile('x')\nfrom billing_dsl.source import reader",
            "rules/_house.py": "exec('')",
            "report/plain.py": "import sys\nsys.intern('x')\ndef show(now): return now.text()",
        },
    )
    assert [offence for law in LAWS for offence in law(modules)] == []


READERS = ("cli.diff", "cli.replay", "cli.review")
"""Commands that run in pull requests of strangers: they neither call out nor write to a tenant."""


def calling_out(modules: tuple[Module, ...], start: str) -> Iterator[str]:
    """Nothing that a module can load, now or later, uses the network, or may."""
    by_name = {module.name: module for module in modules}
    waiting, seen = [start], {start}
    while waiting:
        module = by_name[waiting.pop()]
        if module.name in CALLS_OUT:
            yield module.at(1, f"`{start}` reaches `{module.name}`")
        for found in module.imports:
            if _calls_out(found.target):
                yield module.at(found.line, f"`{start}` reaches `{found.target}`")
            target = _ours(found.target, by_name)
            if target is not None and target not in seen:
                seen.add(target)
                waiting.append(target)


@pytest.mark.parametrize("command", READERS)
def test_a_review_reaches_no_network_and_so_no_tenant(command: str) -> None:
    assert list(calling_out(package_modules(PACKAGE), command)) == []


@pytest.mark.parametrize(
    "text",
    ["import socket", "def f():\n from urllib.request import urlopen", "import http.client as c"],
)
def test_calling_out_is_found_however_far(tmp_path: Path, text: str) -> None:
    modules = _package(
        tmp_path,
        {
            "cli/review.py": "def f():\n from billing_dsl.cli import far",
            "cli/far.py": "import billing_dsl.report.farther",
            "report/farther.py": text,
        },
    )
    [found] = calling_out(modules, "cli.review")
    assert "`cli.review` reaches" in found


def _package(folder: Path, texts: dict[str, str]) -> tuple[Module, ...]:
    """A small package of these modules; every folder is one but `deep` and `starter`."""
    package = folder / NAME
    for path, text in texts.items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text(text, encoding="utf-8")
    for parent in [package, *(path for path in package.rglob("*") if path.is_dir())]:
        if parent.name not in {"deep", "starter"}:
            (parent / "__init__.py").touch()
    return read(package)
