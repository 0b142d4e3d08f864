"""Residual networks under normalisation: closed forms, limits, and wide networks that the engine draws and passes through."""

import numpy as np
import pytest

from initbench.architectures import build
from initbench.network.layer import ungrouped
from initbench.network.normalization import EPSILON
from initbench.probes.batch import ProbeBatch
from initbench.probes.snapshot import take
from initbench.schemes.draw import draw_network
from initbench.theory import batchnorm_rate
from initbench.theory.layernorm import propagate_layernorm
from initbench.theory.propagation import propagate_batchnorm
from initbench.theory.residual_batchnorm import batchnorm_branches
from initbench.theory.residual_normalized import propagate_residual_normalized

BOTH = pytest.mark.parametrize("preactivation", [False, True])
EACH = pytest.mark.parametrize("normalization", ["batch", "layer"])
TINY = 1e-12  # ε that is not felt
FEATURES, WIDTH, BATCH, SEEDS = 64, 192, 384, 10


def test_before_activation_the_stream_is_that_of_de_and_smith():
    """δ² of the stream grows by 1 + ρ²/b at block b; what z of two blocks has back differs by that and by their lengths."""
    blocks = 6
    for name in ("relu", "tanh"):
        found = propagate_residual_normalized(name, 2.0, 2 * blocks + 2, "batch", TINY, preactivation=True)
        streams = found.gradient[found.on_stream][1:-1]  # before the blocks 1 … L, each through the same branch
        factors = batchnorm_branches(name, blocks).factor
        np.testing.assert_allclose(streams[:-1] / streams[1:], factors[1:], rtol=1e-6)
        np.testing.assert_allclose(found.q, 1, rtol=1e-6)


def test_after_activation_batch_normalised_branches_of_tanh_keep_the_stream_bounded_and_gradients_growing():
    """Each block adds one variance to φ of the stream; δ² is multiplied by E φ′² (1 + ρ²) and no power of depth bounds it."""
    found = propagate_residual_normalized("tanh", 2.0, 41, "batch", TINY)
    q, gradient = found.q[found.on_stream], found.gradient[found.on_stream]
    assert q[-1] == pytest.approx(q[-5], rel=2e-3)
    assert q[-1] < 2
    assert gradient[5] / gradient[6] == pytest.approx(gradient[10] / gradient[11], rel=0.01)
    assert gradient[10] / gradient[11] > 1.1


def test_after_activation_a_block_of_linear_units_adds_one_variance():
    """z_b = z_{b−1} + α N(0, 1): 1 + α² b; δ² grows by 1 + α²/(1 + α² (b − 1)), each normalised map dividing by what it is given."""
    for normalization in ("batch", "layer"):
        found = propagate_residual_normalized("linear", 3.0, 11, normalization, TINY, branch_gain=0.7)
        lengths = 1 + 0.49 * np.arange(6)
        np.testing.assert_allclose(found.q[::2], lengths, rtol=2e-3)
        np.testing.assert_allclose(found.gradient[::2] / found.gradient[-1], lengths[-1] / lengths, rtol=2e-3)


@BOTH
@EACH
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_without_blocks_it_is_the_plain_recursion(activation, normalization, preactivation):
    plain = propagate_batchnorm if normalization == "batch" else propagate_layernorm
    q, factors = plain(activation, 1.7, 2, EPSILON)
    found = propagate_residual_normalized(activation, 1.7, 2, normalization, EPSILON, preactivation=preactivation)
    np.testing.assert_allclose(found.q, q, rtol=1e-3)
    assert found.gradient[0] / found.gradient[1] == pytest.approx(factors[0], rel=1e-3)


@BOTH
@EACH
def test_a_silent_branch_hands_on_its_stream(normalization, preactivation):
    """By α = 0, by a last map of zeros and by γ = 0 in the last normalisation alike, forwards; a relu is then its own square."""
    last = [1.0, 1, 1, 1, 1]
    last[1 if preactivation else 2] = last[3 if preactivation else 4] = 0.0
    ends = [2.0, 2, 0, 2, 0]
    silent = ({"branch_gain": 0.0}, {"weight_variance": ends}, {"gain": last})
    for given in silent:
        asked = {"weight_variance": 2.0} | given
        found = propagate_residual_normalized("relu", depth=5, normalization=normalization, epsilon=TINY,
                                              preactivation=preactivation, **asked)  # fmt: skip
        np.testing.assert_allclose(found.q[[2, 4]], 1.0 if preactivation else 0.5, rtol=1e-3)
        np.testing.assert_array_equal(found.gradient[[1, 3]], 0)
        back = found.gradient[[0, 2]] / found.gradient[4]
        np.testing.assert_allclose(back, 0 if preactivation else 1, rtol=1e-3)


