"""Training the runs of a shard as stacked ensembles, with what is recorded on the way.

Runs are trained in blocks of a few members, which is what fits the processor's cache. Nothing in a run's numbers
depends on the block it is in.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from initbench import network, probes
from initbench.activations import Activation, get_activation
from initbench.cells import Cell, Training
from initbench.datasets import SeedData, Splits
from initbench.network import Architecture
from initbench.randomness import keyed
from initbench.schemes import draw_layers

BATCHNORM_MOMENTUM = 0.1  # weight of the newest batch in the running statistics
# Bytes that the arrays of one block of members may take: about what stays in a second-level cache.
BLOCK_BYTES = int(os.environ.get("INITBENCH_BLOCK_BYTES", 1_500_000))
EVALUATION_ROWS = 512
MEASURE_BYTES = 64_000_000


@dataclass(frozen=True)
class ShardResult:
    """Everything measured for the runs of one shard, as plain arrays.

    runs: (seed, learning rate) of each run, the rate None if nothing was trained; steps: the R recorded steps. history,
    layers and signal: columns of shape (runs, R), (runs, R, layers) and (runs, R); final: columns of shape (runs,).
    NaN stands for what is undefined. diverged_step is −1 for runs that stayed finite.
    """

    runs: list[tuple[int, float | None]]
    steps: np.ndarray
    history: dict[str, np.ndarray]
    signal: dict[str, np.ndarray]
    layers: dict[str, np.ndarray]
    final: dict[str, np.ndarray]


def recorded_steps(training: Training) -> np.ndarray:
    """0, 1, and log-spaced steps up to the last: about `records` after step 0."""
    if training.steps == 0:
        return np.array([0])
    spaced = np.geomspace(1, training.steps, training.records)
    return np.unique(np.concatenate([[0], np.round(spaced)]).astype(int))


def draw_parameters(cell: Cell, architecture: Architecture, seed: int, training: Training, probe) -> np.ndarray:
    """One network's flat parameters (size,), float64: drawn, and calibrated on the probe if the scheme does that.

    Draws are keyed by (seed, layer, shape), so that one seed gives every scheme the same underlying numbers.
    """
    layers = cell.layers(architecture.inputs, architecture.classes)
    rngs = [
        keyed(training.study_seed, "parameters", seed, layer.index, layer.fan_in, layer.fan_out) for layer in layers
    ]
    drawn = draw_layers(cell.bound_scheme, rngs, layers)
    if cell.normalization != "none":
        drawn = [
            (w, b) if layer.is_output else (w, np.ones_like(b), np.zeros_like(b))
            for (w, b), layer in zip(drawn, layers, strict=True)
        ]
    if cell.bound_scheme.entry.calibrate is not None:
        activation = get_activation(cell.activation)
        drawn = cell.bound_scheme.entry.calibrate(drawn, probe, activation, cell.normalization)
    return np.concatenate([array.ravel() for layer in drawn for array in layer])


@dataclass(frozen=True)
class Probe:
    """The probe batches of some seeds: inputs (S, B, F), one_hot and the independent cotangent (S, B, K), float64."""

    inputs: np.ndarray
    one_hot: np.ndarray
    cotangent: np.ndarray

    @classmethod
    def of(cls, data: Sequence[SeedData], seeds: Sequence[int], study_seed: int) -> "Probe":
        size = min(probes.PROBE_SAMPLES, len(data[0].train_labels))
        classes = data[0].classes
        cotangents = [keyed(study_seed, "cotangent", seed).standard_normal((size, classes)) for seed in seeds]
        return cls(
            np.stack([d.train_inputs[:size] for d in data]),
            np.stack([np.eye(classes)[d.train_labels[:size]] for d in data]),
            np.stack(cotangents),
        )

    def repeated(self, places: np.ndarray, dtype) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(inputs, one_hot, cotangent) for members that sit at these places among the seeds."""
        return tuple(part[places].astype(dtype) for part in (self.inputs, self.one_hot, self.cotangent))


