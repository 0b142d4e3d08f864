"""What counts as code: a number may change with it."""

import ast

import pytest

from initbench.base.syntax import digest_of, parse

CODE = '''
"""A module."""
import numpy as np


def scaled(rng, fan_in):
    """A layer."""
    weight = rng.normal(size=fan_in)
    return weight * 2
'''


def digest(code):
    return digest_of(ast.parse(code))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"""A module."""', '"""Another text."""'),
        ('"""A layer."""', "# a comment"),
        ("    return", '    print(f"drawn {len(weight)} of {fan_in}", flush=True)\n    return'),
        ("    return", '    log.info("norm %s", weight.tolist())\n    return'),
        ("import numpy as np", "import logging\nimport numpy as np\nlog = logging.getLogger(__name__)"),
        ("weight * 2", "(weight\n        *\n        2)"),
        ("    weight = ", "\n\n    weight = "),
    ],
)
def test_comments_docstrings_layout_and_log_lines_do_not_count(old, new):
    assert old in CODE
    assert digest(CODE.replace(old, new)) == digest(CODE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("weight * 2", "weight / 2"),
        ("weight * 2", "weight * 2.0"),
        ("size=fan_in", "loc=fan_in"),
        ("    return", "    print(rng.normal())\n    return"),  # draws a number
        ("    return", "    print(weight := 0)\n    return"),
        ("def scaled", "def drawn"),
    ],
)
def test_operators_values_names_and_prints_that_do_something_count(old, new):
    assert digest(CODE.replace(old, new)) != digest(CODE)


def test_what_stands_there_for_type_checkers_alone_does_not_count(tmp_path):
    plain, typed = tmp_path / "plain.py", tmp_path / "typed.py"
    plain.write_text("from typing import Any\nx = 1\n")
    typed.write_text(
        "from typing import TYPE_CHECKING, Any\nif TYPE_CHECKING:\n    from initbench.study.grid import Study\nx = 1\n"
    )
    assert digest_of(parse(str(typed))) == digest_of(parse(str(plain)))


def test_what_a_column_is_said_to_mean_does_not_count_its_name_does():
    column = 'Column("step", int, "updates done")'
    assert digest(column) == digest(column.replace("done", "since the start"))
    assert digest(column) != digest(column.replace("step", "update"))
