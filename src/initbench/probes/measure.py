"""All registered probes over a snapshot."""

import numpy as np

from initbench.probes import Probe, probes
from initbench.probes.snapshot import Snapshot

Columns = dict[str, np.ndarray]


def measure(snapshot: Snapshot, start: bool) -> tuple[Columns, Columns]:
    """(layers, signal): what the probes say of M networks, columns of shape (M, layers) and (M,), NaN where undefined.

    start: whether the networks are at their start, which some probes look at alone.
    """
    entries = probes("layers")
    rows = [_columns(entries, layer, start) for layer in snapshot.layers]
    signal = _columns(probes("signal"), snapshot, start)
    return {name: np.stack([row[name] for row in rows], axis=1) for name in rows[0]}, signal


def _columns(entries: list[Probe], seen, start: bool) -> Columns:
    """The columns of probes, looking at one thing, in order; ValueError for a probe that fills others than it declares."""
    found: Columns = {}
    for entry in entries:
        declared = [column.name for column in entry.columns]
        if entry.start_only and not start:
            continue
        values = entry.function(seen)
        if set(values) != set(declared):
            raise ValueError(f"probe {entry.name}: it declares {', '.join(declared)} and returned {', '.join(values)}")
        found |= {name: values[name] for name in declared}
    return found
