"""Length and correlation maps, their slopes and their fixed points, against published values."""

import math

import pytest
from theory_cases import OWN

from initbench import theory
from initbench.theory import moments


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
