"""ReLU networks by depth from He and from "Xavier": learning curves, outcomes and gradients."""

import numpy as np
import pandas as pd

from initbench.figures import figure
from initbench.figures.style import panels, sns
from initbench.replications.frames import layers_at_start, selected
from initbench.replications.he2015 import HE, NAMES, XAVIER, outcomes

CURVES = (22, 30)  # the depths of the paper's figures 2 and 3
KEYS = ["scheme", "depth", "learning_rate", "seed"]


@figure(
    "he2015",
    title="He and Xavier in ReLU networks by depth",
    section="replication",
    place=0,
    tables=("runs", "history", "layers"),
    replication="he2015",
)
def he2015(tables):
    """Training loss at 22 and 30 layers, accuracy by depth, and the gradient by layer with its prediction dashed."""
    figure_, axes = panels([0], [0, 1, 2, 3], width=4.0, height=3.6)
    colours = dict(zip((HE, XAVIER), sns.color_palette("colorblind"), strict=False))
    chosen = selected(tables["runs"])[KEYS]
    history = pd.read_parquet(tables["history"], columns=[*KEYS, "step", "train_loss"]).merge(chosen, on=KEYS)
    for axis, depth in zip(axes[0], CURVES, strict=False):
        for scheme, colour in colours.items():
            mine = history[(history["scheme"] == scheme) & (history["depth"] == depth)]
            for _, run in mine.groupby("seed"):
                axis.plot(run["step"] + 1, run["train_loss"], color=colour, lw=1, alpha=0.5)
            mean = mine.groupby("step")["train_loss"].mean()
            axis.plot(mean.index + 1, mean, color=colour, lw=2.5, label=NAMES[scheme])
        axis.set(xscale="log", xlabel="updates + 1", ylabel="training loss, nats", title=f"{depth} hidden layers")
        axis.legend(frameon=False)
    table = outcomes(tables["runs"])
    for scheme, colour in colours.items():
        mine = table[table["scheme"] == scheme]
        axes[0, 2].plot(mine["depth"], mine["train_accuracy"], "o-", color=colour, label=NAMES[scheme])
    axes[0, 2].set(xlabel="hidden layers", ylabel="training accuracy at the end", ylim=(0, 1.03), title="by depth")
    _gradients(axes[0, 3], tables["layers"], colours)
    figure_.tight_layout()
    return figure_, (
        "From the left: training loss at the two depths of He et al. 2015 (figures 2 and 3), thin lines one seed each, thick "
        "ones their mean; mean training accuracy by depth; squared gradient δ² by layer at initialisation of the deepest "
        "networks, mean over draws, relative to He's last layer. Dashed: the paper's theory, constant under He and halved a "
        "layer under “Xavier”, N(0, 1/n)."
    )


def _gradients(axis, layers_path, colours) -> None:
    frame = layers_at_start(layers_path, ["delta_rms_gaussian"])
    frame = frame[(frame["layer"] <= frame["depth"]) & (frame["depth"] == frame["depth"].max())]
    depth = int(frame["depth"].iloc[0])
    squares = frame.assign(delta=frame["delta_rms_gaussian"] ** 2).groupby(["scheme", "layer"])["delta"].mean()
    for scheme, colour in colours.items():
        axis.plot(squares[scheme].index, squares[scheme] / squares[HE].iloc[-1], color=colour, lw=2)
        layer, factor = np.arange(1, depth + 1), 1.0 if scheme == HE else 0.5
        start = squares[scheme].iloc[-1] / squares[HE].iloc[-1]
        axis.plot(layer, start * factor ** (depth - layer), "k--", lw=1.2)
    axis.set(
        yscale="log", xlabel="layer (1 is next to the input)", ylabel="δ², relative", title=f"gradient, {depth} layers"
    )
