"""`billing-dsl diff` as a user runs it."""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from billing_dsl.report import _differences
from tests.goldens import Golden
from tests.unit.cli.running import AS_OF, GAP, SMALL, Command, catalogue
from tests.unit.cli.test_revisions import commit
from tests.unit.cli.test_revisions import run as git
from tests.unit.targets.test_scope_document import Page, assert_markdown_is_plain, unescaped

HERE = Path(__file__).parent / "golden" / "diff"

HOURLY = {"tiers/silver.yaml": SMALL["tiers/silver.yaml"].replace("port: block", "port: hourly")}
"""One end of one tier is another."""

DEARER = {"services.yaml": SMALL["services.yaml"].replace("48.00", "49.50")}
"""A list price is higher."""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the small catalogue, in which somebody stands."""
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    catalogue(tmp_path / "catalogue")
    commit(tmp_path, "all")
    return tmp_path


@pytest.fixture
def standing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which somebody stands, with the small catalogue as `old`."""
    monkeypatch.chdir(tmp_path)
    catalogue(tmp_path / "old")
    return tmp_path


def told(run: Command, *arguments: str | Path) -> Any:
    done = run("diff", *arguments, "--as-of", AS_OF, "--format", "json")
    assert done.err == ""
    return json.loads(done.out)


# --- which two -----------------------------------------------------------------------------------


def test_without_a_name_the_working_folder_is_compared_with_the_last_commit(
    repository: Path, run: Command
) -> None:
    clean = run("diff", "--as-of", AS_OF)
    head = git(repository, "rev-parse", "HEAD")[:7]
    assert (clean.code, clean.err) == (0, "")
    assert f"compared HEAD ({head}) with catalogue ({head})" in clean.out
    assert "nothing differs" in clean.out
    catalogue(Path("catalogue"), HOURLY)
    done = run("diff", "--as-of", AS_OF)
    assert f"compared HEAD ({head}) with catalogue ({head} with changes)" in done.out
    assert "1 client loses" in done.out
    commit(repository, "hourly")
    assert "nothing differs" in run("diff", "--as-of", AS_OF).out


def test_revisions_folders_and_merge_bases_tell_the_same(repository: Path, run: Command) -> None:
    catalogue(Path("old"))
    catalogue(Path("catalogue"), HOURLY)
    commit(repository, "hourly")
    found = [
        told(run, *sides)
        for sides in (("HEAD~1",), ("HEAD~1", "HEAD"), ("HEAD~1...HEAD",), ("old", "catalogue"))
    ]
    for one in found:
        assert one["summary"] == found[0]["summary"]
        assert one["differences"] == found[0]["differences"]
        assert one["documents"] == found[0]["documents"]
    assert found[0]["before"]["commit"] == git(repository, "rev-parse", "HEAD~1")
    assert found[3]["before"]["name"] == "old"


def test_another_folder_of_the_repository(repository: Path, run: Command) -> None:
    catalogue(Path("conf"))
    commit(repository, "conf")
    catalogue(Path("conf"), HOURLY)
    found = told(run, "HEAD", "conf")
    [work] = [one for one in found["differences"] if one["about"] == "work"]
    assert work["witness"]["command"].startswith("billing-dsl why acme onsite-support conf --role")
    asked = work["witness"]["command"].split()[1:]
    assert run(*asked, "--as-of", AS_OF).code == 0


