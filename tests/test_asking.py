"""`why`, `show` and `graph` prove one family, and say what proving every family would."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_dsl import pipeline
from billing_dsl.analysis.views import ClientCoverage, Declared
from billing_dsl.cli import Exit, asking, main
from billing_dsl.cli.asking import Asked
from billing_dsl.cli.checking import Examined, examined
from billing_dsl.kinds.agreement import Agreement
from billing_dsl.kinds.client import Client
from billing_dsl.pipeline import Common
from billing_dsl.source.document import Document
from billing_dsl.store import kept
from billing_dsl.store.hands import Alone
from tests.oracle.strategies import FIRST, Choices
from tests.test_store_properties import follow, histories, in_one_folder, write
from tests.unit.cli.running import AS_OF, Command, catalogue

CATALOGUE = Path(__file__).parents[1] / "catalogue"
DAY = date.fromisoformat(AS_OF)


class Said(NamedTuple):
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


def said(*arguments: str) -> Said:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return Said(code, out.getvalue(), err.getvalue())


class AskedOfAll(Asked):
    """A catalogue in which every family has been proved before anything is asked."""

    checked: Examined

    @classmethod
    def of(cls, checked: Examined) -> AskedOfAll:
        found = cls(checked.folder, checked.checked.common, Alone(checked.folder.texts).documents)
        object.__setattr__(found, "checked", checked)
        return found

    def view(self, client: str) -> ClientCoverage | None:
        return next((v for v in self.checked.checked.clients if v.client.name == client), None)


def each(asked: Asked, questions: Sequence[list[str]]) -> list[Said]:
    """What the questions give, asked of a catalogue that has been read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asking, "asked", lambda *_: asked)
        return [said(*question) for question in questions]


def questions(asked: Asked, folder: Path, day: date, choices: Choices) -> Iterator[list[str]]:
    """What may be asked of each client and document of a catalogue, and of some that are none."""
    inventory = asked.common.inventory
    names = {kind: sorted(found) for kind, found in inventory.names.items()}
    work_types = names.get("work_type", ["travel"])
    more = [str(folder), "--as-of", day.isoformat()]
    for client in (*names.get("client", ()), "nobody"):
        on = choices.day(date(2026, 1, 1), date(2029, 12, 31)).isoformat()
        start = choices.pick(([], ["--start", "hourly"], ["--start", "nothing"]))
        form = choices.pick(("text", "json"))
        work_type = choices.pick(work_types)
        yield ["why", client, work_type, *more, "--on", on, *start, "--format", form]
        yield ["graph", client, *more, "--on", on, "--format", choices.pick(("mermaid", "json"))]
    heads = [(head.kind, head.key) for head in inventory.heads]
    lost = [(kind, name) for kind, found in inventory.lost.items() for name in sorted(found)]
    agreements = [(kind, name) for kind, name in (*heads, *lost) if kind == "agreement"]
    others = [(kind, name) for kind, name in (*heads, *lost) if kind != "agreement"]
    for kind, name in (*agreements, ("agreement", "nothing"), *choices.some(others, 0, 3)):
        yield ["show", kind, name, *more, "--format", choices.pick(("text", "json"))]


def compared(folder: Path, day: date, choices: Choices) -> list[Said]:
    """Every question answered both ways, which agree; what was said."""
    of_one = asking.asked(str(folder), day)
    of_all = AskedOfAll.of(examined(str(folder), day, quiet=True))
    every = list(questions(of_one, folder, day, choices))
    expected = each(of_all, every)
    for question, found, whole in zip(every, each(of_one, every), expected, strict=True):
        assert found == whole, question
        assert found.code in (Exit.FINE, Exit.USAGE), question
    return expected


def test_the_shipped_catalogue_is_answered_alike() -> None:
    answers = compared(CATALOGUE, DAY, Choices.seeded(1))
    assert sum(found.code == 0 for found in answers) > 40


@in_one_folder
@given(history=histories(at_most=2), seed=st.integers(0, 2**32))
def test_random_catalogues_are_answered_alike_whatever_is_broken_in_them(
    history: list[tuple[Mapping[str, bytes], date]],
    seed: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("catalogue")
    for files, day in history:
        write(folder, files)
        compared(folder, day, Choices.seeded(seed))


def test_random_catalogues_are_answered_alike_from_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "kept"))
    for seed in range(8):
        folder = tmp_path / f"catalogue-{seed}"
        folder.mkdir()
        choices = Choices.seeded(seed)
        for _ in follow(folder, choices, 3):
            compared(folder, FIRST, choices)
            if choices.chance(50):
                said("check", str(folder), "--as-of", FIRST.isoformat())


# --- how little is read --------------------------------------------------------------------------


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The files that are read from now on, as YAML; results are kept."""
    from billing_dsl.store import hands

    monkeypatch.setenv(kept.VARIABLE, str(tmp_path / "kept"))
    paths: list[str] = []
    for name in ("read", "read_file"):
        original = getattr(hands, name)

        def counting(path: str, text: bytes, original: object = original) -> object:
            paths.append(path)
            assert callable(original)
            return original(path, text)

        monkeypatch.setattr(hands, name, counting)
    return paths


CLIENTS = {"clients/acme.yaml", "clients/globex.yaml"}


def test_a_second_question_reads_what_clients_share_and_the_client(
    run: Command, clean: Path, read: list[str]
) -> None:
    question = ["why", "acme", "onsite-support", str(clean), "--on", "2027-03-01"]
    first = run(*question)
    assert set(read) >= CLIENTS
    read.clear()
    assert run(*question) == first
    assert set(read) & CLIENTS == {"clients/acme.yaml"}
    read.clear()
    assert run("show", "tier", "silver", clean).code == 0
    assert set(read) & CLIENTS == set()


def test_only_what_has_changed_is_read_again(run: Command, clean: Path, read: list[str]) -> None:
    run("check", clean)
    read.clear()
    path = clean / "clients/globex.yaml"
    path.write_text(path.read_text().replace("Globex S.p.A.", "Globex Italia S.p.A."))
    assert "Globex Italia S.p.A." in run("show", "client", "globex", clean).out
    assert set(read) & CLIENTS == {"clients/globex.yaml"}
    read.clear()
    run("check", clean)
    assert read.count("clients/globex.yaml") == 1, "a question keeps what the next check wants"


@pytest.mark.parametrize("others", ["acme", "globex"])
def test_only_the_family_is_proved(
    run: Command, clean: Path, monkeypatch: pytest.MonkeyPatch, others: str
) -> None:
    covered: list[str] = []

    def counting(
        common: Common, declared: Declared, documents: Iterable[Document]
    ) -> tuple[tuple[ClientCoverage, ...], object, object]:
        found = pipeline.cover(common, declared, documents)
        covered.extend(view.client.name for view in found[0])
        return found

    monkeypatch.setattr("billing_dsl.cli.asking.cover", counting)
    assert run("graph", others, clean, "--on", "2027-03-01").code == 0
    assert covered == [others]


def test_parent_and_child_are_one_family(run: Command, clean: Path) -> None:
    acme = clean / "clients/acme.yaml"
    acme.write_text(acme.read_text().replace("name: acme\n", "name: acme\nparent: globex\n", 1))
    view = asking.asked(str(clean), DAY).view("acme")
    assert view is not None
    assert {client.name for client in view.family.book.clients} == {"acme", "globex"}
    assert [type(found) for found in (view.client, *view.agreements)] == [Client, Agreement]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Command:
    """`run("why", …)`: the command line in this process."""
    return Command(capsys)


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """The small catalogue, which has no findings."""
    return catalogue(tmp_path / "clean")
