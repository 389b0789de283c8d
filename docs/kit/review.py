"""Checks a catalogue in a job, and says what a pull request changes: everything but posting it.

    python3 review.py

It is told what to do by variables alone (docs/ci.md lists them), calls `billing-dsl`, and leaves in
a folder what others post, show or keep. It needs no token and writes to no service. Where a pull
request brings another version of the tool along, base and head are told apart: what the new version
does by itself to the catalogue as it was stands in a section of its own.

Exit codes: those of `billing-dsl`; 2 where this program is used wrongly.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MARK = "<!-- billing-dsl:review -->"
ROOM = 60_000
"""Characters of a comment up to which the tool's section is added with its tables."""

NEW = f"""{MARK}
### Billing review

The catalogue's folder is new: there is nothing to compare it with. What it says is checked, and no
more; if it has only moved, move it in a change of its own.
"""
UNTOLD = 3
"""The exit code where consent is demanded and nobody can tell whose."""

Environment = Mapping[str, str]


class WrongError(Exception):
    """What this program was given cannot be used; the text says what and why."""


class UnhadError(Exception):
    """The version before cannot be had; the text says why."""


@dataclass(frozen=True)
class Change:
    """A pull request: where it goes, where it comes from, and its number."""

    base: str
    head: str
    number: str


@dataclass(frozen=True)
class Job:
    """What a job is to do, as its variables say. Without a `change` it only checks."""

    service: str
    change: Change | None
    catalogue: str
    out: Path
    check: tuple[str, ...]
    review: tuple[str, ...]
    mask: bool
    day: str


# --- what the variables say ----------------------------------------------------------------------


def job(environment: Environment) -> Job:
    """What is to be done. Raises WrongError."""
    service = _service(environment)
    fail_on = _values(environment, "BILLING_DSL_FAIL_ON", "--fail-on")
    baseline = _values(environment, "BILLING_DSL_BASELINE", "--baseline")
    given = environment.get("BILLING_DSL_AS_OF", "")
    as_of = ("--as-of", given) if given else ()
    mask = _switched(environment, "BILLING_DSL_MASK")
    review = [*as_of, *fail_on]
    for name, option in (
        ("BILLING_DSL_ENTRIES", "--entries"),
        ("BILLING_DSL_EXPORT", "--export"),
        ("BILLING_DSL_THRESHOLD", "--threshold"),
        ("BILLING_DSL_APPROVED", "--approved"),
    ):
        review += _values(environment, name, option)
    review += ["--mask"] if mask else []
    review += ["--detailed-exitcode"] if _switched(environment, "BILLING_DSL_APPROVALS") else []
    return Job(
        service,
        _CHANGES[service](environment),
        environment.get("BILLING_DSL_CATALOGUE") or "catalogue",
        Path(environment.get("BILLING_DSL_OUT") or "billing-review"),
        (*as_of, *fail_on, *baseline),
        tuple(review),
        mask,
        given or datetime.now(UTC).date().isoformat(),
    )


def _service(environment: Environment) -> str:
    named = environment.get("BILLING_DSL_SERVICE", "")
    if named:
        if named not in _CHANGES:
            raise WrongError(f"BILLING_DSL_SERVICE is none of {', '.join(_CHANGES)}")
        return named
    for service, variable in (
        ("github", "GITHUB_ACTIONS"),
        ("gitlab", "GITLAB_CI"),
        ("azure", "TF_BUILD"),
        ("bitbucket", "BITBUCKET_BUILD_NUMBER"),
    ):
        if environment.get(variable):
            return service
    return "none"


def _values(environment: Environment, name: str, option: str) -> tuple[str, ...]:
    """An option for each line of a variable. A value cannot be taken for an option."""
    lines = [line.strip() for line in environment.get(name, "").splitlines()]
    return tuple(f"{option}={line}" for line in lines if line)


def _switched(environment: Environment, name: str) -> bool:
    value = environment.get(name, "").strip().lower()
    if value not in ("", "true", "false"):
        raise WrongError(f"{name} is neither true nor false")
    return value == "true"