def test_a_shallow_clone_tells_what_it_has(
    repository: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(repository, "clone", "-q", "--depth", "1", f"file://{repository}", "shallow")
    monkeypatch.chdir(repository / "shallow")
    catalogue(Path("catalogue"), HOURLY)
    assert "1 client loses" in run("diff", "--as-of", AS_OF).out
    done = run("diff", "HEAD~1", "--as-of", AS_OF)
    assert done.code == 2
    assert "This clone is shallow" in done.err


def test_outside_a_repository_there_is_no_last_commit(standing: Path, run: Command) -> None:
    catalogue(Path("catalogue"))
    done = run("diff")
    assert done.code == 2
    assert "`HEAD` is no folder, and it can be no revision" in done.err


def test_the_catalogue_is_not_compared_with_itself_by_mistake(
    repository: Path, run: Command
) -> None:
    done = run("diff", "catalogue/")
    assert done.code == 2
    assert "write `billing-dsl diff HEAD catalogue/`" in done.err


# --- nothing -------------------------------------------------------------------------------------


def test_nothing_differs(clean: Path, run: Command) -> None:
    for form in ("text", "markdown", "html"):
        done = run("diff", clean, clean, "--format", form, "--detailed-exitcode")
        assert (done.code, done.err) == (0, "")
        assert "nothing differs" in done.out
    found = told(run, clean, clean)
    assert found["summary"]["effect"] == "no_effect"
    assert found["summary"]["clients"]["unchanged"] == 2
    assert (found["differences"], found["documents"], found["clients"]) == ([], [], [])


EXTENDED = """
    format: 1
    kind: tier
    name: base
    version: 1
    effective: 2026-01-01
    title: What all have
    contracts:
      - {name: recurring, type: recurring_service, services: [seat]}
      - {name: block, type: block_hours}
      - {name: hourly, type: time_and_materials}
    scope:
      remote-support: recurring
      onsite-support: block
      project-work: hourly
    sub_issues: {printer: hourly}
    ---
    format: 1
    kind: tier
    name: silver
    version: 1
    effective: 2026-01-01
    title: Silver
    extends: base@1
    roles: {architect: hourly}
"""


def reordered(path: str) -> str:
    """The documents of a file in another order, with a comment."""
    parts = SMALL[path].rstrip(" ").split(SEPARATOR)
    return f"{' ' * 8}# for review\n" + SEPARATOR.join(part.lstrip("\n") for part in parts[::-1])


SEPARATOR = f"{' ' * 8}---\n"


@pytest.mark.parametrize(
    "changes",
    [
        {"roles.yaml": reordered("roles.yaml")},
        {"roles.yaml": None, "people/roles.yml": SMALL["roles.yaml"]},
        {
            "roles.yaml": None,
            **{
                f"roles-{number}.yaml": part
                for number, part in enumerate(SMALL["roles.yaml"].split(SEPARATOR))
            },
        },
        {
            "services.yaml": None,
            "roles.yaml": SMALL["roles.yaml"].rstrip(" ")
            + SEPARATOR
            + SMALL["services.yaml"].lstrip("\n"),
        },
        {"services.yaml": SMALL["services.yaml"].replace("48.00", "48.0")},
        {
            "services.yaml": SMALL["services.yaml"].replace(
                "title: Managed seat", "title: 'Managed seat'"
            )
        },
        {"tiers/silver.yaml": EXTENDED},
        {
            "tiers/silver.yaml": SMALL["tiers/silver.yaml"].replace(
                "{architect: hourly}", "\n          architect: hourly"
            )
        },
        {
            "roles.yaml": SMALL["roles.yaml"].replace(
                "rate: 85.00", "rate: 85.00\n        notes: Well"
            )
        },
    ],
    ids=["order", "moved", "split", "merged", "digits", "quotes", "extends", "block", "notes"],
)
def test_what_says_the_same_has_no_billing_effect(
    standing: Path, run: Command, changes: dict[str, str | None]
) -> None:
    new = catalogue(Path("new"), changes)
    for path, content in changes.items():
        if content is None:
            (new / path).unlink(missing_ok=True)
    done = run("diff", "old", "new", "--as-of", AS_OF, "--detailed-exitcode")
    assert (done.code, done.err) == (0, "")
    assert "no billing effect, though" in done.out
    found = told(run, "old", "new")
    assert (found["differences"], found["clients"]) == ([], [])
    assert found["documents"]
    assert found["summary"]["clients"]["unchanged"] == 2


def test_renames_are_told_as_renames(standing: Path, run: Command) -> None:
    names = {
        "onsite-support": "visits",
        "architect": "expert",
        "printer": "paper",
        "seat": "place",
        "silver": "argent",
        "acme-2027": "acme-first",
        "block": "bought",
    }

    def renamed(text: str) -> str:
        text = text.replace("Managed seat", "Managed SEAT")
        for old, new in names.items():
            text = re.sub(rf"(?<![-\w]){old}(?![-\w])", new, text)
        return text.replace("Managed SEAT", "Managed seat")

    catalogue(Path("new"), {path: renamed(text) for path, text in SMALL.items()})
    shutil.move("new/tiers/silver.yaml", "new/tiers/argent.yaml")
    done = run("diff", "old", "new", "--as-of", AS_OF, "--detailed-exitcode")
    assert (done.code, done.err) == (0, "")
    found = told(run, "old", "new")
    assert found["differences"] == []
    assert [(one["kind"], one["before"], one["after"]) for one in found["renamed"]] == [
        ("agreement", "acme-2027", "acme-first"),
        ("role", "architect", "expert"),
        ("service", "seat", "place"),
        ("sub_issue", "printer", "paper"),
        ("tier", "silver@1", "argent@1"),
        ("work_type", "onsite-support", "visits"),
        ("contract", "block", "bought"),
    ]
    assert found["renamed"][-1]["agreements"] == ["acme-first"]
    assert re.search(r"\n  contract +block → bought +in acme-first\n", done.out)


# --- what differs --------------------------------------------------------------------------------


def test_one_end_of_a_tier(standing: Path, run: Command) -> None:
    catalogue(Path("new"), HOURLY)
    found = told(run, "old", "new")
    [work] = found["differences"]
    assert (work["about"], work["effect"]) == ("work", "client_loses")
    assert work["cells"] == [
        {"work_types": ["onsite-support"], "roles": ["engineer"], "sub_issues": [""]}
    ]
    assert (work["before"]["contract"], work["after"]["contract"]) == ("block", "hourly")
    [acme] = work["reached"]
    assert (acme["client"], acme["who"], acme["when"]) == ("acme", "existing", "now")
    assert (acme["direct"], acme["through"]) == (False, ["tier/silver@1"])
    assert (acme["from"], acme["to"]) == ("2027-01-01", "2027-12-31")
    [part] = acme["parts"]
    assert (part["before"]["rate"], part["after"]["rate"]) == ("78.00", "85.00")
    [offer] = work["offers"]
    assert (offer["client"], offer["who"]) == ("silver@1", "new")
    assert found["clients"] == [{"client": "acme", "effect": "client_loses"}]
    assert found["summary"]["clients"]["unchanged"] == 1
    witness = work["witness"]
    assert witness["on"] == AS_OF
    answer = json.loads(
        run(*witness["command"].split()[1:], "--format", "json", "--as-of", AS_OF).out
    )
    assert answer["answers"][0]["contract"] == "hourly"


@pytest.mark.parametrize(
    ("day", "when", "words"),
    [
        ("2026-11-01", "later", "still to come"),
        ("2027-06-01", "now", "already in force"),
        ("2028-06-01", "past", "only days gone by"),
    ],
)
def test_when_it_begins(standing: Path, run: Command, day: str, when: str, words: str) -> None:
    catalogue(Path("new"), DEARER)
    done = run("diff", "old", "new", "--as-of", day, "--format", "json")
    [service] = json.loads(done.out)["differences"]
    assert [one["when"] for one in service["reached"]] == [when]
    assert words in run("diff", "old", "new", "--as-of", day).out


def test_a_tier_that_nobody_is_on_is_told_for_whoever_signs_it_next(
    standing: Path, run: Command
) -> None:
    gold = SMALL["tiers/silver.yaml"].replace("silver", "gold").replace("Silver", "Gold")
    catalogue(Path("old"), {"tiers/gold.yaml": gold})
    catalogue(Path("new"), {"tiers/gold.yaml": gold.replace("port: block", "port: recurring")})
    [work] = told(run, "old", "new")["differences"]
    assert (work["effect"], work["reached"], work["witness"]) == ("client_gains", [], None)
    [offer] = work["offers"]
    assert (offer["client"], offer["from"], offer["to"]) == ("gold@1", AS_OF, "2028-01-14")
    assert offer["through"] == ["tier/gold@1"]
    done = run("diff", "old", "new", "--as-of", AS_OF, "--detailed-exitcode")
    assert done.code == 3
    assert "whoever signs gold@1 next gets something else" in done.out
    assert "who      whoever signs gold@1 next\n" in done.out
    assert "2 clients are as they were" in done.out
    later = """
        format: 1
        kind: tier
        name: gold
        version: 2
        effective: 2028-01-01
        title: Gold
        extends: gold@1
    """
    for folder in ("old", "new"):
        (Path(folder) / "tiers/gold-2.yaml").write_text(textwrap.dedent(later), encoding="utf-8")
    done = run("diff", "old", "new", "--as-of", AS_OF)
    assert "by tier: already in force, still to come\n" in done.out


def test_a_new_version_is_compared_with_the_one_whose_place_it_takes(
    standing: Path, run: Command
) -> None:
    second = SMALL["tiers/silver.yaml"].replace("version: 1", "version: 2")
    second = second.replace("2026-01-01", "2027-07-01").replace("port: block", "port: recurring")
    catalogue(Path("new"), {"tiers/silver-2.yaml": second})
    found = told(run, "old", "new")
    [work] = found["differences"]
    assert work["effect"] == "client_gains"
    assert [(one["client"], one["from"], one["when"]) for one in work["offers"]] == [
        ("silver@2", "2027-07-01", "later")
    ]
    assert found["documents"][0]["how"] == "added"


def test_a_change_that_reaches_through_what_a_tier_extends(standing: Path, run: Command) -> None:
    catalogue(Path("old"), {"tiers/silver.yaml": EXTENDED})
    changed = EXTENDED.replace("onsite-support: block", "onsite-support: recurring")
    catalogue(Path("new"), {"tiers/silver.yaml": changed})
    first, second = told(run, "old", "new")["differences"]
    assert [one["through"] for one in first["reached"]] == [["tier/base@1"]]
    assert [one["client"] for one in first["offers"]] == ["silver@1"]
    assert (second["reached"], second["offers"][0]["client"]) == ([], "base@1")


def test_a_client_who_moves_to_another_tier(standing: Path, run: Command) -> None:
    gold = SMALL["tiers/silver.yaml"].replace("silver", "gold").replace("Silver", "Gold")
    gold = gold.replace("port: block", "port: recurring").replace("[seat]", "[gold-seat]")
    seat = SMALL["services.yaml"].replace("seat", "gold-seat").replace("48.00", "62.00")
    shared = {"tiers/gold.yaml": gold, "gold-seat.yaml": seat}
    moved = SMALL["clients/acme.yaml"].replace(
        "tier: silver@1",
        "tier: [{from: 2027-01-01, tier: silver@1}, {from: 2027-07-01, tier: gold@1}]",
    )
    moved = moved.replace(
        "{seat: 45}",
        "{seat: [{units: 45}, {from: 2027-07-01, units: 0}], "
        "gold-seat: [{from: 2027-07-01, units: 45}]}",
    )
    catalogue(Path("old"), shared)
    catalogue(Path("new"), {**shared, "clients/acme.yaml": moved})
    found = told(run, "old", "new")
    assert [(one["about"], one["effect"], one["words"]) for one in found["differences"]] == [
        ("service", "client_loses", "service seat"),
        ("work", "client_gains", "onsite-support by engineer, without a sub-issue"),
        ("service", "client_gains", "service gold-seat"),
    ]
    for one in found["differences"]:
        [acme] = one["reached"]
        assert (acme["from"], acme["to"], acme["when"]) == ("2027-07-01", "2027-12-31", "later")
        assert acme["direct"] is True
        assert one["offers"] == []


def test_new_and_leaving_clients(standing: Path, run: Command) -> None:
    initech = SMALL["clients/globex.yaml"].replace("globex", "initech").replace("Globex", "Initech")
    catalogue(Path("new"), {"clients/initech.yaml": initech})
    (Path("new") / "clients" / "acme.yaml").unlink()
    found = told(run, "old", "new")
    terms = [one for one in found["differences"] if one["about"] == "agreement"]
    assert [(one["effect"], one["reached"][0]["who"]) for one in terms] == [
        ("client_loses", "leaving"),
        ("client_gains", "new"),
    ]
    done = run("diff", "old", "new", "--as-of", AS_OF)
    assert "1 leaving client: acme" in done.out
    assert "1 new client: initech" in done.out
    assert "kinds of work begin or end with agreements that are told" in done.out
    whole = run("diff", "old", "new", "--as-of", AS_OF, "--all").out
    assert "no agreement" in whole
    assert "kinds of work begin or end" not in whole


def test_one_client_alone(standing: Path, run: Command) -> None:
    dearer = {"roles.yaml": SMALL["roles.yaml"].replace("85.00", "90.00")}
    catalogue(Path("new"), {**dearer, **HOURLY})
    found = told(run, "old", "new", "--client", "globex")
    assert [one["client"] for one in found["clients"]] == ["globex"]
    assert {one["client"] for work in found["differences"] for one in work["reached"]} == {"globex"}
    both = told(run, "old", "new", "--client", "globex", "--client", "acme")
    assert [one["client"] for one in both["clients"]] == ["acme", "globex"]
    done = run("diff", "old", "new", "--client", "globx")
    assert done.code == 2
    assert "there is no client `globx` on either side. Did you mean `globex`?" in done.err


def test_work_that_is_assigned_to_an_agreement_beside_the_default_one(
    standing: Path, run: Command
) -> None:
    beside = """
        format: 1
        kind: agreement
        name: acme-project
        client: acme
        default: false
        start: 2027-01-01
        end: 2027-12-31
        contracts:
          - {name: project, type: time_and_materials, rates: [{role: engineer, rate: 70.00}]}
    """
    catalogue(Path("old"), {"clients/project.yaml": beside})
    catalogue(Path("new"), {"clients/project.yaml": beside.replace("70.00", "75.00")})
    [work] = told(run, "old", "new")["differences"]
    [acme] = work["reached"]
    assert (acme["agreement"], acme["direct"]) == ("acme-project", True)
    assert acme["through"] == ["agreement/acme-project"]
    assert "--start acme-project/project" in work["witness"]["command"]
    assert run(*work["witness"]["command"].split()[1:], "--as-of", AS_OF).code == 0
    text = run("diff", "old", "new", "--as-of", AS_OF).out
    assert "assigned to an agreement beside the default one" in text


def test_an_agreement_that_is_split_and_comes_to_the_same_has_no_billing_effect(
    standing: Path, run: Command
) -> None:
    hours = "{contract: block, hours: 20, rate: 78.00, start: 2027-%s, end: 2027-%s}"
    halves = [hours % ("01-01", "06-30"), hours % ("07-01", "12-31")]
    written = SMALL["clients/acme.yaml"]
    block = "{contract: block, hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31}"
    assert block in written
    one = written.replace(block, f"{halves[0]}\n          - {halves[1]}")
    first = written.replace(block, halves[0]).replace("term: 12 months", "end: 2027-06-30")
    agreement = written.split("---")[1].replace("term: 12 months", "end: 2027-12-31")
    then = agreement.replace("acme-2027", "acme-2027b").replace("2027-01-01", "2027-07-01")
    then = then.replace(
        "{contract: block, hours: 40, rate: 78.00, start: 2027-07-01, end: 2027-12-31}", halves[1]
    )
    catalogue(Path("old"), {"clients/acme.yaml": one})
    catalogue(Path("new"), {"clients/acme.yaml": f"{first}    ---{then}"})
    done = run("diff", "old", "new", "--as-of", AS_OF, "--detailed-exitcode")
    assert (done.code, done.err) == (0, "")
    assert "no billing effect, though 2 documents changed" in done.out
    assert "Agreements one right after the other, compared as one" in done.out
    assert "acme  acme-2027 → acme-2027, acme-2027b" in done.out
    found = told(run, "old", "new")
    assert found["differences"] == []
    assert found["one_after_another"] == [
        {"client": "acme", "before": ["acme-2027"], "after": ["acme-2027", "acme-2027b"]}
    ]
    assert run("review", "old", "new", "--as-of", AS_OF).out == ""
    letters = run("letters", "old", "new", "--as-of", AS_OF, "-o", "letters")
    assert "no client gets a letter" in letters.out
    dearer = then.replace("seat: 45", "seat: {units: 45, price: 49.00}")
    assert dearer != then
    catalogue(Path("new"), {"clients/acme.yaml": f"{first}    ---{dearer}"})
    assert run("diff", "old", "new", "--as-of", AS_OF, "--detailed-exitcode").code == 3


# --- exit codes and errors -----------------------------------------------------------------------


def test_the_exit_code_tells_of_billing_where_somebody_asks(standing: Path, run: Command) -> None:
    catalogue(Path("new"), HOURLY)
    assert run("diff", "old", "new", "--as-of", AS_OF).code == 0
    assert run("diff", "old", "new", "--as-of", AS_OF, "--detailed-exitcode").code == 3


def test_errors_after_are_told_and_the_rest_is_compared(standing: Path, run: Command) -> None:
    catalogue(Path("new"), {**GAP, **HOURLY})
    done = run("diff", "old", "new", "--as-of", AS_OF, "--detailed-exitcode")
    assert done.code == 1
    assert "the catalogue after the change (new) has errors:" in done.err
    assert "BD301" in done.err
    assert "2 clients lose" in done.out
    assert "after    outside every contract, at standard rates; 85.00 to 140.00 EUR" in done.out


def test_errors_before_are_no_fault_of_the_change(standing: Path, run: Command) -> None:
    catalogue(Path("old"), GAP)
    catalogue(Path("new"))
    done = run("diff", "old", "new", "--as-of", AS_OF)
    assert done.code == 0
    assert "the catalogue before the change (old) has errors:" in done.err
    assert "\n  project-work\n    before   outside every contract, at standard rates" in done.out
    found = json.loads(run("diff", "old", "new", "--as-of", AS_OF, "--format", "json").out)
    assert (found["before"]["errors"], found["after"]["errors"]) == (1, 0)


def test_a_failing_scenario_keeps_no_cover_from_being_known(standing: Path, run: Command) -> None:
    scenario = """
        format: 1
        kind: scenario
        name: a-visit
        given: {client: acme, role: engineer, on: 2027-03-01}
        when: {work_type: onsite-support}
        then: {contract: block}
    """
    catalogue(Path("old"), {"scenarios.yaml": scenario})
    catalogue(Path("new"), {"scenarios.yaml": scenario, **HOURLY})
    done = run("diff", "old", "new", "--as-of", AS_OF)
    assert done.code == 1
    assert "1 client loses" in done.out
    assert "Not compared" not in done.out


def test_clients_whom_something_broken_reaches_are_named(standing: Path, run: Command) -> None:
    broken = SMALL["tiers/silver.yaml"].replace("project-work: hourly", "project-work: hurly")
    dearer = {"roles.yaml": SMALL["roles.yaml"].replace("85.00", "90.00")}
    catalogue(Path("new"), {"tiers/silver.yaml": broken, **dearer})
    done = run("diff", "old", "new", "--as-of", AS_OF)
    assert done.code == 1
    assert "1 client pays more; 1 client could not be compared" in done.out
    assert "  acme  not known after\n" in done.out
    found = json.loads(run("diff", "old", "new", "--as-of", AS_OF, "--format", "json").out)
    assert found["not_compared"] == [{"client": "acme", "sides": ["after"]}]
    assert found["summary"]["effect"] == "client_loses"
    reached = {one["client"] for work in found["differences"] for one in work["reached"]}
    assert reached == {"globex"}


@pytest.mark.parametrize(
    ("path", "text", "unknown"),
    [
        ("clients/acme.yaml", "    kind: client\n    name: acme\n    legal: no\n", ["acme"]),
        ("roles.yaml", "    kind: role\n    name: engineer\n    rte: 1\n", ["acme", "globex"]),
        ("roles.yaml", "    kind: role\n    name: {[\n", ["acme", "globex"]),
    ],
)
def test_what_a_broken_document_leaves_unknown(
    standing: Path, run: Command, path: str, text: str, unknown: list[str]
) -> None:
    catalogue(Path("new"), {path: text})
    for sides, which in ((("old", "new"), "after"), (("new", "old"), "before")):
        done = run("diff", *sides, "--as-of", AS_OF, "--format", "json", "--detailed-exitcode")
        assert done.code == (1 if which == "after" else 3)
        found = json.loads(done.out)
        assert found["not_compared"] == [{"client": one, "sides": [which]} for one in unknown]
        assert found["summary"]["billing_effect"] is True
        kind = text.split()[1]
        assert not any(
            (one["kind"], one["before"] or one["after"]) == (kind, text.split()[3])
            for one in found["documents"]
        )


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda text: b"\xef\xbb\xbf---\n" + text,
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: text + b"---\nkind: \xff\n",
        lambda text: text.decode().encode("utf-16"),
        lambda text: text.replace(b"\n", b"\r"),
        lambda _: b"",
        lambda text: text + b"---\n\x00\n",
        lambda text: text + b"...\n" + text,
    ],
    ids=["mark", "windows", "bytes", "utf-16", "mac", "empty", "null", "twice"],
)
def test_no_file_is_too_odd_to_be_told_of(
    standing: Path, run: Command, spoilt: Callable[[bytes], bytes]
) -> None:
    file = catalogue(Path("new")) / "roles.yaml"
    file.write_bytes(spoilt(file.read_bytes()))
    for sides in (("old", "new"), ("new", "old")):
        done = run("diff", *sides, "--as-of", AS_OF)
        assert done.code in (0, 1)
        assert "compared" in done.out


