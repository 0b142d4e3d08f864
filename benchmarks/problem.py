"""One entry of the benchmark's table: the networks, start, data and batches that every alternative is given."""

from dataclasses import dataclass

import numpy as np

from initbench.datasets.loading import prepare
from initbench.engine.schedule import batch_order
from initbench.engine.start import draw_parameters
from initbench.network.layer import Network, grouped, split
from initbench.probes.batch import ProbeBatch
from initbench.study.cells import Cell, Training

DEPTHS, WIDTHS, NORMALIZATIONS = (1, 3, 10, 20), (32, 64, 128), ("none", "batch")
SCHEMES = {"tanh": "xavier_tanh", "relu": "he_normal", "sigmoid": "xavier_sigmoid"}  # by activation
SEEDS, RATES = 4, (0.0001, 0.0003, 0.001)  # 12 runs, as a study stacks them: seeds × learning rates


@dataclass(frozen=True)
class Problem:
    """An ensemble of M runs and the batches of its first steps, float32.

    start: flat parameters of each seed (seeds, size); layers: those of each run as arrays (M, …), layer by layer;
    rates (M,); inputs (steps, M, B, F), targets (steps, M, B, classes) one-hot and labels (steps, M, B).
    """

    cell: Cell
    training: Training
    data: list
    start: np.ndarray
    layers: list
    rates: np.ndarray
    inputs: np.ndarray
    targets: np.ndarray
    labels: np.ndarray

    @property
    def network(self) -> Network:
        return self.cell.build(self.inputs.shape[3], self.targets.shape[3])

    @property
    def name(self) -> str:
        kind = "" if self.cell.architecture == "mlp" else f"{self.cell.architecture}, "
        return (
            f"{kind}depth {self.cell.depth}, width {self.cell.width}, {self.cell.activation}, {self.cell.normalization}"
        )


def problem(
    depth: int, width: int, activation: str, normalization: str, steps: int, architecture: str = "mlp"
) -> Problem:
    """The runs of one cell on the digits: SEEDS seeds at each of RATES, in batches of 64."""
    cell = Cell("digits", width, depth, activation, normalization, SCHEMES[activation], architecture)
    training = Training(steps=steps, learning_rates=RATES)
    splits = prepare("digits", range(SEEDS), training.study_seed)
    data = [splits.of(seed) for seed in range(SEEDS)]
    probe = ProbeBatch.of(data, range(SEEDS), training.study_seed)
    network = cell.build(splits.features.shape[1], len(splits.classes))
    start = np.stack([draw_parameters(cell, network, seed, training, probe.inputs[seed]) for seed in range(SEEDS)])
    inputs, labels = [], []
    for seed, mine in enumerate(data):
        rows = batch_order(seed, len(mine.train_labels), training)[:steps]
        inputs.append(mine.train_inputs[rows].astype(np.float32))
        labels.append(mine.train_labels[rows])
    # (steps, M, …): each seed's batches for each of its rates
    inputs, labels = (np.repeat(np.stack(part, axis=1), len(RATES), axis=1) for part in (inputs, labels))
    return Problem(
        cell,
        training,
        data,
        start,
        grouped(split(np.repeat(start, len(RATES), axis=0).astype(np.float32), network), network),
        np.tile(np.float32(RATES), SEEDS),
        inputs,
        np.eye(len(splits.classes), dtype=np.float32)[labels],
        labels,
    )


def table(quick: bool) -> list[tuple[int, int, str, str]]:
    """The (depth, width, activation, normalization) to measure."""
    depths, widths = ((3, 10), (64,)) if quick else (DEPTHS, WIDTHS)
    activations = ("tanh",) if quick else tuple(SCHEMES)
    return [(d, w, a, n) for a in activations for d in depths for w in widths for n in NORMALIZATIONS]
