"""`show`: everything that a declaration says or inherits, with its days and who writes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.goldens import Golden
from tests.unit.cli.running import AS_OF, SMALL, Command, catalogue

GOLDEN = Path(__file__).parent / "golden" / "show"

RICH: dict[str, str] = {
    "settings.yaml": SMALL["settings.yaml"] + "    renewal_notice: 60 days\n",
    "roles.yaml": SMALL["roles.yaml"]
    + """
        block_factor: 1.5
        ---
        format: 1
        kind: role
        name: trainee
        title: Trainee
        rate: [{rate: 40.00}, {from: 2027-10-01, rate: 45.00}]
        from: 2027-03-01
    """,
    "work-types.yaml": SMALL["work-types.yaml"].replace(
        "description: Planned changes.",
        "description: Planned changes.\n        rate: {method: times, factor: 1.5}",
    ),
    "services.yaml": SMALL["services.yaml"]
    + """
        ---
        format: 1
        kind: service
        name: backup
        title: Backup
        period: monthly
        price: [{rate: 5.00}, {from: 2027-07-01, rate: 6.00}]
        ---
        format: 1
        kind: service_bundle
        name: workplace
        title: Workplace
        period: monthly
        services: [seat, backup]
    """,
    "tiers/silver.yaml": """
        format: 1
        kind: tier
        name: silver
        version: 1
        effective: 2026-01-01
        title: Silver
        summary: Help without limit, visits from the block.
        rank: 2
        price: {EUR: 48.00, CHF: 55.00}
        contracts:
          - name: recurring
            type: recurring_service
            services: [seat, backup, workplace]
            setup_fee: 250.00
            category: Managed
          - name: block
            type: block_hours
            overage_rate: [{rate: 98.00}, {from: 2027-07-01, rate: 99.50}]
            block_factors: {architect: 2}
          - name: hourly
            type: time_and_materials
            rates: [{role: architect, rate: 150.00}]
            time_entry: any
        scope:
          remote-support: recurring
          onsite-support: block
          project-work: hourly
        roles: {architect: hourly}
        sub_issues: {printer: hourly}
        rates: [{contract: hourly, role: engineer, rate: 82.00}]
        review_by: 2028-03-31
        notes: |
          The second year is dearer.
          Ask the owner.
    """,
    "tiers/silver-2.yaml": """
        format: 1
        kind: tier
        name: silver
        version: 2
        effective: 2027-07-01
        title: Silver
        extends: silver@1
        scope: {onsite-support: recurring}
    """,
    "clients/acme.yaml": """
        format: 1
        kind: client
        name: acme
        legal_name: Acme S.r.l.
        ---
        format: 1
        kind: agreement
        name: acme-2027
        title: Acme, all in
        client: acme
        tier: silver
        start: 2027-01-01
        end: 2027-12-31
        number: AG-1
        signed: {date: 2026-12-01, reference: ACM/26}
        renewal: {automatic: true, extend_by: 12 months, notice: 90 days}
        notes: seats at the old price, agreed by letter
        services:
          seat: [{units: 45, price: 46.00}, {from: 2027-07-01, units: 50, price: 46.00}]
          backup: 10
          workplace: 4
        blocks:
          - {contract: block, hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31}
        rates:
          - contract: hourly
            role: engineer
            rate: [{from: 2027-04-01, rate: 80.00}]
        exceptions:
          - work_type: onsite-support
            goes_to: hourly
            reason: visits are billed, agreed by letter
            owner: desk@northwind.example
            until: 2027-06-30
          - sub_issue: printer
            goes_to: none
            reason: printers are the lessor's business
            owner: desk@northwind.example
            from: 2027-02-01
        ---
        format: 1
        kind: agreement
        name: acme-project
        client: acme
        start: 2027-01-01
        end: 2027-06-30
        default: false
        contracts:
          - name: project
            type: fixed_price
            number: P-7
            excludes: {work_types: [onsite-support], roles: [architect]}
            falls_to: advance
            milestones: [{title: Go-live, date: 2027-05-31, amount: 12000.00}]
          - name: advance
            type: retainer
            excludes: {sub_issues: [printer]}
            falls_to: tickets
            retainers: [{amount: 500.00, start: 2027-01-01, end: 2027-06-30}]
          - name: tickets
            type: per_ticket
            falls_to: none
            tickets: [{tickets: 10, rate: 45.00, start: 2027-01-01, end: 2027-06-30}]
    """,
    "clients/globex.yaml": """
        format: 1
        kind: client
        name: globex
        legal_name: Globex AG
        title: Globex
        currency: CHF
        autotask: {number: C-2}
        ---
        format: 1
        kind: agreement
        name: globex-2027
        client: globex
        tier: [{tier: silver@1}, {from: 2027-09-01, tier: plain@1}]
        start: 2027-01-01
        end: 2027-12-31
        services: {seat: 5}
        rates: [{contract: hourly, role: engineer, rate: {CHF: 110.00}}]
    """,
    "tiers/plain.yaml": """
        format: 1
        kind: tier
        name: plain
        version: 1
        effective: 2026-01-01
        title: Plain
        contracts: [{name: hourly, type: time_and_materials}]
        scope: {remote-support: hourly, onsite-support: hourly, project-work: hourly}
    """,
    "other.yaml": """
        format: 1
        kind: entry_export
        name: grid
        title: Time entries, exported from the grid
        columns: {client: Customer, date: Worked, hours: Hours, work_type: Activity, role: Role}
        date_format: DD/MM/YYYY
        decimal_mark: ","
        ---
        format: 1
        kind: scenario
        name: a-visit
        given: {client: acme, role: engineer, on: 2027-03-01}
        when: {work_type: onsite-support}
        then: {contract: hourly, billing: hourly}
        ---
        format: 1
        kind: scenario
        name: too-early
        given: {client: acme, role: engineer, on: 2025-03-01}
        when: {work_type: onsite-support}
        then: {contract: hourly}
        ---
        format: 1
        kind: exclusion_set
        name: classic
        title: Classic
        work_types: [project-work]
        ---
        format: 1
        kind: waiver
        name: no-answer
        code: BD350
        subject: scenario/too-early
        reason: kept to remember the old agreement
        owner: desk@northwind.example
        ---
        format: 1
        kind: approval
        name: dear-raise
        effects: [rate_up, client_loses]
        above: 250.00
        tiers: [silver]
        clients: [acme]
        by: [owner@northwind.example]
        notice: 60 days
    """,
}
"""Documents that say nearly everything that can be said."""

SHOWN = [
    ("agreement", "acme-2027"),
    ("agreement", "acme-project"),
    ("agreement", "globex-2027"),
    ("tier", "silver@1"),
    ("tier", "silver@2"),
    ("tier", "plain@1"),
    ("client", "acme"),
    ("client", "globex"),
    ("role", "engineer"),
    ("role", "trainee"),
    ("work_type", "project-work"),
    ("work_type", "remote-support"),
    ("service", "backup"),
    ("service_bundle", "workplace"),
    ("sub_issue", "printer"),
    ("entry_export", "grid"),
    ("exclusion_set", "classic"),
    ("settings", "northwind-it"),
    ("scenario", "a-visit"),
    ("scenario", "too-early"),
    ("waiver", "no-answer"),
    ("approval", "dear-raise"),
]


@pytest.fixture
def rich(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a catalogue lies that says nearly everything."""
    catalogue(tmp_path / "catalogue", RICH)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "catalogue"


