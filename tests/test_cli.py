"""The command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from initbench.base.extensions import unload_extensions
from initbench.cli import app, generated
from initbench.cli.running import snakemake_arguments


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_the_generated_files_of_the_repository_are_up_to_date():
    done = run("generate", "--check")
    assert done.exit_code == 0, done.output


def test_generate_writes_what_is_missing_and_check_says_what_differs(tmp_path):
    for name in generated():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    assert run("generate", tmp_path, "--check").exit_code == 1
    assert run("generate", tmp_path).exit_code == 0
    assert run("generate", tmp_path, "--check").exit_code == 0
    (tmp_path / "config.yaml").write_text("seeds: 3\n")
    done = run("generate", tmp_path, "--check")
    assert done.exit_code == 1
    assert "-seeds: 3" in done.output


def test_generate_writes_nothing_outside_a_checkout(tmp_path):
    done = run("generate", tmp_path / "nowhere")
    assert done.exit_code == 1
    assert "give a checkout" in done.output


def test_columns_says_what_a_table_holds():
    assert {"runs", "layers", "comparisons", "claims"} <= {
        line.split()[0] for line in run("columns").output.splitlines()
    }
    done = run("columns", "runs")
    assert done.output.startswith("A row of runs is ")
    assert {"scheme", "learning_rate", "test_accuracy"} <= {line.partition(" ")[0] for line in done.output.splitlines()}


def test_columns_knows_which_tables_there_are():
    done = run("columns", "comparison")
    assert done.exit_code == 1
    assert "did you mean 'comparisons'?" in done.output


SCHEME = """
import numpy as np
from initbench.schemes import scheme

@scheme("{name}")
def start(rng, fan_in, fan_out):
    return rng.standard_normal(({shape}))
"""


def test_check_names_what_an_extension_adds(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(SCHEME.format(name="checked_by_command", shape="fan_in, fan_out"))
    done = run("check", path)
    assert done.exit_code == 0, done.output
    assert done.output == "scheme checked_by_command: loads and passes its checks\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "there is no file"),
        ("x = 1", "registers nothing"),
        ("def f(:", "mine.py:1: invalid syntax"),
        ("import no_such_module", "mine.py:1: ModuleNotFoundError"),
        (SCHEME.format(name="Mine", shape="fan_in, fan_out"), "use lower-case letters"),
    ],
)
def test_check_says_in_one_line_what_is_wrong_with_an_extension(text, words, tmp_path):
    path = tmp_path / "mine.py"
    if text is not None:
        path.write_text(text)
    done = run("check", path)
    assert done.exit_code == 1
    assert words in done.output
    assert len(done.output.splitlines()) == 1


@pytest.fixture(autouse=True)
def _no_extensions_left():
    yield
    unload_extensions()


def test_power_says_how_many_seeds():
    """P(A > B) = 0.75, Holm's first step over ten: 34 seeds by the sign-flip test, 54 by the sign test."""
    said = run("power", 0.75, "--comparisons", 10).output
    assert said.startswith("34 seeds")
    assert "54 whatever" in said


@pytest.mark.parametrize("arguments", [["0.5"], ["1.5"], ["0.75", "--alpha", "1"], ["0.75", "--comparisons", "0"]])
def test_power_refuses_what_has_no_answer(arguments):
    assert run("power", *arguments).exit_code != 0


def test_run_refuses_a_faulty_study_before_snakemake_sees_it(tmp_path):
    study = tmp_path / "study.yaml"
    study.write_text("__use_yte__: true\ntitle: ?__import__('os').popen('touch ran').read()\n")
    done = run("run", study, "-n")
    assert done.exit_code == 1
    assert "__use_yte__" in done.output


def test_run_hands_snakemake_the_study_the_workflow_and_what_it_was_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    study = Path("study.yaml")
    assert snakemake_arguments(study, ["-n"])[-4:] == ["--cores", "all", "--config", "study=study.yaml"]
    assert Path(snakemake_arguments(study, ["-n"])[2]).name == "Snakefile"
    (tmp_path / "Snakefile").touch()
    for given in (["--cores", "2"], ["-j4", "results/tables/runs.parquet"], ["--profile", "profiles/slurm"]):
        assert snakemake_arguments(study, given) == [*given, "--config", "study=study.yaml"]
    given = ["-j4", "--config", "seeds=3"]
    assert snakemake_arguments(study, given) == ["-j4", "--config", "study=study.yaml", "seeds=3"]
