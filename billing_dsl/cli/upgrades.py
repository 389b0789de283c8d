"""What two versions of this tool made of one catalogue, read from what they wrote.

Either side is an output folder of `compile`, or what `check --format json` printed.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from billing_dsl.changes.upgrade import (
    DisorderError,
    Found,
    Routing,
    Row,
    Upgrade,
    counted,
    other_files,
    other_findings,
    other_requests,
    rerouted,
)
from billing_dsl.cli import edge
from billing_dsl.cli.output import COMPARED, MANIFEST, TOOL
from billing_dsl.report._visible import visible
from billing_dsl.targets.routes import PATH as ROUTES

REQUESTS = "autotask/requests.json"


def between(
    old: str,
    new: str,
    findings: tuple[str, str] | None = None,
    called: tuple[str, str] | None = None,
) -> Upgrade:
    """What differs between what two versions made, which are called by these names.

    `findings` are files of what both have found, beside two folders. Without names the versions are
    called by their numbers. Raises click.UsageError where the two are not of one sort, or not of
    one catalogue and day.
    """
    for side in (old, new):
        if not os.path.exists(side):
            raise click.UsageError(f"there is no folder or file `{visible(side)}`.")
    folders = [os.path.isdir(side) for side in (old, new)]
    if all(folders):
        upgrade = _of_folders(_folder(old), _folder(new), called)
        if findings is None:
            return upgrade
        fresh, gone = other_findings(*map(_findings, findings))
        return replace(upgrade, fresh=fresh, gone=gone)
    if any(folders) or findings is not None:
        raise click.UsageError(
            "OLD and NEW are both folders that `compile` wrote, or both files of "
            "`check --format json`."
        )
    names = called or ("the version before", "the version after")
    fresh, gone = other_findings(_findings(old), _findings(new))
    return Upgrade(*names, fresh=fresh, gone=gone)


# --- output folders ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Compiled:
    """An output folder: the version that wrote it, what it was made of, and its files."""

    folder: str
    version: str
    made_of: Mapping[str, Any]
    files: Mapping[str, tuple[str, str]]


def _of_folders(old: _Compiled, new: _Compiled, called: tuple[str, str] | None) -> Upgrade:
    for name, words in _MADE_OF.items():
        if old.made_of[name] != new.made_of[name]:
            raise click.UsageError(
                f"`{visible(old.folder)}` and `{visible(new.folder)}` are {words}: what differs "
                "between them is not the tool's doing alone."
            )
    routing = None
    if ROUTES in old.files and ROUTES in new.files:
        same = old.files[ROUTES] == new.files[ROUTES]
        routing = Routing() if same else _routing(old.folder, new.folder)
    versions = old.version, new.version
    if called is None and versions[0] == versions[1]:
        versions = f"{versions[0]} (old)", f"{versions[1]} (new)"
    return Upgrade(
        *(called or versions),
        routing=routing,
        files=other_files(old.files, new.files),
        requests=other_requests(_requests(old), _requests(new)),
    )


_MADE_OF = {
    "catalogue": "made of different catalogues",
    "as_of": "made as of different days",
    "tenant": "made with different snapshots of the tenant",
}


def _folder(folder: str) -> _Compiled:
    content = _json(os.path.join(folder, MANIFEST))
    try:
        if content["tool"] != TOOL or COMPARED in content:
            raise KeyError(TOOL)
        files = {
            str(one["path"]): (str(one["sha256"]), str(one["kind"])) for one in content["files"]
        }
        return _Compiled(
            folder,
            str(content["tool_version"]),
            {
                "catalogue": content["catalogue"]["sha256"],
                "as_of": content["as_of"],
                "tenant": content.get("tenant"),
            },
            files,
        )
    except (KeyError, TypeError):
        raise click.UsageError(
            f"`{visible(folder)}` is no folder that `compile` wrote: its {MANIFEST} is another's."
        ) from None


def _routing(old: str, new: str) -> Routing:
    """What two routing tables tell differently. Raises click.UsageError."""
    with closing(_rows(old)) as before, closing(_rows(new)) as after:
        try:
            return counted(rerouted(before, after))
        except DisorderError as reason:
            raise click.UsageError(
                f"the routing tables of `{visible(old)}` and `{visible(new)}` cannot be compared: "
                f"one {visible(str(reason))}."
            ) from None


def _rows(folder: str) -> Generator[Row, None, None]:
    """The rows of a folder's routing table, one after the other. Raises click.UsageError."""
    path = os.path.join(folder, *ROUTES.split("/"))
    try:
        with open(path, encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file, strict=True)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, error) from None


def _requests(side: _Compiled) -> dict[str, object]:
    if REQUESTS not in side.files:
        return {}
    path = os.path.join(side.folder, *REQUESTS.split("/"))
    try:
        return {str(one["id"]): one for one in _json(path)["requests"]}
    except (KeyError, TypeError):
        raise click.UsageError(f"`{visible(path)}` has no list of requests.") from None


# --- findings ------------------------------------------------------------------------------------


def _findings(path: str) -> list[Found]:
    try:
        return [
            Found(
                str(one["path"]),
                int(one["start"]["line"]),
                str(one["code"]),
                str(one["severity"]),
                str(one["message"]),
            )
            for one in _json(path)["diagnostics"]
        ]
    except (KeyError, TypeError, ValueError):
        raise click.UsageError(
            f"`{visible(path)}` is not what `check --format json` prints."
        ) from None


def _json(path: str) -> Any:
    """A file of JSON; numbers with decimals stay text, so that nothing of them is lost."""
    try:
        return json.loads(Path(path).read_bytes(), parse_float=str)
    except (OSError, ValueError, RecursionError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: str, error: Exception) -> click.UsageError:
    reason = edge.reason_of(error) if isinstance(error, OSError) else "it is damaged"
    return click.UsageError(f"`{visible(path)}` cannot be read: {reason}.")
