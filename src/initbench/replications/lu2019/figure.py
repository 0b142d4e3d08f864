"""Share of networks born dead by depth, with the bound of each width."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.style import arrange, colours, panels
from initbench.replications.lu2019.findings import bound, shares


@figure(
    "lu2019",
    tables=("signal",),
    section="replication",
    replication="lu2019",
)
def lu2019(tables, words):
    """Share born dead with its interval against depth, a colour a width; dashed, the bound."""
    table = shares(tables)
    figure_, axes = panels([0], [0], width=7, height=4.5)
    axis = axes[0, 0]
    widths = sorted(table["width"].unique())
    line = np.geomspace(1, max(2, table["depth"].max()), 60)
    for width, colour in zip(widths, colours(len(widths), "viridis"), strict=True):
        rows = table[table["width"] == width]
        error = [rows["share"] - rows["low"], rows["high"] - rows["share"]]
        axis.errorbar(rows["depth"], rows["share"], yerr=error, fmt="o", ms=5, color=colour, label=f"{width} units")
        axis.plot(line, [bound(width, depth) for depth in line], "--", color=colour, lw=1.2)
    axis.set(xscale="log", xlabel="hidden layers", ylabel="share of networks born dead", ylim=(-0.02, 1.02))
    axis.legend(frameon=False, loc="upper left", bbox_to_anchor=(1, 1))
    arrange(figure_)
    caption = (
        "Share of ReLU networks from Gaussian He weights, without biases, that are constant for every input at initialisation, by "
        "depth and width; bars, exact 95 % intervals for all cells together. Dashed: the bound of Lu et al. 2019, "
        "1 − (1 − 2^−N)^H for H hidden layers of N units, which is what one input does."
    )
    return Drawn(figure_, words("title"), caption, words("title"))
