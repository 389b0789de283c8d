"""Keeps one comment on a pull request up to date: writes it, changes it, takes it away.

    python3 comment.py github|gitlab|azure|bitbucket FILE

FILE is the comment as Markdown; an empty one means that there is nothing to say (any more). It is
found again by the hidden mark in its first line, and only among what this very user has written.
The pull request, the server and the token come from the variables that the service sets, see
docs/ci.md. Only the standard library is used, of Python 3.9 or newer.

Exit codes: 0 done, 2 wrong usage, or a file that is no such comment, 4 the service refuses.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any, Protocol

MARK = "<!-- billing-dsl:review -->"
"""The first line of a comment of ours."""

LARGEST = 1 << 20
"""Bytes of a file that are read; a comment is far smaller, and the file may be anybody's."""

PAGES = 100
"""Pages of comments that are looked through."""

ATTEMPTS = 5
LONGEST_WAIT = 60.0
"""Seconds that a service may have us wait each time; one that wants more is asked no more."""

TIMEOUT = 30.0


class WrongError(Exception):
    """What this program was given cannot be used; the text says what and why."""


class RefusedError(Exception):
    """The service said no, and would say so again."""


class BusyError(Exception):
    """The service may say yes in a while."""

    def __init__(self, reason: str, wait: float | None) -> None:
        """`wait` is how many seconds it asks for, None if it does not say."""
        super().__init__(reason)
        self.wait = wait


@dataclass(frozen=True)
class Comment:
    """A comment as a service holds it, with the address of it below the service's API."""

    path: str
    body: str


class Service(Protocol):
    """Where the pull request is. `room` is how many characters a comment may have."""

    room: int

    def dressed(self, body: str) -> str:
        """A comment as this service shows it best."""

    def ours(self) -> list[Comment]:
        """The comments of this user that bear the mark, oldest first."""

    def write(self, body: str) -> None:
        """Makes a comment."""

    def change(self, comment: Comment, body: str) -> None:
        """Gives a comment another text."""

    def take_away(self, comment: Comment) -> None:
        """Deletes a comment."""


# --- what is done --------------------------------------------------------------------------------


def settle(service: Service, body: str) -> str:
    """Has the pull request bear this comment once, or none if it is empty. Says what was done.

    It looks first and acts then, so it can be repeated whole: a comment whose making was not
    answered is found, and not made twice.
    """
    ours = service.ours()
    if not body:
        for comment in ours:
            service.take_away(comment)
        return "taken away" if ours else "nothing to say"
    text = service.dressed(body)
    if not ours:
        service.write(text)
        for further in service.ours()[1:]:  # another run may have been as quick
            service.take_away(further)
        return "written"
    done = "as it was"
    if ours[0].body.strip() != text.strip():
        service.change(ours[0], text)
        done = "changed"
    for further in ours[1:]:
        service.take_away(further)
    return done


