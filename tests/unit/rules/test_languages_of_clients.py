"""Languages that nobody speaks here, and those that nobody promised."""

from __future__ import annotations

import pytest

from tests.unit.rules.checking import found
from tests.unit.rules.test_missing_translation import client, settings


def test_one_finding_for_a_language_that_is_not_known() -> None:
    [one] = found("BD531", client("b", "pt"), client("a", "pt"), client("c", "it"))
    assert one.message == "no document can be written in `pt`"
    assert one.label == "written in English instead"
    assert one.help == "name one of the languages that are known: `de`, `en`, `es`, `fr` and `it`"
    assert one.route == "language"
    assert [reach.client for reach in one.reached] == ["a", "b"]
    assert one.subject == "settings/msp"


@pytest.mark.parametrize(
    ("languages", "instead"),
    [("[pt, it]", "Italian"), ("[pt]", "English"), ("[pt, pl, fr]", "French")],
)
def test_one_that_the_settings_name(languages: str, instead: str) -> None:
    one, *others = found("BD531", settings(f"languages: {languages}"), client("a", "pt"))
    assert len(others) == languages.count("pl")
    assert one.route == "languages.0"
    assert one.label == f"written in {instead} instead"
    assert [reach.client for reach in one.reached] == ["a"]
    assert all(other.reached == () for other in others)


def test_a_known_language_is_none() -> None:
    clients = [client(code, code) for code in ("de", "en", "es", "fr", "it")]
    assert found("BD531", settings("languages: [de, en, es, fr, it]"), *clients) == []


def test_a_language_that_the_settings_do_not_promise() -> None:
    house = settings("languages: [en, de]")
    [one] = found("BD532", house, client("b", "it"), client("a", "it"), client("c", "de"))
    assert one.message == "the settings do not promise documents in Italian"
    assert [reach.client for reach in one.reached] == ["a", "b"]
    assert [note.message for note in one.related] == ["the languages that are promised"]


@pytest.mark.parametrize(
    "fields",
    [(), ("languages: [en, it]",), ("languages: [en]", "written_in: it")],
)
def test_what_is_promised_written_or_left_open(fields: tuple[str, ...]) -> None:
    assert found("BD532", settings(*fields), client("a", "it"), client("b", "pt")) == []
