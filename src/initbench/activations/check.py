"""Trying an activation out: what every activation must keep to."""

import numpy as np

from initbench.activations import Activation
from initbench.base.arguments import one_line

GRID = np.linspace(-4.03, 4.01, 240).reshape(8, 30)  # away from 0, where many have a kink
NEAR = 1e-3  # a kink this near is left out of differences
STEP = 1e-5
TOLERANCE = {np.float64: 1e-6, np.float32: 1e-4}


def check(name: str, activation: Activation) -> None:
    """ValueError unless φ and φ′ are written to `out`, finite, in both precisions, and φ′ is the derivative of φ."""
    try:
        for dtype in (np.float64, np.float32):
            for what, function in (("φ", activation.function), ("φ′", activation.derivative)):
                _check_function(f"activation {name!r}: {what} ({np.dtype(dtype).name})", function, GRID.astype(dtype))
        _check_derivative(name, activation)
        _check_pull_back(name, activation)
    except Exception as error:
        if str(error).startswith("activation "):
            raise
        raise ValueError(f"activation {name!r}: {one_line(error)}") from error


def _check_function(what: str, function, z: np.ndarray) -> None:
    before, out = z.copy(), np.full_like(z, np.nan)
    returned = function(z, out)
    if not np.array_equal(z, before):
        raise ValueError(f"{what} changes its input z")
    if returned is not None and np.shape(returned) != z.shape:
        raise ValueError(f"{what} returns the shape {np.shape(returned)} for {z.shape}")
    if np.isnan(out).all():
        raise ValueError(f"{what} does not write to `out`: end it with np.…(…, out=out) or out[...] = …")
    if returned is None or not np.shares_memory(returned, out):
        raise ValueError(f"{what} does not return `out`")
    if not np.isfinite(out).all():
        raise ValueError(f"{what} is not finite at z = {z[~np.isfinite(out)][0]:.3g}")


def _check_derivative(name: str, activation: Activation) -> None:
    z = GRID[np.min([np.full(GRID.shape, np.inf), *(abs(GRID - kink) for kink in activation.kinks)], axis=0) > NEAR]
    difference = (activation(z + STEP) - activation(z - STEP)) / (2 * STEP)
    slope = activation.slope(z)
    wrong = abs(slope - difference) > TOLERANCE[np.float64] * np.maximum(1, abs(difference))
    if wrong.any():
        at, said, found = z[wrong][0], slope[wrong][0], difference[wrong][0]
        raise ValueError(f"activation {name!r}: φ′({at:.3g}) = {said:.4g}, but differences of φ give {found:.4g}")


def _check_pull_back(name: str, activation: Activation) -> None:
    """Training's way to the cotangent must agree with φ′."""
    for dtype, tolerance in TOLERANCE.items():
        z = GRID.astype(dtype)
        cotangent, exact = np.ones_like(z), np.ones_like(z)
        activation.pull_back(z, activation(z), cotangent, np.empty_like(z))
        activation.pull_back_exactly(z, activation(z), exact, np.empty_like(z))
        if not np.allclose(cotangent, exact, rtol=0, atol=tolerance):
            at = z[abs(cotangent - exact) > tolerance][0]
            raise ValueError(f"activation {name!r}: pull_back_from_output is not φ′ at z = {at:.3g}")
