"""Claims on batch normalisation."""

import numpy as np
import pandas as pd
import scipy.stats

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import NETWORK, NETWORK_AXES, cells, chosen_runs, hidden_at_start, mostly
from initbench.statistics.paired import holm

NORMAL = 0.01  # how far a mean may be from 0 and a standard deviation from 1
BEHIND = 0.05  # test accuracy below the best start from which on a start is worse in earnest
LEVEL = 0.05  # of the two-sided test, all cells together


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
    "trained on at least three seeds both with batch normalisation and without, at each cell's chosen learning rate; where in "
    "each arm some start learns (90 % of its runs neither stalled nor diverged), and "
    f"some start's mean lies {BEHIND:g} of test accuracy below the best of both arms (else there is nothing to be sensitive to). "
    "Sensitivity: the variance over starts of their mean test accuracy (diverged as 0), less what noise adds to it: the residual "
    "mean square of starts × seeds, over the number of seeds. Holds if it is lower under batch normalisation by a t test of the "
    f"difference jackknifed over seeds, p adjusted by Holm over the cells below {LEVEL:g}. A network that no start trains in one arm is "
    "no cell, since starts that all fail do not differ: where batch normalisation is what makes it train, as of deep sigmoid networks, "
    "that says more than a spread over starts.",
    figure="test_accuracy",
)
def batchnorm_robust(tables):
    """Variance over starts with and without, the starts of either arm on the same seeds."""
    chosen = chosen_runs(tables)
    chosen = chosen[
        (chosen["kind"] == "other") & (chosen["depth"] > 0) & chosen["normalization"].isin(["none", "batch"])
    ]
    judged = []
    for cell, part in cells(chosen, NETWORK, NETWORK_AXES):
        arms = _arms(part)
        if arms is not None and all(_some_start_learns(part, name) for name in arms):
            means = np.stack([scores.mean(axis=0) for scores in arms.values()])
            if means.min() <= means.max() - BEHIND:
                judged.append((cell, means, *less_sensitive(arms["none"], arms["batch"])))
    adjusted = holm([p for *_, p in judged])
    return [
        CellVerdict(cell, bool(p < LEVEL and gain > 0), gain, _spread(means, gain, error, p))
        for (cell, means, gain, error, _), p in zip(judged, adjusted, strict=True)
    ]


def variance_over_starts(scores: np.ndarray) -> float:
    """Variance of the means over seeds of (seeds, starts), less what noise adds: without bias, so it may be negative.

    The two-way layout without replication: noise is what starts and seeds do not explain (Searle et al. 1992, ch. 4).
    """
    seeds, starts = scores.shape
    means = scores.mean(axis=0)
    rest = scores - means - scores.mean(axis=1, keepdims=True) + scores.mean()
    noise = np.square(rest).sum() / ((seeds - 1) * (starts - 1))
    return float(np.var(means, ddof=1) - noise / seeds)


def less_sensitive(without: np.ndarray, under: np.ndarray) -> tuple[float, float, float]:
    """(difference of `variance_over_starts` without and under normalisation, its jackknife error, two-sided p).

    Both (seeds, starts), of the same seeds, three at least. Of a difference that no seed changes the p is 0, or 1 if it is 0.
    """
    seeds = len(without)
    gain = variance_over_starts(without) - variance_over_starts(under)
    kept = [np.arange(seeds) != seed for seed in range(seeds)]
    left_out = np.array([variance_over_starts(without[k]) - variance_over_starts(under[k]) for k in kept])
    error = float(np.sqrt((seeds - 1) * np.square(left_out - left_out.mean()).mean()))
    if error <= 1e-12:
        return gain, error, float(abs(gain) <= 1e-12)
    return gain, error, float(2 * scipy.stats.t.sf(abs(gain) / error, seeds - 1))


def _arms(part: pd.DataFrame) -> dict[str, np.ndarray] | None:
    """Test accuracy (seeds, starts) of both arms, of the starts and seeds that both have; None if they are too few."""
    scores = part.pivot(index="seed", columns=["normalization", "scheme"], values="test_accuracy").dropna()
    shared = sorted(set.intersection(*({s for arm, s in scores.columns if arm == name} for name in ("none", "batch"))))
    if len(shared) < 2 or len(scores) < 3:
        return None
    return {name: scores[name][shared].to_numpy(dtype=float) for name in ("none", "batch")}


def _some_start_learns(part: pd.DataFrame, normalization: str) -> bool:
    arm = part[part["normalization"] == normalization]
    learned = ~arm["status"].isin(["stalled", "diverged"])
    return any(mostly(runs) for _, runs in learned.groupby(arm["scheme"]))


def _spread(means: np.ndarray, gain: float, error: float, p: float) -> str:
    """The evidence; means (2, starts): without and under batch normalisation."""
    near = (means >= means.max() - BEHIND).sum(axis=1)
    lows, highs = means.min(axis=1), means.max(axis=1)
    return (
        f"means over seeds {lows[0]:.3f} to {highs[0]:.3f} without, {lows[1]:.3f} to {highs[1]:.3f} with; {near[0]} and {near[1]} "
        f"of {means.shape[1]} starts within {BEHIND:g} of the best; variance over starts less noise lower by {gain:.2g} ± "
        f"{error:.1g} (jackknife over seeds), adjusted p = {p:.2g}"
    )
