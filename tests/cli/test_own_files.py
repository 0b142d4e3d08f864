"""initbench check: a file of one's own, whichever kind it is, looked through before any job."""

import json
import re

import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from initbench.base.extensions import unload_extensions
from initbench.cli import app

SCHEME = """
import numpy as np
from initbench.schemes import scheme

@scheme("{name}")
def start(rng, fan_in, fan_out):
    return rng.standard_normal(({shape}))
"""


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture(autouse=True)
def _no_extensions_left():
    yield
    unload_extensions()


def test_check_names_what_an_extension_adds(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(SCHEME.format(name="checked_by_command", shape="fan_in, fan_out"))
    done = run("check", path)
    assert done.exit_code == 0, done.output
    assert done.output == "scheme checked_by_command: loads and passes its checks\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1", "registers nothing"),
        ("def f(:", "mine.py:1: invalid syntax"),
        ("import no_such_module", "mine.py:1: ModuleNotFoundError"),
        (SCHEME.format(name="Mine", shape="fan_in, fan_out"), "use lower-case letters"),
    ],
)
def test_check_says_in_one_line_what_is_wrong_with_an_extension(text, words, tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(text)
    done = run("check", path)
    assert done.exit_code == 1
    assert words in done.output
    assert len(done.output.splitlines()) == 1


def test_check_tells_the_faults_of_all_that_a_file_registers(tmp_path):
    path = tmp_path / "two.py"
    faulty = (
        SCHEME.format(name="first_faulty", shape="fan_in, fan_in"),
        SCHEME.format(name="second_faulty", shape="3, 3"),
    )
    path.write_text("".join(faulty))
    done = run("check", path)
    assert done.exit_code == 1
    first, second = done.stderr.splitlines()
    assert "first_faulty: W has shape" in first
    assert "second_faulty: W has shape" in second


def test_check_tells_all_faults_of_a_study(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "keys.yaml").write_text("seeds: 0\nshemes: [zeros]\ntraining: {steps: -1}\n")
    done = run("check", "keys.yaml")
    assert done.exit_code == 1
    assert [line.split(": ")[1] for line in done.stderr.splitlines()] == ["seeds", "training.steps", "configuration"]
    (tmp_path / "names.yaml").write_text("activations: [relux]\nschemes: [he, constant]\ndatasets: [digit]\n")
    done = run("check", "names.yaml", "--json")
    assert len(json.loads(done.stdout)["faults"]) == len(done.stderr.splitlines()) == 4


def test_check_says_what_a_study_comes_to(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.json").write_text('{"seeds": 2, "depths": [1], "activations": ["relu"], "schemes": ["zeros"]}')
    done = run("check", "small.json", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["kind"] == "study"
    assert json.loads(done.output)["cells"] == 1


@pytest.fixture
def table(tmp_path):
    rng = np.random.default_rng(0)
    rows = [f"{x:.4f},{y:.4f},{'yes' if x > y else 'no'}" for x, y in rng.normal(size=(60, 2))]
    path = tmp_path / "Some-data.csv"
    path.write_text("\n".join(["x,y,outcome", *rows]) + "\n")
    return path


def test_check_reads_data_and_says_what_becomes_of_it_and_how_a_study_names_it(table):
    done = run("check", table, "--label", "outcome", "--drop", "x")
    assert done.exit_code == 0, done.output
    assert "60 rows, 1 inputs, 2 classes" in done.output
    assert "x: left out, as the study says" in done.output
    described = re.search(r"datasets: (\[.*\])$", done.output, re.M)[1]
    assert yaml.safe_load(described) == [{"name": "some_data", "path": str(table), "label": "outcome", "drop": ["x"]}]


def test_check_of_data_asks_for_the_column_of_labels_and_tells_the_columns(table):
    done = run("check", table, "--json")
    assert done.exit_code == 1
    assert "say by --label which column holds the labels: the table holds 'x', 'y', 'outcome'" in done.stderr
    assert [column["name"] for column in json.loads(done.stdout)["columns"]] == ["x", "y", "outcome"]


def test_check_tells_all_faults_of_data(table):
    table.write_text(table.read_text().replace("x,y,outcome", "x,x,outcome"))
    done = run("check", table, "--label", "outcom", "--drop", "z")
    assert done.exit_code == 1
    assert "did you mean 'outcome'" in done.stderr
    assert "there is no column 'z'" in done.stderr
    assert "2 columns are called 'x'" in done.stderr


@pytest.mark.parametrize("name", ["there_is_none.py", "notes.md"])
def test_what_cannot_be_checked_is_wrong_use(name, tmp_path):
    (tmp_path / "notes.md").touch()
    done = run("check", tmp_path / name)
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
