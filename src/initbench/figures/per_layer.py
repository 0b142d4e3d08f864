"""What the figures of one quantity per layer at initialisation share: which network, which starts, and how lines are drawn."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from initbench.figures.lines import Decades, draw_line, name_ends
from initbench.figures.style import PAGE, arrange, panels
from initbench.figures.telling import few, is_one_value, network_shown, rows_of, telling
from initbench.tables.views import hidden

COLUMNS, ROWS = 3, 2  # activations and normalisations shown
LINES = 6  # of a panel
GROUP = ["normalization", "activation", "scheme"]
SEEN = 0.02  # of a panel's height: narrower bands are hidden by their lines
GAP = 0.075  # between names at line ends, of a panel's height


def hidden_layers(tables, column: str) -> pd.DataFrame:
    """Hidden layers at step 0 of the deepest trained networks on the first data set, telling starts; no rows if depth is 1,
    or nothing is known of the last layer.

    Of the architecture, width and optimiser that most cells have; with every normalisation, at most COLUMNS activations.
    """
    network = {key: value for key, value in network_shown(tables).items() if key != "normalization"}
    frame = hidden(tables.layers_at_start([column]))
    frame = rows_of(frame, network)
    frame = frame[frame["depth"] > 1]
    if not network or frame.empty:
        return frame.iloc[:0]
    frame = frame[frame["depth"] == frame["depth"].max()]
    normalizations = sorted(frame["normalization"].unique(), key=lambda name: (name != "none", name))[:ROWS]
    frame = frame[frame["normalization"].isin(normalizations)]
    frame = frame[frame["activation"].isin(few(frame["activation"], COLUMNS))]
    parts = [
        part[part["scheme"].isin(fitting(part["scheme"].unique(), name))] for name, part in frame.groupby("activation")
    ]
    found = pd.concat(parts)
    last = found.loc[found["layer"] == found["depth"], column]
    return found.iloc[:0] if last.isna().all() else found  # no number of theirs fits into one


def fitting(schemes: Iterable[str], activation: str) -> list[str]:
    """At most LINES telling starts for an activation: sigmoid networks have a Xavier start of their own."""
    schemes = list(schemes)
    if activation == "sigmoid" and "xavier_sigmoid" in schemes:
        schemes = [scheme for scheme in schemes if scheme != "xavier_tanh"]
    return telling(schemes, LINES)


def over_seeds(frame: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Mean and quartiles over seeds, columns mean, low and high, by GROUP and layer."""
    table = values.groupby([frame[key] for key in (*GROUP, "layer")], observed=True)
    return pd.DataFrame({"mean": table.mean(), "low": table.quantile(0.25), "high": table.quantile(0.75)})


def relative_to_last(summary: pd.DataFrame) -> pd.DataFrame:
    """A summary over seeds as a multiple of its mean at the last layer; all zero where that is zero."""
    last = summary["mean"].groupby(GROUP, observed=True).transform("last")
    return summary.div(last.where(last > 0, 1.0), axis=0)


def factors(summary: pd.DataFrame) -> pd.Series:
    """The factor from one layer to the one before it, from the last layer to the first, by GROUP; 0 where all is zero."""
    means = summary["mean"].groupby(GROUP, observed=True)
    steps = means.size() - 1
    first, last = means.first(), means.last()
    return (first / last.where(last > 0, 1.0)) ** (1 / steps.clip(lower=1))


def draw(summary: pd.DataFrame, label: str, words, backward: bool):
    """A figure of lines over the layers, a panel an activation, a row a normalisation, each line named where it ends.

    backward: whether the layers are read from the last to the first, as a gradient travels.
    """
    keys = summary.index.to_frame(index=False)
    activations = sorted(keys["activation"].unique())
    rows = sorted(keys["normalization"].unique(), key=lambda name: (name != "none", name))
    picture, axes = panels(rows, activations, width=PAGE / max(len(activations), 2), height=2.0, sharex=True)
    for row, normalization in enumerate(rows):
        of_row = summary.xs(normalization, level="normalization")
        scale = Decades.of(of_row["mean"])
        for axis, activation in zip(axes[row], activations, strict=True):
            named = axis is axes[row, 0]
            if activation in of_row.index.get_level_values("activation"):
                _panel(axis, of_row.xs(activation, level="activation"), scale, named, backward)
            else:
                axis.set_visible(False)
            axis.set_title(_heading(words, activation, normalization, len(rows) > 1))
        axes[row, 0].set_ylabel(label)
    axes[-1, len(activations) // 2].set_xlabel(words.of("terms")("layers_backward" if backward else "layers_forward"))
    arrange(picture)
    return picture


def _panel(axis, part: pd.DataFrame, scale: Decades, named: bool, backward: bool) -> None:
    ends, layers = [], sorted(part.index.get_level_values("layer").unique())
    for shift, (scheme, rows) in enumerate(part.groupby(level="scheme", observed=True)):
        x, y = rows.index.get_level_values("layer").to_numpy(), scale.place(rows["mean"])
        order = slice(None, None, -1 if backward else 1)
        low, high = (np.clip(scale.place(rows[end]), scale.low, scale.high) for end in ("low", "high"))
        if not is_one_value(str(scheme)) and (high - low).max() > SEEN * (scale.high - scale.low):
            axis.fill([*x, *x[::-1]], [*low, *high[::-1]], color="0.9", lw=0, zorder=1)
        draw_line(axis, x[order], y[order], str(scheme), shift)
        ends.append((float(y[order][-1]), str(scheme)))
    scale.draw(axis, named)
    axis.set_xticks(few(layers, 4))
    axis.set_xlim(*((layers[-1], layers[0]) if backward else (layers[0], layers[-1])))
    name_ends(axis, ends, GAP)


def _heading(words, activation: str, normalization: str, several: bool) -> str:
    if not several or normalization == "none":
        return words.term(activation)
    name = words.of("page")("normalised", name=words.term(normalization))
    return words.of("terms")("comma").join([words.term(activation), name])


def of_what(frame: pd.DataFrame, words) -> str:
    """The last sentence of a caption: data set, depth, width and seeds."""
    known = {key: int(frame[key].max()) for key in ("width", "depth")}
    data = words.term(frame["dataset"].iloc[0])
    return words.of("terms")("of_deep_starts", data=data, seeds=int(frame["seed"].nunique()), **known)
