"""Files taken in one after the other: their texts understood, every row counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from billing_dsl.entries.engine import Duck, EncodingError
from billing_dsl.entries.files import Form, Laid, lay
from billing_dsl.replay.columns import Reading
from billing_dsl.replay.names import ASSUMED
from billing_dsl.replay.side import Called
from billing_dsl.replay.statement import tables
from billing_dsl.replay.told import Refused, TakenIn
from billing_dsl.replay.values import Refusal, moment, seconds, worked


@dataclass(slots=True)
class Taken:
    """All entries, in the engine's table `entries`; what the numbers there stand for."""

    engine: Duck
    folder: Path
    """Where files are laid down that the engine cannot read as they are."""
    clients: dict[str, int] = field(default_factory=dict)
    kinds: dict[tuple[str, str, str], int] = field(default_factory=dict)
    files: list[TakenIn] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    """The number of the first entry of each file."""

    def __post_init__(self) -> None:
        """Begins without entries."""
        self.engine.do(tables(self.engine.dialect)["entries"])
        self.engine.do(
            "CREATE TABLE refused (entry BIGINT, day VARCHAR, hours VARCHAR, dayless BOOLEAN)"
        )

    @property
    def rows(self) -> int:
        """The rows of all files."""
        return sum(file.rows for file in self.files)

    def called(self) -> dict[int, Called]:
        """The kinds of work by their numbers."""
        return {number: Called(*kind) for kind, number in self.kinds.items()}

    def texts_of_clients(self) -> dict[int, str]:
        """What clients are called, by their numbers."""
        return {number: text for text, number in self.clients.items()}

    def take(self, name: str, path: Path, laid: Laid, reading: Reading) -> None:
        """Takes a file in. Raises files.FileError where it cannot be read."""
        engine = self.engine
        try:
            lost = engine.take(laid, reading)
        except EncodingError:
            laid = lay(path, self.folder, len(self.files), western=laid.form is Form.TEXT)
            lost = engine.take(laid, reading)
        rows = engine.count("raw")
        before = sum(file.rows for file in self.files)
        for text in engine.texts("client"):
            self.clients.setdefault(text, len(self.clients))
        for kind in engine.kinds():
            self.kinds.setdefault(kind, len(self.kinds))
        hours = {text: worked(text, reading.decimal_mark) for text in engine.texts("hours")}
        known = engine.count("refused")
        engine.lay_out(
            before,
            self.clients,
            self.kinds,
            {text: moment(text, reading.date_format) for text in engine.texts("date")},
            {text: seconds(text) for text in engine.texts("start")},
            {text: None if isinstance(parts, Refusal) else parts for text, parts in hours.items()},
        )
        found: dict[tuple[Refusal, str], int] = {}
        if engine.count("refused") > known:
            for dayless, day, written, count in engine.rows(_REFUSED_ALIKE, [before]):
                reason = hours[written]
                key = (
                    (Refusal.DAY, day)
                    if dayless or not isinstance(reason, Refusal)
                    else (reason, written)
                )
                found[key] = found.get(key, 0) + count
        refused = [Refused(reason, text, count) for (reason, text), count in found.items()]
        if lost:
            first = min(lost)
            refused.append(Refused(Refusal.LINE, f"line {first:,}", len(lost)))
        self.firsts.append(before)
        assumed = [
            (field.replace("_", " "), text.removeprefix(ASSUMED))
            for field, text in reading.assumed.items()
        ]
        self.files.append(TakenIn(name, rows + len(lost), _most_first(refused), tuple(assumed)))


def _most_first(refused: Iterable[Refused]) -> tuple[Refused, ...]:
    return tuple(sorted(refused, key=lambda one: (-one.rows, one.reason, one.text)))


_REFUSED_ALIKE = """\
SELECT dayless, CASE WHEN dayless THEN day ELSE '' END, hours, COUNT(*)
FROM refused WHERE entry >= $1 GROUP BY ALL ORDER BY ALL"""
