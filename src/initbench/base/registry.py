"""Registries: one function in one file becomes a named thing of its kind.

A registry belongs to a package. Every module of that package is imported the first time a name is looked up,
so a new file joins by being there, and no list of names has to be kept. A user's file joins when it is loaded
(`initbench.base.extensions`).
"""

import functools
import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FrameType
from typing import Any

from initbench.base.arguments import check_arguments

NAME = re.compile(r"[a-z][a-z0-9_]*")
EXTENSION = "initbench_extension_"  # how the module of a user's file is called, before the file's own name
REGISTRIES: "list[Registry]" = []
_HOMES: dict[int, tuple[object, str]] = {}  # by identity: entries need not be hashable


class UnknownNameError(ValueError):
    """A name that no registered object has; the message lists those that exist."""


class Registry:
    """Named objects of one kind, found in the modules of `package` and in the extensions that were loaded.

    takes: what an entry's function is called with. check: "module:function", where there is one: `function(name, entry)`
    raises ValueError where an entry cannot work. Both are tried on what an extension adds, and by the tests on what there is.
    dashes: whether names may hold them, which no file name and no label of ours does.
    """

    def __init__(
        self,
        kind: str,
        package: str,
        check: str | None = None,
        takes: Sequence[str] | None = None,
        dashes: bool = False,
    ):
        self.kind = kind
        self.package = package
        self._check = check
        self._takes = takes
        self._name = re.compile(NAME.pattern.replace("_", "_-")) if dashes else NAME
        self._entries: dict[str, Any] = {}
        self._discovered = False
        REGISTRIES.append(self)

    def register(self, name: str, make: Callable[[Any], Any] = lambda function: function) -> Callable:
        """The decorator that registers a function as `name`; `make` turns it into the kind's entry.

        ValueError says what is wrong with a name, or that the decorator was written without its parentheses.
        """
        if callable(name):
            shown = getattr(name, "__name__", "name")
            raise ValueError(f'the decorator of a {self.kind} needs a name in parentheses: ("{shown}", …)')

        def register(function: Callable) -> Callable:
            if not callable(function):
                raise ValueError(f"{self.kind} {name!r}: {function!r} is not a function")
            self.add(name, make(function))
            return function

        return register

    def add(self, name: str, entry: object) -> None:
        """Register `entry`; ValueError if the name is malformed or taken by another object."""
        if not isinstance(name, str) or not self._name.fullmatch(name):
            raise ValueError(f"{self.kind} name {name!r}: use lower-case letters, digits and underscores")
        taken = self._entries.get(name)
        if taken is not None and _written_at(taken) != _written_at(entry):
            raise ValueError(f"two {self.kind}s are named {name!r}: {_written_at(taken)} and {_written_at(entry)}")
        _HOMES[id(entry)] = (entry, self._caller())
        self._entries[name] = entry

    def check(self, name: str) -> None:
        """Try the entry out; ValueError says what is wrong with it."""
        entry = self[name]
        if self._takes is not None:
            check_arguments(f"{self.kind} {name!r}", getattr(entry, "function", entry), *self._takes)
        if self._check:
            module, function = self._check.split(":")
            getattr(importlib.import_module(module), function)(name, entry)

    def registered(self) -> dict[str, Any]:
        """What is registered so far, in the order of registration, without a look for more."""
        return dict(self._entries)

    def forget(self, names: Iterable[str]) -> None:
        """Take entries out again."""
        for name in names:
            self._entries.pop(name, None)

    def __getitem__(self, name: str) -> Any:
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
        package = importlib.import_module(self.package)
        for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
            importlib.import_module(f"{self.package}.{module.name}")
        self._discovered = True

    def _caller(self) -> str:
        """The module that registers: the first on the stack that is neither this one nor the kind's package."""
        frame: FrameType = sys._getframe(1)
        while frame.f_back and frame.f_globals.get("__name__") in (__name__, self.package):
            frame = frame.f_back
        return frame.f_globals.get("__name__", "")


def home_of(entry: object) -> str | None:
    """The name of the module in which an entry was registered; None if it is none."""
    return _HOMES.get(id(entry), (None, None))[1]


def _written_at(entry: object) -> str:
    """Where an entry was written, so that one function registered twice is no clash."""
    function = getattr(entry, "function", entry)
    while isinstance(function, functools.partial):
        function = function.func
    code = getattr(function, "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}" if code else repr(entry)
