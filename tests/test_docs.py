"""The pages agree with the code."""

import dataclasses
import importlib
import inspect
import re
from pathlib import Path

import pytest

import initbench
import initbench.extend
from initbench.activations import ACTIVATIONS
from initbench.architectures import ARCHITECTURES
from initbench.base.registry import home_of
from initbench.datasets import DATASETS
from initbench.optimizers import OPTIMIZERS
from initbench.report.tables_page import tables_page
from initbench.schemes import SCHEMES
from initbench.study.cells import Cell, Training
from initbench.study.grid import load_study
from initbench.tables.schema import arrow_schema, measured_tables

SUFFIXES = {".py", ".smk", ".toml", ".yaml", ".json", ".md", ".j2", ".js"}


def test_every_column_stands_in_the_page():
    assert Path("docs/reference/tables.md").read_text(encoding="utf-8") == tables_page()


def test_pages_that_are_named_anywhere_exist():
    """In code, messages and settings; the change log speaks of former states too."""
    folders = ("src", "scripts", "workflow", "profiles", "validation", "benchmarks", "tests")
    files = [path for folder in folders for path in Path(folder).rglob("*") if path.suffix in SUFFIXES]
    files = [path for path in files if "node_modules" not in path.parts]
    named = {
        (str(path), page)
        for path in [*files, *map(Path, ("Makefile", "pyproject.toml", "config.yaml", "CONTRIBUTING.md"))]
        for page in re.findall(r"\bdocs/[\w/]+\.md", path.read_text(encoding="utf-8"))
    }
    assert named
    assert {(path, page) for path, page in named if not Path(page).exists()} == set()


def test_the_limits_name_every_architecture_and_optimiser_that_there_is():
    """What there is changes what it does not do."""
    page = Path("docs/limits.md").read_text(encoding="utf-8")
    shipped = [
        name for kind in (ARCHITECTURES, OPTIMIZERS) for name in kind if home_of(kind[name]).startswith("initbench.")
    ]
    assert [name for name in shipped if f"`{name}`" not in page] == []


def test_the_tutorial_and_the_readme_count_the_runs_of_the_studies_that_they_speak_of():
    quick, default = load_study("workflow/studies/quick.yaml"), load_study("config.yaml")
    untrained = sum(shard.runs for shard in quick.shards if not shard.training.steps)
    told = f"trains {quick.runs - untrained} networks on 1,797\npictures of handwritten digits and looks at {untrained} more untrained"
    assert told in Path("docs/tutorial/first_step.md").read_text(encoding="utf-8")
    for page in ("README.md", "docs/tutorial/first_step.md"):
        assert f"{default.runs:,} runs" in Path(page).read_text(encoding="utf-8")


def test_the_readme_names_every_scheme_activation_and_data_set():
    words = set(re.findall(r"[a-z_0-9]+", Path("README.md").read_text(encoding="utf-8")))
    own = {n for n in SCHEMES if "test" not in n} | set(ACTIVATIONS) | set(DATASETS) | {"sgd", "adam", "adamw"}
    assert own - words == set()


def signature(name: str) -> str:
    """A scheme as its page writes it: its name with its parameters and their defaults."""
    parts = [
        key if p.default is p.empty else f"{key}={p.default:g}" if p.default is not None else f"{key}=…"
        for key, p in SCHEMES[name].parameters.items()
    ]
    return f"{name}({', '.join(parts)})" if parts else name


def test_the_page_of_schemes_has_a_row_for_each_with_its_parameters():
    rows = re.findall(
        r"^\| `([a-z].*?)` \|(.*)\|$", Path("docs/reference/schemes.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    shipped = {name for name in SCHEMES if SCHEMES[name].function.__module__.startswith("initbench.schemes.")}
    assert sorted(row[0] for row in rows) == sorted(map(signature, shipped))
    for name, cells in rows:
        columns = [cell.strip() for cell in cells.split("|")]
        assert len(columns) == 4, name
        assert all(columns), name
        source = columns[1].split(";")[0].split(",")[0]
        if re.search(r"\d{4}", columns[1].split(";")[0]):  # a paper: cited in the scheme's own docstring too
            assert source in " ".join(SCHEMES[name.partition("(")[0]].function.__doc__.split()), name


def test_training_from_python_gives_the_tables():
    cell = Cell("digits", 16, 2, "tanh", "none", "he_normal")
    tables = initbench.train(cell, [1, 0], Training(steps=3, learning_rates=(0.1,)))
    for name, table in tables.items():
        assert table.schema.equals(arrow_schema(measured_tables()[name].columns))
        assert table.schema.metadata[b"initbench:table"].decode() == name
    assert tables["runs"]["seed"].to_pylist() == [0, 1]


def test_every_promise_names_a_test_that_there_is():
    text = Path("docs/reference/promises.md").read_text(encoding="utf-8")
    rows = [row for row in re.findall(r"^\|(.*)\|$", text, re.M) if "---" not in row and "shown by" not in row]
    assert len(rows) > 20
    for row in rows:
        named = re.search(r"`([\w/]+\.py)::(\w+)` $", row)
        assert named, row
        assert f"def {named[2]}(" in Path("tests", named[1]).read_text(encoding="utf-8"), row


PUBLIC = [
    (module.__name__, name)
    for module, names in (
        (initbench, [name for name in initbench.__all__ if name != "theory"]),
        (initbench.extend, initbench.extend.__all__),
        (initbench.theory, initbench.theory.__all__),
    )
    for name in names
]


@pytest.mark.parametrize(("module", "name"), PUBLIC, ids=lambda value: value.rpartition(".")[2])
def test_public_docstrings_say_what_is_given_returned_and_raised(module, name):
    thing = getattr(importlib.import_module(module), name)
    text = inspect.getdoc(thing)
    assert re.match(r"[A-Z].*[.:]", text.splitlines()[0]), "begins with what it is or does"
    parts = dict(re.findall(r"^(\w+):\n((?: +.*\n?|\n(?= ))+)", text, re.M))
    taken = set(inspect.signature(thing).parameters)
    if dataclasses.is_dataclass(thing):
        assert set(re.findall(r"^ {4}(\w+):", parts.get("Args", "") + parts.get("Attributes", ""), re.M)) <= taken
        assert "Args" in parts or "Attributes" in parts
        return
    assert {"Args", "Returns", "Raises"} <= set(parts)
    assert set(re.findall(r"^ {4}(\w+):", parts["Args"], re.M)) == taken


def test_the_reference_has_every_public_name():
    page = Path("docs/reference/python.md").read_text(encoding="utf-8")
    for module, name in PUBLIC:
        assert f":: {name}\n" in page or f"{module}.{name}\n" in page or f"automodule:: {module}\n" in page, name
