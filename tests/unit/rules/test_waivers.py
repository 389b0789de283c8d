"""What is said of waivers whose code or subject is not a finding's: BD901 and BD903."""

from __future__ import annotations

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, diagnostics, tier

SILVER = tier(
    "silver@1",
    "remote-support: hourly",
    "contracts: [{name: hourly, type: time_and_materials}]",
)
CURE = "copy the subject from the finding that is to be accepted"


def told(code: str, subject: str) -> list[tuple[str, str]]:
    waiver = (
        f"kind: waiver\nname: known\ncode: {code}\nsubject: {subject}\n"
        "reason: agreed\nowner: desk\n"
    )
    acme = agreement("acme", "silver@1", "services: {}")
    found = diagnostics(SILVER, acme, ENGINEER, SEAT, waiver)
    return [(one.code, one.help) for one in found if one.code.startswith("BD9")]


@pytest.mark.parametrize(
    ("subject", "cure"),
    [
        ("agreement/acme-2027", "remove the waiver, or mend its code and subject"),
        ("tier/silver@1", "remove the waiver, or mend its code and subject"),
        ("service/seat", "remove the waiver, or mend its code and subject"),
        (
            "agreement/acme-2072",
            "there is no agreement `acme-2072`: did you mean `acme-2027`?",
        ),
        ("agreement/globex", f"there is no agreement `globex`: {CURE}"),
        ("exclusion_set/classic", f"there is no exclusion set `classic`: {CURE}"),
        ("agreements/acme-2027", "there is no kind `agreements`: did you mean `agreement`?"),
        ("zzz/acme-2027", f"there is no kind `zzz`: {CURE}"),
        ("tier/silver", "there is no tier `silver`: did you mean `silver@1`?"),
        ("tier/silver@2", "there is no tier `silver@2`: did you mean `silver@1`?"),
    ],
)
def test_a_subject_that_nobody_declares(subject: str, cure: str) -> None:
    assert told("BD301", subject) == [("BD901", cure)]


@pytest.mark.parametrize(
    ("code", "cure"),
    [
        ("BD310", None),
        ("BD031", "did you mean `BD"),
        ("BD999", "copy the code from the finding that is to be accepted"),
        ("BD201", "mend what it finds, and remove the waiver: it is never accepted"),
        ("BD401", "mend what it finds, and remove the waiver: it is never accepted"),
    ],
)
def test_a_code_that_nothing_has(code: str, cure: str | None) -> None:
    found = told(code, "agreement/acme-2027")
    if cure is None:
        assert [one for one, _ in found if one == "BD903"] == []
    else:
        ((is_code, help_),) = found
        assert is_code == "BD903"
        assert help_.startswith(cure)


def test_of_two_waivers_for_one_finding_neither_is_unused() -> None:
    chf = "kind: client\nname: {0}\nlegal_name: {0}\ncurrency: CHF\n"
    work = (
        "kind: work_type\nname: remote-support\ntitle: Remote\nbilling_class: core\n"
        "description: Help.\n"
    )
    signed = [agreement(client, "silver@1", "services: {}") for client in ("acme", "globex")]
    documents = [SILVER, *signed, ENGINEER, work, chf.format("acme"), chf.format("globex")]
    waiver = "kind: waiver\nname: {}\ncode: BD404\nsubject: {}\nreason: agreed\nowner: desk\n"
    subjects = ("agreement/acme-2027", "role/engineer", "client/globex")
    for some in (subjects[:1], subjects[1:2], subjects[:2], subjects[1::-1], subjects):
        waivers = [waiver.format(f"w{n}", subject) for n, subject in enumerate(some)]
        codes = [one.code for one in diagnostics(*documents, *waivers)]
        assert codes.count("BD404") == (0 if "role/engineer" in some else 1)
        assert "BD901" not in codes
