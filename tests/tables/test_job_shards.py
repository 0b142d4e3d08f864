"""A job's shards: what is there is left alone, what fails keeps no other from its file, tables read them in order."""

from pathlib import Path

import pytest

from initbench.datasets.loading import prepare
from initbench.datasets.splits import write_splits
from initbench.schemes import SCHEMES, scheme
from initbench.study.cells import Cell, Training
from initbench.tables.jobs import read_together, train_job, write_manifest

TRAINING = Training(steps=0, learning_rates=()).to_dict()


@pytest.fixture
def task(tmp_path):
    """What a job is told of a shard of some scheme."""
    write_splits(prepare("spirals", range(4), 0), tmp_path / "splits.npz")

    def describe(label, seeds=(0, 1), depth=1, made_from="code"):
        cell = vars(Cell("spirals", 4, depth, "tanh", "none", label))
        path = str(tmp_path / f"{label}-{depth}" / f"{seeds[0]}.parquet")
        return {"path": path, "splits": str(tmp_path / "splits.npz"), "cell": cell, "seeds": list(seeds),
                "made_from": made_from}  # fmt: skip

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


def test_shards_are_read_in_the_order_of_the_tables_whole_cells_of_one_shape_together(task, tmp_path):
    tasks = [task("zeros", (2, 3)), task("zeros"), task("he_normal"), task("he_normal", (2, 3)), task("zeros", depth=2)]
    for number, part in enumerate((tasks[:2], tasks[2:])):
        write_manifest(str(tmp_path / f"{number}.json"), part, TRAINING)
    groups = list(read_together([str(tmp_path / "1.json"), str(tmp_path / "0.json")]))
    assert groups == [[tasks[i]["path"] for i in (2, 3, 1, 0)], [tasks[4]["path"]]]
