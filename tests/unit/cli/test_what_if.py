"""`what-if`: what is supposed is what an edit would do, in every format, and nothing is written."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from billing_dsl.cli import edge
from billing_dsl.model.supposing import route_text
from billing_dsl.model.written import flow
from billing_dsl.store.kept import VARIABLE
from tests.goldens import Golden
from tests.oracle.simulator import Document
from tests.oracle.strategies import Choices, clean_catalogue
from tests.oracle.writing import to_yaml
from tests.unit.cli.running import SMALL, Command, Ran, catalogue

HERE = Path(__file__).parent / "golden" / "what_if"
VISITS = "tier/silver@1:onsite-support=recurring"
EXPORT = """
    format: 1
    kind: entry_export
    name: grid
    columns: {client: Customer, date: Day, hours: Hours, work_type: Work, role: Role}
    date_format: DD/MM/YYYY
"""
COSTS = {
    "roles.yaml": SMALL["roles.yaml"].replace("rate: 85.00", "rate: 85.00\n        cost: 40.00")
}
ENTRIES = (
    "Customer,Day,Hours,Work,Role",
    "acme,03/02/2027,1.5,Onsite Support,engineer",
    "acme,04/02/2027,2,Remote Support,engineer",
    "globex,05/02/2027,1,Project Work,engineer",
)


@pytest.fixture(autouse=True)
def _a_day_in_january(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "today", lambda: date(2027, 1, 15))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small catalogue with costs and an entry export, and entries beside it."""
    monkeypatch.chdir(tmp_path)
    catalogue(tmp_path / "mine", {"export.yaml": EXPORT, **COSTS})
    (tmp_path / "february.csv").write_text("\n".join(ENTRIES) + "\n", encoding="utf-8")
    return tmp_path


def told(ran: Ran) -> dict[str, Any]:
    """What a run has told as JSON."""
    assert ran.code == 0, ran.err
    found: dict[str, Any] = json.loads(ran.out)
    return found


def margin_of(found: Mapping[str, Any], client: str) -> dict[str, Any]:
    """What is told of a client's margin."""
    (one,) = [one for one in found["margins"]["clients"] if one["client"] == client]
    assert isinstance(one, dict)
    return one


def files_of(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# --- as an edit would do -------------------------------------------------------------------------


def any_cell(documents: list[Document], choices: Choices) -> tuple[str, list[Document]]:
    """A value of a document that is another, as `--set` writes it and as an edit leaves it."""
    edited = copy.deepcopy(documents)
    place = choices.whole(0, len(documents) - 1)
    document = edited[place]
    kind = document["kind"]
    name = document["name"] + (f"@{document['version']}" if kind == "tier" else "")
    route, value = _cell(document, choices)
    holder: Any = document
    for step in route[:-1]:
        holder = holder[step]
    holder[route[-1]] = value
    return f"{kind}/{name}:{route_text(route)}={flow(value)}", edited


def _cell(document: Document, choices: Choices) -> tuple[tuple[str | int, ...], Any]:
    amount = {name: choices.whole(10, 300) for name in ("EUR", "CHF", "USD")}
    match document["kind"]:
        case "role":
            return (choices.pick(("rate", "cost")),), amount
        case "work_type":
            return ("minimum_hours",), choices.whole(1, 3)
        case "service":
            return ("price",), amount
        case "tier" if document.get("scope"):
            ends = [one["name"] for one in document.get("contracts", ())] or ["hourly"]
            return ("scope", choices.pick(list(document["scope"]))), choices.pick(ends)
        case "agreement" if "services" in document:
            return ("services", "seat"), choices.whole(1, 90)
        case "agreement" if "contracts" in document:
            last = len(document["contracts"]) - 1
            return ("contracts", choices.whole(0, last), "setup_fee"), amount
        case "settings":
            return ("hours_rounding",), choices.pick(("6 minutes", "30 minutes"))
    return ("title",), "Another title"


def written(folder: Path, documents: list[Document], choices: Choices | None = None) -> Path:
    """Documents as a folder of files."""
    for path, text in to_yaml(documents, choices).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text)
    return folder


