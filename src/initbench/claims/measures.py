"""What the claims look at: the tables with the parts of each scheme's label, and their cells."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from initbench.schemes.parts import SchemeParts, scheme_parts
from initbench.study.cells import BLOCK, CELL
from initbench.tables import views

CHOSEN, LOWEST_LOSS = "chosen", "lowest_loss"  # which of its learning rates a cell is looked at with
MOST = 0.9  # "the runs of a cell do" means at least this share of them
CELL_AXES = ("scheme", "activation", "depth", "width", "normalization", "dataset", "architecture", "optimizer")
NETWORK_AXES = ("activation", "depth", "width", "dataset", "architecture", "optimizer")  # of claims that compare starts
NETWORK = [axis for axis in BLOCK if axis != "normalization"]


def chosen_runs(tables) -> pd.DataFrame:
    """The scoring runs at their cell's chosen learning rate, diverged ones with accuracy 0; `rate` names the choice."""
    chosen = tables.chosen_runs.fillna({"test_accuracy": 0.0})
    return with_scheme(chosen).assign(rate=CHOSEN)


def lowest_loss_runs(tables) -> pd.DataFrame:
    """The runs at the learning rate with the lowest training loss of their cell (`views.lowest_loss_runs`); `rate` says so."""
    return with_scheme(views.lowest_loss_runs(tables.runs)).assign(rate=LOWEST_LOSS)


def layers_at_start(tables, columns: Iterable[str], **equal) -> pd.DataFrame:
    """Layers at step 0, one row a start and layer."""
    return with_scheme(tables.layers_at_start(columns, **equal))


def hidden_at_start(tables, columns: Iterable[str], **equal) -> pd.DataFrame:
    """Hidden layers at step 0, one row a start and layer."""
    return views.hidden(layers_at_start(tables, columns, **equal))


def signal_at_start(tables, columns: Iterable[str], **equal) -> pd.DataFrame:
    """Factors at step 0, one row a start, of networks with at least two hidden layers."""
    frame = tables.signal_at_start(columns, **equal)
    return with_scheme(frame[frame["depth"] > 1])


def hidden_at_every_step(
    tables, columns: Iterable[str], schemes: Iterable[str], runs: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Hidden layers of some schemes at every recorded step, step 0 among them, of `runs` or those at every learning rate."""
    runs = tables.runs_at_every_rate if runs is None else runs
    return with_scheme(views.hidden(tables.at_every_step("layers", runs, columns, scheme=list(schemes))))


def schemes_of_kind(tables, kind: str) -> list[str]:
    """The labels of a study's schemes that are of that kind."""
    return [label for label in tables.runs["scheme"].unique() if scheme_parts(label).kind == kind]


def with_scheme(frame: pd.DataFrame) -> pd.DataFrame:
    """A table with the columns of `SchemeParts` of its schemes: kind, start, value, bias."""
    known = {label: scheme_parts(label) for label in frame["scheme"].unique()}
    parts = [known[label] for label in frame["scheme"]]
    return frame.assign(**{name: [getattr(part, name) for part in parts] for name in SchemeParts._fields})


def cells(
    frame: pd.DataFrame, by: Iterable[str] = CELL, axes: Iterable[str] = CELL_AXES
) -> Iterator[tuple[dict, pd.DataFrame]]:
    """(cell, its rows) of every group of `by` in a frame, the cell described by `axes`.

    The cell of one scheme has its `start` too, and that of a constant the axes value, n·c and bias; a cell of trained runs
    what they had: `updates`, and `rate`, by which choice they are looked at.
    """
    for key, part in frame.groupby(list(by), observed=True):
        known = {axis: value if isinstance(value, str) else int(value) for axis, value in zip(by, key, strict=True)}
        cell = {axis: known[axis] for axis in axes}
        if "scheme" in cell:
            parts = scheme_parts(cell["scheme"])
            gain = round(parts.value * cell["width"], 9)
            numbers = {"value": parts.value, "n·c": gain, "bias": parts.bias}
            cell |= {"start": parts.start} | {axis: number for axis, number in numbers.items() if number == number}
        if "rate" in part:
            cell |= {"updates": int(part["steps"].max()), "rate": part["rate"].iloc[0]}
        yield cell, part


def mostly(flags) -> bool:
    """Whether at least MOST of the runs or draws have it."""
    return float(np.mean(flags)) >= MOST
