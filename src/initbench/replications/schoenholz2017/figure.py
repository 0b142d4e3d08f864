"""Training accuracy over depth and weight variance, with the published trainable depth."""

import numpy as np

from initbench.base.numbers import number
from initbench.figures import Drawn, figure
from initbench.figures.style import INK, PAGE, arrange, panels
from initbench.replications.schoenholz2017.findings import PUBLISHED_SCALES, ratios, trainability
from initbench.theory import mean_field

# σ_w² of the published curve, denser about the critical point, where ξ_c diverges; a point takes most of a second
CURVE = np.concatenate([np.linspace(0.5, 1.5, 11), np.linspace(1.55, 2.0, 19), np.linspace(2.1, 4.5, 13)])


@figure("schoenholz2017", tables=("runs",), section="replication", replication="schoenholz2017")
def schoenholz2017(tables, words):
    """A square a cell, its colour the training accuracy; the dashed curve is 6 ξ_c."""
    table = trainability(tables)
    if table.empty:
        return None
    grid = table.pivot(index="depth", columns="weight_variance", values="train_accuracy")
    picture, axes = panels([0], [0], width=PAGE, height=2.9)
    axis, bias = axes[0, 0], float(table["bias_variance"].iloc[0])
    points = axis.scatter(
        table["weight_variance"], table["depth"], c=table["train_accuracy"], cmap="cividis", vmin=0, vmax=1, s=90,
        marker="s", edgecolors="white", linewidths=0.4,
    )  # fmt: skip
    curve = [PUBLISHED_SCALES * abs(mean_field("tanh", weight, bias).xi_c) for weight in CURVE]
    axis.plot(CURVE, curve, "--", color=INK, lw=1.4, label=words("law", scales=PUBLISHED_SCALES))
    low, high = grid.index.min(), grid.index.max()
    axis.set(yscale="log", ylim=(0.75 * low, 1.35 * high), xlim=(0.55, grid.columns.max() + 0.25))
    axis.set_yticks(list(grid.index), [str(depth) for depth in grid.index])
    axis.minorticks_off()
    axis.set(xlabel=words("x"), ylabel=words.term("depth"))
    axis.legend(loc="upper right", frameon=True, framealpha=0.9)
    picture.colorbar(points, ax=axis, label=words("bar"), aspect=30, use_gridspec=False)
    arrange(picture)
    found = ratios(table)
    known = {"count": len(found), "published": PUBLISHED_SCALES}
    title = words("title", ratio=number(float(found.median()), 2), **known) if len(found) else words("title_none")
    caption = words("caption", bias=bias, scales=PUBLISHED_SCALES)
    return Drawn(picture, title, caption, words("alt", finding=title))
