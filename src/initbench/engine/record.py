"""What was measured of some runs, and how the parts of a shard are put together."""

from dataclasses import dataclass

import numpy as np


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

    def rows(self, places: np.ndarray, runs) -> "ShardResult":
        """What was measured for some of the runs, which are named `runs`."""
        parts = (self.history, self.signal, self.layers, self.final)
        return ShardResult(runs, self.steps, *({name: v[places] for name, v in part.items()} for part in parts))


def concatenated(results) -> ShardResult:
    """The results of some runs after those of others."""
    columns = {
        part: {name: np.concatenate([getattr(r, part)[name] for r in results]) for name in getattr(results[0], part)}
        for part in ("history", "signal", "layers", "final")
    }
    return ShardResult([], results[0].steps, **columns)


def joined(rates: int, steps, results, layers, signal) -> ShardResult:
    """The blocks' results one after the other, with step 0, measured once a place, put before each run's records."""

    def with_start(first, later):
        first = np.repeat(first, rates, axis=0)[:, None]
        return np.concatenate([first, np.concatenate(later)], axis=1)

    nothing = {name: np.full_like(values, np.nan) for name, values in signal.items()}
    late_signal = [
        {n: r.signal.get(n, np.broadcast_to(nothing[n][:1, None], _shape(r))) for n in signal} for r in results
    ]
    return ShardResult(
        [],
        steps,
        {name: np.concatenate([r.history[name] for r in results]) for name in results[0].history},
        {name: with_start(signal[name], [late[name] for late in late_signal]) for name in signal},
        {name: with_start(layers[name], [r.layers[name] for r in results]) for name in layers},
        {name: np.concatenate([r.final[name] for r in results]) for name in results[0].final},
    )


def _shape(result) -> tuple[int, int]:
    return next(iter(result.signal.values())).shape
