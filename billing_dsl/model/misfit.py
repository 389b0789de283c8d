"""What does not fit a kind's schema, as faults in the words of the people who write documents.

A misfit is a keyword of the schema that a value does not satisfy. Several of them may have one
cause: each cause is told once, with what was expected, what was found and what would fit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from billing_dsl.diagnostics import Fault, Finding, Label, Place, Route
from billing_dsl.model.field import Form, Schema
from billing_dsl.model.wording import QUOTED, cure, expected, listed, near, question, quoted, shown
from billing_dsl.model.written import flow
from billing_dsl.source.document import Document

MOST = 1_000
"""Faults of one document that are told."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A keyword of a schema that a value does not satisfy."""

    route: Route
    key: bool
    """Whether it is about the key at the route, not about the value."""
    keyword: str
    asked: Any
    """What the keyword asks for."""
    found: Any
    field: str
    """With `required` the field that is missing, with `additionalProperties` the unknown one."""
    schema: Schema
    """The part of the schema that has the keyword."""

    @property
    def rank(self) -> int:
        """Of several misfits of one value, the lowest is the cause of the others."""
        return _RANKS.get(self.keyword, len(_RANKS))

    @property
    def code(self) -> str:
        """BD105 where a text is not of the form that is asked for, else BD104."""
        listed_codes = self.keyword == "enum" and "errorMessage" in self.schema
        return "BD105" if self.keyword in _FORMS or listed_codes else "BD104"


_RANKS = {
    keyword: rank
    for rank, keyword in enumerate(
        ("type", "enum", "minLength", "maxLength", "pattern", "format", "not")
    )
}
_FORMS = frozenset({"pattern", "format", "not", "minLength", "maxLength"})
_COUNTS = frozenset({"minItems", "maxItems", "minProperties", "maxProperties"})


# Documents that say too little of themselves to be compared with a schema.


def no_kind(document: Document, forms: Mapping[str, Form]) -> tuple[Fault, ...]:
    """One fault for a document without `kind`; its other fields may tell which was meant."""
    meant = [field for field in document.value if near(field, ("kind",))]
    if meant:
        return (_unknown_field(document, (), meant[0], ("kind",)),)
    written = set(document.value)
    alike = {kind: len(written.intersection(form.fields(()))) for kind, form in forms.items()}
    likely = [kind for kind, count in alike.items() if count == max(alike.values())]
    remedy = f"add `kind:` and one of {listed(forms, 'or', most=30)}"
    if len(likely) == 1:
        remedy = f"add `kind: {likely[0]}`: its fields are those of {_word(likely[0])} documents"
    label = "this document needs `kind`"
    place = document.at()
    return (
        _fault("BD102", document, place, "`kind` is missing from this document", label, remedy),
    )


def unknown_kind(document: Document, kinds: Collection[str]) -> tuple[Fault, ...]:
    """One fault for a document of a kind that does not exist."""
    kind = document.value["kind"]
    message = f"`kind` is {shown(kind)}; expected a kind of document"
    remedy = question(near(kind, kinds)) if isinstance(kind, str) else ""
    return (
        _fault(
            "BD101",
            document,
            document.at("kind"),
            f"there is no kind {quoted(kind)}" if isinstance(kind, str) and kind else message,
            "not a kind of document",
            remedy or f"the kinds are {listed(kinds, 'and', most=30)}",
        ),
    )


def foreign_format(document: Document) -> tuple[Fault, ...]:
    """One fault for a document in another version of the language, which is not read further."""
    written = document.value["format"]
    newer = isinstance(written, int) and written > 1
    return (
        _fault(
            "BD107",
            document,
            document.at("format"),
            f"`format` is {shown(written)}; expected `1`",
            "the version of the language in which this document is written",
            "write it in format 1, or use a release of billing_dsl that knows the newer one"
            if newer
            else "write `format: 1`",
        ),
    )


def unexplained(document: Document) -> tuple[Fault, ...]:
    """One fault for a document that the fast gate refuses, and that nothing else explains."""
    return (
        _fault(
            "BD105",
            document,
            document.at("kind"),
            f"{_thing(document, ())} holds text that cannot be kept in a file",
            "the document that holds it",
            "look for escapes such as `\\ud83d`, and write the characters themselves",
        ),
    )


# Documents of a known kind.


def explained(document: Document, form: Form, misfits: Iterable[Misfit]) -> tuple[Fault, ...]:
    """One fault for each cause: unknown fields first, then missing ones, then wrong values."""
    causes = _Causes(document, form)
    for misfit in misfits:
        causes.add(misfit)
    found = tuple(causes.faults())
    if len(found) < MOST:
        return found
    rest = _fault(
        "BD104",
        document,
        document.at("kind"),
        f"{_thing(document, ())} has more faults than the {MOST - 1} that are shown",
        "the document with these faults",
        "mend what is shown, then check again",
    )
    return (*found[: MOST - 1], rest)