def patiently(act: Callable[[], str], sleep: Callable[[float], None]) -> str:
    """Does it again where the service was busy or fell silent, a few times."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return act()
        except BusyError as busy:
            wait = busy.wait if busy.wait is not None else 2.0**attempt
            if attempt == ATTEMPTS or wait > LONGEST_WAIT:
                more = f"; it asks to wait {wait:.0f} s" if busy.wait else ""
                raise RefusedError(f"{busy}{more}") from None
            sleep(wait)
    raise AssertionError("the last attempt returns or raises")


# --- the text ------------------------------------------------------------------------------------

# A link is not followed out of an artifact, and a pipe is not waited for.
_READING = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def read(path: str) -> str:
    """The comment in a file: empty, or with the mark in its first line."""
    try:
        descriptor = os.open(path, _READING)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise WrongError(f"{path!r} is no regular file")
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise WrongError(f"{path!r} cannot be read: {error.strerror}") from None
    if len(content) > LARGEST:
        raise WrongError(f"{path!r} is larger than a comment can be")
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise WrongError(f"{path!r} is not UTF-8") from None
    if not text.strip():
        return ""
    if text.split("\n", 1)[0].strip() != MARK:
        raise WrongError(f"{path!r} does not begin with {MARK}: it is no comment of billing-dsl")
    return text.strip() + "\n"


_TAG = re.compile(r"<(?!/?(?:details|summary|sub)>|br/?>)")


def disarmed(text: str) -> str:
    """A comment that somebody outside may have written: it mentions nobody, links nowhere, shows no
    picture, and has no HTML but what folds and breaks lines.
    """
    mark, _, rest = text.partition("\n")
    rest = "".join(char for char in rest if char.isprintable() or char == "\n")
    rest = _TAG.sub("&lt;", rest)
    # A sign of no width, as an entity of `@` is one again before mentions are looked for.
    rest = re.sub(
        r"(@|#(?=\d+\b(?!;))|:(?=//)|\](?=[(\[:])|www(?=\.)|mailto(?=:))", rf"\1{_APART}", rest
    )
    return f"{mark}\n{rest.rstrip()}\n\n{_OUTSIDE}\n"


_APART = "&#8203;"
_OUTSIDE = "*From a pull request of a fork: its own run wrote this text.*"


def fitting(text: str, room: int, whole: str) -> str:
    """A comment cut to the characters there is room for; `whole` is where all of it can be read."""
    if _length(text) <= room:
        return text
    where = f" All of it: {whole}" if whole else " All of it is in the job's artifacts."
    note = f"*This comment was too long for its place and is cut here.*{where}\n"
    kept: list[str] = []
    free = room - _length(note) - 200  # what is left open has to be closed
    for line in text.split("\n"):
        free -= _length(line) + 1
        if free < 0:
            break
        kept.append(line)
    fence = ""
    for line in kept:
        found = re.match(r" {0,3}(```+|~~~+)", line)
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence) and line.strip() == found[1]:
            fence = ""
    closed = "\n".join(kept)
    unfolded = closed.count("<details>") - closed.count("</details>")
    ends = [fence] if fence else []
    ends += [""] + ["</details>"] * max(0, min(unfolded, 12)) + ["", note]
    return "\n".join([closed, *ends])


def _length(text: str) -> int:
    """As services count: some in bytes."""
    return len(text.encode("utf-8"))


# --- asking --------------------------------------------------------------------------------------


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nobody elsewhere: the token would go along."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Api:
    """A service's API below one address, asked with one token."""

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        """Raises WrongError where the address is not safe to send a token to."""
        parts = urllib.parse.urlsplit(base)
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if not parts.hostname or not (
            parts.scheme == "https" or (parts.scheme == "http" and local)
        ):
            raise WrongError(f"{base!r} is no https address")
        self._base = base.rstrip("/")
        self._headers = dict(headers)
        self._open = urllib.request.build_opener(_Stay()).open

    def ask(self, method: str, path: str, content: object = None) -> Any:
        """The answer, read as JSON. Raises RefusedError or BusyError."""
        data = None if content is None else json.dumps(content).encode()
        headers = {"Accept": "application/json", "User-Agent": "billing-dsl", **self._headers}
        if data is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(
            f"{self._base}{path}", data=data, headers=headers, method=method
        )
        shown = f"{method} {path.split('?')[0]}"
        try:
            with self._open(request, timeout=TIMEOUT) as answer:
                text = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise _judged(shown, error.code, error.headers, error.read(2000)) from None
        except (urllib.error.URLError, OSError) as error:
            reason = getattr(error, "reason", error)
            raise BusyError(f"{shown}: no answer ({reason})", None) from None
        try:
            return json.loads(text) if text.strip() else None
        except ValueError:
            raise RefusedError(f"{shown}: the answer is no JSON") from None


def _judged(shown: str, code: int, headers: Message, body: bytes) -> Exception:
    """What an answer other than yes means."""
    reason = f"{shown}: the service answers {code}"
    wait = _asked_wait(headers)
    limited = code == 403 and (wait is not None or headers.get("X-RateLimit-Remaining") == "0")
    if code == 429 or code >= 500 or limited:
        return BusyError(reason, wait)
    hints = {
        401: "the token is wrong or has run out",
        403: "the token may not do this",
        404: "there is no such pull request, or the token may not see it",
    }
    said = re.sub(r"[^ -~]+", " ", body.decode("utf-8", "replace")).replace("##", "# ").strip()
    hint = hints.get(code) or ("it sends us elsewhere" if code < 400 else said[:300])
    return RefusedError(f"{reason}: {hint}")


def _asked_wait(headers: Message) -> float | None:
    after, reset = headers.get("Retry-After"), headers.get("X-RateLimit-Reset")
    try:
        if after is not None:
            return max(0.0, float(after))
        if headers.get("X-RateLimit-Remaining") == "0" and reset is not None:
            return max(0.0, float(reset) - time.time())
    except ValueError:  # a date: then as if it had said nothing
        pass
    return None


Environment = Mapping[str, str]


