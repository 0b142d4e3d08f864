"""The tables of a study as analyses, claims, figures and sections read them: each view of them is written here, once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from initbench.base.parquet import check
from initbench.datasets.splits import Splits, read_splits
from initbench.study.cells import CELL, RUN, SCORING, START, TUNING

FINISHED = ("trained", "slow", "stalled")
ACCURACIES = ("train_accuracy", "valid_accuracy", "test_accuracy")


@dataclass(frozen=True)
class Tables:
    """The tables of a study by name: `paths` says where each lies. Frames are read when they are asked for.

    `splits`: paths of prepared data, for readers that ask for them. `dataset`: the one whose rows are read, of tables that name
    data sets; all by default. Raises KeyError, with the names that there are, for a
    table that the reader did not declare.
    """

    paths: Mapping[str, str]
    splits: tuple[str, ...] = ()
    dataset: str | None = None

    def read(self, name: str, columns: Iterable[str] | None = None, filters: Any = None) -> pd.DataFrame:
        """A table, or some of its columns and rows (`filters` as pandas.read_parquet takes them); nulls are NaN."""
        if name not in self.paths:
            raise KeyError(f"the table {name!r} was not asked for; there are: {', '.join(sorted(self.paths))}")
        check(self.paths[name])
        if self.dataset is not None and "dataset" in pq.read_schema(self.paths[name]).names:
            filters = [*(filters or []), ("dataset", "==", self.dataset)]
        frame = pd.read_parquet(self.paths[name], columns=None if columns is None else list(columns), filters=filters)
        frame.attrs = {}  # pandas copies what a table says of itself at every step
        return frame

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Every run; ValueError as `check_runs`."""
        runs = self.read("runs")
        check_runs(runs)
        return runs

    @cached_property
    def chosen_runs(self) -> pd.DataFrame:
        """The scoring runs at their cell's chosen learning rate."""
        return chosen_runs(self.runs)

    @cached_property
    def runs_at_every_rate(self) -> pd.DataFrame:
        """The runs that a cell has at every learning rate, or its starts if it was not trained."""
        return runs_at_every_rate(self.runs)

    def layers_at_start(self, columns: Iterable[str], **equal: Any) -> pd.DataFrame:
        """Layers at step 0, one row a scoring start and layer; `equal` keeps the rows whose keys have those values."""
        return self._at_start("layers", [*START, "layer", *columns], equal)

    def signal_at_start(self, columns: Iterable[str], **equal: Any) -> pd.DataFrame:
        """Factors over the layers at step 0, one row a scoring start."""
        return self._at_start("signal", [*START, *columns], equal)

    def prepared_data(self) -> Iterator[tuple[str, Splits]]:
        """(data set, its splits for some seeds) of every file in `splits`."""
        for path in self.splits:
            yield Path(path).parent.name, read_splits(path)

    def at_every_step(self, name: str, runs: pd.DataFrame, columns: Iterable[str], **equal: Any) -> pd.DataFrame:
        """Rows of `layers` or `signal` of some runs at every recorded step, the start's given to each of its runs.

        `equal` keeps the rows whose keys have those values, or one of them if it is a list.
        """
        frame = self.read(name, dict.fromkeys([*self._row_keys(name), *columns]), _filters(equal))
        return with_start(frame, runs)

    def _row_keys(self, name: str) -> list[str]:
        return [*RUN, "step", *(["layer"] if name == "layers" else [])]

    def _at_start(self, name: str, columns: list[str], equal: Mapping) -> pd.DataFrame:
        filters = [("step", "==", 0), ("role", "==", SCORING), *(_filters(equal) or [])]
        return self.read(name, dict.fromkeys(columns), filters)


def _filters(equal: Mapping) -> list[tuple] | None:
    """What `equal` asks for, as pandas.read_parquet takes it."""
    if any(value == [] for value in equal.values()):
        return [("seed", "<", 0)]  # no row: pyarrow cannot compare with a list that has no type
    return [(key, "in" if isinstance(value, list) else "==", value) for key, value in equal.items()] or None


