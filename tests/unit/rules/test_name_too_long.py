from __future__ import annotations

import pytest

from tests.unit.rules.checking import ENGINEER, SEAT, agreement, exception, found, tier, work_type

SETTINGS = "kind: settings\nname: msp\ntitle: The MSP\ncurrency: EUR\ntimezone: Europe/Rome\n"


def bespoke(title: str, contract: str = "work", type_: str = "time_and_materials") -> str:
    return (
        f"kind: agreement\nname: acme-2027\ntitle: {title}\nclient: acme\nstart: 2027-01-01\n"
        f"end: 2027-12-31\ncontracts:\n  - {{name: {contract}, type: {type_}}}\n"
    )


@pytest.mark.parametrize(
    ("document", "longest", "word"),
    [
        ("kind: service\nname: a\nperiod: monthly\nprice: 1\ntitle: ", 150, "service"),
        (
            "kind: service_bundle\nname: a\nperiod: monthly\nservices: [seat]\ntitle: ",
            150,
            "service bundle",
        ),
        (
            "kind: exclusion_set\nname: a\nwork_types: [remote-support]\ntitle: ",
            100,
            "exclusion set",
        ),
    ],
)
def test_shared_titles(document: str, longest: int, word: str) -> None:
    assert found("BD501", document + longest * "x", SEAT, ENGINEER) == []
    (one,) = found("BD501", document + (longest + 1) * "x", SEAT, ENGINEER)
    assert one.route == "title"
    assert one.message == (
        f"the {word} has a name of {longest + 1} characters, and Autotask takes {longest}"
    )


def test_two_hundred_characters_are_all_that_a_title_may_have() -> None:
    name = 200 * "x"
    assert found("BD501", work_type("travel", name), ENGINEER.replace("Engineer", name)) == []


def test_an_organization() -> None:
    client = f"kind: client\nname: acme\nlegal_name: {101 * 'x'}\n"
    (one,) = found("BD501", client)
    assert (one.subject, one.route) == ("client/acme", "legal_name")
    assert found("BD501", client + "autotask: {organization: Acme}\n") == []
    assert found("BD501", client.replace(101 * "x", 100 * "x")) == []


def test_a_contract_is_called_by_its_agreement_and_its_own_name() -> None:
    fits = 100 - len(" (acme-2027) – work")
    assert found("BD501", bespoke(fits * "x"), ENGINEER) == []
    (one,) = found("BD501", bespoke((fits + 1) * "x"), ENGINEER)
    assert one.message == "contract `work` has a name of 101 characters, and Autotask takes 100"
    assert (one.subject, one.route) == ("agreement/acme-2027", "title")
    assert one.label == f"it is called `{(fits + 1) * 'x'} (acme-2027) – work`"


def test_an_agreement_without_a_title_is_called_by_its_name() -> None:
    long = bespoke("", "c" * 64).replace("title: \n", "")
    assert found("BD501", long, ENGINEER) == []
    assert found("BD501", long.replace("acme-2027", "a" * 33), ENGINEER) == []
    (one,) = found("BD501", long.replace("acme-2027", "a" * 64), ENGINEER)
    assert one.route == "name"


def test_milestones_of_tiers_and_agreements() -> None:
    row = "{name: fix, type: fixed_price, milestones: [{title: %s, date: 2027-02-01, amount: 9}]}"
    own = bespoke("Move").replace("{name: work, type: time_and_materials}", row % (51 * "x"))
    (one,) = found("BD501", own, ENGINEER)
    assert (one.subject, one.route) == ("agreement/acme-2027", "contracts.fix.milestones.0.title")
    assert [reach.agreement for reach in one.reached] == ["acme-2027"]
    shared = tier("fix@1", "remote-support: fix", f"contracts: [{row % (51 * 'x')}]")
    (one,) = found("BD501", shared, ENGINEER)
    assert (one.subject, one.reached) == ("tier/fix@1", ())
    assert found("BD501", shared.replace(51 * "x", 50 * "x"), ENGINEER) == []


def test_the_exclusion_set_of_a_tier() -> None:
    long, first = "l" * 64, "f" * 40
    on_long = tier(
        f"{long}@1",
        f"remote-support: {first}, onsite-support: hourly",
        f"contracts: [{{name: {first}, type: recurring_service}}, "
        "{name: hourly, type: time_and_materials}]",
    )
    both = [agreement(client, f"{long}@1", "services: {}") for client in ("acme", "globex")]
    (one,) = found("BD501", on_long, *both, ENGINEER)
    assert one.message == (
        "the exclusion set of this contract has a name of 110 characters, and Autotask takes 100"
    )
    assert (one.subject, one.route) == (f"tier/{long}@1", f"contracts.{first}.name")
    assert [reach.client for reach in one.reached] == ["acme", "globex"]


def test_a_set_of_an_exception_is_called_by_few_enough_characters() -> None:
    names = [f"work-of-a-kind-with-a-long-name-{number}" for number in range(4)]
    scope = ", ".join(f"{name}: hourly" for name in names)
    silver = tier("silver@1", f"remote-support: recurring, {scope}")
    rows = "".join(exception(f"work_type: {name}", "recurring") for name in names)
    acme = agreement("acme", "silver@1", "exceptions:\n" + rows)
    types = [work_type(name) for name in names]
    assert found("BD501", silver, acme, *types, SEAT, ENGINEER) == []
