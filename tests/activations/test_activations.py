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


@pytest.mark.parametrize(("name", "units"), [("sigmoid", 3), ("tanh", 2)])
def test_float32_is_right_to_a_few_units_of_the_last_place_at_every_scale(name, units):
    rng = np.random.default_rng(0)
    z = np.concatenate([scale * rng.normal(size=20_000) for scale in np.geomspace(1e-30, 20, 12)]).astype(np.float32)
    z = np.concatenate([z, np.float32([0, -0.0, 0.625, -0.625, 85, -85, 1e30, np.inf])])
    exact = get_activation(name)(z.astype(float))
    found = get_activation(name)(z)
    assert found.dtype == np.float32
    assert (np.abs(found - exact) <= units * np.spacing(np.abs(exact).astype(np.float32))).all()
    limits = get_activation(name)(np.float32([-np.inf, -1e30, np.inf, np.nan]))
    np.testing.assert_array_equal(limits, [0, 0, 1, np.nan] if name == "sigmoid" else [-1, -1, 1, np.nan])


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_numbers_do_not_depend_on_the_layout_that_they_lie_in(name):
    activation, z = get_activation(name), np.random.default_rng(0).normal(0, 3, (6, 5, 7)).astype(np.float32)
    whole = activation(z)
    np.testing.assert_array_equal(activation(z.swapaxes(0, 2)), whole.swapaxes(0, 2))
    np.testing.assert_array_equal(activation(z[::2, :, 1:4]), whole[::2, :, 1:4])
    np.testing.assert_array_equal(activation(z[2, 3, 4]), whole[2, 3, 4])
    out = np.zeros((7, 5, 6), np.float32).swapaxes(0, 2)
    assert activation.function(z, out) is out
    np.testing.assert_array_equal(out, whole)
    np.testing.assert_array_equal(activation.function(z, z), whole)  # in place


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
