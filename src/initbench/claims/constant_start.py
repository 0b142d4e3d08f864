"""Claims on the start from one non-zero constant."""

import numpy as np

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import cells, hidden_at_start, mean_range, mostly, share, signal_at_start
from initbench.claims.shared import poor_performance, symmetric_throughout

SILENT = 0.01  # deviation over inputs, relative to the size of the activations, below which they ignore the input
SMALL_GAIN, LARGE_GAIN = 0.9, 1.1  # n·|c| up to which a constant counts as too small, from which on as too large


@claim(
    "constant-symmetry",
    statement="Any one non-zero constant gives the same symmetry, at every step of training",
    statement_zh="相同非零值同样存在对称性",
    rule="Cells: every constant start, trained, at least one hidden layer, every normalisation. Holds if every hidden layer has "
    "one distinct unit, by its activations and by its weight gradients, at every recorded step of every run at every learning "
    "rate, up to where it diverged.",
    figure="distinct_units",
)
def constant_symmetry(tables):
    """Units under a constant start."""
    return symmetric_throughout(tables, "constant")


@claim(
    "constant-performance",
    statement="The network trained from one constant learns no useful feature and performs badly",
    statement_zh="网络无法学习到有用的特征",
    rule="Cells: every constant start, trained, every depth and normalisation, at the cell's chosen learning rate. Holds if no run learns "
    "more than the class frequencies (all are stalled or diverged), and the mean test accuracy (diverged runs as 0) lies at "
    "least 0.2 below the best mean that any start other than zeros and constants reaches on the same data.",
    figure="test_accuracy",
)
def constant_performance(tables):
    """Accuracy from a constant against what the data allow."""
    return poor_performance(tables, "constant")


@claim(
    "constant-output",
    statement="With one constant the output does not reflect changes of the input",
    statement_zh="输出无法反映输入的变化",
    rule="Cells: every constant start at step 0, at least one hidden layer, every normalisation. Holds if in the last hidden layer "
    f"the standard deviation of activations over inputs is below {SILENT:g} of their root mean square, on the mean over draws.",
    figure="activation_spread",
)
def constant_output(tables):
    """How far the last hidden layer depends on the input."""
    frame = hidden_at_start(tables, ["activation_second_moment", "activation_std_over_inputs"])
    found = []
    for cell, part in cells(frame[(frame["kind"] == "constant") & (frame["layer"] == frame["depth"])]):
        size = np.sqrt(part["activation_second_moment"].to_numpy(dtype=float))
        spread = part["activation_std_over_inputs"].to_numpy(dtype=float)
        ratio = np.divide(spread, size, out=np.zeros_like(spread), where=size > 0)
        text = f"deviation over inputs / size {mean_range(ratio)}"
        found.append(CellVerdict(cell, float(ratio.mean()) < SILENT, float(ratio.mean()), text))
    return found


@claim(
    "constant-vanishes",
    statement="A constant too small makes gradients vanish",
    statement_zh="初始化值过小会梯度消失",
    rule="Cells: constant starts without normalisation at step 0, every depth from two hidden layers on, n·|c| at most "
    f"{SMALL_GAIN:g}. Holds if the gradient is vanishing or zero (δ²_1/δ²_H of an independent cotangent below the declared "
    "threshold, 0.01 by default) in at least 90 % of the draws.",
    figure="constant_factor",
)
def constant_vanishes(tables):
    """The regime of small constants."""
    return _regimes(tables, lambda gain: gain <= SMALL_GAIN, {"vanishing", "zero"})


@claim(
    "constant-explodes",
    statement="A constant too large makes gradients explode",
    statement_zh="初始化值过大会梯度爆炸",
    rule="Cells: constant starts without normalisation at step 0, every depth from two hidden layers on, n·|c| at least "
    f"{LARGE_GAIN:g}. Holds if the gradient is exploding (δ²_1/δ²_H of an independent cotangent above the declared threshold, "
    "100 by default) in at least 90 % of the draws.",
    figure="constant_factor",
)
def constant_explodes(tables):
    """The regime of large constants."""
    return _regimes(tables, lambda gain: gain >= LARGE_GAIN, {"exploding"})


def _regimes(tables, is_gain, regimes: set[str]) -> list[CellVerdict]:
    """Share of draws in some regimes, for the constants whose n·|c| `is_gain` accepts."""
    frame = signal_at_start(tables, ["gradient_factor", "gradient_regime"], normalization="none")
    frame = frame[(frame["kind"] == "constant") & frame["gradient_regime"].notna()]
    frame = frame[is_gain((frame["value"] * frame["width"]).abs())]
    found = []
    for cell, part in cells(frame):
        there = part["gradient_regime"].isin(regimes)
        factor = part["gradient_factor"].median()
        size = f"median factor {factor:.3g} a layer" if np.isfinite(factor) else "a signal of exactly 0 or not finite"
        text = f"{share(there.sum(), len(there), 'draws ' + ' or '.join(sorted(regimes)))}, {size}"
        found.append(CellVerdict(cell, mostly(there), float(there.mean()), text))
    return found
