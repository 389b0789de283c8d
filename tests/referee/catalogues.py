"""What is put before the judges: catalogues of every sort, compiled."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path

from billing_dsl.diagnostics import Severity
from billing_dsl.pipeline import Checked, check, read_file
from billing_dsl.rules import rules
from billing_dsl.targets._book import Book
from billing_dsl.verdict import verdict
from tests.goldens import ROOT
from tests.oracle.strategies import FIRST, LAST, Choices, any_catalogue, clean_catalogue
from tests.unit.targets.compiling import TODAY, compiled, of_clients, of_documents, shipped

DAYS = (date(2025, 1, 1), date(2026, 6, 30), TODAY, date(2028, 3, 1), date(2031, 1, 1))
LONGER = (10, 25, 40, 100, 150)
"""By how many characters texts are made longer; those of several lines seven times as many."""

RANDOM = 120
"""How many random catalogues of each sort are judged."""

FIRM = """
    kind: settings
    name: firm
    title: The Firm
    currency: EUR
    timezone: Europe/Rome
    lanes: {companies: api, services: api}
    ---
    kind: role
    name: engineer
    title: Engineer
    rate:
      - rate: {EUR: 85.00, CHF: 95.00}
      - {from: 2027-07-01, rate: {EUR: 88.00, CHF: 99.5}}
    ---
    kind: role
    name: architect
    title: Architect
    rate: {EUR: 140.0025, CHF: 160}
    block_factor: 1.5
    autotask: {name: Enterprise Architect}
    ---
    kind: work_type
    name: remote
    title: Remote Support
    billing_class: core
    description: Help at a distance.
    ---
    kind: work_type
    name: onsite
    title: Onsite Support
    billing_class: edge
    description: Help at the client's premises.
    ---
    kind: work_type
    name: project
    title: Project Work
    billing_class: baseline
    description: Planned work.
    ---
    kind: sub_issue
    name: printer
    title: Paper Jam
    issue: Printing
    ---
    kind: service
    name: seat
    title: Managed seat
    period: monthly
    price:
      - price: {EUR: 48.00, CHF: 55.00}
      - {from: 2027-07-01, price: {EUR: 50.00, CHF: 57.00}}
    cost:
      - rate: 24.1234
      - {from: 2028-01-01, rate: 25}
    billing_code: Managed Services
    invoice_description: Managed seat, per person and month
    ---
    kind: service
    name: filter
    title: Mail filter
    period: monthly
    price: {EUR: 2.00, CHF: 2.50}
    billing_code: Managed Services
    ---
    kind: service_bundle
    name: workplace
    title: Workplace
    period: monthly
    services: [seat, filter]
    price: {EUR: 49.00, CHF: 56.00}
    billing_code: Managed Services
    ---
    kind: client
    name: acme
    legal_name: Acme S.r.l.
    autotask: {organization: Acme in Autotask, number: C-1}
    phone: "+39 011 555 0142"
    address: {street: Via Po 1, street2: Scala B, city: Torino, state: TO, postal_code: "10100"}
    country: IT
    tax_region: Italy
    tax_id: "IT01234567890"
    owner: desk@firm.example
