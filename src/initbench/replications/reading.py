"""What the replications read from the tables: the networks of the papers, perceptrons trained by gradient descent."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from initbench.schemes.label import parse_scheme
from initbench.study.cells import RUN
from initbench.tables import views

NETWORK = {"architecture": "mlp", "optimizer": "sgd"}


def chosen_runs(tables) -> pd.DataFrame:
    """The trained runs at their cell's chosen learning rate."""
    runs = tables.chosen_runs
    return runs[(runs[list(NETWORK)] == pd.Series(NETWORK)).all(axis=1)]


def lowest_loss_runs(tables) -> pd.DataFrame:
    """The trained runs at the learning rate with the lowest training loss of their cell (`views.lowest_loss_runs`)."""
    runs = tables.runs
    return views.lowest_loss_runs(runs[(runs[list(NETWORK)] == pd.Series(NETWORK)).all(axis=1)])


def hidden_at_start(tables, columns: Iterable[str], **equal) -> pd.DataFrame:
    """Hidden layers at step 0, one row a start and layer, where keys have the values given."""
    return views.hidden(tables.layers_at_start(columns, **NETWORK, **equal))


def losses(tables) -> pd.DataFrame:
    """The training loss of every run at every recorded step."""
    return tables.read("history", [*RUN, "step", "train_loss"], [(key, "==", name) for key, name in NETWORK.items()])


def gaussian_variances(scheme: str) -> tuple[float, float]:
    """(σ_w², σ_b²) of a label of the scheme `gaussian`."""
    arguments = dict(parse_scheme(scheme).arguments)
    return arguments["weight_variance"], arguments["bias_variance"]


def per_layer(frame: pd.DataFrame, column: str) -> pd.Series:
    """Root of the mean square over draws, by layer."""
    return np.sqrt(views.mean_squares(frame, column, by=["layer"]))


def crossing(depths, accuracies, level: float) -> tuple[float, str]:
    """(depth at which accuracy falls through `level`, "" ); linear in the logarithm of depth between measured depths.

    Where it never does, the largest depth and ">"; where it is below from the first on, the smallest depth and "<".
    """
    depths, accuracies = np.asarray(depths, float), np.asarray(accuracies, float)
    below = np.flatnonzero(accuracies < level)
    if not len(below):
        return float(depths[-1]), ">"
    first = below[0]
    if first == 0:
        return float(depths[0]), "<"
    high, low = accuracies[first - 1], accuracies[first]
    share = (high - level) / (high - low)
    return float(depths[first - 1] * (depths[first] / depths[first - 1]) ** share), ""


def fastest(tables, level: float, by: list[str]) -> pd.DataFrame:
    """A row a group of `by`: updates until the training loss falls to `level` at the rate with the fewest, and that rate.

    Updates are interpolated between recorded steps (`views.step_reaching`), the median over seeds is taken at each rate;
    infinite where no rate reaches the level.
    """
    curves = tables.read("history", [*RUN, "step", "train_loss"], [("architecture", "==", NETWORK["architecture"])])
    curves = curves.sort_values("step").groupby(RUN)[["step", "train_loss"]]
    times = curves.apply(lambda run: views.step_reaching(run["step"], run["train_loss"], level))
    if times.empty:
        return pd.DataFrame(columns=[*by, "learning_rate", "steps"]).astype({"steps": float})
    median = times.groupby([*by, "learning_rate"]).median().rename("steps").reset_index()
    return median.sort_values(["steps", "learning_rate"]).groupby(by).head(1).sort_values(by, ignore_index=True)
