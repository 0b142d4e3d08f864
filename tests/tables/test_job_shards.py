"""A job's shards: what is there is left alone, what fails keeps no other from its file, tables read them in order."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initbench.datasets.loading import prepare
from initbench.datasets.splits import write_splits
from initbench.engine.training import train_starts
from initbench.schemes import SCHEMES, scheme
from initbench.study.cells import Cell, Training
from initbench.tables import jobs
from initbench.tables.jobs import read_together, train_job, write_manifest

TRAINING = Training(steps=0, learning_rates=()).to_dict()
TRAINED = Training(steps=2, records=1).to_dict()
RATES = (0.01, 0.1, 0.5)


@pytest.fixture
def task(tmp_path):
    """What a job is told of a shard of some scheme."""
    write_splits(prepare("spirals", range(4), 0), tmp_path / "splits.npz")

    def describe(label, seeds=(0, 1), depth=1, made_from="code", rates=(), folder="shards"):
        cell = vars(Cell("spirals", 4, depth, "tanh", "none", label))
        path = str(tmp_path / folder / f"{label}-{depth}" / f"{seeds[0]}.parquet")
        return {"path": path, "splits": str(tmp_path / "splits.npz"), "cell": cell, "role": "scoring",
                "seeds": list(seeds), "rates": list(rates), "made_from": made_from}  # fmt: skip

    return describe


@pytest.fixture
def failing():
    """A scheme whose code fails on every layer."""

    @scheme("test_failing")
    def failing(rng, fan_in, fan_out):
        raise RuntimeError("no luck")

    yield "test_failing"
    SCHEMES.forget(["test_failing"])


def written(tasks):
    return [Path(task["path"]).stat().st_mtime_ns if Path(task["path"]).exists() else None for task in tasks]


def test_a_shard_that_fails_is_named_and_the_others_are_written(task, failing):
    tasks = [task("he_normal"), task(failing), task("zeros")]
    with pytest.raises(RuntimeError, match=r"test_failing · tanh.*no luck"):
        train_job(tasks, TRAINING)
    assert [at is not None for at in written(tasks)] == [True, False, True]


def test_only_what_is_missing_or_made_from_something_else_is_trained(task):
    tasks = [task("he_normal"), task("zeros")]
    train_job(tasks[:1], TRAINING)
    first = written(tasks)
    train_job(tasks, TRAINING)
    second = written(tasks)
    assert second[0] == first[0]
    train_job([task("he_normal", made_from="other code"), tasks[1]], TRAINING)
    third = written(tasks)
    assert third[0] != second[0]
    assert third[1] == second[1]


@pytest.fixture
def trained(monkeypatch):
    """The runs (scheme, seed, learning rate) that are trained, in order."""
    runs = []

    def noting(starts, *others):
        runs.extend((start.cell.scheme, start.seed, rate) for start in starts for rate in start.rates or [None])
        return train_starts(starts, *others)

    monkeypatch.setattr(jobs, "train_starts", noting)
    return runs


SEEDS = st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True).map(sorted)
SOME_RATES = st.lists(st.sampled_from(RATES), min_size=1, max_size=3, unique=True).map(sorted)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.tuples(SEEDS, SOME_RATES), then=st.tuples(SEEDS, SOME_RATES))
def test_a_shard_that_grows_or_shrinks_trains_what_is_missing_and_is_the_bytes_of_a_fresh_one(
    task, trained, first, then
):
    def shard(seeds, rates, folder):
        made = task("he_normal", seeds, rates=rates)
        return made | {"path": str(Path(made["path"]).parents[2] / folder / "one.parquet")}

    for folder in ("grown", "fresh"):
        shutil.rmtree(Path(shard(*first, folder)["path"]).parent, ignore_errors=True)
    train_job([shard(*first, "grown")], TRAINED)
    trained.clear()
    train_job([shard(*then, "grown")], TRAINED)
    before, wanted = ({(seed, rate) for seed in seeds for rate in rates} for seeds, rates in (first, then))
    assert {run[1:] for run in trained} == wanted - before
    assert len(trained) == len(wanted - before)
    train_job([shard(*then, "fresh")], TRAINED)
    grown, fresh = (Path(shard(*then, folder)["path"]).read_bytes() for folder in ("grown", "fresh"))
    assert grown == fresh


def test_a_shard_that_has_what_is_asked_for_is_not_written_again(task, trained):
    tasks = [task("he_normal", rates=RATES[:2]), task("zeros", rates=RATES[1:])]
    train_job(tasks, TRAINED)
    first, done = written(tasks), len(trained)
    train_job(tasks, TRAINED)
    assert (written(tasks), len(trained)) == (first, done)


def test_cells_at_different_rates_are_the_same_bytes_trained_together_or_alone(task):
    def tasks(folder):
        return [
            task(label, rates=[rate], folder=folder)
            for label, rate in zip(("zeros", "he_normal", "sparse"), RATES, strict=True)
        ]

    train_job(tasks("together"), TRAINED)
    for one in tasks("alone"):
        train_job([one], TRAINED)
    for one, other in zip(tasks("together"), tasks("alone"), strict=True):
        assert Path(one["path"]).read_bytes() == Path(other["path"]).read_bytes()


def test_shards_are_read_in_the_order_of_the_tables_whole_cells_of_one_shape_together(task, tmp_path):
    tasks = [task("zeros", (2, 3)), task("zeros"), task("he_normal"), task("he_normal", (2, 3)), task("zeros", depth=2)]
    for number, part in enumerate((tasks[:2], tasks[2:])):
        write_manifest(str(tmp_path / f"{number}.json"), part, TRAINING)
    groups = list(read_together([str(tmp_path / "1.json"), str(tmp_path / "0.json")]))
    assert groups == [[tasks[i]["path"] for i in (2, 3, 1, 0)], [tasks[4]["path"]]]
