"""Interquartile mean, mean and median of each scheme over all its runs in a scope's complete blocks."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.scores import (
    BLOCKS,
    CONFIDENCE,
    HIGH,
    LOW,
    METRIC,
    MINIMUM_SEEDS,
    NOTE,
    SCHEME,
    SCOPE,
    SCOPES,
    SCORED,
    SEEDS,
    complete_grid,
    frame_of,
    join_notes,
    no_spread,
    scopes,
    scores,
)  # fmt: skip
from initbench.base.columns import Column
from initbench.base.randomness import keyed
from initbench.statistics.aggregate import AGGREGATES, clustered_interval

COLUMNS = (
    SCOPE, SCORED, SCHEME,
    Column("aggregate", str, "iqm (interquartile mean), mean or median of all runs"),
    Column("value", float, "the aggregate"),
    LOW, HIGH,
    BLOCKS, SEEDS, NOTE,
)  # fmt: skip


@analysis("aggregates", row="an aggregate score of a scheme in a scope", columns=COLUMNS)
def aggregates(tables, settings):
    """The aggregates of Agarwal et al. (2021), with intervals by resampling seeds.

    Their stratified bootstrap takes blocks for independent, which those of one data set are not: it covers about half.
    """
    rows = []
    for shared, matrices in scored_scopes(tables.chosen_runs):
        for scheme, scored in matrices.items():
            for name in AGGREGATES:
                row = shared | {"scheme": scheme} | _aggregate(scored, name, (shared["scope"], scheme))
                rows.append(row | {"note": join_notes(row["note"], no_spread(row))})
    return frame_of(rows, COLUMNS)


def scored_scopes(chosen: pd.DataFrame, by: Iterable[str] = SCOPES) -> Iterator[tuple[dict, dict[str, np.ndarray]]]:
    """(shared columns, scheme → scores (seeds, blocks)) of the complete blocks of every scope."""
    for scope, part in scopes(scores(chosen), by):
        grid = complete_grid(part)
        blocks, _, seeds = grid.runs.shape
        short = f"no interval from {seeds} seeds: it takes {MINIMUM_SEEDS}" if seeds < MINIMUM_SEEDS else None
        note = join_notes(short if grid.runs.size else "no block has every scheme at one seed", grid.note)
        shared = {"scope": scope, "metric": METRIC, "blocks": blocks, "seeds": seeds, "note": note}
        yield shared, {scheme: grid.runs[:, i].copy().T for i, scheme in enumerate(grid.schemes)}


def _aggregate(scored: np.ndarray, name: str, key: tuple[str, str]) -> dict:
    """One aggregate with its intervals, as far as the scores allow."""
    aggregate = AGGREGATES[name]
    row = {"aggregate": name}
    if scored.size:
        row["value"] = float(aggregate(scored, axis=None))
    if scored.size and len(scored) >= MINIMUM_SEEDS:
        ends = clustered_interval(scored, aggregate, keyed(0, "aggregate", *key, name), CONFIDENCE)
        row |= dict(zip(("low", "high"), ends, strict=True))
    return row
