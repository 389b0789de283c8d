"""Letters as pages: Markdown to review, and one self-contained page of HTML to print and send."""

from __future__ import annotations

from dataclasses import dataclass, field

from billing_dsl.kinds.settings import Settings
from billing_dsl.languages import NOT_HERE
from billing_dsl.letters.letter import Letter
from billing_dsl.targets._logo import Logo
from billing_dsl.targets._templates import ACCENT, PRIMARY, Part, Sheet, Written, part, sheet


@dataclass(frozen=True, slots=True)
class Pages:
    """Prints letters in a provider's colours."""

    settings: Settings
    logo: Logo | None = None
    _sheet: Sheet = field(init=False)

    def __post_init__(self) -> None:
        colours = self.settings.colours
        style = sheet(
            colours.get("primary", PRIMARY), colours.get("accent", ACCENT), "page", "letter"
        )
        object.__setattr__(self, "_sheet", style)

    def of(self, letter: Letter) -> Part:
        """A letter in both forms."""
        labels = letter.language.labels
        return part(
            "letter",
            letter=letter,
            words=letter.language.letters,
            labels=labels,
            # Written already, for whoever prints a text takes away the space at its beginning.
            colon=Written(labels["colon"]),
            semicolon=Written(f"{labels['semicolon']} "),
            nothing=NOT_HERE,
            logo=self.logo,
            sheet=self._sheet,
        )
