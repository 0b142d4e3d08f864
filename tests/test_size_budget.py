"""Modules and functions stay small, docstrings left out: what outgrows the budget says why in a comment `# size: …` where it does."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULE_LINES, FUNCTION_LINES = 200, 30
MODULES = sorted(
    path for folder in ("src", "scripts", "validation", "benchmarks") for path in (ROOT / folder).rglob("*.py")
)


DOCUMENTED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module


def functions(source):
    """Yield (name, first line, last line) of every function, its decorators left out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, node.end_lineno


def docstring_lines(source):
    """The numbers of the lines that docstrings have beyond their first."""
    bodies = [
        node.body for node in ast.walk(ast.parse(source)) if isinstance(node, DOCUMENTED) and ast.get_docstring(node)
    ]
    return {number for body in bodies for number in range(body[0].lineno + 1, body[0].end_lineno + 1)}


def over_budget(source):
    """List what is too long and gives no reason: the module, and functions by name with their lines."""
    lines, spans, said = source.splitlines(), list(functions(source)), docstring_lines(source)
    reasons = [number for number, line in enumerate(lines, 1) if line.lstrip().startswith("# size: ")]
    sizes = [(name, first, last, len({*range(first, last + 1)} - said)) for name, first, last in spans]
    found = [
        f"{name}: {size} lines"
        for name, first, last, size in sizes
        if size > FUNCTION_LINES and not any(first <= number <= last for number in reasons)
    ]
    outside = [number for number in reasons if not any(first <= number <= last for _, first, last in spans)]
    if len(lines) - len(said) > MODULE_LINES and not outside:
        found.append(f"the module: {len(lines) - len(said)} lines")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_keep_to_the_budget(path):
    assert over_budget(path.read_text(encoding="utf-8")) == []


def test_a_reason_lifts_the_budget_only_where_it_stands():
    body = "\n".join(f"    x = {i}" for i in range(FUNCTION_LINES))
    assert over_budget(f"def f():\n{body}\n") == [f"f: {FUNCTION_LINES + 1} lines"]
    assert over_budget(f"def f():\n    # size: one table of numbers\n{body}\n") == []
    assert over_budget("x = 1\n" * (MODULE_LINES + 1)) == [f"the module: {MODULE_LINES + 1} lines"]
    assert over_budget("# size: one table of numbers\n" + "x = 1\n" * MODULE_LINES) == []


def test_what_docstrings_say_is_not_counted():
    said = "\n".join(f"    word {i}" for i in range(MODULE_LINES))
    assert over_budget(f'def f():\n    """Words.\n\n{said}\n    """\n    return 0\n') == []
