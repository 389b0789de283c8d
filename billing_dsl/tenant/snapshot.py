"""A snapshot of a tenant: bytes of a file in, what the tenant holds out, or what is wrong with it.

Numbers become Decimals from their text, days are days, values of lists are text. Whatever is not
of the form is a finding, and then there is no snapshot: of a part nobody could say what is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, NoReturn, TypeAlias

from billing_dsl.diagnostics import Fault, Finding, Span
from billing_dsl.targets._autotask import Field, Type
from billing_dsl.tenant.form import FORM, LARGEST, TOOL, VERSION

Cell: TypeAlias = str | int | Decimal | date | None
"""A field of an object; None is one that the tenant has left empty."""

Row: TypeAlias = Mapping[str, Cell]
"""An object as the tenant has it. A field that is not in it has not been read."""


class Listed(NamedTuple):
    """One value of a list, and its label."""

    value: str
    label: str
    active: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a tenant held at some moment. Objects stand in order of their ids."""

    database: str
    name: str
    taken_at: datetime
    lists: Mapping[str, Mapping[str, tuple[Listed, ...]]]
    objects: Mapping[str, tuple[Row, ...]]

    @property
    def moment(self) -> str:
        """When it was taken, in words."""
        return in_words(self.taken_at)


def in_words(moment: datetime) -> str:
    """A moment as `2027-01-14 18:05 UTC`."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def read(path: str, content: bytes) -> tuple[Snapshot | None, tuple[Fault, ...]]:
    """The snapshot in a file, or why there is none. `path` is how findings name the file."""
    value, fault = _parsed(path, content)
    if fault is not None:
        return None, (fault,)
    reader = _Reader(path)
    snapshot = reader.snapshot(value)
    return (None, tuple(reader.faults)) if reader.faults else (snapshot, ())


def foreign(path: str, snapshot: Snapshot, tenant: str) -> Fault | None:
    """What is wrong where a snapshot is not of the tenant that the settings name."""
    if not tenant or snapshot.database == tenant:
        return None
    return _fault(
        "BD512",
        path,
        f"this snapshot is of the tenant `{_short(snapshot.database)}`, "
        f"and the settings say `{tenant}`",
        "take one of that tenant, or mend `autotask.tenant` in the settings",
    )


def stale(path: str, snapshot: Snapshot, changed: datetime | None) -> Fault | None:
    """What is wrong where the catalogue has changed since a snapshot was taken."""
    if changed is None or snapshot.taken_at >= changed:
        return None
    return _fault(
        "BD513",
        path,
        f"this snapshot was taken on {snapshot.moment}, before the catalogue's last change on "
        f"{in_words(changed)}",
        "take a new one; if nothing has happened in the tenant since, accept this one with "
        "`--accept-old-snapshot`",
    )


_CLOCKS = timedelta(hours=1)
"""How far two machines' clocks may differ."""


def ahead(path: str, snapshot: Snapshot, now: datetime) -> Fault | None:
    """What is wrong where a snapshot was taken at a moment that has not come yet."""
    if snapshot.taken_at <= now + _CLOCKS:
        return None
    return _fault(
        "BD510",
        path,
        f"this snapshot says that it was taken on {snapshot.moment}, and it is {in_words(now)}",
        "`taken_at` is the moment in UTC at which the reading began: mend the clock or its zone",
    )


def unread(path: str, reason: str) -> Fault:
    """The fault of a file that could not be read at all."""
    return _fault("BD510", path, f"this file cannot be read: {reason}", "name a snapshot file")


def _fault(code: str, path: str, message: str, cure: str, line: int = 1, column: int = 1) -> Fault:
    return Fault(code, Finding(Span(path, line, column, line, column + 1), message, help=cure))


# --- text → plain values -------------------------------------------------------------------------

_AGAIN = "read the tenant again, and write the file in one go"


class _TwiceError(ValueError):
    """A key that stands twice in one object, of which readers of JSON keep either."""


def _parsed(path: str, content: bytes) -> tuple[Any, Fault | None]:
    """The plain values that a file holds, or the fault that keeps it from being JSON."""
    if len(content) > LARGEST:
        cure = "read only what `billing-dsl snapshot` lists"
        most = f"this file is larger than {LARGEST >> 20} MiB"
        return None, _fault("BD510", path, most, cure)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        return None, _fault(
            "BD510",
            path,
            "this file is not UTF-8 text",
            "write it as UTF-8; Windows PowerShell does so with `-Encoding utf8`",
            line,
            column,
        )
    try:
        return json.loads(
            text,
            parse_float=_fraction,
            parse_int=_whole,
            parse_constant=_no_number,
            object_pairs_hook=_once,
        ), None
    except json.JSONDecodeError as error:
        if not text.strip():
            return None, _fault("BD510", path, "this file is empty", _AGAIN)
        message, cure = _not_json(text, error)
        return None, _fault("BD510", path, message, cure, error.lineno, error.colno)
    except _TwiceError as error:
        message = f"the key `{_short(str(error))}` stands twice in one object"
        return None, _fault("BD510", path, message, "write every key of an object once")
    except (ValueError, RecursionError):
        message = "this file holds JSON that no reader of a tenant writes: brackets without end, "
        message += "or a number that is none"
        return None, _fault("BD510", path, message, _AGAIN)


