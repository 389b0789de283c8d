"""`billing-dsl review` as a user and as a pull request runs it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from billing_dsl.review import MARKER
from billing_dsl.review.comment import LIMIT
from tests.goldens import ROOT, Golden
from tests.unit.cli.running import AS_OF, GAP, SMALL, Command, catalogue, process, text_of
from tests.unit.cli.test_letters import DEARER, HOURLY, files, repository
from tests.unit.cli.test_revisions import commit
from tests.unit.cli.test_revisions import run as git

__all__ = ["repository"]

HERE = Path(__file__).parent
TODAY = ("--as-of", AS_OF, "--quiet")

APPROVALS = {
    "approvals.yaml": """
        format: 1
        kind: approval
        name: cover-taken-away
        title: A client loses cover
        effects: [client_loses]
        by: [accounts@northwind.example]
        notice: 60 days
        ---
        format: 1
        kind: approval
        name: dear-raise
        effects: [rate_up]
        above: 50.00
        by: [owner@northwind.example, desk@northwind.example]
    """
}

ENTRIES = """\
Customer Name,Worked Date,Hours Worked,Billing Code Name,Role
Acme S.r.l.,2027-01-04,2,Onsite Support,Support Engineer
Acme S.r.l.,2027-02-08,3.5,Onsite Support,Support Engineer
Acme S.r.l.,2027-02-09,1,Remote Support,Support Engineer
Globex S.p.A.,2027-02-10,1,Project Work,Support Engineer
Nobody Ltd,2027-02-11,1,Project Work,Support Engineer
"""

EXPORT = {
    "export.yaml": """
        format: 1
        kind: entry_export
        name: grid
        columns:
          client: Customer Name
          date: Worked Date
          hours: Hours Worked
          work_type: Billing Code Name
          role: Role
    """
}


def folders(path: Path, change: Mapping[str, str | None], both: Mapping[str, str] = {}) -> Any:
    """The catalogue before and after a change."""
    before = catalogue(path / "before", both)
    return before, catalogue(path / "after", {**both, **change})


def section(text: str, title: str) -> str:
    """A folded part of a comment."""
    [found] = re.findall(
        rf"<details><summary>{re.escape(title)}[^<]*</summary>\n(.*?)</details>", text, re.DOTALL
    )
    return str(found)


# --- what is said, and that nothing is -----------------------------------------------------------


def test_nothing_is_said_where_nothing_changes_in_meaning(tmp_path: Path, run: Command) -> None:
    tier = text_of(SMALL["tiers/silver.yaml"]).replace("scope:\n", "# where work ends\nscope:\n")
    block = '    {contract: block, hours: 40, rate: 78.00, start: 2027-01-01, end: "2027-12-31"}'
    acme = text_of(SMALL["clients/acme.yaml"])
    client, agreement = acme.split("---\n")
    moved = {
        "tiers/silver.yaml": None,
        "elsewhere/all.yaml": f"{agreement}\n---\n{tier}---\n{client}# the end\n",
        "clients/acme.yaml": None,
    }
    assert block.strip()[1:20] in acme
    before, after = folders(tmp_path, moved, APPROVALS)
    done = run("review", before, after, *TODAY, "--detailed-exitcode", "-o", tmp_path / "out")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert files(tmp_path / "out") == ["comment.md", "report.html", "review.json"]
    assert (tmp_path / "out/comment.md").read_bytes() == b""
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "Nothing changes for anybody" in page
    assert json.loads((tmp_path / "out/review.json").read_bytes())["review"]["silent"] is True
    assert run("review", before, after, *TODAY).out == ""


def test_a_comment_says_the_verdict_first_and_folds_the_rest(tmp_path: Path, run: Command) -> None:
    before, after = folders(tmp_path, {**HOURLY, **DEARER, **GAP}, APPROVALS)
    done = run("review", before, after, *TODAY)
    assert done.code == 1  # the gap is new
    head, _, rest = done.out.partition("\n<details>")
    marker, heading, _, *sentences = head.rstrip("\n").split("\n")
    assert (marker, heading) == (MARKER, "### Billing review")
    assert 2 <= len(sentences) <= 5
    assert all(sentence.startswith("- **") for sentence in sentences)
    assert "**2 of 2 clients are reached:** 2 lose" in head
    assert "**Money:** fees +67.50 EUR a month" in head
    assert "**Findings:** 1 error and " in head
    assert "0 of 2 given, accounts@&#8203;northwind.example" in head
    assert rest.count("<details>") + 1 == rest.count("</details>") >= 5
    table = section(done.out, "Differences")
    assert "| 🔴 client loses | onsite-support by engineer" in table
    assert "| 🟠 rate or price up | service seat | 45 at 48.00 EUR monthly | 45 at 49.50" in table
    assert "`BD301` uncovered-work" in section(done.out, "New findings")
    money = section(done.out, "Money by client")
    assert "| `acme` | 2,160.00 → 2,227.50 | not known | not known | EUR |" in money
    assert "```mermaid\nflowchart LR\n" in section(done.out, "Where work goes")
    assert "- `billing-dsl diff BASE HEAD`" in section(done.out, "Look further")


def test_findings_are_told_where_they_are_new_or_gone(tmp_path: Path, run: Command) -> None:
    before, after = folders(tmp_path, GAP)
    new = run("review", before, after, *TODAY)
    assert (new.code, "**Findings:** 1 error is new" in new.out) == (1, True)
    gone = run("review", after, before, *TODAY)
    assert (gone.code, "**Findings:** 1 error is gone" in gone.out) == (0, True)
    stays = run("review", after, catalogue(tmp_path / "third", {**GAP, **DEARER}), *TODAY)
    assert (stays.code, "**Findings:** 1 error stays" in stays.out) == (0, True)
    assert "uncovered-work" not in stays.out


@pytest.mark.parametrize(("least", "code"), [("error", 0), ("warning", 1), ("note", 1)])
def test_lesser_findings_fail_where_somebody_asks(
    tmp_path: Path, run: Command, least: str, code: int
) -> None:
    zero = {"roles.yaml": SMALL["roles.yaml"].replace("rate: 140.00", "rate: 0")}
    before, after = folders(tmp_path, zero)
    done = run("review", before, after, *TODAY, "--fail-on", least)
    assert ("1 warning is new" in done.out, done.code) == (True, code)


def test_settings_that_are_broken_are_told_in_the_comment(tmp_path: Path, run: Command) -> None:
    broken = {"settings.yaml": SMALL["settings.yaml"].replace("currency: EUR", "currency: euro")}
    before, after = folders(tmp_path, broken)
    done = run("review", before, after, *TODAY, "-o", tmp_path / "out")
    assert done.code == 1
    text = (tmp_path / "out/comment.md").read_text(encoding="utf-8")
    assert "**Nothing can be compared:** the settings are missing or broken after" in text
    assert "wrong-format" in section(text, "New findings")
    assert "cannot be compared" in (tmp_path / "out/report.html").read_text(encoding="utf-8")


def test_clients_of_whom_nothing_is_known_are_told(tmp_path: Path, run: Command) -> None:
    broken = {"clients/acme.yaml": SMALL["clients/acme.yaml"].replace("seat: 45", "seat: many")}
    before, after = folders(tmp_path, broken)
    done = run("review", before, after, *TODAY)
    assert done.code == 1
    assert "nothing is known of 1 client, for something is broken" in done.out
    assert "| `acme` | after |" in section(done.out, "Not known")


# --- approvals -----------------------------------------------------------------------------------


def test_an_approval_is_missing_until_everybody_has_consented(tmp_path: Path, run: Command) -> None:
    before, after = folders(tmp_path, {**HOURLY, **DEARER}, APPROVALS)

    def reviewed(*names: str) -> tuple[int, str]:
        approved = [part for name in names for part in ("--approved", name)]
        done = run("review", before, after, *TODAY, "--detailed-exitcode", *approved)
        return done.code, section(done.out, "Approvals")

    code, text = reviewed()
    assert code == 3
    assert text.count("⬜") == 3
    assert "60 days: not before 2027-03-16, but acme from 2027-01-15" in text
    code, text = reviewed("ACCOUNTS@northwind.example ", "owner@northwind.example", "me")
    assert (code, text.count("✅"), text.count("⬜")) == (3, 2, 1)
    assert "Nobody asked for the consent of me." in text
    code, text = reviewed(
        "accounts@northwind.example", "owner@northwind.example", "desk@northwind.example"
    )
    assert (code, text.count("⬜")) == (0, 0)
    assert run("review", before, after, *TODAY).code == 0  # nobody asks for the exit code


def test_a_change_takes_away_no_consent_that_it_needs_itself(tmp_path: Path, run: Command) -> None:
    before = catalogue(tmp_path / "before", APPROVALS)
    after = catalogue(tmp_path / "after", HOURLY)
    done = run("review", before, after, *TODAY, "--detailed-exitcode")
    assert done.code == 3
    assert "the change alters 2 approvals itself" in done.out
    assert "alters `approval/cover-taken-away`; it counts as it was, too." in done.out
    out = tmp_path / "out"
    assert run("review", before, catalogue(tmp_path / "only"), *TODAY, "-o", out).code == 0
    only = (out / "comment.md").read_text(encoding="utf-8")
    assert "**No client is reached.**" in only  # but whoever merges it has to know
    assert "A change that reaches no client" in (out / "report.html").read_text(encoding="utf-8")


def test_without_approvals_nobody_is_asked(tmp_path: Path, run: Command) -> None:
    done = run("review", *folders(tmp_path, HOURLY), *TODAY, "--detailed-exitcode")
    assert (done.code, "Approvals" in done.out) == (0, False)


# --- money ---------------------------------------------------------------------------------------


def entries(path: Path, text: str = ENTRIES) -> Path:
    file = path / "entries.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_past_entries_tell_what_work_comes_to(tmp_path: Path, run: Command) -> None:
    before, after = folders(tmp_path, {**HOURLY, **DEARER}, {**APPROVALS, **EXPORT})
    done = run(
        *("review", before, after, *TODAY, "-o", tmp_path / "out"),
        *("--entries", entries(tmp_path, ENTRIES + "Acme S.r.l.,,1,Project Work,\n")),
    )
    assert (done.code, done.err) == (0, "")
    text = (tmp_path / "out/comment.md").read_text(encoding="utf-8")
    # 5.5 hours over two months: 78.00 of a block before, 85.00 by the hour after; and 45 seats.
    assert "+86.75 EUR a month (fees +67.50 and work +19.25)" in text
    left = "in no amount: 1 refused row and 1 unknown row"
    assert f"1 client more, by the entries of 2027-01 to 2027-02; {left}\n" in text
    assert "| `acme` | 2,160.00 → 2,227.50 | 214.50 → 233.75 | **+86.75** | EUR |" in text
    flips = section(text, "Entries that are billed otherwise")
    assert "| 2027-02-08 | `acme` | onsite-support, engineer | from blocks 273.00 EUR |" in flips
    assert "+24.50 EUR |" in flips
    assert "1 difference, 1 client, 86.75 EUR" in section(text, "Approvals")
    left_open = section(text, "What the entries leave open")
    assert "- some entries name what the catalogue does not know" in left_open
    money = json.loads((tmp_path / "out/review.json").read_bytes())["money"]
    assert money["entries"]["entries"] == 5
    assert (money["entries"]["unknown"], money["entries"]["months"]) == (1, 2)
    [acme] = money["clients"]
    assert acme["change"] == "86.75"
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "What a month changes by, client by client, in EUR" in page


def test_an_approval_above_an_amount_is_asked_for_no_less(tmp_path: Path, run: Command) -> None:
    dear = {"approvals.yaml": APPROVALS["approvals.yaml"].replace("above: 50.00", "above: 67.50")}
    done = run("review", *folders(tmp_path, DEARER, dear), *TODAY, "--detailed-exitcode")
    assert done.code == 0  # 45 seats at 1.50 more are no more than that
    less = {"approvals.yaml": APPROVALS["approvals.yaml"].replace("above: 50.00", "above: 67.49")}
    folder = tmp_path / "less"
    assert run("review", *folders(folder, DEARER, less), *TODAY, "--detailed-exitcode").code == 3


def test_whoever_is_told_too_late_counts_once(tmp_path: Path, run: Command) -> None:
    text = APPROVALS["approvals.yaml"].rstrip() + "\n        notice: 30 days\n"
    third = text[text.index("        format: 1\n        kind: approval\n        name: dear") :]
    third = third.replace("dear-raise", "every-raise").replace("        above: 50.00\n", "")
    three = {"approvals.yaml": f"{text}        ---\n{third}"}
    head = run("review", *folders(tmp_path, {**HOURLY, **DEARER}, three), *TODAY).out
    assert (
        "1 client would know too late, for cover-taken-away demands 60 days: not before "
        "2027-03-16, dear-raise demands 30 days: not before 2027-02-14, 1 approval more\n"
    ) in head


def test_what_has_another_name_has_no_new_findings(tmp_path: Path, run: Command) -> None:
    acme = text_of(SMALL["clients/acme.yaml"])
    soon = acme.replace(
        "services:",
        "exceptions: [{work_type: onsite-support, goes_to: recurring, reason: r, owner: o, "
        "until: 2027-02-28}]\nservices:",
    )
    assert soon != acme
    before = catalogue(tmp_path / "before", {"clients/acme.yaml": soon})
    renamed = {
        "clients/acme.yaml": None,
        "clients/group.yaml": soon.replace("acme-2027", "group-27").replace(
            ": acme\n", ": group\n"
        ),
    }
    after = catalogue(tmp_path / "after", renamed)
    assert "BD408" in run("check", before, *TODAY, "--fail-on", "note").out
    done = run("review", before, after, *TODAY)
    assert (done.code, done.out) == (0, "")


def test_of_whom_nothing_is_known_consent_is_asked(tmp_path: Path, run: Command) -> None:
    broken = SMALL["clients/acme.yaml"].replace("seat: 45", "seat: many")
    before, after = folders(tmp_path, {"clients/acme.yaml": broken}, APPROVALS)
    done = run("review", before, after, *TODAY, "-o", tmp_path / "out")
    assert done.code == 1
    asked = section((tmp_path / "out/comment.md").read_text(encoding="utf-8"), "Approvals")
    assert "accounts@&#8203;northwind.example | 1 client of which nothing is known | " in asked
    assert "60 days: nobody knows from when" in asked
    assert "owner@" not in asked
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert "60 days: nobody knows from when" in page


def test_what_moves_less_than_the_threshold_is_folded(tmp_path: Path, run: Command) -> None:
    before, after = folders(tmp_path, DEARER)
    done = run("review", before, after, *TODAY, "--threshold", "67.50")
    assert "Below 67.50" not in done.out
    done = run("review", before, after, *TODAY, "--threshold", "67.51")
    assert "1 more by less than 67.51 EUR a month" in done.out
    assert "rate or price up | service seat" in section(done.out, "Below 67.51 EUR a month")
    assert "Differences (0)" not in done.out
    unknown = folders(tmp_path / "unknown", HOURLY)
    assert "Below" not in run("review", *unknown, *TODAY, "--threshold", "1000").out


def settings(threshold: str, currency: str = "EUR") -> dict[str, str]:
    """Settings that say from which amount on a review tells a difference."""
    written = SMALL["settings.yaml"].replace("currency: EUR", f"currency: {currency}")
    said = f"    review_threshold: {threshold}\n    " if threshold else ""
    return {"settings.yaml": f"{written}{said}"}


def test_the_settings_may_say_the_threshold(tmp_path: Path, run: Command) -> None:
    both = folders(tmp_path / "both", DEARER, settings("67.51"))
    assert "1 more by less than 67.51 EUR a month" in run("review", *both, *TODAY).out
    assert "Below" not in run("review", *both, *TODAY, "--threshold", "0").out
    assert "than 70 EUR" in run("review", *both, *TODAY, "--threshold", "70").out.replace(".00", "")


@pytest.mark.parametrize(("before", "after"), [("", "500"), ("500", ""), ("500", "67.50")])
def test_no_change_folds_itself_away(tmp_path: Path, run: Command, before: str, after: str) -> None:
    sides = folders(tmp_path, {**DEARER, **settings(after)}, settings(before))
    assert "Below" not in run("review", *sides, *TODAY).out


def test_thresholds_in_two_currencies_fold_nothing(tmp_path: Path, run: Command) -> None:
    changed = {**DEARER, **settings("1000", "CHF")}
    sides = folders(tmp_path, changed, settings("1000"))
    done = run("review", *sides, *TODAY)
    assert "service seat" in done.out
    assert "Below" not in done.out


@pytest.mark.parametrize(
    "amount",
    ["-1", "much", "NaN", "Infinity", "1e400", "1e3", "1_000", "99999999999999", "0.00001"],
)
def test_a_threshold_is_an_amount(tmp_path: Path, run: Command, amount: str) -> None:
    done = run("review", *folders(tmp_path, DEARER), "--threshold", amount)
    assert (done.code, f"`{amount}` is no amount" in done.err) == (2, True)


UNUSABLE = "no row of the files is an entry of known clients and work"


@pytest.mark.parametrize(
    ("text", "broken", "why"),
    [
        (ENTRIES, True, "some document is broken, and nobody knows where its work ends"),
        (ENTRIES.split("\n")[0] + "\n", False, UNUSABLE),
        (ENTRIES.replace("Acme", "Acne").replace("Globex", "Glowex"), False, UNUSABLE),
    ],
)
def test_entries_that_tell_nothing_are_not_passed_over(
    tmp_path: Path, run: Command, text: str, broken: bool, why: str
) -> None:
    acme = SMALL["clients/acme.yaml"].replace("seat: 45", "seat: many")
    change = {**HOURLY, **DEARER, **({"clients/acme.yaml": acme} if broken else {})}
    globex = SMALL["clients/globex.yaml"].replace("excludes: {work_types: [project-work]}", "")
    globex = globex.replace("            falls_to: hourly\n", "")
    before, after = folders(tmp_path, {**change, "clients/globex.yaml": globex}, EXPORT)
    done = run("review", before, after, *TODAY, "--entries", entries(tmp_path, text))
    assert f"what work comes to is not known, for {why}" in done.out


def test_entries_that_cost_the_same_are_told_to(tmp_path: Path, run: Command) -> None:
    remote = ENTRIES.replace("Onsite Support", "Remote Support")
    before, after = folders(tmp_path, HOURLY, EXPORT)
    done = run("review", before, after, *TODAY, "--entries", entries(tmp_path, remote))
    assert "nobody is charged otherwise for the entries of 2027-01 to 2027-02" in done.out


def test_a_file_named_twice_is_refused(tmp_path: Path, run: Command) -> None:
    file = entries(tmp_path)
    named = ("--entries", file, "--entries", tmp_path / "." / "entries.csv")
    done = run("review", *folders(tmp_path, DEARER, EXPORT), *named)
    assert (done.code, "named twice" in done.err) == (2, True)


# --- masks ---------------------------------------------------------------------------------------


def test_a_mask_hides_whoever_is_meant(tmp_path: Path, run: Command) -> None:
    acme = SMALL["clients/acme.yaml"].replace("services: {seat: 45}", "services: {seat: 46}")
    change = {**HOURLY, **GAP, "clients/acme.yaml": acme}
    both = {**APPROVALS, **EXPORT}
    both["scenario.yaml"] = """
        format: 1
        kind: scenario
        name: acme-visit
        given: {client: acme, role: engineer, on: 2027-03-01}
        when: {work_type: onsite-support}
        then: {contract: block}
    """
    before, after = folders(tmp_path, change, both)
    out = tmp_path / "out"
    file = entries(tmp_path)
    done = run("review", before, after, "--as-of", AS_OF, "--mask", "--entries", file, "-o", out)
    assert done.code == 1
    every = [done.out, done.err, *(path.read_text(encoding="utf-8") for path in out.iterdir())]
    for text in every:
        assert not re.search("acme|globex|nobody ltd", text, re.IGNORECASE), text
    assert "`client-1`" in every[2] + every[3] + every[4]
    assert "person-1" in (out / "comment.md").read_text(encoding="utf-8")
    again = tmp_path / "again"
    run("review", before, after, "--as-of", AS_OF, "--mask", "--entries", file, "-o", again)
    for path in out.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_a_mask_hides_what_is_bought_and_signed_too(tmp_path: Path, run: Command) -> None:
    acme = SMALL["clients/acme.yaml"].replace("rate: 78.00", "rate: 80.00")
    acme = acme.replace("name: acme-2027", "name: acme-long").replace("12 months", "11 months")
    acme = acme.replace("end: 2027-12-31", "end: 2027-11-30")
    globex = SMALL["clients/globex.yaml"].replace("title: The year", "title: Globex pays")
    globex = globex.replace("amount: 1200.00", "amount: 1300.00").replace("managed", "globex-care")
    change = {"clients/acme.yaml": acme, "clients/globex.yaml": globex}
    before, after = folders(tmp_path, change, APPROVALS)
    out = tmp_path / "out"
    assert run("review", before, after, *TODAY, "--mask", "-o", out).code == 0
    for path in out.iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search("acme|globex", text, re.IGNORECASE), text
    told = json.loads((out / "review.json").read_bytes())
    assert {one["about"] for one in told["differences"]} >= {"purchase", "agreement"}
    assert {one["kind"] for one in told["renamed"]} == {"agreement", "contract"}
    plain = run("review", before, after, *TODAY)
    assert "acme" in plain.out


# --- where it is written, and from what ----------------------------------------------------------


def test_a_fork_is_compared_with_where_it_left(repository: Path, run: Command) -> None:
    git(repository, "checkout", "-q", "-b", "fork")
    catalogue(Path("catalogue"), HOURLY)
    commit(repository, "fork")
    git(repository, "checkout", "-q", "main")
    catalogue(Path("catalogue"), DEARER)
    commit(repository, "main goes on")
    both = run("review", "main", "fork", *TODAY)
    assert "service seat" in both.out
    own = run("review", "main...fork", *TODAY)
    assert own.code == 0
    assert "onsite-support" in own.out
    assert "service seat" not in own.out


def test_a_review_needs_no_secrets_and_leaves_the_repository_as_it_was(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    catalogue(Path("catalogue"), HOURLY)
    before = git(repository, "status", "--porcelain")
    kept = dict.fromkeys(("AUTOTASK_USERNAME", "AUTOTASK_SECRET", "GITHUB_TOKEN"), "")
    environment = {**kept, "HOME": str(tmp_path_factory.mktemp("home"))}
    done = process("review", "HEAD", *TODAY, environment=environment, cwd=repository)
    assert done.code == 0
    assert done.out.startswith(MARKER)
    assert git(repository, "status", "--porcelain") == before


def test_files_of_somebody_else_are_not_written_over(tmp_path: Path, run: Command) -> None:
    before, after = folders(tmp_path, HOURLY)
    out = tmp_path / "out"
    for _ in range(2):  # our own are
        assert run("review", before, after, *TODAY, "-o", out).code == 0
    assert files(out) == ["comment.md", "report.html", "review.json"]
    for name in files(out):
        shutil.rmtree(out)
        out.mkdir()
        (out / name).write_text("mine", encoding="utf-8")
        done = run("review", before, after, *TODAY, "-o", out)
        assert (done.code, files(out)) == (2, [name])
        assert f"{name}` is there already" in done.err
        assert (out / name).read_text(encoding="utf-8") == "mine"


def test_a_folder_where_a_file_is_to_stand_is_told(tmp_path: Path, run: Command) -> None:
    (tmp_path / "out" / "report.html").mkdir(parents=True)
    done = run("review", *folders(tmp_path, HOURLY), *TODAY, "-o", tmp_path / "out")
    assert (done.code, "report.html` cannot be read: " in done.err) == (2, True)


SHIPPED = (
    ("services/silver-seat.yaml", "price: {EUR: 46.00", "price: {EUR: 47.50"),
    ("tiers/silver-2.yaml", "vendor-liaison: recurring", "vendor-liaison: block"),
    ("tiers/gold-1.yaml", "out-of-hours-support: hourly", "out-of-hours-support: recurring"),
    ("tiers/gold-1.yaml", "EUR: 108.00, CHF: 130.00", "EUR: 102.00, CHF: 125.00"),
)


@pytest.mark.parametrize("masked", [False, True], ids=["plain", "masked"])
def test_the_shipped_catalogue_under_review(
    tmp_path: Path,
    run: Command,
    golden: Golden,
    monkeypatch: pytest.MonkeyPatch,
    masked: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "catalogue", "before")
    shutil.copytree(ROOT / "catalogue", "after")
    for path, old, new in SHIPPED:
        file = Path("after", path)
        text = file.read_text(encoding="utf-8")
        assert old in text, path
        file.write_text(text.replace(old, new), encoding="utf-8")
    mask = ("--mask",) if masked else ()
    day = ("--as-of", "2026-11-27", "--quiet", "--approved", "owner@lariceto.example")
    assert run("review", "before/", "after/", "-o", "out", *day, *mask).code == 1
    told = {path.name: path.read_bytes() for path in Path("out").iterdir()}
    assert len(told["comment.md"].decode()) < LIMIT
    if masked:
        every = b"".join(told.values()).decode()
        for client in Path("before/clients").iterdir():
            assert client.name not in every
    del told["review.json"]  # long, and made of what other tests look at
    golden.folder(HERE / "golden" / "review" / ("masked" if masked else "plain"), told)