def _github(environment: Environment) -> Change | None:
    path = environment.get("GITHUB_EVENT_PATH", "")
    try:
        event: Any = json.loads(Path(path).read_bytes()) if path else {}
        pull = event.get("pull_request")
        if pull is None:
            return None
        return Change(pull["base"]["sha"], pull["head"]["sha"], str(int(pull["number"])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise WrongError("GITHUB_EVENT_PATH leads to no event") from None


def _gitlab(environment: Environment) -> Change | None:
    number = environment.get("CI_MERGE_REQUEST_IID", "")
    base = environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", "")
    if not number or not base:
        return None
    # In a pipeline for the merged result CI_COMMIT_SHA is a merge that nobody has made yet.
    head = environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environment["CI_COMMIT_SHA"]
    return Change(base, head, number)


def _azure(environment: Environment) -> Change | None:
    number = environment.get("SYSTEM_PULLREQUEST_PULLREQUESTID", "")
    target = environment.get("SYSTEM_PULLREQUEST_TARGETBRANCH", "")
    if not number or not target:
        return None
    base = f"origin/{target.removeprefix('refs/heads/')}"
    head = environment.get("SYSTEM_PULLREQUEST_SOURCECOMMITID") or "HEAD"
    return Change(base, head, number)


def _bitbucket(environment: Environment) -> Change | None:
    number = environment.get("BITBUCKET_PR_ID", "")
    target = environment.get("BITBUCKET_PR_DESTINATION_BRANCH", "")
    if not number or not target:
        return None
    return Change(f"origin/{target}", environment.get("BITBUCKET_COMMIT") or "HEAD", number)


def _by_hand(environment: Environment) -> Change | None:
    base = environment.get("BILLING_DSL_BASE", "")
    return Change(base, environment.get("BILLING_DSL_HEAD") or "HEAD", "") if base else None


_CHANGES = {
    "github": _github,
    "gitlab": _gitlab,
    "azure": _azure,
    "bitbucket": _bitbucket,
    "none": _by_hand,
}

FORMATS = {
    "github": ("github", {"sarif": "findings.sarif"}),
    "gitlab": ("text", {"gitlab": "code-quality.json", "junit": "findings.xml"}),
    "azure": ("text", {"junit": "findings.xml"}),
    "bitbucket": ("text", {"junit": "findings.xml", "json": "findings.json"}),
    "none": ("text", {}),
}
"""In which format a service's log shows findings, and which files it is given of them."""


# --- what is done --------------------------------------------------------------------------------


def run(todo: Job, environment: Environment) -> int:
    """Checks and reviews. Returns the check's exit code if it has findings, else the review's.

    In `todo.out` there are then files with the findings, `review/` as the tool wrote it, the
    `comment.md` to be posted, which is empty where there is nothing to say and is not there where
    nobody knows, and `pull_request` with its number.
    """
    todo.out.mkdir(parents=True, exist_ok=True)
    comment = todo.out / "comment.md"
    comment.unlink(missing_ok=True)
    code = _check(todo)
    if todo.change is None:
        return code
    (todo.out / "pull_request").write_text(f"{todo.change.number}\n", encoding="ascii")
    if _is_new(todo, todo.change):
        reviewed = UNTOLD if "--detailed-exitcode" in todo.review else 0
        text: str | None = NEW
    else:
        reviewed = _review(todo, todo.change)
        told = todo.out / "review" / "comment.md"
        known = reviewed in (0, 1, 3) and told.is_file()
        text = told.read_text(encoding="utf-8") if known else None
    if text is not None:
        section = upgrade(todo, todo.change, environment, room=ROOM - len(text))
        comment.write_text(joined(text, section), encoding="utf-8")
        _summarize(comment, environment)
    return code or reviewed


def _is_new(todo: Job, change: Change) -> bool:
    """Whether there was no folder of this name where the branch began."""
    base = _git("merge-base", change.base, change.head)
    folder = posixpath.normpath(todo.catalogue.replace(os.sep, "/"))
    if base is None or folder == "." or folder.startswith(("/", "..")):
        return False
    return _git("cat-file", "-e", f"{base}:./{folder}") is None


def joined(text: str, section: str) -> str:
    """The review's comment, and below it what the tool changes by itself."""
    if not section:
        return text
    return f"{text.rstrip() or MARK}\n\n{section}"


def _check(todo: Job) -> int:
    shown, files = FORMATS[todo.service]
    code = _tool(["check", todo.catalogue, "--format", shown, *todo.check])
    for form, name in files.items():
        with (todo.out / name).open("wb") as file:
            asked = ["check", todo.catalogue, "--format", form, "--exit-zero", *todo.check]
            _tool(asked, stdout=file)
    return code


def _review(todo: Job, change: Change) -> int:
    for revision in (change.base, change.head):
        if revision.startswith("-"):
            raise WrongError(f"{revision!r} is no revision")
    out = str(todo.out / "review")
    revisions = [f"{change.base}...{change.head}", change.head, todo.catalogue]
    return _tool(["review", *todo.review, "-o", out, "--", *revisions])


def _tool(arguments: Sequence[str], stdout: Any = None) -> int:
    """Runs the tool that the job has installed."""
    sys.stdout.flush()
    return subprocess.run([_command(), *arguments], stdout=stdout, check=False).returncode


def _command() -> str:
    command = shutil.which("billing-dsl")
    if command is None:
        raise WrongError("there is no command billing-dsl: install it in a step before")
    return command


def _summarize(comment: Path, environment: Environment) -> None:
    """Shows the comment on the page of the run too, where the service has one."""
    summary = environment.get("GITHUB_STEP_SUMMARY", "")
    if summary:
        text = comment.read_text(encoding="utf-8").strip()
        with open(summary, "a", encoding="utf-8") as file:
            file.write(f"{text or 'Nothing changes in meaning.'}\n")


# --- another version of the tool -----------------------------------------------------------------


@dataclass(frozen=True)
class Pin:
    """The version of the tool that a repository's jobs use: where it comes from, and which."""

    repository: str
    ref: str

    @property
    def shown(self) -> str:
        """The version as people name it."""
        return self.ref[:12] if re.fullmatch(r"[0-9a-f]{40}", self.ref) else self.ref


def upgrade(todo: Job, change: Change, environment: Environment, room: int) -> str:
    """What another version of the tool changes by itself, as a section of the comment.

    Empty where base and head use the same version, where none is pinned, and where it changes
    nothing.
    """
    base = _git("merge-base", change.base, change.head)
    if base is None:
        return ""
    old, new = (pin_at(commit, environment) for commit in (base, change.head))
    if old is None or new is None or old == new:
        return ""
    try:
        with tempfile.TemporaryDirectory(prefix="billing-dsl-") as folder:
            before = obtained(old, Path(folder, "tool"))
            catalogue = _extracted(base, todo.catalogue, Path(folder, "catalogue"))
            return _told(todo, before, catalogue, Path(folder), (old.shown, new.shown), room)
    except UnhadError as reason:
        print(f"what the new version of billing-dsl changes by itself is not told: {reason}")
        return (
            f"### The tool itself: `{old.shown}` → `{new.shown}`\n\n"
            f"What the new version changes by itself could not be told apart: {reason}.\n"
        )


_JOBS = re.compile(
    r"\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.gitlab/.+\.ya?ml"
    r"|azure-pipelines[^/]*\.ya?ml|bitbucket-pipelines\.ya?ml"
)
_USES = re.compile(r"""uses:\s*['"]?([\w.-]+/[\w.-]+)/docs/kit/github/review@([\w./-]+)""")
_REF = re.compile(r"""BILLING_DSL_REF\s*[:=]\s*['"]?([\w.][\w./-]*)""")
_FROM = re.compile(r"""BILLING_DSL_REPOSITORY\s*[:=]\s*['"]?([^\s'"]+)""")
_SUBMODULE = "billing-dsl"


def pin_at(commit: str, environment: Environment) -> Pin | None:
    """The version that the jobs of a commit use; None where they name none, or several."""
    found = set()
    listed = _git("ls-tree", "-r", "-z", commit) or ""
    for line in filter(None, listed.split("\0")):
        head, _, path = line.partition("\t")
        mode, _, name = head.split(" ")
        if mode == "160000" and path == _SUBMODULE:
            origin = _git("-C", _SUBMODULE, "remote", "get-url", "origin")
            found.add(Pin(origin or "", name))
        elif mode.startswith("100") and _JOBS.fullmatch(path):
            found |= _pins(_git("cat-file", "blob", name) or "", environment)
    return found.pop() if len(found) == 1 else None


def _pins(text: str, environment: Environment) -> set[Pin]:
    server = environment.get("GITHUB_SERVER_URL") or "https://github.com"
    text = re.sub(r"(?m)^\s*#.*$", "", text)
    found = {Pin(f"{server}/{name}", ref) for name, ref in _USES.findall(text)}
    origin = _FROM.search(text)
    repository = origin[1] if origin else environment.get("BILLING_DSL_REPOSITORY", "")
    return found | {Pin(repository, ref) for ref in _REF.findall(text)}


def obtained(pin: Pin, folder: Path) -> list[str]:
    """The command of a version that is fetched and installed into a folder. Raises UnhadError."""
    if not re.match(r"https://|ssh://|file://|[\w.-]+@[\w.-]+:", pin.repository):
        raise UnhadError("it is not said where the tool comes from")
    folder.mkdir()
    here = ["git", "-C", str(folder)]
    fetched = _quiet([*here, "init", "--quiet"]) and _quiet(
        [*here, "fetch", "--quiet", "--depth=1", "--no-tags", "--", pin.repository, pin.ref]
    )
    if not fetched or not _quiet([*here, "checkout", "--quiet", "FETCH_HEAD"]):
        raise UnhadError("the version before could not be fetched")
    return installed(folder)


def installed(folder: Path) -> list[str]:
    """Installs the tool of a folder beside it, and gives its command. Raises UnhadError."""
    room = folder / ".venv"
    python = str(room / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pins = ["-c", str(folder / "constraints.txt")]
    made = _quiet([sys.executable, "-m", "venv", str(room)])
    if not made or not _quiet([*pip, *pins, str(folder)]):
        raise UnhadError("the version before could not be installed")
    return [python, "-m", "billing_dsl"]


def _extracted(commit: str, catalogue: str, folder: Path) -> Path:
    """The catalogue as it was, in a folder. Raises UnhadError."""
    folder.mkdir()
    top = _git("rev-parse", "--show-prefix") or ""
    path = os.path.normpath(os.path.join(top, catalogue)).replace(os.sep, "/")
    tree = f"{commit}:{'' if path == '.' else path}"
    index = {"GIT_INDEX_FILE": str(folder.with_suffix(".index"))}
    written = _quiet(["git", "read-tree", tree], index) and _quiet(
        ["git", "checkout-index", "--all", f"--prefix={folder}/"], index
    )
    if not written:
        raise UnhadError(f"there was no folder {catalogue} before")
    return folder


def _told(
    todo: Job, before: list[str], catalogue: Path, folder: Path, names: tuple[str, str], room: int
) -> str:
    """What both versions make of one catalogue on one day, compared by the new one."""
    command = _command()
    compiled = []
    for name, tool in (("old", before), ("new", [command])):
        common = [str(catalogue), "--as-of", todo.day]
        with (folder / f"{name}.json").open("wb") as file:
            asked = [*tool, "check", *common, "--format", "json", "--exit-zero"]
            if subprocess.run(asked, stdout=file, check=False).returncode:
                raise UnhadError(f"the {name} version does not check the catalogue as it was")
        out = ["-o", str(folder / name), "--quiet"]
        compiled.append(_quiet([*tool, "compile", *common, *out]))
    findings = [str(folder / f"{name}.json") for name in ("old", "new")]
    sides = [str(folder / name) for name in ("old", "new")] if all(compiled) else findings
    asked = [command, "tool-changes", *sides, "--called", *names, "--format", "markdown"]
    asked += ["--findings", *findings] if all(compiled) else []
    text = "" if todo.mask else _compared(asked)
    return text if text and len(text) <= room else _compared([*asked, "--mask"])


def _compared(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise UnhadError("the two versions cannot be compared")
    return done.stdout.decode("utf-8").replace("\r\n", "\n")


def _git(*arguments: str) -> str | None:
    """What git answers about this repository; None where it does not."""
    done = subprocess.run(["git", *arguments], capture_output=True, check=False)
    return None if done.returncode else done.stdout.decode("utf-8", "replace").strip("\n")


_CAREFUL = {"GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "https:ssh:file"}


def _quiet(command: Sequence[str], more: Environment | None = None) -> bool:
    """Whether a command did what it should; what it has to say goes to the log."""
    variables = {**os.environ, **_CAREFUL, **(more or {})}
    done = subprocess.run(
        command, env=variables, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False
    )
    return done.returncode == 0


def main(environment: Environment) -> int:
    """Runs the job that the variables tell. Returns its exit code."""
    try:
        return run(job(environment), environment)
    except WrongError as reason:
        print(f"review.py: {reason}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(os.environ))