@pytest.mark.parametrize(
    "seed", [*range(12), *(pytest.param(n, marks=pytest.mark.slow) for n in range(12, 36))]
)
def test_what_is_supposed_does_what_an_edit_would_do(
    run: Command, tmp_path: Path, seed: int
) -> None:
    choices = Choices.seeded(seed)
    documents = clean_catalogue(choices)
    setting, edited = any_cell(documents, choices)
    style = choices if choices.chance(60) else None
    before = written(tmp_path / "before", documents, style)
    after = written(tmp_path / "after", edited)
    plain = written(tmp_path / "plain", documents)
    kept = files_of(tmp_path)
    options = ("--format", "json", "--as-of", "2026-06-01")
    faulty = run("check", plain, "--as-of", "2026-06-01").code
    ran = run("what-if", before, "--set", setting, *options)
    checked = run("check", after, "--as-of", "2026-06-01")
    assert files_of(tmp_path) == kept
    if faulty:  # a catalogue without gaps may still break rules
        assert ran.code == 1
        assert "as supposed" not in ran.err
        return
    if ran.code == 1:
        assert checked.code == 1
        assert "as supposed" in ran.err
        return
    assert checked.code == 0
    found = told(ran)["change"]
    wanted = told(run("diff", plain, after, *options))
    for one in wanted["differences"]:
        if one.get("witness"):
            del one["witness"]["command"]
    # The value that is there already, written otherwise in the catalogue's own style.
    alike = [one for one in found["documents"] if one["how"] == "rewritten"]
    if alike and not wanted["documents"]:
        assert documents == edited
        found["documents"] = []
        found["summary"]["documents"] -= len(alike)
    for key in ("summary", "clients", "not_compared", "documents", "renamed", "differences"):
        assert found[key] == wanted[key], key
    effect = run("what-if", before, "--set", setting, *options, "--detailed-exitcode").code
    assert effect == (3 if wanted["summary"]["billing_effect"] else 0)


def test_some_of_those_change_something() -> None:
    kinds = set()
    for seed in range(25):
        choices = Choices.seeded(seed)
        kinds.add(any_cell(clean_catalogue(choices), choices)[0].partition("/")[0])
    assert {"role", "tier", "agreement", "service"} <= kinds


# --- in money ------------------------------------------------------------------------------------


def test_a_visit_included_costs_what_the_block_brought(run: Command, here: Path) -> None:
    """45 seats at 48.00 bring 2,160.00; 1.5 hours of the block at 78.00 bring 117.00 no more."""
    found = told(
        run("what-if", "mine", "--set", VISITS, "--entries", "february.csv", "--format", "json")
    )
    acme = margin_of(found, "acme")
    assert acme["change"] == "-117.00"
    assert acme["before"]["services"] == "2160.00"
    assert acme["before"]["drawn"] == "117.00"
    assert acme["before"]["cost_of_services"] == "900.00"
    assert acme["before"]["cost_of_work"] == "140.00"
    assert acme["before"]["margin"] == "1237.00"
    assert acme["after"]["margin"] == "1120.00"
    assert margin_of(found, "globex")["change"] == "0.00"
    (even,) = found["margins"]["break_even"]
    assert (even["tier"], even["service"], even["quantity"]) == ("silver@1", "seat", "45.0000")
    assert (even["now"], even["as_before"], even["no_margin"]) == ("48.00", "50.60", "23.12")
    assert found["margins"]["months"] == ["2027-02"]
    (moved,) = [one for one in found["replay"]["clients"] if one["client"] == "acme"]
    assert moved["difference"]["charged"] == "-117.00"


def test_another_price_breaks_even_at_the_old_one(run: Command, here: Path) -> None:
    setting = "service/seat:price=52.00"
    found = told(
        run("what-if", "mine", "--set", setting, "--entries", "february.csv", "--format", "json")
    )
    assert margin_of(found, "acme")["change"] == "180.00"
    (even,) = found["margins"]["break_even"]
    assert (even["now"], even["as_before"]) == ("52.00", "48.00")


def test_what_is_not_said_is_not_guessed(run: Command, here: Path) -> None:
    (here / "mine" / "roles.yaml").write_text(
        (here / "mine" / "roles.yaml").read_text(encoding="utf-8").replace("cost: 40.00\n", ""),
        encoding="utf-8",
    )
    ran = run("what-if", "mine", "--set", VISITS, "--entries", "february.csv")
    assert ran.code == 0
    assert "not known: what an hour of role engineer costs, in EUR" in ran.out
    found = told(
        run("what-if", "mine", "--set", VISITS, "--entries", "february.csv", "--format", "json")
    )
    acme = margin_of(found, "acme")
    assert acme["before"]["margin"] is None
    assert acme["before"]["not_known"] == [
        {"what": "role_cost", "name": "engineer", "currency": "EUR", "quantity": "3.5000"}
    ]
    assert acme["change"] == "-117.00"  # the same hours cost the same, whatever that is
    (even,) = found["margins"]["break_even"]
    assert (even["as_before"], even["no_margin"]) == ("50.60", None)
    setting = "role/engineer:cost=45.00"
    found = told(
        run("what-if", "mine", "--set", setting, "--entries", "february.csv", "--format", "json")
    )
    assert margin_of(found, "acme")["change"] is None
    assert found["change"]["summary"]["billing_effect"] is False


