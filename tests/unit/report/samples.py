"""Reports that the tests of every format share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from billing_dsl.diagnostics import Diagnostic, Note, Reach, Severity, Span
from billing_dsl.report import CheckReport, Summary

GOLDEN = Path(__file__).parent / "golden"

BLOCK = """\
format: 1
kind: agreement
name: globex-2024
contracts:
  - name: managed
    excludes: {work_types: [onsite]}
  - {name: hourly, type: time_and_materials}
"""
ROLES = "format: 1\r\nkind: role\r\nname: engineer\r\ntitle: 技術者 (Ingenieur)\r\nrate: 0\r\n"

UNCOVERED = Diagnostic(
    code="BD301",
    name="uncovered-work",
    severity=Severity.ERROR,
    span=Span("agreements/globex.yaml", 6, 29, 6, 35),
    message="work type `onsite` is excluded and falls to no contract",
    label="reached from `managed`",
    help="name a contract in `falls_to`, or remove the exclusion",
    related=(Note(Span("agreements/globex.yaml", 5, 11, 5, 18), "the path ends at this contract"),),
    subject="agreement/globex-2024",
    reached=tuple(
        Reach(name, f"{name}-2024") for name in ("globex", "acme", "initech", "umbrella")
    ),
    assumption="blank-exclusion-contract",
    route="contracts.0.excludes.work_types.0",
)
UNPAID = Diagnostic(
    code="BD402",
    name="zero-rate",
    severity=Severity.WARNING,
    span=Span("roles.yaml", 5, 7, 5, 8),
    message="role `engineer` is billed at 0.00 EUR an hour",
    subject="role/engineer",
    route="rate",
)
UNUSED = Diagnostic(
    code="BD210",
    name="unused-role",
    severity=Severity.NOTE,
    span=Span("roles.yaml", 4, 8, 4, 23),
    message="role `engineer` is named by no agreement",
    route="title",
)
NO_SETTINGS = Diagnostic(
    code="BD104",
    name="no-settings",
    severity=Severity.ERROR,
    span=Span("", 1, 1, 1, 1),
    message="the catalogue has no settings",
    label="looked in every file",
    help="add a document of kind `settings`",
)
PAGES = {
    "BD104": ("no-settings", "A catalogue without settings."),
    "BD210": ("unused-role", "A role that nothing names."),
    "BD301": ("uncovered-work", "Excluded work that falls to no contract."),
    "BD402": ("zero-rate", "A billable hour that costs nothing."),
}

NAUGHTY = (
    "evil\n::error file=a,line=1::forged",
    "evil\r\n::add-mask::1",
    "evil\u0085::stop-commands::x\u2028::error::y\u2029",
    "100%0A::error::forged%25",
    "red \x1b[31m and title \x1b]0;owned\x07 and \x9b31m",
    "reversed \u202e/* gnp.exe \u2066 isolated",
    "zero\u200bwidth\u200d and \ufeffmark and soft\u00adhyphen",
    "cdata ]]> and <b>&amp; \"quotes\" 'single'",
    "half a pair \ud83d and \udcff",
    "not a character \ufffe \uffff \x00 \x7f",
    "##[error]forged and ##vso[task.setvariable variable=x]y and ###[group]z",
    "[a link](https://evil.example) and {0} and \\u0041",
    "tab\there, comma: colon",
    "中文 e\u0301 👩‍💻 עברית",
)


def report(
    *diagnostics: Diagnostic,
    sources: dict[str, bytes] | None = None,
    directory: str = "catalogue",
    partial: bool = False,
) -> CheckReport:
    """A report of these diagnostics, over the sources above."""
    severities = [each.severity for each in diagnostics]
    summary = Summary(
        errors=severities.count(Severity.ERROR),
        warnings=severities.count(Severity.WARNING),
        notes=severities.count(Severity.NOTE),
        documents=41,
        clients=12,
        contracts=31,
        cells=12960,
        partial=partial,
    )
    shown = {"agreements/globex.yaml": BLOCK.encode(), "roles.yaml": ROLES.encode()}
    return CheckReport(
        diagnostics=diagnostics,
        summary=summary,
        sources=shown if sources is None else sources,
        pages=PAGES,
        directory=directory,
        tool_version="1.2.3",
    )


def full(*, partial: bool = False) -> CheckReport:
    """A report with a finding of each severity, one of them about no file."""
    return report(NO_SETTINGS, UNCOVERED, UNUSED, UNPAID, partial=partial)


def naughty(text: str, *, path: bool = True) -> CheckReport:
    """A report in which a text stands wherever a person's text can stand."""
    name = f"tiers/{text.replace('/', '')}.yaml" if path else "tiers/silver.yaml"
    span = Span(name, 2, 3, 2, 9)
    found = replace(
        UNCOVERED,
        span=span,
        message=text,
        label=text,
        help=text,
        related=(Note(span, text), Note(Span("gone.yaml", 1, 1, 1, 1), text)),
        subject=f"tier/{text}",
        reached=(Reach(text, text),),
        assumption=text,
        route=text,
    )
    source = f"scope:\n  {text}\n".encode(errors="replace")
    return report(found, replace(found, severity=Severity.WARNING), sources={name: source})


def many(severities: Iterable[Severity]) -> CheckReport:
    """A report of findings of these severities, all alike but for their lines."""
    return report(
        *(
            replace(UNPAID, severity=severity, span=Span("roles.yaml", line, 1, line, 2))
            for line, severity in enumerate(severities, 1)
        )
    )
