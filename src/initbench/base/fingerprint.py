"""The source files that a result depends on, and their digest: what makes it out of date."""

import ast
import hashlib
import importlib.util
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=4096)
def digest(files: frozenset[str]) -> str:
    """SHA-256 over the contents of files, in the order of their names."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(Path(path).name.encode() + b"\0" + hashlib.sha256(Path(path).read_bytes()).digest())
    return total.hexdigest()[:16]


@lru_cache(maxsize=256)
def import_closure(module: str) -> frozenset[str]:
    """The files of a module of this package and of all that it imports from the package, lazily or not."""
    files, todo, seen = set(), [module], set()
    while todo:
        name = todo.pop()
        if name in seen or not name.startswith("initbench"):
            continue
        seen.add(name)
        path = _file_of(name)
        if path is None:
            continue
        files.add(path)
        for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                todo += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                todo += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return frozenset(files)


@lru_cache(maxsize=1024)
def _file_of(module: str) -> str | None:
    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        return None
    return spec.origin if spec and spec.origin and spec.origin.endswith(".py") else None
