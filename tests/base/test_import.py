"""Importing the package, all of it, changes nothing for whoever imports it; a job that trains imports little."""

import subprocess
import sys

import pytest

WHOLE = """
import importlib, locale, logging, os, pkgutil, sys
import matplotlib, numpy, pandas, threadpoolctl  # which sets a variable of its own

def state():
    return {
        "environment": dict(os.environ), "path": list(sys.path),
        "errors": numpy.geterr(), "print": numpy.get_printoptions(), "locale": locale.setlocale(locale.LC_ALL),
        "logging": (logging.root.level, list(logging.root.handlers)),
        "numpy": repr(numpy.random.get_state()), "figures": dict(matplotlib.rcParams),
        "pandas": pandas.options.display.max_rows,
    }

before = state()
import initbench
for module in pkgutil.walk_packages(initbench.__path__, "initbench."):
    importlib.import_module(module.name)
after = state()
print([name for name in before if before[name] != after[name]])
"""
LIGHT = """
import sys
import initbench.engine.training, initbench.tables.jobs, initbench.extend
from initbench.extend import activation, architecture, dataset, optimizer, probe, scheme
heavy = ("pandas", "matplotlib", "sklearn", "snakemake", "pydantic", "jinja2", "typer")
print([name for name in heavy if name in sys.modules])
"""


@pytest.mark.parametrize("program", [WHOLE, LIGHT], ids=["global state", "light training"])
def test_what_an_import_changes_and_brings(program):
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
