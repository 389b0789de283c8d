"""Texts without quotes and what they mean, remembered: most words of a catalogue recur.

What wants a more careful look raises `DoubtError`: whoever reads quickly gives up there, and the
careful reading says what is wrong, or that nothing is.
"""

from __future__ import annotations

import unicodedata

from billing_dsl.source.faults import GOES_ON
from billing_dsl.source.scalars import Scalar, Unclear, meaning, unclear_key

MOST_KNOWN = 20_000
"""The texts that are remembered of each sort; one more, and all are forgotten."""

LONGEST_KNOWN = 64
"""The letters of the longest text that is remembered: a longer one hardly comes again."""


class DoubtError(Exception):
    """Something that wants a more careful reading."""


class Meanings(dict[str, Scalar]):
    """What texts without quotes mean."""

    def __missing__(self, text: str) -> Scalar:
        value = meaning(text)
        if isinstance(value, Unclear) or "?" in text:  # with `?` libyaml and PyYAML may differ
            raise DoubtError
        if len(text) <= LONGEST_KNOWN:
            if len(self) >= MOST_KNOWN:
                self.clear()
            self[text] = value
        return value


class Keys(dict[str, str]):
    """Texts without quotes that may be keys: each is one object everywhere."""

    def __missing__(self, text: str) -> str:
        if text == "<<" or "?" in text or unclear_key(text) or GOES_ON.fullmatch(text):
            raise DoubtError
        if not unicodedata.is_normalized("NFC", text):  # it may look like another key
            raise DoubtError
        if len(text) <= LONGEST_KNOWN:
            if len(self) >= MOST_KNOWN:
                self.clear()
            self[text] = text
        return text
