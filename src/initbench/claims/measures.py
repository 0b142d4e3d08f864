"""What the claims measure: the tables as frames, cells, shares and means with their uncertainty, per-layer factors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from initbench.schemes.label import parse_scheme
from initbench.statistics.proportions import clopper_pearson

CELL = ["dataset", "width", "depth", "activation", "normalization", "scheme"]
BLOCK = CELL[:-1]
LAYER_COLUMNS = [
    "distinct_weights", "distinct_activations", "distinct_gradients", "exactly_equal_activations", "dead_fraction",
    "preactivation_mean", "preactivation_std", "preactivation_second_moment", "activation_mean",
    "activation_second_moment", "activation_std_over_inputs", "weight_norm", "gradient_norm", "delta_rms_gaussian",
]  # fmt: skip
MOST = 0.9  # "the runs of a cell do" means at least this share of them


@dataclass(frozen=True)
class Tables:
    """The tables of a study, each with the columns `kind` (zeros, constant or other), `value` and `bias` of its scheme."""

    runs: pd.DataFrame
    history: pd.DataFrame
    signal: pd.DataFrame
    layers: pd.DataFrame

    @property
    def chosen(self) -> pd.DataFrame:
        """The trained runs at their cell's chosen learning rate, diverged ones with accuracy 0."""
        return self.runs[self.runs["selected"]].fillna({"test_accuracy": 0.0})

    @property
    def start(self) -> pd.DataFrame:
        """Layers at step 0, once a seed."""
        frame = self.layers[self.layers["step"] == 0]
        return frame.drop_duplicates([*CELL, "seed", "layer"])

    @property
    def hidden_at_start(self) -> pd.DataFrame:
        """Hidden layers at step 0, once a seed."""
        frame = self.start
        return frame[frame["layer"] <= frame["depth"]]

    @property
    def signal_at_start(self) -> pd.DataFrame:
        """Factors at step 0, once a seed, of networks with at least two hidden layers."""
        frame = self.signal[(self.signal["step"] == 0) & (self.signal["depth"] > 1)]
        return frame.drop_duplicates([*CELL, "seed"])


def load(paths: Mapping[str, str]) -> Tables:
    """The frames of the tables named runs, history, signal and layers, with only the columns that claims need."""
    keys = [*CELL, "learning_rate", "seed", "step"]
    return Tables(
        _with_scheme(pd.read_parquet(paths["runs"])),
        _with_scheme(pd.read_parquet(paths["history"], columns=[*keys, "train_loss"])),
        _with_scheme(pd.read_parquet(paths["signal"])),
        _with_scheme(pd.read_parquet(paths["layers"], columns=[*keys, "layer", *LAYER_COLUMNS])),
    )


def _with_scheme(frame: pd.DataFrame) -> pd.DataFrame:
    known = {label: scheme_parts(label) for label in frame["scheme"].unique()}
    parts = [known[label] for label in frame["scheme"]]
    added = {name: [part[place] for part in parts] for place, name in enumerate(("kind", "value", "bias"))}
    return frame.assign(**added)


def scheme_parts(label: str) -> tuple[str, float, float]:
    """(kind, value, bias): zeros and a constant of 0 are "zeros", a constant "constant", all others "other" (NaN, NaN)."""
    if label == "zeros":
        return "zeros", 0.0, 0.0
    if not label.startswith("constant("):
        return "other", np.nan, np.nan
    arguments = dict(parse_scheme(label).arguments)
    value, bias = arguments["value"], arguments["bias"]
    return ("constant" if value else "other" if bias else "zeros"), value, bias


def cells(frame: pd.DataFrame) -> Iterator[tuple[dict, pd.DataFrame]]:
    """(cell, its rows) of every cell in a frame; a constant's cell has the axes value, n·c and bias too."""
    for key, part in frame.groupby(CELL, observed=True):
        cell = {axis: _plain(value) for axis, value in zip(CELL, key, strict=True)}
        ordered = {axis: cell[axis] for axis in ("scheme", "activation", "depth", "width", "normalization", "dataset")}
        value = float(part["value"].iloc[0])
        if value == value:
            ordered |= {"value": value, "n·c": round(value * cell["width"], 9), "bias": float(part["bias"].iloc[0])}
        yield ordered, part


def _plain(value):
    return value if isinstance(value, str) else int(value)


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
    squared = layers.assign(delta=layers["delta_rms_gaussian"] ** 2).groupby("layer")
    factors = []
    for column, sign in (("preactivation_second_moment", 1), ("delta", -1)):
        mean = squared[column].mean()
        factors.append(float(np.exp(sign * np.polyfit(mean.index, np.log(mean), 1)[0])) if (mean > 0).all() else np.nan)
    return tuple(factors)


def factors_with_errors(layers: pd.DataFrame) -> list[tuple[float, float]]:
    """[(factor, standard error)] forward and backward, the errors by the jackknife over draws; NaN for one draw."""
    full, seeds = per_layer_factors(layers), layers["seed"].unique()
    left_out = (
        np.array([per_layer_factors(layers[layers["seed"] != seed]) for seed in seeds]) if len(seeds) > 1 else None
    )
    errors = np.full(2, np.nan) if left_out is None else np.sqrt(
        (len(seeds) - 1) * np.square(left_out - left_out.mean(axis=0)).mean(axis=0)
    )  # fmt: skip
    return list(zip(full, errors.tolist(), strict=True))
