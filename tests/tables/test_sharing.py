"""Results are verified, joined from parts to the byte, compared, and cleaned, without Snakemake."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from initbench.base.files import write_json
from initbench.base.renewal import record
from initbench.cli import app
from initbench.datasets.loading import prepare
from initbench.datasets.splits import write_splits
from initbench.study.grid import load_study
from initbench.study.jobs import jobs, product, tasks
from initbench.study.unused import remove, unused_files
from initbench.tables import shards
from initbench.tables.choices import at_choice
from initbench.tables.jobs import train_job, write_manifest
from initbench.tables.merge import MergeError, merge
from initbench.tables.verify import verify

STUDY = {
    "datasets": ["spirals"], "depths": [1], "widths": [4], "activations": ["tanh"], "schemes": ["zeros", "he_normal"],
    "reference": "zeros", "seeds": 2, "learning_rates": [0.1, 0.3], "training": {"steps": 2, "records": 2}, "initial": [],
}  # fmt: skip


def run(results, **changes):
    """Train a study as its jobs do, with all that they leave behind."""
    study = load_study(STUDY | changes | {"results_dir": str(results)})
    every = sorted(jobs(study), key=lambda job: not job.tries_rates)
    for shard in study.shards:
        path = Path(study.data_path(shard))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_splits(prepare(shard.cell.dataset, shard.seeds, study.training.study_seed), path)
    for folder in ("jobs", "records/train"):
        (study.results / folder).mkdir(parents=True, exist_ok=True)
    for job in every:
        told, made = at_choice(tasks(study, job)), product(study, job, "code of the choice")
        train_job(told, job.shards[0].training.to_dict())
        write_manifest(made.files[0], told, job.shards[0].training.to_dict())
        record(made, environments=[{"kernel": "k", "threads": 1}])
    write_json({"config": study.config}, study.results / "provenance.json")
    return study.results


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return run(tmp_path_factory.mktemp("made") / "results")


@pytest.fixture
def results(made, tmp_path):
    shutil.copytree(made, tmp_path / "results", copy_function=shutil.copyfile)
    return tmp_path / "results"


def files(results):
    return {str(path.relative_to(results)): path for path in sorted((results / "shards").rglob("*.parquet"))}


def contents(results):
    return {name: path.read_bytes() for name, path in files(results).items()}


def command(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)])


def test_results_are_verified_wherever_they_were_moved_to_and_a_sample_is_trained_again_to_the_byte(results):
    found = verify(results, again=3, seed=0)
    assert found.wrong == ()
    assert found.again == 3
    assert found.files == 4 + 2  # shards, and the lists of two jobs
    done = command("verify", results, "--rerun", 1)
    assert done.exit_code == 0, done.output
    assert "1 shards trained again: the same bytes" in done.output
    assert json.loads(command("verify", results, "--json").output) == {"files": 6, "trained_again": 0, "wrong": []}


def test_shards_of_another_kernel_are_not_trained_again_and_that_is_said(results, monkeypatch):
    monkeypatch.setattr("initbench.tables.verify.kernel", lambda: "openblas Other")
    done = command("verify", results, "--rerun", 2)
    assert done.exit_code == 0, done.output
    assert "0 shards trained again" in done.output
    assert "no more were trained with the kernel of this machine" in done.output


def test_verifying_names_every_damaged_missing_and_foreign_file(results):
    one, two, three, four = files(results).values()
    one.write_bytes(one.read_bytes()[:-40])
    two.unlink()
    three.write_bytes(four.read_bytes())
    found = verify(results)
    for path in (one, two, three):
        assert any(str(path) in line for line in found.wrong)
    assert not any(str(four) in line for line in found.wrong)
    done = command("verify", results, "--json")
    assert done.exit_code == 1
    assert len(json.loads(done.stdout)["wrong"]) == len(done.stderr.splitlines())


def test_verifying_notices_shards_of_another_state_of_the_study(results):
    changed = load_study(STUDY | {"study_seed": 5, "results_dir": str(results)})
    write_json({"config": changed.config}, results / "provenance.json")
    assert sum("another state of the study" in line for line in verify(results).wrong) == 4


def test_a_sample_that_is_other_when_trained_again_is_named(results, monkeypatch):
    train = shards.write_parquet
    monkeypatch.setattr(shards, "write_parquet", lambda table, path: train(table.slice(1), path))
    assert any("trained again, it is not the same" in line for line in verify(results, again=1, seed=0).wrong)


def test_a_folder_without_results_is_named_in_a_line(tmp_path):
    for arguments in (
        ["verify", tmp_path],
        ["compare", tmp_path, tmp_path],
        ["merge", tmp_path, tmp_path, tmp_path / "o"],
    ):
        done = command(*arguments)
        assert done.exit_code == 2
        assert done.output.startswith("initbench: ")
        assert "Errno" not in done.output
        assert len(done.output.strip().splitlines()) == 1


def test_a_folder_that_is_not_there_or_unfinished_is_told_apart_with_what_to_do(results, tmp_path):
    for arguments in (["verify", tmp_path / "none"], ["compare", tmp_path / "none", results]):
        assert "there is no folder" in command(*arguments).output
    for arguments in (["verify", tmp_path], ["compare", tmp_path, results]):
        assert "holds no finished study" in command(*arguments).output


def test_two_halves_of_a_study_joined_are_the_whole_to_the_byte_and_train_nothing(made, tmp_path):
    halves = [run(tmp_path / name, schemes=[name], reference=name) for name in ("zeros", "he_normal")]
    assert merge(halves, tmp_path / "whole") == 4
    assert contents(tmp_path / "whole") == contents(made)
    study = load_study(STUDY | {"results_dir": str(tmp_path / "whole")})
    for job in sorted(jobs(study), key=lambda job: not job.tries_rates):
        kept, trained = train_job(at_choice(tasks(study, job)), job.shards[0].training.to_dict())
        assert kept
        assert not trained


def test_parts_that_share_shards_are_joined_run_by_run(made, tmp_path):
    fewer = run(tmp_path / "fewer", seeds=1)
    assert merge([fewer, made], tmp_path / "joined") == 4
    assert contents(tmp_path / "joined") == contents(made)
    assert merge([made, fewer], tmp_path / "turned") == 4
    assert contents(tmp_path / "turned") == contents(made)


def test_parts_of_different_states_of_the_study_are_not_joined(made, tmp_path):
    other = run(tmp_path / "other", study_seed=4)
    with pytest.raises(MergeError, match="another state of the code or the study"):
        merge([made, other], tmp_path / "joined")
    with pytest.raises(MergeError, match="new or empty"):
        merge([made, other], other)


def test_what_a_study_does_not_use_is_listed_and_removed_and_nothing_else(results, tmp_path):
    study = load_study(STUDY | {"schemes": ["zeros"], "results_dir": str(results)})
    (results / "tables").mkdir()
    (results / "tables/runs.parquet").write_text("of the user")
    (results / "shards/left.host.1.partial").write_text("half")
    listed = {str(path.relative_to(results)) for path in unused_files(study)}
    assert listed == {*(name for name in files(results) if "he_normal" in name), "shards/left.host.1.partial"}
    remove(unused_files(study), results)
    assert all("zeros" in name for name in files(results))
    assert not [folder for folder in (results / "shards").iterdir() if "he_normal" in folder.name]
    assert (results / "tables/runs.parquet").exists()
    assert unused_files(study) == []


def test_cleaning_lists_without_removing_unless_it_is_told_to(results, tmp_path):
    file = tmp_path / "study.yaml"
    write_json(STUDY | {"schemes": ["zeros"], "results_dir": str(results)}, file)
    before = contents(results)
    done = command("clean", file, "--unused")
    assert done.exit_code == 0, done.output
    assert "he_normal/scoring-0.parquet" in done.output
    assert contents(results) == before
    said = json.loads(command("clean", file, "--unused", "--json").output)
    assert (len(said["files"]), said["removed"]) == (len(done.output.splitlines()) - 1, False)
    assert command("clean", file).exit_code == 2
    assert "removed" in command("clean", file, "--unused", "--remove").output
    assert "nothing is unused" in command("clean", file, "--unused").output


@pytest.fixture
def tables(tmp_path):
    """Writes the tables that a comparison reads, with some values of them changed."""

    def write(name, **changed):
        folder = tmp_path / name / "tables"
        folder.mkdir(parents=True)
        keys = {"dataset": "d", "architecture": "mlp", "width": 4, "depth": 1, "activation": "tanh"}
        keys |= {"normalization": "none", "optimizer": "sgd"}
        value = {"verdict": "supported", "best": "he_normal", "learning_rate": 0.1, "test_accuracy": 0.5} | changed
        frames = {
            "claims": [{"id": "c", "verdict": value["verdict"], "condition": None}],
            "best": [keys | {"metric": "m", "best": value["best"]}],
            "choices": [keys | {"scheme": "zeros", "learning_rate": value["learning_rate"]}],
            "runs": [
                keys
                | {"scheme": "zeros", "role": "scoring", "learning_rate": 0.1, "seed": 0, "status": "trained"}
                | {"test_accuracy": value["test_accuracy"], "steps": None}
            ],
        }
        for table, rows in frames.items():
            pd.DataFrame(rows).to_parquet(folder / f"{table}.parquet")
        return tmp_path / name

    return write


def test_a_comparison_names_changed_conclusions_before_numbers(tables, tmp_path):
    first = tables("first")
    same = command("compare", first, tables("same"))
    assert same.exit_code == 0
    assert same.output == "Conclusions: the same\nNumbers: the same\n"
    numbers = command("compare", first, tables("numbers", test_accuracy=0.75, learning_rate=0.3))
    assert numbers.exit_code == 0
    assert "Conclusions: the same" in numbers.output
    assert "test_accuracy differs in 1 of 1, by up to 0.25" in numbers.output
    assert "learning rate d · 4 · 1 · tanh" in numbers.output.replace(" · mlp", "")
    assert "0.1 → 0.3" in numbers.output
    changed = command("compare", first, tables("changed", verdict="refuted", best="zeros", test_accuracy=0.1))
    assert changed.exit_code == 1
    lines = changed.output.splitlines()
    assert lines[1] == "  claim c: supported → refuted"
    assert "he_normal → zeros" in lines[2]
    assert lines.index("Numbers: 2 lines") > 2
    done = command("compare", first, tmp_path / "changed", "--json")
    assert done.exit_code == 1
    assert json.loads(done.output)["conclusions"][0] == "claim c: supported → refuted"
