"""The cases of a study: its blocks by their axes, the starts of each in a fixed order, and the case that is shown first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from initbench.figures.style import ordered
from initbench.study.cells import BLOCK, CELL, TUNING
from initbench.tables.grids import of_whole_grids
from initbench.tables.views import Tables, trained_runs

AXES = ("activation", "depth", "normalization", "dataset", "optimizer", "architecture", "width")  # as a reader chooses
PREFERRED = {"normalization": "none", "activation": "relu"}  # of the case that is shown first


@dataclass(frozen=True)
class Cases:
    """What a study has: values of its axes, schemes, blocks and cells, each in the order of the page.

    blocks: one row a block, columns AXES; cells: one row a cell, columns CELL, `block`, `trained` and `tuned`; both numbered from 0.
    """

    axes: Mapping[str, Sequence]
    schemes: Sequence[str]
    blocks: pd.DataFrame
    cells: pd.DataFrame

    @classmethod
    def of(cls, tables: Tables, config: Mapping) -> "Cases":
        """Those of the runs of a study."""
        cells = tables.runs.drop_duplicates(CELL)[CELL]
        trained = trained_runs(tables.runs).drop_duplicates(CELL)[CELL].assign(trained=True)
        cells = cells.merge(trained, on=CELL, how="left")
        cells["trained"] = cells["trained"].fillna(False).astype(bool)
        tuned = tables.runs.loc[tables.runs["role"] == TUNING].drop_duplicates(CELL)[CELL].assign(tuned=True)
        cells = cells.merge(tuned, on=CELL, how="left")
        cells["tuned"] = cells["tuned"].fillna(False).astype(bool)
        axes = {name: _values(cells[name], listed(config, name)) for name in AXES}
        schemes = ordered(cells["scheme"].unique())
        places = {**axes, "scheme": schemes}
        order = pd.DataFrame({name: cells[name].map(places[name].index) for name in (*AXES, "scheme")}, dtype=int)
        cells = cells.loc[order.sort_values([*AXES, "scheme"]).index].reset_index(drop=True)
        blocks = cells.drop_duplicates(BLOCK)[list(AXES)].reset_index(drop=True)
        numbered = blocks.assign(block=range(len(blocks)))
        return cls(axes, schemes, blocks, cells.merge(numbered, on=list(AXES), how="left"))

    @property
    def choices(self) -> list[str]:
        """The axes that a reader can choose: those of several values."""
        return [name for name in AXES if len(self.axes[name]) > 1]

    def first(self) -> int | None:
        """The block that is shown first: the deepest relu network without normalisation, or the nearest to it; None if there is none.

        Of the first data set and the width of its grid; trained, if anything was.
        """
        cells = self.cells
        if cells.empty:
            return None
        for wanted in (
            cells["trained"],
            cells["dataset"] == self.axes["dataset"][0],
            cells.index.isin(of_whole_grids(cells).index),
            *(cells[name] == value for name, value in PREFERRED.items()),
        ):
            found = cells[wanted.loc[cells.index] if isinstance(wanted, pd.Series) else wanted[cells.index]]
            cells = cells if found.empty else found
        return int(cells.loc[cells["depth"] == cells["depth"].max(), "block"].mode().iloc[0])


def listed(config: Mapping, axis: str) -> list:
    """The values of an axis as a configuration lists them, those of its first grid first."""
    names = {"activation": "activations", "depth": "depths", "normalization": "normalizations", "dataset": "datasets",
             "optimizer": "optimizers", "architecture": "architectures", "width": "widths"}  # fmt: skip
    grids = (config, *config.get("further", ()), *config.get("initial", ()))
    found = [value for grid in grids for value in grid.get(names[axis], ())]
    return list(dict.fromkeys(value["name"] if isinstance(value, Mapping) else value for value in found))


def _values(column: pd.Series, listed_: Sequence) -> list:
    """The values that an axis has, numbers by size, names as the configuration lists them."""
    found = column.unique().tolist()
    if all(isinstance(value, int) for value in found):
        return sorted(found)
    return sorted(found, key=lambda value: (listed_.index(value) if value in listed_ else len(listed_), value))
