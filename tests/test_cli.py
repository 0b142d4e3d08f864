"""The command line."""

import json
from pathlib import Path

from typer.testing import CliRunner

from initbench.cli import app
from initbench.cli.running import snakemake_arguments
from initbench.cli.upkeep import generated
from initbench.tables.described import write_table
from initbench.tables.schema import arrow_schema, measured_tables


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
    assert done.exit_code == 2
    assert "give a checkout" in done.output


def test_columns_says_what_a_table_holds():
    assert {"runs", "layers", "comparisons", "claims"} <= {
        line.split()[0] for line in run("columns").output.splitlines()
    }
    done = run("columns", "runs")
    assert done.output.startswith("A row of runs is ")
    assert {"scheme", "learning_rate", "test_accuracy"} <= {line.partition(" ")[0] for line in done.output.splitlines()}


def test_columns_reads_what_a_file_says_of_itself(tmp_path):
    table = measured_tables()["runs"]
    path = tmp_path / "runs.parquet"
    write_table(arrow_schema(table.columns).empty_table(), table, path, '{"seeds": 3}')
    done = run("columns", path)
    assert done.exit_code == 0, done.output
    assert done.output.startswith('A row of runs is a run.\nThe study: {"seeds": 3}\nWritten by initbench ')
    assert "nats" in done.output
    answer = json.loads(run("columns", path, "--json").output)
    assert answer["study"] == {"seeds": 3}
    assert answer["columns"][0]["column"] == "cell_id"
    done = run("columns", tmp_path / "no.parquet")
    assert done.exit_code == 2
    assert "no.parquet" in done.output


def test_columns_knows_which_tables_there_are():
    done = run("columns", "comparison")
    assert done.exit_code == 2
    assert "did you mean 'comparisons'?" in done.output


def test_run_refuses_a_faulty_study_before_snakemake_sees_it(tmp_path):
    study = tmp_path / "study.yaml"
    study.write_text("__use_yte__: true\ntitle: ?__import__('os').popen('touch ran').read()\n")
    done = run("run", study, "-n")
    assert done.exit_code == 2
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
