"""What every test gets: expected outputs, no network, nothing kept, the same examples each run."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from tests.goldens import Golden

# quick: what every run does. thorough: the same examples each time too, but many more of them, for
# `make slow`. explore: other examples each time, for somebody who watches. What "the same" takes
# beyond a setting, `_the_same_examples` does.
# No test sets max_examples for itself, or thorough would not reach it.
settings.register_profile(
    "quick",
    derandomize=True,
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=200)
settings.register_profile(
    "explore", settings.get_profile("thorough"), derandomize=False, print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the expected outputs instead of comparing with them",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: in the end no process waits for another that has just begun."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Thousands of collected tests live until the end: nobody looks again and again for rings in
    them, nor after every few hundred values, as Python does by itself.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def golden(pytestconfig: pytest.Config) -> Golden:
    """Compares with expected outputs: `golden(path, text)`, `golden.folder(path, files)`."""
    return Golden(update=bool(pytestconfig.getoption("--update-golden")))


@pytest.fixture(scope="session", autouse=True)
def _nothing_kept() -> Iterator[None]:
    """No run meets results of another, nor a user's own; colours are as nobody has set them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BILLING_DSL_CACHE", "off")
        for name in ("NO_COLOR", "FORCE_COLOR"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _unhurried() -> Iterator[None]:
    """Nobody waits until the disk of the whole machine is quiet: no test outlives a power cut.

    Commands that tests start as processes of their own do wait.
    """
    with pytest.MonkeyPatch.context() as patch:
        if hasattr(os, "sync"):
            patch.setattr(os, "sync", lambda: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _the_same_examples() -> Iterator[None]:
    """A property draws the same, whichever tests ran before it in the same process.

    Hypothesis makes examples also of the numbers and texts that stand in our code, as far as it is
    imported by then and no folder above is called `tests`. No setting turns that off: so this
    replaces a private function, and fails by itself where the function has another name. Where
    examples are others each time, what our code says is welcome among them.
    """
    with pytest.MonkeyPatch.context() as patch:
        if settings().derandomize:
            patch.setattr(providers, "_get_local_constants", Constants)
        yield


class NetworkUsed(BaseException):
    """A test reached for another machine. Not an Exception, so that no handler swallows it."""


@pytest.fixture(scope="session", autouse=True)
def _offline() -> Iterator[None]:
    """Sockets of this process reach this machine only."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        patch.setattr(socket.socket, "sendto", _guarded(socket.socket.sendto))
        resolve = socket.getaddrinfo

        def local_names(host: Any, *rest: Any, **options: Any) -> Any:
            _refuse_remote(host)
            return resolve(host, *rest, **options)

        patch.setattr(socket, "getaddrinfo", local_names)
        yield


def _guarded(original: Any) -> Any:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_remote(arguments[-1][0])  # the address is the last: sendto may put flags before
        return original(self, *arguments)

    return guarded


def _refuse_remote(host: Any) -> None:
    if host in (None, "", "localhost"):
        return
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise NetworkUsed(f"a test reached for {host!r}")