@pytest.mark.parametrize(("kind", "name"), SHOWN, ids=lambda word: word)
def test_everything_is_shown(
    run: Command, golden: Golden, rich: Path, kind: str, name: str
) -> None:
    for form, suffix in (("text", "txt"), ("json", "json")):
        ran = run("show", kind, name, "--as-of", AS_OF, "--format", form)
        assert (ran.code, ran.err) == (0, "")
        golden(GOLDEN / f"{kind}-{name}.{suffix}", ran.out)
        assert not any(line.endswith(" ") for line in ran.out.splitlines())


def test_the_rich_catalogue_shows_every_kind() -> None:
    from billing_dsl.kinds import kinds

    assert {kind for kind, _ in SHOWN} == set(kinds())


def test_what_cannot_be_proved_is_not_guessed(run: Command, rich: Path) -> None:
    path = rich / "clients/acme.yaml"
    path.write_text(path.read_text().replace("tier: silver\n", "tier: sliver\n"))
    for kind, name, field in (("client", "acme", "agreements"), ("scenario", "a-visit", "answer")):
        ran = run("show", kind, name, "--as-of", AS_OF)
        assert ran.code == 0
        assert ran.out.endswith(
            "# what comes of it is not known: it rests on something broken, see "
            "`billing-dsl check`\n"
        )
        ran = run("show", kind, name, "--as-of", AS_OF, "--format", "json")
        assert json.loads(ran.out)[field] is None


def test_a_scenario_that_names_what_is_broken_has_no_answer(run: Command, rich: Path) -> None:
    path = rich / "other.yaml"
    path.write_text(path.read_text().replace("role: engineer", "role: engnieer", 1))
    ran = run("show", "scenario", "a-visit", "--as-of", AS_OF, "--format", "json")
    assert ran.code == 0
    assert json.loads(ran.out)["answer"] is None
    assert "what comes of it is not known" in run("show", "scenario", "a-visit").out


def test_an_agreement_that_is_lost_is_not_passed_over(run: Command, rich: Path) -> None:
    path = rich / "clients/globex.yaml"
    path.write_text(path.read_text().replace("start: 2027-01-01", "start: soon"))
    ran = run("show", "client", "globex", "--as-of", AS_OF)
    assert ran.code == 0
    assert ran.out.endswith("# it has no agreements\n")
    assert "an agreement of client `globex`, perhaps" in ran.err


def test_without_settings_nothing_is_taken_from_them(run: Command, rich: Path) -> None:
    (rich / "settings.yaml").unlink()
    for kind, name in (("client", "acme"), ("service_bundle", "workplace")):
        ran = run("show", kind, name, "--as-of", AS_OF, "--format", "json")
        assert ran.code == 0
        assert json.loads(ran.out)["left_out"].keys() <= {"title", "autotask.organization"}


def test_what_a_document_writes_is_not_left_out(run: Command, rich: Path) -> None:
    settings = rich / "settings.yaml"
    settings.write_text(settings.read_text() + "lanes: {companies: api}\nlanguages: [it, en]\n")
    ran = run("show", "settings", "northwind-it", "--format", "json")
    assert json.loads(ran.out)["left_out"] == {
        "longest_term": "20 years",
        "hours_rounding": "15 minutes",
        "uncovered": "error",
        "review_threshold": 0,
        "work_type_budget": 15,
        "multiplier_on_overage": False,
        "lanes.services": "import",
        "written_in": "it",
    }
    ran = run("show", "client", "globex", "--as-of", AS_OF)
    assert "#   language               it\n" in ran.out
