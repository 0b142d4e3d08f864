"""Which modules a file imports: those of the package, and, in a user's file, those that lie beside it."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from initbench.base.syntax import digest_of, parse

PACKAGE = __name__.partition(".")[0]
ROOT = Path(__file__).parents[1]
DOORS = (PACKAGE, f"{PACKAGE}.extend")  # modules that only hand names on
BODIES = ("body", "orelse", "finalbody", "handlers", "cases")  # where a statement holds others

Source = tuple[str, str]  # a module's name, and its file


@dataclass(frozen=True)
class Reading:
    """The modules that a file imports, the names that it takes from doors, each with its door, and the digest of its code."""

    modules: tuple[Source, ...]
    from_doors: tuple[tuple[str, str], ...]
    digest: str


@lru_cache(maxsize=4096)
def reading_of(name: str, path: str) -> Reading:
    """What a module imports, lazily or not, and its digest; ModuleNotFoundError, with file and line, for one that the package lacks.

    The syntax tree is not kept: thousands of them would slow down Python's search for garbage.
    """
    modules: list[Source] = []
    names: list[tuple[str, str]] = []
    tree = parse(path)
    for node in _statements(tree.body):
        where = f"{path}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            for alias in node.names:
                modules += _module(alias.name, path, where)
                if alias.name in DOORS:
                    names += [(alias.name, taken) for taken in _attributes(tree, alias.asname or alias.name)]
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, name, path)
            parts = {alias.name: _file_of(f"{base}.{alias.name}", path) for alias in node.names}
            modules += _module(base, path, where)
            modules += [(f"{base}.{part}", file) for part, file in parts.items() if file]
            names += [(base, part) for part, file in parts.items() if base in DOORS and not file]
    return Reading(tuple(dict.fromkeys(modules)), tuple(dict.fromkeys(names)), digest_of(tree))


def _statements(body: Iterable) -> Iterator[ast.AST]:
    """All statements of a body, those inside others too; no expression, of which there are ten times as many, imports anything."""
    for statement in body:
        yield statement
        for part in BODIES:
            yield from _statements(getattr(statement, part, ()))


def file_of(module: str, where: str) -> str:
    """The file of a module of the package; ModuleNotFoundError, naming `where` it was asked for, if there is none."""
    file = _file_of(module, None)
    if file is None:
        raise ModuleNotFoundError(f"{where}: there is no module {module!r} in the package")
    return file


def _absolute(node: ast.ImportFrom, name: str, path: str) -> str:
    """The module that `from … import` names, with the dots in front of it resolved."""
    if not node.level:
        return node.module or ""
    parts = name.split(".")
    package = parts[: len(parts) - node.level + (Path(path).name == "__init__.py")]
    return ".".join([*package, *([node.module] if node.module else [])])


def _module(name: str, importer: str, where: str) -> list[Source]:
    """Name and file of an imported module, none if it is installed; ModuleNotFoundError if the package lacks it."""
    if name.partition(".")[0] == PACKAGE:
        return [(name, file_of(name, where))]
    file = _file_of(name, importer)
    return [(name, file)] if file else []


@lru_cache(maxsize=16384)
def _file_of(name: str, importer: str | None) -> str | None:
    """The file of a module of the package, or of one that lies beside the user's file which imports it."""
    first, *parts = name.split(".")
    if first == PACKAGE:
        folder = ROOT
    elif importer is None or Path(importer).is_relative_to(ROOT):
        return None
    else:
        folder, parts = _top(Path(importer)), [first, *parts]
    path = folder.joinpath(*parts)
    found = (path.with_name(path.name + ".py"), path / "__init__.py")
    return next((str(file) for file in found if file.is_file()), None)


def _top(file: Path) -> Path:
    """The folder from which a user's file is imported: the first above it that is no package."""
    folder = file.parent
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder


def _attributes(tree: ast.AST, alias: str) -> list[str]:
    """The names that are taken from a module bound to `alias`, dotted or not."""
    return [
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node.value) == alias
    ]