def _needed(environment: Environment, *names: str) -> str:
    """The first of some variables that is set."""
    for name in names:
        if environment.get(name):
            return environment[name]
    raise WrongError(f"the variable {names[0]} is not set")


def _number(text: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,9}", text):
        raise WrongError(f"{text[:40]!r} is no number of a pull request")
    return int(text)


def _quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")


# --- GitHub --------------------------------------------------------------------------------------


class GitHub:
    """A pull request on GitHub. Comments there are those of the issue of the same number."""

    room = 65_000

    def __init__(self, environment: Environment, number: int) -> None:
        """`BILLING_DSL_AUTHOR` is the login whose comments are ours."""
        repository = _needed(environment, "GITHUB_REPOSITORY")
        if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
            raise WrongError("GITHUB_REPOSITORY is no repository")
        self._api = github_api(environment)
        self._repository = f"/repos/{repository}"
        self._number = number
        self._author = environment.get("BILLING_DSL_AUTHOR") or "github-actions[bot]"

    def dressed(self, body: str) -> str:
        return body

    def ours(self) -> list[Comment]:
        found = []
        for page in range(1, PAGES + 1):
            path = f"{self._repository}/issues/{self._number}/comments?per_page=100&page={page}"
            comments = self._api.ask("GET", path)
            for one in comments:
                body = one.get("body") or ""
                if (one.get("user") or {}).get("login") == self._author and body.startswith(MARK):
                    found.append((int(one["id"]), body))
            if len(comments) < 100:
                break
        return [
            Comment(f"{self._repository}/issues/comments/{number}", body)
            for number, body in sorted(found)
        ]

    def write(self, body: str) -> None:
        path = f"{self._repository}/issues/{self._number}/comments"
        self._api.ask("POST", path, {"body": body})

    def change(self, comment: Comment, body: str) -> None:
        self._api.ask("PATCH", comment.path, {"body": body})

    def take_away(self, comment: Comment) -> None:
        self._api.ask("DELETE", comment.path)


def github_api(environment: Environment) -> Api:
    """GitHub's API with the job's token."""
    token = _needed(environment, "BILLING_DSL_TOKEN", "GITHUB_TOKEN")
    headers = {"Authorization": f"Bearer {token}", "X-GitHub-Api-Version": "2022-11-28"}
    return Api(environment.get("GITHUB_API_URL") or "https://api.github.com", headers)


def pull_request_of(event: Any, environment: Environment, named: str) -> int | None:
    """The pull request that an event of GitHub is about; None where a newer commit has come.

    After a run of a fork (`workflow_run`), it is looked up by the fork, the branch and the commit
    that GitHub says the run was of. `named`, which that run has written, only decides where several
    are open from the same branch.
    """
    if "pull_request" in event:
        return _number(str(event["pull_request"]["number"]))
    run = event["workflow_run"]
    if run.get("event") != "pull_request":
        raise WrongError("the run was not for a pull request")
    owner, branch = run["head_repository"]["owner"]["login"], run["head_branch"]
    repository = _needed(environment, "GITHUB_REPOSITORY")
    path = f"/repos/{repository}/pulls?state=open&per_page=100&head={_quoted(f'{owner}:{branch}')}"
    numbers = [
        int(one["number"])
        for one in github_api(environment).ask("GET", path)
        if one["head"]["sha"] == run["head_sha"]
        and (one["head"].get("repo") or {}).get("id") == run["head_repository"]["id"]
    ]
    if not named or not numbers:
        if len(numbers) > 1:
            raise WrongError("several pull requests are open from that branch")
        return numbers[0] if numbers else None
    if _number(named) not in numbers:
        raise WrongError(f"pull request {named} is not one of the run's own")
    return _number(named)


# --- GitLab --------------------------------------------------------------------------------------


