"""What the claims measure: the tables with the parts of each scheme's label, cells, shares and means with their uncertainty."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from initbench.schemes.parts import SchemeParts, scheme_parts
from initbench.statistics.proportions import clopper_pearson
from initbench.study.cells import BLOCK, CELL
from initbench.tables import views

MOST = 0.9  # "the runs of a cell do" means at least this share of them
CELL_AXES = ("scheme", "activation", "depth", "width", "normalization", "dataset", "architecture", "optimizer")
NETWORK_AXES = ("activation", "depth", "width", "dataset", "architecture", "optimizer")  # of claims that compare starts
NETWORK = [axis for axis in BLOCK if axis != "normalization"]


def chosen_runs(tables) -> pd.DataFrame:
    """The scoring runs at their cell's chosen learning rate, diverged ones with accuracy 0; `rate` says among which."""
    chosen = tables.chosen_runs.fillna({"test_accuracy": 0.0})
    return with_scheme(chosen).assign(rate=f"at the learning rate chosen among {learning_rates(tables)}")


def lowest_loss_runs(tables) -> pd.DataFrame:
    """The runs at the learning rate with the lowest training loss of their cell (`views.lowest_loss_runs`); `rate` says so."""
    words = f"at the learning rate with the lowest training loss among {learning_rates(tables)}"
    return with_scheme(views.lowest_loss_runs(tables.runs)).assign(rate=words)


def learning_rates(tables) -> str:
    """The study's learning rates in words."""
    rates = [f"{rate:g}" for rate in sorted(tables.runs["learning_rate"].dropna().unique())]
    return " and ".join([", ".join(rates[:-1]), rates[-1]] if len(rates) > 1 else rates)


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
    what they had: `updates`, and `rate`, the one that they are looked at with.
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


def share(events, total, what: str) -> str:
    """k of n of what, with the Clopper–Pearson interval at 95 %, which takes them for independent: seeds, or one run of each."""
    low, high = clopper_pearson(int(events), int(total))
    return f"{int(events)} of {int(total)} {what} (95 % interval {low:.0%} to {high:.0%})"


def mean_range(values) -> str:
    """Mean, with the range over seeds."""
    values = np.asarray(values, dtype=float)
    return f"{values.mean():.3g} ({values.min():.3g} to {values.max():.3g} over {len(values)} seeds)"


def mostly(flags) -> bool:
    """Whether at least MOST of the runs or draws have it."""
    return float(np.mean(flags)) >= MOST
