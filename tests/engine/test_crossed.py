"""Runs with a split, a draw and an order of their own: they are what one seed gives where the three agree."""

from dataclasses import replace

import numpy as np
import pytest

from initbench.datasets.loading import prepare
from initbench.engine.crossed import train_crossed
from initbench.engine.training import Start, train_starts
from initbench.study.cells import Cell, Training
from initbench.study.seed_axes import SeedAxes

TRAINING = Training(steps=6, batch_size=16, records=2)
AXES = SeedAxes(split=2, draw=3, order=2)


def cells(*schemes):
    return [Cell("wine", 8, 2, "tanh", "none", scheme) for scheme in schemes]


def starts(seeds, *schemes):
    return [Start(cell, seed, (0.03, 0.3)) for cell in cells(*schemes) for seed in seeds]


def same(record, other):
    for part in ("history", "signal", "layers", "final"):
        for name, values in getattr(record, part).items():
            np.testing.assert_array_equal(values, getattr(other, part)[name])


def crossed(*schemes):
    runs = list(range(AXES.seeds))
    splits = replace(prepare("wine", [AXES.levels(run)[0] for run in runs], 0), seeds=np.array(runs))
    return train_crossed(starts(runs, *schemes), TRAINING, splits, AXES.levels)


def test_levels_cross_and_a_tuning_seed_is_itself():
    found = [AXES.levels(run) for run in range(AXES.seeds)]
    assert len(set(found)) == 12
    assert found[:3] == [(0, 0, 0), (0, 0, 1), (0, 1, 0)]
    assert AXES.levels(1_000_000) == (1_000_000,) * 3


def test_where_the_three_agree_the_numbers_are_those_of_the_one_seed_to_the_last_bit():
    splits, all_starts = prepare("wine", [0, 1, 2], 0), starts([0, 1, 2], "xavier_tanh", "he_normal", "zeros")
    expected = train_starts(all_starts, TRAINING, splits)
    found = train_crossed(all_starts, TRAINING, splits, lambda seed: (seed, seed, seed))
    for cell, record in expected.items():
        assert found[cell].runs == record.runs
        same(found[cell], record)


def test_each_axis_alone_changes_what_it_is_named_after():
    record = crossed("xavier_tanh")[cells("xavier_tanh")[0]]
    assert [run for run, _ in record.runs] == [run for run in range(AXES.seeds) for _ in range(2)]
    first, last = (
        record.history["train_loss"][::2, 0].reshape(2, 3, 2),
        record.history["train_loss"][::2, -1].reshape(2, 3, 2),
    )
    assert (first[..., 0] == first[..., 1]).all()  # the order plays no part before the first update
    assert len(np.unique(first[..., 0])) == 6
    assert len(np.unique(last)) == 12
    plain = train_starts(starts([0, 1], "xavier_tanh"), TRAINING, prepare("wine", [0, 1], 0))[cells("xavier_tanh")[0]]
    for seed in (0, 1):
        run = seed * 6 + seed * 2 + seed
        for name in ("test_loss", "test_accuracy"):
            np.testing.assert_array_equal(
                record.final[name][2 * run : 2 * run + 2], plain.final[name][2 * seed : 2 * seed + 2]
            )


def test_a_run_does_not_depend_on_what_it_is_trained_with():
    together, alone = crossed("xavier_tanh", "zeros"), crossed("xavier_tanh")
    same(together[cells("xavier_tanh")[0]], alone[cells("xavier_tanh")[0]])


def test_nothing_to_train_is_refused():
    with pytest.raises(ValueError, match="steps is 0"):
        train_crossed(starts([0], "zeros"), replace(TRAINING, steps=0), prepare("wine", [0], 0), AXES.levels)
