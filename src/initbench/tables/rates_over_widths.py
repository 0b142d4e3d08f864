"""The best learning rate of the same networks at several widths, and what one rate for all of them costs."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from initbench.statistics.jackknife import jackknife
from initbench.tables.over_widths import FEWEST, KIND
from initbench.tables.status import rates_by_merit
from initbench.tables.views import trained_runs

FEWEST_RATES = 3


class Rates(NamedTuple):
    """Networks that differ in their width alone, trained at several rates: one row a seed, axis, in the order of `widths`.

    best: the rate chosen at each width by validation. own: test accuracy at it, (seeds, widths); narrow: at the rate that is
    best at the narrowest. A run that diverged counts as 0. lowest: each seed's rate of the lowest training loss, (seeds, widths).
    """

    key: dict
    widths: np.ndarray
    seeds: np.ndarray
    best: np.ndarray
    own: np.ndarray
    narrow: np.ndarray
    lowest: np.ndarray


def rates_over_widths(runs: pd.DataFrame) -> Iterator[Rates]:
    """Those of all networks that were trained at FEWEST widths and FEWEST_RATES rates; seeds that lack some are left out.

    runs: those that a cell has at every learning rate (`Tables.runs_at_every_rate`).
    """
    runs = trained_runs(runs)
    for key, part in runs.groupby(KIND, observed=True):
        if part["width"].nunique() >= FEWEST and part["learning_rate"].nunique() >= FEWEST_RATES:
            yield from _of_kind(dict(zip(KIND, key, strict=True)), part)


def _of_kind(key: dict, runs: pd.DataFrame) -> Iterator[Rates]:
    accuracy, loss = (_square(runs, column) for column in ("test_accuracy", "train_loss"))
    whole = accuracy.notna().all(axis=1) & loss.notna().all(axis=1)
    accuracy, loss = accuracy[whole], loss[whole]
    if accuracy.empty:
        return
    widths = np.sort(runs["width"].unique())
    best = np.array([_best(runs[runs["width"] == width]) for width in widths])
    own, narrow = (
        np.stack([accuracy[width, rate] for width, rate in zip(widths, rates, strict=True)], axis=1)
        for rates in (best, np.full(len(widths), best[0]))
    )
    lowest = np.stack([loss[width].idxmin(axis=1).to_numpy(float) for width in widths], axis=1)
    yield Rates(key, widths.astype(float), accuracy.index.to_numpy(), best, own, narrow, lowest)


def _square(runs: pd.DataFrame, column: str) -> pd.DataFrame:
    """A column by seed (rows) and width and rate; that of a diverged run is 0, or infinite if it is a loss."""
    values = runs[column].astype(float).where(runs["status"] != "diverged", np.inf if column.endswith("loss") else 0.0)
    return runs.assign(value=values).pivot_table(
        index="seed", columns=["width", "learning_rate"], values="value", aggfunc="first", observed=True
    )


def _best(runs: pd.DataFrame) -> float:
    """The rate that the rule of choice prefers."""
    runs = runs.sort_values(["learning_rate", "seed"])
    return float(
        rates_by_merit(*(runs[name].to_numpy(float) for name in ("learning_rate", "valid_accuracy", "valid_loss")))[0]
    )


def rate_slope(found: Rates) -> tuple[float, float, float]:
    """(exponent, low, high): slope of ln (rate of the lowest training loss) on ln width, mean over seeds with its interval."""
    logs = np.log(found.widths)
    slopes = np.polyfit(logs, np.log(found.lowest).T, 1)[0]
    return jackknife(slopes, lambda each: float(np.mean(each)))