def _whole(digits: str) -> int | Decimal:
    """A whole number; one that is longer than any of Autotask's stays a Decimal, and fits nowhere.

    Python refuses to make thousands of digits an int.
    """
    return int(digits) if len(digits) <= 18 else Decimal(digits)


def _fraction(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:  # its exponent has more digits than there are
        raise ValueError(digits) from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _TwiceError(key)
            seen.add(key)
    return found


_HALF = re.compile(r"-|[.]|[eE][+-]?")
"""What is left over of a number that was cut in its midst."""


def _not_json(text: str, error: json.JSONDecodeError) -> tuple[str, str]:
    """What is said of text that is not JSON; most often it has lost its end."""
    rest = text[error.pos :].rstrip()
    cut = any(word.startswith(rest) for word in ("true", "false", "null"))
    if cut or _HALF.fullmatch(rest) or error.msg.startswith("Unterminated string"):
        return "this file ends before its JSON does: it has lost its end", _AGAIN
    said = error.msg.replace("'", "`")
    said = said[:1].lower() + said[1:].removesuffix(" at").removesuffix(" starting")
    return f"this file is not JSON: {said}", _AGAIN


# --- plain values → snapshot ---------------------------------------------------------------------

_MOST = 20
"""Findings about one file; more of them say nothing new."""

_WRONG: Any = object()
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]{5,}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?")
_LARGE = 20
"""Digits before or after the point beyond which a number is no amount of anything."""


def _text(value: Any) -> Any:
    return value if isinstance(value, str) else _WRONG


def _integer(value: Any) -> Any:
    if isinstance(value, Decimal) and _sane(value) and value == int(value):
        value = int(value)
    return value if type(value) is int else _WRONG


def _decimal(value: Any) -> Any:
    if type(value) is int:
        value = Decimal(value)
    return value if isinstance(value, Decimal) and _sane(value) else _WRONG


def _sane(number: Decimal) -> bool:
    return number.is_finite() and abs(number.adjusted()) < _LARGE


def _boolean(value: Any) -> Any:
    return value if isinstance(value, bool) else _WRONG


def _day(value: Any) -> Any:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            pass
    return _WRONG


def _value(value: Any) -> Any:
    """A value of a list: whole numbers and codes of letters are told as text."""
    return str(value) if type(value) is int else _text(value)


_CELLS: Mapping[Type, tuple[Callable[[Any], Any], str]] = {
    Type.TEXT: (_text, "expected text"),
    Type.INTEGER: (_integer, "expected a whole number"),
    Type.DECIMAL: (_decimal, "expected a number"),
    Type.BOOLEAN: (_boolean, "expected true or false"),
    Type.DAY: (_day, "expected a day like `2027-01-31T00:00:00Z`"),
}
_PICKED = (_value, "expected the value of a list, a whole number or text")


