"""Gaussian moments of activations against closed forms and scipy's adaptive quadrature."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, stats
from theory_cases import EXPONENTIAL, EXTREMES, HARD_TANH, OWN, SINE, users_activation

from initbench import theory
from initbench.activations import get_activation
from initbench.theory import moments
from initbench.theory.quadrature import expectation

# science of the subject: E φ², E φ′², BN rate at q = 1
TABLE = {
    "linear": (1, 1, 1),
    "sigmoid": (0.293379, 0.044836, 1.03359),
    "tanh": (0.394294, 0.464403, 1.17781),
    "relu": (0.5, 0.5, math.pi / (math.pi - 1)),
    "selu": (1, 1.071575, 1.07157),
    "gelu": (0.425221, 0.455851, 1.31884),
    "silu": (0.355776, 0.379482, 1.21208),
}


@pytest.mark.parametrize("name", TABLE)
def test_moments_at_unit_variance_have_their_known_values(name):
    value, slope, rate = TABLE[name]
    assert moments.second_moment(name, 1) == pytest.approx(value, abs=6e-7)
    assert moments.second_moment_slope(name, 1) == pytest.approx(slope, abs=6e-7)
    assert theory.batchnorm_rate(name) == pytest.approx(rate, abs=6e-6)


@pytest.mark.parametrize("q", EXTREMES[1:-1])
def test_erf_has_closed_forms_at_every_variance(q):
    assert moments.second_moment("erf", q) == pytest.approx(2 / math.pi * math.asin(2 * q / (1 + 2 * q)), rel=1e-10)
    assert moments.second_moment_slope("erf", q) == pytest.approx(4 / math.pi / math.sqrt(1 + 4 * q), rel=1e-10)
    assert moments.mean_slope("erf", q) == pytest.approx(2 / math.sqrt(math.pi * (1 + 2 * q)), rel=1e-10)
    assert moments.mean("erf", q) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("q", EXTREMES[2:])
def test_relu_halves_at_every_variance(q):
    assert moments.second_moment("relu", q) == pytest.approx(q / 2, rel=1e-12)
    assert moments.second_moment_slope("relu", q) == pytest.approx(0.5, rel=1e-12)
    assert moments.mean("relu", q) == pytest.approx(math.sqrt(q) / math.sqrt(2 * math.pi), rel=1e-12)


@pytest.mark.parametrize("q", [1e8, 1e100, 1e300])
def test_the_slope_of_a_saturating_activation_is_a_spike_of_known_area(q):
    """E φ′² → ∫ φ′² dx / √(2πq): 4/3 for tanh, 1/6 for sigmoid, 2/3 for softsign (with a tail of order 1/√q)."""
    for name, area in [("tanh", 4 / 3), ("sigmoid", 1 / 6), ("softsign", 2 / 3)]:
        assert moments.second_moment_slope(name, q) * math.sqrt(2 * math.pi * q) == pytest.approx(area, rel=1e-7)


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("mean", [0.0, -1.3, 40.0])
@pytest.mark.parametrize("q", [1e-3, 1.0, 50.0])
def test_moments_agree_with_adaptive_quadrature(name, q, mean):
    phi = get_activation(name)
    spread = math.sqrt(q)
    breaks = sorted(
        {mean + k * spread for k in (-9, -3, 0, 3, 9)} | {k for k in phi.kinks if abs(k - mean) < 9 * spread}
    )
    for function, power, ours in [
        (phi, 1, moments.mean), (phi, 2, moments.second_moment),
        (phi.slope, 1, moments.mean_slope), (phi.slope, 2, moments.second_moment_slope),
    ]:  # fmt: skip

        def integrand(x, function=function, power=power):
            return float(function(x)) ** power * stats.norm.pdf(x, mean, spread)

        pieces = [integrate.quad(integrand, a, b, epsabs=1e-13)[0] for a, b in itertools.pairwise(breaks)]
        assert ours(name, q, mean) == pytest.approx(math.fsum(pieces), rel=1e-7, abs=1e-12)


@pytest.mark.parametrize("q", [1e-20, 0.3, 4.0, 60.0])
def test_a_users_own_activation_works(q):
    # Abramowitz & Stegun: E sin² = (1 − e^{−2q})/2; the normal moments of a clipped variable; E e^{2x} = e^{2q}
    assert moments.second_moment(SINE, q) == pytest.approx(-math.expm1(-2 * q) / 2, rel=1e-8)
    t = 1 / math.sqrt(q)
    inside = stats.norm.cdf(t) - stats.norm.cdf(-t)
    clipped = q * (inside - 2 * t * stats.norm.pdf(t)) + 2 * stats.norm.sf(t)
    assert moments.second_moment(HARD_TANH, q) == pytest.approx(clipped, rel=1e-9)
    assert moments.second_moment_slope(HARD_TANH, q) == pytest.approx(inside, rel=1e-9)
    assert moments.second_moment(EXPONENTIAL, q) == pytest.approx(math.exp(2 * q), rel=1e-9)


def test_jumps_and_features_that_nobody_declared_are_found():
    """A step at 0.3 without a kink said, and a bump a thousand times narrower than the density."""
    step = expectation(lambda x: (x > 0.3) * 1.0, 1.0)
    assert step == pytest.approx(stats.norm.sf(0.3), rel=1e-9)
    narrow = users_activation(lambda z: np.tanh(1000 * z), lambda z: 1000 / np.cosh(np.clip(1000 * z, -300, 300)) ** 2)
    assert moments.second_moment_slope(narrow, 1) == pytest.approx(1000 * 4 / 3 / math.sqrt(2 * math.pi), rel=1e-5)


def test_a_moment_beyond_the_largest_double_is_infinite_and_one_of_nothing_refused():
    assert moments.second_moment(EXPONENTIAL, 1e4) == math.inf
    assert moments.second_moment(EXPONENTIAL, 200) == pytest.approx(math.exp(400), rel=1e-9)
    root = users_activation(np.sqrt, lambda z: 0.5 / np.sqrt(z))
    with pytest.raises(ValueError, match="not a number"):
        moments.second_moment(root, 1)


@pytest.mark.parametrize("q", [1e-300, 1e-3, 1.0, 1e300])
@pytest.mark.parametrize("c", [-1, -0.99, -0.3, 0, 0.5, 0.999999, 1])
def test_products_follow_cho_and_saul_for_relu_and_williams_for_erf(q, c):
    """Cho & Saul 2009 (arc-cosine kernels of order 1 and 0), Williams 1997, eq. 11."""
    angle = math.acos(c)
    kernel = (math.sqrt(1 - c * c) + (math.pi - angle) * c) / (2 * math.pi)
    assert moments.product_moment("relu", q, c) / q == pytest.approx(kernel, rel=1e-8, abs=1e-12)
    assert moments.product_moment_slope("relu", q, c) == pytest.approx((math.pi - angle) / (2 * math.pi), abs=1e-10)
    williams = 2 / math.pi * math.asin(2 * c / (1 / q + 2))
    assert moments.product_moment("erf", q, c) == pytest.approx(williams, rel=1e-9, abs=1e-25 * min(q, 1))


@pytest.mark.parametrize("name", OWN)
def test_independent_units_multiply_and_equal_ones_square(name):
    assert moments.product_moment(name, 2.0, 0.0) == pytest.approx(moments.mean(name, 2.0) ** 2, rel=1e-8, abs=1e-12)
    near = moments.product_moment(name, 2.0, 1 - 1e-12)
    assert near == pytest.approx(moments.second_moment(name, 2.0), rel=1e-6)
