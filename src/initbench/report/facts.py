"""What a study says in few numbers: the facts behind the first sentences of the page, from its tables alone."""

from dataclasses import dataclass

import pandas as pd

from initbench.schemes.parts import scheme_parts
from initbench.study.cells import CELL
from initbench.tables.grids import of_whole_grids
from initbench.tables.views import hidden, learned

DEEP = 3  # hidden layers from which on a network counts as deep here
BAND = (0.7, 1.4)  # the factor a layer within which a gradient counts as arriving; 20 layers make 0.0008 to 800 of it
ONE_VALUE = ("zeros", "constant")  # kinds of starts that draw nothing


@dataclass(frozen=True)
class Range:
    """So many cells, with the lowest and the highest of their mean accuracies, and of their factors where these are known."""

    cells: int
    low: float
    high: float
    factors: tuple[float, float] | None = None


def accuracies(tables) -> pd.DataFrame:
    """A row a trained cell of the first data set: its keys, kind of start, and mean test accuracy over seeds, diverged runs as 0.

    learned: the share of its runs that learned more than the class frequencies; trained: of those that reached the target. Of the
    networks that the study's grid is about; those of which half of the grid is missing are left out.
    """
    chosen = tables.chosen_runs
    chosen = of_whole_grids(chosen[chosen["dataset"] == chosen["dataset"].min()]) if len(chosen) else chosen
    runs = chosen.fillna({"test_accuracy": 0.0}).assign(
        learned=learned(chosen["status"]), trained=chosen["status"] == "trained"
    )
    cells = runs.groupby(CELL, observed=True).agg(
        accuracy=("test_accuracy", "mean"),
        seeds=("test_accuracy", "size"),
        learned=("learned", "mean"),
        trained=("trained", "mean"),
    )
    cells = cells.reset_index()
    return cells.assign(kind=[scheme_parts(label).kind for label in cells["scheme"]])


def with_factors(cells: pd.DataFrame, tables) -> pd.DataFrame:
    """The same cells with `factor`, the median over draws of what a layer multiplies δ² by at step 0; 0 where there is no signal."""
    start = tables.signal_at_start(["gradient_factor", "gradient_regime"])
    factor = start["gradient_factor"].where(start["gradient_regime"] != "zero", 0.0)
    medians = factor.groupby([start[key] for key in CELL], observed=True).median().rename("factor")
    return cells.merge(medians.reset_index(), on=CELL, how="left")


def units_alike(tables) -> tuple[int, float] | None:
    """(runs from one value, most distinct units of any hidden layer of them at any recorded step); None without such runs."""
    schemes = [label for label in tables.runs["scheme"].unique() if scheme_parts(label).kind in ONE_VALUE]
    columns = ["distinct_activations", "distinct_gradients"]
    runs = tables.runs[tables.runs["status"] != "initial"]
    found = hidden(tables.at_every_step("layers", runs, columns, scheme=schemes))
    most = found[columns].max(axis=None)
    return None if pd.isna(most) else (int(runs["scheme"].isin(schemes).sum()), float(most))


def plain(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells without normalisation; all where there are no such."""
    without = cells[cells["normalization"] == "none"]
    return without if len(without) else cells


def deepest(cells: pd.DataFrame, normalization: str = "none") -> pd.DataFrame:
    """The cells under a normalisation, or without one, of the largest depth that has some."""
    of_it = cells[cells["normalization"] == normalization]
    return of_it[of_it["depth"] == of_it["depth"].max()]


def range_of(cells: pd.DataFrame) -> Range | None:
    """How many cells there are, and between what their accuracies lie; None without any."""
    if cells.empty:
        return None
    factors = (float(cells["factor"].min()), float(cells["factor"].max())) if "factor" in cells else None
    return Range(len(cells), float(cells["accuracy"].min()), float(cells["accuracy"].max()), factors)


def by_factor(cells: pd.DataFrame) -> tuple[Range | None, Range | None]:
    """Ranges of the random starts whose factor lies in BAND, and of those whose factor does not."""
    random = cells[(cells["kind"] == "other") & cells["factor"].notna()]
    inside = random["factor"].between(*BAND)
    return range_of(random[inside]), range_of(random[~inside])


def best_first(cells: pd.DataFrame) -> list[tuple[str, float]]:
    """(scheme, accuracy) of each start, the best one first, of cells of one network."""
    first = cells.sort_values(["accuracy", "scheme"], ascending=[False, True])
    return list(zip(first["scheme"], first["accuracy"], strict=True))


def networks_told(best: pd.DataFrame) -> tuple[int, int]:
    """(networks in which some start could not be told from the best, networks)."""
    several = best[best["best"].notna()]
    return int(several["undecided"].notna().sum()), len(several)
