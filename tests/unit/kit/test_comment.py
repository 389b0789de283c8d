"""One comment on a pull request, kept up to date on four services, whatever goes wrong."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kit import comment
from kit.comment import MARK, Bitbucket, disarmed, fitting, main
from tests.goldens import ROOT
from tests.unit.kit.services import NUMBER, SOMEBODY, TOKEN, Fault, World, serving

SERVICES = ("github", "gitlab", "azure", "bitbucket")
BODY = (
    f"{MARK}\n**2 clients lose cover.**\n\n<details><summary>More</summary>\n\nall\n\n</details>\n"
)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def address(world: World) -> Iterator[str]:
    with serving(world) as found:
        yield found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "comment.md"
    path.write_text(BODY, encoding="utf-8")
    return path


def variables(address: str, tmp_path: Path, event: Any = None) -> dict[str, str]:
    """What the services set in a job for a pull request."""
    stated = tmp_path / "event.json"
    stated.write_text(json.dumps(event or {"pull_request": {"number": NUMBER}}), encoding="utf-8")
    return {
        "BILLING_DSL_TOKEN": TOKEN,
        "GITHUB_API_URL": f"{address}/github",
        "GITHUB_REPOSITORY": "firm/book",
        "GITHUB_EVENT_PATH": str(stated),
        "CI_API_V4_URL": f"{address}/gitlab",
        "CI_PROJECT_ID": "99",
        "CI_MERGE_REQUEST_PROJECT_ID": "12",
        "CI_MERGE_REQUEST_IID": str(NUMBER),
        "SYSTEM_COLLECTIONURI": f"{address}/azure/",
        "SYSTEM_TEAMPROJECTID": "project",
        "BUILD_REPOSITORY_ID": "repo",
        "SYSTEM_PULLREQUEST_PULLREQUESTID": str(NUMBER),
        "BILLING_DSL_BITBUCKET_API": f"{address}/bitbucket",
        "BITBUCKET_WORKSPACE": "firm",
        "BITBUCKET_REPO_SLUG": "book",
        "BITBUCKET_PR_ID": str(NUMBER),
    }


def mark(service: str) -> str:
    return Bitbucket.mark if service == "bitbucket" else MARK


def refuse_to_wait(seconds: float) -> None:
    raise AssertionError(f"waited for {seconds} s")


def post(
    service: str, file: Path, given: Mapping[str, str], waits: list[float] | None = None
) -> int:
    return main([service, str(file)], given, refuse_to_wait if waits is None else waits.append)


# --- one comment ---------------------------------------------------------------------------------


@pytest.mark.parametrize("service", SERVICES)
def test_a_comment_is_written_once_changed_and_taken_away(
    service: str, world: World, address: str, file: Path, tmp_path: Path, capsys: Any
) -> None:
    given = variables(address, tmp_path)
    assert post(service, file, given) == 0
    [kept] = world.alive
    assert kept.body.startswith(mark(service))
    assert "2 clients lose cover" in kept.body
    assert post(service, file, given) == 0
    assert world.writes == ["POST"]
    file.write_text(BODY.replace("2 clients", "3 clients"), encoding="utf-8")
    assert post(service, file, given) == 0
    [changed] = world.alive
    assert changed.id == kept.id
    assert "3 clients" in changed.body
    file.write_text("", encoding="utf-8")
    assert post(service, file, given) == 0
    assert world.alive == []
    assert post(service, file, given) == 0
    said = capsys.readouterr().out.split("\n")
    assert said[:5] == [
        "comment: written",
        "comment: as it was",
        "comment: changed",
        "comment: taken away",
        "comment: nothing to say",
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_ours_is_found_among_hundreds_and_nobody_elses_is_touched(
    service: str, world: World, address: str, file: Path, tmp_path: Path
) -> None:
    theirs = [world.add(f"{mark(service)}\nforged {n}", SOMEBODY) for n in range(130)]
    plain = world.add("a remark of ours without the mark")
    quoted = world.add(f"> {mark(service)}\nquoted")
    mine = world.add(f"{mark(service)}\nold")
    second = world.add(f"{mark(service)}\nof a run that was as quick")
    assert post(service, file, variables(address, tmp_path)) == 0
    assert "2 clients" in mine.body
    assert second.deleted
    untouched = [*theirs, plain, quoted]
    assert not any(one.deleted or "2 clients" in one.body for one in untouched)


@pytest.mark.parametrize("service", SERVICES)
def test_two_runs_at_once_leave_one_comment(
    service: str, world: World, address: str, file: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    """Another run writes after ours has looked and before it writes."""
    before = comment.Api.ask
    other: list[Any] = []

    def ask(self: comment.Api, method: str, path: str, content: object = None) -> Any:
        if method == "POST" and not other:
            other.append(world.add(f"{mark(service)}\nthe other run"))
        return before(self, method, path, content)

    monkeypatch.setattr(comment.Api, "ask", ask)
    assert post(service, file, variables(address, tmp_path)) == 0
    assert len(world.alive) == 1


# --- what goes wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize("status", [0, 429, 500, 502, 503])
@pytest.mark.parametrize("done", [False, True])
def test_whatever_call_fails_there_is_one_comment_in_the_end(
    service: str,
    place: int,
    status: int,
    done: bool,
    world: World,
    address: str,
    file: Path,
    tmp_path: Path,
) -> None:
    """The n-th call fails, before or after it was carried out; nothing is written twice."""
    calls: list[str] = []
    original = comment.Api.ask

    def ask(self: comment.Api, method: str, path: str, content: object = None) -> Any:
        calls.append(method)
        if len(calls) == place + 1:
            world.faults.append(Fault(status, {"Retry-After": "3"}, done=done))
        return original(self, method, path, content)

    waits: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comment.Api, "ask", ask)
        assert post(service, file, variables(address, tmp_path), waits) == 0
    assert [one.body.startswith(mark(service)) for one in world.alive] == [True]
    failed = len(calls) > place + 1 or waits
    assert waits == ([] if not failed else [3.0 if status else 2.0])


def test_a_service_that_stays_down_is_given_up(
    world: World, address: str, file: Path, tmp_path: Path, capsys: Any
) -> None:
    world.faults = [Fault(503)] * 20
    waits: list[float] = []
    assert post("github", file, variables(address, tmp_path), waits) == 4
    assert waits == [2.0, 4.0, 8.0, 16.0]
    assert "the service answers 503" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("status", "headers", "waits"),
    [
        (429, {"Retry-After": "600"}, None),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}, None),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}, [0.0]),
        (403, {"Retry-After": "7"}, [7.0]),
        (429, {"Retry-After": "Fri, 27 Nov 2026 06:00:00 GMT"}, [2.0]),
    ],
)
def test_limits_are_waited_for_but_not_for_long(
    status: int,
    headers: dict[str, str],
    waits: list[float] | None,
    world: World,
    address: str,
    file: Path,
    tmp_path: Path,
) -> None:
    world.faults = [Fault(status, headers)]
    waited: list[float] = []
    code = post("github", file, variables(address, tmp_path), waited)
    assert (code, waited) == ((4, []) if waits is None else (0, waits))


@pytest.mark.parametrize("service", SERVICES)
def test_a_wrong_token_is_told_and_never_shown(
    service: str, world: World, address: str, file: Path, tmp_path: Path, capsys: Any
) -> None:
    given = {**variables(address, tmp_path), "BILLING_DSL_TOKEN": "canary-wrong"}
    assert post(service, file, given) == 4
    printed = capsys.readouterr()
    assert "401: the token is wrong or has run out" in printed.err
    assert "canary" not in printed.err + printed.out
    assert world.comments == []


def test_nobody_is_followed_elsewhere(
    world: World, address: str, file: Path, tmp_path: Path, capsys: Any
) -> None:
    for method in ("GET", "POST"):
        world.faults = [Fault(302, {"Location": f"{address}/stolen"}, method=method)]
        assert post("github", file, variables(address, tmp_path)) == 4
    assert not any(path == "/stolen" for _, path in world.asked)
    assert "it sends us elsewhere" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("service", "fault"),
    [
        ("github", Fault(200, body="not json")),
        ("github", Fault(200, body='{"message": "not a list"}')),
        ("github", Fault(200, body='[{"user": {"login": "github-actions[bot]"}, "body": 7}]')),
        ("azure", Fault(200, body="[]")),
        ("gitlab", Fault(404)),
        ("github", Fault(422, body='{"message": "##[error] no"}')),
    ],
)
def test_an_answer_that_makes_no_sense_is_no_traceback(
    service: str, fault: Fault, world: World, address: str, file: Path, tmp_path: Path, capsys: Any
) -> None:
    world.faults = [fault]
    assert post(service, file, variables(address, tmp_path)) == 4
    printed = capsys.readouterr().err
    assert printed.startswith("no comment: ")
    assert "##[" not in printed
    assert world.comments == []


def test_a_token_that_may_not_ask_who_it_is_is_told_whose_comments_are_its_own(
    world: World, address: str, file: Path, tmp_path: Path, capsys: Any
) -> None:
    world.may_ask_who = False
    given = variables(address, tmp_path)
    assert post("bitbucket", file, given) == 4
    assert "BILLING_DSL_AUTHOR" in capsys.readouterr().err
    mine = world.add(f"{Bitbucket.mark}\nold")
    assert post("bitbucket", file, {**given, "BILLING_DSL_AUTHOR": "account-us"}) == 0
    assert world.alive == [mine]


@pytest.mark.parametrize(
    ("service", "changed", "reason"),
    [
        ("github", {"BILLING_DSL_TOKEN": ""}, "BILLING_DSL_TOKEN is not set"),
        ("github", {"GITHUB_API_URL": "http://api.example"}, "is no https address"),
        ("github", {"GITHUB_REPOSITORY": "firm/book/../x"}, "is no repository"),
        ("github", {"GITHUB_EVENT_PATH": "nowhere"}, "leads to no event"),
        ("gitlab", {"CI_MERGE_REQUEST_IID": "7/../8"}, "no number of a pull request"),
        ("gitlab", {"CI_MERGE_REQUEST_IID": ""}, "CI_MERGE_REQUEST_IID is not set"),
        ("azure", {"BILLING_DSL_TOKEN": "$(System.AccessToken)"}, "was not handed on"),
        ("bitbucket", {"BITBUCKET_PR_ID": "x"}, "no number of a pull request"),
    ],
)
def test_variables_that_cannot_be_right_are_refused(
    service: str,
    changed: dict[str, str],
    reason: str,
    address: str,
    file: Path,
    tmp_path: Path,
    capsys: Any,
) -> None:
    assert post(service, file, {**variables(address, tmp_path), **changed}) == 2
    assert reason in capsys.readouterr().err


# --- forks ---------------------------------------------------------------------------------------

RUN = {
    "event": "pull_request",
    "head_sha": "a" * 40,
    "head_branch": "topic",
    "head_repository": {"id": 5, "owner": {"login": "stranger"}},
}


def pull(number: int = NUMBER, sha: str = "a" * 40, repository: int | None = 5) -> Any:
    repo = {"id": repository} if repository is not None else None
    return {"number": number, "head": {"sha": sha, "repo": repo}}


def test_the_pull_request_of_a_fork_is_the_one_that_the_event_means(
    world: World, address: str, file: Path, tmp_path: Path
) -> None:
    world.pulls = [pull(3, sha="b" * 40), pull(4, repository=6), pull(9, repository=None), pull()]
    assert post("github", file, variables(address, tmp_path, {"workflow_run": RUN})) == 0
    [kept] = world.alive
    assert "From a pull request of a fork" in kept.body
    asked = [path for _, path in world.asked if "pulls" in path]
    assert asked == ["/github/repos/firm/book/pulls?state=open&per_page=100&head=stranger%3Atopic"]


def test_a_number_that_the_fork_has_written_decides_only_among_its_own(
    world: World, address: str, file: Path, tmp_path: Path, capsys: Any
) -> None:
    given = variables(address, tmp_path, {"workflow_run": RUN})
    number = tmp_path / "pull_request"
    world.pulls = [pull()]
    number.write_text("1", encoding="ascii")
    assert post("github", file, given) == 2
    assert "pull request 1 is not one of the run's own" in capsys.readouterr().err
    number.write_text("7; rm -rf /", encoding="ascii")
    assert post("github", file, given) == 2
    world.pulls = [pull(8), pull()]
    number.write_text("7\n", encoding="ascii")
    assert post("github", file, given) == 0
    number.unlink()
    assert post("github", file, given) == 2
    assert "several pull requests" in capsys.readouterr().err


def test_a_run_of_an_older_commit_leaves_the_comment_alone(
    world: World, address: str, file: Path, tmp_path: Path, capsys: Any
) -> None:
    world.pulls = [pull(sha="c" * 40)]
    assert post("github", file, variables(address, tmp_path, {"workflow_run": RUN})) == 0
    assert "left alone" in capsys.readouterr().out
    assert world.writes == []
    pushed = {"workflow_run": {**RUN, "event": "push"}}
    assert post("github", file, variables(address, tmp_path, pushed)) == 2


HOSTILE = f"""{MARK}
@everyone see [here](http://evil.example) and ![x](https://evil.example/a.png) [r][1] #12
of firm/book#3
<img src=x onerror=alert(1)><a href="//evil">go</a> www.evil.example <!-- x --> \u202eabc\u200b
[1]: https://evil.example
```
<b>@org/team</b>
```
<details><summary>ok</summary>

| a |
|---|
| b<br>c<br/>d |

</details>
<sub>foot</sub>
"""


def test_what_a_fork_has_written_mentions_nobody_and_links_nowhere() -> None:
    text = disarmed(HOSTILE)
    first, _, rest = text.partition("\n")
    assert first == MARK
    for bad in (
        "@e",
        "@o",
        "](",
        "][",
        "]:",
        "://",
        "www.",
        "#12",
        "#3",
        "<img",
        "<a",
        "<b>",
        "<!--",
    ):
        assert bad not in rest
    assert "\u202e" not in rest
    for good in (
        "<details><summary>ok</summary>",
        "| b<br>c<br/>d |",
        "</details>",
        "<sub>foot</sub>",
    ):
        assert good in rest


def test_the_public_text_of_a_fork_is_disarmed_and_that_of_a_colleague_is_not(
    world: World, address: str, file: Path, tmp_path: Path
) -> None:
    file.write_text(HOSTILE, encoding="utf-8")
    world.pulls = [pull()]
    assert post("github", file, variables(address, tmp_path, {"workflow_run": RUN})) == 0
    assert "](http" not in world.alive[0].body
    assert post("github", file, variables(address, tmp_path)) == 0
    assert "](http" in world.alive[0].body


# --- the file ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"# my own comment\n", "is no comment of billing-dsl"),
        (b"x" * (1 << 20) + b"xx", "larger than a comment can be"),
        (f"{MARK}\n".encode() + b"\xff", "is not UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_comment_is_refused(
    content: bytes | None, reason: str, tmp_path: Path, file: Path, capsys: Any
) -> None:
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    assert post("github", file, variables("http://127.0.0.1:1", tmp_path)) == 2
    assert reason in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_out_of_an_artifact_is_not_followed(tmp_path: Path, file: Path, capsys: Any) -> None:
    link = tmp_path / "link.md"
    link.symlink_to(file)
    assert post("github", link, variables("http://127.0.0.1:1", tmp_path)) == 2
    assert post("github", tmp_path, variables("http://127.0.0.1:1", tmp_path)) == 2
    assert "cannot be read" in capsys.readouterr().err
    os.mkfifo(tmp_path / "pipe.md")
    assert post("github", tmp_path / "pipe.md", variables("http://127.0.0.1:1", tmp_path)) == 2
    assert "is no regular file" in capsys.readouterr().err


def test_a_push_has_no_pull_request_to_comment_on(tmp_path: Path, file: Path, capsys: Any) -> None:
    given = variables("http://127.0.0.1:1", tmp_path, {"ref": "refs/heads/main"})
    assert post("github", file, given) == 2
    assert "the event is about no pull request" in capsys.readouterr().err


@pytest.mark.parametrize("service", SERVICES)
def test_a_long_comment_is_cut_whole_and_says_where_the_rest_is(
    service: str, world: World, address: str, file: Path, tmp_path: Path
) -> None:
    rows = "".join(f"| client-{n} | loses «cover» |\n" for n in range(40_000))[: 1 << 19]
    file.write_text(
        f"{MARK}\n**verdict**\n\n<details><summary>a</summary>\n\n{rows}", encoding="utf-8"
    )
    given = {**variables(address, tmp_path), "BILLING_DSL_REPORT_URL": "https://ci.example/run/1"}
    assert post(service, file, given) == 0
    [kept] = world.alive
    limits = {"github": 65_536, "gitlab": 1_000_000, "azure": 150_000, "bitbucket": 32_768}
    assert len(kept.body.encode()) < limits[service]
    assert "**verdict**" in kept.body
    if service != "gitlab":  # it has room for all of it
        assert kept.body.rstrip().endswith("All of it: https://ci.example/run/1")
    assert kept.body.count("<details>") == kept.body.count("</details>") or service == "gitlab"


def test_a_cut_inside_a_drawing_closes_it() -> None:
    text = f"{MARK}\n<details><summary>a</summary>\n\n```mermaid\n" + "a --> b\n" * 500 + "```\n"
    cut = fitting(text, 2000, "")
    assert len(cut) <= 2000
    lines = cut.splitlines()
    assert lines.index("```") > lines.index("```mermaid")
    assert lines.index("</details>") > lines.index("```")
    assert "in the job's artifacts" in lines[-1]
    assert fitting(text, 10_000, "") == text


def test_bitbucket_shows_no_html() -> None:
    body = f"{BODY}\n| a<br>b<br/>c |\n\n<sub>foot</sub>\n"
    text = Bitbucket.dressed(object.__new__(Bitbucket), body)
    assert "| a, b, c |" in text
    assert "<" not in text
    assert "**More**" in text
    assert text.startswith("[billing-dsl:review]: ")


# --- the script ----------------------------------------------------------------------------------


def test_it_runs_by_itself_with_a_bare_python(tmp_path: Path, file: Path, address: str) -> None:
    """As in a job: no package of ours in reach, nothing but what the service sets."""
    script = ROOT / "docs" / "kit" / "comment.py"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(script), "gitlab", str(file)],
        env=variables(address, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "comment: written\n", "")


def test_wrong_usage_says_what_is_right(capsys: Any) -> None:
    for arguments in ([], ["github"], ["sourceforge", "x"]):
        assert main(arguments, {}) == 2
    assert "usage: comment.py" in capsys.readouterr().err


def imported(script: Path, version: tuple[int, int]) -> set[str]:
    tree = ast.parse(script.read_bytes(), feature_version=version)
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                names |= {alias.name.split(".")[0] for alias in aliases}
            case ast.ImportFrom(module=module):
                names.add((module or "").split(".")[0])
    return names


def test_scripts_need_nothing_but_python() -> None:
    """What posts runs on whatever Python a runner has; what reviews, on the tool's own."""
    for name, version in (("comment.py", (3, 9)), ("review.py", (3, 11))):
        assert imported(ROOT / "docs" / "kit" / name, version) <= sys.stdlib_module_names


def test_what_reviews_can_reach_no_service() -> None:
    network = {"urllib", "http", "socket", "ssl", "asyncio", "ftplib", "smtplib", "requests"}
    assert not imported(ROOT / "docs" / "kit" / "review.py", (3, 11)) & network
    text = (ROOT / "docs" / "kit" / "review.py").read_text(encoding="utf-8")
    assert "BILLING_DSL_TOKEN" not in text
    assert "comment.py" not in text
