"""What is made again is decided by content: with Snakemake itself, a finished study, and what happens to files."""

import hashlib
import os
import re
import shutil

import pytest
import yaml
from test_pipeline import ROOT, ok, planned, snakemake

pytestmark = pytest.mark.pipeline
TINY = {
    "depths": [2], "widths": [8], "activations": ["tanh"], "schemes": ["zeros", "xavier_tanh"], "seeds": 2,
    "seeds_per_shard": 1, "learning_rates": [0.1, 0.3], "training": {"steps": 4, "records": 2}, "initial": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A folder with a finished study."""
    folder = tmp_path_factory.mktemp("finished")
    _workflow(folder)
    ok(snakemake(folder, TINY))
    return folder


def _workflow(folder):
    for name in ("Snakefile", "config.yaml"):
        shutil.copy(ROOT / name, folder)
    for name in ("workflow", "scripts", "profiles"):
        shutil.copytree(ROOT / name, folder / name)


@pytest.fixture
def copied(finished, tmp_path):
    """The study's results in another folder, as `cp -r` leaves them: without times, and without .snakemake."""
    _workflow(tmp_path)
    shutil.copytree(finished / "results", tmp_path / "results", copy_function=shutil.copyfile)
    return tmp_path


def state(folder):
    """Digest of every result, and when it was written."""
    files = (path for path in sorted((folder / "results").rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder / "results")): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime_ns,
        )
        for path in files
    }


def lasting(folder):
    """The digests of what is the same in every run of one study."""
    kept = ("tables/", "figures/", "shards/", "jobs/", "data/")
    return {name: digest for name, (digest, _) in state(folder).items() if name.startswith(kept)}


def nothing_to_do(folder, config=TINY):
    done = snakemake(folder, config, "-n")
    return "Nothing to be done" in done.stdout + done.stderr


def test_a_copy_without_times_and_without_the_engines_own_folder_is_up_to_date_where_nothing_changed(copied):
    for path in (copied / "results/tables").iterdir():
        os.utime(path, (0, 0))
    for path in (copied / "results/shards").rglob("*.parquet"):
        os.utime(path, (2**31, 2**31))
    before = state(copied)
    assert nothing_to_do(copied)
    assert state(copied) == before


def test_a_copy_without_the_engines_own_folder_is_made_again_where_the_study_changed(copied):
    before = state(copied)
    jobs = planned(snakemake(copied, TINY | {"training": {"steps": 5, "records": 2}}, "-n"))
    assert {"train", "choose", "collect", "judge", "report"} <= set(jobs)
    assert "prepare" not in jobs
    jobs = planned(snakemake(copied, TINY | {"title": "Another"}, "-n"))
    assert set(jobs) == {"report", "study"}
    jobs = planned(snakemake(copied, TINY | {"thresholds": {"rope": 0.2}}, "-n", "results/tables/runs.parquet"))
    assert not jobs, "what is not asked for is left alone"
    assert state(copied) == before, "a dry run writes nothing"


def test_results_at_an_absolute_path_are_made_again_for_the_other_study_of_a_second_folder(finished, tmp_path):
    _workflow(tmp_path)
    here = TINY | {"results_dir": str(finished / "results")}
    assert set(planned(snakemake(tmp_path, here, "-n"))) <= {"report", "study"}, "the page names its folder"
    assert "train" in planned(snakemake(tmp_path, here | {"study_seed": 7}, "-n"))


