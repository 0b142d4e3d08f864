"""Measure shards of several shapes and fit the coefficients of initbench.study.cost: python benchmarks/cost_model.py

Prints each shard's measured and fitted seconds, then the coefficients, non-negative least squares of relative errors.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import time

import numpy as np
from scipy.optimize import nnls

from initbench.datasets.loading import prepare
from initbench.engine.training import train_shard
from initbench.study import cost
from initbench.study.cells import Cell, Shard, Training

SCHEME = "he_normal"


def shards():
    """Trained and untrained shards over widths, depths, activations and budgets."""
    rates = (0.003, 0.03, 0.3)
    trained = [(32, 20, 5, 300, 3), (64, 20, 3, 100, 7), (64, 1, 10, 100, 7), (64, 5, 5, 10, 7), (128, 10, 2, 100, 7),
               (256, 10, 1, 60, 7), (16, 3, 10, 100, 7), (64, 10, 3, 400, 3), (128, 3, 5, 30, 12)]  # fmt: skip
    for width, depth, seeds, steps, records in trained:
        training = Training(steps=steps, learning_rates=rates, records=records)
        for activation, normalization in (("tanh", "none"), ("relu", "none"), ("tanh", "batch")):
            cell = Cell("digits", width, depth, activation, normalization, SCHEME)
            yield Shard(cell, tuple(range(seeds)), training)
    for width, depth, seeds in ((256, 20, 6), (256, 10, 10), (128, 10, 10), (64, 20, 10), (512, 3, 5), (32, 5, 10)):
        cell = Cell("digits", width, depth, "tanh", "none", SCHEME)
        yield Shard(cell, tuple(range(seeds)), Training(steps=0, learning_rates=()))


def timed(shard: Shard) -> float:
    """Seconds to train a shard, the better of two."""
    splits = prepare(shard.cell.dataset, shard.seeds, 0)
    taken = []
    for _ in range(2):
        start = time.perf_counter()
        train_shard(shard.cell, shard.seeds, shard.training, splits)
        taken.append(time.perf_counter() - start)
    return min(taken)


if __name__ == "__main__":
    names = list(cost.COEFFICIENTS)
    tried = list(shards())
    measured = np.array([timed(shard) for shard in tried])
    rows = np.array([[(s.cell.depth + 1) * cost.amounts(s).get(name, 0.0) for name in names] for s in tried])
    fitted, _ = nnls(rows / measured[:, None], np.ones(len(tried)))
    for shard, taken, estimate in zip(tried, measured, rows @ fitted, strict=True):
        print(f"{taken:7.3f} s measured, {estimate:7.3f} s fitted: {shard.cell}, {shard.training.steps} steps")
    ratio = rows @ fitted / measured
    print(f"fitted / measured: median {np.median(ratio):.2f}, from {ratio.min():.2f} to {ratio.max():.2f}")
    for name, value in zip(names, fitted, strict=True):
        print(f'    "{name}": {value:.2g},')
