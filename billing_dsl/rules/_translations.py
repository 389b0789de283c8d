"""Texts that are missing in a language: how findings tell of them."""

from __future__ import annotations

from collections.abc import Sequence

from billing_dsl.analysis.translations import Text
from billing_dsl.diagnostics import Finding, Reach
from billing_dsl.kinds.sub_issue import SubIssue
from billing_dsl.model.declaration import Declaration


def lacking(
    declaration: Declaration, code: str, texts: Sequence[Text], reached: tuple[Reach, ...]
) -> Finding:
    """That a declaration has no texts in a language in which documents print them."""
    from billing_dsl.languages import languages
    from billing_dsl.languages.english import ENGLISH

    kind = declaration.KIND.replace("_", "-" if isinstance(declaration, SubIssue) else " ")
    without = ENGLISH.listed([f"no {text.what}" for text in texts])
    name = languages()[code].name
    return Finding(
        declaration.at(*texts[0].route),
        f"{kind} `{declaration.key}` has {without} in {name}",
        label=f"printed as it stands in documents in {name}",
        help=f"add {ENGLISH.listed([_cure(text, code) for text in texts])}",
        subject=declaration.subject,
        reached=reached,
    )


def _cure(text: Text, code: str) -> str:
    line = f"`{text.field}: {{{code}: …}}`"
    if text.translations:
        line = f"`{code}: …` under `{text.field}`"
    return f"{line} to the contract" if text.route[0] == "contracts" else line
