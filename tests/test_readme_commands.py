"""The documentation does what it says: commands run, outputs are real, links lead somewhere.

A page's blocks are run from top to bottom in a copy of the shipped catalogue:

- ` ```console `: each line `$ command` is run, and what follows is compared with its output;
- ` ```diff file=PATH `: the lines with `-` are replaced by those with `+` in that file;
- any block with `file=PATH`: the file is written;
- `<!-- fresh -->`: what follows starts again from the shipped catalogue.

`make golden` writes the outputs anew. Commands in other blocks and in running text are only parsed.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import click
import pytest
import yaml

from billing_dsl.cli import COMMANDS, Commands, Exit, edge, group, main
from billing_dsl.cli.check import FORMATS
from tests.goldens import ROOT, Golden
from tests.test_architecture import LAYERS

TODAY = date(2027, 1, 15)
"""The day on which the documentation was written, as far as its outputs know."""
NOW = datetime(2027, 1, 15, 9, tzinfo=UTC)
LAST_CHANGE = datetime(2027, 1, 11, 16, tzinfo=UTC)
"""When the catalogue was last changed."""

WRITTEN = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs" / "decisions").glob("*.md"),
    ]
)
RUN = [page for page in WRITTEN if "```console" in page.read_text(encoding="utf-8")]
GUIDES = [ROOT / "catalogue" / "README.md", ROOT / "billing_dsl" / "starter" / "README.md"]
"""Further pages for people, whose commands are parsed too."""

FENCE = re.compile(r"^( *)```(\w*) *(.*)$")
FILE = re.compile(r"\bfile=(\S+)")
PLACEHOLDERS = {"DATE": "2027-01-15", "BDnnn": "BD301"}


def shown(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@dataclass
class Block:
    """A fenced block: what it holds, and how it is to be read."""

    language: str
    file: str
    lines: list[str] = field(default_factory=list)


def pieces(text: str) -> Iterator[str | Block]:
    """The lines of a page outside its blocks, and its blocks, in order."""
    block: Block | None = None
    for line in text.splitlines():
        fence = FENCE.match(line)
        if block is not None and fence and not fence[2]:
            yield block
            yield line
            block = None
        elif block is not None:
            block.lines.append(line)
        else:
            if fence:
                named = FILE.search(fence[3])
                block = Block(fence[2], named[1] if named else "")
            yield line
    assert block is None, "a block that does not end"


@dataclass
class Session:
    """Somebody at a terminal, in a folder with the shipped catalogue."""

    root: Path
    here: Path = field(init=False)
    code: int = 0

    def __post_init__(self) -> None:
        self.start_again()

    def start_again(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir()
        shutil.copytree(ROOT / "catalogue", self.root / "catalogue")
        self.here = self.root

    def block(self, block: Block) -> list[str]:
        """The lines of a block after it was run: the same, if the page is right."""
        if block.file and block.language == "diff":
            self.edit(self.here / block.file, block.lines)
        elif block.file:
            path = self.here / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(block.lines) + "\n", encoding="utf-8", newline="\n")
        elif block.language == "console":
            return list(self.console(block.lines))
        return block.lines

    @staticmethod
    def edit(path: Path, lines: list[str]) -> None:
        text = path.read_text(encoding="utf-8")
        old = "".join(f"{line[1:]}\n" for line in lines if line[:1] in ("-", " "))
        new = "".join(f"{line[1:]}\n" for line in lines if line[:1] in ("+", " "))
        assert text.count(old) == 1, f"{path.name} does not hold these lines once:\n{old}"
        path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")

    def console(self, lines: list[str]) -> Iterator[str]:
        commands = [line for line in lines if line.startswith("$ ")]
        assert lines[:1] == commands[:1], "a console block starts with a command"
        for command, after in zip(commands, [*commands[1:], ""], strict=True):
            output = self.run(command[2:])
            asked = after == "$ echo $?"
            assert asked or self.code in (Exit.FINE, Exit.FINDINGS), f"{command}\n{output}"
            yield command
            yield from output.rstrip("\n").splitlines() if output else ()

    def run(self, command: str) -> str:
        """What a command prints on both streams."""
        words = shlex.split(command)
        written_to = ""
        if ">" in words:
            *words, _, written_to = words
        match words:
            case ["billing-dsl", *arguments]:
                output = self.billing_dsl(arguments)
            case ["make", target]:
                output = self.make(target)
            case ["cd", folder]:
                self.here = (self.here / folder).resolve()
                output = ""
            case ["echo", "$?"]:
                output, self.code = f"{int(self.code)}\n", Exit.FINE
            case ["cat", file]:
                output = (self.here / file).read_text(encoding="utf-8")
            case ["head", count, file]:
                lines = (self.here / file).read_text(encoding="utf-8").splitlines(keepends=True)
                output = "".join(lines[: int(count.removeprefix("-"))])
            case ["cp", "-r", one, other]:
                shutil.copytree(self.here / one, self.here / other)
                output = ""
            case ["ls", folder]:
                names = sorted(path.name for path in (self.here / folder).iterdir())
                output = "".join(f"{name}\n" for name in names if not name.startswith("."))
            case _:
                raise AssertionError(f"the documentation knows no such command: {command}")
        if written_to:
            (self.here / written_to).write_text(output, encoding="utf-8", newline="\n")
            output = ""
        return output

    def billing_dsl(self, arguments: list[str]) -> str:
        stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n")
        with (
            contextlib.chdir(self.here),
            contextlib.redirect_stdout(stream),
            contextlib.redirect_stderr(stream),
        ):
            self.code = main(arguments)
        stream.flush()
        raw = stream.buffer
        assert isinstance(raw, io.BytesIO)
        output = raw.getvalue().decode()
        return output.replace("\\", "/") if sys.platform == "win32" else output

    def make(self, target: str) -> str:
        """What a target's own command prints, without what installs the tool."""
        recipe = next(lines for name, lines in targets() if name == target)
        (command,) = [line for line in recipe if "/billing-dsl " in line]
        return self.billing_dsl(shlex.split(command.partition("/billing-dsl ")[2]))


