"""What somebody supposes of a document without editing it: a value of it is another, or is gone.

`tier/silver@2:onsite-support=recurring` is a supposition. What it means is a document in which one
value is another; that document then goes the way of every document, so nothing is supposed that
could not be written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from billing_dsl.diagnostics import Finding, Route
from billing_dsl.model.declaration import Head
from billing_dsl.model.resolve import WORDS, did_you_mean, names_by_kind
from billing_dsl.model.rewriting import rewritten
from billing_dsl.model.validate import schemas
from billing_dsl.model.written import flow
from billing_dsl.source.reader import read
from billing_dsl.source.text import shown

Values: TypeAlias = dict[str, Any]

SHORT: Mapping[str, tuple[tuple[str, str], ...]] = {
    "tier": (("work_type", "scope"), ("role", "roles"), ("sub_issue", "sub_issues")),
}
"""Where a route that begins with the name of something is meant, by the kind of its document."""

WHOLE = ("contracts", "rates")
"""The fields of a tier that are inherited as a whole or not at all."""

NAMED_BY = ("name", "role")
"""The keys by which an item of a list is called in a route, as places of findings are."""

MOST_LISTED = 20
"""Names that are all told where none of them is near."""


@dataclass(frozen=True, slots=True)
class Amiss:
    """A supposition that cannot be made: which, what is wrong with it, and what to do."""

    place: str
    message: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Supposition:
    """One value of one document that is supposed to be another.

    `place` is what a person calls it: `--set 1`. `written` is the value as written, which is None
    where the value is supposed to be gone; `value` is what that reads as.
    """

    place: str
    subject: str
    route: Route
    written: str | None
    value: Any = None

    def __str__(self) -> str:
        where = f"{self.subject}:{route_text(self.route)}"
        return f"{where} taken out" if self.written is None else f"{where}={self.written}"


@dataclass(frozen=True, slots=True)
class Supposed:
    """A document in which a value is another, and the way to it: list items by their positions."""

    value: Values
    route: Route


# --- text → supposition --------------------------------------------------------------------------

_STEP = re.compile(r'"(?P<quoted>(?:[^"\\]|\\.)*)"|\[(?P<item>[0-9]{1,6})\]|(?P<word>[^".=\[\]]+)')
_PLAIN = re.compile(r'[^".=\[\]]+')


def parsed(place: str, text: str) -> Supposition | Amiss:
    """The supposition that `SUBJECT:ROUTE=VALUE` writes. The value is YAML, in one line."""
    found = _target(text)
    if found is None or not text[found[2] :].startswith("="):
        return Amiss(
            place,
            f"expected SUBJECT:ROUTE=VALUE, found {shown(text)}",
            "write it as in `tier/silver@2:onsite-support=recurring`",
        )
    subject, route, end = found
    written = text[end + 1 :].strip()
    if not written:
        return Amiss(
            place,
            f"no value stands behind {shown(text)}",
            f"write the value, or `null`; `--unset {subject}:{route_text(route)}` takes it out",
        )
    value = _value(place, written)
    if isinstance(value, Amiss):
        return value
    return Supposition(place, subject, route, written, value.value)


def unset(place: str, text: str) -> Supposition | Amiss:
    """The supposition that the value at `SUBJECT:ROUTE` is gone."""
    found = _target(text)
    if found is None or found[2] < len(text):
        return Amiss(
            place,
            f"expected SUBJECT:ROUTE, found {shown(text)}",
            "write it as in `role/engineer:review_by`",
        )
    return Supposition(place, found[0], found[1], None)


def route_text(route: Route) -> str:
    """A route as a supposition writes it: `contracts[0].services`."""
    parts: list[str] = []
    for step in route:
        if isinstance(step, int):
            parts.append(f"[{step}]")
            continue
        plain = _PLAIN.fullmatch(step)
        quoted = '"' + step.replace("\\", "\\\\").replace('"', '\\"') + '"'
        parts.append(("." if parts else "") + (step if plain else quoted))
    return "".join(parts)


def _target(text: str) -> tuple[str, Route, int] | None:
    """Subject and route at the beginning of a text, and where they end."""
    subject, colon, _ = text.partition(":")
    position = len(subject) + 1
    route: list[str | int] = []
    while colon and (found := _STEP.match(text, position)):
        if found["item"] is not None:
            route.append(int(found["item"]))
        elif found["quoted"] is not None:
            route.append(re.sub(r"\\(.)", r"\1", found["quoted"]))
        else:
            route.append(found["word"].strip())
        position = found.end()
        if text.startswith(".", position):
            position += 1
        elif not text.startswith("[", position):
            break
    if not subject.strip() or not route or isinstance(route[0], int):
        return None
    if text.startswith((".", "["), position - 1) and text[position - 1] == ".":
        return None  # a dot after which nothing comes
    return subject.strip(), tuple(route), position


@dataclass(frozen=True, slots=True)
class _Read:
    value: Any


def _value(place: str, written: str) -> _Read | Amiss:
    """The value that one line of YAML writes."""
    if "\n" in written or "\r" in written:
        return Amiss(place, "a value stands in one line", "write lists and mappings in brackets")
    documents, _, faults = read("", f"x: {written}\n".encode("utf-8", "surrogatepass"))
    if faults:
        finding = faults[0].finding
        return Amiss(place, f"{shown(written)} is no value: {finding.message}", finding.help)
    return _Read(documents[0].value["x"])


# --- supposition → the document it means ---------------------------------------------------------


def head_of(supposition: Supposition, heads: Collection[Head]) -> Head | Amiss:
    """The document that a supposition is about: `role/engineer`, `tier/silver@2`, `settings`."""
    written, _, name = supposition.subject.partition("/")
    kind = written.replace("-", "_").replace(" ", "_")
    kinds = sorted({head.kind for head in heads})
    if kind not in WORDS:
        near = did_you_mean(kind, sorted(WORDS)) or f"the kinds are {_listed(WORDS)}"
        return Amiss(supposition.place, f"there is no kind of document `{written}`", near)
    if kind == "service":
        meant = [head for head in heads if head.kind in ("service", "service_bundle")]
    else:
        meant = [head for head in heads if head.kind == kind]
    if kind == "settings" and not name:
        found = meant
    else:
        found = [head for head in meant if name in (head.key, head.name)]
    if len(found) == 1:
        return found[0]
    word = WORDS[kind]
    if found:
        keys = _listed(head.key for head in found)
        message = f"`{supposition.subject}` may be several documents"
        return Amiss(supposition.place, message, f"name one of {keys}")
    if kind not in kinds and kind != "service":
        return Amiss(supposition.place, f"the catalogue has no {word}")
    known = sorted({head.key for head in meant})
    return Amiss(
        supposition.place, f"there is no {word} `{name}`", near_or_all(name, known, f"{kind}/")
    )


def in_full(supposition: Supposition, kind: str, names: Mapping[str, set[str]]) -> Route | Amiss:
    """The route from the top of the document: of a tier, work may be named without its `scope`."""
    first, *rest = supposition.route
    fields = schemas()[f"{kind}.schema.json"]["properties"]
    if first in fields:
        return supposition.route
    known = list(fields)
    for other, field in SHORT.get(kind, ()):
        if first in names.get(other, ()):
            return (field, first, *rest)
        known += sorted(names.get(other, ()))
    also = ", nor the name of a work type, role or sub-issue" if kind in SHORT else ""
    message = f"`{first}` is no field of a document of kind `{kind}`{also}"
    return Amiss(supposition.place, message, near_or_all(str(first), known))


def near_or_all(name: str, known: Sequence[str], before: str = "") -> str:
    """The names that are near to one, or all where they are few; nothing where they are many."""
    near = did_you_mean(name, known) or did_you_mean(name.lower(), known)
    if near or not known or len(known) > MOST_LISTED:
        return near.replace("`", f"`{before}", 1) if near.count("`") == 2 else near
    return f"known {'is' if len(known) == 1 else 'are'} {_listed(known)}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def supposed(supposition: Supposition, route: Route, document: Values) -> Supposed | Amiss:
    """The document as it is supposed to be; `document` itself stays as it is."""
    return _Way(supposition, route).taken(document)


@dataclass(frozen=True, slots=True)
class _Way:
    """A supposition on its way into a document, and the route that it takes."""

    supposition: Supposition
    route: Route

    def taken(self, document: Values) -> Supposed | Amiss:
        """The document at the end of the way."""
        first = self.route[0]
        if "extends" in document and first in WHOLE and first not in document and self.route[1:]:
            parent = f"tier/{document['extends']}"
            return self._amiss(
                f"`{self.supposition.subject}` has its `{first}` from `{parent}`, and none of "
                "them can be set here alone",
                f"set all of them here, or set it at `{parent}`",
            )
        steps: list[str | int] = []
        value = self._with(document, 0, steps)
        return value if isinstance(value, Amiss) else Supposed(value, tuple(steps))

    def _with(self, held: Any, depth: int, steps: list[str | int]) -> Any:
        """A copy of what is held at a depth of the route, with the value further in."""
        if depth == len(self.route):
            return self.supposition.value
        step = self.route[depth]
        if held is None and isinstance(step, str):
            held = {}
        if isinstance(held, list):
            return self._in_list(held, step, depth, steps)
        if not isinstance(held, dict):
            return self._amiss(
                f"`{route_text(self.route[:depth])}` is {flow(held)}: nothing stands inside it",
                "set the whole of it, in brackets if it is to have parts",
            )
        if isinstance(step, int):
            here = f"`{route_text(self.route[:depth])}`"
            return self._amiss(f"{here} is no list", f"it has {_listed(held)}" if held else "")
        steps.append(step)
        last = depth + 1 == len(self.route)
        if last and self._gone:
            if step not in held:
                return self._nothing_there(step, list(held))
            return {key: value for key, value in held.items() if key != step}
        if step not in held and self._gone:
            return self._nothing_there(step, list(held))
        value = self._with(held.get(step), depth + 1, steps)
        return value if isinstance(value, Amiss) else {**held, step: value}

    def _in_list(self, held: list[Any], step: str | int, depth: int, steps: list[str | int]) -> Any:
        here = f"`{route_text(self.route[:depth])}`"
        last = depth + 1 == len(self.route)
        if isinstance(step, str):
            called = [place for place, item in enumerate(held) if step in _names(item)]
            if len(called) > 1:
                several = ", ".join(f"[{place}]" for place in called)
                return self._amiss(f"{here} has several `{step}`", f"say which: {several}")
            if not called:
                known = sorted({name for item in held for name in _names(item)})
                near = near_or_all(step, known)
                count = f"its items are [0] to [{len(held) - 1}]" if held else "it is empty"
                return self._amiss(f"{here} has no item `{step}`", near or count)
            step = called[0]
        if step > len(held) or (step == len(held) and (self._gone or not last)):
            said = "is empty" if not held else f"has [0] to [{len(held) - 1}]"
            return self._amiss(f"{here} has no item [{step}]", f"it {said}")
        steps.append(step)
        if last and self._gone:
            return [*held[:step], *held[step + 1 :]]
        value = self._with(held[step] if step < len(held) else None, depth + 1, steps)
        return value if isinstance(value, Amiss) else [*held[:step], value, *held[step + 1 :]]

    @property
    def _gone(self) -> bool:
        return self.supposition.written is None

    def _nothing_there(self, step: str, known: Sequence[str]) -> Amiss:
        return self._amiss(
            f"`{self.supposition.subject}` has no `{step}` that could be taken out",
            near_or_all(step, known),
        )

    def _amiss(self, message: str, cure: str) -> Amiss:
        return Amiss(self.supposition.place, message, cure)


def _names(item: object) -> Iterator[str]:
    """What an item of a list is called in a route."""
    if isinstance(item, str):
        yield item
    elif isinstance(item, dict):
        yield from (value for key in NAMED_BY if isinstance(value := item.get(key), str))


# --- a client that moves -------------------------------------------------------------------------


def moved(
    place: str, text: str, day: date | None, heads: Collection[Head], texts: Mapping[str, bytes]
) -> Supposition | Amiss:
    """The supposition that a client moves to a tier: `acme=gold@1`, from a day on or all the time.

    It is one of the agreement that stands on a tier and is in force on the day, or that is the
    last to begin where no day is said.
    """
    client, equals, tier = (part.strip() for part in text.partition("="))
    if not (client and equals and tier):
        help_ = "write it as in `acme=gold@1`"
        return Amiss(place, f"expected CLIENT=TIER, found {shown(text)}", help_)
    clients = [head.name for head in heads if head.kind == "client"]
    if client not in clients:
        return Amiss(place, f"there is no client `{client}`", near_or_all(client, clients))
    own = [head for head in heads if head.kind == "agreement" and head.client == client]
    standing = [
        (value["start"], head.name, value)
        for head in own
        if "tier" in (value := document_of(texts, head)) and value.get("default", True)
    ]
    begun = [one for one in sorted(standing, key=lambda one: one[:2]) if _begun(one[0], day)]
    if not begun:
        when = f" on {day}" if day is not None else ""
        return Amiss(place, f"client `{client}` has no agreement on a tier{when}")
    start, name, value = begun[-1]
    to = _moved(value["tier"], start, tier, day)
    return Supposition(place, f"agreement/{name}", ("tier",), flow(to), to)


def _begun(start: str, day: date | None) -> bool:
    return day is None or start <= day.isoformat()


def _moved(written: Any, start: str, tier: str, day: date | None) -> Any:
    """The tier of an agreement as it is written where it moves; what was to come is given up."""
    if day is None or day.isoformat() <= start:
        return tier
    rows = written if isinstance(written, list) else [{"from": start, "tier": written}]
    kept = [row for row in rows if row.get("from", start) < day.isoformat()]
    return [*kept, {"from": day.isoformat(), "tier": tier}]


# --- suppositions → the files they mean ----------------------------------------------------------


def document_of(texts: Mapping[str, bytes], head: Head) -> Values:
    """A document as it is read from its file, which has no faults."""
    documents, _, _ = read(head.path, texts[head.path])
    return documents[head.document].value


def supposed_texts(
    texts: Mapping[str, bytes], heads: Sequence[Head], suppositions: Iterable[Supposition]
) -> tuple[Mapping[str, bytes], tuple[Amiss, ...]]:
    """The files of a catalogue as they would be, one supposition after the other, and what cannot
    be supposed. `heads` are those of all documents, none of which has faults.
    """
    found = dict(texts)
    names = names_by_kind(heads)
    amiss: list[Amiss] = []
    for one in suppositions:
        head = head_of(one, heads)
        route = head if isinstance(head, Amiss) else in_full(one, head.kind, names)
        if isinstance(head, Amiss) or isinstance(route, Amiss):
            amiss += [other for other in (head, route) if isinstance(other, Amiss)][:1]
            continue
        after = supposed(one, route, document_of(found, head))
        if isinstance(after, Amiss):
            amiss.append(after)
            continue
        text = found[head.path]
        typed = rewritten(text, head.document, after.route, after.value, one.written)
        if isinstance(typed, Finding):
            amiss.append(Amiss(one.place, f"no file can say so: {typed.message}", typed.help))
        else:
            found[head.path] = typed
    return found, tuple(amiss)
