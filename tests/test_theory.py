"""Mean-field theory against closed forms, published values and scipy's adaptive quadrature."""

import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, stats

import initbench
from initbench import theory
from initbench.activations import ACTIVATIONS, Activation, get_activation
from initbench.theory import moments
from initbench.theory.quadrature import expectation

OWN = [name for name in ACTIVATIONS if not name.startswith("test_")]
EXTREMES = [0, 5e-324, 1e-300, 1e-12, 1, 1e12, 1e300, 1.7e308]


def users_activation(function, slope, kinks=()):
    """An activation such as a user registers, in plain NumPy."""

    def write(f):
        return lambda z, out: np.copyto(out, f(z)) or out

    return Activation("users", write(function), write(slope), lambda z, a, out: write(slope)(z, out), kinks)


HARD_TANH = users_activation(lambda z: np.clip(z, -1, 1), lambda z: (np.abs(z) < 1) * 1.0, (-1.0, 1.0))
SINE = users_activation(np.sin, np.cos)
EXPONENTIAL = users_activation(np.exp, np.exp)


# --- moments ---------------------------------------------------------------------------------------------------------

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


# --- maps ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OWN)
def test_slopes_are_derivatives_of_the_maps(name):
    q, c, step = 1.7, 0.4, 1e-4
    ahead, behind = (theory.length_map(name, 1.5, 0.1, q + s) for s in (step, -step))
    assert theory.length_slope(name, 1.5, q) == pytest.approx((ahead - behind) / (2 * step), rel=1e-6)
    ahead, behind = (theory.correlation_map(name, 1.5, 0.1, q, c + s) for s in (step, -step))
    slope = theory.correlation_slope(name, 1.5, 0.1, q, c)
    assert slope == pytest.approx((ahead - behind) / (2 * step), rel=1e-5)


@pytest.mark.parametrize("q", [1e-30, 1e-8, 1e50])
def test_the_slope_of_the_length_map_survives_extremes(q):
    """d/dq E φ²: for sigmoid φ′(0)² + φφ″(0) = 1/16 at 0; at large q, E φ² = 1/2 − 1/√(2πq)."""
    expected = 1 / 16 if q < 1 else 0.5 / math.sqrt(2 * math.pi) * q**-1.5
    assert theory.length_slope("sigmoid", 1.0, q) == pytest.approx(expected, rel=1e-6)


# φ: (σ_w² = 1/3, 1, 2) → χ at the fixed point that q = 1 goes to, σ_b² = 0
CHI = {
    "linear": (0.3333, 1, 2),
    "sigmoid": (0.020008, 0.055721, 0.100977),
    "tanh": (0.3333, 1, 1.10553),
    "relu": (0.16667, 0.5, 1),
    "selu": (0.699148, 1.07157, None),
    "gelu": (0.0833, 0.25, 0.5),
    "silu": (0.0833, 0.25, 0.5),
}


@pytest.mark.parametrize("name", CHI)
def test_chi_at_the_fixed_point_has_its_known_value(name):
    for weight_variance, expected in zip((1 / 3, 1, 2), CHI[name], strict=True):
        found = theory.mean_field(name, weight_variance, 0)
        if expected is None:
            assert found.q == math.inf
        else:
            assert found.chi == pytest.approx(expected, abs=5e-5 if expected in (0.3333, 0.0833) else 6e-6)


def test_where_lengths_go_is_said():
    assert theory.mean_field("gelu", 2, 0).q == 0
    assert theory.mean_field("linear", 2, 0).q == math.inf
    assert "without bound" in theory.mean_field("relu", 2, 0.1).statement
    assert "every q" in theory.mean_field("relu", 2, 0).statement
    assert theory.mean_field("relu", 2, 0, q0=7.5).q == 7.5
    assert theory.mean_field("tanh", 0, 0).q == 0
    assert theory.mean_field("tanh", 0, 3).q == 3
    assert theory.mean_field("tanh", 0, 0).correlation is None


