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
    mean_range,
    schemes_of_kind,
    share,
)
from initbench.claims.shared import poor_performance, symmetric_throughout

SMALL_SLOPE = 0.05  # a derivative below this is small: the default threshold of saturation
MOVED = 1e-6  # norm of a layer's weights above which they have left zero; rounding in float32 has left 2e-7
NEAR_ZERO = 0.5  # root mean square of z up to which the slope measured there stands for φ′ near 0


@claim(
    "zero-symmetry",
    statement="With every weight equal, all units of a layer have the same output and the same gradient, at every step of "
    "training",
    statement_zh="所有权重相同，则每层神经元的输出与梯度始终相同",
    rule="Cells: scheme zeros, trained, at least one hidden layer, every normalisation. Holds if every hidden layer has one "
    "distinct unit, by its activations and by its weight gradients, at every recorded step of every run at every learning "
    "rate.",
    figure="distinct_units",
)
def zero_symmetry(tables):
    """Units under a zero start."""
    return symmetric_throughout(tables, "zeros")


@claim(
    "zero-constant-output",
    statement="With W = b = 0 a layer's output is f(0), whatever the input: 0.5 for sigmoid, 0 for tanh and ReLU",
    statement_zh="W=b=0 时输出为 f(0)，与输入无关",
    rule="Cells: scheme zeros at step 0, every hidden layer and draw. Holds if the mean activation is within 1e-12 of f(0) and "
    "its standard deviation over inputs is at most 1e-12.",
    figure="activation_spread",
)
def zero_constant_output(tables):
    """f(0) for every input."""
    frame = hidden_at_start(tables, ["activation_mean", "activation_std_over_inputs"])
    found = []
    for cell, part in cells(frame[frame["kind"] == "zeros"]):
        expected = float(get_activation(cell["activation"])(np.zeros(1))[0])
        off = float((part["activation_mean"] - expected).abs().max())
        spread = float(part["activation_std_over_inputs"].max())
        text = f"f(0) = {expected:g}, largest distance {off:.1g}, largest spread over inputs {spread:.1g}"
        found.append(CellVerdict(cell, max(off, spread) <= 1e-12, max(off, spread), text))
    return found


@claim(
    "zero-gradient",
    statement="With zero weights the backward signal is zero, so hidden weights get no update",
    statement_zh="权重为零时反向梯度趋近于零",
    rule="Cells: scheme zeros, trained, at least one hidden layer, every normalisation. Holds if at step 0 δ of an independent "
    "cotangent is exactly 0 in every hidden layer, and the norm of every hidden layer's weights is still at most "
    f"{MOVED:g} (what rounding may leave in float32) at every recorded step of every run at every learning rate.",
    figure="backward_signal",
)
def zero_gradient(tables):
    """No signal at the start, and no update ever."""
    frame = hidden_at_every_step(tables, ["delta_rms_gaussian", "weight_norm"], schemes_of_kind(tables, "zeros"))
    found = []
    for cell, part in cells(frame[frame["learning_rate"].notna()]):
        silent = bool((part.loc[part["step"] == 0, "delta_rms_gaussian"] == 0).all())
        moved = part.dropna(subset="weight_norm").groupby(["learning_rate", "seed"])["weight_norm"].max() > MOVED
        signal = "zero" if silent else "not zero"
        text = f"signal at step 0 {signal}, hidden weights moved in {moved.sum()} of {len(moved)} runs"
        found.append(CellVerdict(cell, silent and not moved.any(), float(moved.mean()), text))
    return found


@claim(
    "zero-derivative",
    statement="It vanishes because the activation's derivative near 0 is small (judged for sigmoid, tanh and ReLU separately)",
    statement_zh="输入趋近于零时激活函数梯度很小",
    rule="Cells: data, width, depth (one at least) and activation where zeros and small_normal both started without "
    "normalisation, zeros has exactly no backward signal, and small_normal has a last hidden layer with root mean square of z "
    f"at most {NEAR_ZERO:g}. The derivative near 0 is measured there as √δ²_H / ‖W_H+1‖. Holds if it is below {SMALL_SLOPE:g}: "
    "otherwise the zero comes from the weights, which multiply the signal first.",
    figure="backward_signal",
)
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
        text = f"signal exactly 0, though the slope near 0 is {mean_range(slopes)}"
        found.append(CellVerdict(cell, float(slopes.mean()) < SMALL_SLOPE, float(slopes.mean()), text))
    return found


@claim(
    "zero-stalls",
    statement="Training from zero stalls: the loss does not fall below that of predicting class frequencies",
    statement_zh="训练停滞，无法收敛",
    rule="Cells: scheme zeros, trained, every depth and normalisation, at the cell's chosen learning rate. Holds if every run is "
    "stalled within the budget (lowest recorded training loss at least the declared share, 0.95 by default, of the label "
    "entropy).",
    figure="run_status",
)
def zero_stalls(tables):
    """Stalled runs from zero."""
    chosen = chosen_runs(tables)
    found = []
    for cell, part in cells(chosen[chosen["kind"] == "zeros"]):
        stalled = part["status"] == "stalled"
        found.append(
            CellVerdict(
                cell, bool(stalled.all()), float(stalled.mean()), share(stalled.sum(), len(part), "runs stalled")
            )
        )
    return found


@claim(
    "zero-performance",
    statement="The network trained from zero performs badly: no useful feature is learned",
    statement_zh="模型性能差",
    rule="Cells: scheme zeros, trained, every depth and normalisation, at the cell's chosen learning rate. Holds if no run learns "
    "more than the class frequencies (all are stalled or diverged), and the mean test accuracy (diverged runs as 0) lies at "
    "least 0.2 below the best mean that any start other than zeros and constants reaches on the same data.",
    figure="test_accuracy",
)
def zero_performance(tables):
    """Accuracy from zero against what the data allow."""
    return poor_performance(tables, "zeros")
