"""What letters tell of the rarer things: pools, purchases, currencies, new roles and causes."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from billing_dsl.letters.letter import Letter, Row
from billing_dsl.letters.writer import Origin, Writer
from tests.oracle.simulator import Document
from tests.test_properties import checked
from tests.unit.changes.test_cover import comparison
from tests.unit.letters.test_letters import plain_spaces, rows

Plain = dict[str, Any]
TODAY = date(2027, 1, 15)


def named(kind: str, name: str, **fields: Any) -> Document:
    return {"format": 1, "kind": kind, "name": name, **fields}


def work_type(name: str, **fields: Any) -> Document:
    title = name.title()
    return named(
        *("work_type", name), title=title, billing_class="core", description=f"{title}.", **fields
    )


def firm(*contracts: Plain, **fields: Any) -> list[Document]:
    """A firm with one client, whose agreement has these contracts."""
    return [
        named("settings", "firm", title="Firm", currency="EUR", timezone="Europe/Rome"),
        named("role", "engineer", title="Engineer", rate={"EUR": 80, "CHF": 90}),
        named("role", "trainee", title="Trainee", rate={"EUR": 40, "CHF": 45}),
        work_type("help"),
        work_type("visits"),
        named("sub_issue", "printer", title="Paper jam", issue="Printing"),
        named("service", "seat", title="Seat", period="monthly", price={"EUR": 48, "CHF": 55}),
        named("client", "acme", legal_name="Acme"),
        named(
            *("agreement", "acme-1"),
            client="acme",
            start="2026-01-01",
            end="2027-12-31",
            contracts=list(contracts) or [hourly()],
            **fields,
        ),
    ]


def hourly(name: str = "hourly", **fields: Any) -> Plain:
    return {"name": name, "type": "time_and_materials", **fields}


def changed(documents: list[Document], kind: str, name: str, /, **fields: Any) -> list[Document]:
    """The same catalogue with some fields of one document otherwise; None takes one away."""
    found = copy.deepcopy(documents)
    [one] = [known for known in found if (known["kind"], known["name"]) == (kind, name)]
    one.update(fields)
    for key in [key for key, value in one.items() if value is None]:
        del one[key]
    return found


def letter(before: list[Document], after: list[Document], as_of: date = TODAY) -> Letter | None:
    one, other = checked(before), checked(after)
    made = comparison(one, other)
    writer = Writer(made.work, as_of, Origin("a" * 64, "b" * 64, "1.0"))
    found = [writer.of(changes) for changes in made.of_families(one.clients, other.clients)]
    assert len(found) == 1
    return found[0]


def told(before: list[Document], after: list[Document]) -> list[tuple[str, str, str, str, str]]:
    found = letter(before, after)
    assert found is not None
    return [_row(row) for _, row in rows(found)]


def _row(row: Row) -> tuple[str, str, str, str, str]:
    return (
        plain_spaces(row.what),
        plain_spaces(row.note),
        plain_spaces(row.before.text),
        plain_spaces(row.after.text),
        row.effect,
    )


# --- cover ---------------------------------------------------------------------------------------


def blocks(*names: str) -> list[Plain]:
    day = {"start": "2026-01-01", "end": "2027-12-31"}
    return [{"contract": name, "hours": 40, "rate": 70, **day} for name in names]


def block(name: str, falls_to: str, *excluded: str) -> Plain:
    return {
        "name": name,
        "type": "block_hours",
        "falls_to": falls_to,
        "excludes": {"work_types": list(excluded)},
    }


def test_work_that_is_drawn_from_another_block() -> None:
    before = firm(block("one", "two"), block("two", "none"), blocks=blocks("one", "two"))
    after = firm(block("one", "two", "help"), block("two", "none"), blocks=blocks("one", "two"))
    assert told(before, after) == [
        ("Help", "", "from the block: One", "from the block: Two", "paid for in another way")
    ]


def test_work_that_is_drawn_from_the_block_of_another_agreement() -> None:
    extra = named(
        *("agreement", "acme-2"),
        client="acme",
        start="2026-01-01",
        end="2027-12-31",
        default=False,
        contracts=[block("more", "none")],
        blocks=blocks("more"),
        number="A-2",
    )
    fixed = {"name": "fixed", "type": "fixed_price", "excludes": {"work_types": ["help"]}}
    own = {"name": "one", "type": "block_hours"}
    before = [*firm({**fixed, "falls_to": "one"}, own, blocks=blocks("one")), extra]
    after = [*firm({**fixed, "falls_to": "acme-2/more"}, own, blocks=blocks("one")), extra]
    assert told(before, after) == [
        (
            *("Help", "", "from the block: One under agreement acme-1"),
            *("from the block: More under agreement A-2", "paid for in another way"),
        )
    ]


def test_work_that_goes_to_another_contract_at_the_same_price_looks_the_same() -> None:
    before = firm(hourly("one", falls_to="two"), hourly("two"))
    after = firm(hourly("one", falls_to="two", excludes={"work_types": ["help"]}), hourly("two"))
    assert letter(before, after) is None


def test_a_kind_of_work_that_is_new_and_one_that_is_gone() -> None:
    before = firm()
    after = [*firm(), work_type("lessons")]
    assert told(before, after)[0] == ("Lessons", "", "–", "by the hour", "new")
    gone = letter(after, before)
    assert gone is not None
    assert _row(rows(gone)[0][1]) == (
        *("Lessons", "", "by the hour", "not offered any more", "ends"),
    )


def test_a_role_that_is_new_is_told_by_its_rates_alone() -> None:
    before = firm({"name": "fixed", "type": "fixed_price"})
    more = named("role", "architect", title="Architect", rate=140)
    assert letter(before, [*before, more]) is None
    assert told(firm(), [*firm(), more]) == [
        ("Help and Visits", "Work by Architect", "–", "EUR 140.00 per hour", "new")
    ]
    assert letter([*firm(), more], firm()) is None


def test_a_cause_that_is_new_was_work_like_any_other() -> None:
    fixed = {"name": "fixed", "type": "fixed_price", "falls_to": "hourly"}
    before = firm(fixed, hourly())
    virus = named("sub_issue", "virus", title="Virus", issue="Security")
    assert letter(before, [*before, virus]) is None
    after = [*firm({**fixed, "excludes": {"sub_issues": ["virus"]}}, hourly()), virus]
    assert told(before, after)[0] == (
        *("Help and Visits", "Tickets about Security – Virus"),
        *("fixed price", "by the hour", "covers less"),
    )


def test_other_titles_are_other_work_and_other_names_are_not() -> None:
    after = changed(firm(), "work_type", "help", name="aid")
    assert letter(firm(), after) is None
    assert letter(firm(), changed(firm(), "work_type", "help", title="Aid")) is None
    both = changed(firm(), "work_type", "help", name="aid", title="Aid")
    assert {row[0] for row in told(firm(), both)} == {"Aid", "Help"}


def test_how_time_is_counted() -> None:
    before = changed(firm(), "work_type", "help", minimum_hours=1)
    after = changed(firm(), "work_type", "help", maximum_hours=4, after_hours="visits")
    assert told(before, after) == [
        ("Help", "", "at least 1 hour for each entry", "at most 4 hours for each entry", ""),
        ("Help", "The part outside business hours", "–", "Visits", ""),
    ]
    drawn = firm(block("one", "none"), blocks=blocks("one"))
    faster = changed(drawn, "role", "trainee", block_factor=2)
    assert told(drawn, faster) == [
        (
            *("Help and Visits", "An hour worked takes from the block; Work by Trainee"),
            *("1 hour", "2 hours", ""),
        )
    ]


def test_rates_of_overage_and_of_entries() -> None:
    drawn = firm(block("one", "none"), blocks=blocks("one"))
    after = copy.deepcopy(drawn)
    after[-1]["contracts"][0]["overage_rate"] = 99
    assert told(drawn, after) == [
        *(
            ("Help and Visits", f"Work by {who}", f"EUR {rate}.00 per hour", *more)
            for who, rate, more in (
                ("Engineer", 80, ("EUR 99.00 per hour", "higher")),
                ("Trainee", 40, ("EUR 99.00 per hour", "higher")),
            )
        )
    ]
    flat = changed(firm(), "work_type", "help", rate={"method": "flat", "amount": 60})
    assert told(firm(), flat)[:2] == [
        ("Help", "", "by the hour", "by the entry", "paid for in another way"),
        (
            *("Help", "Work by Engineer", "EUR 80.00 per hour"),
            *("EUR 60.00 per entry, however long", ""),
        ),
    ]


# --- what is paid --------------------------------------------------------------------------------


def test_another_currency_is_told_in_the_terms_and_in_every_price() -> None:
    seats = firm(services={"seat": 1})
    found = told(seats, changed(seats, "client", "acme", currency="CHF"))
    assert found[0] == ("Amounts", "", "in EUR", "in CHF", "")
    assert ("Seat", "", "EUR 48.00 per month", "CHF 55.00 per month", "") in found


def test_rounding_is_a_term() -> None:
    after = changed(firm(), "settings", "firm", hours_rounding="30 minutes")
    assert told(firm(), after) == [("Rounding of time", "", "15 minutes", "30 minutes", "")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (1, 2, ("EUR 48.00 per month", "2 × EUR 48.00 per month = EUR 96.00 per month", "")),
        (0, 1, ("–", "EUR 48.00 per month", "new")),
        (1, 0, ("EUR 48.00 per month", "–", "ends")),
        ({"units": 1, "price": 50}, 1, ("EUR 50.00 per month", "EUR 48.00 per month", "lower")),
    ],
)
def test_services(before: Any, after: Any, expected: tuple[str, ...]) -> None:
    found = told(firm(services={"seat": before}), firm(services={"seat": after}))
    assert found == [("Seat", "", *expected)]


def test_a_service_goes_on_when_its_agreement_is_prolonged() -> None:
    before = firm(services={"seat": [{"units": 2}, {"from": "2027-07-01", "units": 1}]})
    after = changed(before, "agreement", "acme-1", end="2028-12-31")
    assert [row[0] for row in told(before, after)] == ["Term"]
    more = changed(
        after,
        *("agreement", "acme-1"),
        services={"seat": [{"units": 2}, {"from": "2027-07-01", "units": 1},
                           {"from": "2028-01-01", "units": 3}]},
    )  # fmt: skip
    assert told(before, more)[1] == (
        *("Seat", "", "EUR 48.00 per month"),
        *("3 × EUR 48.00 per month = EUR 144.00 per month", ""),
    )


def test_what_is_bought_in_advance() -> None:
    drawn = firm(block("one", "none"), blocks=blocks("one"))
    [row] = told(drawn, firm(block("one", "none"), blocks=[{**blocks("one")[0], "rate": 75}]))
    assert row == (
        *("1 January 2026 to 31 December 2027", "", "40 hours × EUR 70.00 per hour = EUR 2,800.00"),
        *("40 hours × EUR 75.00 per hour = EUR 3,000.00", "higher"),
    )
    [row] = told(
        drawn, firm(block("one", "none"), blocks=[{**blocks("one")[0], "end": "2027-06-30"}])
    )
    assert row[0] == "from 1 January 2026"
    assert row[3].startswith("1 January 2026 to 30 June 2027: 40 hours")
    [row] = told(drawn, firm(block("one", "none"), blocks=[]))[-1:]
    assert row[3:] == ("–", "ends")
    named_blocks = firm(block("one", "two"), block("two", "none"), blocks=blocks("one", "two"))
    [row] = told(
        named_blocks,
        firm(block("one", "two"), block("two", "none"), blocks=blocks("one", "two", "two")),
    )
    assert row[:2] == ("Two", "1 January 2026 to 31 December 2027")


def test_retainers_tickets_and_payments() -> None:
    days = {"start": "2027-02-01", "end": "2027-12-31"}
    retainer = {"name": "prepaid", "type": "retainer"}
    row = told(firm(retainer), firm({**retainer, "retainers": [{"amount": 900, **days}]}))[-1]
    assert row == ("1 February 2027 to 31 December 2027", "", "–", "EUR 900.00", "new")
    tickets = {"name": "tickets", "type": "per_ticket"}
    pack = {"tickets": 10, "rate": 25, **days}
    row = told(firm(tickets), firm({**tickets, "tickets": [pack]}))[-1]
    assert row[3] == "10 × EUR 25.00 = EUR 250.00"
    fixed = {"name": "fixed", "type": "fixed_price"}
    due = {"title": "Plan accepted", "date": "2027-03-01", "amount": 900}
    assert told(firm(fixed), firm({**fixed, "milestones": [due], "setup_fee": 10})) == [
        ("Plan accepted", "1 March 2027", "–", "EUR 900.00", "new"),
    ]
    later = changed(
        firm({**fixed, "setup_fee": 10}), "agreement", "acme-1", start="2027-03-01", name="acme-2"
    )
    assert ("Fixed", "1 March 2027", "–", "EUR 10.00", "new") in told(
        changed(firm(fixed), "agreement", "acme-1", start="2027-03-01", name="acme-2"), later
    )


# --- agreements ----------------------------------------------------------------------------------


def test_one_agreement_that_takes_the_place_of_another() -> None:
    before = firm()
    after = changed(firm(), "agreement", "acme-1", name="acme-2", number="A-2", start="2026-06-01")
    found = letter(before, after)
    assert found is not None
    assert [plain_spaces(sentence) for sentence in found.short] == [
        "acme-1: this agreement does not hold any more.",
        "A-2: this agreement is new and runs from 1 June 2026 to 31 December 2027.",
    ]
    assert [row[0] for row in told(before, after)] == ["Term", "Renewal", "Amounts"]


def test_an_agreement_that_follows_and_is_as_the_one_before_it() -> None:
    following = named(
        *("agreement", "acme-2"),
        client="acme",
        start="2028-01-01",
        end="2028-12-31",
        contracts=[hourly("renewed")],
    )
    found = letter(firm(), [*firm(), following])
    assert found is not None
    assert [part.heading for part in found.parts] == ["Terms of the agreement: acme-2"]


def test_days_on_which_no_agreement_is_left() -> None:
    found = letter(firm(), changed(firm(), "agreement", "acme-1", end="2027-06-30"))
    assert found is not None
    assert [plain_spaces(sentence) for sentence in found.short] == [
        "From 1 July 2027 no agreement covers your work."
    ]


def test_an_agreement_beside_the_default_one_that_becomes_the_default_one() -> None:
    fixed = {"name": "fixed", "type": "fixed_price"}
    project = named(
        *("agreement", "acme-move"),
        client="acme",
        start="2027-02-01",
        end="2027-08-31",
        default=False,
        contracts=[fixed],
        number="A-9",
    )
    before = [*firm(), project]
    after = [*firm(), {**project, "contracts": [hourly()]}]
    found = letter(before, after)
    assert found is not None
    assert found.parts[0].tables[0].title == "What the agreement covers under agreement A-9"
    assert letter(before, copy.deepcopy(before)) is None


# --- work that tickets assign --------------------------------------------------------------------


def managed(**fields: Any) -> Plain:
    return {"name": "managed", "type": "recurring_service", **fields}


def beside(rate: int, *rest: Plain, visits: bool = False) -> list[Document]:
    """A firm whose client has all work included, but what tickets assign to `extra-work`; visits
    get there by themselves, if that is said.
    """
    first = managed(excludes={"work_types": ["visits"]}, falls_to="extra-work")
    extra = hourly("extra-work", rates=[{"role": "engineer", "rate": rate}])
    return firm(first if visits else managed(), extra, *rest)


def test_a_rate_of_work_that_only_tickets_assign_is_told() -> None:
    found = letter(beside(70), beside(75))
    assert found is not None
    [part] = found.parts
    [table] = part.tables
    assert plain_spaces(table.title) == "Rates (on tickets assigned to Extra work)"
    assert [_row(row) for row in table.rows] == [
        (
            *("Help and Visits", "Work by Engineer"),
            *("EUR 70.00 per hour", "EUR 75.00 per hour", "higher"),
        )
    ]
    [sentence] = found.short
    assert "Work by Engineer (on tickets assigned to Extra work)" in plain_spaces(sentence)


def test_what_is_told_of_other_work_is_not_told_again_of_work_that_tickets_assign() -> None:
    found = letter(beside(70, visits=True), beside(75, visits=True))
    assert found is not None
    assert [table.title for part in found.parts for table in part.tables] == ["Rates"]
    assert [row[0] for row in told(beside(70, visits=True), beside(75, visits=True))] == ["Visits"]


def test_work_that_tickets_assign_and_that_is_covered_less() -> None:
    fixed = {"name": "extra-work", "type": "fixed_price"}
    found = letter(
        firm(managed(), fixed),
        firm(managed(), {**fixed, "excludes": {"work_types": ["help"]}, "falls_to": "none"}),
    )
    assert found is not None
    [less] = found.short
    assert "less is covered: Help (on tickets assigned to Extra work)" in plain_spaces(less)
    titles = [plain_spaces(table.title) for part in found.parts for table in part.tables]
    assert titles == [
        "What the agreement covers (on tickets assigned to Extra work)",
        "Rates (on tickets assigned to Extra work)",
    ]


def test_a_contract_for_tickets_alone_that_begins_is_told_where_nothing_else_is() -> None:
    found = letter(firm(managed()), beside(70))
    assert found is not None
    assert all(
        "(on tickets assigned to Extra work)" in plain_spaces(table.title)
        for part in found.parts
        for table in part.tables
    )
    seats = firm(managed(), services={"seat": 1})
    more = changed(beside(70), "agreement", "acme-1", services={"seat": 2})
    assert [row[0] for row in told(seats, more)] == ["Seat"]


def test_work_that_tickets_assign_is_as_it_was_when_its_agreement_is_prolonged() -> None:
    before = beside(70)
    after = changed(before, "agreement", "acme-1", end="2028-12-31")
    assert [row[0] for row in told(before, after)] == ["Term"]
    assert letter(before, copy.deepcopy(before)) is None


def test_what_tickets_assigned_in_the_past_is_over() -> None:
    rates = [{"role": "engineer", "rate": 70}]
    dated = [{"role": "engineer", "rate": [{"rate": 75}, {"from": "2027-01-15", "rate": 70}]}]
    before, after = (firm(managed(), hourly("extra-work", rates=own)) for own in (rates, dated))
    assert letter(before, after) is None


# --- invoicing and bundles -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("quarterly", "every quarter"),
        ("semi_annual", "every half-year"),
        ("yearly", "every year"),
    ],
)
def test_another_rhythm_of_invoices_is_told(period: str, words: str) -> None:
    before = firm(managed(), services={"seat": 2})
    after = firm(managed(period=period), services={"seat": 2})
    found = letter(before, after)
    assert found is not None
    [table] = [table for part in found.parts for table in part.tables]
    assert table.title == "How often it is invoiced"
    assert _row(table.rows[0]) == (
        *("Seat", "", "every month", words),
        "paid for in another way",
    )
    assert "this is paid for in another way: Seat" in plain_spaces(found.short[0])
    assert letter(firm(managed()), firm(managed(period=period))) is None


def test_a_price_and_the_rhythm_of_its_invoices_are_told_apart() -> None:
    before = firm(managed(), services={"seat": 1})
    after = firm(managed(period="yearly"), services={"seat": {"units": 1, "price": 50}})
    assert told(before, after) == [
        ("Seat", "", "EUR 48.00 per month", "EUR 50.00 per month", "higher"),
        ("Seat", "", "every month", "every year", "paid for in another way"),
    ]


def bundled(*parts: str) -> list[Document]:
    service = {"period": "monthly", "price": {"EUR": 5, "CHF": 6}}
    return [
        *firm(managed(), services={"workplace": 3}),
        named("service", "backup", title="Backup", **service),
        named("service", "mail", title="Mail", **service),
        named(
            *("service_bundle", "workplace"),
            title="Workplace",
            services=list(parts),
            period="monthly",
            price={"EUR": 60, "CHF": 66},
        ),
    ]


@pytest.mark.parametrize(
    ("parts", "words", "effect"),
    [
        (("seat",), "Seat", "covers less"),
        (("seat", "backup", "mail"), "Backup, Mail and Seat", "covers more"),
        (("seat", "mail"), "Mail and Seat", ""),
    ],
)
def test_what_a_bundle_contains_is_told(parts: tuple[str, ...], words: str, effect: str) -> None:
    before = bundled("seat", "backup")
    assert told(before, bundled(*parts)) == [("Workplace", "", "Backup and Seat", words, effect)]
    found = letter(before, bundled(*parts))
    assert found is not None
    assert found.parts[0].tables[0].title == "What a bundle contains"
    assert letter(before, bundled("backup", "seat")) is None
