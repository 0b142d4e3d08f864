"""Registries: one function in one file becomes a named scheme, activation, data set, figure or claim.

A registry belongs to a package. Every module of that package is imported the first time a name is looked up,
so a new file joins by being there, and no list of names has to be kept.
"""

import importlib
import importlib.util
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path

NAME = re.compile(r"[a-z][a-z0-9_]*")


class UnknownNameError(ValueError):
    """A name that no registered object has; the message lists those that exist."""


class Registry:
    """Named objects of one kind, found in the modules of `package`."""

    def __init__(self, kind: str, package: str):
        self.kind = kind
        self._package = package
        self._entries: dict[str, object] = {}
        self._discovered = False

    def add(self, name: str, entry: object) -> None:
        """Register `entry`; ValueError if the name is malformed or taken by another object."""
        if not NAME.fullmatch(name):
            raise ValueError(f"{self.kind} name {name!r}: use lower-case letters, digits and underscores")
        taken = self._entries.get(name)
        if taken is not None and _origin(taken) != _origin(entry):
            raise ValueError(f"two {self.kind}s are named {name!r}: {_origin(taken)} and {_origin(entry)}")
        self._entries[name] = entry

    def __getitem__(self, name: str):
        self._discover()
        if name not in self._entries:
            raise UnknownNameError(f"unknown {self.kind} {name!r}; there are: {', '.join(sorted(self._entries))}")
        return self._entries[name]

    def __contains__(self, name: str) -> bool:
        self._discover()
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        self._discover()
        return iter(sorted(self._entries))

    def _discover(self) -> None:
        if self._discovered:
            return
        package = importlib.import_module(self._package)
        for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
            importlib.import_module(f"{self._package}.{module.name}")
        self._discovered = True


def _origin(entry: object) -> str:
    """Where an entry was defined, so that loading one file twice is no clash."""
    function: Callable = getattr(entry, "function", entry)
    code = getattr(function, "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code else repr(entry)


def load_extension(path: str | Path) -> None:
    """Run a user's Python file, which registers schemes, activations or data sets by the same decorators."""
    path = Path(path).resolve()
    if not path.is_file():
        raise ValueError(f"extensions: there is no file {str(path)!r}")
    spec = importlib.util.spec_from_file_location(f"initbench_extension_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