def test_without_settings_nothing_is_compared(standing: Path, run: Command) -> None:
    catalogue(Path("new"))
    (Path("new") / "settings.yaml").unlink()
    done = run("diff", "old", "new", "--as-of", AS_OF)
    assert (done.code, done.out) == (1, "")
    assert "nothing is compared while there are errors" in done.err


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_a_file_is_written_and_written_again_but_no_other(
    standing: Path, run: Command, form: str
) -> None:
    catalogue(Path("new"), HOURLY)
    arguments = ("diff", "old", "new", "--as-of", AS_OF, "--format", form)
    done = run(*arguments, "-o", "out/told")
    assert (done.code, done.out) == (0, "")
    assert Path("out/told").read_text(encoding="utf-8") == run(*arguments).out
    assert run(*arguments, "-o", "out/told").code == 0
    Path("out/told").write_text("mine\n")
    done = run(*arguments, "-o", "out/told")
    assert done.code == 2
    assert "holds something else. It is as it was" in done.err
    assert Path("out/told").read_text(encoding="utf-8") == "mine\n"


def test_a_folder_is_no_file(standing: Path, run: Command) -> None:
    done = run("diff", "old", "old", "-o", "old")
    assert done.code == 2
    assert "`old` cannot be read" in done.err


# --- pages ---------------------------------------------------------------------------------------

