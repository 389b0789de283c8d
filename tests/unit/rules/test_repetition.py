"""Examples with many documents or lines of one kind."""

from __future__ import annotations

from billing_dsl.rules._examples import completed

EXAMPLE = """\
# 2 times
kind: sub_issue
name: sub-issue-N
title: Number N of None
issue: Printing
---
kind: exclusion_set
name: N
title: All
sub_issues:
  - sub-issue-N  # 2 times
"""


def test_documents_and_lines_are_counted_out() -> None:
    text = completed(EXAMPLE)["example.yaml"].decode()
    assert text == (
        "\nformat: 1\nkind: sub_issue\nname: sub-issue-1\ntitle: Number 1 of None\n"
        "issue: Printing\n---"
        "\nformat: 1\nkind: sub_issue\nname: sub-issue-2\ntitle: Number 2 of None\n"
        "issue: Printing\n---"
        "\nformat: 1\nkind: exclusion_set\nname: N\ntitle: All\nsub_issues:\n"
        "  - sub-issue-1\n  - sub-issue-2\n"
    )
