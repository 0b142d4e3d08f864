"""Training the runs of a shard as stacked ensembles.

Runs are trained in blocks of a few members, as many as fit the processor's cache. Nothing in a run's numbers
depends on the block it is in.
"""

from collections.abc import Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from initbench.activations import get_activation
from initbench.base.randomness import keyed
from initbench.datasets.splits import Splits
from initbench.engine.ensemble import Block, recorded_steps
from initbench.engine.evaluation import evaluate, initial_statistics, label_entropy
from initbench.engine.record import ShardResult, concatenated, joined
from initbench.network.memory import Architecture, split
from initbench.probes.batch import Probe, measure_in_parts, parts
from initbench.schemes.draw import calibrated, draw
from initbench.study.cells import Cell, Training

# Bytes that the arrays of one block of members may take: a part of a third-level cache. With fewer members the calls
# of each layer weigh more, with more the arrays of wide layers leave the cache.
BLOCK_BYTES = 12_000_000


def draw_parameters(cell: Cell, architecture: Architecture, seed: int, training: Training, probe) -> np.ndarray:
    """One network's flat parameters (size,), float64: drawn, and calibrated on the probe if the scheme does that.

    Draws are keyed by (seed, layer, shape), so that one seed gives every scheme the same underlying numbers.
    """
    layers = cell.layers(architecture.inputs, architecture.classes)
    rngs = [
        keyed(training.study_seed, "parameters", seed, layer.index, layer.fan_in, layer.fan_out) for layer in layers
    ]
    drawn = [draw(cell.bound_scheme, rng, layer) for rng, layer in zip(rngs, layers, strict=True)]
    if cell.normalization != "none":
        drawn = [
            (w, b) if layer.is_output else (w, np.ones_like(b), np.zeros_like(b))
            for (w, b), layer in zip(drawn, layers, strict=True)
        ]
    drawn = calibrated(cell.bound_scheme, drawn, probe, layers)
    return np.concatenate([array.ravel() for layer in drawn for array in layer])


def train_shard(cell: Cell, seeds: Sequence[int], training: Training, splits: Splits, progress=None) -> ShardResult:
    """Train every (seed, learning rate) of a cell and measure it at the recorded steps.

    `progress(done, total)` is called with counts of runs. BLAS is held to one thread meanwhile: with more, the
    products' rounding, and so the results, would depend on their number.
    """
    return train_shards([cell], seeds, training, splits, progress)[0]


def train_shards(
    cells: Sequence[Cell], seeds: Sequence[int], training: Training, splits: Splits, progress=None
) -> list[ShardResult]:
    """`train_shard` of cells that differ in their schemes only, all runs stacked together: one result a cell.

    Cells with few runs each are trained faster so; a run's numbers are the same. Raises ValueError for other cells.
    """
    if len({cell.shape_slug for cell in cells}) != 1:
        raise ValueError("cells that are trained together must differ in their schemes only")
    with threadpool_limits(limits=1, user_api="blas"):
        return _Shards(cells, seeds, training, splits).train(progress or (lambda done, total: None))