def train_shard(cell: Cell, seeds: Sequence[int], training: Training, splits: Splits, progress=None) -> ShardResult:
    """Train every (seed, learning rate) of a cell and measure it at the recorded steps.

    `progress(done, total)` is called with counts of runs. BLAS is held to one thread meanwhile: with more, the
    products' rounding, and so the results, would depend on their number.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        return _train_shard(cell, seeds, training, splits, progress or (lambda done, total: None))


def _train_shard(cell, seeds, training, splits, progress) -> ShardResult:
    activation = get_activation(cell.activation)
    data = [splits.of(seed) for seed in seeds]
    architecture = cell.network(splits.features.shape[1], len(splits.classes))
    probe = Probe.of(data, seeds, training.study_seed)
    start = np.stack([draw_parameters(cell, architecture, s, training, probe.inputs[k]) for k, s in enumerate(seeds)])
    layers, signal = _measure_in_parts(
        start, architecture, activation, probe, np.arange(len(seeds)), np.float64, training.saturation, jacobian=True
    )
    layers["update_ratio"] = np.full((len(seeds), architecture.depth + 1), np.nan)
    if training.steps == 0:
        progress(len(seeds), len(seeds))
        return _initial_result(cell, architecture, activation, seeds, data, start, layers, signal)
    rates = len(training.learning_rates)
    total = len(seeds) * rates
    results = []
    for places in _blocks(architecture, training, len(seeds), rates):
        block = Block(
            architecture, activation, training, [data[k] for k in places], [seeds[k] for k in places], start[places]
        )
        results.append(block.run(Probe(probe.inputs[places], probe.one_hot[places], probe.cotangent[places])))
        progress((places[-1] + 1) * rates, total)
    return _joined(seeds, training, results, layers, signal)


def _initial_result(cell, architecture, activation, seeds, data, start, layers, signal) -> ShardResult:
    """A shard that is measured at step 0 only, losses in float64."""
    history: dict[str, list] = {}
    for k in range(len(seeds)):
        parameters = network.split(start[k : k + 1], architecture)
        statistics = initial_statistics(architecture, 1, np.float64)
        for split in ("train", "valid", "test"):
            inputs, labels = getattr(data[k], f"{split}_inputs"), getattr(data[k], f"{split}_labels")
            loss, accuracy = evaluate(parameters, architecture, activation, statistics, inputs[None], labels[None])
            history.setdefault(f"{split}_loss", []).append(loss[0])
            history.setdefault(f"{split}_accuracy", []).append(accuracy[0])
    columns = {name: np.array(values) for name, values in history.items()}
    final = {name: columns.pop(name) for name in ("test_loss", "test_accuracy")}
    final |= {"diverged_step": np.full(len(seeds), -1), "label_entropy": np.array([_entropy(d) for d in data])}
    return ShardResult(
        [(seed, None) for seed in seeds],
        np.array([0]),
        {name: values[:, None] for name, values in columns.items()},
        {name: values[:, None] for name, values in signal.items()},
        {name: values[:, None] for name, values in layers.items()},
        final,
    )


def _joined(seeds, training, results, layers, signal) -> ShardResult:
    """The blocks' results one after the other, with step 0, measured once a seed, put before each run's records."""
    rates = len(training.learning_rates)

    def with_start(first, later):
        first = np.repeat(first, rates, axis=0)[:, None]
        return np.concatenate([first, np.concatenate(later)], axis=1)

    nothing = {name: np.full_like(values, np.nan) for name, values in signal.items()}
    late_signal = [
        {n: r.signal.get(n, np.broadcast_to(nothing[n][:1, None], _shape(r))) for n in signal} for r in results
    ]
    return ShardResult(
        [(seed, rate) for seed in seeds for rate in training.learning_rates],
        recorded_steps(training),
        {name: np.concatenate([r.history[name] for r in results]) for name in results[0].history},
        {name: with_start(signal[name], [late[name] for late in late_signal]) for name in signal},
        {name: with_start(layers[name], [r.layers[name] for r in results]) for name in layers},
        {name: np.concatenate([r.final[name] for r in results]) for name in results[0].final},
    )


def _shape(result) -> tuple[int, int]:
    return next(iter(result.signal.values())).shape


def _blocks(architecture, training, seeds: int, rates: int) -> list[np.ndarray]:
    """Places of the seeds that are trained together: as many as the cache holds, with all their learning rates."""
    batch = training.batch_size or 1
    itemsize = np.dtype(training.dtype).itemsize
    floats = 3 * architecture.size + 3 * architecture.depth * batch * architecture.width
    per_block = max(1, BLOCK_BYTES // (floats * itemsize * rates))
    return np.array_split(np.arange(seeds), -(-seeds // per_block))


def _measure_in_parts(flat, architecture, activation, probe, places, dtype, saturation, jacobian=False):
    """probes.measure of many members, a few at a time to bound the memory."""
    bytes_each = np.dtype(dtype).itemsize * (3 * architecture.size + 8 * architecture.depth * 64 * architecture.width)
    count = max(1, MEASURE_BYTES // max(1, bytes_each))
    parts = []
    for first in range(0, len(flat), count):
        chunk = slice(first, first + count)
        parameters = network.split(flat[chunk], architecture)
        batch = probe.repeated(places[chunk], dtype)
        parts.append(probes.measure(parameters, architecture, activation, *batch, saturation, jacobian))
    return tuple({name: np.concatenate([part[k][name] for part in parts]) for name in parts[0][k]} for k in range(2))


def _entropy(data: SeedData) -> float:
    """Entropy of the training labels in nats: the loss of predicting class frequencies."""
    share = np.bincount(data.train_labels, minlength=data.classes) / len(data.train_labels)
    return float(-(share[share > 0] * np.log(share[share > 0])).sum())


def initial_statistics(architecture: Architecture, members: int, dtype):
    """Running statistics before any batch: mean 0, variance 1, for each hidden layer; None without batch norm."""
    if architecture.normalization != "batch":
        return None
    shape = (members, 1, architecture.width)
    return [(np.zeros(shape, dtype), np.ones(shape, dtype)) for _ in range(architecture.depth)]


def evaluate(parameters, architecture, activation, statistics, inputs, labels) -> tuple[np.ndarray, np.ndarray]:
    """(mean loss, accuracy) of M members in evaluation mode on whole splits: inputs (M, N, F), labels (M, N)."""
    members, samples = labels.shape
    dtype = parameters[0][0].dtype
    losses, correct = np.zeros(members), np.zeros(members)
    identity = np.eye(architecture.classes, dtype=dtype)
    for first in range(0, samples, EVALUATION_ROWS):
        rows = slice(first, min(first + EVALUATION_ROWS, samples))
        part, truth = inputs[:, rows], labels[:, rows]
        buffers = network.allocate_evaluation(architecture, members, truth.shape[1], dtype)
        logits = network.forward(parameters, part, activation, architecture.normalization, buffers, statistics)
        correct += (logits.argmax(axis=2) == truth).sum(axis=1)
        losses += network.cross_entropy(logits, identity[truth], buffers.cotangents[-1]).sum(axis=1, dtype=float)
    return losses / samples, correct / samples


class Block:
    """The state of a few members in training: parameters, velocities, running statistics, who has diverged.

    Members are the seeds' learning rates, seed by seed. Parameters, gradients and velocities are one flat array each,
    (members, size), so that an update is a few whole-array operations.
    """

    def __init__(self, architecture, activation: Activation, training: Training, data, seeds, start):
        self.architecture, self.activation, self.training = architecture, activation, training
        self.data, self.seeds = data, seeds
        self.rates = len(training.learning_rates)
        members, dtype = len(seeds) * self.rates, np.dtype(training.dtype)
        self.flat = np.repeat(start, self.rates, axis=0).astype(dtype)
        self.velocity = np.zeros_like(self.flat)
        self.gradient = np.zeros_like(self.flat)
        self.rate = np.tile(np.array(training.learning_rates, dtype), len(seeds))[:, None]
        self.parameters = network.split(self.flat, architecture)
        self.gradients = network.split(self.gradient, architecture)
        self.statistics = initial_statistics(architecture, members, dtype)
        self.diverged_step = np.full(members, -1)
        self.train_inputs = [d.train_inputs.astype(dtype) for d in data]
        self.train_targets = [np.eye(architecture.classes, dtype=dtype)[d.train_labels] for d in data]

    def run(self, probe: Probe) -> ShardResult:
        """Train to the last step; histories at every recorded step, probes at every one after step 0."""
        steps = recorded_steps(self.training)
        batches = [
            batch_order(s, len(d.train_labels), self.training) for s, d in zip(self.seeds, self.data, strict=True)
        ]
        size = batches[0].shape[1]
        members, dtype = len(self.flat), self.flat.dtype
        buffers = network.allocate(self.architecture, members, size, dtype)
        inputs = np.empty((members, size, self.architecture.inputs), dtype)
        targets = np.empty((members, size, self.architecture.classes), dtype)
        history, snapshots, ratios = [self._record(0)], [], []
        # A run that overflows is caught by its loss and frozen; the others' numbers are unaffected.
        with np.errstate(over="ignore", invalid="ignore"):
            for step in range(1, self.training.steps + 1):
                for k, order in enumerate(batches):
                    rows = order[(step - 1) % len(order)]
                    runs = slice(k * self.rates, (k + 1) * self.rates)
                    inputs[runs], targets[runs] = self.train_inputs[k][rows], self.train_targets[k][rows]
                self._step(step, inputs, targets, buffers)
                if step in steps:
                    history.append(self._record(step))
                    snapshots.append(self.flat.copy())
                    ratios.append(self._update_ratio())
        final = self._final()
        places = np.tile(np.repeat(np.arange(len(self.seeds)), self.rates), len(snapshots))
        layers, signal = _measure_in_parts(
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

    def _step(self, step: int, inputs, targets, buffers) -> None:
        """One update of every member: forward, loss, backward, momentum."""
        normalization = self.architecture.normalization
        logits = network.forward(self.parameters, inputs, self.activation, normalization, buffers)
        loss = network.cross_entropy(logits, targets, buffers.cotangents[-1]).sum(axis=1)
        self._freeze(~np.isfinite(loss), step - 1)
        buffers.cotangents[-1] /= inputs.shape[1]
        network.backward(
            self.parameters, inputs, self.activation, normalization, buffers, self.gradients,
            self.activation.fast_derivative,
        )  # fmt: skip
        self.velocity *= self.training.momentum
        self.velocity += self.gradient
        np.multiply(self.velocity, self.rate, out=self.gradient)
        self.flat -= self.gradient
        if self.statistics is not None:
            self._update_statistics(buffers, inputs.shape[1])
        frozen = self.diverged_step >= 0
        if frozen.any():
            self.flat[frozen] = 0
            self.velocity[frozen] = 0

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
        gone = self.diverged_step >= 0
        return {name: np.where(gone, np.nan, values) for name, values in row.items()}

    def _evaluate(self, split: str) -> dict[str, np.ndarray]:
        columns = {f"{split}_loss": [], f"{split}_accuracy": []}
        for k, data in enumerate(self.data):
            runs = slice(k * self.rates, (k + 1) * self.rates)
            inputs, labels = getattr(data, f"{split}_inputs"), getattr(data, f"{split}_labels")
            inputs = self.train_inputs[k] if split == "train" else inputs.astype(self.flat.dtype)
            parameters = [tuple(p[runs] for p in layer) for layer in self.parameters]
            statistics = self.statistics and [(mean[runs], var[runs]) for mean, var in self.statistics]
            shared = np.broadcast_to(labels, (self.rates, len(labels)))
            with np.errstate(over="ignore", invalid="ignore"):  # what overflows is marked by the caller
                loss, accuracy = evaluate(
                    parameters, self.architecture, self.activation, statistics, inputs[None], shared
                )
            columns[f"{split}_loss"].append(loss)
            columns[f"{split}_accuracy"].append(accuracy)
        return {name: np.concatenate(values) for name, values in columns.items()}

    def _update_ratio(self) -> np.ndarray:
        """‖ΔW‖/‖W‖ of the last update, (members, layers); NaN where W = 0. `gradient` still holds the update."""
        columns = []
        for layer, update in zip(self.parameters, self.gradients, strict=True):
            size, change = probes.norm(layer[0]), probes.norm(update[0])
            columns.append(np.divide(change, size, out=np.full(size.shape, np.nan), where=size > 0))
        return np.stack(columns, axis=1)

    def _final(self) -> dict[str, np.ndarray]:
        row = self._evaluate("test")
        self._freeze(~np.isfinite(row["test_loss"]), self.training.steps)
        gone = self.diverged_step >= 0
        final = {name: np.where(gone, np.nan, values) for name, values in row.items()}
        entropy = np.repeat([_entropy(d) for d in self.data], self.rates)
        return final | {"diverged_step": self.diverged_step, "label_entropy": entropy}

    def _result(self, steps, history, layers, signal, final) -> ShardResult:
        """Columns as (runs, records, …), with NaN from the step on at which a run diverged."""
        members, records = len(self.flat), len(steps) - 1
        gone = (self.diverged_step[:, None] >= 0) & (steps[None, 1:] >= self.diverged_step[:, None])

        def arranged(values):
            shaped = values.reshape(records, members, *values.shape[1:]).swapaxes(0, 1).astype(float)
            shaped[gone] = np.nan
            return shaped

        rates = self.training.learning_rates
        return ShardResult(
            [(seed, rate) for seed in self.seeds for rate in rates],
            steps,
            {name: np.stack([row[name] for row in history], axis=1) for name in history[0]},
            {name: arranged(values) for name, values in signal.items()},
            {name: arranged(values) for name, values in layers.items()},
            final,
        )


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
