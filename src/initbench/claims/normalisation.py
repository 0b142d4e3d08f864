"""Claims on batch normalisation."""

import numpy as np
import pandas as pd
import scipy

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import NETWORK, NETWORK_AXES, cells, chosen_runs, hidden_at_start, mostly
from initbench.claims.quantities import Quantity, between, count, estimate, number
from initbench.statistics.paired import holm

NORMAL = 0.01  # how far a mean may be from 0 and a standard deviation from 1
BEHIND = 0.05  # test accuracy below the best start from which on a start is worse in earnest
LEVEL = 0.05  # of the two-sided test, all cells together


@claim("batchnorm-normalises", figure="backward_signal", values={"near": NORMAL})
def batchnorm_normalises(tables):
    """Mean and deviation of what enters the activation."""
    columns = ["preactivation_mean", "preactivation_std", "activation_mean"]
    frame = hidden_at_start(tables, columns, normalization="batch")
    found = []
    for cell, part in cells(frame):
        mean = float(part["preactivation_mean"].abs().max())
        low, high = part["preactivation_std"].min(), part["preactivation_std"].max()
        off = max(mean, abs(low - 1), abs(high - 1))
        measured = (
            number("off_normal", off),
            between("deviation_of_z", low, high),
            number("mean_of_z", mean),
            number("mean_of_phi", part["activation_mean"].mean()),
        )
        found.append(CellVerdict(cell, bool(off <= NORMAL), float(off), measured))
    return found


@claim("batchnorm-robust", figure="test_accuracy", values={"behind": BEHIND, "level": LEVEL})
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
    return gain, error, float(2 * scipy.special.stdtr(seeds - 1, -abs(gain) / error))


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


def _spread(means: np.ndarray, gain: float, error: float, p: float) -> tuple[Quantity, ...]:
    """What was measured; means (2, starts): without and under batch normalisation."""
    near = (means >= means.max() - BEHIND).sum(axis=1)
    return (
        estimate("variance_gain", gain, error),
        number("adjusted_p", p),
        between("means_without", means[0].min(), means[0].max()),
        between("means_with", means[1].min(), means[1].max()),
        count("near_without", near[0], means.shape[1]),
        count("near_with", near[1], means.shape[1]),
    )
