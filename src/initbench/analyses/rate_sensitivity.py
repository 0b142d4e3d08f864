"""Accuracy against learning rate."""

import numpy as np

from initbench.analyses import analysis
from initbench.analyses.learning_rates import RATE_COLUMNS, RATE_KEYS, accuracies, ranked_rates
from initbench.analyses.scores import CONFIDENCE, METRIC, MINIMUM_SEEDS, NOTE, SEEDS, frame_of
from initbench.base.columns import Column
from initbench.statistics.paired import median_interval
from initbench.study.cells import CELL
from initbench.tables.views import trained_runs

COLUMNS = (
    *RATE_COLUMNS,
    SEEDS,
    Column("mean", float, "mean test accuracy over seeds, a diverged run as 0", unit="share"),
    Column("median", float, "the median", unit="share"),
    Column(
        "median_low",
        float,
        "lower end of its interval (inverted sign test; covers at least 95 % over seeds)",
        unit="share",
    ),
    Column("median_high", float, "upper end", unit="share"),
    Column("diverged", int, "runs that diverged"),
    Column("shortfall", float, "how far the mean lies below that of the cell's best rate", unit="share"),
    Column("selected", bool, "whether this rate was chosen on validation"),
    NOTE,
)


@analysis("rate_sensitivity", row="a cell at a learning rate", columns=COLUMNS)
def rate_sensitivity(tables, settings):
    """Test accuracy of each cell at each rate over the seeds that it is chosen on, a diverged run counting as 0."""
    trained = trained_runs(tables.runs_at_every_rate)
    gone = trained[trained[METRIC].isna()].groupby(RATE_KEYS, observed=True).size()
    best = ranked_rates(trained)
    chosen = set(best[best["order"] == 0][RATE_KEYS].itertuples(index=False, name=None))
    rows = []
    for key, group in accuracies(trained).groupby(RATE_KEYS, observed=True):
        values = group["test"].to_numpy()
        low, high, _ = median_interval(values, CONFIDENCE) or (np.nan, np.nan, None)
        row = {"seeds": len(values), "mean": values.mean(), "median": np.median(values)}
        row |= {"median_low": low, "median_high": high, "diverged": int(gone.get(key, 0)), "selected": key in chosen}
        row["note"] = None if np.isfinite(low) else f"no interval from {len(values)} seeds: it takes {MINIMUM_SEEDS}"
        rows.append(dict(zip(RATE_KEYS, key, strict=True)) | row)
    result = frame_of(rows, COLUMNS)
    return result.assign(shortfall=result.groupby(CELL, observed=True)["mean"].transform("max") - result["mean"])