def test_costs_that_are_supposed_move_margins_alone(run: Command, here: Path) -> None:
    setting = "role/engineer:cost=50.00"
    ran = run("what-if", "mine", "--set", setting, "--entries", "february.csv", "--format", "json")
    found = told(ran)
    assert margin_of(found, "acme")["change"] == "-35.00"
    assert found["change"]["differences"] == []
    assert found["replay"]["flips"]["entries"] == 0


def test_a_tier_without_units_has_no_price(run: Command, here: Path) -> None:
    gone = "agreement/acme-2027:services"
    ran = run("what-if", "mine", "--unset", gone, "--entries", "february.csv")
    assert ran.code == 0
    assert "silver@1: no client on it buys units of a service that its contracts sell" in ran.out


def test_without_entries_only_differences_are_told(run: Command, here: Path) -> None:
    found = told(run("what-if", "mine", "--set", VISITS, "--format", "json"))
    assert found["replay"] is None
    assert found["margins"] is None
    (here / "none.csv").write_text(ENTRIES[0] + "\n", encoding="utf-8")
    found = told(
        run("what-if", "mine", "--set", VISITS, "--entries", "none.csv", "--format", "json")
    )
    assert found["replay"]["first"] is None
    assert found["margins"] is None


# --- clients that move ---------------------------------------------------------------------------

GOLD = {
    "tiers/gold.yaml": SMALL["tiers/silver.yaml"]
    .replace("name: silver", "name: gold")
    .replace("onsite-support: block", "onsite-support: recurring")
}


def test_a_client_moves_all_the_time_or_from_a_day(run: Command, here: Path) -> None:
    catalogue(here / "mine", {"export.yaml": EXPORT, **COSTS, **GOLD})
    found = told(run("what-if", "mine", "--tier-of", "acme=gold@1", "--format", "json"))
    assert found["supposed"][0]["says"] == "agreement/acme-2027:tier=gold@1"
    (one,) = [one for one in found["change"]["differences"] if one["about"] == "work"][:1]
    assert one["reached"][0]["from"] == "2027-01-01"
    move = ("--tier-of", "acme=gold@1", "--from", "2027-03-01")
    found = told(run("what-if", "mine", *move, "--format", "json"))
    (one,) = [one for one in found["change"]["differences"] if one["about"] == "work"][:1]
    assert one["reached"][0]["from"] == "2027-03-01"
    entries = ("--entries", "february.csv")
    found = told(run("what-if", "mine", *move, *entries, "--format", "json"))
    assert margin_of(found, "acme")["change"] == "0.00"
    found = told(run("what-if", "mine", *move[:2], *entries, "--format", "json"))
    assert margin_of(found, "acme")["change"] == "-117.00"
    assert [one["tier"] for one in found["margins"]["break_even"]] == ["gold@1"]


@pytest.mark.parametrize(
    ("move", "said"),
    [
        ("acme", "expected CLIENT=TIER, found `acme`"),
        ("acne=gold@1", "there is no client `acne`. Did you mean `acme`?"),
        ("globex=silver@1", "client `globex` has no agreement on a tier."),
    ],
)
def test_a_move_that_cannot_be_is_told(run: Command, here: Path, move: str, said: str) -> None:
    ran = run("what-if", "mine", "--tier-of", move)
    assert ran.code == 2
    assert f"--tier-of 1: {said}" in ran.err


# --- what cannot be supposed ---------------------------------------------------------------------


def test_all_that_is_amiss_is_told_at_once(run: Command, here: Path) -> None:
    ran = run(
        *("what-if", "mine", "--set", "tier/sliver@1:onsite-support=recurring"),
        *("--set", VISITS, "--set", "role/engineer:rat=3", "--unset", "role/engineer:review_by"),
    )
    assert ran.code == 2
    assert "--set 1: there is no tier `sliver@1`. Did you mean `tier/silver@1`?" in ran.err
    assert "--set 3: `rat` is no field of a document of kind `role`. Did you mean" in ran.err
    assert "--unset 1: `role/engineer` has no `review_by` that could be taken out." in ran.err
    assert "--set 2" not in ran.err


def test_wrong_usage_is_told(run: Command, here: Path) -> None:
    ran = run("what-if", "mine")
    assert (ran.code, "suppose something: --set" in ran.err) == (2, True)
    ran = run("what-if", "mine", "--set", VISITS, "--from", "2027-03-01")
    assert (ran.code, "name the move with --tier-of" in ran.err) == (2, True)
    ran = run("what-if", "mine", "--set", "tier/silver@1:title=no")
    assert (ran.code, 'quote it: `"no"`' in ran.err.lower()) == (2, True)
    ran = run("what-if", "mine", "--set", VISITS, *(["--entries", "february.csv"] * 2))
    assert (ran.code, "is named twice" in ran.err) == (2, True)
    ran = run("what-if", "nowhere", "--set", VISITS)
    assert ran.code == 2


