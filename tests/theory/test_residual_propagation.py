"""Mean field of residual networks: closed forms, limits, and wide networks that are drawn."""

import numpy as np
import pytest

from initbench.activations import ACTIVATIONS
from initbench.theory import propagate
from initbench.theory.residual import LENGTHS, plain_layers, propagate_residual

BOTH = pytest.mark.parametrize("preactivation", [False, True])
Q0 = 1.3


def predicted(activation, weight, bias, depth, alpha, preactivation):
    found = propagate_residual(activation, weight, bias, depth, Q0, alpha, preactivation)
    return found.q, found.gradient / found.gradient[-1]


@BOTH
@pytest.mark.parametrize("depth", [1, 2, 3, 8])
def test_linear_units_have_a_closed_form(preactivation, depth):
    """q_b = q (1 + α² σ_w⁴) + α² σ_b² (1 + σ_w²); δ² grows by 1 + α² σ_w⁴ towards the input."""
    weight, bias, alpha = 1.5, 0.2, 0.7
    q, gradient = predicted("linear", weight, bias, depth, alpha, preactivation)
    lengths, backward = [Q0], [1.0]
    for _ in range(plain_layers(depth) - 1):
        lengths.append(weight * lengths[-1] + bias)
    for _ in range((depth - 1) // 2):
        inner = weight * lengths[-1] + bias
        lengths += [inner, lengths[-1] + alpha**2 * (weight * inner + bias)]
        backward += [alpha**2 * weight * backward[-1], backward[-1] * (1 + alpha**2 * weight**2)]
    backward += [weight * backward[-1]] * (plain_layers(depth) - 1)
    np.testing.assert_allclose(q, lengths, rtol=2e-3)
    np.testing.assert_allclose(gradient, backward[::-1], rtol=2e-3)


def test_before_activation_relu_under_he_doubles_a_block():
    """σ_w² = 2 keeps what a branch is given, so that q doubles forward and δ² backward: 2^blocks (Zhang et al. 2019, section 2)."""
    q, gradient = predicted("relu", 2.0, 0.0, 11, 1.0, True)
    np.testing.assert_allclose(q[::2], Q0 * 2.0 ** np.arange(6), rtol=1e-6)
    np.testing.assert_allclose(gradient[::2], 2.0 ** np.arange(5, -1, -1), rtol=1e-6)


def test_one_over_the_root_of_the_number_of_blocks_bounds_the_growth_by_e():
    """α² = 1/L: (1 + 1/L)^L < e, however many blocks."""
    for blocks in (5, 50):
        q, gradient = predicted("relu", 2.0, 0.0, 2 * blocks + 1, blocks**-0.5, True)
        assert q[-1] / Q0 == pytest.approx((1 + 1 / blocks) ** blocks, rel=1e-6)
        assert gradient[0] == pytest.approx((1 + 1 / blocks) ** blocks, rel=1e-6)


def test_tanh_grows_linearly_before_activation():
    """Each branch adds at most α² σ_w² to q, so that q is at most linear in depth (Yang & Schoenholz 2017: polynomial)."""
    q, _ = predicted("tanh", 2.0, 0.0, 201, 1.0, True)
    steps = np.diff(q[::2])
    assert steps.max() < 2.0
    assert steps[-1] / steps[49] == pytest.approx(1, abs=0.1)


@BOTH
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu"])
def test_without_blocks_it_is_the_plain_recursion(activation, preactivation):
    plain = propagate(activation, 1.7, 0.3, 2, Q0)
    q, gradient = predicted(activation, 1.7, 0.3, 2, 1.0, preactivation)
    np.testing.assert_allclose(q, plain.q, rtol=1e-3)
    np.testing.assert_allclose(gradient, plain.gradient, rtol=1e-5)


@BOTH
def test_a_silent_branch_hands_on_its_stream(preactivation):
    q, gradient = predicted("relu", 2.0, 0.0, 5, 0.0, preactivation)
    after = Q0 if preactivation else Q0 / 2  # what ReLU leaves of a symmetric z, and leaves alone from then on
    np.testing.assert_allclose(q[[2, 4]], after, rtol=1e-3)
    np.testing.assert_allclose(gradient[[0, 2, 4]], 1, rtol=1e-3)
    np.testing.assert_array_equal(gradient[[1, 3]], 0)


@BOTH
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_many_lengths_are_as_each_alone(activation, preactivation):
    lengths = np.geomspace(0.2, 5, 3 * LENGTHS)
    together = propagate_residual(activation, 1.7, 0.1, 6, lengths, 0.8, preactivation)
    for k in (0, 10, 41, -1):
        alone = propagate_residual(activation, 1.7, 0.1, 6, lengths[k], 0.8, preactivation)
        np.testing.assert_allclose(together.q[:, k], alone.q, rtol=4e-3)
        np.testing.assert_allclose(together.gradient[:, k], alone.gradient, rtol=4e-3)


@BOTH
@pytest.mark.parametrize("q0", [0.0, 1e-200, 1e200])
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_lengths_at_the_ends_of_the_range_of_numbers_raise_nothing(activation, q0, preactivation):
    with np.errstate(over="ignore", invalid="ignore"):
        found = propagate_residual(activation, 1.0, 0.0, 4, np.array([q0, 1.0]), 1.0, preactivation)
    assert np.isfinite(found.q[:, 1]).all()


def test_what_is_no_number_is_refused():
    with pytest.raises(ValueError, match="branch_gain"):
        propagate_residual("relu", 2.0, 0.0, 3, 1.0, float("nan"))


@BOTH
@pytest.mark.parametrize(
    ("activation", "weight", "bias"), [("relu", 2.0, 0.0), ("tanh", 1.5, 0.1), ("sigmoid", 4.0, 0.2)]
)
def test_wide_networks_do_what_theory_says(activation, weight, bias, preactivation):
    """Sixteen networks of width 400, drawn and passed through by products of NumPy alone."""
    phi, (q, gradient), alpha = ACTIVATIONS[activation], predicted(activation, weight, bias, 5, 0.7, preactivation), 0.7
    drawn = [_network(phi, weight, bias, alpha, preactivation, seed) for seed in range(16)]
    lengths, backward = (np.stack([network[k] for network in drawn]) for k in range(2))
    _close(lengths.mean(axis=0) / q, lengths.std(axis=0) / q)
    scaled = backward.mean(axis=0) / backward.mean(axis=0)[-1]
    _close(scaled / gradient, (backward / backward[:, -1:]).std(axis=0) / gradient)


def _close(ratio, spread):
    assert (np.abs(ratio - 1) < 0.02 + 3 * spread / 4).all()  # a standard error of sixteen


def _network(phi, weight, bias, alpha, preactivation, seed, width=400):
    """(mean z², mean δ²) of the layers 1 … 5: one plain, then two blocks."""
    rng = np.random.default_rng(seed)
    maps = [
        (rng.normal(0, np.sqrt(weight / width), (width, width)), rng.normal(0, np.sqrt(bias), width)) for _ in range(4)
    ]
    z = [np.sqrt(Q0) * rng.normal(size=width)]
    for first, second in (maps[:2], maps[2:]):
        inner = phi(z[-1]) @ first[0] + first[1]
        z += [inner, (z[-1] if preactivation else phi(z[-1])) + alpha * (phi(inner) @ second[0] + second[1])]
    delta = [phi.slope(z[4]) * rng.normal(size=width)]
    for before, (first, second) in ((2, maps[2:]), (0, maps[:2])):
        inner = phi.slope(z[before + 1]) * (second[0] @ delta[-1]) * alpha
        branch = first[0] @ inner
        slope = phi.slope(z[before])
        delta += [inner, delta[-1] + slope * branch if preactivation else slope * (delta[-1] + branch)]
    return np.array([np.square(part).mean() for part in z]), np.array([np.square(part).mean() for part in delta[::-1]])
