"""The page of a code as Markdown: what the documentation holds, made from the rule's docstring."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from billing_dsl.rules._examples import examples, prose
from billing_dsl.source.pages import Page


def file_name(page: Page) -> str:
    """The name of a page's file: `BD301-uncovered-work.md`."""
    return f"{page.code}-{page.name}.md"


def rule_page(page: Page, can_be_accepted: bool) -> str:
    """A code's page."""
    first, _, rest = prose(inspect.cleandoc(page.text)).partition("\n")
    lines = [f"# {page.code} {page.name}", "", f"**{page.severity.value}.** {first}", ""]
    if rest.strip():
        lines += [rest.strip(), ""]
    for fails, heading in ((True, "Fails"), (False, "Passes")):
        for example in examples(page.text):
            if example.fails is fails:
                lines += [f"## {heading}", "", "```yaml", example.text.rstrip(), "```", ""]
    if can_be_accepted:
        lines += [
            "## To accept it",
            "",
            "```yaml",
            "format: 1",
            "kind: waiver",
            "name: a-name-of-its-own",
            f"code: {page.code}",
            "subject: agreement/acme-2027  # or tier/silver@2, client/acme: as the finding says",
            "reason: why this is meant",
            "owner: who answers for it",
            "until: 2027-12-31  # optional: the last day",
            "```",
            "",
        ]
    return "\n".join(lines).rstrip() + "\n"


def index_page(pages: Iterable[Page]) -> str:
    """The table of all codes."""
    lines = [
        "# Findings",
        "",
        "Every finding has a code that never changes. `billing-dsl explain CODE` prints its page.",
        "",
        "| Code | Name | Severity | |",
        "|---|---|---|---|",
    ]
    for page in pages:
        first = prose(inspect.cleandoc(page.text)).partition("\n")[0]
        link = f"[{page.code}]({file_name(page)})"
        lines.append(f"| {link} | {page.name} | {page.severity.value} | {first} |")
    return "\n".join(lines) + "\n"
