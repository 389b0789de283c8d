"""The sorts of things that a person enters in Autotask: what they are called, where, and who looks.

Screens are in the words of the vendor's help, or say that they are unverified.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_ADMIN = "Admin > Features & Settings"
_FINANCE = f"{_ADMIN} > Finance, Accounting & Invoicing"
_CODES = f"{_FINANCE} > Billing Codes"
_CATALOGUE = f"{_ADMIN} > Products & Services"
_SETS = f"{_ADMIN} > Contracts & Un-Posting > Contract Exclusion Sets"
_CONTRACT = "Contracts > Search > Contracts > open the contract"
_MENU = f"{_CONTRACT} > Menu"

_LISTED = "the list shows it once, active, under exactly this name"
STANDS = "open it again: it stands there as entered"
GONE = "open it again: it is no longer there"
_BY_NAME = "requests and imports look it up by this name, and are refused without it"
_READ = "it can be read back through the API"
_NOBODY = "nothing else shows it: sub-issues that are excluded cannot be read through the API"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of object.

    `thing` is the object in a sentence, with its `{name}`; `check` shows at once that it was
    entered, and `later` what would show afterwards that it was not. `add` and `remove` are what is
    done to the `{thing}`.
    """

    one: str
    many: str
    thing: str
    screen: str
    check: str = STANDS
    later: str = _READ
    add: str = "add {thing}"
    remove: str = "take away {thing}"
    new: str = ""
    """Where one is made, if not on the screen where it is changed."""

    @property
    def made_on(self) -> str:
        """The screen where one is made."""
        return self.new or self.screen


SORTS: Mapping[str, Sort] = {
    "contract_type": Sort(
        "contract type",
        "Contract types",
        "contracts of type {name}",
        "Admin > Activations",
        "a contract of this type can be chosen when a contract is made",
        "requests for contracts of the type are refused",
    ),
    "contract_category": Sort(
        "contract category",
        "Contract categories",
        "the category {name}",
        f"{_ADMIN} > Contracts & Un-Posting > Contract Categories (unverified)",
        _LISTED,
        _BY_NAME,
    ),
    "billing_code": Sort(
        "billing code", "Billing codes", "the billing code {name}", _CODES, _LISTED, _BY_NAME
    ),
    "tax_region": Sort(
        "tax region",
        "Tax regions",
        "the tax region {name}",
        f"{_FINANCE} > Tax (unverified)",
        _LISTED,
        _BY_NAME,
    ),
    "tax_category": Sort(
        "tax category",
        "Tax categories",
        "the tax category {name}",
        f"{_FINANCE} > Tax (unverified)",
        _LISTED,
        "it can be read through the API with the work types that have it",
    ),
    "ledger": Sort(
        "general ledger account",
        "General ledger accounts",
        "the general ledger account {name}",
        f"{_FINANCE} > General Ledger (unverified)",
        "a work type offers it",
        "it can be read through the API with the work types that have it",
    ),
    "sub_issue": Sort(
        "sub-issue",
        "Sub-issues",
        "the sub-issue {name}",
        f"{_ADMIN} > Service Desk > Issue & Sub-Issue Types (unverified)",
        "a ticket of the issue offers it",
        "it can be read through the API among the lists of tickets",
    ),
    "work_type": Sort(
        "work type",
        "Work types",
        "the work type {name}",
        f"{_CODES} > Work Types",
        _LISTED,
        "name, rate method, after-hours work type, ledger account, tax category and external "
        "number can be read back through the API; whether it is billable, and its minimum and "
        "maximum hours, cannot: look twice",
    ),
    "role": Sort("role", "Roles", "the role {name}", f"{_FINANCE} > Roles", _LISTED),
    "service": Sort(
        "service", "Services", "the service {name}", f"{_CATALOGUE} > Services", STANDS
    ),
    "bundle_row": Sort(
        "service in a bundle",
        "Services in bundles",
        "the service {name}",
        f"{_CATALOGUE} > Services > the bundle",
    ),
    "price": Sort(
        "price in a further currency",
        "Prices in further currencies",
        "the price of {name}",
        f"{_CATALOGUE} > Price Lists (unverified)",
    ),
    "company": Sort(
        "organization",
        "Organizations",
        "the organization {name}",
        "CRM > Search > Organizations",
        new="CRM > Search > Organizations > New (unverified)",
    ),
    "exclusion_set": Sort(
        "exclusion set", "Exclusion sets", "the exclusion set {name}", _SETS, _LISTED
    ),
    "exclusion_set_row": Sort(
        "exclusion in a set",
        "Sub-issues in exclusion sets",
        "{name}",
        _SETS,
        "open the set again: it lists the sub-issue",
        _NOBODY,
        "exclude {thing}",
    ),
    "contract": Sort(
        "contract",
        "Contracts",
        "the contract {name}",
        f"{_CONTRACT} > Edit Contract",
        new="Contracts > Search > Contracts > New (unverified)",
    ),
    "exclusion": Sort(
        "exclusion",
        "Exclusions",
        "{name}",
        f"{_MENU} > Exclusions",
        "open the page again: it lists what is excluded",
        "excluded work types and roles can be read back through the API; sub-issues cannot: look "
        "twice",
        "exclude {thing}",
        "no longer exclude {thing}",
    ),
    "exclusion_contract": Sort(
        "exclusion contract",
        "Exclusion contracts",
        "its exclusion contract",
        f"{_MENU} > Exclusions, field Exclusion Contract",
        add="set {thing}",
    ),
    "contract_service": Sort(
        "service", "Services on contracts", "the service {name}", f"{_MENU} > Services"
    ),
    "units": Sort(
        "units of a service",
        "Units of services",
        "{name}",
        f"{_MENU} > Services",
        "the service has so many units from that day on",
        "the units of each period can be read back through the API",
    ),
    "list_price": Sort(
        "new list price of the service",
        "New list prices on contracts",
        "the list price of {name}",
        "Bulk Service Updater (place in the menu unverified), once the service has the new price",
        "on the contract the service costs so much from that day on, and as before until then",
        "the first invoice from that day on still has the old price",
    ),
    "block": Sort(
        "block of hours",
        "Blocks",
        "a block of {name}",
        f"{_MENU}, the block purchases (unverified)",
    ),
    "charge": Sort(
        "charge",
        "Charges",
        "one charge {name}",
        f"{_MENU} > Charges",
        "it waits in Approve & Post, once",
        add="see that there is {thing}",
    ),
    "retainer": Sort(
        "retainer", "Retainers", "a {name}", f"{_MENU}, the retainer purchases (unverified)"
    ),
    "tickets": Sort(
        "ticket purchase",
        "Tickets",
        "a purchase of {name}",
        f"{_MENU}, the ticket purchases (unverified)",
    ),
    "milestone": Sort(
        "milestone", "Milestones", "the milestone {name}", f"{_MENU} > Billing Milestones"
    ),
    "rate": Sort(
        "rate of a role",
        "Rates",
        "a rate for the role {name}",
        f"{_MENU}, the role rates (unverified)",
    ),
    "block_factor": Sort(
        "block hour multiplier",
        "Block hour multipliers",
        "a block hour multiplier for the role {name}",
        f"{_MENU}, the block hour multipliers (unverified)",
    ),
    "note": Sort("note", "Notes", "the note {name}", f"{_MENU}, the notes (unverified)"),
}
"""By the first word of an id."""


def sort_of(object_id: str) -> Sort:
    """The sort of an object."""
    return SORTS[object_id.partition(":")[0]]