def targets() -> Iterator[tuple[str, list[str]]]:
    """The targets of the Makefile that people call, with their recipes."""
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        named = re.match(r"([a-z-]+):", line)
        if named:
            recipe = []
            for below in lines[number + 1 :]:
                if not below.startswith("\t"):
                    break
                recipe.append(below.strip())
            yield named[1], recipe


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("BILLING_DSL_CACHE", "off")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(edge, "today", lambda: TODAY)
    monkeypatch.setattr(edge, "now", lambda: NOW)
    monkeypatch.setattr(edge, "last_change", lambda *_: LAST_CHANGE)
    return Session(tmp_path / "here")


@pytest.mark.parametrize("page", RUN, ids=shown)
def test_commands_print_what_the_page_shows(page: Path, session: Session, golden: Golden) -> None:
    text = page.read_text(encoding="utf-8")
    lines: list[str] = []
    for piece in pieces(text):
        if isinstance(piece, Block):
            lines.extend(session.block(piece))
        else:
            lines.append(piece)
            if piece == "<!-- fresh -->":
                session.start_again()
    golden(page, "\n".join(lines) + "\n")


# --- commands that are only named ----------------------------------------------------------------


def named_commands(page: Path) -> Iterator[str]:
    """The command lines of the tool in a page: in blocks, and in running text between backticks."""
    for piece in pieces(page.read_text(encoding="utf-8")):
        if isinstance(piece, str):
            yield from re.findall(r"`(billing-dsl [^`]+)`", piece)
            continue
        for line in piece.lines:
            found = re.search(r"(?:^|[ \\/])(?P<command>billing-dsl(?:\.exe)? [^#|>]+)", line)
            if found and piece.language not in ("console", "text", "diff"):
                yield found["command"]
            elif piece.language == "console" and line.startswith("$ billing-dsl "):
                yield line[2:]


def parse(command: str) -> None:
    """Parses a command line as the tool would, without running it."""
    words = [PLACEHOLDERS.get(word, word) for word in shlex.split(command.partition(">")[0])[1:]]
    # With its settings, or commands would keep the wrong names of the help for whoever asks later.
    context = click.Context(group, info_name="billing-dsl", **group.context_settings)
    known: click.Command = group
    while isinstance(known, click.Group):
        name, *words = words
        if name.startswith("-"):
            known.make_context("billing-dsl", [name, *words])
            return
        further = known.get_command(context, name)
        assert further is not None, f"there is no command {name}"
        known = further
    if not words:  # `billing-dsl why` in a sentence: the command as such
        return
    with contextlib.suppress(click.exceptions.Exit):  # --help
        known.make_context(known.name, words, parent=context)


