"""What completes the examples of the rules' pages, and how they are cut out of docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

AS_OF = date(2027, 1, 15)
"""The day on which every example is checked."""

BASE = {
    "settings/msp": """
kind: settings
name: msp
title: The MSP
currency: EUR
timezone: Europe/Rome
""",
    "role/engineer": """
kind: role
name: engineer
title: Engineer
rate: 85.00
""",
    "role/architect": """
kind: role
name: architect
title: Architect
rate: 120.00
""",
    "work_type/remote-support": """
kind: work_type
name: remote-support
title: Remote Support
billing_class: core
description: Help from the office by telephone and remote control.
""",
    "work_type/onsite-support": """
kind: work_type
name: onsite-support
title: Onsite Support
billing_class: baseline
description: Work at the client's premises.
""",
    "work_type/out-of-hours-support": """
kind: work_type
name: out-of-hours-support
title: Out-of-hours Support
billing_class: baseline
description: Help at night and at weekends.
""",
    "service/seat": """
kind: service
name: seat
title: Managed seat
period: monthly
price: 40.00
""",
    "client/acme": """
kind: client
name: acme
legal_name: Acme S.r.l.
""",
    "client/globex": """
kind: client
name: globex
legal_name: Globex GmbH
""",
}
"""Documents that examples may name without declaring them. One that an example declares itself,
or that nothing in it names, is left out; settings, a role and a work type are always there."""

WHOLE = "# the whole catalogue\n"
"""The first line of an example that leaves nothing out."""


@dataclass(frozen=True, slots=True)
class Example:
    """One example of a page: catalogue text that fails, or passes."""

    fails: bool
    text: str


def examples(page: str) -> Iterator[Example]:
    """The examples of a page, in order."""
    heading = ""
    block: list[str] = []
    for line in (*inspect.cleandoc(page).splitlines(), "End:"):
        if line and not line.startswith(" "):
            if heading and block:
                text = inspect.cleandoc("\n".join(["", *block]))
                yield Example(heading == "Fails", text + "\n")
            heading = line.removesuffix(":") if line in ("Fails:", "Passes:") else ""
            block = []
        elif heading:
            block.append(line)


def prose(page: str) -> str:
    """A page without its examples."""
    lines = inspect.cleandoc(page).splitlines()
    stop = next((n for n, line in enumerate(lines) if line in ("Fails:", "Passes:")), len(lines))
    return "\n".join(lines[:stop]).strip()


TENANT = "--- # tenant.json\n"
"""The line after which an example holds the snapshot of a tenant."""


def parts(text: str) -> tuple[str, str]:
    """The catalogue of an example, and the snapshot of its tenant, empty where it has none."""
    catalogue, _, tenant = text.partition(TENANT)
    return catalogue, tenant


_FILE = re.compile(r"^--- # (templates/\S+)\n", re.MULTILINE)
"""The line after which an example holds a template of the user's own."""


def with_files(text: str) -> tuple[str, dict[str, bytes]]:
    """The catalogue of an example, and the templates beside it by their paths."""
    catalogue, *files = _FILE.split(text)
    return catalogue, {
        path: content.encode() for path, content in zip(files[::2], files[1::2], strict=True)
    }


def completed(text: str) -> dict[str, bytes]:
    """The files of a catalogue that holds an example and the documents that it leaves out.

    `format: 1` is added to documents that do not write it. An example that begins with the line
    `# the whole catalogue` leaves out no more than that. A document that begins with the line
    `# 3 times` stands for three, and a line that ends so for three lines; N counts them.
    """
    text = _repeated(text)
    files = {"example.yaml": _with_format(text)}
    if text.startswith(WHOLE):
        return files
    declared = set(re.findall(r"^kind: *(\S+)\nname: *(\S+)", text, re.MULTILINE))
    declared |= {("service", name) for kind, name in declared if kind == "service_bundle"}
    kinds = {kind for kind, _ in declared}
    always = {"settings/msp": "settings", "role/engineer": "role"}
    if not _named("(remote|onsite|out-of-hours)-support", text):
        always["work_type/remote-support"] = "work_type"
    for key, document in BASE.items():
        kind, name = key.split("/")
        wanted = always[key] not in kinds if key in always else _named(re.escape(name), text)
        if wanted and (kind, name) not in declared:
            files[f"base/{kind}-{name}.yaml"] = _with_format(document)
    return files


def _named(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){name}(?![\w-])", text) is not None


def _repeated(text: str) -> str:
    documents: list[str] = []
    for document in re.split(r"^---$\n", text, flags=re.MULTILINE):
        lines: list[str] = []
        for line in document.splitlines(keepends=True):
            times = re.search(r"  # (\d+) times$", line)
            lines.extend(_numbered(line[: times.start()] + "\n", times) if times else [line])
        whole = "".join(lines)
        times = re.match(r"# (\d+) times\n", whole)
        documents.extend(_numbered(whole[times.end() :], times) if times else [whole])
    return "---\n".join(documents)


def _numbered(text: str, times: re.Match[str]) -> list[str]:
    return [re.sub(r"\bN\b", str(count), text) for count in range(1, int(times[1]) + 1)]


def _with_format(text: str) -> bytes:
    documents = re.split(r"^---$", text.strip("\n"), flags=re.MULTILINE)
    return "---".join(
        document
        if re.search(r"^format:", document, re.MULTILINE)
        else f"\nformat: 1\n{document.strip()}\n"
        for document in documents
    ).encode()
