"""`billing-dsl letters` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from billing_dsl.cli import letters, workers
from billing_dsl.cli.checking import standing_of
from billing_dsl.cli.comparing import Checked, Compared, _together
from billing_dsl.cli.edge import read_folder
from billing_dsl.cli.revisions import Side, side
from billing_dsl.pipeline import cover
from tests.unit.cli.running import AS_OF, GAP, SMALL, Command, catalogue
from tests.unit.cli.test_edge import DAY
from tests.unit.cli.test_revisions import commit
from tests.unit.cli.test_revisions import run as git

DEARER = {"services.yaml": SMALL["services.yaml"].replace("48.00", "49.50")}
"""A change that reaches the one client with seats."""

HOURLY = {"tiers/silver.yaml": SMALL["tiers/silver.yaml"].replace("port: block", "port: hourly")}
"""A change of one end of one tier."""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the small catalogue, in which somebody stands."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    catalogue(tmp_path / "catalogue")
    commit(tmp_path, "all")
    return tmp_path


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def test_a_branch_against_the_working_folder(repository: Path, run: Command) -> None:
    catalogue(Path("catalogue"), HOURLY)
    done = run("letters", "main", "-o", "out", "--as-of", AS_OF)
    assert (done.code, done.err) == (0, "")
    assert files(Path("out")) == ["acme/letter.html", "acme/letter.md", "manifest.json"]
    assert "wrote 1 letter to out:" in done.out
    assert "no letter to 1 client, as nothing changes" in done.out
    head = git(repository, "rev-parse", "HEAD")[:7]
    assert f"compared main ({head}) with catalogue ({head} with changes), as of {AS_OF}" in done.out
    text = Path("out/acme/letter.md").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "less is covered: Onsite Support (Work by Support Engineer" in text
    manifest = json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))
    before, after = manifest["compared_with"], manifest["catalogue"]
    assert before["commit"] == git(repository, "rev-parse", "HEAD")
    assert before["sha256"] != after["sha256"]
    assert f"catalogue before {before['sha256'][:12]}" in text
    assert f"catalogue after {after['sha256'][:12]}" in text


def test_two_revisions_tell_the_same_as_two_folders(repository: Path, run: Command) -> None:
    catalogue(Path("catalogue"), {**HOURLY, **DEARER})
    commit(repository, "change")
    catalogue(Path("old"))
    arguments = ("--as-of", AS_OF, "--quiet")
    assert run("letters", "HEAD~1", "HEAD", "-o", "one", *arguments).code == 0
    assert run("letters", "old/", "catalogue", "-o", "two", *arguments).code == 0
    assert run("letters", "HEAD~1...", "-o", "three", *arguments).code == 0
    one = Path("one/acme/letter.html").read_bytes()
    assert one == Path("two/acme/letter.html").read_bytes()
    assert one == Path("three/acme/letter.html").read_bytes()


def test_the_exit_code_tells_of_letters_where_somebody_asks(clean: Path, run: Command) -> None:
    other = catalogue(clean.parent / "other", DEARER)
    arguments = ("-o", clean.parent / "out", "--as-of", AS_OF, "--detailed-exitcode")
    assert run("letters", clean, other, *arguments).code == 3
    done = run("letters", clean, clean, *arguments)
    assert done.code == 0
    assert "no client gets a letter" in done.out
    assert files(clean.parent / "out") == ["manifest.json"]


def test_json_holds_all_that_changes(clean: Path, run: Command) -> None:
    other = catalogue(clean.parent / "other", {**HOURLY, **DEARER})
    out = clean.parent / "out"
    done = run("letters", clean, other, "-o", out, "--as-of", AS_OF, "--format", "json")
    found: Any = json.loads(done.out)
    assert found["version"] == 1
    assert found["summary"] == {"letters": 1, "unseen": 0, "over": 0, "unchanged": 1}
    [acme] = found["clients"]
    assert acme["letter"] == {"md": "acme/letter.md", "html": "acme/letter.html"}
    [row] = acme["cover"]
    assert (row["from"], row["to"]) == ("2027-01-01", "2027-12-31")
    assert (row["work_types"], row["roles"], row["sub_issues"]) == (
        *(["onsite-support"], ["engineer"], [""]),
    )
    assert (row["before"]["billing"], row["after"]["billing"]) == ("block", "hourly")
    assert row["after"]["rate"] == "85.00"
    [agreement] = acme["agreements"]
    [service] = agreement["services"]
    assert (service["before"]["price"], service["after"]["price"]) == ("48.00", "49.50")
    nothing = run("letters", clean, clean, "-o", out, "--format", "json", "--as-of", AS_OF)
    assert json.loads(nothing.out)["clients"] == []


def test_json_holds_what_is_bought_and_agreed(clean: Path, run: Command) -> None:
    renewal = "term: 12 months\n        renewal: {automatic: true, notice: 30 days}"
    acme = SMALL["clients/acme.yaml"].replace("rate: 78.00", "rate: 79.00")
    acme = acme.replace("term: 12 months", renewal)
    more = """
        format: 1
        kind: agreement
        name: acme-2028
        client: acme
        start: 2028-01-01
        end: 2028-12-31
        contracts: [{name: hourly, type: time_and_materials}]
    """
    other = catalogue(
        clean.parent / "other", {"clients/acme.yaml": acme, "clients/acme-2028.yaml": more}
    )
    out = clean.parent / "out"
    done = run("letters", clean, other, "-o", out, "--as-of", AS_OF, "--format", "json")
    assert done.err == ""
    [acme_found] = json.loads(done.out)["clients"]
    first, second = acme_found["agreements"]
    assert first["before"]["renewal"] is None
    assert first["after"]["renewal"] == {"automatic": True, "extend_by": None, "notice": "30 days"}
    [block] = first["purchases"]
    assert block["before"] == {**block["after"], "price": "78.00"}
    assert (block["after"]["what"], block["after"]["price"]) == ("block", "79.00")
    assert (second["before"], second["after"]["from"]) == (None, "2028-01-01")
    new = [row for row in acme_found["cover"] if row["before"] is None]
    assert {row["after"]["agreement"] for row in new} == {"acme-2028"}


def test_what_a_client_does_not_see_is_told_apart(
    clean: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = """
          - {name: hourly, type: time_and_materials, falls_to: later%s}
          - {name: later, type: time_and_materials}
    """.rstrip()
    paths = []
    for name, excludes in (("one", ""), ("two", ", excludes: {roles: [architect]}")):
        globex = SMALL["clients/globex.yaml"]
        globex = globex.replace(
            "          - {name: hourly, type: time_and_materials}\n", (two % excludes)[1:] + "\n"
        )
        changes = {"clients/globex.yaml": globex, **(DEARER if excludes else {})}
        paths.append(catalogue(clean.parent / name, changes))
    monkeypatch.setattr(letters, "MOST", 0)
    done = run("letters", *paths, "-o", clean.parent / "out", "--as-of", AS_OF)
    assert "no letter to 1 client, as something changes that they do not see: globex" in done.out
    assert "  and 1 more" in done.out


def test_days_that_are_over_are_told_apart(clean: Path, run: Command) -> None:
    other = catalogue(clean.parent / "other", DEARER)
    done = run("letters", clean, other, "-o", clean.parent / "out", "--as-of", "2028-06-01")
    assert "only days before 2028-06-01 change: acme" in done.out


def test_nothing_is_written_while_either_side_has_errors(
    clean: Path, gap: Path, run: Command
) -> None:
    out = clean.parent / "out"
    for sides, which in (((clean, gap), "after"), ((gap, clean), "before")):
        done = run("letters", *sides, "-o", out, "--as-of", AS_OF)
        assert done.code == 1
        assert f"the catalogue {which} the change" in done.err
        assert "BD301" in done.err
        assert "nothing is written while there are errors" in done.err
    assert not out.exists()


def test_an_error_at_a_revision_names_the_revision(repository: Path, run: Command) -> None:
    catalogue(Path("catalogue"), GAP)
    commit(repository, "gap")
    catalogue(Path("catalogue"))
    done = run("letters", "HEAD", "-o", "out", "--as-of", AS_OF)
    assert done.code == 1
    assert "--> HEAD:catalogue/clients/globex.yaml" in done.err


def test_letters_never_take_the_place_of_what_was_compiled(clean: Path, run: Command) -> None:
    out = clean.parent / "out"
    assert run("compile", clean, "-o", out, "--as-of", AS_OF).code == 0
    before = files(out)
    done = run("letters", clean, clean, "-o", out, "--as-of", AS_OF)
    assert done.code == 2
    assert "holds what was compiled. Name another folder for letters" in done.err
    assert files(out) == before
    assert run("letters", clean, clean, "-o", clean.parent / "letters", "--as-of", AS_OF).code == 0
    done = run("compile", clean, "-o", clean.parent / "letters", "--as-of", AS_OF)
    assert done.code == 2
    assert "holds letters. Name another folder for compile" in done.err


def test_a_letter_that_somebody_has_edited_is_kept(clean: Path, run: Command) -> None:
    other = catalogue(clean.parent / "other", DEARER)
    out = clean.parent / "out"
    arguments = ("letters", clean, other, "-o", out, "--as-of", AS_OF)
    assert run(*arguments).code == 0
    assert "2 files unchanged" in run(*arguments).out
    (out / "acme" / "letter.md").write_text("mine\n")
    done = run(*arguments)
    assert done.code == 2
    assert "added or edited acme/letter.md" in done.err
    assert run(*arguments, "--discard-edits").code == 0
    assert (out / "acme" / "letter.md").read_text(encoding="utf-8") != "mine\n"


SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20"><path d="M0 0h80v20z"/></svg>'
)
LOGO = {**DEARER, "settings.yaml": SMALL["settings.yaml"].rstrip() + "\n        logo: logo.svg\n"}


def test_the_logo_stands_at_the_head_at_a_revision_too(repository: Path, run: Command) -> None:
    catalogue(Path("catalogue"), LOGO)
    arguments = ("-o", "out", "--as-of", AS_OF, "--quiet")
    done = run("letters", "main", *arguments)
    assert done.code == 1
    assert "BD540" in done.err
    assert "nothing is written while something cannot be expressed" in done.err
    Path("catalogue/logo.svg").write_bytes(SVG)
    assert run("letters", "main", *arguments).code == 0
    here = Path("out/acme/letter.html").read_bytes()
    assert here.count(b'<img src="data:image/svg+xml') == 1
    commit(repository, "logo")
    assert run("letters", "HEAD~1", "HEAD", *arguments).code == 0
    assert Path("out/acme/letter.html").read_bytes() == here
    at_head = side("HEAD", "catalogue")
    assert at_head.file("logo.svg") == SVG == side("catalogue", "catalogue").file("logo.svg")
    assert at_head.file("../catalogue.svg") == "leads out of the catalogue's folder"
    assert at_head.file("gone.svg") == at_head.file("a\nb.svg") == "is not there"


def test_what_is_no_revision_is_wrong_usage(repository: Path, run: Command) -> None:
    done = run("letters", "nowhere", "-o", "out")
    assert done.code == 2
    assert "neither a folder nor a revision" in done.err


# --- families ------------------------------------------------------------------------------------


def two(before: Path, after: Path) -> Compared:
    sides = [Side(str(one), read_folder(str(one)), "", "") for one in (before, after)]
    one, other = (Checked(side, standing_of(side.folder, "", DAY, quiet=True)) for side in sides)
    return Compared.of(one, other)


def test_families_that_rest_on_the_same_are_not_proved(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme = SMALL["clients/acme.yaml"].replace("seat: 45", "seat: 46")
    found = two(clean, catalogue(clean.parent / "other", {"clients/acme.yaml": acme}))
    proved: list[str] = []

    def watched(*arguments: Any) -> Any:
        result = cover(*arguments)
        proved.extend(view.client.name for view in result[0])
        return result

    monkeypatch.setattr(workers, "cover", watched)
    assert [changes.client.name for changes in found.changes()] == ["acme"]
    assert proved == ["acme", "acme"]


def test_moved_files_and_other_names_change_nothing(clean: Path) -> None:
    text = SMALL["clients/acme.yaml"].replace("acme-2027", "acme-signed")
    moved = {
        "clients/acme.yaml": None,
        "clients/a/b.yaml": text.replace("name: acme\n", "name: acme-srl\n").replace(
            "client: acme\n", "client: acme-srl\n"
        ),
    }
    found = two(clean, catalogue(clean.parent / "other", moved))
    assert list(found.changes()) == []
    assert found.clients == 2


def test_families_are_brought_together_by_their_clients() -> None:
    before = [("a", "b"), ("c",), ("d",), ("e",)]
    after = [("a",), ("b", "c"), ("d",), ("f",)]
    assert list(_together(before, after)) == [
        ([0, 1], [0, 1]),
        ([2], [2]),
        ([3], []),
        ([], [3]),
    ]