class GitLab:
    """A merge request on GitLab."""

    room = 900_000

    def __init__(self, environment: Environment) -> None:
        """`BILLING_DSL_TOKEN` is a project's access token with the scope `api`."""
        token = _needed(environment, "BILLING_DSL_TOKEN")
        self._api = Api(_needed(environment, "CI_API_V4_URL"), {"PRIVATE-TOKEN": token})
        project = _needed(environment, "CI_MERGE_REQUEST_PROJECT_ID", "CI_PROJECT_ID")
        number = _number(_needed(environment, "CI_MERGE_REQUEST_IID"))
        self._notes = f"/projects/{_quoted(project)}/merge_requests/{number}/notes"

    def dressed(self, body: str) -> str:
        return body

    def ours(self) -> list[Comment]:
        author = self._api.ask("GET", "/user")["id"]
        found = []
        for page in range(1, PAGES + 1):
            notes = self._api.ask("GET", f"{self._notes}?per_page=100&page={page}")
            for one in notes:
                body = one.get("body") or ""
                by_us = (one.get("author") or {}).get("id") == author and not one.get("system")
                if by_us and body.startswith(MARK):
                    found.append((int(one["id"]), body))
            if len(notes) < 100:
                break
        return [Comment(f"{self._notes}/{number}", body) for number, body in sorted(found)]

    def write(self, body: str) -> None:
        self._api.ask("POST", self._notes, {"body": body})

    def change(self, comment: Comment, body: str) -> None:
        self._api.ask("PUT", comment.path, {"body": body})

    def take_away(self, comment: Comment) -> None:
        self._api.ask("DELETE", comment.path)


# --- Azure DevOps --------------------------------------------------------------------------------


class Azure:
    """A pull request of Azure Repos: a thread with one comment, closed, so that it holds up nobody
    where open threads do.
    """

    room = 140_000

    def __init__(self, environment: Environment) -> None:
        """The token is that of the job, `SYSTEM_ACCESSTOKEN`, which a pipeline has to hand on."""
        token = _needed(environment, "BILLING_DSL_TOKEN", "SYSTEM_ACCESSTOKEN")
        if token.startswith("$("):
            raise WrongError("the variable SYSTEM_ACCESSTOKEN was not handed on")
        collection = _needed(
            environment, "SYSTEM_COLLECTIONURI", "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI"
        )
        self._api = Api(collection, {"Authorization": f"Bearer {token}"})
        project = _quoted(_needed(environment, "SYSTEM_TEAMPROJECTID", "SYSTEM_TEAMPROJECT"))
        repository = _quoted(_needed(environment, "BUILD_REPOSITORY_ID"))
        number = _number(_needed(environment, "SYSTEM_PULLREQUEST_PULLREQUESTID"))
        self._threads = (
            f"/{project}/_apis/git/repositories/{repository}/pullRequests/{number}/threads"
        )

    def dressed(self, body: str) -> str:
        return body

    def ours(self) -> list[Comment]:
        path = "/_apis/connectionData?api-version=7.1-preview.1"
        author = self._api.ask("GET", path)["authenticatedUser"]["id"]
        found = []
        for thread in self._api.ask("GET", f"{self._threads}?api-version=7.1")["value"]:
            for one in thread.get("comments") or []:
                body = one.get("content") or ""
                gone = thread.get("isDeleted") or one.get("isDeleted")
                by_us = (one.get("author") or {}).get("id") == author
                if by_us and not gone and body.startswith(MARK):
                    found.append((int(thread["id"]), int(one["id"]), body))
        return [
            Comment(f"{self._threads}/{thread}/comments/{number}", body)
            for thread, number, body in sorted(found)
        ]

    def write(self, body: str) -> None:
        first = {"parentCommentId": 0, "content": body, "commentType": "text"}
        content = {"comments": [first], "status": "closed"}
        self._api.ask("POST", f"{self._threads}?api-version=7.1", content)

    def change(self, comment: Comment, body: str) -> None:
        self._api.ask("PATCH", f"{comment.path}?api-version=7.1", {"content": body})

    def take_away(self, comment: Comment) -> None:
        self._api.ask("DELETE", f"{comment.path}?api-version=7.1")


# --- Bitbucket -----------------------------------------------------------------------------------


