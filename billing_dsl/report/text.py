"""Findings for people: the line at fault, underlined, with what explains and what cures it.

    error[BD301]: work type `onsite` is excluded and falls to no contract
      --> catalogue/contracts/block.yaml:4:5
        |
      4 |   - onsite
        |     ^^^^^^ reached from `block`, `managed`
        = help: name an exclusion contract, or remove the exclusion

Nothing that a person wrote reaches the terminal unseen (`_visible`), and no line of the output
starts with it: a name cannot forge a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from billing_dsl.diagnostics import Diagnostic, Note, Severity, Span
from billing_dsl.report import TOOL, CheckReport, Format, Style, Summary, has_page
from billing_dsl.report._excerpt import excerpt, split
from billing_dsl.report._visible import visible
from billing_dsl.report._words import clients, count, spot

_DRAWN = 4  # related places with an excerpt; further ones are a line each
_AT_A_GLANCE = 5  # findings among which the first error is found without help
_DIGITS = 3  # line numbers up to 999 stand alike
_BOLD, _FRAME, _CALM = "1", "1;34", "32"
_PAINT = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTE: "1;36"}

Lines = Mapping[str, Sequence[str]]


def render(report: CheckReport, style: Style) -> str:
    """The report as text: a block for each finding, then how many there are and what was proved."""
    return "\n\n".join([*_blocks(report, style), _closing(report, style)]) + "\n"


def findings(report: CheckReport, style: Style) -> str:
    """The findings alone, where what they are found in is not a proof."""
    return "".join(f"{block}\n\n" for block in _blocks(report, style))


def _blocks(report: CheckReport, style: Style) -> list[str]:
    lines = {path: split(source) for path, source in report.sources.items()}
    return [
        "\n".join(_Block(report, style, lines, diagnostic).lines())
        for diagnostic in report.diagnostics
    ]


@dataclass(frozen=True, slots=True)
class _Block:
    """One diagnostic, drawn; its excerpts share one frame."""

    report: CheckReport
    style: Style
    sources: Lines
    diagnostic: Diagnostic

    @property
    def digits(self) -> int:
        """How wide the frame's line numbers are."""
        drawn = [self.diagnostic.span, *(note.span for note in self.diagnostic.related[:_DRAWN])]
        return max(_DIGITS, *(len(str(span.line)) for span in drawn))

    def lines(self) -> Iterator[str]:
        """The lines of the block, from its headline to where to read more."""
        found = self.diagnostic
        yield self.headline(f"{found.severity}[{found.code}]", found.severity, found.message)
        yield from self.place(found.span, found.label, "^", found.severity)
        for note in found.related[:_DRAWN]:
            yield self.headline("note", Severity.NOTE, note.message)
            yield from self.place(note.span, "", "-", Severity.NOTE)
        yield from (self.mention(note) for note in found.related[_DRAWN:])
        if found.help:
            yield self.remark("help", found.help)
        if found.reached:
            yield self.remark("reached", clients(found.reached))
        if found.assumption:
            yield self.remark("assumption", found.assumption)
        if has_page(found.code):
            yield self.remark("see", f"{TOOL} explain {found.code}")

    def headline(self, kind: str, severity: Severity, message: str) -> str:
        """`error[BD301]: message`."""
        said = _paint(self.style, _BOLD, f": {self.text(message)}")
        return _paint(self.style, _PAINT[severity], kind) + said

    def place(self, span: Span, label: str, underline: str, severity: Severity) -> Iterator[str]:
        """Where it is, and the line itself where there is a source."""
        yield f"{self.frame('--> ', self.digits - 1)}{self.spot(span)}"
        lines = self.sources.get(span.path, ())
        if not 1 <= span.line <= len(lines):
            if label and label != "here":  # which says nothing where there is no excerpt
                yield self.remark("here", label)
            return
        bar = self.frame(" |", self.digits)
        room = self.style.width - self.digits - 3
        drawn = excerpt(lines[span.line - 1], span, room, unicode=self.style.unicode)
        beneath = underline * drawn.length + (f" {self.text(label)}" if label else "")
        yield bar
        number = self.frame(f"{span.line:>{self.digits}} |", 0)
        yield f"{number} {drawn.text}".rstrip()
        yield f"{bar} {' ' * drawn.before}{_paint(self.style, _PAINT[severity], beneath)}"

    def mention(self, note: Note) -> str:
        """A related place on one line."""
        arrow = self.frame("::: ", self.digits - 1)
        return f"{arrow}{self.spot(note.span)} {self.text(note.message)}"

    def remark(self, kind: str, text: str) -> str:
        """`= help: …`, hung below the excerpt."""
        head = _paint(self.style, _BOLD, f"{kind}:")
        return f"{self.frame(' =', self.digits)} {head} {self.text(text)}"

    def frame(self, text: str, indent: int) -> str:
        """A piece of the frame around an excerpt."""
        return " " * indent + _paint(self.style, _FRAME, text)

    def spot(self, span: Span) -> str:
        """`catalogue/roles.yaml:12:3`, in the characters at hand."""
        return self.text(spot(self.report, span))

    def text(self, text: str) -> str:
        """What a person wrote, made visible, in the characters at hand."""
        return visible(text, unicode=self.style.unicode)


def _closing(report: CheckReport, style: Style) -> str:
    """How many findings in how much, where to begin, and what was proved."""
    summary = report.summary
    kinds = (
        (summary.errors, "error", Severity.ERROR),
        (summary.warnings, "warning", Severity.WARNING),
        (summary.notes, "note", Severity.NOTE),
    )
    found = [(count(number, word), severity) for number, word, severity in kinds if number]
    worst = found[0][1] if found else Severity.NOTE
    paint = _CALM if worst is Severity.NOTE else _PAINT[worst]
    findings = ", ".join(text for text, _ in found) or "no findings"
    accepted = f", {summary.accepted:,} accepted by waivers" if summary.accepted else ""
    extent = f"{findings} in {count(summary.documents, 'document')}{accepted}"
    headline = _paint(style, paint, extent)
    return f"{headline}{_first_error(report, style)}\n{_proved(summary)}"


def _first_error(report: CheckReport, style: Style) -> str:
    """Where the first error is, if there are so many findings that it has to be looked for."""
    errors = (one.span for one in report.diagnostics if one.severity is Severity.ERROR)
    first = next(errors, None)
    if first is None or len(report.diagnostics) <= _AT_A_GLANCE:
        return ""
    return f"; first error: {visible(spot(report, first), unicode=style.unicode)}"


def _proved(summary: Summary) -> str:
    """The extent of the proof; what was left out is said, never implied."""
    if not summary.documents:
        return "nothing is proved"
    parties = f"{count(summary.clients, 'client')} and {count(summary.contracts, 'contract')}"
    extent = f"{count(summary.cells, 'cell')} of {parties}"
    if summary.partial:
        return f"partial: {extent}; what depends on a broken document was left out"
    if summary.errors:
        return f"not proved while there are errors: {extent}"
    if summary.accepted_errors:
        return f"proved but for {count(summary.accepted_errors, 'accepted error')}: {extent}"
    return f"proved: {extent}"


def _paint(style: Style, colour: str, text: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if style.colour else text


TEXT = Format("text", render)
