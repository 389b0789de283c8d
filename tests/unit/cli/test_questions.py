"""`why`, `show`, `graph`, `explain`, `schema` and `init`, as people call them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import click
import pytest

from billing_dsl.kinds import kinds
from billing_dsl.verdict import pages
from tests.unit.cli.running import AS_OF, SMALL, Command, catalogue
from tests.unit.cli.test_check import HOUSE_RULE

DAY = "2027-03-01"


# --- why -----------------------------------------------------------------------------------------


def why(run: Command, folder: Path, *more: str) -> list[dict[str, object]]:
    ran = run("why", "acme", *more[:1], folder, "--on", DAY, "--format", "json", *more[1:])
    assert ran.code == 0, ran.err
    content = json.loads(ran.out)
    assert content["version"] == 1
    answers: list[dict[str, object]] = content["answers"]
    return answers


def test_why_has_the_shape_that_scripts_rely_on(run: Command, clean: Path) -> None:
    (found,) = why(run, clean, "onsite-support", "--role", "engineer", "--sub-issue", "none")
    path = found.pop("path")
    assert found == {
        "client": "acme",
        "agreement": "acme-2027",
        "work_type": "onsite-support",
        "roles": ["engineer"],
        "sub_issues": ["none"],
        "on": DAY,
        "outcome": "covered",
        "contract": "block",
        "contract_type": "block_hours",
        "billing": "block",
        "rate": "78.00",
        "currency": "EUR",
        "unit": "hour",
        "block_factor": "1",
    }
    assert isinstance(path, list)
    assert [(hop["contract"], bool(hop["excluded"])) for hop in path] == [
        ("recurring", True),
        ("block", False),
    ]
    assert path[0]["excluded"] == {
        "dimension": "work_type",
        "name": "onsite-support",
        "set": "silver v1 1 recurring",
    }


def test_why_without_role_or_sub_issue_answers_each_distinct_result(
    run: Command, clean: Path
) -> None:
    found = why(run, clean, "onsite-support")
    assert [(a["roles"], a["sub_issues"], a["contract"], a["rate"]) for a in found] == [
        (["architect"], ["*"], "hourly", "140.00"),
        (["engineer"], ["none"], "block", "78.00"),
        (["engineer"], ["printer"], "hourly", "85.00"),
    ]


def test_why_gives_no_rate_where_nothing_is_billed(run: Command, clean: Path) -> None:
    (found,) = why(run, clean, "remote-support", "--role", "engineer", "--sub-issue", "none")
    assert (found["billing"], found["rate"], found["unit"]) == ("absorbed", None, None)


def test_why_tells_each_hop_with_its_line(run: Command, clean: Path) -> None:
    ran = run("why", "acme", "onsite-support", clean, "--role", "engineer", "--on", DAY)
    assert ran.code == 0
    assert "Acme S.r.l. (acme): Onsite Support on 2027-03-01" in ran.out
    assert re.search(r"excludes work type `onsite-support`.*tiers/silver\.yaml:13", ran.out)
    assert "drawn from the block, 78.00 EUR an hour" in ran.out
    assert "what would have to change" in ran.out


def test_why_starts_from_the_contract_that_a_ticket_carries(run: Command, clean: Path) -> None:
    for start in ("hourly", "acme-2027/hourly"):
        found = why(run, clean, "remote-support", "--start", start)
        assert {(a["contract"], a["billing"]) for a in found} == {("hourly", "hourly")}


@pytest.mark.parametrize("form", ["text", "json"])
def test_why_knows_no_start_of_another_name(run: Command, clean: Path, form: str) -> None:
    asked = ("why", "acme", "project-work", clean, "--on", DAY, "--format", form, "--start")
    ran = run(*asked, "hurly")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no contract `hurly`. Did you mean `hourly`?" in ran.err
    assert "may be broken" not in ran.err
    ran = run(*asked, "nothing")
    assert ran.code == 2
    assert "There are `acme-2027/block`, `acme-2027/hourly`," in ran.err


def test_why_takes_today_where_no_day_is_given(run: Command, clean: Path) -> None:
    given = run("why", "acme", "project-work", clean, "--on", DAY).out
    assert run("why", "acme", "project-work", clean, "--as-of", DAY).out == given


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (["--on", "2026-12-31"], "client `acme` has no default contract on 2026-12-31"),
        (["--start", "hourly", "--on", "2028-01-01"], "not on 2028-01-01"),
    ],
)
def test_why_says_why_there_is_no_answer(
    run: Command, clean: Path, more: list[str], reason: str
) -> None:
    ran = run("why", "acme", "project-work", clean, "--as-of", DAY, *more)
    assert ran.code == 0
    assert reason in ran.out
    assert "Its agreements: `acme-2027` 2027-01-01 to 2027-12-31." in ran.out
    ran = run("why", "acme", "project-work", clean, "--as-of", DAY, *more, "--format", "json")
    content = json.loads(ran.out)
    assert (content["version"], content["answers"]) == (1, [])
    assert reason in content["reason"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["acne", "project-work"], "no client `acne`. Did you mean `acme`?"),
        (["xyz", "project-work"], "no client `xyz`. There are `acme`, `globex`."),
        (["acme", "projekt-work"], "no work type `projekt-work`. Did you mean `project-work`?"),
        (["acme", "project-work", "--role", "enginer"], "Did you mean `engineer`?"),
        (["acme", "project-work", "--sub-issue", "prnter"], "Did you mean `printer`?"),
        (["acme", "project-work", "--role", ""], "no role ``. There are `architect`, `engineer`."),
        (["acme", ""], "no work type ``. There are `onsite-support`, `project-work`,"),
        (["acme", "project-work", "--on", "tomorrow"], "write it as YYYY-MM-DD"),
        (["acme", "project-work", "--on", "2027-02-30"], "Invalid value for '--on'"),
        (["ACME", "project-work"], "no client `ACME`. Did you mean `acme`?"),
        (["a\x1b[31mcme", "project-work"], "no client `a\\x1b[31mcme`."),
    ],
)
def test_why_tells_the_nearest_name(
    run: Command, clean: Path, arguments: list[str], said: str
) -> None:
    ran = run("why", *arguments[:2], clean, *arguments[2:])
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_why_answers_though_another_clients_file_is_broken(run: Command, clean: Path) -> None:
    (clean / "clients/globex.yaml").write_text("kind: [\n")
    assert run("why", "acme", "project-work", clean, "--on", DAY).code == 0
    ran = run("why", "globex", "project-work", clean, "--on", DAY)
    assert ran.code == 2
    assert "no client `globex`" in ran.err


def test_why_does_not_guess_about_a_client_whose_agreement_is_broken(
    run: Command, clean: Path
) -> None:
    path = clean / "clients/acme.yaml"
    path.write_text(path.read_text().replace("silver@1", "sliver@1"))
    ran = run("why", "acme", "project-work", clean, "--on", DAY)
    assert ran.code == 2
    assert "depends on something broken" in ran.err


@pytest.mark.parametrize(
    ("exclusions", "fields", "outcome"),
    [
        ("work_types: [project-work]", "", "uncovered"),
        ("work_types: [project-work]", "falls_to: globex-2025/hourly", "broken"),
        ("work_types: [project-work]", "falls_to: hourly", "cyclic"),
        ("roles: [engineer]", "", "uncovered"),
    ],
)
def test_why_tells_how_work_is_lost(
    run: Command, tmp_path: Path, exclusions: str, fields: str, outcome: str
) -> None:
    old = """
        ---
        format: 1
        kind: agreement
        name: globex-2025
        client: globex
        start: 2025-01-01
        end: 2025-12-31
        contracts: [{name: hourly, type: time_and_materials}]
    """
    text = SMALL["clients/globex.yaml"].replace(
        "{name: hourly, type: time_and_materials}",
        f"{{name: hourly, type: time_and_materials, excludes: {{{exclusions}}}, {fields}}}",
    )
    folder = catalogue(tmp_path, {"clients/globex.yaml": text.rstrip() + old})
    asked = ["why", "globex", "project-work", str(folder), "--role", "engineer", "--on", DAY]
    (found,) = json.loads(run(*asked, "--format", "json").out)["answers"]
    assert (found["outcome"], found["contract"], found["billing"], found["rate"]) == (
        outcome,
        None,
        "standard_rate",
        "85.00",
    )
    told = run(*asked)
    assert told.code == 0
    assert "to end on a contract:" in told.out


# --- show ----------------------------------------------------------------------------------------


def test_show_writes_out_a_tiers_effective_matrix(run: Command, clean: Path) -> None:
    ran = run("show", "tier", "silver@1", clean)
    assert ran.code == 0
    assert re.search(r"onsite-support +edge +→ +● +·", ran.out)
    content = json.loads(run("show", "tier", "silver", clean, "--format", "json").out)
    assert (content["version"], content["kind"], content["name"]) == (1, "tier", "silver")


def test_show_takes_the_version_of_the_day(run: Command, clean: Path) -> None:
    text = SMALL["tiers/silver.yaml"].replace("version: 1", "version: 2")
    later = catalogue(clean, {"tiers/silver-2.yaml": text.replace("2026-01-01", "2027-06-01")})
    for day, version in (("2025-01-01", 1), ("2027-05-31", 1), ("2027-06-01", 2)):
        ran = run("show", "tier", "silver", later, "--as-of", day)
        assert f"tier silver@{version}: " in ran.out


def test_show_writes_out_what_is_inherited(run: Command, clean: Path) -> None:
    extending = """
        format: 1
        kind: tier
        name: gold
        version: 1
        effective: 2026-01-01
        title: Gold
        summary: Visits included.
        extends: silver@1
        scope: {onsite-support: recurring}
        rates: [{contract: hourly, role: engineer, rate: {EUR: 80.00, CHF: 90.00}}]
    """
    ran = run("show", "tier", "gold@1", catalogue(clean, {"tiers/gold.yaml": extending}))
    assert "Visits included." in ran.out
    assert re.search(r"onsite-support .* gold@1", ran.out)
    assert re.search(r"project-work .* silver@1", ran.out)
    assert "90.00 CHF or 80.00 EUR" in ran.out


def test_show_writes_out_an_agreements_contracts(run: Command, clean: Path) -> None:
    ran = run("show", "agreement", "acme-2027", clean)
    assert ran.code == 0
    assert "acme-2027/block: block hours, 2027-01-01 to 2027-12-31" in ran.out
    assert "block of 40.00 hours" in ran.out or "block of 40 hours" in ran.out
    content = json.loads(run("show", "agreement", "acme-2027", clean, "--format", "json").out)
    assert content["version"] == 1
    assert [contract["id"] for contract in content["contracts"]] == [
        "acme-2027/recurring",
        "acme-2027/block",
        "acme-2027/hourly",
    ]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("settings", "northwind-it"),
        ("role", "engineer"),
        ("work_type", "project-work"),
        ("work-type", "project-work"),
        ("Work Type", "project-work"),
        ("sub-issue", "printer"),
        ("service", "seat"),
        ("client", "acme"),
    ],
)
def test_show_writes_out_any_document(run: Command, clean: Path, kind: str, name: str) -> None:
    ran = run("show", kind, name, clean)
    assert ran.code == 0
    assert f"name: {name}" in ran.out
    content = json.loads(run("show", kind, name, clean, "--format", "json").out)
    assert (content["version"], content["document"]["name"]) == (1, name)


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("teir", "silver", "no kind of document `teir`. Did you mean `tier`?"),
        ("tier", "sliver", "no tier `sliver`"),
        ("tier", "silver@2", "no tier `silver@2`. Did you mean `silver@1`?"),
        ("agreement", "acme-2026", "no agreement `acme-2026`. Did you mean `acme-2027`?"),
        ("work-type", "projectwork", "no work type `projectwork`. Did you mean `project-work`?"),
        ("waiver", "any", "no waiver `any`. There are none."),
        ("service", "saet", "no service or service bundle `saet`. Did you mean `seat`?"),
        ("settings", "other", "no settings `other`. There is `northwind-it`."),
    ],
)
def test_show_tells_the_nearest_name(
    run: Command, clean: Path, kind: str, name: str, said: str
) -> None:
    ran = run("show", kind, name, clean)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_service_may_be_a_bundle(run: Command, clean: Path) -> None:
    bundle = """
        format: 1
        kind: service_bundle
        name: workplace
        title: Workplace
        period: monthly
        services: [seat]
    """
    catalogue(clean, {"services/workplace.yaml": bundle})
    shown = run("show", "service-bundle", "workplace", clean)
    assert shown.code == 0
    assert run("show", "service", "workplace", clean).out == shown.out
    assert "no service bundle `seat`" in run("show", "service-bundle", "seat", clean).err


def test_what_cannot_be_read_may_be_what_is_asked_for(run: Command, clean: Path) -> None:
    (clean / "more.yaml").write_text("kind: [\n")
    for question in (["show", "role", "nobody"], ["why", "nobody", "travel"], ["graph", "nobody"]):
        ran = run(*question, clean)
        assert (ran.code, ran.out) == (2, "")
        assert "Some document cannot be read, and may be it: see `billing-dsl check`." in ran.err


def test_show_does_not_guess_about_what_is_broken(run: Command, clean: Path) -> None:
    path = clean / "tiers/silver.yaml"
    path.write_text(path.read_text().replace("project-work: hourly", "projekt-work: hourly"))
    for kind, name in (("tier", "silver"), ("agreement", "acme-2027")):
        ran = run("show", kind, name, clean)
        assert ran.code == 2
        assert "depends on something broken" in ran.err


def test_show_has_something_to_say_without_settings(run: Command, clean: Path) -> None:
    (clean / "settings.yaml").unlink()
    assert run("show", "role", "engineer", clean).code == 0
    assert run("show", "tier", "silver", clean).code == 2
    assert run("why", "acme", "project-work", clean).code == 2
    assert run("graph", "acme", clean).code == 2


# --- graph ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", [["acme"], ["tier", "silver@1"], ["tier", "silver"]])
def test_graphs_are_drawn_in_every_format(run: Command, clean: Path, what: list[str]) -> None:
    asked = ["graph", *what, str(clean), "--as-of", DAY]
    drawn = run(*asked)
    assert drawn.code == 0
    assert drawn.out.startswith("flowchart TD\n")
    assert run(*asked, "--format", "mermaid").out == drawn.out
    assert run(*asked, "--format", "dot").out.startswith("digraph fallthrough {\n")
    tree = ET.fromstring(run(*asked, "--format", "graphml").out)
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    assert len(tree.findall(".//g:node", space)) == 3
    assert len(tree.findall(".//g:edge", space)) == 2
    said = [data.text for data in tree.findall(".//g:node/g:data", space)]
    assert (said.count("true"), said.count("false")) == (1, 2)
    content = json.loads(run(*asked, "--format", "json").out)
    assert content["version"] == 1
    assert [node["title"] for node in content["nodes"]] == ["recurring", "block", "hourly"]
    assert [node["default"] for node in content["nodes"]] == [True, False, False]
    assert content["edges"][0]["excludes"] == {
        "work_types": ["onsite-support", "project-work"],
        "roles": ["architect"],
        "sub_issues": ["printer"],
    }


def test_a_graph_shows_where_work_is_lost(run: Command, gap: Path) -> None:
    ran = run("graph", "globex", gap, "--on", DAY)
    assert "no contract" in ran.out
    assert "classDef lost" in ran.out
    assert "style=dashed" in run("graph", "globex", gap, "--on", DAY, "--format", "dot").out


def test_a_graph_of_a_day_without_a_contract_names_the_days_that_have_one(
    run: Command, clean: Path
) -> None:
    ran = run("graph", "acme", clean, "--on", "2026-12-31")
    assert ran.code == 2
    assert "`acme-2027` 2027-01-01 to 2027-12-31" in ran.err
    assert "--on" in ran.err


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (["acne"], "Did you mean `acme`?"),
        (["tier", "sliver"], "no tier `sliver`"),
        (["acme", "one", "two"], "at most one folder"),
        (["client", "acme"], "as in `graph acme` or `graph tier silver@2`"),
        (["tier", "silver", "--on", "someday"], "Invalid value for '--on'"),
    ],
)
def test_graph_tells_the_nearest_name(
    run: Command, clean: Path, what: list[str], said: str
) -> None:
    ran = run("graph", *what, clean)
    assert ran.code == 2
    assert said in ran.err


def test_a_tiers_graph_is_that_of_the_version_of_the_day(run: Command, clean: Path) -> None:
    text = SMALL["tiers/silver.yaml"].replace("version: 1", "version: 2")
    text = text.replace("2026-01-01", "2027-06-01").replace("Silver", "Newer")
    later = catalogue(clean, {"tiers/silver-2.yaml": text})
    for day, newer in (("2027-05-31", False), ("2027-06-01", True)):
        ran = run("graph", "tier", "silver", later, "--on", day, "--format", "json")
        assert ("silver@2" in ran.out) == newer


def test_a_client_called_tier_is_drawn_as_a_client(
    run: Command, clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = clean / "clients/acme.yaml"
    text = path.read_text().replace("name: acme\n", "name: tier\n")
    path.write_text(text.replace("client: acme\n", "client: tier\n"))
    clean.rename(clean.parent / "catalogue")
    monkeypatch.chdir(clean.parent)
    ran = run("graph", "tier", "--on", DAY)
    assert ran.code == 0


# --- explain -------------------------------------------------------------------------------------


def test_explain_lists_every_code(run: Command) -> None:
    ran = run("explain")
    assert ran.code == 0
    assert [line[:5] for line in ran.out.splitlines()] == sorted(pages())


@pytest.mark.parametrize("code", ["BD301", "bd301", "uncovered-work", "Uncovered-Work", " BD301 "])
def test_explain_takes_a_code_or_a_name(run: Command, code: str) -> None:
    ran = run("explain", code)
    assert ran.code == 0
    assert ran.out.startswith("BD301 uncovered-work (error)\n")
    assert "Fails:" in ran.out


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("BD30", "Did you mean"),
        ("uncoverd-work", "Did you mean `uncovered-work`"),
        ("zzz", "List them all without CODE."),
        ("zzz", "`billing-dsl explain CODE DIR --house-rules`"),
        ("", "there is no finding ``."),
    ],
)
def test_explain_tells_the_nearest_code(run: Command, code: str, said: str) -> None:
    ran = run("explain", code)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


@pytest.fixture
def with_rule(clean: Path) -> Path:
    """The small catalogue with a rule of its own."""
    (clean / "rules").mkdir()
    (clean / "rules/no_trouble.py").write_text(HOUSE_RULE)
    return clean


@pytest.mark.parametrize("code", ["NW001", "nw001", "no-trouble"])
def test_explain_knows_a_catalogues_own_rules_where_they_are_asked_for(
    run: Command, with_rule: Path, code: str
) -> None:
    ran = run("explain", code, with_rule, "--house-rules")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "NW001 no-trouble (error)\n\nNobody is called globex.\n\nThere was trouble.\n"
    )
    assert run("explain", "BD301", with_rule, "--house-rules").out == run("explain", "BD301").out


def test_explain_runs_no_code_that_nobody_asked_for(run: Command, clean: Path) -> None:
    (clean / "rules").mkdir()
    (clean / "rules/no_trouble.py").write_text("raise SystemExit(3)\n")
    ran = run("explain", "NW001", clean)
    assert (ran.code, ran.out) == (2, "")
    assert "`billing-dsl explain NW001 DIR --house-rules`" in ran.err
    ran = run("explain", "BD301", "BD302")
    assert (ran.code, ran.out) == (2, "")
    assert "`BD302` would be a catalogue's folder" in ran.err
    ran = run("explain", "NW001", clean, "--house-rules")
    assert ran.code == 2
    assert "rules/no_trouble.py" in ran.err


def test_explain_lists_a_catalogues_own_rules_after_the_others(
    run: Command, with_rule: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = run("explain", with_rule, "--house-rules")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert [line[:5] for line in lines] == [*sorted(pages()), "NW001"]
    assert lines[-1].split(maxsplit=3) == [
        "NW001",
        "error",
        "no-trouble",
        "Nobody is called globex.",
    ]
    with_rule.rename(with_rule.parent / "catalogue")
    monkeypatch.chdir(with_rule.parent)
    assert run("explain", "--house-rules").out == ran.out
    assert "NW001" not in run("explain").out


def test_explain_says_where_there_are_no_rules_of_the_house(run: Command, clean: Path) -> None:
    ran = run("explain", "NW001", clean, "--house-rules")
    assert ran.code == 2
    assert "has no rules of its own" in ran.err
    ran = run("explain", "NW001", clean / "nothing", "--house-rules")
    assert ran.code == 2
    assert "there is no folder" in ran.err


def test_explain_tells_the_nearest_of_a_catalogues_own_rules(run: Command, with_rule: Path) -> None:
    ran = run("explain", "NW002", with_rule, "--house-rules")
    assert ran.code == 2
    assert "Did you mean `NW001`" in ran.err
    assert "--house-rules" not in ran.err.partition("Error:")[2]


# --- schema --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(kinds()))
def test_every_kinds_schema_is_shown(run: Command, kind: str) -> None:
    ran = run("schema", "show", kind)
    assert ran.code == 0
    assert json.loads(ran.out)["$schema"].endswith("2020-12/schema")


def test_schema_takes_a_kind_as_people_write_it(run: Command) -> None:
    shown = run("schema", "show", "work_type")
    assert run("schema", "show", "work-type") == shown
    assert run("schema", "show", "Work type") == shown


def test_schema_tells_the_nearest_kind(run: Command) -> None:
    assert "Did you mean `tier`?" in run("schema", "show", "teir").err
    ran = run("schema", "show", "zzzzzz")
    assert ran.code == 2
    assert "The kinds are" in ran.err


def test_schemas_are_exported(run: Command, tmp_path: Path) -> None:
    ran = run("schema", "export", tmp_path / "there/deep")
    assert ran.code == 0
    names = {path.name for path in (tmp_path / "there/deep").iterdir()}
    assert {f"{kind}.schema.json" for kind in kinds()} <= names
    assert f"wrote {len(names)} schemas" in ran.out


# --- init ----------------------------------------------------------------------------------------


def test_init_writes_a_catalogue_that_checks_and_compiles(run: Command, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("init", folder).code == 0
    ran = run("check", folder, "--fail-on", "note")
    assert ran.code == 0
    assert "no findings" in ran.out
    assert run("compile", folder, "-o", tmp_path / "out").code == 0
    for path in folder.rglob("*.yaml"):
        first = path.read_text().split("\n")[0]
        schema = first.partition("$schema=")[2]
        assert (path.parent / schema).is_file()
    settings = json.loads((folder / ".vscode/settings.json").read_text())
    (schema,) = settings["yaml.schemas"]
    assert (folder / schema).is_file()


def test_init_into_an_empty_folder_is_fine(run: Command, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("init", tmp_path / "empty").code == 0


def test_init_changes_nothing_where_something_is(run: Command, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes.txt").write_text("mine")
    ran = run("init", tmp_path / "mine")
    assert ran.code == 2
    assert "is not empty" in ran.err
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]
    (tmp_path / "file").write_text("mine")
    assert run("init", tmp_path / "file").code == 2
    assert run("init", tmp_path / "file" / "below").code == 2


def test_init_writes_all_or_nothing(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from billing_dsl.cli import output

    original = output.write_file

    def full(path: Path, content: bytes) -> None:
        if path.name == "tier.schema.json":
            raise click.UsageError("no space left")
        original(path, content)

    monkeypatch.setattr(output, "write_file", full)
    ran = run("init", tmp_path / "mine")
    assert (ran.code, ran.out) == (2, "")
    assert "no space left" in ran.err
    assert list((tmp_path / "mine").iterdir()) == []
    monkeypatch.undo()
    assert run("init", tmp_path / "mine").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["init", ""],
        ["schema", "export", ""],
        ["compile", "FOLDER", "-o", ""],
        ["check", "FOLDER", "--baseline", ""],
        ["check", "FOLDER", "--certificate", ""],
        ["check", ""],
        ["show", "role", "engineer", ""],
    ],
)
def test_a_name_that_is_empty_is_none(
    run: Command, clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """Such as `$OUT` where nobody has set it: nothing is read from, or written to, where one is."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    ran = run(*(str(clean) if word == "FOLDER" else word for word in arguments))
    assert (ran.code, ran.out) == (2, "")
    assert "the name is empty" in ran.err or "there is no folder ``" in ran.err
    assert list((tmp_path / "here").iterdir()) == []


def test_a_file_is_no_catalogue(run: Command, clean: Path) -> None:
    ran = run("check", clean / "settings.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "settings.yaml` is no folder. Catalogues are read as a whole" in ran.err


def test_the_day_of_every_command_can_be_said(run: Command, clean: Path) -> None:
    ran = run("show", "tier", "silver", clean, "--as-of", "soon")
    assert ran.code == 2
    assert "is no day of the calendar" in ran.err
    assert run("show", "tier", "silver", clean, "--as-of", AS_OF).code == 0
