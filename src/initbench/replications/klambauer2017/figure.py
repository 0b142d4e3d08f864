"""SELU networks at initialisation: the moments of the activations forward, and the gradient backward."""

import numpy as np
import pandas as pd

from initbench.base.numbers import number
from initbench.figures import Drawn, figure
from initbench.figures.end_labels import EndLabel, label_ends
from initbench.figures.lines import Decades
from initbench.figures.style import INK, PAGE, arrange, colours, hexadecimal, logarithmic, panels
from initbench.replications.klambauer2017.findings import LECUN, RANDOM, SELU, layer_moments
from initbench.replications.reading import hidden_at_start
from initbench.tables.views import mean_squares
from initbench.theory import chi

DASHES = ("-", (0, (5, 1.5)), (0, (1, 1.2)), "-.", (0, (2.5, 1.4)), ":")


@figure("klambauer2017", tables=("layers",), section="replication", replication="klambauer2017")
def klambauer2017(tables, words):
    """Mean and variance of activations by layer for SELU and others, and δ² by layer; dashed, what is predicted."""
    moments = layer_moments(tables)
    moments = moments[(moments["dataset"] == RANDOM) & (moments["scheme"] == LECUN)]
    gradients = hidden_at_start(tables, ["delta_rms_gaussian"], activation=SELU, scheme=LECUN, dataset=RANDOM)
    if moments.empty or gradients.empty:
        return None
    picture, axes = panels([0], range(3), width=PAGE / 3, height=2.1)
    _moments(axes[0], moments, words)
    _gradients(axes[0, 2], gradients, words)
    arrange(picture)
    title = sentence(moments[moments["activation"] == SELU], words)
    return Drawn(picture, title, words("caption", growth=f"{chi(SELU, 1.0, 1.0):.4f}"), words("alt", finding=title))


def sentence(selu: pd.DataFrame, words) -> str:
    """Mean and variance of the last layer of the deepest SELU networks, and what a gradient grows by."""
    if selu.empty:
        return words("title_none")
    last = selu.loc[selu["layer"].idxmax()]
    values = {name: number(float(last[name]), 2) for name in ("mean", "variance")}
    return words("title", layer=int(last["layer"]), growth=f"{chi(SELU, 1.0, 1.0):.3f}", **values)


def _moments(axes, moments, words) -> None:
    """Mean and variance by layer, a line an activation, in its deepest networks; leaky ReLU is left to the table."""
    names = [SELU, *sorted(set(moments["activation"]) - {SELU, "leaky_relu"})][: len(DASHES)]
    scale = Decades.of(moments.loc[moments["activation"].isin(names), "variance"])
    ends: list[list[EndLabel]] = [[], []]
    for name, colour, dash in zip(names, colours(len(names)), DASHES, strict=False):
        rows = moments[moments["activation"] == name]
        rows = rows[rows["depth"] == rows["depth"].max()]
        for axis, values, found in zip(
            axes, (rows["mean"].to_numpy(), scale.place(rows["variance"])), ends, strict=False
        ):
            axis.plot(rows["layer"], values, color=colour, ls=dash)
            found.append(EndLabel(float(values[-1]), words.term(name), hexadecimal(colour)))
    axes[0].axhline(0, color=INK, ls="--", lw=0.9)
    scale.draw(axes[1])
    for axis, what, found in zip(axes, ("y_mean", "y_variance"), ends, strict=False):
        axis.set(xlabel=words.term("layers_forward"), ylabel=words(what))
        label_ends(axis, found, 0.07)


def _gradients(axis, gradients, words) -> None:
    """δ² by layer relative to the last, a line a depth."""
    depths = sorted(gradients["depth"].unique())
    for depth, colour, dash in zip(depths, colours(len(depths), "viridis"), DASHES, strict=False):
        squares = mean_squares(gradients[gradients["depth"] == depth], "delta_rms_gaussian", by=["layer"])
        label = words("layers", n=int(depth))
        axis.plot(depth - squares.index, squares / squares.iloc[-1], color=colour, ls=dash, label=label)
    below = np.arange(depths[-1])
    axis.plot(below, chi(SELU, 1.0, 1.0) ** below, "--", color=INK, lw=0.9, label=words("law"))
    axis.set(xlabel=words("x_below"), ylabel=words("y_gradient"))
    logarithmic(axis, "y")
    axis.legend()