class _Causes:
    """The misfits of one document, sorted by what they are about."""

    def __init__(self, document: Document, form: Form) -> None:
        self.document = document
        self.form = form
        self.unknown: dict[tuple[Route, str], None] = {}
        self.missing: dict[tuple[Route, str], None] = {}
        self.barred: dict[Route, str] = {}
        self.choices: dict[tuple[Route, tuple[str, ...]], Any] = {}
        self.values: dict[tuple[Route, bool], Misfit] = {}

    def add(self, misfit: Misfit) -> None:
        """Sort in one misfit."""
        route = misfit.route
        match misfit.keyword:
            case "additionalProperties":
                self.unknown[route, misfit.field] = None
            case "required":
                self.missing[route, misfit.field] = None
            case "not" if misfit.asked == {}:
                self.barred[route] = misfit.schema["errorMessage"]
            case "oneOf":
                self.choices[route, tuple(misfit.field.split())] = misfit.found
            case _:
                held = self.values.get((route, misfit.key))
                if held is None or misfit.rank < held.rank:
                    self.values[route, misfit.key] = misfit

    def faults(self) -> Iterator[Fault]:
        """What there is to say. A misspelt field is not missing too; nor is one written wrongly."""
        meant = {
            (route, name)
            for route, field in self.unknown
            for name in near(field, self.form.fields(route))[:1]
        }
        for route, field in self.unknown:
            yield _unknown_field(self.document, route, field, self.form.fields(route))
        for route, message in self.barred.items():
            yield self._barred(route, message)
        replaced = {route[:-1] for route in self.barred}
        for route, field in self.missing:
            if (route, field) not in meant and route not in replaced:
                yield self._missing(route, field)
        for (route, choice), value in self.choices.items():
            if meant.isdisjoint((route, field) for field in choice):
                yield self._choice(route, choice, value)
        for misfit in self.values.values():
            yield self._wrong_value(misfit)

    def _barred(self, route: Route, message: str) -> Fault:
        wanted = [field for owner, field in self.missing if owner == route[:-1]]
        return _fault(
            "BD106",
            self.document,
            self.document.at(*route, key=True),
            message,
            "does not belong here",
            f"write {listed(wanted, 'and')} instead" if wanted else "leave it out",
        )

    def _missing(self, route: Route, field: str) -> Fault:
        examples = self.form.at((*route, field)).get("examples", ())
        example = next((flow(value) for value in examples if len(flow(value)) <= QUOTED), "")
        remedy = f"add `{field}`, for example `{field}: {example}`" if example else f"add `{field}`"
        return _fault(
            "BD102",
            self.document,
            self._owner(route),
            f"`{field}` is missing from {_thing(self.document, route)}",
            f"needs `{field}`",
            "add `format: 1`" if field == "format" else remedy,
        )

    def _choice(self, route: Route, choice: tuple[str, ...], value: Mapping[str, Any]) -> Fault:
        thing = _thing(self.document, route)
        written = [field for field in value if field in choice]
        if not written:
            return _fault(
                "BD102",
                self.document,
                self._owner(route),
                f"one of {listed(choice, 'and')} is missing from {thing}",
                f"needs {listed(choice, 'or')}",
                f"add {listed(choice, 'or')}",
            )
        return _fault(
            "BD106",
            self.document,
            self.document.at(*route, written[1], key=True),
            f"{listed(written, 'and')} are written together in {thing}",
            "only one of them is wanted",
            f"keep one of {listed(written, 'and')}",
            tuple(
                Label(self.document.at(*route, field, key=True), "the other")
                for field in (written[0], *written[2:])
            ),
        )

    def _wrong_value(self, misfit: Misfit) -> Fault:
        route, keyword = misfit.route, misfit.keyword
        refused = misfit.schema.get("x-refused", {})
        if isinstance(misfit.found, str) and misfit.found.lower() in refused:
            return self._refused(misfit, refused[misfit.found.lower()])
        place = self.document.at(*route, key=misfit.key)
        if keyword == "uniqueItems":
            message = f"{quoted(misfit.field)} is listed twice in {_spot(route[:-1])}"
            label, remedy = "listed again here", "keep one of them"
        else:
            message = f"{self._found(misfit)}; {self._expected(misfit)}"
            label = "named here" if misfit.key else self._said_of(route)
            remedy = cure(keyword, misfit.asked, misfit.found, misfit.schema)
            if misfit.found is None and not misfit.key:
                remedy = self._filled(route)
        return _fault(misfit.code, self.document, place, message, label, remedy)

    def _filled(self, route: Route) -> str:
        """What to do about an empty value: what need not be there may also be left out."""
        above, last = route[:-1], route[-1]
        if isinstance(last, int):
            return "write a value, or take the empty item out"
        form = self.form.at(above)
        choice = [field for one in form.get("oneOf", ()) for field in one["required"]]
        if last in choice:  # such as `end` or `term`: one of them has to be there
            beside: Any = self.document.value
            for step in above:
                beside = beside[step]
            others = [field for field in choice if field in beside and field != last]
            return "write a value" if not others else f"take it out, for `{others[0]}` is written"
        if last in form.get("required", ()) or last not in self.form.fields(above):
            return "write a value"
        return "write a value, or leave the field out"

    def _refused(self, misfit: Misfit, reason: str) -> Fault:
        """BD504: a value that means something in Autotask, but that it does not take from us."""
        known = listed(misfit.schema["enum"], "or")
        return _fault(
            "BD504",
            self.document,
            self.document.at(*misfit.route),
            f"{shown(misfit.found)} cannot be compiled: {reason}",
            self._said_of(misfit.route),
            f"use {known}, or keep it in Autotask by hand and out of the catalogue",
        )

    def _found(self, misfit: Misfit) -> str:
        if misfit.key:
            return f"{_spot(misfit.route[:-1])} names {shown(misfit.found)}"
        spot = _spot(misfit.route)
        if misfit.keyword in _COUNTS:
            return (
                f"{spot} has {len(misfit.found):,} entries" if misfit.found else f"{spot} is empty"
            )
        return f"{spot} is {shown(misfit.found)}"

    def _expected(self, misfit: Misfit) -> str:
        fields = self.form.fields(misfit.route)
        if misfit.keyword == "minProperties" and fields:
            return f"expected at least one of {listed(fields, 'and')}"
        if (misfit.keyword, misfit.asked) == ("type", "object") and fields:
            plural = "s" if len(fields) > 1 else ""
            return f"expected the field{plural} {listed(fields, 'and')}"
        return expected(misfit.keyword, misfit.asked, misfit.schema)

    def _said_of(self, route: Route) -> str:
        """What the schema says of a value, or of what holds it: the first sentence."""
        said = self.form.at(route).get("description") or self.form.at(route[:-1])["description"]
        first: str = said.partition(". ")[0].removesuffix(".")
        return first if first.startswith("Autotask") else first[0].lower() + first[1:]

    def _owner(self, route: Route) -> Place:
        """Where a field is missing: the key of what should hold it."""
        if not route:
            return self.document.at("kind")
        return self.document.at(*route, key=isinstance(route[-1], str))


