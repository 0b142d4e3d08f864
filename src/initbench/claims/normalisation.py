"""Claims on batch normalisation."""

import numpy as np

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import NETWORK, NETWORK_AXES, cells, chosen_runs, hidden_at_start

NORMAL = 0.01  # how far a mean may be from 0 and a standard deviation from 1
ERRORS = 2.0  # standard errors that a mean difference must exceed


@claim(
    "batchnorm-normalises",
    statement="Batch normalisation gives every layer zero-mean unit-variance inputs",
    statement_zh="批量归一化使输入均值 0、方差 1",
    rule="Cells: every start under batch normalisation at step 0, every hidden layer and draw, z being what enters the activation. "
    f"Holds if |mean of z| and |standard deviation of z − 1| are at most {NORMAL:g} in all of them. What the next layer receives, "
    "φ(z), is quoted beside it.",
    figure="backward_signal",
)
def batchnorm_normalises(tables):
    """Mean and deviation of what enters the activation."""
    columns = ["preactivation_mean", "preactivation_std", "activation_mean"]
    frame = hidden_at_start(tables, columns, normalization="batch")
    found = []
    for cell, part in cells(frame):
        mean = float(part["preactivation_mean"].abs().max())
        low, high = part["preactivation_std"].min(), part["preactivation_std"].max()
        off = max(mean, abs(low - 1), abs(high - 1))
        text = f"|mean| up to {mean:.1g}, deviation {low:.4g} to {high:.4g}; mean of φ(z) {part['activation_mean'].mean():.2g}"
        found.append(CellVerdict(cell, bool(off <= NORMAL), float(off), text))
    return found


@claim(
    "batchnorm-robust",
    statement="Batch normalisation makes the result less sensitive to the initialisation",
    statement_zh="降低对初始化的敏感性",
    rule="Cells: data, width, depth (one at least) and activation where at least two starts other than zeros and constants were "
    "trained both with batch normalisation and without, at each cell's chosen learning rate. Sensitivity of a seed: test accuracy "
    "(diverged as 0) of its best start less that of its worst. Holds if it is lower under batch normalisation by more than "
    f"{ERRORS:g} standard errors of the mean paired difference over seeds.",
    figure="test_accuracy",
)
def batchnorm_robust(tables):
    """Spread of accuracy over starts, with and without, paired by seed."""
    chosen = chosen_runs(tables)
    chosen = chosen[
        (chosen["kind"] == "other") & (chosen["depth"] > 0) & chosen["normalization"].isin(["none", "batch"])
    ]
    found = []
    for cell, part in cells(chosen, NETWORK, NETWORK_AXES):
        both = part.groupby("scheme")["normalization"].nunique()
        part = part[part["scheme"].isin(both.index[both == 2])]
        if part["scheme"].nunique() < 2:
            continue
        accuracy = (
            part.groupby(["seed", "normalization"])["test_accuracy"].agg(np.ptp).unstack("normalization").dropna()
        )
        gain = accuracy["none"] - accuracy["batch"]
        error = float(gain.std(ddof=1) / np.sqrt(len(gain))) if len(gain) > 1 else np.inf
        text = (
            f"best less worst {accuracy['none'].mean():.3f} without, {accuracy['batch'].mean():.3f} with; difference "
            f"{gain.mean():.3f} ± {error:.3f} (standard error over {len(gain)} seeds)"
        )
        found.append(CellVerdict(cell, bool(gain.mean() > ERRORS * error), float(gain.mean()), text))
    return found
