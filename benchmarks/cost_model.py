"""Measure shards of many shapes on data of many sizes, and fit the coefficients of initbench.study.cost: python benchmarks/cost_model.py

Prints each shard's measured and fitted seconds, then the coefficients: non-negative least squares of relative errors, in which errors of
more than a quarter weigh less. Seconds are of processor time, and those of a machine on which the work of initbench.study.speed takes
REFERENCE: each is divided by how fast this one was at that moment, so that other work on it does little harm.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import sys
import time
from dataclasses import replace

import numpy as np
from scipy.optimize import nnls

from initbench.datasets.splits import Splits
from initbench.engine.training import train_shard
from initbench.study import cost
from initbench.study.cells import Cell, Shard, Training
from initbench.study.cost import DIGITS, DataShape
from initbench.study.speed import REFERENCE, probe

TRIED = 200  # trained shards; untrained ones beside them
RATES = (0.001, 0.01, 0.05)
MOST = 2e10  # products that one shard may take
SHAPES = (
    *[DIGITS] * 4, DataShape(178, 13, 3), DataShape(100, 2, 2), DataShape(569, 30, 2), DataShape(5000, 20, 3), DataShape(20_000, 30, 2),
    DataShape(20_000, 300, 10), DataShape(100_000, 30, 2), DataShape(5000, 300, 5),
)  # fmt: skip
LARGE = 20_000  # rows from which on two seeds are enough
AXES = {
    "width": (8, 16, 32, 64, 64, 128, 256, 512),
    "depth": (1, 2, 3, 6, 10, 20),
    "activation": ("relu", "tanh", "sigmoid", "gelu", "relu", "tanh"),
    "normalization": ("none", "none", "batch", "layer"),
    "scheme": ("he_normal", "xavier_tanh", "zeros", "constant(0.1)", "he_normal"),
    "architecture": ("mlp", "mlp", "residual_mlp", "convnet", "convnet"),
    "optimizer": ("sgd", "sgd", "adam"),
}


def tried() -> list[tuple[Shard, DataShape]]:
    """Trained shards drawn over all axes, with the shape of their data, and untrained ones."""
    rng, found = np.random.default_rng(7), []
    while len(found) < TRIED:
        shape = SHAPES[rng.integers(len(SHAPES))]
        cell = Cell("digits", **{axis: rng.choice(values).item() for axis, values in AXES.items()})
        if shape != DIGITS:
            cell = replace(cell, architecture="mlp")  # convolutions need images
        seeds = 2 if shape.rows >= LARGE else rng.choice((2, 4, 10)).item()
        batch = 32 if shape.rows < 200 else rng.choice((32, 64, 100)).item()
        training = Training(
            rng.choice((20, 100, 300)).item(), RATES[: rng.choice((1, 3))], batch, records=rng.choice((2, 7, 9)).item()
        )
        shard = Shard(cell, tuple(range(seeds)), training)
        if sum(amount for name, amount in cost.amounts(shard, shape).items() if name in PRODUCTS) < MOST:
            found.append((shard, shape))
    start = Training(steps=0, learning_rates=())
    for width, depth, seeds in ((256, 20, 4), (256, 10, 6), (128, 10, 10), (64, 20, 10), (128, 3, 5), (16, 2, 6)):
        cells = [Cell("digits", width, depth, "tanh", "none", scheme) for scheme in ("he_normal", "constant(0.1)")]
        found += [(Shard(cell, tuple(range(seeds)), start), DIGITS) for cell in cells]
    return found


PRODUCTS = ("step_products", "step_copies", "seen_products", "seen_copies")


def made_up(shape: DataShape, seeds: tuple[int, ...]) -> Splits:
    """Random data of a shape, split for these seeds."""
    rng = np.random.default_rng(0)
    rows = np.stack([rng.permutation(shape.rows) for _ in seeds])
    parts = np.split(rows, [int(0.6 * shape.rows), int(0.8 * shape.rows)], axis=1)
    features, labels = rng.standard_normal(shape[:2]), rng.integers(0, shape.classes, shape.rows)
    zeros = np.zeros((len(seeds), shape.features))
    return Splits(features, labels, np.arange(shape.classes), np.array(seeds), *parts, zeros, zeros + 1)


def timed(shard: Shard, shape: DataShape) -> float:
    """Seconds of the reference machine to train a shard, the better of two."""
    splits, taken = made_up(shape, shard.seeds), []
    for _ in range(2):
        speed, start = REFERENCE / probe(), time.process_time()
        train_shard(shard.cell, shard.seeds, shard.training, splits)
        taken.append((time.process_time() - start) * speed)
    return min(taken)


def fitted(rows: np.ndarray, measured: np.ndarray) -> np.ndarray:
    """Coefficients by relative errors; those of a quarter and more weigh less."""
    weight = 1 / np.maximum(measured, 0.005)
    robust = weight
    for _ in range(15):
        found, _ = nnls(rows * robust[:, None], measured * robust)
        error = np.abs(np.log(np.maximum(rows @ found / measured, 1e-3)))
        robust = weight * np.sqrt(np.minimum(1, 0.25 / np.maximum(error, 1e-9)))
    return found


if __name__ == "__main__":
    shards = tried()
    for shard, shape in shards[:20]:  # machine code is compiled before anything is timed
        train_shard(
            shard.cell, shard.seeds[:1], Training(steps=1, records=2, batch_size=32), made_up(shape, shard.seeds[:1])
        )
    measured = np.array([timed(*each) for each in shards])
    amounts = [cost.amounts(*each) for each in shards]
    names = list(dict.fromkeys(name for each in amounts for name in each))
    rows = np.array([[each.get(name, 0.0) for name in names] for each in amounts])
    found = fitted(np.c_[np.ones(len(rows)), rows], measured)
    ratio = (found[0] + rows @ found[1:]) / measured
    for (shard, shape), taken, error in zip(shards, measured, ratio, strict=True):
        print(
            f"{taken:7.3f} s measured, × {error:.2f} fitted: {shard.cell}, {shard.training.steps} steps, {tuple(shape)}"
        )
    within = np.mean((ratio < 1.5) & (ratio > 1 / 1.5))
    print(
        f"fitted / measured: median {np.median(ratio):.2f}, from {ratio.min():.2f} to {ratio.max():.2f}; {within:.0%} within 1.5"
    )
    for name, value in zip(["one shard", *names], found, strict=True):
        sys.stdout.write(f'    "{name}": {value:.2g},\n' if value else "")
