"""Theory of convolutions against networks that are drawn and measured."""

import numpy as np
import pytest
from start_layers import START, layers

import initbench
from initbench import theory
from initbench.analyses.image_predictions import seen_by
from initbench.analyses.theory import compare
from initbench.architectures import build
from initbench.study.cells import Cell
from initbench.theory.images import propagate_images


@pytest.mark.parametrize(
    ("architecture", "activation", "scheme"),
    [("convnet", "relu", "he_normal"), ("convnet_circular", "tanh", "gaussian(1.5,0.1)")],
)
def test_wide_convolutions_do_what_theory_says(architecture, activation, scheme, lengths):
    cell = Cell("digits", 32, 4, activation, "none", scheme, architecture=architecture)
    table = compare(initbench.train(cell, range(8), START)["layers"].to_pandas(), lengths)
    assert table["within_tolerance"].all()
    assert table["second_moment_relative_error"].abs().max() < 0.15
    assert table["gradient_relative_error"].abs().max() < 0.15
    if architecture == "convnet":  # zeros around the image take from the signal what He gives
        assert table["predicted_second_moment"].iloc[-1] < 0.6 * table["predicted_second_moment"].iloc[0]


def test_circular_images_of_equal_positions_follow_the_recursion_of_dense_layers():
    network = build("convnet_circular", (64,), 10, 8, 5, "tanh", "none")
    _, *seen = seen_by(network)
    q, gradient = propagate_images("tanh", 1.4, 0.1, seen, np.full((1, 64), 0.7))
    dense = theory.propagate("tanh", 1.4, 0.1, 5, 0.7)
    np.testing.assert_allclose(q[:, 0], dense.q, rtol=1e-6)
    np.testing.assert_allclose(gradient[:, 0] / gradient[-1, 0], dense.gradient, rtol=1e-6)


def test_zeros_around_an_image_take_the_share_of_taps_that_see_them():
    """He and ReLU on 4 × 4 positions: ten in twelve taps of a row see the image, in a uniform one; (10/12)² in both directions."""
    _, *seen = seen_by(build("convnet", (16,), 10, 8, 2, "relu", "none"))
    q, _ = propagate_images("relu", 2.0, 0.0, seen, np.ones((1, 16)))
    assert q[1, 0] == pytest.approx((10 / 12) ** 2, rel=1e-6)


@pytest.mark.parametrize("architecture", ["convnet", "convnet_circular"])
def test_layer_normalised_convolutions_are_as_dense_layers_rim_or_not(architecture, lengths):
    table = compare(
        layers("tanh", "he_normal", architecture=architecture, normalization="layer", seeds=8, width=64, depth=4),
        lengths,
    )
    assert table["predicted_gradient"][0] == pytest.approx(theory.batchnorm_rate("tanh") ** 3, rel=1e-3)
    assert table["within_tolerance"].all()
    assert table["gradient_relative_error"].abs().max() < 0.15


def test_of_batch_normalised_images_with_zeros_around_them_theory_says_nothing(lengths):
    def found(architecture):
        table = layers("relu", "he_normal", architecture=architecture, normalization="batch", seeds=2, width=8, depth=3)
        return compare(table, lengths)

    assert found("convnet").empty
    assert found("convnet_circular")["within_tolerance"].isna().all()
