"""Variance of ln length against Σ 1/n, and the lengths of single networks by depth."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, arrange, colours, panels
from initbench.replications.hanin2018.findings import NORMAL, spread
from initbench.replications.hanin2018.lengths import squared_lengths


@figure(
    "hanin2018",
    tables=("signal",),
    section="replication",
    replication="hanin2018",
)
def hanin2018(tables, words):
    """Variance of ln length against Σ 1/n by width, the law dashed; quantiles of length by Σ 1/n."""
    table, lengths = spread(tables), squared_lengths(tables)
    table = table[table["scheme"] == NORMAL]
    figure_, axes = panels([0], [0, 1], width=5, height=4)
    left, right = axes[0]
    for width, colour in zip(sorted(table["width"].unique()), colours(10), strict=False):
        rows = table[table["width"] == width]
        left.plot(rows["reciprocals"], rows["log_variance"], "o", ms=7, color=colour, label=f"{width} units")
        left.plot(rows["reciprocals"], rows["predicted"], "--", color=colour, lw=1.5)
    left.set(xlabel="Σ 1/n over the hidden layers", ylabel="variance of ln squared length")
    left.legend(frameon=False)
    narrow = lengths[(lengths["scheme"] == NORMAL) & (lengths["width"] == lengths["width"].min())]
    _quantiles(right, narrow)
    arrange(figure_)
    caption = (
        "Left: variance over draws of the logarithm of the squared output length for one input, ReLU networks from Gaussian He "
        "weights; dashed, its exact value, about 5 Σ 1/n, to which Hanin & Rolnick 2018 give the form. Right: quantiles of that "
        "length over draws in the narrowest networks by depth, relative to its mean, which the variance 2/fan-in keeps at 1 "
        "(dashed)."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _quantiles(axis, lengths) -> None:
    """Nested bands of the lengths' quantiles by depth, and the median."""
    depths = sorted(lengths["depth"].unique())
    both = [lengths[lengths["depth"] == depth][["larger", "smaller"]].to_numpy().ravel() for depth in depths]
    for low, high in ((5, 95), (25, 75)):
        edges = np.array([np.percentile(values, [low, high]) for values in both])
        axis.fill_between(depths, *edges.T, alpha=0.3, color=colours(1)[0], lw=0, label=f"{low} to {high} %")
    axis.plot(depths, [np.median(values) for values in both], "o-", color=colours(1)[0], label="median")
    axis.axhline(1, color=INK, ls="--", lw=1.2, label="mean")
    axis.set(yscale="log", xlabel=f"hidden layers of {lengths['width'].min()} units", ylabel="squared length")
    axis.legend(frameon=False, fontsize="small")
