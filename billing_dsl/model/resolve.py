"""Every reference to its declaration, with the nearest names where there is none."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from billing_dsl.diagnostics import Fault, Finding, Label
from billing_dsl.model.declaration import Declaration, Head, Mention

WORDS = {
    "agreement": "agreement",
    "approval": "approval",
    "client": "client",
    "entry_export": "entry export",
    "exclusion_set": "exclusion set",
    "role": "role",
    "scenario": "scenario",
    "service": "service or service bundle",
    "service_bundle": "service bundle",
    "settings": "settings",
    "sub_issue": "sub-issue",
    "tier": "tier",
    "waiver": "waiver",
    "work_type": "work type",
}
"""What a person calls each kind."""


def names_by_kind(heads: Iterable[Head]) -> dict[str, set[str]]:
    """Every name that a reference may use, by kind: a tier's with and without its version.

    A service may be a bundle, so both stand under `service`.
    """
    names: dict[str, set[str]] = {}
    for head in heads:
        known = names.setdefault(head.kind, set())
        known.add(head.key)
        known.add(head.name)
    names.setdefault("service", set()).update(names.get("service_bundle", ()))
    return names


def nearest(name: str, known: Collection[str], likeness: float = 0.6) -> list[str]:
    """At most three names that are near to one, the nearest first; `likeness` of 1 is the same."""
    return difflib.get_close_matches(name, sorted(known), n=3, cutoff=likeness)


def did_you_mean(name: str, known: Collection[str], likeness: float = 0.6) -> str:
    """A question with at most three near names, or nothing."""
    near = nearest(name, known, likeness)
    if not near:
        return ""
    *most, last = [f"`{candidate}`" for candidate in near]
    return f"did you mean {', '.join(most) + ' or ' if most else ''}{last}?"


def unknown(declaration: Declaration, mention: Mention, known: Collection[str]) -> Fault:
    """BD201: a reference to something that nobody declares."""
    if mention.kind == "tier":  # whoever writes a version means one, and the other way round
        known = [name for name in known if ("@" in name) == ("@" in mention.name)]
    if mention.kind == declaration.KIND:  # nothing is meant to be based on itself
        known = [name for name in known if name != declaration.key]
    cure = did_you_mean(mention.name, known)
    if not cure and known and len(known) <= 12:
        cure = f"declared are {', '.join(f'`{name}`' for name in sorted(known))}"
    return Fault(
        "BD201",
        Finding(
            declaration.at(*mention.route, key=mention.key),
            f"{_there_is_no(mention.kind)}{mention.name}`",
            label="named here",
            help=cure or f"declare it in a document of kind `{mention.kind}`, or mend the name",
            subject=declaration.subject,
        ),
    )


def _there_is_no(kind: str) -> str:
    return f"there is no {WORDS[kind]} `"


def unknown_kind(finding: Finding) -> str:
    """The kind of document that a BD201 misses, or nothing: contracts have names as well."""
    missed = (kind for kind in WORDS if finding.message.startswith(_there_is_no(kind)))
    return next(missed, "")


def unresolved(
    declaration: Declaration,
    mentions: Iterable[Mention],
    names: Mapping[str, Collection[str]],
    lost: Mapping[str, Collection[str]],
    silent: bool,
    unsound: Collection[str],
    report: Callable[[Fault], None],
) -> bool:
    """Whether a declaration depends on something lost, unsound or unknown; reports the unknown.

    A tier without its version stands for all versions: one that is lost may be the one in force.
    """
    depends = False
    for mention in mentions:
        if mention.name in names.get(mention.kind, ()):
            subject = f"{mention.kind}/{mention.name}"
            follows = mention.kind == "tier" and "@" not in mention.name
            missing = follows and mention.name in lost.get("tier", ())
            if mention.carries and (subject in unsound or missing):
                depends = True
            continue
        depends = depends or mention.carries
        if silent or mention.name in lost.get(mention.kind, ()):
            continue  # its own document's fault is reported; one cause, one finding
        report(unknown(declaration, mention, names.get(mention.kind, ())))
    return depends


def duplicates(heads: Iterable[Head]) -> Iterator[tuple[Head, Fault]]:
    """BD202 for each document that uses a name again, beside the first that has it.

    Services and their bundles are sold by the same word, so they share their names.
    """
    first: dict[tuple[str, str], Head] = {}
    for head in heads:
        among = "service" if head.kind == "service_bundle" else head.kind
        known = first.setdefault((among, head.key), head)
        if known is head:
            continue
        message = f"{WORDS[head.kind]} `{head.key}` is declared twice"
        if head.kind != known.kind:
            message = f"a service and a service bundle are both named `{head.key}`"
        yield (
            head,
            Fault(
                "BD202",
                Finding(
                    head.place,
                    message,
                    label="declared again here",
                    help="keep one of the two, or give one another name",
                    related=(Label(known.place, "first declared here"),),
                    subject=f"{head.kind}/{head.key}",
                ),
            ),
        )