def flip(path):
    content = path.read_bytes()
    path.write_bytes(
        content[: len(content) // 2] + bytes([content[len(content) // 2] ^ 4]) + content[len(content) // 2 + 1 :]
    )


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


DAMAGES = {
    "shards/digits.mlp-8x2.tanh.none.sgd.zeros/scoring-0.parquet": flip,
    "shards/digits.mlp-8x2.tanh.none.sgd.zeros/tuning-1000000.parquet": cut,
    "jobs/digits.scoring.1.json": cut,
    "data/digits/seeds-0-0.npz": flip,
    "tables/runs.parquet": cut,
    "tables/best.parquet": flip,
    "tables/claims.parquet": empty,
    "tables/theory.parquet": flip,
    "figures/learning_curves.en.svg": cut,
    "figures/learning_curves.zh.png": empty,
    "figures/backward_signal.json": cut,
    "report/index.html": cut,
    "provenance.json": empty,
    "records/choose.json": cut,
}
LOST = (
    "shards/digits.mlp-8x2.tanh.none.sgd.xavier_tanh/scoring-1.parquet",
    "data/digits/seeds-1-1.npz",
    "tables/layers.parquet",
    "tables/comparisons.parquet",
    "figures/loss_at_start.en.png",
    "figures/loss_at_start.json",
)


def test_whatever_is_damaged_foreign_or_lost_is_named_and_made_again_by_a_plain_run(copied):
    results, before = copied / "results", lasting(copied)
    foreign = "shards/digits.mlp-8x2.tanh.none.sgd.xavier_tanh/scoring-0.parquet"
    shutil.copy(results / "shards/digits.mlp-8x2.tanh.none.sgd.zeros/scoring-1.parquet", results / foreign)
    for name, damage in DAMAGES.items():
        damage(results / name)
    for name in LOST:
        (results / name).unlink()
    damaged = state(copied)
    snakemake(copied, TINY, "-n")
    assert state(copied) == damaged, "a dry run writes and deletes nothing"
    done = ok(snakemake(copied, TINY))
    named = set(re.findall(r"initbench: results/(\S+) is not as it was made; it is made again", done.stderr))
    assert named == {*DAMAGES, foreign}
    assert lasting(copied) == before
    assert nothing_to_do(copied)


def test_the_damage_of_one_shard_trains_that_shard(copied):
    name = "shards/digits.mlp-8x2.tanh.none.sgd.zeros/scoring-0.parquet"
    before = state(copied)
    flip(copied / "results" / name)
    ok(snakemake(copied, TINY, "results/tables/runs.parquet"))
    after = state(copied)
    assert {n for n in after if n.startswith("shards/") and after[n] != before[n]} == {name}
    assert after[name][0] == before[name][0]


@pytest.mark.parametrize("name", ["provenance.json", "figures/learning_curves.zh.png", "tables/best.parquet"])
def test_a_lost_file_is_planned_alone(copied, name):
    (copied / "results" / name).unlink()
    jobs = set(planned(snakemake(copied, TINY, "-n")))
    assert jobs
    assert not jobs & {"prepare", "train", "choose", "collect", "judge"}


def test_nested_keys_are_set_on_the_command_line(copied):
    for setting, same in (
        ("training={steps: 4}", True),
        ("training={steps: 5}", False),
        ("thresholds={rope: 0.01}", True),
    ):
        done = snakemake(copied, TINY, "-n", "--config", setting)
        assert ("Nothing to be done" in done.stdout + done.stderr) == same, setting
    done = snakemake(copied, TINY, "-n", "--config", "training={steps: many}")
    assert "initbench: training.steps: 'many'" in done.stdout + done.stderr


def test_figures_alone_say_what_has_to_be_trained_first(copied):
    done = snakemake(copied, TINY, "-n", "figures")
    assert "figures need runs" not in ok(done).stderr
    done = snakemake(copied, TINY | {"training": {"steps": 5, "records": 2}}, "-n", "figures")
    assert "training jobs come first, less than a minute on one core" in ok(done).stderr
    assert "figures need runs" not in ok(snakemake(copied, TINY | {"seeds": 3}, "-n")).stderr, "not asked for alone"


def test_yaml_of_the_study_may_be_written_otherwise(copied):
    text = "# a comment\n" + yaml.safe_dump(dict(reversed(TINY.items())), sort_keys=False)
    assert nothing_to_do(copied, text)
