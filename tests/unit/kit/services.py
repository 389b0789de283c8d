"""The four services as far as a comment needs them, on this machine: they keep comments by author,
page them, want a token, and fail as they are told to.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "canary-5f1c"
US, SOMEBODY = "us", "somebody"
NUMBER = 7


@dataclass
class Kept:
    """A comment as a service keeps it."""

    id: int
    author: str
    body: str
    deleted: bool = False


@dataclass
class Fault:
    """An answer that is given instead of doing what is asked, or after having done it.

    `status` 0: the connection is closed without an answer.
    """

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    method: str = ""
    done: bool = False
    body: str = "{}"


@dataclass
class World:
    """What a service holds, who asks, and what goes wrong next."""

    comments: list[Kept] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    pulls: list[Any] = field(default_factory=list)
    may_ask_who: bool = True
    next_id: int = 1000

    def add(self, body: str, author: str = US) -> Kept:
        self.next_id += 1
        kept = Kept(self.next_id, author, body)
        self.comments.append(kept)
        return kept

    @property
    def alive(self) -> list[Kept]:
        return [one for one in self.comments if not one.deleted]

    def of(self, number: int) -> Kept:
        return next(one for one in self.alive if one.id == number)

    @property
    def writes(self) -> list[str]:
        return [method for method, _ in self.asked if method != "GET"]


class Handler(BaseHTTPRequestHandler):
    """Answers as the service that the path belongs to."""

    protocol_version = "HTTP/1.1"
    world: World

    def log_message(self, *_: Any) -> None:
        """Nothing: what is asked is kept in the world."""

    def handle_one(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        content = json.loads(self.rfile.read(length)) if length else None
        self.world.asked.append((self.command, self.path))
        fault = self.fault()
        if fault is not None and not fault.done:
            return self.fail(fault)
        status, answer = self.answered(content)
        if fault is not None:
            return self.fail(fault)
        return self.send(status, json.dumps(answer) if answer is not None else "")

    def fault(self) -> Fault | None:
        for place, fault in enumerate(self.world.faults):
            if fault.method in ("", self.command):
                return self.world.faults.pop(place)
        return None

    def fail(self, fault: Fault) -> None:
        if not fault.status:
            self.close_connection = True
            return self.wfile.flush()
        return self.send(fault.status, fault.body, fault.headers)

    def send(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        content = text.encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def answered(self, content: Any) -> tuple[int, Any]:
        tokens = (self.headers.get("Authorization"), self.headers.get("PRIVATE-TOKEN"))
        if f"Bearer {TOKEN}" not in tokens and TOKEN not in tokens:
            return 401, {"message": "Bad credentials"}
        path, _, query = self.path.partition("?")
        page = int(dict(re.findall(r"(\w+)=(\d+)", query)).get("page", 1))
        for pattern, answer in FORMS:
            found = re.fullmatch(pattern, path)
            if found:
                status, content = answer(self.world, self.command, found.groupdict(), content, page)
                return int(status), content
        return 404, {"message": "Not Found"}


for _method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
    setattr(Handler, f"do_{_method}", Handler.handle_one)


def paged(rows: list[Any], page: int, size: int = 100) -> list[Any]:
    return rows[(page - 1) * size : page * size]


def github(world: World, method: str, at: dict[str, str], content: Any, page: int) -> Any:
    if "pulls" in at:
        return 200, world.pulls
    if method == "GET":
        rows = [
            {"id": one.id, "body": one.body, "user": {"login": login(one)}} for one in world.alive
        ]
        return 200, paged(rows, page)
    if method == "POST":
        return 201, {"id": world.add(content["body"]).id}
    return edited(world, method, int(at["id"]), content and content["body"])


def login(one: Kept) -> str:
    return "github-actions[bot]" if one.author == US else one.author


def gitlab(world: World, method: str, at: dict[str, str], content: Any, page: int) -> Any:
    if "user" in at:
        return 200, {"id": US}
    if method == "GET":
        rows = [
            {"id": one.id, "body": one.body, "author": {"id": one.author}, "system": False}
            for one in world.alive
        ]
        return 200, paged(rows, page)
    if method == "POST":
        return 201, {"id": world.add(content["body"]).id}
    return edited(
        world, "PATCH" if method == "PUT" else method, int(at["id"]), content and content["body"]
    )


def azure(world: World, method: str, at: dict[str, str], content: Any, page: int) -> Any:
    if "user" in at:
        return 200, {"authenticatedUser": {"id": US}}
    if method == "GET":
        threads = [
            {
                "id": one.id,
                "isDeleted": one.deleted,
                "comments": [
                    {
                        "id": 1,
                        "content": one.body,
                        "author": {"id": one.author},
                        "isDeleted": one.deleted,
                    }
                ],
            }
            for one in world.comments
        ]
        return 200, {"value": threads, "count": len(threads)}
    if method == "POST":
        assert content["status"] == "closed"
        return 200, {"id": world.add(content["comments"][0]["content"]).id}
    return edited(world, method, int(at["id"]), content and content["content"])


def bitbucket(world: World, method: str, at: dict[str, str], content: Any, page: int) -> Any:
    if "user" in at:
        return (200, {"uuid": US}) if world.may_ask_who else (403, {"error": {}})
    if method == "GET":
        rows = [
            {
                "id": one.id,
                "content": {"raw": one.body},
                "user": {"uuid": one.author, "account_id": f"account-{one.author}"},
                "deleted": one.deleted,
            }
            for one in world.comments
        ]
        answer = {"values": paged(rows, page)}
        return 200, {**answer, "next": "http://elsewhere"} if len(rows) > page * 100 else answer
    if method == "POST":
        return 201, {"id": world.add(content["content"]["raw"]).id}
    body = content and content["content"]["raw"]
    return edited(world, "PATCH" if method == "PUT" else method, int(at["id"]), body)


def edited(world: World, method: str, number: int, body: str) -> Any:
    kept = world.of(number)
    if method == "DELETE":
        kept.deleted = True
        return 204, None
    assert method == "PATCH"
    kept.body = body
    return 200, {"id": kept.id}


_AZURE = rf"/azure/project/_apis/git/repositories/repo/pullRequests/{NUMBER}/threads"
_BITBUCKET = rf"/bitbucket/repositories/firm/book/pullrequests/{NUMBER}/comments"
FORMS: list[tuple[str, Any]] = [
    (rf"/github/repos/firm/book/issues/{NUMBER}/comments", github),
    (r"/github/repos/firm/book/issues/comments/(?P<id>\d+)", github),
    (r"/github/repos/firm/book/(?P<pulls>pulls)", github),
    (r"/gitlab/(?P<user>user)", gitlab),
    (rf"/gitlab/projects/12/merge_requests/{NUMBER}/notes(?:/(?P<id>\d+))?", gitlab),
    (r"/azure/_apis/connection(?P<user>Data)", azure),
    (rf"{_AZURE}(?:/(?P<id>\d+)/comments/1)?", azure),
    (r"/bitbucket/(?P<user>user)", bitbucket),
    (rf"{_BITBUCKET}(?:/(?P<id>\d+))?", bitbucket),
]


@contextmanager
def serving(world: World) -> Iterator[str]:
    """The address at which all four services answer."""
    handler = type("Bound", (Handler,), {"world": world})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
