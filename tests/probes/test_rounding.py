"""Equal units, and what rounding makes of them: an independent control of every count of distinct units."""

import numpy as np
import pytest

from initbench.engine.training import train_shard
from initbench.probes.rounding import unit_classes
from initbench.study.cells import Cell, Training


def test_float64_products_of_aligned_widths_round_all_units_alike():
    for width in (16, 32, 64, 128):
        assert unit_classes(64, width, 10, 64, "float64") == 1
    assert unit_classes(3, 1, 2, 8, "float32") == 1


@pytest.mark.parametrize("width", [10, 24, 64, 100])
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_a_constant_start_leaves_no_more_distinct_units_than_rounding_can_make(width, activation, digits):
    training = Training(steps=120, learning_rates=(0.03, 0.3), records=5)
    result = train_shard(Cell("digits", width, 2, activation, "none", "constant(0.1)"), [0, 1], training, digits)
    classes = unit_classes(64, width, 10, 64, "float32")
    assert (result.final["rounding_classes"] == classes).all()
    for what in ("weights", "activations", "gradients"):
        counts = result.layers[f"distinct_{what}"][:, :, :-1]
        assert np.nanmax(counts) <= classes, what
    if classes == 1:
        assert (result.layers["exactly_equal_activations"][:, :, :-1] == 1).all()


def test_a_random_start_has_more(digits):
    training = Training(steps=2, learning_rates=(0.03,), records=2)
    result = train_shard(Cell("digits", 64, 2, "tanh", "none", "small_normal"), [0], training, digits)
    assert (result.layers["distinct_weights"][:, :, :-1] == 64).all()
