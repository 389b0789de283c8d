"""What is modelled where Autotask's behaviour is not known: each assumption by its name.

The model is the safe one: a wrong guess shows as a finding, never as money moved in silence.
Findings that rest on an assumption name it; `docs/assumptions.md` is made from this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Known(StrEnum):
    """How much is known of what Autotask does."""

    PARTLY = "one page of the vendor's help says so, or half of it"
    INFERRED = "inferred from the shape of the programming interface or from two pages together"
    SINGLE = "one unofficial source says so"
    UNKNOWN = "not found anywhere"


@dataclass(frozen=True, slots=True)
class Assumption:
    """One open question: what is asked, what is known of it, what is modelled, and what shows."""

    name: str
    """What findings call it: a heading of docs/assumptions.md."""
    title: str
    known: Known
    question: str
    model: str
    shows_as: str


def _all() -> tuple[Assumption, ...]:
    unknown, inferred, single, partly = (
        Known.UNKNOWN,
        Known.INFERRED,
        Known.SINGLE,
        Known.PARTLY,
    )
    return (
        Assumption(
            "broken-path",
            "An exclusion contract that is not in force",
            unknown,
            "What becomes of work whose exclusion contract is inactive, has ended or has not "
            "begun on the day of the work?",
            "The path breaks there: the work is covered by nothing, and is not looked for beyond. "
            "It counts as billed at the role's standard rate if its work type is billable.",
            "BD303 with its first day; BD315 where only another start leads there.",
        ),
        Assumption(
            "blank-exclusion-contract",
            "A blank exclusion contract",
            partly,
            "Is excluded work without an exclusion contract billed, or lost? The vendor's help "
            "says that normal rates apply; one consultancy says both.",
            "No contract covers it. It is billed at the role's rate as its work type changes it if "
            "the work type is billable, and not billed otherwise.",
            "BD301, unless the settings accept it with `uncovered: standard_rate` or somebody "
            "wrote `none`; BD309 from other starts.",
        ),
        Assumption(
            "loops",
            "Rings of exclusion contracts",
            unknown,
            "Does Autotask's interface forbid contracts that fall to each other in a ring? The "
            "programming interface cannot make one, for the link is set on creation only.",
            "Rings are possible. Work that goes round one ends nowhere; it counts as billed at "
            "the standard rate if billable.",
            "BD302 with the whole ring; BD313 for a ring that no work goes round.",
        ),
        Assumption(
            "foreign-exclusion-contract",
            "An exclusion contract of another organization",
            unknown,
            "May a contract fall to one of another organization, a parent's for instance?",
            "Not allowed. For a parent's contract a waiver accepts it, and the work is followed "
            "into it.",
            "BD304.",
        ),
        Assumption(
            "unusual-exclusion-contract-types",
            "Types of exclusion contracts",
            inferred,
            "Which types of contract may be exclusion contracts?",
            "All. Recurring service, block hours and time and materials are seen in practice; the "
            "others are not.",
            "BD314 for fixed price, retainer and per ticket.",
        ),
        Assumption(
            "sets-and-own-exclusions",
            "A set and exclusions beside it",
            inferred,
            "Do individual exclusions add to those of the contract's set?",
            "Yes: the union counts. Nothing can be un-excluded for one contract.",
            "An exception that widens cover makes an exclusion set of its own.",
        ),
        Assumption(
            "several-reasons",
            "Several reasons at once",
            inferred,
            "What if work is excluded by its work type and its role?",
            "One hop, for there is only one link; all reasons are listed.",
            "`billing-dsl why` names each of them.",
        ),
        Assumption(
            "link-after-creation",
            "Changing the exclusion contract later",
            inferred,
            "Can the exclusion contract of a contract be changed once it exists?",
            "By hand in the interface, not through the programming interface. Contracts are made "
            "from the end of the path to its beginning.",
            "Requests in that order; a changed link is a dated step of the checklist.",
        ),
        Assumption(
            "saved-entries",
            "Entries already saved",
            unknown,
            "Does a change of a set route entries again that are saved already?",
            "No: exclusions are applied when an entry is saved. Only later entries follow.",
            "Dated steps say that they are to be taken on the morning of their day.",
        ),
        Assumption(
            "entries-through-the-interface",
            "Entries made by other programs",
            unknown,
            "Are exclusions applied to time entries that a program makes?",
            "No: whoever makes them must name the contract where the work ends.",
            "`routing/routes.csv` is made for that.",
        ),
        Assumption(
            "after-hours-and-exclusions",
            "The part after hours",
            unknown,
            "Autotask applies exclusions before it splits off the part after hours. Is that part "
            "tested against exclusions by itself?",
            "It is routed as an entry of its own. Where it stayed with the first part it would be "
            "billed like that part.",
            "No finding of its own, since every sane catalogue bills the two parts differently: "
            "try it in the tenant with one entry across closing time.",
        ),
        Assumption(
            "decimal-entries-never-split",
            "Entries without start and stop times",
            partly,
            "Only entries with start and stop times are split at business hours.",
            "A contract demands start and stop times unless it says `time_entry: any`.",
            "BD311 where an out-of-hours promise would not be kept.",
        ),
        Assumption(
            "starting-contract",
            "The contract at which work starts",
            inferred,
            "A ticket takes its device's contract before the client's default one, and a person "
            "may choose any.",
            "Work is followed from the default contract, and from every other contract of the "
            "client and of its parent.",
            "Errors from the default contract; BD309 and BD315 from the others.",
        ),
        Assumption(
            "pre-excluded-types",
            "Work types excluded from new contracts",
            unknown,
            "Work types and roles can be marked as excluded from new contracts. Do contracts made "
            "by a program obey?",
            "The mark has no effect: every exclusion is written out.",
            "Nothing; look whether the mark is set in the tenant.",
        ),
        Assumption(
            "new-work-types",
            "Work types added later",
            inferred,
            "There is only exclusion, no inclusion: a work type added next month is covered by "
            "every contract until somebody excludes it.",
            "Exactly so. Therefore every tier has to decide every work type.",
            "BD305.",
        ),
        Assumption(
            "inactive-sets",
            "Inactive exclusion sets",
            partly,
            "An inactive set goes on excluding on the contracts that carry it.",
            "Sets are made active, and never made inactive.",
            "BD503 counts those in use against the limit of 100.",
        ),
        Assumption(
            "sub-issues-by-hand",
            "Sub-issues and the programming interface",
            inferred,
            "Exclusions of sub-issues appear in no entity of the programming interface.",
            "They are steps for a person.",
            "Steps of the checklist, with the sets and contracts that they belong to.",
        ),
        Assumption(
            "exhausted-block",
            "A block that is used up",
            partly,
            "Work beyond a block is overage on the block contract; the exclusion contract plays "
            "no part.",
            "So, also on days on which no block is usable. The overage rate is the contract's, "
            "else its rate for the role, else the role's; the work type changes nothing.",
            "BD409 for days without a block; the scope document says it in the client's words.",
        ),
        Assumption(
            "same-start-blocks",
            "Blocks that start on one day",
            partly,
            "Either of two blocks with equal first days may be taken.",
            "No order is relied on: where their rates differ, no rate is told.",
            "BD412.",
        ),
        Assumption(
            "used-up-retainers-and-tickets",
            "Retainers and tickets that are used up",
            unknown,
            "What is billed when a retainer or the tickets bought are used up?",
            "Balances of these types are not modelled.",
            "Nothing; watch the balances in Autotask.",
        ),
        Assumption(
            "rounding",
            "Rounding at posting",
            unknown,
            "Amounts are kept with four decimals and rounded to two for each posted item. In "
            "which direction?",
            "Half up, at each of the two steps.",
            "Amounts told with four decimals where they have them.",
        ),
        Assumption(
            "multiplier-on-overage",
            "The block factor on overage",
            partly,
            "A system setting applies the role's factor to overage. It is off unless switched on, "
            "and no program can read it.",
            "As `multiplier_on_overage` in the settings says; off by default.",
            "Overage rates, in `why` and in documents.",
        ),
        Assumption(
            "hours-rounding",
            "Rounding of hours",
            single,
            "Hours worked are rounded before they are billed.",
            "As `hours_rounding` in the settings says, upwards.",
            "Nothing yet: hours are not computed in this version.",
        ),
        Assumption(
            "work-type-settings",
            "What programs cannot see of work types",
            inferred,
            "Whether a work type is billable, its minimum and maximum hours and its rate method "
            "are set by hand.",
            "As the catalogue says.",
            "Steps of the checklist with the exact values.",
        ),
        Assumption(
            "fixed-price-labour",
            "Labour on fixed price contracts",
            inferred,
            "Does an hour on a fixed price contract make an invoice line?",
            "No: it is absorbed, the milestones are billed.",
            "`absorbed` in routes and answers.",
        ),
        Assumption(
            "entries-without-work-type",
            "Entries without a work type",
            partly,
            "An entry without a work type is billable.",
            "Not modelled: every entry has one. Make the work type required on ticket categories.",
            "Nothing.",
        ),
        Assumption(
            "umbrella",
            "Umbrella contracts",
            single,
            "The newest type of contract had no programming interface when it came out.",
            "Not compiled.",
            "BD504.",
        ),
        Assumption(
            "work-type-names",
            "Names of work types",
            unknown,
            "Must the names of work types differ? A name is all that joins them to what was made "
            "by hand.",
            "They must differ in more than capitals and spaces.",
            "BD326.",
        ),
        Assumption(
            "picklists",
            "Numbers behind picklists",
            inferred,
            "The numbers of contract types, period types and states differ or are not certain, "
            "and their labels can be changed.",
            "Requests name them by label; the tenant's own list has the numbers.",
            "`$picklist` in `requests.json`.",
        ),
        Assumption(
            "longest-term",
            "The longest contract",
            unknown,
            "Contracts of up to 20 years are said to be possible.",
            "As `longest_term` in the settings says, 20 years by default.",
            "BD421.",
        ),
        Assumption(
            "import-headers",
            "Headers of import files",
            unknown,
            "Which headers, encoding and decimal sign do the import screens take?",
            "Known headers with their source; what a tenant's own template says is right.",
            "The checklist marks the files as unverified.",
        ),
        Assumption(
            "purchases-and-charges",
            "Purchases made by a program",
            inferred,
            "A block bought in the interface also makes its charge; one made by a program does "
            "not, so the money would never be invoiced.",
            "A block and its charge are always made as a pair.",
            "Two requests, the charge after the block.",
        ),
    )


ASSUMPTIONS: Mapping[str, Assumption] = {one.name: one for one in _all()}
"""Every assumption by its name, in the order in which they are told."""


def assumptions_page() -> str:
    """The page of all assumptions, as Markdown."""
    lines = [
        "# Assumptions",
        "",
        "What Autotask does is not always documented, and nothing here has been tried in a live "
        "tenant. Where",
        "nobody knows, the safe model is taken: a wrong guess shows as a finding, never as money "
        "moved in silence.",
        "Findings name the assumption they rest on. Try the first ones in your tenant before you "
        "rely on them.",
        "",
    ]
    for one in ASSUMPTIONS.values():
        lines += [
            f"## {one.name}",
            "",
            f"**{one.title}** ({one.known.value}). {one.question}",
            "",
            f"- Modelled: {one.model}",
            f"- Shows as: {one.shows_as}",
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"
