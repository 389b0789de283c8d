"""One file a language: all that documents for clients say, found by this folder.

To add a language, copy a module here, say `portuguese.py`, and give it one instance of a class
derived from `Language`. Whatever a language has to say is abstract there, so mypy and the tests
name what is still missing; `tests/unit/languages/golden` then holds all of its sentences on one
page, for somebody who speaks it. Nothing else has to know: clients and settings name a language by
its `code`.

A sentence is written whole, never put together from another language's grammar: plurals, the order
of words, what stands between the names of a list, dates and amounts are each language's own.
Names and titles stand in it as they are, so a sentence is built around them in a way that is
right whatever they are.

All that is said in five languages is much to import for a run that says none of it: rules import
it where they use it.

Documents for the provider's own people (checklist, reference, certificate) are English.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from billing_dsl.kinds.client import Client
from billing_dsl.kinds.settings import DEFAULT_LANGUAGE, Settings
from billing_dsl.languages._language import NOT_HERE, SPACE, Language, Notice, Origin
from billing_dsl.registry import discover

__all__ = ["NOT_HERE", "SPACE", "Language", "Notice", "Origin"]


@cache
def languages() -> Mapping[str, Language]:
    """Every language by its code, in order of codes."""
    # It is abstract, which does not matter: values are asked for, and none is made.
    kind = cast("Any", Language)
    found: tuple[Language, ...] = discover(sys.modules[__name__], kind, lambda found: found.code)
    return {language.code: language for language in found}


@cache
def language(code: str, country: str = "") -> Language:
    """A known language, as it is written in a country: one and the same for each."""
    usual = languages()[code]
    return type(usual)(country) if country and country in usual.figures else usual


def read_where(wanted: str, settings: Settings) -> str:
    """The code of the language that is written where one is wanted: that one if it is known, else
    the first known one of the settings, else English.
    """
    codes = (wanted, *settings.languages, DEFAULT_LANGUAGE)
    return next(code for code in codes if code in languages())


def of_house(settings: Settings) -> tuple[str, ...]:
    """The codes of the languages in which the house writes for everybody: those that the settings
    promise and that are known, the catalogue's own before the others.
    """
    promised = [code for code in settings.languages if code in languages()]
    own = settings.written_in if not promised or settings.written_in in promised else ""
    return tuple(dict.fromkeys((read_where(own, settings), *promised)))


def read_by(client: Client, settings: Settings) -> Language:
    """The language of a client's documents, as it is written in the client's country."""
    return language(read_where(client.language, settings), client.country)
