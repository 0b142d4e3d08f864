"""The probe batches of some seeds, and measuring many networks on them within bounded memory."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from initbench.base.randomness import keyed
from initbench.datasets.splits import SeedData
from initbench.network.memory import split
from initbench.probes import measure as probes

MEASURE_BYTES = 64_000_000  # what the arrays of networks measured together may take


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

    def at(self, places: np.ndarray) -> "Probe":
        """The probes at these places among the seeds, one a place."""
        return Probe(self.inputs[places], self.one_hot[places], self.cotangent[places])

    def repeated(self, places: np.ndarray, dtype) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(inputs, one_hot, cotangent) for members that sit at these places among the seeds."""
        return tuple(part[places].astype(dtype) for part in (self.inputs, self.one_hot, self.cotangent))


def parts(places: np.ndarray, architecture, dtype) -> list[np.ndarray]:
    """`places` in runs of as many networks as are measured together, to bound the memory."""
    bytes_each = np.dtype(dtype).itemsize * (
        3 * architecture.size + 8 * architecture.depth * probes.PROBE_SAMPLES * architecture.width
    )
    count = max(1, MEASURE_BYTES // max(1, bytes_each))
    return [places[first : first + count] for first in range(0, len(places), count)]


def measure_in_parts(flat, architecture, activation, probe, places, dtype, saturation, jacobian=False):
    """probes.measure of many members (flat, at these places among the probe's seeds), a few at a time."""
    measured = []
    for some in parts(np.arange(len(flat)), architecture, dtype):
        parameters = split(flat[some[0] : some[-1] + 1], architecture)
        batch = probe.repeated(places[some], dtype)
        measured.append(probes.measure(parameters, architecture, activation, *batch, saturation, jacobian))
    return tuple(
        {name: np.concatenate([part[k][name] for part in measured]) for name in measured[0][k]} for k in range(2)
    )