class _Shards:
    """The runs of some cells in training. A *place* is a seed of a cell: all its learning rates start from one draw.

    Places are in the order of seeds, then cells, so that those which share their data are neighbours.
    """

    def __init__(self, cells, seeds, training, splits):
        self.cells, self.seeds, self.training = cells, seeds, training
        self.activation = get_activation(cells[0].activation)
        self.architecture = cells[0].network(splits.features.shape[1], len(splits.classes))
        self.data = [splits.of(seed) for seed in seeds]
        self.probe = Probe.of(self.data, seeds, training.study_seed)
        self.rates = training.learning_rates if training.steps else (None,)
        self.seed_of, self.cell_of = (index.ravel() for index in np.indices((len(seeds), len(cells))))

    def train(self, progress) -> list[ShardResult]:
        """One result a cell; a few places at a time, to bound the memory."""
        total = len(self.seed_of)
        results = []
        for places in parts(np.arange(total), self.architecture, np.float64):
            start = self._draw(places)
            layers, signal = self._measure(start, places)
            if self.training.steps == 0:
                data = [self.data[seed] for seed in self.seed_of[places]]
                results.append(
                    _initial_result(self.architecture, self.activation, self.training, data, start, layers, signal)
                )
            else:
                trained = self._train(start, places)
                steps = recorded_steps(self.training)
                results.append(joined(len(self.rates), steps, trained, layers, signal))
            progress((int(places[-1]) + 1) * len(self.rates), total * len(self.rates))
        return self._by_cell(concatenated(results))

    def _train(self, start, places) -> list[ShardResult]:
        """The results of places in training, block by block."""
        results = []
        for some in _blocks(self.architecture, self.training, len(places), len(self.data[0].train_labels)):
            among = self.seed_of[places[some]]
            block = Block(
                self.architecture, self.activation, self.training,
                [self.data[k] for k in among], [self.seeds[k] for k in among], start[some],
            )  # fmt: skip
            results.append(block.run(self.probe.at(among)))
        return results

    def _draw(self, places) -> np.ndarray:
        flat = np.empty((len(places), self.architecture.size))
        for row, place in zip(flat, places, strict=True):
            seed, cell = self.seed_of[place], self.cells[self.cell_of[place]]
            row[...] = draw_parameters(
                cell, self.architecture, self.seeds[seed], self.training, self.probe.inputs[seed]
            )
        return flat

    def _measure(self, start, places):
        layers, signal = measure_in_parts(
            start, self.architecture, self.activation, self.probe, self.seed_of[places], np.float64,
            self.training.saturation, jacobian=True,
        )  # fmt: skip
        layers["update_ratio"] = np.full((len(places), self.architecture.depth + 1), np.nan)
        return layers, signal

    def _by_cell(self, result: ShardResult) -> list[ShardResult]:
        """The rows of each cell, by seed and learning rate."""
        cell_of_run = np.repeat(self.cell_of, len(self.rates))
        runs = [(seed, rate) for seed in self.seeds for rate in self.rates]
        return [result.rows(np.flatnonzero(cell_of_run == k), runs) for k in range(len(self.cells))]


def _initial_result(architecture, activation, training, data, start, layers, signal) -> ShardResult:
    """Seeds that are measured at step 0 only; losses in the training's dtype, as those of trained runs are.

    Where the logits overflow that dtype, the loss is not finite (null in the tables); what is measured per layer is not
    touched by that, since it is float64.
    """
    history: dict[str, list] = {}
    dtype = np.dtype(training.dtype)
    statistics = initial_statistics(architecture, 1, dtype)
    for flat, splits in zip(start, data, strict=True):
        parameters = split(flat[None].astype(dtype), architecture)
        for part in ("train", "valid", "test"):
            inputs, labels = getattr(splits, f"{part}_inputs"), getattr(splits, f"{part}_labels")
            with np.errstate(over="ignore", invalid="ignore"):
                loss, accuracy = evaluate(
                    parameters, architecture, activation, statistics, inputs[None].astype(dtype), labels[None]
                )
            accuracy = np.where(np.isfinite(loss), accuracy, np.nan)
            history.setdefault(f"{part}_loss", []).append(loss[0])
            history.setdefault(f"{part}_accuracy", []).append(accuracy[0])
    columns = {name: np.array(values) for name, values in history.items()}
    final = {name: columns.pop(name) for name in ("test_loss", "test_accuracy")}
    final |= {"diverged_step": np.full(len(data), -1), "label_entropy": np.array([label_entropy(d) for d in data])}
    final |= {"rounding_classes": np.full(len(data), np.nan)}
    return ShardResult(
        [],
        np.array([0]),
        {name: values[:, None] for name, values in columns.items()},
        {name: values[:, None] for name, values in signal.items()},
        {name: values[:, None] for name, values in layers.items()},
        final,
    )


def _blocks(architecture, training, places: int, samples: int) -> list[np.ndarray]:
    """The places that are trained together: as many as the cache holds, with all their learning rates.

    samples: of the training split, which is the batch in full-batch gradient descent.
    """
    batch = training.batch_size or samples
    floats = 2 * architecture.size + 2 * architecture.depth * batch * architecture.width
    place_bytes = floats * np.dtype(training.dtype).itemsize * len(training.learning_rates)
    per_block = max(1, BLOCK_BYTES // place_bytes)
    return np.array_split(np.arange(places), -(-places // per_block))
