"""What the replications read from the tables."""

import numpy as np
import pandas as pd

from initbench.schemes.label import parse_scheme

KEYS = ["dataset", "width", "depth", "activation", "normalization", "scheme", "learning_rate", "seed"]


def layers_at_start(path, columns: list[str], **equal) -> pd.DataFrame:
    """Rows of the table layers at step 0, once a seed whatever its learning rates, where keys have the values given."""
    filters = [("step", "==", 0), *((name, "==", value) for name, value in equal.items())]
    frame = pd.read_parquet(path, columns=[*KEYS, "layer", *columns], filters=filters)
    return frame.drop_duplicates([*(key for key in KEYS if key != "learning_rate"), "layer"])


def selected(path) -> pd.DataFrame:
    """The runs at their cell's chosen learning rate."""
    runs = pd.read_parquet(path)
    return runs[runs["selected"]]


def gaussian_variances(scheme: str) -> tuple[float, float]:
    """(σ_w², σ_b²) of a label of the scheme `gaussian`."""
    arguments = dict(parse_scheme(scheme).arguments)
    return arguments["weight_variance"], arguments["bias_variance"]


def per_layer(frame: pd.DataFrame, column: str) -> pd.Series:
    """Root of the mean square over draws, by layer."""
    return np.sqrt((frame[column] ** 2).groupby(frame["layer"]).mean())


def geometric_step(values: pd.Series) -> float:
    """exp of the least-squares slope of ln values on their index: the factor from one to the next."""
    return float(np.exp(np.polyfit(values.index.to_numpy(float), np.log(values.to_numpy(float)), 1)[0]))


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


def listed(pairs) -> str:
    """ "a 1, b 2" of pairs (name, text)."""
    return ", ".join(f"{name} {text}" for name, text in pairs)
