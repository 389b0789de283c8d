"""The names that contracts bear in Autotask."""

from __future__ import annotations

from billing_dsl.kinds.agreement import Agreement

LONGEST_CONTRACT_NAME = 100
"""Characters of a contract's name (Autotask, ContractsEntity). A rule reports longer ones."""


def contract_title(agreement: Agreement, contract: str) -> str:
    """The name in Autotask of an agreement's contract: no other contract has the same.

    It holds the agreement's own name, which is unique, so that two agreements with one title
    never make two contracts with one name.
    """
    words = agreement.title
    if words != agreement.name:
        words = f"{words} ({agreement.name})"
    return f"{words} – {contract}"
