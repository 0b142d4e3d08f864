"""The doors around a run: what a study is before it, how it stands, and what Snakemake is told."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from initbench.cli import app
from initbench.cli.running import study_first
from initbench.study.last_run import note
from initbench.study.progress import Step

TRACE = "Traceback (most recent call last):\nValueError: no\n"
STUDY = "title: Small\nresults_dir: r\ndepths: [2]\nwidths: [8]\nactivations: [tanh]\nschemes: [zeros, he_normal]\nseeds: 3\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("study.yaml").write_text(STUDY)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_describe_says_what_a_study_is_and_writes_nothing(folder):
    done = run("describe", "study.yaml", "--cores", 2)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("Small\n")
    assert "on 2 cores" in done.output
    assert "no difference of any size can be shown" in done.output
    assert [path.name for path in folder.iterdir()] == ["study.yaml"]


def test_describe_in_json_has_the_same_numbers(folder):
    values = json.loads(run("describe", "study.yaml", "--json").output)
    assert values["runs"] == 2 * 3 + 2 * 3 * 3
    assert values["reference"] == "zeros"
    assert values["estimate"]["disk"] > 0


def test_describe_of_a_faulty_study_is_wrong_use(folder):
    Path("study.yaml").write_text("seedz: 3\n")
    done = run("describe", "study.yaml")
    assert done.exit_code == 2
    assert "unknown key 'seedz'" in done.output


def test_status_before_any_run_says_how_to_begin_one(folder):
    done = run("status", "study.yaml")
    assert done.exit_code == 2
    assert "r: no run of this study has begun" in done.output


@pytest.mark.parametrize("place", ["study.yaml", "r"])
@pytest.mark.parametrize(
    ("log", "code", "word"),
    [("", 0, "interrupted"), ("Traceback (most recent call last):\nValueError: no\n", 1, "failed")],
)
def test_status_names_what_became_of_jobs_and_fails_if_one_failed(folder, place, log, code, word):
    Path("r/logs").mkdir(parents=True)
    note(Path("r"), "Small", [Step(("train", "a"), "training 3 runs", 1.0, "r/logs/a.log", "r/records/a.json")], 2)
    Path("r/logs/a.log").write_text(log)
    done = run("status", place)
    assert done.exit_code == code
    assert f"  {word}: training 3 runs" in done.output
    assert "(log: r/logs/a.log)" in done.output
    values = json.loads(run("status", place, "--json").output)
    assert values[word] == 1


def test_snakemakes_flags_may_stand_without_a_study_but_not_before_one(folder):
    assert study_first(Path("study.yaml"), ["--cores", "2"]) == (Path("study.yaml"), ["--cores", "2"])
    assert study_first(Path("--cores"), ["2"]) == (Path("config.yaml"), ["--cores", "2"])
    with pytest.raises(typer.Exit):
        study_first(Path("--cores"), ["2", "study.yaml"])