MUCH = {
    **HOURLY,
    **DEARER,
    "roles.yaml": SMALL["roles.yaml"].replace("rate: 85.00", "rate: 90.00"),
    "work-types.yaml": SMALL["work-types.yaml"]
    .replace("name: project-work", "name: projects")
    .replace("Help at a distance.", "Help at a distance.\n        minimum_hours: 1"),
    "tiers/silver.yaml": HOURLY["tiers/silver.yaml"].replace("project-work", "projects"),
    "clients/globex.yaml": SMALL["clients/globex.yaml"]
    .replace("project-work", "projects")
    .replace("amount: 1200.00", "amount: 1350.00")
    .replace("title: The year", "title: The | year")
    .replace("end: 2027-12-31", "end: 2028-06-30"),
    "clients/acme.yaml": SMALL["clients/acme.yaml"]
    .replace("hours: 40", "hours: 30")
    .replace("seat: 45", "seat: 44"),
    "clients/initech.yaml": SMALL["clients/globex.yaml"]
    .replace("globex", "initech")
    .replace("Globex", "Initech")
    .replace("project-work", "projects"),
}
"""Something of everything."""


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("text", "told.txt"),
        ("json", "told.json"),
        ("markdown", "told.md"),
        ("html", "told.html"),
    ],
)
def test_pages_say_what_they_said(
    standing: Path, run: Command, golden: Golden, form: str, name: str
) -> None:
    catalogue(Path("new"), MUCH)
    done = run("diff", "old", "new", "--as-of", AS_OF, "--format", form)
    assert (done.code, done.err) == (0, "")
    golden(HERE / name, done.out)


