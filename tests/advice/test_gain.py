"""initbench gain: moments, what gains do to deep networks, and PyTorch's table."""

import math

import numpy as np
import pytest

from initbench.activations import ACTIVATIONS, Activation
from initbench.advice.gain import gains, gradients, lengths
from initbench.schemes.orthogonal_gain import TORCH_GAINS
from initbench.theory.gain import backward_gain, forward_gain, gain


def by_key(activation):
    return {each.key: each.does for each in gains(activation).conventions}


def test_relu_has_one_gain_by_every_convention():
    assert {round(each.gain, 12) for each in by_key("relu").values()} == {round(math.sqrt(2), 12)}
    for each in by_key("relu").values():
        assert (lengths(each), gradients(each)) == ("stay at 1", "keep their size")


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_the_moments_are_those_of_a_sample(activation):
    """1/√(E φ²) and 1/√(E φ′²), against the midpoint rule over a normal density."""
    z = np.linspace(-12, 12, 2_400_000, endpoint=False) + 5e-6
    density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi) * (z[1] - z[0])
    phi = ACTIVATIONS[activation]
    assert forward_gain(activation) == pytest.approx(1 / math.sqrt(np.sum(phi(z) ** 2 * density)), rel=1e-5)
    assert backward_gain(activation) == pytest.approx(1 / math.sqrt(np.sum(phi.slope(z) ** 2 * density)), rel=1e-5)


def test_tanh_with_five_thirds_is_stable_forward_while_gradients_grow():
    """Activations come to a standard deviation of 0.65 whatever the depth; a deep network that is drawn shows it."""
    does = by_key("tanh")["torch"]
    assert does.gain == pytest.approx(5 / 3)
    rng = np.random.default_rng(0)
    a = rng.standard_normal((50, 600))
    for _ in range(30):
        a = np.tanh(a @ (5 / 3 / math.sqrt(600) * rng.standard_normal((600, 600))))
    assert math.sqrt(does.q) / does.gain == pytest.approx(a.std(), rel=0.02)
    assert does.chi > 1.1
    assert "0.65" in gains("tanh").why_torch


def test_selu_keeps_variance_one_at_gain_one_and_its_gradients_at_three_quarters():
    """Klambauer et al. 2017: weights of variance 1/n."""
    assert by_key("selu")["forward"].gain == pytest.approx(1)
    assert gradients(by_key("selu")["torch"]) == "keep their size"


def test_a_gain_that_does_not_exist_is_none_and_says_why():
    assert by_key("gelu")["torch"] is None
    assert "no value for gelu" in gains("gelu").why_torch
    assert by_key("softplus")["critical"] is None
    flat = Activation("flat", lambda z, out: np.multiply(z, 0, out=out), lambda z, out: np.multiply(z, 0, out=out))
    assert forward_gain(flat) == backward_gain(flat) == math.inf


@pytest.mark.parametrize("activation", sorted({*ACTIVATIONS} - {"softplus"}))
def test_gradients_keep_their_size_at_the_edge_of_chaos(activation):
    assert by_key(activation)["critical"].chi == 1


@pytest.mark.parametrize("activation", TORCH_GAINS)
def test_every_value_of_pytorchs_table_is_explained(activation):
    assert "{" not in gains(activation).why_torch


def test_lengths_go_where_the_map_leads():
    assert lengths(gain("relu", 1.0)) == "go to 0"
    assert lengths(gain("relu", 2.0)) == "grow without bound"
    assert gradients(gain("relu", 2.0)) == "grow: × 2 a layer"
