"""The part of a source file that can change a number: its syntax tree without docstrings, log lines and columns' meanings."""

import ast
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

DEFINITIONS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
IGNORED = {"kind", "type_comment", "type_ignores"}
BODIES = {"body", "orelse", "finalbody"}
LOGGERS = {"log", "logger", "logging"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
# What a log line may call and still be one: another call might draw a number or change an array.
READS = {
    "abs", "bool", "dict", "enumerate", "float", "format", "int", "items", "join", "keys", "len", "list", "map", "max",
    "min", "range", "repr", "round", "set", "sorted", "str", "sum", "tolist", "tuple", "type", "values", "zip",
}  # fmt: skip


def parse(path: str) -> ast.Module:
    """The syntax tree of a file without what stands there for type checkers alone."""
    tree = ast.parse(Path(path).read_bytes(), path)
    tree.body = [statement for found in tree.body for statement in _without_types(found)]
    return tree


def _without_types(statement: ast.stmt) -> list[ast.stmt]:
    if isinstance(statement, ast.If) and ast.unparse(statement.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
        return statement.orelse
    if isinstance(statement, ast.ImportFrom) and statement.module == "typing":
        statement.names = [alias for alias in statement.names if alias.name != "TYPE_CHECKING"]
        return [statement] if statement.names else []
    return [statement]


def digest_of(tree: ast.Module) -> str:
    """Digest of a module without comments, docstrings and log lines, the same for every version of Python."""
    text: list[str] = []
    _write(tree, text.append)
    return hashlib.sha256("".join(text).encode()).hexdigest()


def _write(node: Any, write: Callable[[str], None]) -> None:
    """Write a part of a syntax tree as text."""
    if isinstance(node, ast.AST):
        write(f"({type(node).__name__}")
        node = _named(node)
        for name in node._fields:
            value = getattr(node, name, None)
            if value is None or value == [] or name in IGNORED:
                continue
            write(f" {name}=")
            _write(_counting(node, value) if name in BODIES and isinstance(value, list) else value, write)
        write(")")
    elif isinstance(node, list):
        for item in node:
            _write(item, write)
            write(",")
    else:
        write(f"{type(node).__name__}:{node!r}")


def _named(node: ast.AST) -> ast.AST:
    """The declaration of a column without what it says in words: Column(name, type)."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Column":
        return ast.Call(node.func, node.args[:2], [k for k in node.keywords if k.arg not in ("meaning", "unit")])
    return node


def _counting(owner: ast.AST, body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements of a body that can change a number."""
    is_documented = isinstance(owner, DEFINITIONS) and bool(body) and _is_text(body[0])
    return [statement for statement in body[is_documented:] if not logs(statement)]


def _is_text(statement: ast.stmt) -> bool:
    value = getattr(statement, "value", None)
    return isinstance(statement, ast.Expr) and isinstance(value, ast.Constant) and isinstance(value.value, str)


def logs(statement: ast.stmt) -> bool:
    """Whether a statement only logs: print, a call of logging or of a logger, or what makes the logger."""
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names] == ["logging"]
    call = getattr(statement, "value", None)
    if not isinstance(statement, ast.Expr | ast.Assign) or not isinstance(call, ast.Call):
        return False
    if isinstance(statement, ast.Assign):
        return ast.unparse(call.func) == "logging.getLogger"
    return _is_log_call(call.func) and all(map(_only_reads, (*call.args, *call.keywords)))


def _is_log_call(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id == "print"
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id in LOGGERS
        and function.attr in LEVELS
    )


def _only_reads(argument: ast.AST) -> bool:
    """Whether an argument of a log call has no effect but its value."""
    for node in ast.walk(argument):
        if isinstance(node, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom):
            return False
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", None)) not in READS:
            return False
    return True
