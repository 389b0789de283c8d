"""What a user would run instead, as small programs of their own: `python -m bench.peers NAME DIR`.

Each reads every YAML file below a folder. They are written as somebody in a hurry would write them
well: the C loader, one validator for each kind, formats on.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

SCHEMAS = Path(__file__).parents[1] / "schemas"


def files(folder: str) -> Iterator[str]:
    """Every file below a folder."""
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from files(entry.path)
        else:
            yield entry.path


def text(path: str) -> bytes:
    """A file's bytes, read with as little ado as Python allows."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fstat(descriptor)
        return os.read(descriptor, 1 << 20)
    finally:
        os.close(descriptor)


def read_bytes(folder: str) -> None:
    """The floor: the bytes alone."""
    for path in files(folder):
        text(path)


def stat_and_hash(folder: str) -> None:
    """The floor of whatever wants to know what has changed."""
    for path in sorted(files(folder)):
        hashlib.blake2b(text(path), digest_size=16).hexdigest()


def load(folder: str) -> None:
    """`yaml.load` with the C loader."""
    import yaml

    for path in files(folder):
        for _ in yaml.load_all(text(path), yaml.CSafeLoader):
            pass


def load_and_validate(folder: str) -> None:
    """`yaml.load` with the C loader, then jsonschema with formats, validators built once."""
    import jsonschema
    import yaml
    from referencing import Registry, Resource

    class Loader(yaml.CSafeLoader):
        """Dates stay text, for JSON has none."""

    Loader.yaml_implicit_resolvers = {
        letter: [found for found in resolvers if found[0] != "tag:yaml.org,2002:timestamp"]
        for letter, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }
    schemas = {path.name: json.loads(path.read_bytes()) for path in SCHEMAS.glob("*.json")}
    registry = Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in schemas.items()
    )
    validators = {
        name.partition(".")[0]: jsonschema.Draft202012Validator(
            schema, registry=registry, format_checker=jsonschema.FormatChecker()
        )
        for name, schema in schemas.items()
    }
    for path in files(folder):
        for document in yaml.load_all(text(path), Loader):
            if not validators[document["kind"]].is_valid(document):
                raise SystemExit(f"{path} does not fit: the comparison is not one")


def write_files(folder: str) -> None:
    """The floor of whatever writes a tree: the files of a compiled folder, written anew."""
    source, target = folder.split(":")
    for path in files(source):
        content = text(path)
        place = target + path[len(source) :]
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(content)


if __name__ == "__main__":
    {
        "read-bytes": read_bytes,
        "stat-and-hash": stat_and_hash,
        "load": load,
        "load-and-validate": load_and_validate,
        "write-files": write_files,
    }[sys.argv[1]](sys.argv[2])
