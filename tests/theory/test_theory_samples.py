"""Many samples at once, and normalised layers, as the recursions of one length."""

import numpy as np
import pytest
from theory_cases import OWN

from initbench import theory
from initbench.theory.samples import propagate_samples


@pytest.mark.parametrize("name", OWN)
def test_splines_agree_with_quadrature_to_six_digits(name):
    q0 = np.array([3e-20, 1e-3, 0.7, 42.0])
    q, chi = propagate_samples(name, 1.4, 0.01, 5, q0)
    for k, start in enumerate(q0):
        exact = theory.propagate(name, 1.4, 0.01, 5, start)
        np.testing.assert_allclose(q[:, k], exact.q, rtol=1e-6)
        np.testing.assert_allclose(chi[:, k], exact.chi, rtol=1e-6)


def test_lengths_outside_the_table_are_integrated():
    q, chi = propagate_samples("relu", 1e60, 0.0, 8, np.array([0.0, 1e-200, 1.0]))
    assert q[:, 0].tolist() == chi[:, 0].tolist() == [0.0] * 8
    assert q[-1, 2] == np.inf
    np.testing.assert_allclose(chi[:, 1:], 5e59)


def test_batchnorm_recursion_becomes_yangs_rate_as_epsilon_goes_to_0():
    for name in ("tanh", "relu", "gelu"):
        q, factors = theory.propagate_batchnorm(name, 1.3, 5, 1e-12)
        np.testing.assert_allclose(q, 1, rtol=1e-9)
        np.testing.assert_allclose(factors, theory.batchnorm_rate(name), rtol=1e-9)
    q, factors = theory.propagate_batchnorm("tanh", 0.0, 3, 1e-5)
    assert q.tolist() == [1, 0, 0]
    assert factors.tolist() == [0, 0, 0]
    with pytest.raises(ValueError, match="constant"):
        theory.propagate_batchnorm("tanh", 0.0, 3, 0.0)
