"""A few stacked runs in training: updates, divergence, evaluation and what is recorded on the way."""

import math
from typing import NamedTuple

import numpy as np

from initbench.activations import Activation
from initbench.base.randomness import keyed
from initbench.datasets.splits import SeedData
from initbench.engine.evaluation import evaluate, initial_statistics, label_entropy
from initbench.engine.record import ShardResult
from initbench.network import kernels as fused
from initbench.network import passes as network
from initbench.network.memory import (
    CACHE_LINE,
    Architecture,
    LayerParameters,
    aligned,
    allocate,
    split,
    split_layer,
)
from initbench.probes import measure as probes
from initbench.probes.batch import Probe, measure_in_parts
from initbench.probes.rounding import unit_classes
from initbench.study.cells import Training

BATCHNORM_MOMENTUM = 0.1  # weight of the newest batch in the running statistics


def recorded_steps(training: Training) -> np.ndarray:
    """0, 1, and log-spaced steps up to the last: about `records` after step 0."""
    if training.steps == 0:
        return np.array([0])
    spaced = np.geomspace(1, training.steps, training.records)
    return np.unique(np.concatenate([[0], np.round(spaced)]).astype(int))


def batch_order(seed: int, samples: int, training: Training) -> np.ndarray:
    """Rows of every batch, (batches, batch size): an own permutation each epoch, keyed by the seed alone.

    What does not fill a batch is left for the next epoch's draw. With batch_size 0, one batch of everything.
    """
    if training.batch_size == 0:
        return np.arange(samples)[None]
    if training.batch_size > samples:
        raise ValueError(f"batch_size {training.batch_size} exceeds the training split of {samples} samples")
    rng = keyed(training.study_seed, "batches", seed)
    per_epoch = samples // training.batch_size
    epochs = -(-training.steps // per_epoch)
    used = per_epoch * training.batch_size
    return np.concatenate([rng.permutation(samples)[:used].reshape(per_epoch, -1) for _ in range(epochs)])


class _Group:
    """Neighbouring starts `first` up to `last` of one seed: their data in the training's dtype, and their batches."""

    def __init__(self, data: SeedData, seed: int, first: int, last: int, training: Training, dtype):
        self.data, self.first, self.last = data, first, last
        self.inputs = {name: getattr(data, f"{name}_inputs").astype(dtype) for name in ("train", "valid", "test")}
        self.targets = np.eye(data.classes, dtype=dtype)[data.train_labels]
        self.batches = batch_order(seed, len(data.train_labels), training)


def _alike(seeds) -> list[tuple[int, int]]:
    """(first, last + 1) of every run of equal neighbours."""
    starts = [k for k in range(len(seeds)) if k == 0 or seeds[k] != seeds[k - 1]]
    return list(zip(starts, [*starts[1:], len(seeds)], strict=True))


class LayerUpdate(NamedTuple):
    """Where one layer's parameters start, its gradient (members, layer size), and that as W, b or W, γ, β."""

    start: int
    gradient: np.ndarray
    gradients: LayerParameters


def _padded(members: int, size: int, dtype) -> np.ndarray:
    """An empty (members, at least size) whose rows start at cache lines."""
    line = CACHE_LINE // dtype.itemsize
    return aligned((members, -(-size // line) * line), dtype)


def _updates(members: int, architecture: Architecture, dtype) -> list[LayerUpdate]:
    """The places and gradients of the layers."""
    shared, updates, start = {}, [], 0
    for shapes in architecture.shapes():
        size = sum(math.prod(shape) for shape in shapes)
        if shapes not in shared:
            gradient = aligned((members, size), dtype)
            shared[shapes] = gradient, split_layer(gradient, shapes)
        updates.append(LayerUpdate(start, *shared[shapes]))
        start += size
    return updates


class Block:
    """The state of a few members in training: parameters, velocities, running statistics, who has diverged.

    Members are the learning rates of one start after the other: `data`, `seeds` and `start` have one entry a start.
    Starts of one seed that are neighbours share its data and batches. Parameters and velocities are one flat array each,
    (members, size). A layer is updated as soon as its gradient is known, while both are in the cache; layers of one shape
    share the array of their gradients.
    """

    def __init__(self, architecture, activation: Activation, training: Training, data, seeds, start):
        self.architecture, self.activation, self.training = architecture, activation, training
        self.data = data
        self.rates = len(training.learning_rates)
        members, dtype = len(seeds) * self.rates, np.dtype(training.dtype)
        self.padded = _padded(members, architecture.size, dtype), _padded(members, architecture.size, dtype)
        self.flat, self.velocity = (array[:, : architecture.size] for array in self.padded)
        self.flat[...] = np.repeat(start, self.rates, axis=0)
        self.velocity[...] = 0
        self.rate = np.tile(np.array(training.learning_rates, dtype), len(seeds))[:, None]
        self.parameters = split(self.flat, architecture)
        self.updates = _updates(members, architecture, dtype)
        self.gradients = [update.gradients for update in self.updates]
        self.statistics = initial_statistics(architecture, members, dtype)
        self.diverged_step = np.full(members, -1)
        self.groups = [_Group(data[first], seeds[first], first, last, training, dtype) for first, last in _alike(seeds)]
        keep, batch = activation.pull_back_from_output is None, self.groups[0].batches.shape[1]
        self.buffers = allocate(architecture, members, batch, dtype, keep_preactivations=keep)

    def run(self, probe: Probe) -> ShardResult:
        """Train to the last step; histories at every recorded step, probes at every one after step 0."""
        steps = recorded_steps(self.training)
        size = self.groups[0].batches.shape[1]
        members, dtype = len(self.flat), self.flat.dtype
        inputs = np.empty((members, size, self.architecture.inputs), dtype)
        targets = np.empty((members, size, self.architecture.classes), dtype)
        history, snapshots, ratios = [self._record_start()], [], []
        # A run that overflows is caught by its loss and frozen; the others' numbers are unaffected.
        with np.errstate(over="ignore", invalid="ignore"):
            for step in range(1, self.training.steps + 1):
                for group in self.groups:
                    rows = group.batches[(step - 1) % len(group.batches)]
                    runs = slice(group.first * self.rates, group.last * self.rates)
                    inputs[runs], targets[runs] = group.inputs["train"][rows], group.targets[rows]
                self.update(step, inputs, targets)
                if step in steps:
                    history.append(self._record(step))
                    snapshots.append(self.flat.copy())
                    ratios.append(self._update_ratio())
        final = self._final()
        places = np.tile(np.repeat(np.arange(len(self.data)), self.rates), len(snapshots))
        layers, signal = measure_in_parts(
            np.concatenate(snapshots),
            self.architecture,
            self.activation,
            probe,
            places,
            dtype,
            self.training.saturation,
        )
        layers["update_ratio"] = np.concatenate(ratios)
        return self._result(steps, history, layers, signal, final)

    def update(self, step: int, inputs, targets) -> np.ndarray:
        """Update `step` of every member on a batch: forward, loss, backward, momentum. The sums of losses, (M,)."""
        buffers = self.buffers
        normalization = self.architecture.normalization
        logits = network.forward(self.parameters, inputs, self.activation, normalization, buffers)
        loss = network.cross_entropy(logits, targets, buffers.cotangents[-1]).sum(axis=1)
        self._freeze(~np.isfinite(loss), step - 1)
        buffers.cotangents[-1] /= inputs.shape[1]
        network.backward(
            self.parameters, inputs, normalization, buffers, self.gradients,
            self.activation.pull_back, finished=self._update_layer,
        )  # fmt: skip
        if self.statistics is not None:
            self._update_statistics(buffers, inputs.shape[1])
        frozen = self.diverged_step >= 0
        if frozen.any():
            self.flat[frozen] = 0
            self.velocity[frozen] = 0
        return loss

    def _update_layer(self, index: int) -> None:
        """v ← μ v + g, θ ← θ − rate v for the parameters of one layer."""
        start, gradient, _ = self.updates[index]
        fused.momentum_step(*self.padded, start, gradient, self.rate, self.training.momentum)

    def _update_statistics(self, buffers, batch: int) -> None:
        """Running mean and unbiased variance of batch normalisation (Ioffe & Szegedy 2015, algorithm 2)."""
        unbiased = batch / max(batch - 1, 1)
        for (mean, variance), new_mean, new_variance in zip(
            self.statistics, buffers.means, buffers.variances, strict=True
        ):
            mean += BATCHNORM_MOMENTUM * (new_mean - mean)
            variance += BATCHNORM_MOMENTUM * (new_variance * unbiased - variance)

    def _freeze(self, bad: np.ndarray, step: int) -> None:
        """Mark members as diverged after `step` updates and stop them; the others go on unharmed."""
        bad = bad & (self.diverged_step < 0)
        if bad.any():
            self.diverged_step[bad] = step
            self.rate[bad] = 0

    def _record(self, step: int) -> dict[str, np.ndarray]:
        """Losses and accuracies on whole splits; a loss or parameter that is not finite marks the run as diverged."""
        self._freeze(~np.isfinite(self.flat).all(axis=1), step)
        row = self._evaluate("train") | self._evaluate("valid")
        self._freeze(~(np.isfinite(row["train_loss"]) & np.isfinite(row["valid_loss"])), step)
        return self._of_the_living(row)

    def _record_start(self) -> dict[str, np.ndarray]:
        """Step 0 as `_record` gives it: learning rates start alike, so each start is evaluated once."""
        rows = self._evaluate("train", each=self.rates) | self._evaluate("valid", each=self.rates)
        row = {name: np.repeat(values, self.rates) for name, values in rows.items()}
        self._freeze(~(np.isfinite(row["train_loss"]) & np.isfinite(row["valid_loss"])), 0)
        return self._of_the_living(row)

    def _of_the_living(self, row) -> dict[str, np.ndarray]:
        """The columns with NaN for runs that have diverged."""
        gone = self.diverged_step >= 0
        return {name: np.where(gone, np.nan, values) for name, values in row.items()}

    def _evaluate(self, part: str, each: int = 1) -> dict[str, np.ndarray]:
        """Loss and accuracy on a part of the data of every member, or of the first of `each` so many."""
        columns = {f"{part}_loss": [], f"{part}_accuracy": []}
        for group in self.groups:
            runs = slice(group.first * self.rates, group.last * self.rates, each)
            parameters = [tuple(p[runs] for p in layer) for layer in self.parameters]
            statistics = self.statistics and [(mean[runs], var[runs]) for mean, var in self.statistics]
            labels = getattr(group.data, f"{part}_labels")
            shared = np.broadcast_to(labels, (len(parameters[0][0]), len(labels)))
            with np.errstate(over="ignore", invalid="ignore"):  # what overflows is marked by the caller
                loss, accuracy = evaluate(
                    parameters, self.architecture, self.activation, statistics, group.inputs[part][None], shared
                )
            columns[f"{part}_loss"].append(loss)
            columns[f"{part}_accuracy"].append(accuracy)
        return {name: np.concatenate(values) for name, values in columns.items()}

    def _update_ratio(self) -> np.ndarray:
        """‖ΔW‖/‖W‖ of the last update, (members, layers); NaN where W = 0."""
        columns = []
        for layer, velocity in zip(self.parameters, split(self.velocity, self.architecture), strict=True):
            size, change = probes.norm(layer[0]), probes.norm(velocity[0] * self.rate[:, :, None])
            columns.append(np.divide(change, size, out=np.full(size.shape, np.nan), where=size > 0))
        return np.stack(columns, axis=1)

    def _final(self) -> dict[str, np.ndarray]:
        row = self._evaluate("test")
        self._freeze(~np.isfinite(row["test_loss"]), self.training.steps)
        final = self._of_the_living(row)
        batch = self.training.batch_size or len(self.data[0].train_labels)
        return final | {
            "diverged_step": self.diverged_step,
            "label_entropy": np.repeat([label_entropy(d) for d in self.data], self.rates),
            "rounding_classes": np.full(len(self.flat), unit_classes(self.architecture, batch, self.training.dtype)),
        }

    def _result(self, steps, history, layers, signal, final) -> ShardResult:
        """Columns as (runs, records, …), with NaN from the step on at which a run diverged."""
        members, records = len(self.flat), len(steps) - 1
        gone = (self.diverged_step[:, None] >= 0) & (steps[None, 1:] >= self.diverged_step[:, None])

        def arranged(values):
            shaped = values.reshape(records, members, *values.shape[1:]).swapaxes(0, 1).astype(float)
            shaped[gone] = np.nan
            return shaped

        return ShardResult(
            [],
            steps,
            {name: np.stack([row[name] for row in history], axis=1) for name in history[0]},
            {name: arranged(values) for name, values in signal.items()},
            {name: arranged(values) for name, values in layers.items()},
            final,
        )
