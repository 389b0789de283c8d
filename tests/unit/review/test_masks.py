"""Under a mask nothing is told that a client's own documents say of it."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from billing_dsl.model.declaration import Head
from billing_dsl.report._json import document
from billing_dsl.review.as_json import as_json
from billing_dsl.review.comment import comment
from billing_dsl.review.masked import under
from billing_dsl.review.masks import HIDDEN, Mask, mask
from billing_dsl.review.page import page
from billing_dsl.review.review import Review
from tests.unit.review.sample import finding, review

NAMES = st.text(string.ascii_lowercase + string.digits + "-", min_size=4, max_size=12).map(
    lambda text: f"zq{text.strip('-')}"
)
WORDS = st.lists(
    st.text(string.ascii_letters + "äöüß.&'", min_size=2, max_size=9), min_size=1, max_size=3
).map(lambda words: f"Zq{' '.join(words)}".strip(" .'&"))


def documents(clients: dict[str, dict[str, Any]]) -> Iterator[tuple[Head, dict[str, Any]]]:
    for name, more in clients.items():
        yield (
            Head("client", name, name, "c.yaml", 0, name),
            {"kind": "client", "name": name, **more},
        )
        agreement = f"{name}-2027"
        yield (
            Head("agreement", agreement, agreement, "c.yaml", 1, name),
            {"kind": "agreement", "name": agreement, "client": name},
        )


def told(found: Review) -> str:
    """All that is told of a review, in every form."""
    return "\n".join((comment(found), page(found, {}).decode(), document(as_json(found))))


CLIENTS = st.dictionaries(
    NAMES,
    st.fixed_dictionaries(
        {
            "legal_name": WORDS,
            "autotask": st.fixed_dictionaries({"number": NAMES, "organization": WORDS}),
            "owner": NAMES.map(lambda name: f"{name}@firm.example"),
            "address": st.fixed_dictionaries({"street": WORDS}),
            "notice_to": st.lists(NAMES.map(lambda name: f"{name}@client.example"), max_size=2),
        }
    ),
    min_size=1,
    max_size=2,
)


def texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from texts_of(inner)


@given(CLIENTS)
@settings(max_examples=8, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_no_text_of_a_clients_documents_is_told(clients: dict[str, dict[str, Any]]) -> None:
    texts = [*clients, *texts_of(clients)]
    inside = [f"Work at {text}, agreed" for text in texts]
    before = review([*texts, *inside], list(clients))
    before = replace(
        before,
        told=replace(before.told, before=replace(before.told.before, name=f"/home/{texts[0]}")),
        titles={name: more["legal_name"] for name, more in clients.items()},
    )
    after = told(under(mask(documents(clients), "secret"), before))
    for text in texts:
        assert text.casefold() not in after.casefold(), text
        assert json.dumps(text)[1:-1].casefold() not in after.casefold()


def test_a_name_is_hidden_the_same_way_everywhere() -> None:
    held = mask(documents({"acme": {"legal_name": "Acme S.r.l."}, "globex": {}}), "k")
    before = review(["Onsite at Acme S.r.l.", "plain"], ["acme", "globex"])
    found = under(held, before)
    name = held.client("acme")
    assert re.fullmatch("client-[12]", name)
    assert set(found.months) == set(found.told.differences.effects) == {"client-1", "client-2"}
    assert found.months[name].work == before.months["acme"].work
    assert f"`{name}`" in comment(found)
    assert f"Onsite at {HIDDEN}" in found.work.values()
    assert "plain" in found.work.values()
    new = found.findings.new[0]
    assert (new.span.path, new.message, new.help) == ("", HIDDEN, "")
    assert new.reached[0].client == name
    assert found.line_of(new) == "Work that ends nowhere."


def test_numbers_say_nothing_of_the_names_order() -> None:
    clients: dict[str, dict[str, Any]] = {
        f"client{letter}": {} for letter in string.ascii_lowercase
    }
    drawn = [
        [mask(documents(clients), key).client(name) for name in sorted(clients)]
        for key in ("one", "two", "one")
    ]
    assert drawn[0] == drawn[2] != drawn[1]
    assert sorted(drawn[0]) == sorted(drawn[1])
    assert drawn[0] != sorted(drawn[0], key=lambda name: int(name.partition("-")[2]))


def held_of(*clients: str) -> Mask:
    return mask(documents({name: {"legal_name": f"{name.title()} & Co."} for name in clients}), "k")


def test_only_whole_words_are_hidden() -> None:
    found = held_of("acme")
    assert found.text("acme, Acme & Co. and ACME") == "client-1, (hidden) and client-1"
    assert found.text("acmeish and macme") == "acmeish and macme"
    assert found.text("acme-2027 was signed") == "agreement-1 was signed"
    assert found.text("nothing") == "nothing"


def test_whoever_is_not_declared_is_hidden_too() -> None:
    found = held_of("acme")
    assert found.client("somebody") == HIDDEN
    assert found.agreement("") == ""
    assert found.contract("acme-2027/hourly") == "agreement-1/hourly"
    assert found.subject("tier/silver@2") == "tier/silver@2"
    assert found.subject("scenario/acme-night") == f"scenario/{HIDDEN}"
    assert found.person("jo") == found.person("jo") == "person-1" != found.person("max")


def test_a_finding_names_nobody_it_did_not_reach() -> None:
    found = replace(review(["x"], ["acme"]), findings=review(["x"], ["acme"]).findings)
    alone = replace(found.findings, new=(finding("acme is wrong"),), fixed=())
    masked = under(held_of("acme"), replace(found, findings=alone))
    assert masked.findings.new[0].reached == ()
    assert "acme" not in told(masked)


def test_kinds_of_work_that_would_be_alike_are_told_apart() -> None:
    found = review(["one", "two"], ["acme"])
    cells = found.told.differences.cells
    assert cells is not None
    called = [replace(one, name=f"acme-{n}") for n, one in enumerate(cells.work_types)]
    named = replace(cells, work_types=tuple(called))
    told_ = replace(found.told, differences=replace(found.told.differences, cells=named))
    held = mask(
        [
            (Head("client", "acme", "acme", "c.yaml", 0, "acme"), {"title": "acme-0"}),
            (Head("client", "b", "b", "c.yaml", 1, "b"), {"title": "acme-1"}),
        ],
        "k",
    )
    masked = under(held, replace(found, told=told_)).told.differences.cells
    assert masked is not None
    assert [one.name for one in masked.work_types] == [HIDDEN, f"{HIDDEN} 2"]
    assert masked.all == named.all


def test_a_review_of_no_work_has_no_titles() -> None:
    found = review(["one"], ["acme"])
    nothing = replace(found.told.differences, work=(), cells=None)
    masked = under(held_of("acme"), replace(found, told=replace(found.told, differences=nothing)))
    assert masked.work == {}
