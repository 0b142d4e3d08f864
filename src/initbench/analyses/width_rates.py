"""The best learning rate at each width, and what the rate of the narrowest network costs the others."""

import numpy as np

from initbench.analyses import analysis
from initbench.analyses.scores import CELL_COLUMNS, CONFIDENCE, SEEDS, frame_of
from initbench.base.columns import Column
from initbench.statistics.paired import differences, sign_flip_interval
from initbench.tables.rates_over_widths import rate_slope, rates_over_widths

COLUMNS = (
    *CELL_COLUMNS,
    SEEDS,
    Column("best_rate", float, "the rate chosen by validation at this width"),
    Column("accuracy", float, "mean test accuracy at it, a diverged run as 0", unit="share"),
    Column("narrow_rate", float, "the rate chosen at the narrowest width"),
    Column("narrow_accuracy", float, "mean test accuracy at that rate", unit="share"),
    Column("shortfall", float, "accuracy lost by it, mean over seeds", unit="share"),
    Column(
        "shortfall_low",
        float,
        "lower end of its 95 % interval (inverted sign-flip test); null where there is none",
        unit="share",
    ),
    Column("shortfall_high", float, "upper end", unit="share"),
    Column(
        "rate_slope",
        float,
        "slope of ln (rate of the lowest training loss) on ln width, mean over seeds: the same in every row of a kind of network",
    ),
    Column("rate_slope_low", float, "lower end of its 95 % interval; null for one seed"),
    Column("rate_slope_high", float, "upper end"),
)


@analysis("width_rates", row="a cell of networks that differ in their width alone", columns=COLUMNS)
def width_rates(tables, settings):
    """A row a width of every kind of network that was trained at three widths and three rates or more."""
    rows = []
    for found in rates_over_widths(tables.runs_at_every_rate):
        slope = dict(zip(("rate_slope", "rate_slope_low", "rate_slope_high"), rate_slope(found), strict=True))
        for k, width in enumerate(found.widths):
            lost, resolution = differences(found.own[:, k], found.narrow[:, k])
            low, high = sign_flip_interval(lost, CONFIDENCE, resolution) or (np.nan, np.nan)
            row = {
                "width": int(width),
                "seeds": len(found.seeds),
                "best_rate": found.best[k],
                "narrow_rate": found.best[0],
            }
            row |= {"accuracy": found.own[:, k].mean(), "narrow_accuracy": found.narrow[:, k].mean()}
            rows.append(
                found.key | row | slope | {"shortfall": lost.mean(), "shortfall_low": low, "shortfall_high": high}
            )
    return frame_of(rows, COLUMNS)
