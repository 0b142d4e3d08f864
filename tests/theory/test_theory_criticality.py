"""The critical line against published points, and the page that lists them."""

import math
from pathlib import Path

import pytest
from theory_cases import OWN

from initbench import theory

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
    """And a stable, slightly ordered fixed point lies just below, as docs/reference/theory.md says."""
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


def critical_table() -> str:
    """The table of docs/reference/theory.md."""
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
    assert critical_table() in Path("docs/reference/theory.md").read_text(encoding="utf-8")
