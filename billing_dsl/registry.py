"""Plug-ins found by their folder: a module in the folder is registered, no table to edit."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """The plug-in modules of a package in name order; one that starts with `_` is none."""
    for name in sorted(found.name for found in pkgutil.iter_modules(package.__path__)):
        if not name.startswith("_"):
            yield importlib.import_module(f"{package.__name__}.{name}")


def discover(package: ModuleType, kind: type[T], order: Callable[[T], str]) -> tuple[T, ...]:
    """The plug-ins of a package, sorted: exactly one instance of `kind` in each of its modules.

    Raises TypeError where a module holds none or several: a fault of ours, not of a user.
    """
    return tuple(sorted((only(module, kind) for module in modules(package)), key=order))


def only(module: ModuleType, kind: type[T]) -> T:
    """The single instance of `kind` that a module defines.

    Raises TypeError where it defines none or several.
    """
    found = [value for value in vars(module).values() if isinstance(value, kind)]
    if len(found) != 1:
        raise TypeError(f"{module.__name__} defines {len(found)} of {kind.__name__}, not one")
    return found[0]