def test_layer_normalised_relu_keeps_gradients_and_tanh_does_not():
    """E φ′²/E φ²: 1 for relu, which is its own slope, and for tanh, of mean 0, the rate of batch normalisation."""
    _, relu = propagate_layernorm("relu", 2.0, 4, TINY)
    np.testing.assert_allclose(relu, 1, rtol=1e-6)
    _, tanh = propagate_layernorm("tanh", 0.3, 4, TINY)
    np.testing.assert_allclose(tanh, batchnorm_rate("tanh"), rtol=1e-6)


@pytest.mark.parametrize("faulty", [{"normalization": "none"}, {"normalization": "group"}, {"epsilon": 0.0},
                                    {"weight_variance": -1.0}, {"gain": float("nan")}])  # fmt: skip
def test_what_is_out_of_range_is_refused(faulty):
    asked = {"weight_variance": 2.0, "depth": 5, "normalization": "batch", "epsilon": EPSILON} | faulty
    with pytest.raises(ValueError, match=next(iter(faulty))):
        propagate_residual_normalized("relu", **asked)


@pytest.mark.parametrize("architecture", ["residual_mlp", "residual_mlp_preact"])
@EACH
@pytest.mark.parametrize(
    ("activation", "scheme", "depth"),
    [("relu", "he_normal", 7), ("tanh", "skipinit(0.6)", 8), ("sigmoid", "he_normal", 6), ("relu", "zero_last", 7)],
)
def test_wide_networks_do_what_theory_says(architecture, normalization, activation, scheme, depth):
    """Ten networks of the engine's, inputs N(0, 1): within three standard errors of what follows, and the terms that width and depth lack.

    Layer normalisation over n units multiplies δ² by 1 + 1/n more. The first normalised maps of a batch meet samples that are not
    yet spread evenly: up to 2.5 % more a map.
    """
    measured = [_measured(architecture, normalization, activation, scheme, depth, seed) for seed in range(SEEDS)]
    q, delta = (np.stack(part) for part in zip(*measured, strict=True))
    alpha = 0.6 if scheme.startswith("skipinit") else 1.0
    weight = np.full(depth, 2.0)
    if scheme == "zero_last":
        weight[2::2] = 0
    found = propagate_residual_normalized(
        activation, weight, depth, normalization, EPSILON, stream=2.0, branch_gain=alpha,
        preactivation=architecture == "residual_mlp_preact",
    )  # fmt: skip
    _close(q.mean(axis=0), found.q, q.std(axis=0), 0.02)
    behind = np.arange(depth)[::-1]
    lacking = 0.02 + behind / WIDTH if normalization == "layer" else 0.025 * behind
    gradient, last = found.gradient / found.gradient[-1], delta[:, -1:]
    _close(delta.mean(axis=0) / last.mean(), gradient, (delta / last).std(axis=0), lacking)


def _close(measured, predicted, spread, tolerance):
    near = np.abs(measured - predicted) <= tolerance * predicted + 3 * spread / np.sqrt(SEEDS) + 1e-12
    assert near.all(), measured / predicted


def _measured(architecture, normalization, activation, scheme, depth, seed):
    """(mean z², mean δ²) of the layers 1 … depth of one network, whose inputs and cotangents are independent."""
    network = build(architecture, (FEATURES,), 10, WIDTH, depth, activation, normalization)
    rngs = [np.random.default_rng((seed, k)) for k in range(len(network.maps) + 1)]
    drawn = [tuple(array[None] for array in layer) for layer in draw_network(scheme, network, rngs[:-1])]
    x, cotangent = rngs[-1].normal(size=(1, BATCH, FEATURES)), rngs[-1].normal(size=(1, BATCH, 10))
    batch = ProbeBatch(x, np.eye(10)[None, rngs[-1].integers(10, size=BATCH)], cotangent)
    layers = take(network, ungrouped(drawn, network), batch, 0.05).layers[:-1]
    squares = [
        [np.square(layer.preactivation).mean(), np.square(layer.independent_cotangent).mean()] for layer in layers
    ]
    return np.array(squares).T