def test_selu_holds_mean_0_and_variance_1():
    """Klambauer et al. 2017: the fixed point (0, 1), and 0.782648 in the Jacobian of the moment map there."""
    assert moments.mean("selu", 1) == pytest.approx(0, abs=1e-12)
    stable = theory.fixed_points("selu", 1, 0).points[-1]
    assert (stable.q, stable.stability) == (pytest.approx(1, abs=1e-9), "stable")
    assert stable.slope == pytest.approx(0.782648, abs=1e-6)


def test_all_fixed_points_are_found_and_each_is_one():
    for name, weight_variance, bias_variance, kinds in [
        ("tanh", 4, 0, ["unstable", "stable"]),
        ("gelu", 2.5, 0.02, ["stable", "unstable"]),
        ("silu", 2.2, 0.15, ["stable", "unstable"]),
        ("relu", 1, 0.1, ["stable"]),
        ("selu", 2, 0, ["unstable"]),
        ("linear", 0.5, 1e-200, ["stable"]),
        ("linear", 1, 1e-20, []),
    ]:
        found = theory.fixed_points(name, weight_variance, bias_variance)
        assert [p.stability for p in found.points] == kinds, name
        for point in found.points:
            assert theory.length_map(name, weight_variance, bias_variance, point.q) == pytest.approx(point.q, rel=1e-9)
            assert (abs(point.slope) < 1) == (point.stability == "stable")
    assert theory.fixed_points("gelu", 2.5, 0.02).limit(0.5) == pytest.approx(0.0657, abs=1e-4)
    assert theory.fixed_points("gelu", 2.5, 0.02).limit(0.6) == math.inf


def test_correlations_meet_in_the_ordered_phase_and_stay_apart_in_the_chaotic_one():
    ordered, chaotic = theory.mean_field("tanh", 1.5, 0.3), theory.mean_field("tanh", 4, 0.05)
    assert (ordered.phase, ordered.correlation) == ("ordered", 1)
    assert ordered.xi_c == pytest.approx(ordered.xi_gradient)
    assert chaotic.phase == "chaotic"
    assert 0 < chaotic.correlation < 1
    again = theory.correlation_map("tanh", 4, 0.05, chaotic.q, chaotic.correlation)
    assert again == pytest.approx(chaotic.correlation, abs=1e-8)
    assert chaotic.xi_gradient < 0 < chaotic.xi_c
    # with odd φ and no bias, c* = 0, where the slope is σ_w² (E φ′)²
    odd = theory.mean_field("tanh", 4, 0)
    assert odd.correlation == 0
    assert odd.correlation_slope == pytest.approx(4 * moments.mean_slope("tanh", odd.q) ** 2, rel=1e-6)


def test_depth_scales_are_infinite_at_criticality_and_only_there():
    critical = theory.mean_field("relu", 2, 0)
    assert critical.xi_q == critical.xi_c == critical.xi_gradient == math.inf
    assert theory.mean_field("relu", 1, 0).xi_gradient == pytest.approx(1 / math.log(2))
    assert theory.mean_field("tanh", 0, 0).xi_gradient == 0


# --- the critical line -----------------------------------------------------------------------------------------------

# activation: (σ_w², σ_b²), digits as published (Roberts, Yaida & Hanin 2022, section 5.3.4, for gelu and silu)
STANDARD = {
    "linear": (1, 0),
    "relu": (2, 0),
    "leaky_relu": (2 / (1 + 0.01**2), 0),
    "tanh": (1, 0),
    "erf": (math.pi / 4, 0),
    "gelu": (1.98305826, 0.17292239),
    "silu": (1.98800468, 0.55514317),
    "elu": (1, 0),
    "softsign": (1, 0),
    "selu": (2 / (1.0507009873554805**2 * (1 + 1.6732632423543772**2)), 0),
    "sigmoid": (103.01, 0),
}


