"""Mean-field theory of wide random networks with i.i.d. weights: what to expect of a scheme before measuring.

Poole et al. 2016 (lengths and correlations), Schoenholz et al. 2017 (gradients, depth scales, the critical line), Yang et
al. 2019 (batch normalisation), Yang & Schoenholz 2017 (residual networks). Notation: σ_w² is fan-in times the variance of a
weight, σ_b² the variance of a bias, q the second moment of the pre-activations of a layer, z ~ N(0, 1), χ = σ_w² E φ′(√q z)².

    quadrature     expectations under a normal distribution, at any variance and with kinks
    moments        E φ, E φ², E φ′², E φ(u)φ(v)
    length         the length map and all its fixed points
    correlation    the correlation map and c*
    criticality    the critical line χ = 1, and the point on it for each activation
    propagation    layer by layer from q¹; depth scales; batch normalisation
    samples        the same for many samples, each of its own length
    residual       the same past shortcuts
    layernorm      under layer normalisation; residual_normalized past shortcuts, under either normalisation
    widths         powers of the width of the first update

initbench.analyses.theory lays predictions beside the measured `layers` table.
"""

from initbench.theory.correlation import correlation_map, correlation_slope, fixed_correlation
from initbench.theory.criticality import CriticalPoint, critical_point, critical_points
from initbench.theory.length import FixedPoint, FixedPoints, chi, fixed_points, length_map, length_slope
from initbench.theory.propagation import (
    MeanField,
    Propagation,
    batchnorm_rate,
    depth_scale,
    mean_field,
    propagate,
    propagate_batchnorm,
)
from initbench.theory.residual import ResidualPropagation, propagate_residual

__all__ = [
    "CriticalPoint",
    "FixedPoint",
    "FixedPoints",
    "MeanField",
    "Propagation",
    "ResidualPropagation",
    "batchnorm_rate",
    "chi",
    "correlation_map",
    "correlation_slope",
    "critical_point",
    "critical_points",
    "depth_scale",
    "fixed_correlation",
    "fixed_points",
    "length_map",
    "length_slope",
    "mean_field",
    "propagate",
    "propagate_batchnorm",
    "propagate_residual",
]
