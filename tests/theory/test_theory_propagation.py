"""Signals and gradients through the layers of a network, extremes included."""

import math

import numpy as np
import pytest
from theory_cases import EXTREMES, OWN

import initbench
from initbench import theory


def test_the_package_offers_theory():
    found = initbench.theory.propagate("relu", 2.0, 0.0, 5, 3.0)
    np.testing.assert_allclose(found.q, 3)
    np.testing.assert_allclose(found.gradient, 1)
    np.testing.assert_array_equal(found.layer, [1, 2, 3, 4, 5])


@pytest.mark.parametrize("name", ["tanh", "erf"])
def test_xavier_tanh_decays_as_a_power_of_depth(name):
    """tanh² = x² − 2x⁴/3 …: q_{l+1} ≈ q − 2q², so q_l → 1/(2l); erf alike once its slope at 0 is divided out."""
    q = theory.propagate(name, theory.critical_point(name).weight_variance, 0, 3000, 1.0).q
    steps = 1 / q[-1] - 1 / q[-2]
    assert steps == pytest.approx(2.0, rel=1e-2)


def test_propagation_is_the_recursion_of_its_parts():
    found = theory.propagate("gelu", 1.3, 0.2, 6, 2.0)
    for layer in range(5):
        assert found.q[layer + 1] == theory.length_map("gelu", 1.3, 0.2, found.q[layer])
    np.testing.assert_allclose(found.gradient, [np.prod(found.chi[k:-1]) for k in range(6)], rtol=1e-12)


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("q0", EXTREMES)
def test_extremes_give_an_answer_without_a_warning(name, q0):
    for weight_variance in (0, 1e-300, 100, 1e50):
        for bias_variance in (0, 1e50):
            found = theory.propagate(name, weight_variance, bias_variance, 8, q0)
            for values in (found.q, found.chi, found.gradient):
                assert not np.isnan(values).any()
                assert (values >= 0).all()


def test_a_network_of_zeros_and_one_beyond_doubles():
    silent = theory.propagate("relu", 2, 0, 3, 0)
    assert silent.q.tolist() == silent.chi.tolist() == [0, 0, 0]
    assert silent.gradient.tolist() == [0, 0, 1]
    loud = theory.propagate("linear", 1e10, 0, 40, 1)
    assert loud.q[-1] == math.inf
    assert loud.gradient[0] == math.inf
    np.testing.assert_allclose(loud.chi, 1e10)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("nothing", 1, 0, 3, 1), "unknown activation"),
        (("tanh", -1, 0, 3, 1), "weight_variance"),
        (("tanh", math.nan, 0, 3, 1), "weight_variance"),
        (("tanh", 1, "a", 3, 1), "bias_variance"),
        (("tanh", 1, math.inf, 3, 1), "bias_variance"),
        (("tanh", 1, 0, 0, 1), "depth"),
        (("tanh", 1, 0, 2.5, 1), "depth"),
        (("tanh", 1, 0, 3, -1), "q0"),
        (("tanh", 1, 0, 3, math.inf), "q0"),
    ],
)
def test_bad_arguments_are_named(arguments, named):
    with pytest.raises(ValueError, match=named):
        theory.propagate(*arguments)
