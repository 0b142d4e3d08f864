"""What a study costs, before it runs: by the size of its networks and of its data, on disk and in memory."""

import numpy as np
import pytest

from initbench.datasets.loading import load
from initbench.engine.schedule import recorded_steps
from initbench.study.cells import Cell, Shard, Training
from initbench.study.cost import DIGITS, SHAPES, DataShape, layer_rows, records, seconds
from initbench.study.estimate import estimate
from initbench.study.grid import load_study
from initbench.study.jobs import jobs

CELL = {
    "dataset": "digits",
    "width": 64,
    "depth": 3,
    "activation": "tanh",
    "normalization": "none",
    "scheme": "he_normal",
}
STUDY = {
    "depths": [2],
    "activations": ["tanh"],
    "schemes": ["zeros", "he_normal"],
    "seeds": 3,
    "training": {"steps": 20},
}


def shard(steps=100, seeds=10, **cell):
    return Shard(Cell(**CELL | cell), tuple(range(seeds)), Training(steps=steps))


@pytest.mark.parametrize(("steps", "count"), [(1, 2), (5, 9), (100, 9), (400, 7), (1000, 2)])
def test_as_many_steps_are_counted_as_the_engine_records(steps, count):
    training = Training(steps=steps, records=count)
    assert records(training) == len(recorded_steps(training)) - 1


@pytest.mark.parametrize("name", SHAPES)
def test_the_shapes_of_the_packages_data_sets_are_those_of_their_data(name):
    features, _, classes = load(name)
    assert SHAPES[name] == (*features.shape, len(classes))


@pytest.mark.parametrize(
    "more",
    [{"width": 256}, {"depth": 20}, {"steps": 1000}, {"seeds": 30}, {"normalization": "layer"}, {"activation": "gelu"}],
)
def test_more_of_anything_takes_longer(more):
    assert seconds(shard(**more)) > 1.05 * seconds(shard())


def test_large_data_take_as_much_longer_as_whole_splits_are_evaluated():
    small, rows = seconds(shard()), [1_000, 10_000, 100_000]
    found = [seconds(shard(), DataShape(n, 30, 2)) for n in rows]
    assert found == sorted(found)
    assert found[-1] > 10 * small
    assert seconds(shard(), DataShape(1797, 300, 10)) > seconds(shard(), DIGITS)


def test_rows_of_layers_are_those_of_the_table():
    trained, start = shard(seeds=2), shard(seeds=2, steps=0)
    assert layer_rows(start) == 2 * 4
    assert layer_rows(trained) == (2 * 3 * records(trained.training) + 2) * 4


@pytest.fixture
def large(tmp_path):
    """A study of a file of 20,000 rows."""
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "large.npz", features=rng.standard_normal((20_000, 40)), labels=rng.integers(0, 2, 20_000))
    return STUDY | {"datasets": [{"name": "large", "path": str(tmp_path / "large.npz"), "label": "labels"}]}


def test_jobs_are_the_same_whether_files_are_looked_into_or_not_but_ask_for_the_time_of_what_is_there(large):
    seen, unseen = (load_study(large, check) for check in (True, False))
    assert seen.shape("large") == DataShape(20_000, 40, 2)
    assert [(job.name, job.shards) for job in jobs(seen)] == [(job.name, job.shards) for job in jobs(unseen)]
    assert sum(job.seconds for job in jobs(seen)) > 2 * sum(job.seconds for job in jobs(unseen))


def test_large_data_take_more_of_everything(large):
    found, small = estimate(load_study(large)), estimate(load_study(STUDY))
    assert found.disk > small.disk
    assert found.memory > small.memory
    assert found.seconds["train"] > small.seconds["train"]


def test_more_cores_share_the_training_and_nothing_makes_it_slower():
    found = estimate(load_study(STUDY))
    times = [found.wall(cores) for cores in (1, 2, 8, 64)]
    assert times == sorted(times, reverse=True)
    assert times[0] == pytest.approx(found.core_seconds)
    alone = found.core_seconds - sum(found.seconds[stage] for stage in ("train", "prepare", "plot", "analyse"))
    assert times[-1] > alone


def test_a_machine_twice_as_fast_takes_half_the_time():
    study = load_study(STUDY)
    assert estimate(study, 2.0).core_seconds == pytest.approx(estimate(study).core_seconds / 2)
