"""Branches under batch normalisation: their share falls as one over the number of blocks, and gradients grow by a power of it."""

import numpy as np
import pytest

from initbench.architectures import build
from initbench.network.layer import ungrouped
from initbench.probes.batch import ProbeBatch
from initbench.probes.snapshot import take
from initbench.schemes.draw import draw_network
from initbench.theory.residual_batchnorm import batchnorm_branches

WIDTH, BATCH, BLOCKS, SEEDS = 128, 256, 6, 12


def test_linear_units_grow_as_the_number_of_blocks():
    """ρ = 1: ∏ (1 + 1/b) = L + 1, and the last branch has added one part in L + 1."""
    found = batchnorm_branches("linear", 50)
    assert np.prod(found.factor) == pytest.approx(51)
    assert found.share[-1] == pytest.approx(1 / 51)


def test_relu_grows_by_a_power_of_depth_and_not_exponentially():
    factors = [np.prod(batchnorm_branches("relu", blocks).factor) for blocks in (1000, 2000)]
    assert np.log2(factors[1] / factors[0]) == pytest.approx((np.pi / (np.pi - 1)) ** 2, rel=3e-3)


@pytest.mark.parametrize("faulty", [{"blocks": 0}, {"blocks": 2, "first": 0.0}, {"blocks": 2, "first": float("inf")}])
def test_what_is_out_of_range_is_refused(faulty):
    with pytest.raises(ValueError, match="first"):
        batchnorm_branches("relu", **faulty)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_drawn_networks_have_these_factors(activation):
    """Two plain layers before the blocks, so that r = 1: δ² at the z behind block b is in proportion to that of the stream behind b + 1."""
    network = build("residual_mlp_preact", (64,), 10, WIDTH, 2 * BLOCKS + 2, activation, "batch")
    rng, delta = np.random.default_rng(0), []
    for seed in range(SEEDS):
        rngs = [np.random.default_rng((seed, k)) for k in range(len(network.maps))]
        drawn = [tuple(array[None] for array in layer) for layer in draw_network("lecun_normal", network, rngs)]
        batch = ProbeBatch(rng.normal(size=(1, BATCH, 64)), np.eye(10)[None, rng.integers(10, size=BATCH)],
                           rng.normal(size=(1, BATCH, 10)))  # fmt: skip
        stream = take(network, ungrouped(drawn, network), batch, 0.05).stream
        delta.append([np.square(layer.independent_cotangent).mean() for layer in stream.values()])
    delta = np.mean(delta, axis=0)[1:-1]  # behind the second plain layer and the blocks 1 … L − 1, each before a branch
    predicted = batchnorm_branches(activation, BLOCKS).factor[1:]
    np.testing.assert_allclose(delta[:-1] / delta[1:], predicted, rtol=0.1)
    assert delta[0] / delta[-1] == pytest.approx(np.prod(predicted), rel=0.15)
