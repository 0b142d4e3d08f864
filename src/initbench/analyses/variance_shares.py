"""What test accuracy depends on: the share of its variance by factor, by interaction of factors, and by seed."""

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.interactions import FACTORS, is_random
from initbench.analyses.scores import NOTE, SEEDS, frame_of, join_notes, scores
from initbench.base.columns import Column
from initbench.statistics.variance import Axes, sums_of_squares
from initbench.study.cells import KEY_COLUMNS
from initbench.tables.grids import NETWORK

AXES = ("scheme", *FACTORS, "seed")
COLUMNS = (
    *(column for column in KEY_COLUMNS if column.name in NETWORK),
    Column("source", str, "scheme, activation, depth, normalization, seed; several with × between: their interaction; rest"),
    Column("share", float, "of the variance of test accuracy over the runs of a complete grid of random schemes", unit="share"),
    Column("degrees_of_freedom", int, "numbers that it is estimated from"),
    SEEDS,
    NOTE,
)  # fmt: skip


@analysis("variance_shares", row="a factor or interaction in one network", columns=COLUMNS)
def variance_shares(tables, settings):
    """Analysis of variance of the chosen runs of random schemes, a diverged run counting as accuracy 0.

    Over the largest complete grid of scheme, activation, depth, normalisation and seed of each network (data set,
    architecture, width, optimiser); factors with one level are left out. Seeds are common to all cells; `rest` is their
    interaction with everything. The shares describe this grid: they depend on which schemes and depths it has.
    """
    table = scores(tables.chosen_runs)
    table = table[table["scheme"].map(is_random).astype(bool)]
    rows = []
    for network, part in table.groupby(NETWORK, observed=True):
        values, left_out = complete(part)
        rows += [dict(zip(NETWORK, network, strict=True)) | row for row in shares(values, left_out)]
    return frame_of(rows, COLUMNS)


def complete(part: pd.DataFrame) -> tuple[np.ndarray, str | None]:
    """Values on the axes AXES without gaps, and what had to be left out: the level that lacks most goes first."""
    levels = [sorted(part[axis].unique()) for axis in AXES]
    index = pd.MultiIndex.from_product(levels, names=AXES)
    values = part.set_index(list(AXES))["value"].reindex(index).to_numpy().reshape([len(own) for own in levels])
    without = []
    while np.isnan(values).any():
        lacking = [np.isnan(values).mean(axis=tuple(set(range(values.ndim)) - {axis})) for axis in range(values.ndim)]
        axis = max(range(values.ndim), key=lambda k: lacking[k].max())
        level = int(lacking[axis].argmax())
        without.append(f"{AXES[axis]} {levels[axis].pop(level)}")
        values = np.delete(values, level, axis)
    return values, f"left out, because cells or seeds are missing there: {', '.join(without)}" if without else None


def shares(values: np.ndarray, left_out: str | None) -> list[dict]:
    """The rows of one network; values on the axes AXES."""
    squares = sums_of_squares(values) if values.size else {}
    total = sum(square for square, _ in squares.values())
    seed = len(AXES) - 1
    found: dict[str, tuple[float, int]] = {}
    for axes, (square, freedom) in squares.items():
        source = "rest" if seed in axes and axes != (seed,) else _named(axes)
        before = found.get(source, (0.0, 0))
        if freedom:
            found[source] = (before[0] + square, before[1] + freedom)
    alike = None if total > 0 else "all runs score the same"
    return [
        {"source": source, "share": square / total if total > 0 else np.nan, "degrees_of_freedom": freedom}
        | {"seeds": values.shape[seed], "note": join_notes(alike, left_out)}
        for source, (square, freedom) in sorted(found.items(), key=lambda item: item[0] == "rest")
    ]


def _named(axes: Axes) -> str:
    return " × ".join(AXES[axis] for axis in axes)
