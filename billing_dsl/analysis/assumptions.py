"""What is not known of Autotask, and what is assumed instead: typed, named, and told to people.

Whoever finds that the truth is otherwise changes one entry here and the code that it names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that nobody outside the vendor knows for sure, and how it is modelled.

    `marks` tell where the knowledge ends, see `MARKS`; two of them belong to two halves of the
    question. `model` is one sentence. `proof` tells that statements of the proof rest on it.
    """

    slug: str
    title: str
    marks: str
    unknown: str
    model: str
    shown: str
    """How a wrong guess, or the guess itself, comes to light."""
    proof: bool = False


MARKS: Mapping[str, str] = {
    "D": "documented by the vendor",
    "I": "inferred from the API's shape, from public clients or from two pages together",
    "S": "told by a single unofficial source",
    "U": "unknown",
}
"""How well something is known."""


def _assumed(
    title: str, marks: str, unknown: str, model: str, shown: str, proof: bool = False
) -> Assumption:
    return Assumption(slug(title), title, marks, unknown, model, shown, proof)


def slug(title: str) -> str:
    """The name of a heading in links: `Broken path` → `broken-path`."""
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -")
    return kept.replace(" ", "-")


ASSUMPTIONS: tuple[Assumption, ...] = (
    # --- the exclusion path ------------------------------------------------------------------
    _assumed(
        "Broken path",
        "U",
        "What happens to excluded work whose exclusion contract is inactive, has ended or has not "
        "begun on the day worked. Related and documented: an expired contract on a ticket takes "
        "only entries dated within it.",
        "A path that leads to a contract not in force ends there, covered by nothing, and does "
        "not go on beyond it.",
        "an error with the first day",
        proof=True,
    ),
    _assumed(
        "Blank exclusion contract",
        "D",
        "Whether excluded work without an exclusion contract is paid or lost. The vendor says that "
        "cover is removed and normal rates hold; a consultancy contradicts it.",
        "Work that is excluded and falls to no contract is billed at the role's standard rate as "
        "the work type changes it, or not at all where the work type is not billable.",
        "an error, unless the settings accept the standard rate",
        proof=True,
    ),
    _assumed(
        "Loops",
        "U",
        "Whether the user interface lets contracts name each other as exclusion contracts in a "
        "ring, and what becomes of work that goes round it. The API cannot make one.",
        "Contracts may fall to each other in a ring, and work that comes to a contract a second "
        "time is covered by nothing.",
        "an error with the whole ring",
        proof=True,
    ),
    _assumed(
        "Longest chain",
        "U",
        "Whether Autotask follows exclusion contracts only so far.",
        "A path may be as long as it is written.",
        "nothing: paths of real agreements have two to four contracts",
        proof=True,
    ),
    _assumed(
        "Foreign exclusion contract",
        "U",
        "Whether a contract may name an exclusion contract of another organization. Tickets may "
        "carry contracts of the organization and of its parent.",
        "A link to a contract of another client, the parent included, is followed but not allowed.",
        "an error, unless waived",
        proof=True,
    ),
    _assumed(
        "Unusual exclusion contract types",
        "I",
        "Which types of contract may be exclusion contracts. Seen in practice: recurring service, "
        "block hours, time and materials.",
        "Every type may be an exclusion contract; fixed price, retainer and per ticket have not "
        "been seen as one.",
        "a warning for the last three",
        proof=True,
    ),
    _assumed(
        "Union of exclusions",
        "I",
        "How individual exclusions and an exclusion set on one contract work together. The vendor "
        "says “instead of, or on top of”.",
        "A contract excludes what its set lists and what it lists by itself.",
        "nothing",
        proof=True,
    ),
    _assumed(
        "Several reasons",
        "I",
        "What happens to work that a contract excludes for more than one reason, say by work type "
        "and by role.",
        "Several reasons at one contract make one step, since a contract has one exclusion "
        "contract.",
        "all reasons, listed by `why`",
        proof=True,
    ),
    _assumed(
        "Links after creation",
        "I",
        "Whether the API can change the exclusion contract of a contract that exists. Clients of "
        "the API send it on creation only.",
        "A link is written when its contract is created and changed by a person afterwards; "
        "contracts are created from the end of the path.",
        "a step of the checklist",
    ),
    _assumed(
        "Edited sets",
        "U",
        "Whether changing an exclusion set moves time entries that are saved already.",
        "Saved entries stay where they are; only entries saved later follow the changed set.",
        "a step of the checklist: unposted entries may have to be saved again",
    ),
    _assumed(
        "Entries made by API",
        "U",
        "Whether Autotask applies exclusions to time entries that are created through its API.",
        "Entries made by API are not moved by Autotask: whoever creates them sends the contract "
        "that the routing table names.",
        "the routing table, which is written for that use",
    ),
    _assumed(
        "After-hours and exclusions",
        "U",
        "Whether the part of an entry that is split off outside business hours is tested against "
        "exclusions. Documented: exclusions are applied before the split.",
        "The part outside business hours is routed as an entry of its own; where it would end "
        "elsewhere if it stayed with the first part, that is said.",
        "a warning where the two differ",
        proof=True,
    ),
    _assumed(
        "Starting contract",
        "I",
        "Whether a ticket takes the contract of its device or the client's default contract first.",
        "Work starts at the client's default contract, and is proved from every other contract "
        "that a ticket may carry as well.",
        "a finding of lesser weight where only another start is concerned",
        proof=True,
    ),
    _assumed(
        "Days before and after a contract",
        "D U",
        "What happens to work on days outside the life of the contract that its ticket carries. "
        "Documented for an expired contract only.",
        "A contract that is not in force on the day worked takes no work.",
        "an error",
        proof=True,
    ),
    _assumed(
        "Pre-excluded types",
        "U",
        "Whether contracts made by API obey the mark of work types and roles that excludes them "
        "from new contracts.",
        "The mark has no effect on contracts made by API: every exclusion is written out.",
        "a step of the checklist: leave the mark unset, or check new contracts",
        proof=True,
    ),
    _assumed(
        "New work types",
        "I",
        "What existing contracts do with a work type that is made later.",
        "A new work type is covered by every contract until somebody excludes it, so each tier "
        "has to decide it.",
        "an error for a tier that has not decided",
        proof=True,
    ),
    _assumed(
        "Inactive sets",
        "D I",
        "What an inactive exclusion set does. Documented: it goes on excluding where it is "
        "attached.",
        "An inactive set goes on excluding on the contracts that carry it and is attached to no "
        "others.",
        "a warning",
        proof=True,
    ),
    _assumed(
        "Sub-issues by hand",
        "I",
        "Whether exclusions of sub-issues can be written or read through the API. Its list of "
        "operations has none.",
        "Sub-issues are excluded by a person, and reading a tenant cannot see them.",
        "a step of the checklist",
        proof=True,
    ),
    # --- blocks, retainers, tickets ----------------------------------------------------------
    _assumed(
        "Exhausted block",
        "D",
        "Where work goes when a block is used up. Documented: it is billed as overage; exclusions "
        "are applied when an entry is saved, blocks when it is posted.",
        "Once a block is used up, and on days without one, work is overage on the block contract "
        "and never goes on to its exclusion contract.",
        "a warning for days without a block; the scope document states the overage rate",
        proof=True,
    ),
    _assumed(
        "Same-start blocks",
        "D",
        "Which of two usable blocks that start on one day is drawn on first. The vendor says: "
        "either.",
        "Of usable blocks the one that starts first is drawn on; nothing rests on the order of "
        "those that start together.",
        "a warning; where their rates differ, no rate rather than a guess",
        proof=True,
    ),
    _assumed(
        "Purchases used up",
        "U",
        "What becomes of work once a retainer or the bought tickets are used up.",
        "Balances of retainers and tickets are not modelled: the rate is stated as if they last.",
        "a warning on days without any",
        proof=True,
    ),
    _assumed(
        "Blocks and charges",
        "I",
        "Whether a block that is made by API is invoiced. One made in the user interface brings "
        "its contract charge with it.",
        "A block is always written together with its charge.",
        "two requests side by side",
    ),
    # --- money -------------------------------------------------------------------------------
    _assumed(
        "Part of a month",
        "D S",
        "How much of its price a service is charged for part of a period. Documented: a change of "
        "units is prorated by default. Told by one who moved: first and last periods surprise.",
        "Units count by the days of the month, and a longer period gives each of its months an "
        "equal part; only margins of `what-if` rest on it.",
        "the months and the units that a price to break even is told with",
    ),
    _assumed(
        "Rounding",
        "U",
        "In which direction amounts are rounded at posting. Documented: four decimals are kept, "
        "each posted item has two.",
        "Amounts are rounded half up, from four decimals to two, for each item.",
        "nothing",
        proof=True,
    ),
    _assumed(
        "Multiplier on overage",
        "D",
        "Whether the tenant applies the block factor to overage: a system setting, off by default, "
        "that the API does not show.",
        "Overage is multiplied by the block factor only if the settings say so "
        "(`multiplier_on_overage`).",
        "nothing",
        proof=True,
    ),
    _assumed(
        "Hours rounding",
        "S",
        "How hours worked are rounded before they are billed.",
        "Hours are rounded up as the settings say (`hours_rounding`), for each entry.",
        "the scope document, which states it",
    ),
    _assumed(
        "Work type settings",
        "I",
        "Whether the API shows minimum and maximum hours, the billable flag and the rate method of "
        "work types. Only the rate method is reachable.",
        "What a work type's document says of billing is what a person has set in Autotask.",
        "a step of the checklist for each work type",
        proof=True,
    ),
    _assumed(
        "Fixed price labour",
        "I",
        "Whether labour on a fixed price contract makes a line of an invoice.",
        "Labour on a fixed price contract is absorbed by the price.",
        "nothing",
        proof=True,
    ),
    _assumed(
        "Entries without a work type",
        "D",
        "What a tenant does with entries that have no work type. Documented: they are billable, "
        "on the contract where they started.",
        "Every entry has a work type, as the vendor advises to require.",
        "a step of the checklist",
        proof=True,
    ),
    _assumed(
        "Umbrella",
        "S",
        "How contracts of type Umbrella route work. They have had no API.",
        "Contracts of type Umbrella are not part of the model and cannot be declared.",
        "a contract type that is not accepted",
    ),
    # --- names, dates, entries ---------------------------------------------------------------
    _assumed(
        "Work type names",
        "U",
        "Whether Autotask lets two work types have one name, and when two names are the same.",
        "Titles of work types differ by more than case, width and spaces.",
        "an error",
    ),
    _assumed(
        "Decimal entries never split",
        "D",
        "Whether engineers log start and stop times. Documented: an entry in decimal hours is "
        "never split at the end of business hours.",
        "After-hours work is told apart only on contracts that require start and stop times.",
        "a warning where a promise rests on the split and decimal entry is allowed",
        proof=True,
    ),
    _assumed(
        "Longest term",
        "U",
        "How far in the future a contract may end; twenty years are said to be the limit.",
        "A contract may last as long as the settings say (`longest_term`, 20 years by default).",
        "a warning, never a refusal",
    ),
    _assumed(
        "Dates of running contracts",
        "I",
        "Whether the end of every type of contract can be moved through the API, and how far.",
        "The end of any contract can be moved, but never back into a posted period.",
        "a read after the write",
    ),
    _assumed(
        "Renewal",
        "U",
        "What a renewal carries over, and where contracts point that pointed at the old one.",
        "A renewal carries nothing: sets are attached again, and every link to the old contract "
        "is set anew. No agreement is ever prolonged by itself.",
        "a gap after the last day, as long as no further agreement is declared",
        proof=True,
    ),
    _assumed(
        "Deleting contracts",
        "I",
        "What happens to contracts that point at one that is deleted.",
        "Contracts are never deleted: they end, or are made inactive by a person's wish.",
        "no request that deletes a contract",
    ),
    # --- the API and files -------------------------------------------------------------------
    _assumed(
        "Picklist numbers",
        "I U",
        "The numbers that stand for contract types, statuses and period types. They differ "
        "between tenants and languages.",
        "Values of lists are written by what they mean and resolved from the tenant's own lists.",
        "a reference in braces instead of a number",
    ),
    _assumed(
        "Filters",
        "S",
        "What a query with a wrong filter returns; it is said to return everything.",
        "Each row that a query returns is compared with the filter.",
        "a refusal to act",
    ),
    _assumed(
        "Hourly limit",
        "D S",
        "How many calls an hour a tenant allows, all integrations together: 10,000 or 20,000.",
        "10,000 calls an hour, shared; slower from one half on.",
        "an estimate beside the requests",
    ),
    _assumed(
        "Import headers",
        "U",
        "The exact headers, encoding, row limit and decimal separator of the import files.",
        "The tenant's own template decides; without one the vendor's English headers stand in.",
        "a note that the headers are not verified",
    ),
    _assumed(
        "Exports",
        "D",
        "Columns and dates of the tenant's exports, which vary; 5,000 rows are the most.",
        "Columns are mapped by hand, and a file of exactly 5,000 rows counts as cut off.",
        "a warning",
    ),
    _assumed(
        "Dashboard widgets",
        "U",
        "Whether widgets can be made from outside, and what their filters are called.",
        "Dashboards are recipes for a person.",
        "a step for a person",
    ),
    _assumed(
        "Hidden contracts",
        "D",
        "Whether the API user sees every contract. Documented: without the right, rows are hidden.",
        "What a read of a tenant does not show may exist all the same.",
        "a note beside what was read",
    ),
)
"""In the order of the page: what the proof rests on first."""


@cache
def assumptions() -> Mapping[str, Assumption]:
    """Every assumption by the name that findings give."""
    return {assumption.slug: assumption for assumption in ASSUMPTIONS}


_HEAD = """\
# Assumptions

<!-- Written from `billing_dsl/analysis/assumptions.py`: change that, then run `make golden`. -->

Not everything that Autotask does is documented, and nothing here has been verified against a live
tenant. Where the truth is not known, the tool takes a safe model: a wrong guess shows up as a
finding, never as money that moves in silence. Findings name the assumption that they rest on, by
its heading on this page, and a [certificate](commands.md) lists those that its proof rests on.

How well each is known:

"""


def page() -> str:
    """The page of all assumptions, docs/assumptions.md."""
    parts = [_HEAD + "\n".join(f"- **{mark}**: {words}" for mark, words in MARKS.items())]
    for found in ASSUMPTIONS:
        known = ", ".join(MARKS[mark] for mark in found.marks.split())
        lines = [
            f"## {found.title}",
            "",
            found.unknown,
            "",
            f"- **Model:** {found.model}",
            f"- **Known:** {known} ({found.marks})",
            f"- **Shows as:** {found.shown}",
        ]
        if found.proof:
            lines.append("- The proof rests on it.")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
