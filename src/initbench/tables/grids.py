"""Which rows of a table belong to the grid that a study is about: figures and lists of it leave small experiments beside it out."""

import pandas as pd

from initbench.study.cells import CELL

NETWORK = ["dataset", "architecture", "width", "optimizer"]  # what most studies have one of, but for data sets


def of_whole_grids(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of networks that have at least half as many cells (or blocks, in a table of blocks) as those that have most on
    their data set.

    Others, such as layers of a few units beside a grid of many depths, are an experiment of their own: in panels and lists of
    the grid they would be many and nearly empty.
    """
    cells = frame.drop_duplicates([key for key in CELL if key in frame]).groupby(NETWORK, observed=True).size()
    kept = cells[2 * cells >= cells.groupby(level="dataset", observed=True).transform("max")].index
    return frame[pd.MultiIndex.from_frame(frame[NETWORK]).isin(kept)]


def tried_in_few(frame: pd.DataFrame) -> pd.Series:
    """Which rows are of schemes that have fewer than half as many cells as the one that has most in their network.

    Starts that a claim needs in a few blocks are such. A panel or list over the grid would be nearly empty for each of them.
    """
    cells = frame.drop_duplicates(CELL).groupby([*NETWORK, "scheme"], observed=True).size()
    few = 2 * cells < cells.groupby(level=NETWORK, observed=True).transform("max")
    rows = pd.MultiIndex.from_frame(frame[[*NETWORK, "scheme"]])
    return pd.Series(rows.isin(few.index[few]), index=frame.index)


def of_the_grid(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of whole grids and of the schemes that stand in most of their blocks: what a figure of the grid shows."""
    whole = of_whole_grids(frame)
    return whole[~tried_in_few(whole)]


def in_most_blocks(pairs: pd.DataFrame) -> pd.DataFrame:
    """The rows of pairs of schemes that have at least half as many blocks in common as the pair that has most.

    A pair that met in one block of many says nothing of all blocks.
    """
    return pairs[2 * pairs["blocks"] >= pairs["blocks"].max()]
