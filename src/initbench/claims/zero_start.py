"""Claims on the start from zero."""

import numpy as np

from initbench.activations import get_activation
from initbench.claims import CellVerdict, claim
from initbench.claims.measures import (
    NETWORK,
    NETWORK_AXES,
    cells,
    chosen_runs,
    hidden_at_every_step,
    hidden_at_start,
    layers_at_start,
    schemes_of_kind,
)
from initbench.claims.quantities import count, mean, number, share, word
from initbench.claims.shared import GAP, poor_performance, symmetric_throughout

SMALL_SLOPE = 0.05  # a derivative below this is small: the default threshold of saturation
MOVED = 1e-6  # norm of a layer's weights above which they have left zero; rounding in float32 has left 2e-7
NEAR_ZERO = 0.5  # root mean square of z up to which the slope measured there stands for φ′ near 0


@claim("zero-symmetry", figure="units_parting")
def zero_symmetry(tables):
    """Units under a zero start."""
    return symmetric_throughout(tables, "zeros")


@claim("zero-constant-output", figure="activation_spread")
def zero_constant_output(tables):
    """f(0) for every input."""
    frame = hidden_at_start(tables, ["activation_mean", "activation_std_over_inputs"])
    found = []
    for cell, part in cells(frame[frame["kind"] == "zeros"]):
        expected = float(get_activation(cell["activation"])(np.zeros(1))[0])
        off = float((part["activation_mean"] - expected).abs().max())
        spread = float(part["activation_std_over_inputs"].max())
        measured = (number("distance", off), number("spread", spread), number("expected", expected))
        found.append(CellVerdict(cell, max(off, spread) <= 1e-12, max(off, spread), measured))
    return found


@claim("zero-gradient", figure="backward_signal", values={"moved": MOVED})
def zero_gradient(tables):
    """No signal at the start, and no update ever."""
    frame = hidden_at_every_step(tables, ["delta_rms_gaussian", "weight_norm"], schemes_of_kind(tables, "zeros"))
    found = []
    for cell, part in cells(frame[frame["learning_rate"].notna()]):
        silent = bool((part.loc[part["step"] == 0, "delta_rms_gaussian"] == 0).all())
        moved = part.dropna(subset="weight_norm").groupby(["learning_rate", "seed"])["weight_norm"].max() > MOVED
        measured = (count("moved_runs", moved.sum(), len(moved)), word("signal", "zero" if silent else "not zero"))
        found.append(CellVerdict(cell, silent and not moved.any(), float(moved.mean()), measured))
    return found


@claim("zero-derivative", figure="backward_signal", values={"near": NEAR_ZERO, "small": SMALL_SLOPE})
def zero_derivative(tables):
    """The slope near 0, measured with small weights in the place of none."""
    columns = ["delta_rms_gaussian", "preactivation_second_moment", "weight_norm"]
    start = layers_at_start(tables, columns, normalization="none")
    found = []
    for cell, part in cells(start[start["depth"] > 0], NETWORK, NETWORK_AXES):
        zero, small = part[part["kind"] == "zeros"], part[part["scheme"] == "small_normal"]
        hidden = zero[zero["layer"] <= zero["depth"]]
        if small.empty or hidden.empty or (hidden["delta_rms_gaussian"] != 0).any():
            continue
        last = small[small["layer"] == small["depth"]].set_index("seed")
        if np.sqrt(last["preactivation_second_moment"]).max() > NEAR_ZERO:
            continue
        output = small[small["layer"] == small["depth"] + 1].set_index("seed")["weight_norm"]
        slopes = (last["delta_rms_gaussian"] / output).to_numpy()
        found.append(
            CellVerdict(cell, float(slopes.mean()) < SMALL_SLOPE, float(slopes.mean()), (mean("slope", slopes),))
        )
    return found


@claim("zero-stalls", figure="learning_curves")
def zero_stalls(tables):
    """Stalled runs from zero."""
    chosen = chosen_runs(tables)
    found = []
    for cell, part in cells(chosen[chosen["kind"] == "zeros"]):
        stalled = part["status"] == "stalled"
        measured = (share("stalled_runs", stalled.sum(), len(part)),)
        found.append(CellVerdict(cell, bool(stalled.all()), float(stalled.mean()), measured))
    return found


@claim("zero-performance", figure="test_accuracy", values={"gap": GAP})
def zero_performance(tables):
    """Accuracy from zero against what the data allow."""
    return poor_performance(tables, "zeros")
