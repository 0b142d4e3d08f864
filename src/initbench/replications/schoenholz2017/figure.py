"""Training accuracy over depth and weight variance, with the published trainable depth."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, arrange, panels
from initbench.replications.schoenholz2017.findings import PUBLISHED_SCALES, trainability
from initbench.theory import mean_field

# σ_w² of the published curve, denser about the critical point, where ξ_c diverges; a point takes most of a second
CURVE = np.concatenate([np.linspace(0.5, 1.5, 11), np.linspace(1.55, 2.0, 19), np.linspace(2.1, 4.5, 13)])


@figure(
    "schoenholz2017",
    tables=("runs",),
    section="replication",
    replication="schoenholz2017",
)
def schoenholz2017(tables, words):
    """A square a cell, its colour the training accuracy; the dashed curve is 6 ξ_c."""
    table = trainability(tables)
    grid = table.pivot(index="depth", columns="weight_variance", values="train_accuracy")
    figure_, axes = panels([0], [0], width=8, height=5)
    axis = axes[0, 0]
    points = axis.scatter(
        table["weight_variance"], table["depth"], c=table["train_accuracy"], cmap="cividis", vmin=0, vmax=1, s=260,
        marker="s", edgecolors="white",
    )  # fmt: skip
    curve = [
        PUBLISHED_SCALES * abs(mean_field("tanh", weight, table["bias_variance"].iloc[0]).xi_c) for weight in CURVE
    ]
    axis.plot(CURVE, curve, "--", color=INK, lw=2, label=f"published: {PUBLISHED_SCALES:g} ξ_c")
    low, high = grid.index.min(), grid.index.max()
    axis.set(yscale="log", ylim=(0.75 * low, 1.35 * high), xlim=(0.55, grid.columns.max() + 0.25))
    axis.set_yticks(list(grid.index), [str(depth) for depth in grid.index])
    axis.minorticks_off()
    axis.set(xlabel="weight variance σ_w² (fan-in × variance of a weight)", ylabel="hidden layers")
    axis.legend(loc="upper right", framealpha=0.9)
    figure_.colorbar(points, label="training accuracy")
    arrange(figure_)
    caption = (
        f"Training accuracy of tanh networks after training, by depth and weight variance (σ_b² = "
        f"{table['bias_variance'].iloc[0]:g}), mean over seeds at the cell's chosen learning rate. Dashed: six times the depth "
        "scale ξ_c of mean-field theory, beyond which Schoenholz et al. 2017 (figure 5) find networks that do not train; it "
        "diverges at the critical variance."
    )
    return Drawn(figure_, words("title"), caption, words("title"))
