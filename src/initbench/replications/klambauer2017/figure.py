"""SELU networks at initialisation: the moments of the activations forward, and the gradient backward."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, arrange, colours, panels
from initbench.replications.klambauer2017.findings import LECUN, RANDOM, SELU, layer_moments
from initbench.replications.reading import hidden_at_start
from initbench.tables.views import mean_squares
from initbench.theory import chi


@figure(
    "klambauer2017",
    tables=("layers",),
    section="replication",
    replication="klambauer2017",
)
def klambauer2017(tables, words):
    """Mean and variance of activations by layer for SELU and others, and δ² by layer; dashed, what is predicted."""
    moments = layer_moments(tables)
    moments = moments[(moments["dataset"] == RANDOM) & (moments["scheme"] == LECUN)]
    gradients = hidden_at_start(tables, ["delta_rms_gaussian"], activation=SELU, scheme=LECUN, dataset=RANDOM)
    if moments.empty or gradients.empty:
        return None
    figure_, axes = panels([0], [0, 1, 2], width=4.4, height=3.8)
    _moments(axes[0], moments)
    _gradients(axes[0, 2], gradients)
    arrange(figure_)
    caption = (
        "Networks with weights N(0, 1/n) and random inputs at initialisation, means over draws. Left and middle: mean and variance of "
        "each hidden layer's activations, over samples and units; dashed, the fixed point (0, 1) of Klambauer et al. 2017. Right: "
        "squared gradient δ² of SELU networks of several depths, relative to their last hidden layer; dashed, growth by E φ′² = "
        f"{chi(SELU, 1.0, 1.0):.4f} a layer."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _moments(axes, moments) -> None:
    """Mean and variance by layer, a line an activation, in its deepest networks; leaky ReLU is left to the table."""
    names = [SELU, *sorted(set(moments["activation"]) - {SELU, "leaky_relu"})]
    for name, colour in zip(names, colours(10), strict=False):
        rows = moments[moments["activation"] == name]
        rows = rows[rows["depth"] == rows["depth"].max()]
        axes[0].plot(rows["layer"], rows["mean"], color=colour, lw=2, label=name)
        axes[1].plot(rows["layer"], rows["variance"], color=colour, lw=2)
    for axis, value, what in ((axes[0], 0, "mean of the activations"), (axes[1], 1, "variance of the activations")):
        axis.axhline(value, color=INK, ls="--", lw=1.2)
        axis.set(xlabel="layer (1 is next to the input)", ylabel=what)
    axes[1].set_yscale("log")
    axes[0].legend(frameon=False, fontsize="small")


def _gradients(axis, gradients) -> None:
    """δ² by layer relative to the last, a line a depth."""
    depths = sorted(gradients["depth"].unique())
    for depth, colour in zip(depths, colours(len(depths), "viridis"), strict=True):
        squares = mean_squares(gradients[gradients["depth"] == depth], "delta_rms_gaussian", by=["layer"])
        axis.plot(depth - squares.index, squares / squares.iloc[-1], color=colour, lw=2, label=f"{depth} layers")
    below = np.arange(depths[-1])
    axis.plot(below, chi(SELU, 1.0, 1.0) ** below, "--", color=INK, lw=1.2, label="E φ′² a layer")
    axis.set(yscale="log", xlabel="layers below the last hidden one", ylabel="δ², relative to the last")
    axis.legend(frameon=False, fontsize="small")
