"""What the claims measure: the tables with the parts of each scheme's label, cells, shares and means with their uncertainty."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from initbench.schemes.label import parse_scheme
from initbench.statistics.proportions import clopper_pearson
from initbench.study.cells import BLOCK, CELL
from initbench.tables import views

MOST = 0.9  # "the runs of a cell do" means at least this share of them
CELL_AXES = ("scheme", "activation", "depth", "width", "normalization", "dataset", "architecture", "optimizer")
NETWORK_AXES = ("activation", "depth", "width", "dataset", "architecture", "optimizer")  # of claims that compare starts
NETWORK = [axis for axis in BLOCK if axis != "normalization"]


def chosen_runs(tables) -> pd.DataFrame:
    """The scoring runs at their cell's chosen learning rate, diverged ones with accuracy 0."""
    return with_scheme(tables.chosen_runs.fillna({"test_accuracy": 0.0}))


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


def hidden_at_every_step(tables, columns: Iterable[str], schemes: Iterable[str]) -> pd.DataFrame:
    """Hidden layers of some schemes at every recorded step, step 0 among them: of their runs at every learning rate."""
    runs = tables.runs_at_every_rate
    return with_scheme(views.hidden(tables.at_every_step("layers", runs, columns, scheme=list(schemes))))


def schemes_of_kind(tables, kind: str) -> list[str]:
    """The labels of a study's schemes that are zeros, constant or other."""
    return [label for label in tables.runs["scheme"].unique() if scheme_parts(label)[0] == kind]


def with_scheme(frame: pd.DataFrame) -> pd.DataFrame:
    """A table with the columns `kind` (zeros, constant or other), `value` and `bias` of its schemes."""
    known = {label: scheme_parts(label) for label in frame["scheme"].unique()}
    parts = [known[label] for label in frame["scheme"]]
    return frame.assign(**{name: [part[i] for part in parts] for i, name in enumerate(("kind", "value", "bias"))})


def scheme_parts(label: str) -> tuple[str, float, float]:
    """(kind, value, bias): zeros and a constant of 0 are "zeros", a constant "constant", all others "other" (NaN, NaN)."""
    if label == "zeros":
        return "zeros", 0.0, 0.0
    if not label.startswith("constant("):
        return "other", np.nan, np.nan
    arguments = dict(parse_scheme(label).arguments)
    value, bias = arguments["value"], arguments["bias"]
    return ("constant" if value else "other" if bias else "zeros"), value, bias


def cells(
    frame: pd.DataFrame, by: Iterable[str] = CELL, axes: Iterable[str] = CELL_AXES
) -> Iterator[tuple[dict, pd.DataFrame]]:
    """(cell, its rows) of every group of `by` in a frame, the cell described by `axes`.

    A constant's cell has the axes value, n·c and bias too.
    """
    for key, part in frame.groupby(list(by), observed=True):
        known = {axis: value if isinstance(value, str) else int(value) for axis, value in zip(by, key, strict=True)}
        cell = {axis: known[axis] for axis in axes}
        value = float(part["value"].iloc[0]) if "scheme" in cell else np.nan
        if not np.isnan(value):
            cell |= {"value": value, "n·c": round(value * cell["width"], 9), "bias": float(part["bias"].iloc[0])}
        yield cell, part


def share(events, total, what: str) -> str:
    """k of n of what, with the Clopper–Pearson interval at 95 %."""
    low, high = clopper_pearson(int(events), int(total))
    return f"{int(events)} of {int(total)} {what} (95 % interval {low:.0%} to {high:.0%})"


def mean_range(values) -> str:
    """Mean, with the range over seeds."""
    values = np.asarray(values, dtype=float)
    return f"{values.mean():.3g} ({values.min():.3g} to {values.max():.3g} over {len(values)} seeds)"


def mostly(flags) -> bool:
    """Whether at least MOST of the runs or draws have it."""
    return float(np.mean(flags)) >= MOST


def per_layer_factors(layers: pd.DataFrame) -> tuple[float, float]:
    """(forward factor of E[z²], backward factor of δ²): log-linear fits over the layers, means over draws first."""
    moment = layers.groupby("layer")["preactivation_second_moment"].mean()
    delta = views.mean_squares(layers, "delta_rms_gaussian", by=["layer"])
    return views.layer_factor(moment), 1 / views.layer_factor(delta)


def factors_with_errors(layers: pd.DataFrame) -> list[tuple[float, float]]:
    """[(factor, standard error)] forward and backward, the errors by the jackknife over draws; NaN for one draw."""
    seeds = layers["seed"].unique()
    errors = np.full(2, np.nan)
    if len(seeds) > 1:
        left_out = np.array([per_layer_factors(layers[layers["seed"] != seed]) for seed in seeds])
        errors = np.sqrt((len(seeds) - 1) * np.square(left_out - left_out.mean(axis=0)).mean(axis=0))
    return list(zip(per_layer_factors(layers), errors.tolist(), strict=True))