def _unknown_field(document: Document, route: Route, field: str, known: Collection[str]) -> Fault:
    return _fault(
        "BD103",
        document,
        document.at(*route, field, key=True),
        f"{quoted(field)} is not a field of {_thing(document, route)}",
        "no such field",
        question(near(field, known)) or f"the fields here are {listed(known, 'and', most=30)}",
    )


def _fault(
    code: str,
    document: Document,
    place: Place,
    message: str,
    label: str,
    remedy: str,
    related: tuple[Label, ...] = (),
) -> Fault:
    return Fault(
        code, Finding(place, message, label, remedy, related, subject=_subject(document.value))
    )


def _subject(value: Mapping[str, Any]) -> str:
    """`role/engineer`, `tier/silver@2`; nothing where the document does not say so much."""
    kind, name, version = value.get("kind"), value.get("name"), value.get("version")
    if not isinstance(kind, str) or not isinstance(name, str) or not kind or not name:
        return ""
    versioned = kind == "tier" and isinstance(version, int)
    return f"{kind}/{name}@{version}" if versioned else f"{kind}/{name}"


def _word(kind: str) -> str:
    return "sub-issue" if kind == "sub_issue" else kind.replace("_", " ")


def _thing(document: Document, route: Route) -> str:
    """What a field belongs to: the document by kind and name, or a part of it."""
    if route:
        return _spot(route)
    value = document.value
    kind, name = value.get("kind"), value.get("name")
    if not isinstance(kind, str):
        return "this document"
    return f"{_word(kind)} {quoted(name)}" if isinstance(name, str) else f"this {_word(kind)}"


def _spot(route: Route) -> str:
    """A value by the field that holds it: `rate`, item 2 of `blocks`."""
    *above, last = route
    if isinstance(last, str):
        return quoted(last)
    return f"item {last + 1} of {_spot(tuple(above))}"
