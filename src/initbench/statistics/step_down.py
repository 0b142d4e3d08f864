"""All pairs of schemes at once: p adjusted for their number by a step-down of the largest statistic under common flips."""

import numpy as np

from initbench.base.randomness import keyed
from initbench.statistics.paired import MOST_NUMBERS

EXACT_SEEDS = 13  # up to 4096 vectors of signs are enumerated; beyond, as many are drawn
VECTORS = 4095


def sign_vectors(seeds: int) -> np.ndarray:
    """Signs (vectors, seeds), the first all +1: all that differ by more than a common sign, or VECTORS drawn ones more."""
    if seeds <= EXACT_SEEDS:
        numbers = np.arange(2 ** max(seeds - 1, 0))
        return 1 - 2 * ((numbers[:, None] >> np.arange(seeds)) & 1)
    drawn = keyed(0, "common sign flips", seeds).choice((-1, 1), (VECTORS, seeds))
    return np.concatenate([np.ones((1, seeds), dtype=int), drawn])


def step_down(d, resolution=0.0) -> np.ndarray:
    """p of every row of paired differences d (pairs, seeds), adjusted for all rows: no false row at α in 1 − α of studies.

    The statistic is |Σd| / ‖d‖, which orders as Student's |t| does, so that an unstable pair does not hide a steady one. One
    vector of signs flips all rows of a seed alike; a row's p is the share of vectors for which the largest statistic of
    the rows that are not clearer than it reaches its own (Westfall & Young 1993, algorithm 4.1; Romano & Wolf 2005). Exact if
    the differences of the equal pairs are jointly symmetric about 0, which runs with symmetric noise are. A seed that a
    pair lacks is 0. resolution: of all or of each difference.
    """
    d = np.asarray(d, dtype=float)
    norm = np.linalg.norm(d, axis=1)
    scale = np.where(norm > 0, norm, 1.0)
    statistic = np.abs(d.sum(axis=1)) / scale
    reach = statistic - 1e-9 - np.broadcast_to(resolution, d.shape).sum(axis=1) / scale
    order = np.argsort(-statistic, kind="stable")[::-1]  # the least clear first
    unit, reach, signs = (d / scale[:, None])[order].T, reach[order], sign_vectors(d.shape[1])
    parts = np.array_split(signs, max(1, len(signs) * len(d) // MOST_NUMBERS))
    reached = sum(np.sum(np.maximum.accumulate(np.abs(part @ unit), axis=1) >= reach, axis=0) for part in parts)
    adjusted = np.empty(len(d))
    adjusted[order] = np.maximum.accumulate((reached / len(signs))[::-1])[::-1]
    return adjusted
