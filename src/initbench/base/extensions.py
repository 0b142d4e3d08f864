"""Extensions: a user's Python files, which register things of every kind by the same decorators as the package's own."""

import ast
import importlib.util
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from initbench.base.arguments import one_line
from initbench.base.registry import EXTENSION, REGISTRIES, Registry, home_of
from initbench.base.suggest import did_you_mean
from initbench.base.time_limit import TooLongError, time_limit

PACKAGE = __name__.partition(".")[0]


class ExtensionError(ValueError):
    """An extension that cannot be loaded or used; the message, a line a fault, names file and line where they are known."""


def load_extensions(paths: Iterable[str | Path], check: bool = False) -> None:
    """Run users' Python files. With `check`, try out everything that they register."""
    loaded: dict[Path, str | Path] = {}
    for path in paths:
        if Path(path).resolve() in loaded:
            raise ExtensionError(f"extensions: {str(path)!r} stands in the list twice")
        loaded[Path(path).resolve()] = path
        load_extension(path, check)


def load_extension(path: str | Path, check: bool = False) -> ModuleType:
    """Run a user's Python file, which registers things of any kind; modules that lie beside it can be imported.

    With `check`, everything that it registers is tried out. Raises ExtensionError; nothing of the file stays registered then.
    """
    given, path = str(path), Path(path).resolve()
    if not path.is_file():
        near = did_you_mean(path.name, (file.name for file in path.parent.glob("*.py")))
        raise ExtensionError(f"extensions: there is no file {given!r} in {Path.cwd()}{near}")
    if path.suffix != ".py":
        raise ExtensionError(f"extensions: {path.name} is not a Python file (.py)")
    name = _module_name(path)
    for registry in REGISTRIES:  # of an earlier state of the file
        registry.forget([key for key, entry in registry.registered().items() if home_of(entry) == name])
    before = {id(entry) for registry in REGISTRIES for entry in registry.registered().values()}
    try:
        with time_limit(f"loading {path.name}"):
            module = _run(path, name)
        if check:
            _try(path, [(registry, key) for registry, keys in _added(before) for key in keys])
            _check_registers(path, name)
    except BaseException as error:
        for registry, keys in _added(before):
            registry.forget(keys)
        if isinstance(error, KeyboardInterrupt):
            raise
        raise ExtensionError(_in_one_line(path, error)) from error
    return module


def _check_registers(path: Path, module: str) -> None:
    """ExtensionError for a file that adds nothing, with the function that perhaps was meant to."""
    if any(home_of(entry) == module for registry in REGISTRIES for entry in registry.registered().values()):
        return
    functions = [
        name for name, value in vars(sys.modules[module]).items() if getattr(value, "__module__", None) == module
    ]
    meant = f': write a decorator above a function, such as @scheme("{functions[0]}")' if functions else ""
    raise ExtensionError(f"extension {path.name} registers nothing{meant}")


def _try(path: Path, added: Iterable[tuple[Registry, str]]) -> None:
    """Try out what a file has registered; ExtensionError with the faults of all of it, a line each."""
    faults: list[str] = []
    for registry, key in added:
        try:
            with time_limit(f"the check of {registry.kind} {key!r}"):
                registry.check(key)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            faults.append(_in_one_line(path, error))
    if faults:
        raise ExtensionError("\n".join(dict.fromkeys(faults)))


def unload_extensions() -> None:
    """Forget everything that users' files have registered, and their modules."""
    for registry, names in _added(set()):
        registry.forget(names)
    modules = [name for name in sys.modules if name.startswith(EXTENSION)]
    folders = {Path(str(sys.modules[name].__file__)).parent for name in modules}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name in modules or (file and Path(file).parent in folders):
            del sys.modules[name]
    sys.path[:] = [entry for entry in sys.path if Path(entry) not in folders]


def _added(before: set[int]) -> Iterator[tuple[Registry, list[str]]]:
    """What users' files have registered since, by registry."""
    for registry in REGISTRIES:
        entries = registry.registered().items()
        new = [(key, home_of(entry) or "") for key, entry in entries if id(entry) not in before]
        yield registry, [key for key, home in new if home.partition(".")[0] != PACKAGE]


def _module_name(path: Path) -> str:
    """The name under which the file is loaded; files of one name in two folders are two modules."""
    name, number = EXTENSION + path.stem, 1
    while name in sys.modules and sys.modules[name].__file__ != str(path):
        number += 1
        name = f"{EXTENSION}{path.stem}_{number}"
    return name


def _run(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None, path
    assert spec.loader is not None, path
    module = importlib.util.module_from_spec(spec)
    _check_neighbours(path)
    sys.modules[name] = module  # dataclasses look their module up there
    try:
        with _importable(path.parent), _no_bytecode():
            spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """Let modules of a folder be imported: now before all others, later, for lazy imports, after them."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        if str(folder) not in sys.path:
            sys.path.append(str(folder))


@contextmanager
def _no_bytecode() -> Iterator[None]:
    """Write no __pycache__ beside a user's files, of which two edits in one second could not be told apart."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _check_neighbours(path: Path) -> None:
    """A module beside the file must not have the name of one that is loaded already from elsewhere."""
    for node in ast.walk(ast.parse(importlib.util.decode_source(path.read_bytes()), str(path))):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            modules = [node.module or ""]
        for name in {module.partition(".")[0] for module in modules}:
            files = (path.with_name(f"{name}.py"), path.parent / name / "__init__.py")
            beside = [str(file) for file in files if file.is_file()]
            loaded = getattr(sys.modules.get(name), "__file__", None)
            if name in sys.modules and beside and loaded not in beside:
                raise ImportError(f"{name!r} beside the file has the name of another module, {loaded}: rename it")


def _in_one_line(path: Path, error: BaseException) -> str:
    """File, line and cause of an error in a user's file."""
    if isinstance(error, ExtensionError):
        return str(error)
    where = path.name
    if isinstance(error, SyntaxError):
        where, text = f"{Path(error.filename or path).name}:{error.lineno}", error.msg
    else:
        chain = [error, error.__cause__, getattr(error.__cause__, "__cause__", None)]
        frames = [frame for link in chain if link for frame in traceback.extract_tb(link.__traceback__)]
        lines = [(Path(f.filename).name, f.lineno) for f in frames if Path(f.filename).parent == path.parent]
        if lines:
            where = f"{lines[-1][0]}:{lines[-1][1]}"
        text = str(error) if isinstance(error, TooLongError) else one_line(error)
        text = "it calls sys.exit" if isinstance(error, SystemExit) else text
    return f"extension {where}: {' '.join(text.split())}"