def corners(**values: str) -> dict[str, str]:
    """What is seldom agreed, with two values of each."""
    work_types = f"""
        format: 1
        kind: work_type
        name: remote-support
        title: Remote Support
        billing_class: core
        description: Help at a distance.
        {values["after_hours"]}
        ---
        format: 1
        kind: work_type
        name: onsite-support
        title: Onsite Support
        billing_class: edge
        description: Work at the premises.
        maximum_hours: {values["maximum"]}
        ---
        format: 1
        kind: work_type
        name: project-work
        title: Project Work
        billing_class: baseline
        description: Planned changes.
        billable: {values["billable"]}
    """
    globex = f"""
        format: 1
        kind: client
        name: globex
        legal_name: Globex S.p.A.
        ---
        format: 1
        kind: agreement
        name: globex-2027
        client: globex
        start: 2027-01-01
        end: 2027-12-31
        {values["renewal"]}
        blocks:
          - {{contract: hours, hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31}}
        contracts:
          - name: paid
            type: retainer
            excludes: {{work_types: [onsite-support, project-work]}}
            falls_to: tickets
            retainers: [{{amount: {values["retainer"]}, start: 2027-01-01, end: 2027-12-31}}]
          - name: tickets
            type: per_ticket
            excludes: {{work_types: [onsite-support], roles: [architect]}}
            falls_to: hours
            setup_fee: {values["fee"]}
            tickets: [{{tickets: 20, rate: {values["ticket"]}, start: 2027-01-01, end: 2027-12-31}}]
          - name: hours
            type: block_hours
            overage_rate: {values["overage"]}
            block_factors: {{architect: {values["factor"]}}}
            excludes: {{roles: [{values["ring"]}]}}
            falls_to: paid
    """
    return {"work-types.yaml": work_types, "clients/globex.yaml": globex}


