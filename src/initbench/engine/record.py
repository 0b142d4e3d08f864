"""What was measured of some runs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Columns = dict[str, np.ndarray]
Run = tuple[int, float | None]

PARTS = ("history", "signal", "layers", "final")


@dataclass(frozen=True)
class Record:
    """Everything measured for some runs, as plain arrays.

    runs: (seed, learning rate) of each run, the rate None if nothing was trained; steps: the R recorded steps. history,
    layers and signal: columns of shape (runs, R), (runs, R, layers) and (runs, R); final: columns of shape (runs,).
    NaN stands for what is undefined. diverged_step is −1 for runs that stayed finite.
    """

    runs: list[Run]
    steps: np.ndarray
    history: Columns
    signal: Columns
    layers: Columns
    final: Columns

    def rows(self, indices: np.ndarray) -> "Record":
        """What was measured of these runs."""
        parts = ({name: values[indices] for name, values in getattr(self, part).items()} for part in PARTS)
        return Record([self.runs[index] for index in indices], self.steps, *parts)


def concatenated(records: Sequence[Record]) -> Record:
    """The runs of all records, one record after the other."""
    first = records[0]
    parts = (
        {name: np.concatenate([getattr(record, part)[name] for record in records]) for name in getattr(first, part)}
        for part in PARTS
    )
    return Record([run for record in records for run in record.runs], first.steps, *parts)


def at_start(seeds: Sequence[int], history: Columns, signal: Columns, layers: Columns, final: Columns) -> Record:
    """The record of starts that are not trained, from columns (starts,) and (starts, layers) of step 0."""
    parts = ({name: values[:, None] for name, values in part.items()} for part in (history, signal, layers))
    return Record([(seed, None) for seed in seeds], np.array([0]), *parts, final)


def after_start(
    start: tuple[Columns, Columns], later: tuple[Columns, Columns], diverged_step: np.ndarray, steps: np.ndarray
) -> tuple[Columns, Columns]:
    """(layers, signal) of runs at all recorded steps, (runs, R, …), NaN from the step on at which a run diverged.

    start: columns of step 0, (starts, …), the same for every learning rate; later: those of the other steps, (R − 1) × runs
    one after the other. What is measured at step 0 alone is NaN later.
    """
    runs, records = len(diverged_step), len(steps) - 1
    undefined = (diverged_step[:, None] >= 0) & (steps[None, 1:] >= diverged_step[:, None])

    def with_start(first, after):
        first = np.repeat(first, runs // len(first), axis=0)[:, None].astype(float)
        shape = (runs, records, *first.shape[2:])
        after = np.full(shape, np.nan) if after is None else _by_run(after, runs, records)
        after[undefined] = np.nan
        return np.concatenate([first, after], axis=1)

    layers, signal = (
        {name: with_start(values, others.get(name)) for name, values in first.items()}
        for first, others in zip(start, later, strict=True)
    )
    return layers, signal


def _by_run(values: np.ndarray, runs: int, records: int) -> np.ndarray:
    return values.reshape(records, runs, *values.shape[1:]).swapaxes(0, 1).astype(float)