"""
"""A firm of which everything goes by the API that can."""

EVERYTHING = """
    kind: tier
    name: silver
    version: 1
    effective: 2026-01-01
    title: Silver
    contracts:
      - name: recurring
        type: recurring_service
        services: [seat, workplace]
        period: quarterly
        category: Managed
        setup_fee: {EUR: 1200.00}
      - name: block
        type: block_hours
        overage_rate:
          - rate: {EUR: 99.00}
          - {from: 2027-09-01, rate: {EUR: 101.00}}
        block_factors: {architect: 1.75}
      - {name: hourly, type: time_and_materials, time_entry: any}
    scope: {remote: recurring, onsite: block, project: hourly}
    roles: {architect: hourly}
    sub_issues: {printer: hourly}
    ---
    kind: tier
    name: gold
    version: 1
    effective: 2026-01-01
    title: Gold
    extends: silver@1
    scope: {onsite: recurring}
    ---
    kind: client
    name: acme-nord
    legal_name: Acme Nord AG
    parent: acme
    currency: CHF
    phone: "+41 44 555 01 42"
    owner: desk@firm.example
    ---
    kind: agreement
    name: acme-2027
    client: acme
    start: 2027-01-01
    end: 2028-12-31
    number: AG-1
    tier:
      - tier: silver@1
      - {from: 2027-10-01, tier: gold@1}
    services:
      seat:
        - {units: 45, price: 46.00}
        - {from: 2027-04-01, units: 40, price: 46.00}
        - {from: 2027-08-01, units: 52, price: 46.50}
      workplace:
        - {units: 3, price: 47.00}
        - {from: 2027-04-01, units: 4, price: 48.00}
        - {from: 2027-08-01, units: 0}
    blocks:
      - {contract: block, hours: 40, rate: 78.00, start: 2027-01-01, end: 2027-12-31}
      - {contract: block, hours: 7.5, rate: 78.0025, start: 2027-01-01, end: 2027-06-30}
      - {contract: block, hours: 40, rate: 80.00, start: 2028-01-01, end: 2028-12-31}
    rates:
      - contract: hourly
        role: engineer
        rate:
          - rate: 80.00
          - {from: 2027-05-01, rate: 81.00}
    exceptions:
      - work_type: remote
        goes_to: hourly
        reason: signed
        owner: desk
        from: 2027-02-01
        until: 2027-04-30
      - role: engineer
        goes_to: hourly
        reason: signed
        owner: desk
        until: 2027-03-31
    ---
    kind: exclusion_set
    name: classic
    title: Classic
    work_types: [onsite, project]
    roles: [architect]
    ---
    kind: agreement
    name: acme-2029
    client: acme
    start: 2029-01-01
    end: 2029-12-31
    contracts:
      - name: money
        type: retainer
        excludes: {set: classic, work_types: [remote], roles: [engineer], sub_issues: [printer]}
        falls_to: tickets
        rates:
          - {role: engineer, rate: 90.00}
        retainers:
          - {amount: 5000.00, start: 2029-01-01, end: 2029-06-30}
          - {amount: 5000, start: 2029-07-01, end: 2029-12-31}
      - name: tickets
        type: per_ticket
        excludes: {work_types: [onsite]}
        falls_to: fixed
        tickets:
          - {tickets: 20, rate: 30.00, start: 2029-01-01, end: 2029-06-30}
          - {tickets: 20, rate: 31.5, start: 2029-07-01, end: 2029-12-31}
      - name: fixed
        type: fixed_price
        rates:
          - {role: architect, rate: 150.00}
        milestones:
          - {title: First half, date: 2029-03-01, amount: 9000.00}
          - {title: Second half, date: 2029-09-01, amount: 9000.5}
    ---
    kind: agreement
    name: nord-2027
    client: acme-nord
    start: 2027-01-01
    term: longest
    contracts:
      - name: block
        type: block_hours
        overage_rate: {CHF: 120.00}
        rates:
          - {role: engineer, rate: {CHF: 110.00}}
        block_factors: {engineer: 0.5}
        excludes: {work_types: [project]}
        falls_to: hourly
      - {name: hourly, type: time_and_materials, number: H-1, category: Hours}
    blocks:
      - contract: block
        hours: 100
        rate: {CHF: 100.00}
        start: 2027-01-01
        end: 2030-12-31
"""
"""Whatever the language has for contracts, now and later."""


UNMEASURED = re.compile(
    r"\b(title|legal_name|street2?|city|state|tax_region|category|billing_code"
    r'|invoice_description): ([^",}\n]+)'
)
"""Texts that the language takes longer than Autotask does."""


def everything(as_of: date = TODAY, longer: int = 0) -> Book:
    """All six types of contracts, and all that hangs on them; texts so many characters longer."""

    def lengthened(found: re.Match[str]) -> str:
        more = longer * 7 if found[1] == "invoice_description" else longer
        return f"{found[0]}{'x' * more}"

    firm, rest = (UNMEASURED.sub(lengthened, text) for text in (FIRM, EVERYTHING))
    return compiled(rest, as_of, firm)


def examined(path: Path, as_of: date = TODAY) -> tuple[Checked, bool]:
    """What checking a folder gives, house rules aside, and whether it is free of errors."""
    texts = {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in sorted(path.rglob("*.yaml"))
    }
    checked = check([read_file(name, text) for name, text in texts.items()], as_of, rules(), True)
    found = verdict(
        checked.found, checked.common.waivers, as_of, checked.partial, texts.__getitem__
    )
    return checked, all(each.severity is not Severity.ERROR for each in found.diagnostics)


def folder(path: Path) -> Book | None:
    """A folder's compilation; None where it has errors and is not compiled."""
    checked, clean = examined(path)
    declared = checked.common.declared
    if not clean or declared is None:
        return None
    return of_clients(declared, checked.clients, TODAY)


GOLDEN = {path.name: path / "catalogue" for path in sorted((ROOT / "tests" / "golden").iterdir())}
STARTER = ROOT / "billing_dsl" / "starter"

COMPILED: Mapping[str, Callable[[], Book | None]] = {
    **{
        f"shipped-{lane}-{day}": partial(shipped, day, lane)
        for day in DAYS
        for lane in ("import", "api")
    },
    "starter": partial(folder, STARTER),
    **{f"everything-{day}": partial(everything, day) for day in (*DAYS, date(2029, 7, 15))},
    **{f"longer-{longer}": partial(everything, longer=longer) for longer in LONGER},
    **{f"golden-{name}": partial(folder, path) for name, path in GOLDEN.items()},
}
"""Catalogues to be judged, by what they are called; one with errors is not compiled."""


def random_clean(seed: int) -> Book:
    """A random catalogue without errors, on some day."""
    choices = Choices.seeded(seed)
    return of_documents(clean_catalogue(choices), choices.day(FIRST, LAST))


def random_any(seed: int) -> Book:
    """A random catalogue that may hold any fault which rules report, on some day."""
    choices = Choices.seeded(seed)
    return of_documents(any_catalogue(choices), choices.day(FIRST, LAST))
