"""Claims on the start from one non-zero constant."""

import numpy as np

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import cells, hidden_at_start, mostly, signal_at_start
from initbench.claims.quantities import mean, number, share
from initbench.claims.shared import GAP, poor_performance, symmetric_throughout

SILENT = 0.01  # deviation over inputs, relative to the size of the activations, below which they ignore the input
SMALL_GAIN, LARGE_GAIN = 0.9, 1.1  # n·|c| up to which a constant counts as too small, from which on as too large


@claim("constant-symmetry", figure="units_parting")
def constant_symmetry(tables):
    """Units under a constant start."""
    return symmetric_throughout(tables, "constant")


@claim("constant-performance", figure="test_accuracy", values={"gap": GAP})
def constant_performance(tables):
    """Accuracy from a constant against what the data allow."""
    return poor_performance(tables, "constant")


@claim("constant-output", figure="activation_spread", values={"silent": SILENT})
def constant_output(tables):
    """How far the last hidden layer depends on the input."""
    frame = hidden_at_start(tables, ["activation_second_moment", "activation_std_over_inputs"])
    found = []
    known = frame.dropna(
        subset=["activation_second_moment", "activation_std_over_inputs"]
    )  # neither is too large for a number
    for cell, part in cells(known[(known["kind"] == "constant") & (known["layer"] == known["depth"])]):
        size = np.sqrt(part["activation_second_moment"].to_numpy(dtype=float))
        spread = part["activation_std_over_inputs"].to_numpy(dtype=float)
        ratio = np.divide(spread, size, out=np.zeros_like(spread), where=size > 0)
        measured = (mean("relative_spread", ratio),)
        found.append(CellVerdict(cell, float(ratio.mean()) < SILENT, float(ratio.mean()), measured))
    return found


@claim("constant-vanishes", figure="constant_factor", values={"gain": SMALL_GAIN})
def constant_vanishes(tables):
    """The regime of small constants."""
    return _regimes(tables, lambda gain: gain <= SMALL_GAIN, {"vanishing", "zero"}, "draws_vanishing")


@claim("constant-explodes", figure="constant_factor", values={"gain": LARGE_GAIN})
def constant_explodes(tables):
    """The regime of large constants."""
    return _regimes(tables, lambda gain: gain >= LARGE_GAIN, {"exploding"}, "draws_exploding")


def _regimes(tables, is_gain, regimes: set[str], name: str) -> list[CellVerdict]:
    """Share of draws in some regimes, for the constants whose n·|c| `is_gain` accepts; no factor is one of no signal."""
    frame = signal_at_start(tables, ["gradient_factor", "gradient_regime"], normalization="none")
    frame = frame[(frame["kind"] == "constant") & frame["gradient_regime"].notna()]
    frame = frame[is_gain((frame["value"] * frame["width"]).abs())]
    found = []
    for cell, part in cells(frame):
        there = part["gradient_regime"].isin(regimes)
        measured = (share(name, there.sum(), len(there)), number("factor", part["gradient_factor"].median()))
        found.append(CellVerdict(cell, mostly(there), float(there.mean()), measured))
    return found
