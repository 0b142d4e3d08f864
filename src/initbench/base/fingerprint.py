"""What a result is made from, as a digest: the code that makes it, and data files by their content.

`code_of` follows a thing to its module and to all that this imports from the package, lazily or not; in a user's
extension also to the files beside it, and to data that its text names. Comments, docstrings, log lines and the words
in which a column is declared do not count, nor do the modules that only hand things on; a name taken from a door of
the package leads to the module that it comes from.

A kind's package finds its modules when a name is looked up, so that importing it leads to none of them: whoever uses
a registered thing names it, `code_of(function, SCHEMES["he_normal"])`.
"""

import ast
import dataclasses
import functools
import hashlib
import importlib
import inspect
import os
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from initbench.base.imports import DOORS, PACKAGE, Source, file_of, reading_of
from initbench.base.registry import EXTENSION, home_of
from initbench.base.syntax import parse

CARRIERS = {*DOORS, f"{PACKAGE}.base.registry", f"{PACKAGE}.base.columns"}


def code_of(*things: object) -> str:
    """Digest of things and of all that they import: modules, their names or files, functions, classes, registered things.

    Raises ModuleNotFoundError, with file and line, for a module of the package that there is not.
    """
    total = hashlib.sha256()
    for name, path in sorted(sources_of(*things)):
        total.update(f"{name}\0{reading_of(name, path).digest}\0".encode())
        if name.partition(".")[0] != PACKAGE:
            total.update("".join(map(content_of, named_files(path))).encode())
    return total.hexdigest()[:16]


def content_of(*paths: str | Path) -> str:
    """Digest of files by their content, in the order given."""
    total = hashlib.sha256()
    for path in paths:
        state = Path(path).stat()
        total.update(_content(str(path), state.st_mtime_ns, state.st_size))
    return total.hexdigest()[:16]


@lru_cache(maxsize=4096)
def _content(path: str, *state: int) -> bytes:
    """Digest of a file; while its time and size stay, it is read once."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def sources_of(*things: object) -> frozenset[Source]:
    """Name and file of every module that `code_of` takes into account."""
    return frozenset().union(*(_closure(source) for thing in things for source in _defined_in(thing)))


@lru_cache(maxsize=4096)
def named_files(path: str) -> tuple[str, ...]:
    """The files that a user's module names as text, by their path from its folder or from the working folder, sorted."""
    texts = {node.value for node in ast.walk(parse(path)) if isinstance(node, ast.Constant)}
    names = [text for text in texts if isinstance(text, str) and 0 < len(text) < 256 and "\0" not in text]
    places = [os.path.join(folder, name) for name in names for folder in (os.path.dirname(path), "")]
    found = {os.path.realpath(place) for place in places if os.path.isfile(place)}
    return tuple(sorted(found - {os.path.realpath(path)}, key=os.path.basename))


def behind(things: Iterable, paths: Iterable[str]) -> list[str]:
    """Those of some files that things are made from: the extensions which must be loaded for them."""
    files = {path for _, path in sources_of(*things)}
    return [path for path in paths if str(Path(path).resolve()) in files]


def _defined_in(thing: object) -> Iterator[Source]:
    """The modules in which a thing is written: of a registered thing, of all its functions and of where it is registered."""
    if isinstance(thing, str | Path):
        yield (thing, file_of(thing, "code_of")) if isinstance(thing, str) else (thing.stem, str(thing.resolve()))
        return
    names = _modules_of(thing)
    files = {name: getattr(sys.modules.get(name), "__file__", None) for name in [*filter(_is_ours, names)] or names}
    if not any(files.values()):
        raise ModuleNotFoundError(f"{thing!r} is written in no file of the package or of an extension")
    yield from ((_name_of(name, file), file) for name, file in files.items() if file)


def _modules_of(thing: Any) -> set[str]:
    """The names of the modules in which a thing is written and registered."""
    if isinstance(thing, ModuleType):
        return {thing.__name__}
    found = {home_of(thing)}
    if isinstance(thing, functools.partial):
        found |= _modules_of(thing.func)
    elif dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        parts = (getattr(thing, field.name) for field in dataclasses.fields(thing))
        found |= {name for part in parts if callable(part) for name in _modules_of(part)}
    else:
        found.add(getattr(inspect.unwrap(thing), "__module__", None) or type(thing).__module__)
    return {name for name in found if name}


def _is_ours(module: str) -> bool:
    """Whether a module is the package's or a user's: not one that is installed."""
    if module.partition(".")[0] == PACKAGE or module.startswith(EXTENSION):
        return True
    file = getattr(sys.modules.get(module), "__file__", None)
    if file is None or "site-packages" in Path(file).parts:
        return False
    return any(Path(file).is_relative_to(folder) for folder in _extension_folders())


def _extension_folders() -> set[Path]:
    loaded = [module for name, module in list(sys.modules.items()) if name.startswith(EXTENSION)]
    return {Path(file).parent for module in loaded if (file := getattr(module, "__file__", None))}


def _name_of(module: str, file: str) -> str:
    """A name that does not change where a user's folder lies."""
    return Path(file).stem if module.startswith(EXTENSION) else module


@lru_cache(maxsize=4096)
def _closure(source: Source) -> frozenset[Source]:
    """A module and all that it imports from the package, or, if it is a user's, from beside it."""
    found, todo = set(), [source]
    while todo:
        name, path = todo.pop()
        if name in CARRIERS or (name, path) in found:
            continue
        found.add((name, path))
        reading = reading_of(name, path)
        todo += reading.modules
        todo += [source for door, name in reading.from_doors for source in _from_door(door, name)]
    return frozenset(found)


def _from_door(door: str, name: str) -> list[Source]:
    """The module that a name of a door comes from."""
    thing = getattr(importlib.import_module(door), name, None)
    return [] if thing is None else [source for source in _defined_in(thing) if source[0] not in CARRIERS]
