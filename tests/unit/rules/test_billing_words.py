from __future__ import annotations

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, diagnostics, found, tier, work_type


def spoken(**fields: str) -> list[str]:
    """What is found in a work type with these fields."""
    fields = {"name": "visit", "title": "Visit", **fields}
    name, title = fields.pop("name"), fields.pop("title")
    return [
        one.message.rpartition(": ")[2] for one in found("BD325", work_type(name, title, **fields))
    ]


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Onsite (Billable)", "Billable"),
        ("Non-billable Remote", "billable"),
        ("Free Support", "Free"),
        ("Free of Charge Visit", "Free` and `Charge"),
        ("Covered by Contract", "Covered` and `Contract"),
        ("Included Maintenance", "Included"),
        ("Project at Fixed Rate", "Rate"),
        ("Pre-Paid Hours", "Paid"),
        ("Intervento incluso", "incluso"),
        ("Assistenza Fatturabile", "Fatturabile"),
        ("Kostenlose Hilfe", "Kostenlose"),
        ("Einsatz (verrechenbar)", "verrechenbar"),
        ("Gebühr", "Gebühr"),
        ("Gebu\u0308hr", "Gebühr"),
        ("Visite gratuite", "gratuite"),
        ("Visite facturée", "facturée"),
        ("Visita incluida", "incluida"),
        ("Facturación", "Facturación"),
    ],
)
def test_titles_that_speak_of_billing(title: str, word: str) -> None:
    assert spoken(title=title) == [f"`{word}`"]


@pytest.mark.parametrize(
    "title",
    [
        "Migration",
        "Freelance Setup",
        "Free Up Disk Space",
        "Free Disk Space",
        "Error-free Operation",
        "Hands free Kit",
        "Frame Rates",
        "Rate-Limiting",
        "Battery charged",
        "Charge Cycles",
        "Recovered Files",
        "Including Printers",
        "Costume Shop",
        "Preisner Server",
        "Tier 2 Support",
    ],
)
def test_titles_that_only_sound_like_it(title: str) -> None:
    assert spoken(title=title) == []


def test_names_and_descriptions() -> None:
    assert spoken(name="free-visit") == ["`free`"]
    assert spoken(description="Work that we invoice each month.") == ["`invoice`"]
    assert spoken(description="Whoever is in charge takes charge of the backups.") == []


def test_one_finding_for_a_work_type_with_every_place() -> None:
    (one,) = found(
        "BD325",
        work_type("free-visit", "Free Visit", description="A free visit.", titles="{it: Gratis}"),
    )
    assert one.message == (
        "the name of work type `free-visit` speaks of billing, not of the activity: `free`"
    )
    assert (one.route, one.subject) == ("name", "work_type/free-visit")
    assert [note.message for note in one.related] == [
        "and so does the title",
        "and so does the title in `it`",
        "and so does the description",
    ]


def test_titles_by_language_are_read_in_their_language() -> None:
    (one,) = found("BD325", work_type("load", "Load", titles="{de: Kostenlos, fr: Charge}"))
    assert one.route == "titles.de"
    assert one.related == ()
    assert spoken(titles="{fr: Rate, nl: Gratis}") == []


def test_descriptions_by_language_are_read_in_their_language() -> None:
    text = "{de: Ein kostenloser Besuch., fr: Une charge.}"
    (one,) = found("BD325", work_type("load", "Load", descriptions=text))
    assert one.route == "descriptions.de"
    assert one.message.startswith("the description in `de` of work type `load` speaks of billing")


GOLD = tier("gold@1", "visit: recurring")


def speaking(of: str, *tiers: str) -> list[str]:
    return [one.message for one in found("BD325", of, *tiers, SEAT)]


def test_names_and_titles_that_speak_of_a_tier() -> None:
    gold = GOLD.replace("visit:", "gold-visit:")
    (message,) = speaking(work_type("gold-visit", "Golden Visit"), gold)
    assert message.endswith("speaks of billing, not of the activity: `Gold`")
    (message,) = speaking(work_type("visit", "Visit for GOLD"), GOLD)
    assert message.startswith("the title of work type `visit` ")
    assert speaking(work_type("visit", "Marigold Golden"), GOLD) == []


def test_tiers_of_several_words() -> None:
    care = GOLD.replace("title: Gold", "title: Total Care")
    assert len(speaking(work_type("visit", "Total-care visit"), care)) == 1
    assert speaking(work_type("visit", "Total visit"), care) == []


def test_the_tiers_name_beside_its_title() -> None:
    best = GOLD.replace("title: Gold", "title: The Best")
    (message,) = speaking(work_type("visit", "Gold Visit"), best)
    assert message.endswith(": `gold`")


def test_descriptions_that_speak_of_a_tier() -> None:
    told = speaking(work_type("visit", description="What Gold clients have."), GOLD)
    assert told == [
        "the description of work type `visit` speaks of billing, not of the activity: `Gold`"
    ]
    assert speaking(work_type("visit", description="Setting gold jewellery."), GOLD) == []
    assert speaking(work_type("visit", description="Visit. Gold leaf is used."), GOLD) == []


def test_tiers_that_are_called_by_an_activity() -> None:
    remote = GOLD.replace("title: Gold", "title: Remote Support").replace(
        "name: gold", "name: ad-hoc"
    )
    assert speaking(work_type("visit", "Remote support by ad hoc visit"), remote) == []


def test_versions_of_a_tier_are_one_word() -> None:
    second = tier("gold@2", "visit: recurring", effective="2028-01-01")
    (message,) = speaking(work_type("visit", "Gold Visit"), GOLD, second)
    assert message.endswith(": `Gold`")


def test_it_can_be_accepted() -> None:
    waiver = """
kind: waiver
name: invoices
code: BD325
subject: work_type/invoice-check
reason: checking invoices of carriers is the activity
owner: desk@msp.example
"""
    check = work_type("invoice-check", "Invoice Check")
    assert [one.code for one in diagnostics(check, ENGINEER)] == ["BD325"]
    assert diagnostics(check, ENGINEER, waiver) == ()
