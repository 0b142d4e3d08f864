"""Where the variance between runs of a cell comes from: the split, the draw of the parameters, the order of the batches."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.scores import BLOCK_COLUMNS, NOTE, REFERENCE, SCHEME, blocks, frame_of, scores
from initbench.base.columns import Column
from initbench.statistics.paired import differences
from initbench.statistics.variance import Axes, components
from initbench.study.cells import BLOCK
from initbench.study.seed_axes import SeedAxes

NAMES = ("split", "draw", "order")
COLUMNS = (
    *BLOCK_COLUMNS,
    SCHEME,
    REFERENCE,
    Column("of", str, "run: test accuracy of the scheme; difference: that less the reference's, run by run"),
    Column("source", str, "split, draw, order; several with × between: their interaction, of all three with what no axis explains"),
    Column("variance", float, "what it adds to the variance of one run, unbiased, so maybe a little below 0"),
    Column("share", float, "of the sum of all sources, those below 0 taken as 0", unit="share"),
    Column("levels", int, "levels of the axis with fewest that the source has"),
    NOTE,
)  # fmt: skip


@analysis(
    "variance_sources",
    row="a source of variance in a cell, in a study whose seeds cross splits, draws and orders",
    settings=("reference", "seed_axes"),
    columns=COLUMNS,
)
def variance_sources(tables, settings):
    """Components of variance of test accuracy, and of its paired difference from the reference, over a complete crossed design.

    Without the key `seed_axes` there is nothing to tell apart, and the table is empty. The mean of all splits, draws and orders
    is what a comparison of schemes is about (Bouthillier et al. 2021). A diverged run counts as accuracy 0.
    """
    rows: list[dict] = []
    axes = SeedAxes(*settings.seed_axes) if settings.seed_axes else None
    table = scores(tables.chosen_runs)
    for key, value, _ in blocks(table) if axes else ():
        runs = value.reindex(range(axes.seeds))
        for scheme in value.columns:
            for of, numbers in _numbers(runs, scheme, settings.reference):
                row = dict(zip(BLOCK, key, strict=True)) | {"scheme": scheme, "reference": settings.reference, "of": of}
                rows += [row | found for found in _sources(numbers, axes)]
    return frame_of(rows, COLUMNS)


def _numbers(runs: pd.DataFrame, scheme: str, reference: str) -> Iterator[tuple[str, np.ndarray]]:
    """What varies, by the number of the run."""
    yield "run", runs[scheme].to_numpy()
    if scheme != reference and reference in runs:
        yield "difference", differences(runs[scheme], runs[reference])[0]


def _sources(numbers: np.ndarray, axes: SeedAxes) -> list[dict]:
    """The rows of a cell from a number a run."""
    shape = (axes.split, axes.draw, axes.order)
    if not np.isfinite(numbers).all():
        missing = {"variance": np.nan, "share": np.nan, "levels": min(shape), "source": "all"}
        return [missing | {"note": "cannot be told, because runs are missing"}]
    found = components(numbers.reshape(shape))
    total = sum(max(variance, 0.0) for variance in found.values())
    note = None if total > 0 else "all runs score the same"
    return [
        {"source": _named(source), "variance": variance, "share": max(variance, 0.0) / total if total > 0 else np.nan}
        | {"levels": min(shape[axis] for axis in source), "note": note}
        for source, variance in found.items()
    ]


def _named(source: Axes) -> str:
    return " × ".join(NAMES[axis] for axis in source)
