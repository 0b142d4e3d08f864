"""γ = 0: silent layers, and a plain network that can learn from there only if it has one hidden layer."""

import numpy as np
import pytest

import initbench
from initbench import Cell, Training
from initbench.architectures.mlp import loss_and_gradients

CLASSES, FEATURES, WIDTH = 4, 8, 16


def network(depth: int, gain: float):
    rng = np.random.default_rng(0)
    fans = [FEATURES, *[WIDTH] * depth]
    hidden = [(rng.standard_normal((n, WIDTH)), np.full(WIDTH, gain), np.zeros(WIDTH)) for n in fans[:-1]]
    return [*hidden, (rng.standard_normal((WIDTH, CLASSES)), np.zeros(CLASSES))]


@pytest.mark.parametrize(("depth", "moves"), [(1, [True]), (3, [False] * 3)])
def test_only_the_gain_of_a_single_hidden_layer_has_a_gradient_at_zero(depth, moves):
    """Deeper, every layer but the first is given a constant, of which normalisation leaves nothing; and the first is behind one."""
    rng = np.random.default_rng(1)
    inputs, labels = rng.standard_normal((32, FEATURES)), rng.integers(0, CLASSES, 32)
    _, gradients = loss_and_gradients(network(depth, 0.0), inputs, labels, "tanh", "batch")
    assert [bool(np.abs(gamma).max() > 1e-12) for _, gamma, _ in gradients[:-1]] == moves
    assert all(np.abs(weight).max() == 0 for weight, *_ in gradients[:-1])


def test_it_starts_from_the_weights_of_he_normal_with_every_layer_silent():
    training = Training(steps=0, learning_rates=())
    ours, he = (
        initbench.train(Cell("digits", 16, 2, "tanh", "batch", scheme), [0], training)["layers"].to_pandas()
        for scheme in ("zero_gamma", "he_normal")
    )
    np.testing.assert_array_equal(ours["weight_norm"], he["weight_norm"])
    assert (ours["preactivation_second_moment"][ours["layer"] <= 2] == 0).all()
    assert (he["preactivation_second_moment"][he["layer"] <= 2] > 0.9).all()
