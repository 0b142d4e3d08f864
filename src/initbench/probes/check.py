"""Trying a probe out: what every probe must keep to."""

from collections.abc import Iterator

import numpy as np

from initbench.architectures import build
from initbench.base.arguments import check_arguments, one_line
from initbench.network.layer import split
from initbench.probes import Probe
from initbench.probes.batch import ProbeBatch
from initbench.probes.snapshot import Snapshot, take

FEATURES, CLASSES, WIDTH, MEMBERS, SAMPLES = 6, 3, 5, 3, 8
CASES = ((0, "none"), (1, "batch"), (3, "none"), (3, "layer"))  # depth and normalisation


def check(name: str, probe: Probe) -> None:
    """ValueError unless it returns the columns it declares, (M,) each, twice alike, each member for itself."""
    check_arguments(f"probe {name!r}", probe.function, "layer" if probe.table == "layers" else "snapshot")
    for depth, normalization in CASES:
        for dtype in (np.float64, np.float32):
            what = f"probe {name!r} at depth {depth}, normalization {normalization}"
            try:
                _check_case(what, probe, depth, normalization, dtype)
            except Exception as error:
                text = one_line(error)
                raise ValueError(text if text.startswith("probe ") else f"{what}: {text}") from error


def _check_case(what: str, probe: Probe, depth: int, normalization: str, dtype) -> None:
    flat = np.random.default_rng(0).normal(0.1, 0.6, (MEMBERS, _network(depth, normalization).size)).astype(dtype)
    for start in (True,) if probe.start_only else (True, False):
        stacked = list(_values(what, probe, _snapshot(flat, depth, normalization, start)))
        again = list(_values(what, probe, _snapshot(flat, depth, normalization, start)))
        alone = list(_values(what, probe, _snapshot(flat[:1], depth, normalization, start)))
        for first, second, single in zip(stacked, again, alone, strict=True):
            for column in first:
                if not np.array_equal(first[column], second[column], equal_nan=True):
                    raise ValueError(f"{what}: {column} is another at the second time")
                if not np.array_equal(first[column][:1], single[column], equal_nan=True):
                    raise ValueError(f"{what}: {column} of a network depends on what it is stacked with")


def _network(depth: int, normalization: str):
    return build("mlp", (FEATURES,), CLASSES, WIDTH, depth, "tanh", normalization)


def _snapshot(flat: np.ndarray, depth: int, normalization: str, start: bool) -> Snapshot:
    """Networks with these parameters: at their start, or after an update of a tenth of them."""
    rng, network = np.random.default_rng(1), _network(depth, normalization)
    one_hot = np.eye(CLASSES)[rng.integers(CLASSES, size=SAMPLES)][None]
    parts = rng.normal(size=(1, SAMPLES, FEATURES)), one_hot, rng.normal(size=(1, SAMPLES, CLASSES))
    batch = ProbeBatch(*parts).at(np.zeros(len(flat), int), flat.dtype)
    updates = None if start else split(flat / 10, network)
    return take(network, split(flat, network), batch, 0.05, updates, jacobian=start)


def _values(what: str, probe: Probe, snapshot: Snapshot) -> Iterator[dict[str, np.ndarray]]:
    """What the probe returns of a snapshot, or of each of its layers; ValueError for other columns or shapes, or a written array."""
    declared = {column.name for column in probe.columns}
    for seen in snapshot.layers if probe.table == "layers" else (snapshot,):
        weights = [layer.weight.copy() for layer in snapshot.layers]
        values = probe.function(seen)
        if set(values) != declared:
            raise ValueError(f"{what}: it declares {_listed(declared)} and returned {_listed(values)}")
        for name, value in values.items():
            if np.shape(value) != (len(snapshot.logits),):
                raise ValueError(f"{what}: {name} has shape {np.shape(value)}, not one number a network")
        if not all(np.array_equal(old, layer.weight) for old, layer in zip(weights, snapshot.layers, strict=True)):
            raise ValueError(f"{what} writes to the weights")
        yield values


def _listed(names) -> str:
    return ", ".join(sorted(names)) or "nothing"
