"""A firm's repository, and a tool that stands in for ours in its jobs."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.goldens import ROOT

STARTER = ROOT / "billing_dsl" / "starter"
AUTHOR = {
    **{
        f"GIT_{role}_{what}": "a@b"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    },
    "GIT_CONFIG_GLOBAL": os.devnull,
}
SAID = "<!-- billing-dsl:review -->\n**1 client loses cover.**\n"

STUB = """\
import json, os, pathlib, subprocess, sys
arguments = sys.argv[1:]
with open({calls!r}, "a", encoding="utf-8") as file:
    file.write(json.dumps(arguments) + "\\n")
if arguments[0] == "review":
    answer = json.loads(pathlib.Path({answer!r}).read_text(encoding="utf-8"))
    out = pathlib.Path(arguments[arguments.index("-o") + 1])
    out.mkdir(exist_ok=True)
    if answer["comment"] is not None:
        (out / "comment.md").write_text(answer["comment"], encoding="utf-8", newline="")
    sys.exit(answer["code"])
if not {real!r}:
    print("checked")
    sys.exit(0)
done = subprocess.run([sys.executable, "-m", "billing_dsl", *arguments])
if {edited!r} and arguments[0] == "compile" and not done.returncode:
    out = pathlib.Path(arguments[arguments.index("-o") + 1])
    routes = out / "routing" / "routes.csv"
    text = routes.read_text(encoding="utf-8")
    assert ",80.00," in text
    routes.write_text(text.replace(",80.00,", ",81.00,"), encoding="utf-8", newline="")
    manifest = json.loads((out / "manifest.json").read_bytes())
    for one in manifest["files"]:
        if one["path"] == "routing/routes.csv":
            one["sha256"] = "0"
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
sys.exit(done.returncode)
"""


@dataclass
class Firm:
    """A firm's repository with a catalogue and its jobs, and what the tool is asked in a job."""

    folder: Path
    away: Path
    base: str = ""
    head: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env={**os.environ, **AUTHOR},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, files: dict[str, str]) -> str:
        for path, text in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text, encoding="utf-8", newline="\n")
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")
        return self.git("rev-parse", "HEAD")

    def tool(self, name: str, real: bool = False, edited: bool = False) -> Path:
        """A command `billing-dsl` in a folder of its own.

        Unless it is a `real` one, it finds nothing; with `edited`, it is of another version.
        """
        script = self.away / f"{name}.py"
        stated = STUB.format(
            calls=str(self.away / f"{name}.calls"),
            answer=str(self.away / "answer.json"),
            real=real,
            edited=edited,
        )
        script.write_text(stated, encoding="utf-8")
        path = self.away / name / "billing-dsl"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(script)])} "$@"\n')
        path.chmod(0o755)
        return path

    def answers(self, comment: str | None = SAID, code: int = 0) -> None:
        content = json.dumps({"comment": comment, "code": code})
        (self.away / "answer.json").write_text(content, encoding="utf-8")

    def calls(self, command: str, name: str = "new") -> list[list[str]]:
        path = self.away / f"{name}.calls"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [asked for asked in map(json.loads, lines) if asked[0] == command]

    def variables(self, **changed: str) -> dict[str, str]:
        stated = {
            "BILLING_DSL_OUT": str(self.away / "out"),
            "BILLING_DSL_BASE": self.base,
            "BILLING_DSL_HEAD": self.head,
            "BILLING_DSL_AS_OF": "2027-01-15",
        }
        return {**stated, **self.more, **changed}

    @property
    def comment(self) -> str:
        return (self.away / "out" / "comment.md").read_text(encoding="utf-8")
