"""The command line run as a user runs it, on a small catalogue that has no findings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from billing_dsl.cli import main

ROOT = Path(__file__).parents[3]
AS_OF = "2027-01-15"

SMALL = {
    "settings.yaml": """
        format: 1
        kind: settings
        name: northwind-it
        title: Northwind IT
        currency: EUR
        timezone: Europe/Rome
    """,
    "roles.yaml": """
        format: 1
        kind: role
        name: engineer
        title: Support Engineer
        rate: 85.00
        ---
        format: 1
        kind: role
        name: architect
        title: Network Architect
        rate: 140.00
    """,
    "sub-issues.yaml": """
        format: 1
        kind: sub_issue
        name: printer
        title: Paper Jam
        issue: Printing
    """,
    "work-types.yaml": """
        format: 1
        kind: work_type
        name: remote-support
        title: Remote Support
        billing_class: core
        description: Help at a distance.
        ---
        format: 1
        kind: work_type
        name: onsite-support
        title: Onsite Support
        billing_class: edge
        description: Work at the premises.
        ---
        format: 1
        kind: work_type
        name: project-work
        title: Project Work
        billing_class: baseline
        description: Planned changes.
    """,
    "services.yaml": """
        format: 1
        kind: service
        name: seat
        title: Managed seat
        period: monthly
        price: 48.00
        cost: 20.00
        billing_code: Managed Services
    """,
    "tiers/silver.yaml": """
        format: 1
        kind: tier
        name: silver
        version: 1
        effective: 2026-01-01
        title: Silver
        contracts:
          - {name: recurring, type: recurring_service, services: [seat]}
          - {name: block, type: block_hours}
          - {name: hourly, type: time_and_materials}
        scope:
          remote-support: recurring
          onsite-support: block
          project-work: hourly
        roles: {architect: hourly}
        sub_issues: {printer: hourly}
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
        client: acme
        tier: silver@1
        start: 2027-01-01
        term: 12 months
        services: {seat: 45}
        blocks:
          - {contract: block, hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31}
    """,
    "clients/globex.yaml": """
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
        contracts:
          - name: managed
            type: fixed_price
            excludes: {work_types: [project-work]}
            falls_to: hourly
            milestones: [{title: The year, date: 2027-01-31, amount: 1200.00}]
          - {name: hourly, type: time_and_materials}
    """,
}
"""A catalogue without findings, by the paths of its files."""


def text_of(indented: str) -> str:
    """A document as a file holds it."""
    lines = indented.strip("\n").split("\n")
    margin = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[margin:] for line in lines).rstrip() + "\n"


def catalogue(folder: Path, changes: Mapping[str, str | None] | None = None) -> Path:
    """The small catalogue written out; `changes` replace files, add some, or leave some out."""
    for path, content in {**SMALL, **(changes or {})}.items():
        if content is not None:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text_of(content).encode())
    return folder


GAP = {
    "clients/globex.yaml": """
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
        contracts:
          - name: hourly
            type: time_and_materials
            excludes: {work_types: [project-work]}
    """
}
"""A change after which project work of one client ends nowhere: one BD301."""


@dataclass(frozen=True)
class Ran:
    """How a run ended, and what it printed where."""

    code: int
    out: str
    err: str


def process(
    *arguments: str, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Ran:
    """The command run as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "billing_dsl", *arguments],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        cwd=cwd,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@dataclass(frozen=True)
class Command:
    """The command line in this process."""

    captured: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Ran:
        """One run."""
        self.captured.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = self.captured.readouterr()
        return Ran(code, out, err)
