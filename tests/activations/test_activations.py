"""Activations and their slopes: every registered one against differences, and in saturation."""

import numpy as np
import pytest

from initbench.activations import ACTIVATIONS, get_activation


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_derivatives_equal_differences_and_survive_saturation(name):
    activation = get_activation(name)
    z = np.linspace(-6, 6, 501) + 0.0031
    h = 1e-6
    np.testing.assert_allclose(activation.slope(z), (activation(z + h) - activation(z - h)) / (2 * h), atol=2e-9)
    pulled = np.ones_like(z)
    activation.pull_back(z, activation(z), pulled, np.empty_like(z))
    np.testing.assert_allclose(pulled, activation.slope(z), atol=4e-16)
    assert np.isfinite(activation(np.array([-1e4, 1e4], np.float32))).all()


@pytest.mark.parametrize(("name", "scale"), [("sigmoid", 1), ("tanh", 2)])
def test_saturated_slopes_keep_their_relative_precision(name, scale):
    z = np.array([-300.0, -40.0, 40.0, 300.0])
    slope = get_activation(name).slope(z)
    np.testing.assert_allclose(np.log(slope), -scale * np.abs(z) + (np.log(4) if name == "tanh" else 0), rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if get_activation(name).pull_back_from_output])
def test_pulling_back_from_the_output_is_the_exact_slope_up_to_rounding(name, dtype):
    activation = get_activation(name)
    rng = np.random.default_rng(0)
    z, cotangent = rng.normal(0, 3, (2, 3, 5, 7)).astype(dtype)
    pulled, exact = cotangent.copy(), cotangent.copy()
    activation.pull_back(z, activation(z), pulled, np.empty_like(z))
    activation.pull_back_exactly(z, activation(z), exact, np.empty_like(z))
    np.testing.assert_allclose(pulled, exact, atol=4 * np.finfo(dtype).eps * np.abs(cotangent).max())