@pytest.mark.parametrize("page", [*WRITTEN, *GUIDES], ids=shown)
def test_every_command_that_is_named_exists(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in named_commands(page):
        try:
            with contextlib.suppress(click.exceptions.Exit):
                parse(command)
        except click.ClickException as error:
            pytest.fail(f"{command}: {error.format_message()}")


@pytest.mark.parametrize("page", WRITTEN, ids=shown)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = {name for name, _ in targets()}
    named = re.findall(r"(?m)(?:`|^\$ |^)make ([a-z-]+)", text)
    assert set(named) <= known


# --- pages that list what there is ---------------------------------------------------------------


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(text: str, heading: str) -> list[str]:
    """The first cells of the table below a heading."""
    below = text.partition(f"\n{heading}\n")[2]
    assert below, f"no heading {heading}"
    cells = []
    for line in below.splitlines():
        if line.startswith("#"):
            break
        if line.startswith("|"):
            cells.append(line.split("|")[1].strip())
    return cells[2:]


def test_the_readme_lists_every_command() -> None:
    cells = " ".join(rows(page("README.md"), "## Commands"))
    assert re.findall(r"`billing-dsl ([a-z-]+)", cells) == list(COMMANDS)


def test_the_help_of_every_command_is_shown() -> None:
    text = page("docs/commands.md")
    assert isinstance(group, Commands)
    context = click.Context(group, **group.context_settings)
    for name in COMMANDS:
        command = group.get_command(context, name)
        paths = [name]
        if isinstance(command, click.Group):
            paths = [f"{name} {further}" for further in command.list_commands(context)]
        for path in paths:
            assert f"\n$ billing-dsl {path} --help\n" in text


def test_everything_that_is_compiled_is_explained() -> None:
    text = page("docs/commands.md")
    written = text.partition("\n$ ls build\n")[2].partition("\n$ ")[0].splitlines()
    cells = rows(text, "## compile")
    assert written
    assert [name for name in written if not any(f"`{name}" in cell for cell in cells)] == []


def test_every_exit_code_is_explained() -> None:
    explained = {int(cell) for cell in rows(page("docs/commands.md"), "## Exit codes")}
    assert explained >= {int(code) for code in Exit}


def test_every_format_has_its_place() -> None:
    text = page("docs/ci.md")
    assert [form for form in FORMATS if f"`{form}`" not in text] == []


def test_every_part_of_the_package_is_in_the_architecture() -> None:
    text = page("docs/architecture.md")
    parts = [
        path.stem
        for path in sorted((ROOT / "billing_dsl").iterdir())
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    ]
    parts.remove("__init__")
    assert [part for part in parts if not re.search(rf"(?<![a-z]){part}(?![a-z])", text)] == []
    assert len(text.splitlines()) < 200


def test_the_layers_are_those_that_are_enforced() -> None:
    text = page("docs/architecture.md").partition("\n```text\n")[2].partition("```")[0]
    shown = [frozenset(line.split(" · ")) for line in text.splitlines()]
    assert shown == [layer for layer in LAYERS if layer != {""}]


def test_every_page_is_in_the_index() -> None:
    text = page("docs/README.md")
    pages = [
        path.relative_to(ROOT / "docs").as_posix()
        for path in WRITTEN
        if path.parent != ROOT and path != ROOT / "docs" / "README.md"
    ]
    assert [path for path in pages if f"]({path})" not in text] == []


def test_decisions_say_context_choice_and_price() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    for number, decision in enumerate(decisions, 1):
        text = decision.read_text(encoding="utf-8")
        assert decision.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        for part in ("**Context.**", "**Choice.**", "**Price.**"):
            assert part in text, f"{decision.name}: {part}"


# --- links and snippets --------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """The headings of a page as links name them."""
    outside = "\n".join(piece for piece in pieces(text) if isinstance(piece, str))
    found: set[str] = set()
    for heading in re.findall(r"(?m)^#+ (.+)$", outside):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[^\w -]", "", plain).strip().replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", [*WRITTEN, *GUIDES], ids=shown)
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    prose = "\n".join(p for p in pieces(page.read_text(encoding="utf-8")) if isinstance(p, str))
    for link in re.findall(r"\]\(([^)\s]+)\)", prose):
        path, _, anchor = link.partition("#")
        if "://" in path:
            continue
        target = (page.parent / path).resolve() if path else page
        known = target.exists()
        if known and anchor:
            known = anchor in anchors(target.read_text(encoding="utf-8"))
        if not known:
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("page", WRITTEN, ids=shown)
def test_yaml_and_json_in_pages_can_be_read(page: Path) -> None:
    for piece in pieces(page.read_text(encoding="utf-8")):
        if isinstance(piece, Block) and piece.language in ("yaml", "json", "jsonc"):
            assert list(yaml.safe_load_all("\n".join(piece.lines))), piece.lines
