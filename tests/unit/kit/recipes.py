"""The files that people copy, and the shell that stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.goldens import ROOT

KIT = ROOT / "docs" / "kit"
ACTIONS = [KIT / "github" / name / "action.yml" for name in ("review", "comment")]
WORKFLOWS = [KIT / "github" / name for name in ("billing.yml", "billing-comment.yml")]
GITLAB = KIT / "gitlab" / "billing.yml"
AZURE = KIT / "azure" / "azure-pipelines.yml"
BITBUCKET = KIT / "bitbucket" / "bitbucket-pipelines.yml"
RECIPES = [*WORKFLOWS, GITLAB, AZURE, BITBUCKET]


def read(path: Path) -> Any:
    """A file as YAML 1.2 readers understand it: `on` is a name."""
    text = path.read_text(encoding="utf-8").replace("\non:", '\n"on":')
    return yaml.safe_load(text)


def scripts() -> Iterator[tuple[str, str]]:
    """Every piece of shell in the kit, by where it stands."""
    for path in ACTIONS:
        for number, step in enumerate(read(path)["runs"]["steps"]):
            if "run" in step:
                yield f"github/{path.parent.name}-{number}", step["run"]
    for name in ("billing-review", "billing-comment"):
        yield f"gitlab/{name}", gitlab(name)
    for number, step in enumerate(read(AZURE)["stages"][0]["jobs"][0]["steps"]):
        if "script" in step:
            yield f"azure/{number}", step["script"]
    for number, step in enumerate(read(BITBUCKET)["definitions"]["steps"]):
        yield f"bitbucket/{number}", "\n".join(step["step"]["script"]) + "\n"


def gitlab(name: str) -> str:
    """The shell of one of GitLab's jobs, with what runs before it."""
    jobs = read(GITLAB)
    return "\n".join([*jobs[".billing"]["before_script"], *jobs[name]["script"]]) + "\n"


def instructions() -> list[tuple[str, str]]:
    """The container file, step by step."""
    text = (ROOT / "docs" / "kit" / "Containerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in joined)]
