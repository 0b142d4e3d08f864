"""initbench new: every kind of start passes its check as it stands, and works in a study."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

import initbench
from initbench.advice.starting import KINDS, PACKAGES, STUDY, start
from initbench.base.extensions import unload_extensions
from initbench.cli import app
from initbench.study.grid import load_study

TINY = {"datasets": ["wine"], "depths": [2], "widths": [8], "activations": ["relu"], "schemes": ["he_normal", "zeros"]}
TINY |= {"reference": "he_normal", "seeds": 2, "learning_rates": [0.1], "training": {"steps": 3}}


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    unload_extensions()


@pytest.mark.parametrize("kind", KINDS)
def test_what_new_writes_passes_its_check_and_the_linter(kind):
    done = run("new", kind, f"own_{kind}")
    assert done.exit_code == 0, done.output
    file = done.output.splitlines()[0].removeprefix("wrote ")
    assert run("check", file).exit_code == 0
    if kind != STUDY:
        linter = Path(sys.executable).with_name("ruff")
        ruff = subprocess.run([linter, "check", "--isolated", "--select", "E,F,UP,B", "--line-length", "140", file],
                              capture_output=True, text=True, check=False)  # fmt: skip
        assert ruff.returncode == 0, ruff.stdout


def test_things_of_every_kind_work_in_one_study(folder):
    """Trained through the library; claim and figure are made from the tables of what was trained."""
    from initbench.claims import CLAIMS
    from initbench.figures import FIGURES

    for kind in PACKAGES:
        assert run("new", kind, f"own_{kind}").exit_code == 0
    axes = {"schemes": ["own_scheme", "own_scheme(2)"], "activations": ["own_activation"], "datasets": ["own_dataset"]}
    axes |= {"architectures": ["own_architecture"], "optimizers": ["own_optimizer"], "reference": "own_scheme"}
    study = load_study(TINY | axes | {"extensions": [f"own_{kind}.py" for kind in PACKAGES]})
    made = [initbench.train(cell, range(2), study.training) for cell in study.cells]
    assert made[0]["layers"]["own_probe"].null_count < len(made[0]["layers"])
    tables = _tables(folder, made)
    assert len(CLAIMS["own_claim"].function(tables)) == 2
    drawn = FIGURES["own_figure"].function(tables, _words())
    assert drawn.title.startswith("The best start has a mean test accuracy of ")


def _tables(folder, made):
    import pyarrow as pa

    from initbench.base.parquet import write_parquet
    from initbench.tables.views import Tables

    path = folder / "runs.parquet"
    write_parquet(pa.concat_tables([tables["runs"] for tables in made]), str(path))
    return Tables({"runs": str(path)})


def _words():
    from initbench.base.catalogue import Words

    return Words("en", "figures.own_figure")


def test_editors_complete_a_new_study_in_a_checkout(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "yaml-language-server" not in start("study", "mine").text
    schema = tmp_path / "workflow/schemas/config.schema.json"
    schema.parent.mkdir(parents=True)
    schema.write_text("{}")
    begun = start("study", "mine", Path("studies"))
    assert begun.text.startswith("# yaml-language-server: $schema=../workflow/schemas/config.schema.json\n# A study")


def test_a_new_study_is_a_mapping_with_a_folder_of_its_own():
    written = yaml.safe_load(start(STUDY, "first").text)
    assert written["results_dir"] == "results/first"


def test_nothing_is_overwritten(folder):
    (folder / "mine.py").write_text("kept")
    done = run("new", "scheme", "mine")
    assert done.exit_code == 2
    assert "mine.py is there already" in done.stderr
    assert (folder / "mine.py").read_text() == "kept"


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("schem", "mine", "unknown kind 'schem' (did you mean 'scheme'?)"),
        ("scheme", "Mine", "'Mine' cannot be a name"),
        ("scheme", "../mine", "cannot be a name"),
        ("scheme", "a/b", "cannot be a name"),
        ("scheme", "", "cannot be a name"),
        ("scheme", "lambda", "cannot be a name"),
        ("scheme", "he_normal", "there is a scheme named 'he_normal' already"),
        ("dataset", "digits", "there is a dataset named 'digits' already"),
        ("figure", "numpy", "stand in the way of the module 'numpy'"),
        ("claim", "json", "stand in the way of the module 'json'"),
        ("study", "_mine", "cannot be a name"),
    ],
)
def test_names_are_checked_before_anything_is_written(kind, name, words, folder):
    done = run("new", kind, name)
    assert done.exit_code == 2
    assert words in done.stderr
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(folder):
    done = run("new", "scheme", "mine", "--folder", "nowhere")
    assert done.exit_code == 2
    assert "nowhere" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_json_says_what_was_written():
    said = json.loads(run("new", "scheme", "mine", "--json").output)
    assert said["file"] == "mine.py"
    assert said["following"][0] == "initbench check mine.py tries it out"
