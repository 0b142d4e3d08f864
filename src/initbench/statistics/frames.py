"""The `runs` table as the statistics need it: which rows, which value for a run that diverged, which block.

A *block* is everything of a cell but its scheme; within a block one seed means the same split, batch order and draws
under every scheme, so runs pair by seed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

BLOCK = ["dataset", "architecture", "width", "depth", "activation", "normalization", "optimizer"]
CELL = [*BLOCK, "scheme"]

# Two values closer than this share of the largest one are tied: float32 training resolves no more.
RESOLUTION = 1e-7

# Below six seeds no distribution-free interval reaches 95 %: the whole sample's range covers 1 − 2^(1−n).
MINIMUM_SEEDS = 6


@dataclass(frozen=True)
class Metric:
    """Whether more is better, and the worst value there is (None: it has no bound)."""

    higher_is_better: bool
    worst: float | None


METRICS = {
    **{f"{part}_accuracy": Metric(True, 0.0) for part in ("train", "valid", "test")},
    **{f"{part}_loss": Metric(False, None) for part in ("train", "valid", "test")},
    "steps_to_target": Metric(False, None),
}

DIVERGED = {
    "worst": "a run without a value takes the metric's worst (accuracy 0); a loss has none: the block's largest",
    "observed": "a run without a value takes the worst value that a finished run of the block has",
    "drop": "a run without a value is left out, with its pair",
}


def require(runs: pd.DataFrame, columns: Iterable[str]) -> None:
    """Raise ValueError, with the names, if the table lacks columns."""
    missing = [name for name in columns if name not in runs.columns]
    if missing:
        raise ValueError(f"the runs table lacks {', '.join(missing)}")


def check_choice(what: str, value: str, allowed: Iterable[str]) -> None:
    """Raise ValueError, with what is allowed, if `value` is none of it."""
    if value not in allowed:
        raise ValueError(f"{what} {value!r}: choose one of {', '.join(allowed)}")


def numbers(column: pd.Series) -> np.ndarray:
    """A column as float64, with NaN for null and for what is not finite."""
    values = pd.to_numeric(column).to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def trained_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs that were trained: not those measured at initialisation only."""
    return runs[(runs["status"] != "initial").fillna(False).astype(bool)]


def selected_runs(runs: pd.DataFrame) -> pd.DataFrame:
    """The trained runs at their cell's chosen learning rate; ValueError if a cell has two for one seed."""
    runs = trained_runs(runs)
    chosen = runs[runs["selected"].fillna(False).astype(bool)]
    twice = chosen.duplicated([*CELL, "seed"])
    if twice.any():
        row = chosen[twice].iloc[0]
        cell = ", ".join(f"{key}={row[key]}" for key in [*CELL, "seed"])
        raise ValueError(f"more than one selected run for {cell}")
    return chosen


def scores(runs: pd.DataFrame, metric: str = "test_accuracy", diverged: str = "worst") -> pd.DataFrame:
    """One row per selected run, sorted by block, scheme and seed: those keys, `value` and `goodness`.

    `value` is the metric with the runs that have none filled by the rule `diverged` (see DIVERGED). `goodness` serves
    orderings: larger is better whatever the metric, and a run without a value lies below all others of its block.
    """
    check_choice("metric", metric, METRICS)
    check_choice("diverged", diverged, DIVERGED)
    require(runs, [*CELL, "seed", "status", "selected", metric])
    chosen = selected_runs(runs)
    table = chosen[[*CELL, "seed"]].assign(value=numbers(chosen[metric]))
    if diverged == "drop":
        table = table[table["value"].notna()]
    table = table.sort_values([*CELL, "seed"], ignore_index=True)
    sign = 1 if METRICS[metric].higher_is_better else -1
    goodness = sign * table["value"]
    lowest = goodness.groupby([table[key] for key in BLOCK], observed=True).transform("min").fillna(0.0)
    fill = sign * lowest
    if diverged == "worst" and METRICS[metric].worst is not None:
        fill = METRICS[metric].worst
    return table.assign(value=table["value"].fillna(fill), goodness=goodness.fillna(lowest - 1))


def blocks(table: pd.DataFrame) -> Iterator[tuple[tuple, pd.DataFrame, pd.DataFrame]]:
    """(block key, value, goodness) of each block of a `scores` table: matrices seeds × schemes, NaN where no run is."""
    for key, block in table.groupby(BLOCK, observed=True):
        yield key, *(block.pivot(index="seed", columns="scheme", values=part) for part in ("value", "goodness"))


def scopes(table: pd.DataFrame, by: Iterable[str] = ("dataset",)) -> Iterator[tuple[str, pd.DataFrame]]:
    """The whole table as "all", then one part for each value of each key in `by`, such as "dataset=digits"."""
    if len(table):
        yield "all", table
    for key in by:
        for value, part in table.groupby(key, observed=True):
            yield f"{key}={value}", part


def join_notes(*notes: str | None) -> str | None:
    """The notes that say something, in one text; None if none does."""
    return "; ".join(note for note in notes if note) or None


def table_of(rows: list[dict], columns: dict[str, str]) -> pd.DataFrame:
    """Rows as a table with these columns and types, also when there are none; integers stay integers."""
    table = pd.DataFrame(rows, columns=list(columns))
    return table.astype({name: kind for name, kind in columns.items() if kind != "key"})


@dataclass(frozen=True)
class Grid:
    """The complete part of a scope: arrays (blocks, schemes, seeds), more is better, and what had to be left out.

    `runs` are the metric's values, negated if less is better; in `goodness` a run without a value lies below all others.
    """

    runs: np.ndarray
    goodness: np.ndarray
    schemes: list[str]
    note: str | None


def complete_grid(part: pd.DataFrame, metric: str) -> Grid:
    """The blocks of a `scores` table that have every scheme, at the seeds that all of their cells have."""
    sign = 1 if METRICS[metric].higher_is_better else -1
    schemes = sorted(part["scheme"].unique())
    wide = part.assign(value=sign * part["value"]).pivot(index=[*BLOCK, "scheme"], columns="seed")
    present = wide["value"].notna().any(axis=1).unstack("scheme", fill_value=False).all(axis=1)
    keep = present.index[present]
    cells = pd.MultiIndex.from_tuples([(*key, s) for key in keep for s in schemes], names=wide.index.names)
    value, goodness = (wide[name].loc[cells].dropna(axis="columns") for name in ("value", "goodness"))
    shape = (len(keep), len(schemes), value.shape[1])
    lost, short = int((~present).sum()), wide["value"].shape[1] - value.shape[1]
    note = join_notes(
        f"{lost} of {len(present)} blocks left out, because they lack a scheme" if lost else None,
        f"{short} of {wide['value'].shape[1]} seeds left out, because a cell lacks them"
        if short and len(keep)
        else None,
    )
    return Grid(value.to_numpy().reshape(shape), goodness.to_numpy().reshape(shape), schemes, note)
