"""How much the start matters: the variance over starts, compared between two values of one axis of the network."""

import numpy as np
import pandas as pd
import scipy

from initbench.claims import CellVerdict
from initbench.claims.measures import CELL_AXES, cells, mostly
from initbench.claims.quantities import Quantity, between, count, estimate, number
from initbench.statistics.paired import holm
from initbench.study.cells import BLOCK
from initbench.tables import views

BEHIND = 0.05  # test accuracy below the best start from which on a start is worse in earnest
LEVEL = 0.05  # of the two-sided test, all cells together


def less_sensitive_under(chosen: pd.DataFrame, axis: str, arms: tuple[str, str]) -> list[CellVerdict]:
    """Whether the start matters less under the second value of an axis than under the first, network by network.

    chosen: rows of `measures.chosen_runs`. A network is judged where in either arm some start learns, and some start's mean
    lies BEHIND the best of both; by random starts that both arms have, on the same seeds. p is adjusted over the networks.
    """
    chosen = chosen[(chosen["kind"] == "other") & (chosen["depth"] > 0) & chosen[axis].isin(arms)]
    network, axes = ([key for key in keys if key not in (axis, "scheme")] for keys in (BLOCK, CELL_AXES))
    judged = []
    for cell, part in cells(chosen, network, axes):
        scores = _scores(part, axis, arms)
        if scores is not None and all(_some_start_learns(part[part[axis] == arm]) for arm in arms):
            means = np.stack([each.mean(axis=0) for each in scores])
            if means.min() <= means.max() - BEHIND:
                judged.append((cell, means, *less_sensitive(*scores)))
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
    """(difference of `variance_over_starts` in the first arm and in the second, its jackknife error, two-sided p).

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


def _scores(part: pd.DataFrame, axis: str, arms: tuple[str, str]) -> list[np.ndarray] | None:
    """Test accuracy (seeds, starts) of both arms, of the starts and seeds that both have; None if they are too few."""
    scores = part.pivot(index="seed", columns=[axis, "scheme"], values="test_accuracy").dropna()
    shared = sorted(set.intersection(*({scheme for arm, scheme in scores.columns if arm == name} for name in arms)))
    if len(shared) < 2 or len(scores) < 3:
        return None
    return [scores[name][shared].to_numpy(dtype=float) for name in arms]


def _some_start_learns(arm: pd.DataFrame) -> bool:
    learned = views.learned(arm["status"])
    return any(mostly(runs) for _, runs in learned.groupby(arm["scheme"]))


def _spread(means: np.ndarray, gain: float, error: float, p: float) -> tuple[Quantity, ...]:
    """What was measured; means (2, starts): without what the claim speaks of, and with it."""
    near = (means >= means.max() - BEHIND).sum(axis=1)
    return (
        estimate("variance_gain", gain, error),
        number("adjusted_p", p),
        between("means_without", means[0].min(), means[0].max()),
        between("means_with", means[1].min(), means[1].max()),
        count("near_without", near[0], means.shape[1]),
        count("near_with", near[1], means.shape[1]),
    )
