"""Studies whose scoring seeds cross splits, draws and batch orders."""

import pytest

from initbench.analyses import Settings
from initbench.study.grid import load_study
from initbench.study.jobs import jobs, tasks
from initbench.study.reading import ConfigError
from initbench.study.signatures import made_from

AXES = {"split": 3, "draw": 2, "order": 2}
CROSSED = {"seed_axes": AXES, "seeds": 12, "seeds_per_shard": 12, "depths": [1], "activations": ["tanh"]}


def test_a_seed_is_a_split_a_draw_and_an_order(tmp_path):
    study = load_study(CROSSED)
    assert study.split_seeds([0, 3, 4, 11]) == {"0": 0, "3": 0, "4": 1, "11": 2}
    assert study.split_seeds([1_000_000]) == {"1000000": 1_000_000}
    assert Settings.of(study).seed_axes == (3, 2, 2)
    assert all(task["seed_axes"] == AXES for job in jobs(study) for task in tasks(study, job))


def test_without_axes_nothing_is_told_of_them_and_runs_are_signed_apart():
    plain, crossed = load_study(CROSSED | {"seed_axes": None}), load_study(CROSSED)
    assert plain.split_seeds([0, 3]) == [0, 3]
    assert Settings.of(plain).seed_axes == ()
    assert not any("seed_axes" in task for job in jobs(plain) for task in tasks(plain, job))
    assert made_from(plain, plain.shards[0]) != made_from(crossed, crossed.shards[0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"seeds": 10}, r"seeds: 10 is not what seed_axes cross: 3 × 2 × 2 = 12"),
        ({"further": [{"widths": [8], "seeds": 5}]}, r"further\[0\].seeds: 5 is not what seed_axes cross"),
        ({"initial": [{"widths": [8]}]}, "leave out initial grids"),
        ({"training": {"steps": 0}}, "let training.steps be 1 or more"),
        ({"seed_axes": {"split": 3, "draw": 4}}, "seed_axes: 'order' is missing: number of orders"),
        ({"seed_axes": AXES | {"split": 0}}, "seed_axes.split: 0 is not allowed; give a whole number from 1"),
    ],
)
def test_axes_that_seeds_cannot_cross_are_refused(change, said):
    with pytest.raises(ConfigError, match=said):
        load_study(CROSSED | change)
