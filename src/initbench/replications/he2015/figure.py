"""ReLU networks by depth from He and from "Xavier": learning curves, outcomes and gradients."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, arrange, colours, panels
from initbench.replications.he2015.findings import HE, NAMES, XAVIER, outcomes
from initbench.replications.reading import hidden_at_start, losses, lowest_loss_runs
from initbench.study.cells import RUN
from initbench.tables.views import mean_squares

CURVES = (22, 30)  # the depths of the paper's figures 2 and 3


@figure(
    "he2015",
    tables=("runs", "history", "layers"),
    section="replication",
    replication="he2015",
)
def he2015(tables, words):
    """Training loss at 22 and 30 layers, accuracy by depth, and the gradient by layer with its prediction dashed."""
    figure_, axes = panels([0], [0, 1, 2, 3], width=4.0, height=3.6)
    shown = dict(zip((HE, XAVIER), colours(10), strict=False))
    history = losses(tables).merge(lowest_loss_runs(tables)[RUN], on=RUN)
    for axis, depth in zip(axes[0], CURVES, strict=False):
        for scheme, colour in shown.items():
            _curves(axis, history[(history["scheme"] == scheme) & (history["depth"] == depth)], NAMES[scheme], colour)
        axis.set(xscale="log", xlabel="updates + 1", ylabel="training loss, nats", title=f"{depth} hidden layers")
        axis.legend(frameon=False)
    table = outcomes(tables)
    for scheme, colour in shown.items():
        rows = table[table["scheme"] == scheme]
        axes[0, 2].plot(rows["depth"], rows["train_accuracy"], "o-", color=colour, label=NAMES[scheme])
    axes[0, 2].set(xlabel="hidden layers", ylabel="training accuracy at the end", ylim=(0, 1.03), title="by depth")
    _gradients(axes[0, 3], hidden_at_start(tables, ["delta_rms_gaussian"]), shown)
    arrange(figure_)
    caption = (
        "From the left: training loss at the two depths of He et al. 2015 (figures 2 and 3), thin lines one seed each, thick "
        "ones their mean; mean training accuracy by depth; squared gradient δ² by layer at initialisation of the widest "
        "networks, mean over draws, relative to He's last layer. Dashed: the paper's theory, constant under He and halved a "
        "layer under “Xavier”, N(0, 1/n)."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _curves(axis, history, name: str, colour) -> None:
    """A thin line a seed, and their mean."""
    for _, run in history.groupby("seed"):
        axis.plot(run["step"] + 1, run["train_loss"], color=colour, lw=1, alpha=0.5)
    mean = history.groupby("step")["train_loss"].mean()
    axis.plot(mean.index + 1, mean, color=colour, lw=2.5, label=name)


def _gradients(axis, layers, shown) -> None:
    """δ² by layer in the widest networks at their largest depth, and what the paper says of it."""
    layers = layers[layers["width"] == layers["width"].max()]
    layers = layers[layers["depth"] == layers["depth"].max()]
    depth = int(layers["depth"].iloc[0])
    squares = mean_squares(layers, "delta_rms_gaussian", by=["scheme", "layer"])
    for scheme, colour in shown.items():
        axis.plot(squares[scheme].index, squares[scheme] / squares[HE].iloc[-1], color=colour, lw=2)
        layer, factor = np.arange(1, depth + 1), 1.0 if scheme == HE else 0.5
        start = squares[scheme].iloc[-1] / squares[HE].iloc[-1]
        axis.plot(layer, start * factor ** (depth - layer), "--", color=INK, lw=1.2)
    axis.set(
        yscale="log", xlabel="layer (1 is next to the input)", ylabel="δ², relative", title=f"gradient, {depth} layers"
    )
