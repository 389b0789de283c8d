"""What a column of an import template means: its header without the tenant's own words for it.

Headers carry marks (`[required]`, `[updates only]`, `[protected]`, `(required if …)`), the tenant's
word for an organization, and the numbers of user-defined fields; some words follow the locale. All
that comes off, so that columns are known by what they hold. The header itself is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from billing_dsl.diagnostics import Span


class Screen(StrEnum):
    """An import screen of Autotask that files are made for."""

    ORGANIZATIONS = "organizations"
    SERVICES = "services"


class Of(StrEnum):
    """Whose a column is, where a row speaks of several."""

    RECORD = "record"
    """The organization or the service that the row is about."""
    CONTACT = "contact"
    SITE = "site configuration"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its header, and what it means.

    `about` is what it holds, in small letters, the tenant's word for an organization replaced:
    `parent organization`; of a user-defined field it is the label as people write it.
    """

    header: str
    span: Span
    about: str
    of: Of = Of.RECORD
    user_defined: bool = False
    required: bool = False
    updates_only: bool = False
    protected: bool = False

    @property
    def secret(self) -> bool:
        """Whether it may hold what nobody should read: such a column is never written."""
        return self.protected or is_secret(self.about)

    @property
    def wanted(self) -> bool:
        """Whether a new row must have a cell there."""
        return self.required and not self.updates_only


def is_secret(label: str) -> bool:
    """Whether a field of this label may hold what nobody should read."""
    return _SECRET.search(label) is not None


_TERM = r"(?:accounts?|clients?|compan(?:y|ies)|customers?|organi[sz]ations?)"
"""What tenants call organizations (Local Terms)."""

_REQUIRED_IF = re.compile(r"[\[(]\s*required\s+if\b[^\])]*[\])]", re.IGNORECASE)
_MARK = re.compile(r"\[\s*(required|updates?\s*only|protected)\s*\*?\s*\]", re.IGNORECASE)
_USER_DEFINED = re.compile(r"(?:(?P<of>.*?)\s+)?UDF\s*:\s*\d+\s+(?P<label>.+)", re.IGNORECASE)
_PREFIX = re.compile(
    rf"(?P<of>{_TERM}|service|contact|site\s+configuration)\s*:\s*(?P<rest>.+)", re.I
)
_WORD = re.compile(rf"\b{_TERM}\b", re.IGNORECASE)
_SECRET = re.compile(
    r"pass\s*word|passcode|passwort|kennwort|contraseña|mot de passe|\bpin\b", re.I
)
_SPACES = re.compile(r"\s+")

_ALIKE: Mapping[str, str] = {
    name: about
    for about, names in {
        "city": ("city", "town", "town/city", "city/town", "post town"),
        "state": (
            *("state", "county", "province", "state/county", "state/province", "county/state"),
            *("state/province/region", "state or province"),
        ),
        "postal code": (
            *("postal code", "postcode", "post code", "zip code", "zip", "zipcode"),
            *("zip/postal code", "zip/post code", "postal code/zip code"),
        ),
        "markup percent": ("markup percent", "markup %", "markup percentage", "markup"),
        "active": ("active/inactive", "active"),
        "phone": ("phone", "phone number", "telephone"),
        "address 1": ("address 1", "address1", "address line 1"),
        "address 2": ("address 2", "address2", "address line 2"),
    }.items()
    for name in names
}
"""What tenants of different locales call the same."""

_OWN: Mapping[Screen, Mapping[str, str]] = {
    Screen.ORGANIZATIONS: {
        "organization id": "id",
        "organization name": "name",
        "organization number": "number",
        "organization phone": "phone",
        "type": "organization type",
        "parent": "parent organization",
        "manager": "organization manager",
    },
    Screen.SERVICES: {
        "service id": "id",
        "service name": "name",
        "service description": "description",
        "billing code name": "billing code",
    },
}
"""What else may stand for a column, screen by screen."""


def understood(header: str, span: Span) -> Column:
    """A column, by its header."""
    marks = {_SPACES.sub("", mark.lower()).rstrip("s") for mark in _MARK.findall(header)}
    bare = _SPACES.sub(" ", _MARK.sub(" ", _REQUIRED_IF.sub(" ", header))).strip()
    flags = (
        "required" in marks,
        any(mark.startswith("update") for mark in marks),
        "protected" in marks,
    )
    defined = _USER_DEFINED.fullmatch(bare)
    if defined is not None:
        return Column(header, span, defined["label"].strip(), _of(defined["of"]), True, *flags)
    prefixed = _PREFIX.fullmatch(bare)
    of, rest = (_of(prefixed["of"]), prefixed["rest"]) if prefixed else (Of.RECORD, bare)
    about = _WORD.sub("organization", rest).lower()
    return Column(header, span, _ALIKE.get(about, about), of, False, *flags)


def _of(prefix: str | None) -> Of:
    """Whose a column is, by the words in front of it."""
    words = _SPACES.sub(" ", prefix or "").strip(" :").lower()
    if words in ("contact", "site configuration"):
        return Of(words)
    return Of.RECORD


def fields(screen: Screen, columns: Iterable[Column]) -> Mapping[str, tuple[int, ...]]:
    """Where the columns of a record stand, by what they hold; user-defined ones are left out."""
    found: dict[str, tuple[int, ...]] = {}
    for number, column in enumerate(columns):
        if column.of is Of.RECORD and not column.user_defined and column.about:
            about = _OWN[screen].get(column.about, column.about)
            found[about] = (*found.get(about, ()), number)
    return found


def like(label: str) -> str:
    """The label of a user-defined field, as it is compared: capitals and spaces do not matter."""
    return _SPACES.sub(" ", label).strip().casefold()


_OTHERS: Mapping[str, frozenset[str]] = {
    "contacts": frozenset({"first name", "last name"}),
    "devices and subscriptions": frozenset({"product name", "install date"}),
    "locations of organizations": frozenset({"location name"}),
    "products": frozenset({"product name"}),
    "tickets": frozenset({"ticket title"}),
    "notes and time entries of tickets": frozenset({"autotask ticket number"}),
    "opportunities": frozenset({"opportunity name"}),
}
"""Imports for which the catalogue has nothing, by columns that tell them."""


def screens(columns: Iterable[Column]) -> tuple[frozenset[Screen], str]:
    """The screens that may have these columns; of one that nothing is made for, what it imports."""
    columns = tuple(columns)
    holds = {screen: fields(screen, columns).keys() for screen in Screen}
    known = holds[Screen.ORGANIZATIONS]
    other = next((name for name, told in _OTHERS.items() if told <= known), "")
    if other:
        return frozenset(), other
    found = set()
    if {"name", "phone"} <= known:
        found.add(Screen.ORGANIZATIONS)
    sold = holds[Screen.SERVICES]
    if {"name", "period type"} <= sold:
        found.add(Screen.SERVICES)
    return frozenset(found), ""