@dataclass(slots=True)
class _Reader:
    """A file while it is read: its name, and what was wrong so far."""

    path: str
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, where: str, value: Any, expected: str) -> None:
        """A value that is not of the form."""
        found = "not there" if value is _WRONG else f"{_short(_shown(value))}"
        self.tell("BD510", f"`{where}` is {found}: {expected}", _FORM)

    def tell(self, code: str, message: str, cure: str) -> None:
        """One more finding, up to a measure."""
        if len(self.faults) < _MOST:
            self.faults.append(_fault(code, self.path, message, cure))

    def snapshot(self, value: Any) -> Snapshot | None:
        """The snapshot that plain values mean. None, or anything, where there are faults."""
        if not isinstance(value, dict) or value.get("tool") != TOOL:
            said = f'this is no snapshot of a tenant: it does not say `"tool": "{TOOL}"`'
            self.tell("BD510", said, _FORM)
            return None
        version = value.get("version", _WRONG)
        if type(version) is not int or version != VERSION:
            self.wrong("version", version, f"this tool reads version {VERSION}")
            return None
        tenant = self.group(value, "tenant")
        database = _value(tenant.get("database", _WRONG))
        if database is _WRONG or not database.strip():
            self.wrong("tenant.database", tenant.get("database", _WRONG), "expected an id")
        name = tenant.get("name") or ""
        if not isinstance(name, str):
            self.wrong("tenant.name", name, "expected text")
        taken_at = _moment(value.get("taken_at"))
        if taken_at is None:
            expected = "expected a moment like `2027-01-14T18:05:00Z`"
            self.wrong("taken_at", value.get("taken_at", _WRONG), expected)
        lists = self.lists(self.group(value, "picklists"))
        counts = self.group(value, "counts")
        groups = self.group(value, "objects")
        objects = {entity: self.rows(entity, groups[entity]) for entity in FORM if entity in groups}
        self.count(counts, groups)
        if self.faults or taken_at is None:
            return None
        return Snapshot(database, name, taken_at, lists, objects)

    def group(self, value: dict[str, Any], key: str) -> dict[str, Any]:
        """One of the parts of a snapshot."""
        found = value.get(key, _WRONG)
        if isinstance(found, dict):
            return found
        self.wrong(key, found, "expected an object")
        return {}

    def lists(self, groups: dict[str, Any]) -> Mapping[str, Mapping[str, tuple[Listed, ...]]]:
        """The lists of each entity."""
        found: dict[str, Mapping[str, tuple[Listed, ...]]] = {}
        for entity, reading in FORM.items():
            if entity not in groups or not reading.lists:
                continue
            group = groups[entity]
            if not isinstance(group, dict):
                self.wrong(f"picklists.{entity}", group, "expected an object")
                continue
            found[entity] = {
                name: self.listed(f"picklists.{entity}.{name}", group[name])
                for name in reading.lists
                if name in group
            }
        return found

    def listed(self, where: str, values: Any) -> tuple[Listed, ...]:
        """The values of one list."""
        if not isinstance(values, list):
            self.wrong(where, values, "expected a list")
            return ()
        found: list[Listed] = []
        for number, each in enumerate(values):
            given = each if isinstance(each, dict) else {}
            value = _value(given.get("value"))
            label, active = _text(given.get("label")), _boolean(given.get("active"))
            if _WRONG in (value, label, active):
                expected = 'expected {"value": "7", "label": "Recurring Service", "active": true}'
                self.wrong(f"{where}[{number}]", each, expected)
            else:
                found.append(Listed(value, label, active))
        return tuple(found)

    def rows(self, entity: str, values: Any) -> tuple[Row, ...]:
        """The objects of one entity, in order of their ids."""
        where = f"objects.{entity}"
        if not isinstance(values, list):
            self.wrong(where, values, "expected a list")
            return ()
        cells = {"id": _CELLS[Type.INTEGER], **_cells(FORM[entity].fields)}
        found: list[Row] = []
        ids: dict[int, None] = {}
        twice: dict[int, None] = {}
        for number, each in enumerate(values):
            if not isinstance(each, dict):
                self.wrong(f"{where}[{number}]", each, "expected an object")
                continue
            row = self.row(f"{where}[{number}]", each, cells)
            own = row.get("id")
            if not isinstance(own, int) or own < 0:
                expected = "expected the object's number"
                self.wrong(f"{where}[{number}].id", each.get("id", _WRONG), expected)
                continue
            if own in ids:
                twice[own] = None
            ids[own] = None
            found.append(row)
        if twice:
            some = ", ".join(str(own) for own in list(twice)[:5])
            more = f" and {len(twice) - 5:,} more" if len(twice) > 5 else ""
            message = f"`{where}` holds an object twice: id {some}{more}"
            self.tell("BD511", message, "a page was read twice: read the entity again")
        return tuple(sorted(found, key=lambda row: int(str(row["id"]))))

    def row(self, where: str, each: dict[str, Any], cells: Mapping[str, _Cells]) -> Row:
        """One object: what is known of its fields. Others are of no interest."""
        row: dict[str, Cell] = {}
        for name, (convert, expected) in cells.items():
            if name not in each:
                continue
            given = each[name]
            cell = None if given is None else convert(given)
            if cell is not _WRONG:
                row[name] = cell
            elif name != "id":
                self.wrong(f"{where}.{name}", given, expected)
        return row

    def count(self, counts: dict[str, Any], groups: dict[str, Any]) -> None:
        """Whether as many objects are here as were counted: a page may have been lost."""
        for entity in FORM:
            counted = counts.get(entity, _WRONG)
            rows = groups.get(entity, [])
            here = len(rows) if isinstance(rows, list) else 0
            if counted is _WRONG and entity in groups:
                message = f"nobody has counted `{entity}`: whether all are here is not known"
                cure = f"put what `{entity}/query/count` says into `counts`"
                self.tell("BD511", message, cure)
            elif counted is not _WRONG and (type(counted) is not int or counted < 0):
                self.wrong(f"counts.{entity}", counted, "expected how many there are")
            elif counted is not _WRONG and counted != here:
                message = f"`{entity}`: {counted:,} were counted, {here:,} are here"
                cure = "a page was lost while they were read, or they changed: read them again"
                self.tell("BD511", message, cure)


_FORM = "`billing-dsl snapshot` describes the form, and `--schema` prints its JSON Schema"

_Cells: TypeAlias = tuple[Callable[[Any], Any], str]


def _cells(fields: Mapping[str, Field]) -> dict[str, _Cells]:
    return {
        name: _PICKED if known.picklist and known.type is Type.INTEGER else _CELLS[known.type]
        for name, known in fields.items()
    }


def _moment(value: Any) -> datetime | None:
    """A moment with its time zone; None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _shown(value: Any) -> str:
    """A value as the file may have written it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "an object"
    return json.dumps(value, ensure_ascii=False)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
