"""Catalogues of any size, the same for the same number: `python -m bench.generate DIR 1000`.

One file for each agreement and its client, of about 60 lines and 2 kB, beside a small shared
catalogue of three tiers. Nothing is random: whatever varies is worked out from the number.
"""

from __future__ import annotations

import sys
from pathlib import Path

WORK_TYPES = {
    # name: class, ends in bronze, silver and gold
    "remote-support": ("core", "recurring", "recurring", "recurring"),
    "monitoring-response": ("core", "recurring", "recurring", "recurring"),
    "routine-maintenance": ("edge", "hourly", "recurring", "recurring"),
    "vendor-liaison": ("edge", "hourly", "block", "recurring"),
    "user-training": ("edge", "hourly", "hourly", "recurring"),
    "onsite-support": ("edge", "hourly", "block", "recurring"),
    "security-review": ("edge", "hourly", "block", "block"),
    "new-installation": ("baseline", "hourly", "hourly", "hourly"),
    "project-work": ("baseline", "hourly", "hourly", "hourly"),
    "relocation": ("baseline", "hourly", "hourly", "block"),
    "out-of-hours-support": ("baseline", "hourly", "hourly", "hourly"),
    "emergency-callout": ("baseline", "hourly", "hourly", "hourly"),
}
ROLES = ("engineer", "senior-engineer", "architect", "project-manager", "technician")
TIERS = ("bronze", "silver", "gold")
CONTRACTS = {
    "bronze": (("recurring", "recurring_service"), ("hourly", "time_and_materials")),
    "silver": (
        ("recurring", "recurring_service"),
        ("block", "block_hours"),
        ("hourly", "time_and_materials"),
    ),
    "gold": (
        ("recurring", "recurring_service"),
        ("block", "block_hours"),
        ("hourly", "time_and_materials"),
    ),
}


def shared() -> dict[str, str]:
    """The documents that all clients share, by path."""
    files = {
        "settings.yaml": (
            "format: 1\nkind: settings\nname: bench-msp\ntitle: Bench MSP\n"
            "currency: EUR\ntimezone: Europe/Rome\n"
        )
    }
    for number, role in enumerate(ROLES):
        files[f"roles/{role}.yaml"] = (
            f"format: 1\nkind: role\nname: {role}\ntitle: {_title(role)}\n"
            f"rate: {{EUR: {80 + 10 * number}.00, CHF: {90 + 10 * number}.00}}\n"
        )
    for number, (name, (billing_class, *_)) in enumerate(WORK_TYPES.items()):
        files[f"work_types/{name}.yaml"] = (
            f"format: 1\nkind: work_type\nname: {name}\ntitle: {_title(name)}\n"
            f"billing_class: {billing_class}\ndescription: Work of the kind {_title(name)}.\n"
            f'external_number: "WT-{number}"\n'
        )
    for number, tier in enumerate(TIERS):
        files[f"services/{tier}-seat.yaml"] = (
            f"format: 1\nkind: service\nname: {tier}-seat\ntitle: Managed seat {_title(tier)}\n"
            f"period: monthly\nprice: {{EUR: {30 + 15 * number}.00, CHF: {33 + 15 * number}.00}}\n"
        )
        lines = [
            "format: 1\nkind: tier",
            f"name: {tier}\nversion: 1\neffective: 2025-01-01",
            f"title: {_title(tier)}\nrank: {number + 1}\ncontracts:",
        ]
        for name, kind in CONTRACTS[tier]:
            services = f", services: [{tier}-seat]" if name == "recurring" else ""
            lines.append(f"  - {{name: {name}, type: {kind}{services}}}")
        lines.append("scope:")
        for name, (_, *ends) in WORK_TYPES.items():
            lines.append(f"  {name}: {ends[number]}")
        files[f"tiers/{tier}.yaml"] = "\n".join(lines) + "\n"
    return files


def agreement(number: int) -> str:
    """One client with its agreement: about 60 lines."""
    tier = TIERS[number % 3]
    name = f"client-{number:05}"
    currency = "CHF" if number % 7 == 0 else "EUR"
    year = 2026 + number % 2
    month = number % 12 + 1
    start = f"{year}-{month:02}-01"
    block_end = f"{year + 2}-{month - 1:02}-28" if month > 1 else f"{year + 1}-12-31"
    units = 5 + number % 200
    lines = [
        "format: 1",
        "kind: client",
        f"name: {name}",
        f"title: Client {number}",
        f"legal_name: Client Number {number} S.r.l.",
        "autotask:",
        f"  organization: Client Number {number} S.r.l.",
        f"  number: C-{number:05}",
        f"currency: {currency}",
        "language: it",
        f'phone: "+39 055 {number:06}"',
        "address:",
        f"  street: Via della Prova {number % 300 + 1}",
        "  city: Firenze",
        '  postal_code: "50100"',
        "country: IT",
        "tax_region: Italy",
        f'tax_id: "IT{number:011}"',
        "accounting:",
        f'  quickbooks: "{10000 + number}"',
        f'  xero: "X-{number:06}"',
        f"owner: owner-{number % 9}@bench.example",
        "notice_to:",
        f"  - notices-{number}@client.example",
        f"  - office-{number}@client.example",
        "---",
        "format: 1",
        "kind: agreement",
        f"name: {name}-{year}",
        f"title: Managed services for Client {number}",
        f"client: {name}",
        f"tier: {tier}@1",
        f"start: {start}",
        "term: 24 months",
        f"number: A-{number:05}",
        "renewal:",
        "  automatic: true",
        "  extend_by: 12 months",
        "  notice: 90 days",
        "signed:",
        f"  date: {year - 1}-12-{number % 28 + 1:02}",
        f"  reference: letter {number}",
        "services:",
        f"  {tier}-seat:",
        f"    - units: {units}",
        f"    - from: {year + 1}-{month:02}-01",
        f"      units: {units + 3}",
    ]
    if tier != "bronze":
        lines += [
            "blocks:",
            "  - contract: block",
            f"    hours: {10 + number % 40}",
            f"    rate: {70 + number % 9}.00",
            f"    start: {start}",
            f"    end: {block_end}",
        ]
        if currency == "CHF":
            lines[-3] = f"    rate: {{CHF: {80 + number % 9}.00}}"
    if number % 4 == 0:
        amount = f"{{{currency}: {75 + number % 11}.50}}"
        lines += [
            "rates:",
            "  - contract: hourly",
            "    role: engineer",
            f"    rate: {amount}",
        ]
    if number % 10 == 1:
        lines += [
            "exceptions:",
            "  - work_type: relocation",
            "    goes_to: hourly" if tier == "gold" else "    goes_to: recurring",
            f"    reason: agreed with Client {number} in writing",
            "    owner: accounts@bench.example",
            f"    until: {year + 1}-12-31",
        ]
    lines += [
        "notes: |",
        f"  Client number {number} came by recommendation and signed after a visit of two days.",
        "  Visits are announced a day before at the front desk, and take place on working days.",
        "  The server room is locked; the key is with the caretaker, who is there until five.",
        "  Backups run at night and are looked at every morning by whoever is on duty.",
        "  The line to the branch office is old; it is replaced when the building is renewed.",
        "  Questions about invoices go to the office, questions about work to the owner above.",
    ]
    return "\n".join(lines) + "\n"


def _title(name: str) -> str:
    return name.replace("-", " ").capitalize()


def write(folder: Path, agreements: int) -> None:
    """Writes a catalogue; files that are there already are written over."""
    files = shared()
    for number in range(agreements):
        files[f"clients/{number // 1000:02}/client-{number:05}.yaml"] = agreement(number)
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
