"""Training one ensemble to its last step, and what is recorded on the way."""

from collections.abc import Sequence

import numpy as np

from initbench.base.subnormals import subnormals_as_zero
from initbench.datasets.splits import SeedData
from initbench.engine.ensemble import Ensemble
from initbench.engine.evaluation import evaluate_groups, label_entropy
from initbench.engine.record import Columns, Record, after_start
from initbench.engine.schedule import SeedGroup, fill_batch, recorded_steps, seed_groups
from initbench.network.layer import Network
from initbench.network.products import Products
from initbench.optimizers import build as build_optimizer
from initbench.probes.batch import ProbeBatch, measure_networks
from initbench.study.cells import Cell, Training

EVALUATED = [f"{part}_{what}" for part in ("train", "valid", "test") for what in ("loss", "accuracy")]


def train_ensemble(
    cell: Cell,
    network: Network,
    training: Training,
    data: Sequence[SeedData],
    seeds: Sequence[int],
    rates: np.ndarray,
    start: np.ndarray,
    batch: ProbeBatch,
    measured: tuple[Columns, Columns],
    products: Products,
    factors: np.ndarray | None = None,
) -> Record:
    """Train starts at their learning rates, and record them. cell: one of theirs, which differ in their schemes only.

    data, seeds, rates (starts, R), batch, start (flat parameters), measured ((layers, signal) at step 0), factors of the rate
    of each array, if schemes state some: one entry a start.
    """
    each, steps = rates.shape[1], recorded_steps(training)
    groups = seed_groups(data, seeds, training, each)
    optimizer, samples = build_optimizer(cell.optimizer, vars(training)), groups[0].batches.shape[1]
    ensemble = Ensemble(network, optimizer, start, rates, samples, training.dtype, products, factors)
    history, stacks, updates = run(ensemble, groups, training)
    final = {name: history.pop(name)[:, -1] for name in ("test_loss", "test_accuracy")} | {
        "diverged_step": ensemble.diverged_step,
        "label_entropy": np.repeat([label_entropy(d) for d in data], each),
    }
    seen = batch.at(np.repeat(np.arange(len(seeds)), each), ensemble.flat.dtype)
    later = measure_networks(network, stacks, seen, training.saturation, updates, products, training.changes)
    layers, signal = after_start(measured, later, ensemble.diverged_step, steps)
    runs = [(seed, rate) for seed, own in zip(seeds, rates.tolist(), strict=True) for rate in own]
    return Record(runs, steps, history, signal, layers, final)


def run(ensemble: Ensemble, groups: Sequence[SeedGroup], training: Training):
    """Train to the last step: (history at every recorded step, parameters and last updates at those after step 0)."""
    samples, members, dtype = groups[0].batches.shape[1], len(ensemble.flat), ensemble.flat.dtype
    inputs = np.empty((members, samples, *ensemble.network.inputs), dtype)
    targets = np.empty((members, samples, ensemble.network.classes), dtype)
    recorded = set(recorded_steps(training).tolist())
    rows, stacks, updates = [_evaluate_start(ensemble, groups)], [], []
    # A run that overflows is caught by its loss and frozen; the others' numbers are unaffected.
    with np.errstate(over="ignore", invalid="ignore"), subnormals_as_zero():
        for step in range(1, training.steps + 1):
            fill_batch(groups, step, inputs, targets)
            ensemble.update(step, inputs, targets)
            if step in recorded:
                rows.append(_evaluate(ensemble, groups, step, step == training.steps))
                stacks.append(ensemble.flat.copy())
                updates.append(ensemble.last_update(step))
    return {name: np.stack([row[name] for row in rows], axis=1) for name in rows[0]}, stacks, updates


def _evaluate(ensemble: Ensemble, groups, step: int, last: bool) -> Columns:
    """Losses and accuracies on whole splits, at the last step on the test split too (NaN before).

    A loss or parameter that is not finite marks the run as diverged.
    """
    ensemble.freeze(~np.isfinite(ensemble.flat).all(axis=1), step)
    row = _losses(ensemble, groups, ("train", "valid", "test") if last else ("train", "valid"))
    seen = ("train_loss", "valid_loss", "test_loss") if last else ("train_loss", "valid_loss")
    ensemble.freeze(~np.all([np.isfinite(row[name]) for name in seen], axis=0), step)
    return _unless_diverged(ensemble, row)


def _evaluate_start(ensemble: Ensemble, groups) -> Columns:
    """Step 0 as `_evaluate` gives it: learning rates start alike, so each start is evaluated once."""
    rows = _losses(ensemble, groups, ("train", "valid"), ensemble.each)
    row = {name: np.repeat(values, ensemble.each) for name, values in rows.items()}
    ensemble.freeze(~(np.isfinite(row["train_loss"]) & np.isfinite(row["valid_loss"])), 0)
    return _unless_diverged(ensemble, row)


def _losses(ensemble: Ensemble, groups, parts: Sequence[str], each: int = 1) -> Columns:
    """Columns of all parts, NaN of those that were not asked for."""
    found = evaluate_groups(ensemble.network, ensemble.parameters, groups, parts, ensemble.products, each)
    count = len(found["train_loss"])
    return {name: found.get(name, np.full(count, np.nan)) for name in EVALUATED}


def _unless_diverged(ensemble: Ensemble, row: Columns) -> Columns:
    """The columns with NaN for runs that have diverged."""
    diverged = ensemble.diverged_step >= 0
    return {name: np.where(diverged, np.nan, values) for name, values in row.items()}