class Bitbucket:
    """A pull request on Bitbucket Cloud, whose Markdown knows no HTML: nothing can be folded, and
    the mark is a reference that nothing refers to.
    """

    room = 30_000
    mark = "[billing-dsl:review]: https://billing-dsl.invalid/review"

    def __init__(self, environment: Environment) -> None:
        """`BILLING_DSL_TOKEN` is an access token of the repository with the scope
        `pullrequest:write`. Where it may not ask who it is, `BILLING_DSL_AUTHOR` is its account id.
        """
        token = _needed(environment, "BILLING_DSL_TOKEN")
        base = environment.get("BILLING_DSL_BITBUCKET_API") or "https://api.bitbucket.org/2.0"
        self._api = Api(base, {"Authorization": f"Bearer {token}"})
        names = [_needed(environment, f"BITBUCKET_{name}") for name in ("WORKSPACE", "REPO_SLUG")]
        number = _number(_needed(environment, "BITBUCKET_PR_ID"))
        repository = "/".join(map(_quoted, names))
        self._comments = f"/repositories/{repository}/pullrequests/{number}/comments"
        self._author = environment.get("BILLING_DSL_AUTHOR", "")

    def dressed(self, body: str) -> str:
        _, _, rest = body.partition("\n")
        rest = re.sub(r"<summary>(.*?)</summary>", r"\n\n**\1**\n", rest)
        rest = re.sub(r"</?details>", "\n", re.sub(r"</?sub>", "", rest))
        rest = re.sub(r"<br/?>", ", ", rest)
        rest = re.sub(r"\n{3,}", "\n\n", rest).strip()
        return f"{self.mark}\n\n{rest}\n"

    def ours(self) -> list[Comment]:
        author = self._author or self._account()
        found = []
        for page in range(1, PAGES + 1):
            answer = self._api.ask("GET", f"{self._comments}?pagelen=100&page={page}")
            for one in answer["values"]:
                body = (one.get("content") or {}).get("raw") or ""
                user = one.get("user") or {}
                by_us = author in (user.get("account_id"), user.get("uuid"))
                if by_us and not one.get("deleted") and body.startswith(self.mark):
                    found.append((int(one["id"]), body))
            if not answer.get("next"):
                break
        return [Comment(f"{self._comments}/{number}", body) for number, body in sorted(found)]

    def _account(self) -> str:
        try:
            return str(self._api.ask("GET", "/user")["uuid"])
        except RefusedError as reason:
            raise RefusedError(
                f"{reason}. If the token may not ask who it is, set BILLING_DSL_AUTHOR to the "
                "account id of its user."
            ) from None

    def write(self, body: str) -> None:
        self._api.ask("POST", self._comments, {"content": {"raw": body}})

    def change(self, comment: Comment, body: str) -> None:
        self._api.ask("PUT", comment.path, {"content": {"raw": body}})

    def take_away(self, comment: Comment) -> None:
        self._api.ask("DELETE", comment.path)


# --- the command ---------------------------------------------------------------------------------


def _posted(which: str, path: str, environment: Environment, sleep: Callable[[float], None]) -> str:
    body = read(path)
    service: Service
    if which == "github":
        event = _event(environment)
        outside = "workflow_run" in event
        named = _named(os.path.join(os.path.dirname(path), "pull_request")) if outside else ""
        found: list[int | None] = []

        def look_up() -> str:
            found.append(pull_request_of(event, environment, named))
            return ""

        patiently(look_up, sleep)
        if found[-1] is None:
            return "left alone: a newer commit has come, or the pull request is closed"
        service = GitHub(environment, found[-1])
        body = disarmed(body) if body and outside else body
    elif which == "gitlab":
        service = GitLab(environment)
    elif which == "azure":
        service = Azure(environment)
    else:
        service = Bitbucket(environment)
    text = (
        fitting(body, service.room, environment.get("BILLING_DSL_REPORT_URL", "")) if body else ""
    )
    return patiently(lambda: settle(service, text), sleep)


def _event(environment: Environment) -> Any:
    path = _needed(environment, "GITHUB_EVENT_PATH")
    try:
        with open(path, encoding="utf-8") as file:
            event = json.load(file)
    except (OSError, ValueError):
        raise WrongError("GITHUB_EVENT_PATH leads to no event") from None
    if not {"pull_request", "workflow_run"} & set(event):
        raise WrongError("the event is about no pull request")
    return event


def _named(path: str) -> str:
    """The number that a run of a fork has written down, if it has."""
    try:
        with open(path, encoding="ascii") as file:
            return file.read(20).strip()
    except (OSError, ValueError):
        return ""


def main(
    arguments: list[str],
    environment: Environment,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Runs the command. Returns its exit code."""
    if len(arguments) != 2 or arguments[0] not in ("github", "gitlab", "azure", "bitbucket"):
        print("usage: comment.py github|gitlab|azure|bitbucket FILE", file=sys.stderr)
        return 2
    try:
        done = _posted(arguments[0], arguments[1], environment, sleep)
    except WrongError as reason:
        print(f"no comment: {reason}", file=sys.stderr)
        return 2
    except RefusedError as reason:
        print(f"no comment: {reason}", file=sys.stderr)
        return 4
    except (KeyError, TypeError, AttributeError, ValueError):
        print("no comment: the service answers in a form that is not known", file=sys.stderr)
        return 4
    print(f"comment: {done}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
