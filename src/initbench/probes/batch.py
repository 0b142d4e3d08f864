"""The probe batches of some seeds, and measuring many networks on them within bounded memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from initbench.base.chunks import chunks
from initbench.base.randomness import keyed
from initbench.datasets.splits import SeedData
from initbench.network.layer import Network, Weights, split
from initbench.network.products import BLAS, Products
from initbench.probes.measure import Columns, measure
from initbench.probes.snapshot import take

PROBE_SAMPLES = 64
MEASURE_BYTES = 64_000_000  # what the arrays of networks measured together may take


@dataclass(frozen=True)
class ProbeBatch:
    """The probe batches of some seeds: inputs (S, B, F), one_hot and the independent cotangent (S, B, K), float64."""

    inputs: np.ndarray
    one_hot: np.ndarray
    cotangent: np.ndarray

    @classmethod
    def of(cls, data: Sequence[SeedData], seeds: Sequence[int], study_seed: int) -> "ProbeBatch":
        """The first samples of each seed's training split, with cotangents drawn for it."""
        size = min(PROBE_SAMPLES, len(data[0].train_labels))
        classes = data[0].classes
        cotangents = [keyed(study_seed, "cotangent", seed).standard_normal((size, classes)) for seed in seeds]
        return cls(
            np.stack([d.train_inputs[:size] for d in data]),
            np.stack([np.eye(classes)[d.train_labels[:size]] for d in data]),
            np.stack(cotangents),
        )

    def at(self, seeds: np.ndarray, dtype=float) -> "ProbeBatch":
        """One batch for each of these positions among the seeds."""
        parts = (self.inputs, self.one_hot, self.cotangent)
        return ProbeBatch(*(part[seeds].astype(dtype, copy=False) for part in parts))


def measured_together(network: Network, dtype) -> int:
    """How many networks are measured together, to bound the memory."""
    floats = 3 * network.size + 10 * PROBE_SAMPLES * network.hidden_units
    return max(1, MEASURE_BYTES // (np.dtype(dtype).itemsize * floats))


def measure_networks(
    network: Network,
    flat: Sequence[np.ndarray],
    batch: ProbeBatch,
    saturation: float,
    updates: Sequence[np.ndarray] | None = None,
    products: Products = BLAS,
    changes: bool = False,
) -> tuple[Columns, Columns]:
    """What the probes say of networks: (layers, signal), columns of shape (networks, layers) and (networks,).

    flat: one or more stacks of flat parameters (M, size), of one dtype; batch: one for each of the M; updates: what the last
    update subtracted, stacked in the same way, or None for networks at their start; products: those of the passes; changes:
    whether it is measured how far the last update moved what each φ is given.
    """
    members, dtype = len(flat[0]), flat[0].dtype
    measured = []
    for rows in chunks(range(members * len(flat)), measured_together(network, dtype)):
        seen = batch.at(np.array(rows) % members, dtype)
        parameters = _rows(network, flat, rows)
        less = _rows(network, updates, rows) if updates else None
        # float32 overflow is a finding here (it becomes a null), not an accident
        with np.errstate(over="ignore", invalid="ignore"):
            snapshot = take(network, parameters, seen, saturation, less, updates is None, products, changes)
            measured.append(measure(snapshot, start=updates is None))
    layers, signal = (
        {name: np.concatenate([part[k][name] for part in measured]) for name in measured[0][k]} for k in range(2)
    )
    return layers, signal


def _rows(network: Network, stacks: Sequence[np.ndarray], rows: Sequence[int]) -> list[Weights]:
    """The parameters of neighbouring rows of stacks of equal height, counted through, each array in a piece of its own."""
    height, first, stop = len(stacks[0]), rows[0], rows[-1] + 1
    spanned = range(first // height, -(-stop // height))
    parts = [split(stacks[k][max(0, first - k * height) : stop - k * height], network) for k in spanned]
    return [tuple(np.concatenate(arrays) for arrays in zip(*layer, strict=True)) for layer in zip(*parts, strict=True)]