def test_errors_are_shown_where_they_would_stand(run: Command, here: Path, gap: Path) -> None:
    ran = run("what-if", "mine", "--set", "tier/silver@1:onsite-support=recuring")
    assert ran.code == 1
    assert "tiers/silver.yaml:13:19" in ran.err
    assert "onsite-support: recuring" in ran.err
    assert "nothing is told while there are errors" in ran.err
    ran = run("what-if", "mine", "--unset", "agreement/globex-2027:contracts.managed.falls_to")
    assert ran.code == 1
    assert "BD301" in ran.err
    ran = run("what-if", gap, "--set", VISITS)
    assert ran.code == 1
    assert "as supposed" not in ran.err


def test_a_scenario_that_would_fail_keeps_nothing_from_being_told(run: Command, here: Path) -> None:
    scenario = """
        format: 1
        kind: scenario
        name: visit
        given: {client: acme, role: engineer, on: 2027-02-01}
        when: {work_type: onsite-support}
        then: {contract: block}
    """
    catalogue(here / "mine", {"visit.yaml": scenario})
    found = told(run("what-if", "mine", "--set", VISITS, "--format", "json"))
    said = "error[BD350]: scenario `visit` expects contract `block`, but it is `recurring`"
    assert said in found["new_findings"]
    assert found["change"]["differences"]


# --- how it looks --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_all_of_it_looks_as_expected(run: Command, here: Path, golden: Golden, form: str) -> None:
    ran = run("what-if", "mine", "--set", VISITS, "--entries", "february.csv", "--format", form)
    assert ran.code == 0
    golden(HERE / f"visits.{form}", ran.out)


HOSTILE = "</code><script>alert(1)</script>|`@all`](x)\u202e##[error]"


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_hostile_texts_are_inert(run: Command, here: Path, form: str) -> None:
    value = json.dumps(HOSTILE.replace("\u202e", ""))
    ran = run("what-if", "mine", "--set", f"tier/silver@1:title={value}", "--format", form)
    assert ran.code == 0, ran.err
    assert "##[error]" not in ran.out
    assert "\n@all" not in ran.out
    if form != "text" and form != "json":
        assert "<script>" not in ran.out
    ran = run("what-if", "mine", "--set", f"tier/silver@1:{HOSTILE}=1")
    assert ran.code == 2
    assert "\u202e" not in ran.err
    assert "##[error]" not in ran.err


def test_long_lists_are_cut_unless_all_is_wanted(run: Command, here: Path) -> None:
    more = {
        f"clients/c{number:02}.yaml": SMALL["clients/acme.yaml"]
        .replace("acme", f"c{number:02}")
        .replace("Acme S.r.l.", f"Client {number:02} S.r.l.")
        for number in range(12)
    }
    catalogue(here / "mine", {"export.yaml": EXPORT, **COSTS, **more})
    options = ("--set", "service/seat:price=50.00", "--entries", "february.csv")
    short = run("what-if", "mine", *options)
    assert "and 3 more: --all tells them" in short.out
    assert "all 13" in short.out
    assert "and 3 more  " in short.out or "and 3 more\n" in short.out
    whole = run("what-if", "mine", *options, "--all")
    assert "c11" in whole.out
    assert "and 3 more" not in whole.out
    page = run("what-if", "mine", *options, "--format", "markdown")
    assert "and 3 more" in page.out


def test_results_of_earlier_runs_are_taken_and_none_is_kept(
    run: Command, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept"))
    run("replay", "mine", "--entries", "february.csv")
    kept = files_of(tmp_path / "kept")
    assert {Path(name).suffix for name in kept} == {".result", ".routed", ".state"}
    with_them = run("what-if", "mine", "--set", VISITS, "--entries", "february.csv")
    assert files_of(tmp_path / "kept") == kept
    monkeypatch.setenv(VARIABLE, str(tmp_path / "others"))
    assert run("what-if", "mine", "--set", VISITS, "--entries", "february.csv") == with_them


def test_a_name_that_another_client_takes_moves_its_margin(run: Command, here: Path) -> None:
    """Nothing of acme is another, and yet a title is stronger than the name in its entries."""
    taken = ("what-if", "mine", "--set", "client/globex:title=acme", "--entries", "february.csv")
    found = told(run(*taken, "--format", "json"))
    acme = margin_of(found, "acme")
    assert acme["before"]["drawn"] == "117.00"
    assert acme["after"]["drawn"] == "0.00"