def test_what_is_seldom_agreed_has_words(standing: Path, run: Command, golden: Golden) -> None:
    before = {
        "after_hours": "minimum_hours: 0.5",
        "maximum": "8",
        "billable": "true",
        "renewal": "number: A-1",
        "retainer": "900.00",
        "fee": "100.00",
        "ticket": "25.00",
        "overage": "95.00",
        "factor": "1.5",
        "ring": "",
    }
    after = {
        "after_hours": "after_hours: project-work",
        "maximum": "10",
        "billable": "false",
        "renewal": "renewal: {automatic: true, extend_by: 12 months, notice: 60 days}",
        "retainer": "950.00",
        "fee": "120.00",
        "ticket": "24.00",
        "overage": "99.00",
        "factor": "2",
        "ring": "engineer",
    }
    catalogue(Path("one"), corners(**before))
    catalogue(Path("other"), corners(**after))
    done = run("diff", "one", "other", "--as-of", AS_OF, "--client", "globex")
    assert done.code == 1  # a ring is an error, and a difference
    golden(HERE / "corners.txt", done.out)


def test_every_field_of_the_json_is_documented() -> None:
    docs = Path(__file__).parents[3] / "docs"
    text = (docs / "diff.md").read_text(encoding="utf-8")
    # What becomes of work is told with `letters` and `why`, days and terms with `letters`.
    elsewhere = {
        *("contract_type", "billing", "rate", "unit", "currency", "overage_rate", "block_factor"),
        *("minimum_hours", "maximum_hours", "after_hours", "renewal", "rounding_minutes"),
        *("units", "price", "period", "title", "quantity", "role", "work_type", "sub_issue", "on"),
        *("service", "what", "contract"),
    }
    for name in sorted(set(_keys(json.loads((HERE / "told.json").read_text()))) - elsewhere):
        assert re.search(rf"`(….)?{name}(\[\])?`", text), name


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def test_long_lists_are_cut_unless_all_is_wanted(
    standing: Path, run: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_differences, "MOST", 1)
    catalogue(Path("new"), MUCH)
    for form in ("text", "markdown", "html"):
        short = run("diff", "old", "new", "--as-of", AS_OF, "--format", form).out
        whole = run("diff", "old", "new", "--as-of", AS_OF, "--format", form, "--all").out
        assert re.search(r"and \d+ more", short)
        assert not re.search(r"and \d+ more( kinds of work|: |$)", whole)
        assert len(whole) > len(short)


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "| a | b |",
        "`code` *bold* ~~gone~~",
        "[text](javascript:alert(1))",
        "@everyone #123",
        "##[error]no ##vso[task.complete]",
        "https://evil.example",
        "back\\slash",
    ],
)
def test_names_of_others_are_only_ever_text(standing: Path, run: Command, name: str) -> None:
    """A milestone's title, a provider's name and a folder's are all that is not of our letters."""
    quoted = json.dumps(name)
    named = {
        "settings.yaml": SMALL["settings.yaml"].replace("Northwind IT", quoted),
        "clients/globex.yaml": SMALL["clients/globex.yaml"].replace("The year", quoted),
    }
    catalogue(Path("old"), named)
    dearer = named["clients/globex.yaml"].replace("1200.00", "1300.00")
    folder = name.replace("/", "-")
    catalogue(Path(folder), {**named, "clients/globex.yaml": dearer, **HOURLY})
    texts = {
        form: run("diff", "old", folder, "--as-of", AS_OF, "--format", form).out
        for form in ("text", "json", "markdown", "html")
    }
    for form in ("text", "json", "markdown"):
        assert not re.search(r"##\w*\[", texts[form])
    plain = re.sub(r"(?m)^<details>.*\n|^</details>\n|^- `[^`]*`.*\n", "", texts["markdown"])
    assert_markdown_is_plain(plain)
    assert name in unescaped(plain)
    page = Page(texts["html"])
    assert name in page.said
    assert "script" not in page.seen
    assert json.loads(texts["json"])["after"]["name"] == folder