@pytest.mark.parametrize("name", OWN)
def test_every_activation_has_its_critical_point_or_none(name):
    if name not in STANDARD:
        assert name == "softplus"
        with pytest.raises(ValueError, match="'softplus' has no critical point"):
            theory.critical_point(name)
        return
    point = theory.critical_point(name)
    weight_variance, bias_variance = STANDARD[name]
    assert point.weight_variance == pytest.approx(weight_variance, abs=5e-3 if name == "sigmoid" else 6e-9)
    assert point.bias_variance == pytest.approx(bias_variance, abs=6e-9)
    assert theory.chi(name, point.weight_variance, max(point.q, 1e-100)) == pytest.approx(1, abs=1e-9)
    held = theory.length_map(name, point.weight_variance, point.bias_variance, point.q)
    assert held == pytest.approx(point.q, rel=1e-9)


def test_gelu_is_critical_where_lengths_come_from_above_only():
    """And a stable, slightly ordered fixed point lies just below, as docs/theory.md says."""
    point = theory.critical_point("gelu")
    below, at = theory.fixed_points("gelu", point.weight_variance, point.bias_variance).points
    assert at.q == pytest.approx(point.q, rel=1e-4)
    assert (below.stability, at.stability) == ("stable", "half-stable from above")
    assert below.q == pytest.approx(3.035, abs=1e-3)
    assert theory.chi("gelu", point.weight_variance, below.q) == pytest.approx(0.994, abs=1e-4)


def test_tanh_has_its_published_critical_points():
    (point,) = theory.critical_points("tanh", bias_variance=0.05)
    assert math.sqrt(point.weight_variance) == pytest.approx(1.32701, abs=5e-6)
    # Pennington, Schoenholz & Ganguli 2017: (σ_w², σ_b²) = (1.05, 2.01e-5)
    (point,) = theory.critical_points("tanh", bias_variance=2.01e-5)
    assert point.weight_variance == pytest.approx(1.05, abs=2e-3)


@pytest.mark.parametrize("name", ["tanh", "erf", "elu", "gelu", "silu", "sigmoid", "softsign", "selu"])
@pytest.mark.parametrize("bias_variance", [1e-25, 1e-10, 0.05, 1, 100])
def test_the_critical_line_is_the_same_read_from_either_axis(name, bias_variance):
    points = theory.critical_points(name, bias_variance=bias_variance)
    assert points
    for point in points:
        if point.q > 1e-9:
            assert theory.chi(name, point.weight_variance, point.q) == pytest.approx(1, abs=1e-9)
        again = theory.critical_points(name, weight_variance=point.weight_variance)
        # read from σ_w², σ_b² is a difference of numbers of the size of q
        assert min(abs(other.bias_variance - bias_variance) for other in again) < 1e-9 * point.q


def test_a_critical_point_that_does_not_exist_is_refused():
    assert theory.critical_points("relu", bias_variance=0.05) == ()
    assert theory.critical_points("tanh", weight_variance=0.9) == ()
    assert theory.critical_points("tanh", weight_variance=0) == ()
    with pytest.raises(ValueError, match="relu"):
        theory.critical_point("relu", 0.05)
    # χ = 1 there too, but at a fixed point that lengths leave
    with pytest.raises(ValueError, match="gelu"):
        theory.critical_point("gelu", 0.05)
    with pytest.raises(ValueError, match="one of"):
        theory.critical_points("tanh")


# --- propagation -----------------------------------------------------------------------------------------------------


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


# --- the page --------------------------------------------------------------------------------------------------------


def critical_table() -> str:
    """The table of docs/theory.md."""
    lines = ["| activation | σ_w² | σ_b² | q | slope of the length map |", "|---|---|---|---|---|"]
    for name in OWN:
        try:
            point = theory.critical_point(name)
        except ValueError:
            lines.append(f"| {name} | none | | | |")
            continue
        numbers = (point.weight_variance, point.bias_variance, point.q, point.length_slope)
        lines.append(f"| {name} | {' | '.join(f'{number:.7g}' for number in numbers)} |")
    return "\n".join(lines)


def test_the_page_has_the_critical_points():
    assert critical_table() in Path("docs/theory.md").read_text(encoding="utf-8")