def with_start(frame: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """The rows at recorded steps of the runs in `runs`, each with the rows of its start, sorted by run and step.

    A start is drawn and measured once, whatever the learning rates: its row of step 0 is each of its runs' first record.
    """
    within = [key for key in ("step", "layer") if key in frame]
    starts = frame[frame["step"] == 0].drop(columns="learning_rate")
    first = starts.merge(runs[RUN], on=START)[list(frame.columns)]
    later = frame[frame["step"] > 0].merge(runs[RUN], on=RUN)
    return pd.concat([first, later]).sort_values([*RUN, *within], ignore_index=True)


def check_runs(runs: pd.DataFrame) -> None:
    """ValueError that names the first run that is there twice, or has an accuracy too few: only one that diverged may.

    Either would be counted wrongly and in silence, as a further seed or as accuracy 0.
    """
    twice = runs.duplicated(RUN) & (runs["status"] != "initial")
    finished = runs["status"].isin(FINISHED)
    for what, wrong in (
        ("is there twice", twice),
        *((f"has no {name}", finished & runs[name].isna()) for name in ACCURACIES),
    ):
        if wrong.any():
            row = runs[wrong].iloc[0]
            named = ", ".join(f"{key}={row[key]}" for key in RUN)
            raise ValueError(
                f"runs: the {row['status']} run of {named} {what} ({int(wrong.sum())} of {len(runs)} rows)"
            )


def trained_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs that were trained: not those measured at initialisation only."""
    return runs[(runs["status"] != "initial").fillna(False).astype(bool)]


def runs_at_every_rate(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs that a cell has at every learning rate: its tuning runs if it was tuned, else all."""
    tuning = runs["role"] == TUNING
    tuned = tuning.groupby([runs[key] for key in CELL], observed=True).transform("any").astype(bool)
    return runs[tuning | ~tuned]


def chosen_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """The scoring runs at their cell's chosen learning rate; ValueError if a cell has two for one seed."""
    runs = trained_runs(runs)
    chosen = runs[runs["selected"].fillna(False).astype(bool)]
    twice = chosen.duplicated(START)
    if twice.any():
        row = chosen[twice].iloc[0]
        raise ValueError(f"more than one selected run for {', '.join(f'{key}={row[key]}' for key in START)}")
    return chosen


def lowest_loss_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """The trained runs at the learning rate with the lowest training loss of their cell, of those runs that have every rate.

    Lowest is the median over seeds of the loss at the end, a diverged run's being infinite; of equal ones the smaller rate.
    The median, since one run that diverges makes any mean infinite: a rate at which all other seeds learn would lose to every
    rate at which none does, and where each rate has such a run the smallest would be taken whatever its losses.
    """
    runs = trained_runs(runs_at_every_rate(runs))
    loss = runs["train_loss"].where(runs["status"] != "diverged").astype(float).fillna(np.inf)
    median = loss.groupby([runs[key] for key in (*CELL, "learning_rate")], observed=True).median()
    ordered = median.reset_index().sort_values([*CELL, "train_loss", "learning_rate"], kind="stable")
    return runs.merge(ordered.drop_duplicates(CELL)[[*CELL, "learning_rate"]], on=[*CELL, "learning_rate"])


def hidden(layers: pd.DataFrame) -> pd.DataFrame:
    """The rows of hidden layers."""
    return layers[layers["layer"] <= layers["depth"]]


def mean_squares(layers: pd.DataFrame, column: str, by: Iterable[str] = (*CELL, "layer")) -> pd.Series:
    """Mean of column² over draws, before any logarithm is taken, for each group of `by`: δ² from `delta_rms_gaussian`."""
    return (layers[column] ** 2).groupby([layers[key] for key in by], observed=True).mean()


def layer_factor(values: pd.Series) -> float:
    """exp of the least-squares slope of ln `values` on their index, the layer: the factor from one layer to the next.

    Of δ² the factor towards the input is its inverse. NaN where a value is not positive, or there are fewer than two.
    """
    found = values.to_numpy(float)
    if len(found) < 2 or not (np.isfinite(found) & (found > 0)).all():
        return float("nan")
    return float(np.exp(np.polyfit(values.index.to_numpy(float), np.log(found), 1)[0]))


def step_reaching(steps: np.ndarray | pd.Series, losses: np.ndarray | pd.Series, level: float) -> float:
    """The step at which a loss falls to `level`: linear in ln(1 + step) between records, 0 if it starts there, ∞ if never."""
    steps, losses = np.log1p(np.asarray(steps, float)), np.asarray(losses, float)
    below = np.flatnonzero(losses <= level)
    if not len(below):
        return float("inf")
    k = below[0]
    if k == 0:
        return 0.0
    share = (losses[k - 1] - level) / (losses[k - 1] - losses[k])
    return float(np.expm1(steps[k - 1] + share * (steps[k] - steps[k - 1])))


def learned(status: pd.Series) -> pd.Series:
    """Whether each run, by its status, learned more than the class frequencies."""
    return ~status.isin(["stalled", "diverged"])