# --- what is not seen from the default contracts --------------------------------------------------

SIDE = """
          - {name: hourly, type: time_and_materials}
          - {name: side, type: time_and_materials, rates: [{role: engineer, rate: 100.00}]}
"""


def beside(rate: str) -> dict[str, str]:
    """A client who has a contract to which no work gets by itself."""
    written = SMALL["clients/globex.yaml"].rstrip()
    written = written.removesuffix("- {name: hourly, type: time_and_materials}").rstrip()
    return {"clients/globex.yaml": written + SIDE.replace("100.00", rate)}


def test_a_rate_of_a_contract_that_only_tickets_lead_to_is_told(
    standing: Path, run: Command
) -> None:
    catalogue(Path("one"), beside("100.00"))
    catalogue(Path("other"), beside("130.00"))
    found = told(run, "one", "other")
    assert found["summary"]["clients"]["rate_up"] == 1
    [work] = found["differences"]
    assert work["words"] == "all work by engineer, assigned to side by its ticket"
    [reached] = work["reached"]
    assert (reached["agreement"], reached["start"]) == ("globex-2027", "globex-2027/side")
    asked = work["witness"]["command"].split()[1:]
    assert "130.00" in run(*asked, "--as-of", AS_OF).out


def test_a_contract_that_only_tickets_lead_to_begins_and_ends(standing: Path, run: Command) -> None:
    catalogue(Path("one"), beside("100.00"))
    gone = told(run, "one", "old")
    assert gone["summary"]["effect"] == "client_loses"
    assert gone["differences"][0]["after"] == {"outcome": "no_such_contract"}
    begun = told(run, "old", "one")
    assert begun["summary"]["effect"] == "client_gains"
    assert "before   no such contract" in run("diff", "old", "one", "--as-of", AS_OF).out


def test_a_contract_that_lets_no_work_be_split_any_more_is_told(
    standing: Path, run: Command
) -> None:
    late = SMALL["work-types.yaml"].rstrip() + "\n        after_hours: onsite-support\n"
    hourly = "{name: hourly, type: time_and_materials}"
    alone = SMALL["tiers/silver.yaml"].replace(hourly, hourly[:-1] + ", time_entry: any}")
    catalogue(Path("one"), {"work-types.yaml": late})
    catalogue(Path("other"), {"work-types.yaml": late, "tiers/silver.yaml": alone})
    found = told(run, "one", "other")
    assert found["summary"]["clients"]["client_loses"] == 1
    assert {one["words"] for one in found["differences"]} == {"project-work"}
    catalogue(Path("plain"), {"tiers/silver.yaml": alone})
    assert not told(run, "old", "plain")["summary"]["billing_effect"]


