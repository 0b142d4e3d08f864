"""What analyses of the chosen runs share: one score a run, also of one that diverged; blocks, scopes, complete grids.

A *block* is everything of a cell but its scheme; within a block one seed means the same split, batch order and draws
under every scheme, so runs pair by seed. Every analysis scores by the test accuracy, a share from 0 to 1.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from initbench.base.columns import Column
from initbench.study.cells import BLOCK, CELL, KEY_COLUMNS
from initbench.tables.grids import of_whole_grids

METRIC, WORST = "test_accuracy", 0.0  # more is better, and the least there is
ALPHA, CONFIDENCE = 0.05, 0.95
MINIMUM_SEEDS = 6  # below it no distribution-free interval reaches 95 %: the whole sample's range covers 1 − 2^(1−n)
DIVERGED = {  # rules for a run without a value
    "worst": "a diverged run counting as accuracy 0",
    "observed": "as the worst value seen in the block",
    "drop": "left out with its pair",
}
SCOPES = ("dataset", "activation", "depth", "normalization")
FEW_SCHEMES = 0.25  # a block that lacks a larger share of a scope's schemes is of another experiment
MORE_SCOPES = ("architecture", "width", "optimizer")  # keys with scopes of their own only where a study has several

BLOCK_COLUMNS = tuple(column for column in KEY_COLUMNS if column.name in BLOCK)
CELL_COLUMNS = tuple(column for column in KEY_COLUMNS if column.name in CELL)
SCHEME = next(column for column in KEY_COLUMNS if column.name == "scheme")
RATE = next(column for column in KEY_COLUMNS if column.name == "learning_rate")
SCOPE = Column(
    "scope",
    str,
    "the blocks a row is over: all, those with one value of a key, or one block a data set (over data sets: …); networks with less than "
    "half as many cells as the largest are in the scopes of their own width, architecture or optimiser alone",
)
SCORED = Column("metric", str, "what is scored, higher or lower being better as its name says")
REFERENCE = Column("reference", str, "the scheme it is compared with")
PAIRS = Column("n", int, "seeds, paired where two schemes are compared")
SEEDS = Column("seeds", int, "seeds that took part")
ROPE = Column("rope", float, "half width of the region of practical equivalence, in the metric's unit")
BLOCKS = Column("blocks", int, "blocks that took part: data set, width, depth, activation, normalisation")
P = Column("p", float, "two-sided p", unit="probability")
P_ADJUSTED = Column(
    "p_adjusted",
    float,
    "p by Holm over the schemes tested against the reference in the block or scope",
    unit="probability",
)
CRITICAL_DIFFERENCE = Column("critical_difference", float, "Nemenyi's, of two mean ranks at 0.05")
LOW = Column("low", float, "lower end of its 95 % interval; whole seeds resampled; null where no seed differs")
HIGH = Column("high", float, "upper end")
NOTE = Column("note", str, "a caution, or why numbers are null (cannot be tested, because …)")


def scores(chosen: pd.DataFrame, diverged: str = "worst") -> pd.DataFrame:
    """One row a chosen run, sorted by block, scheme and seed: those keys, `value` and `goodness`.

    `value` is the score, that of a run without one filled by the rule `diverged` (see DIVERGED). `goodness` serves
    orderings: there a run without a value lies below all others of its block.
    """
    table = chosen[[*CELL, "seed"]].assign(value=chosen[METRIC].astype(float))
    if diverged == "drop":
        table = table[table["value"].notna()]
    table = table.sort_values([*CELL, "seed"], ignore_index=True)
    lowest = table["value"].groupby([table[key] for key in BLOCK], observed=True).transform("min").fillna(0.0)
    fill = lowest if diverged == "observed" else WORST
    return table.assign(value=table["value"].fillna(fill), goodness=table["value"].fillna(lowest - 1))


def blocks(table: pd.DataFrame) -> Iterator[tuple[tuple, pd.DataFrame, pd.DataFrame]]:
    """(block key, value, goodness) of each block of a `scores` table: matrices seeds × schemes, NaN where no run is."""
    for key, block in table.groupby(BLOCK, observed=True):
        yield key, *(block.pivot(index="seed", columns="scheme", values=part) for part in ("value", "goodness"))


def scopes(table: pd.DataFrame, by: Iterable[str] = SCOPES) -> Iterator[tuple[str, pd.DataFrame]]:
    """The grid as "all", then one part of it for each value of each key in `by`, such as "dataset=digits".

    Then parts of the whole table by architecture, width and optimiser, of which most studies have one each. A network with few
    cells beside a grid, such as a narrow layer under three schemes, is in such a scope of its own and in no other: a mean over
    its blocks and those of the grid would be of other things for these three schemes than for the rest.
    """
    grid = of_whole_grids(table)
    if len(grid):
        yield "all", grid
    for key in (*by, *(key for key in MORE_SCOPES if table[key].nunique() > 1)):
        for value, part in (table if key in MORE_SCOPES else grid).groupby(key, observed=True):
            yield f"{key}={value}", part


def data_set_scopes(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """One block a data set, where there are several, such as "over data sets: tanh, depth 3, none".

    The blocks of such a scope share no data. Architecture, width and optimiser are named where the table has several.
    """
    several = [key for key in MORE_SCOPES if table[key].nunique() > 1]
    for key, part in table.groupby(["activation", "depth", "normalization", *MORE_SCOPES], observed=True):
        if part["dataset"].nunique() > 1:
            more = [f", {name} {value}" for name, value in zip(MORE_SCOPES, key[3:], strict=True) if name in several]
            yield f"over data sets: {key[0]}, depth {key[1]}, {key[2]}{''.join(more)}", part


def join_notes(*notes: str | None) -> str | None:
    """The notes that say something, in one text; None if none does."""
    return "; ".join(note for note in notes if note) or None


def no_spread(row: dict) -> str | None:
    """That a row of seeds enough has no interval since none of them differs; for rows with `low` and `seeds`."""
    enough = row["seeds"] >= MINIMUM_SEEDS and np.isnan(row.get("low", 0.0))
    return "no interval, because other seeds of this study change nothing" if enough else None


def frame_of(rows: list[dict] | pd.DataFrame, columns: Iterable[Column]) -> pd.DataFrame:
    """Rows as a frame with the declared columns, numbers as float64 with NaN for None, also when there are no rows."""
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    kinds = {float: "float64", int: "int64", str: "str"}
    return frame.astype({column.name: kinds[column.type] for column in columns if column.type in kinds})


@dataclass(frozen=True)
class Grid:
    """The complete part of a scope: arrays (blocks, schemes, seeds), more is better, and what had to be left out.

    `runs` are the scores; in `goodness` a run without one lies below all others.
    """

    runs: np.ndarray
    goodness: np.ndarray
    schemes: list[str]
    note: str | None


def complete_grid(part: pd.DataFrame) -> Grid:
    """Blocks of a `scores` table and schemes that each of them has, at the seeds that all of these cells have.

    Where some cells are missing, either blocks or schemes are left out: see `_complete`.
    """
    wide = part.pivot(index=[*BLOCK, "scheme"], columns="seed", values=["value", "goodness"])
    present = wide["value"].notna().any(axis=1).unstack("scheme", fill_value=False)
    complete = _complete(present)
    keep, schemes = complete.index, sorted(complete.columns)
    cells = pd.MultiIndex.from_tuples([(*key, s) for key in keep for s in schemes], names=wide.index.names)
    value, goodness = (wide[name].loc[cells].dropna(axis="columns") for name in ("value", "goodness"))
    lost, seeds = len(present) - len(keep), wide["value"].shape[1]
    without = sorted(set(present.columns) - set(schemes))
    short = seeds - value.shape[1]
    note = join_notes(
        f"{lost} of {len(present)} blocks left out, because they lack a scheme" if lost else None,
        f"left out, because a block lacks them: {', '.join(without)}" if without else None,
        f"{short} of {seeds} seeds left out, because a cell lacks them" if short and len(keep) else None,
    )
    shape = (len(keep), len(schemes), value.shape[1])
    return Grid(value.to_numpy().reshape(shape), goodness.to_numpy().reshape(shape), schemes, note)


def _complete(present: pd.DataFrame) -> pd.DataFrame:
    """A part without gaps of (blocks × schemes: is the cell there?).

    Schemes that stand in fewer than half of the blocks of a grid, those with at least half as many schemes as the fullest, are
    left out first: a start tried in a few blocks costs neither the others' blocks nor their schemes. Then blocks that lack more
    than FEW_SCHEMES. If most of the others have every scheme, those that do not are left out too: a missing cell costs its
    block. If not, the schemes that one of them lacks: a scheme costs itself.
    """
    schemes = present.sum(axis=1)
    present = present.loc[:, present[2 * schemes >= schemes.max()].mean() >= 0.5]
    blocks = present[present.all(axis=1)]
    wide = present[(~present).mean(axis=1) <= FEW_SCHEMES]
    return blocks if 2 * len(blocks) > len(wide) else wide.loc[:, wide.all(axis=0)]
