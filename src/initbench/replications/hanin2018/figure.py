"""Variance of ln length against Σ 1/n, and the lengths of single networks by depth."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.style import COLOURBLIND, INK, PAGE, arrange, colours, logarithmic, panels
from initbench.replications.hanin2018.findings import NORMAL, spread
from initbench.replications.hanin2018.lengths import squared_lengths

MARKERS = "os^Dvp"


@figure("hanin2018", tables=("signal",), section="replication", replication="hanin2018")
def hanin2018(tables, words):
    """Variance of ln length against Σ 1/n by width, the law dashed; quantiles of length by Σ 1/n."""
    table, lengths = spread(tables), squared_lengths(tables)
    table = table[table["scheme"] == NORMAL]
    if table.empty:
        return None
    picture, axes = panels([0], [0, 1], width=PAGE / 2, height=2.3)
    left, right = axes[0]
    widths = sorted(table["width"].unique())
    for k, (width, colour) in enumerate(zip(widths, colours(len(widths), "viridis"), strict=True)):
        rows = table[table["width"] == width].sort_values("reciprocals")
        marks = {"marker": MARKERS[k % len(MARKERS)], "ls": "", "ms": 4}
        left.plot(rows["reciprocals"], rows["log_variance"], color=colour, label=words("width", n=int(width)), **marks)
        left.plot(rows["reciprocals"], rows["predicted"], "--", color=colour, lw=0.9)
    left.set(xlabel=words("x_reciprocals"), ylabel=words("y_variance"))
    left.legend()
    narrow = lengths[(lengths["scheme"] == NORMAL) & (lengths["width"] == lengths["width"].min())]
    if len(narrow):
        _quantiles(right, narrow, words)
    arrange(picture)
    few = table["predicted"].nunique() < 2
    slope = float("nan") if few else float(np.polyfit(table["predicted"], table["log_variance"], 1)[0])
    title = words("title_none") if few else words("title", slope=f"{slope:.2f}", count=len(table))
    return Drawn(picture, title, words("caption"), words("alt", finding=title))


def _quantiles(axis, lengths, words) -> None:
    """Nested bands of the lengths' quantiles by depth, and the median."""
    depths = sorted(lengths["depth"].unique())
    both = [lengths[lengths["depth"] == depth][["larger", "smaller"]].to_numpy().ravel() for depth in depths]
    for low, high in ((5, 95), (25, 75)):
        edges = np.array([np.percentile(values, [low, high]) for values in both])
        band = words("band", low=low, high=high)
        axis.fill_between(depths, *edges.T, alpha=0.3, color=COLOURBLIND[0], lw=0, label=band)
    axis.plot(depths, [np.median(values) for values in both], "o-", color=COLOURBLIND[0], label=words("median"))
    axis.axhline(1, color=INK, ls="--", lw=0.9, label=words("mean"))
    axis.set(xlabel=words("x_depth", width=int(lengths["width"].min())), ylabel=words("y_length"))
    logarithmic(axis, "y")
    axis.legend()