def test_work_that_becomes_free_by_day_and_other_work_by_night_is_no_gain(
    standing: Path, run: Command
) -> None:
    late = SMALL["work-types.yaml"].rstrip() + "\n        after_hours: onsite-support\n"
    free = SMALL["tiers/silver.yaml"].replace("project-work: hourly", "project-work: recurring")
    catalogue(Path("other"), {"work-types.yaml": late, "tiers/silver.yaml": free})
    found = told(run, "old", "other")
    assert {one["effect"] for one in found["differences"]} == {"client_loses"}


def test_the_next_client_may_pay_in_another_currency(standing: Path, run: Command) -> None:
    def roles(francs: str) -> dict[str, str]:
        text = SMALL["roles.yaml"].replace("85.00", "{EUR: 85.00, CHF: 95.00}")
        return {"roles.yaml": text.replace("140.00", f"{{EUR: 140.00, CHF: {francs}}}")}

    catalogue(Path("one"), roles("150.00"))
    catalogue(Path("other"), roles("190.00"))
    found = told(run, "one", "other")
    assert found["summary"]["effect"] == "rate_up"
    assert found["clients"] == []
    [work] = found["differences"]
    assert [one["client"] for one in work["offers"]] == ["silver@1"]
    assert {part["after"]["currency"] for one in work["offers"] for part in one["parts"]} == {"CHF"}


def test_a_contract_that_is_invoiced_by_the_year_is_told(standing: Path, run: Command) -> None:
    yearly = SMALL["tiers/silver.yaml"].replace("[seat]}", "[seat], period: yearly}")
    catalogue(Path("other"), {"tiers/silver.yaml": yearly})
    found = told(run, "old", "other")
    assert found["summary"]["effect"] == "client_loses"
    assert {one["about"] for one in found["differences"]} == {"service"}
    out = run("diff", "old", "other", "--as-of", AS_OF).out
    assert "after    45 at 48.00 EUR monthly, invoiced yearly" in out
    assert "through  tier/silver@1" in out


BACKUP = """
        ---
        format: 1
        kind: service
        name: backup
        title: Backup
        period: monthly
        price: 8.00
        cost: 2.00
        billing_code: Managed Services
        ---
        format: 1
        kind: service_bundle
        name: place
        title: Place
        period: monthly
        price: 50.00
        services: [seat, backup]
"""


def test_a_bundle_that_holds_less_is_a_loss_though_its_price_stays(
    standing: Path, run: Command
) -> None:
    files = {
        "services.yaml": SMALL["services.yaml"].rstrip() + BACKUP,
        "clients/acme.yaml": SMALL["clients/acme.yaml"].replace("{seat: 45}", "{place: 45}"),
        "tiers/silver.yaml": SMALL["tiers/silver.yaml"].replace("[seat]", "[place]"),
    }
    less = files["services.yaml"].replace("[seat, backup]", "[seat]")
    catalogue(Path("one"), files)
    catalogue(Path("other"), {**files, "services.yaml": less})
    found = told(run, "one", "other")
    assert found["summary"]["clients"]["client_loses"] == 1
    assert told(run, "other", "one")["summary"]["clients"]["client_gains"] == 1
    out = run("diff", "one", "other", "--as-of", AS_OF).out
    assert "before   45 of backup, seat at 50.00 EUR monthly" in out
    assert "after    45 of seat at 50.00 EUR monthly" in out


def test_no_command_shows_what_the_catalogue_after_does_not_have(
    standing: Path, run: Command
) -> None:
    catalogue(Path("other"), {"clients/globex.yaml": None})
    found = told(run, "old", "other")
    witnesses = [one["witness"] for one in found["differences"] if one["about"] == "work"]
    assert [one["client"] for one in witnesses] == ["globex", "globex"]
    assert [one["command"] for one in witnesses] == [None, None]
    assert "billing-dsl why" not in run("diff", "old", "other", "--all", "--as-of", AS_OF).out


def test_hours_of_a_parents_block_are_told_to_whoever_draws_on_them(
    standing: Path, run: Command
) -> None:
    child = SMALL["clients/globex.yaml"].replace("falls_to: hourly", "falls_to: acme-2027/block")
    child = child.replace("[project-work]", "[onsite-support]")
    child = child.replace("legal_name: Globex S.p.A.", "legal_name: Globex\n        parent: acme")
    acme = SMALL["clients/acme.yaml"]
    short = acme.replace("end: 2027-12-31}", "end: 2027-06-30}")
    catalogue(Path("one"), {"clients/globex.yaml": child})
    catalogue(Path("other"), {"clients/globex.yaml": child, "clients/acme.yaml": short})
    done = run("diff", "one", "other", "--as-of", AS_OF, "--format", "json")
    found = json.loads(done.out)
    assert {one["client"]: one["effect"] for one in found["clients"]} == {
        "acme": "client_loses",
        "globex": "client_loses",
    }
    work = [one for one in found["differences"] if one["about"] == "work"]
    assert {who["client"] for one in work for who in one["reached"]} == {"globex"}
