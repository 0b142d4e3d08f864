"""What the figures show of a study: the runs at the chosen rates, the first data set, and names for what seldom differs."""

import pandas as pd

from initbench.tables.grids import of_the_grid

SELDOM = {"architecture": "", "optimizer": "", "width": "width "}  # key → what its values are called


def trained_cells(tables) -> pd.DataFrame:
    """The runs at their cell's chosen learning rate; if nothing was trained, all runs: those of the grid."""
    chosen = tables.chosen_runs
    return of_the_grid(chosen if len(chosen) else tables.runs)


def on_first_dataset(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the data set whose name comes first."""
    return frame[frame["dataset"] == frame["dataset"].min()]


def deepest_on_first_dataset(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the largest depth on the first data set."""
    frame = on_first_dataset(frame)
    return frame[frame["depth"] == frame["depth"].max()]


def variants(frame: pd.DataFrame, keys=tuple(SELDOM)) -> pd.Series:
    """What sets the networks of a frame apart beside activation, depth and normalisation: "mlp, adam"; "" if nothing does."""
    words = [SELDOM[key] + frame[key].astype(str) for key in keys if frame[key].nunique() > 1]
    text = pd.Series("", index=frame.index)
    for i, word in enumerate(words):
        text = text + (", " if i else "") + word
    return text


def heading(variant: str, text: str) -> str:
    """The title of a panel, with the name of its variant above it if there are several."""
    return f"{variant}\n{text}" if variant else text
