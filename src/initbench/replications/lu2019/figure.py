"""Share of networks born dead by depth, with the bound of each width."""

import numpy as np

from initbench.base.numbers import percent
from initbench.figures import Drawn, figure
from initbench.figures.style import PAGE, arrange, colours, panels
from initbench.replications.lu2019.findings import bound, shares

MARKERS = "os^DvpX*"


@figure("lu2019", tables=("signal",), section="replication", replication="lu2019")
def lu2019(tables, words):
    """Share born dead with its interval against depth, a colour a width; dashed, the bound."""
    table = shares(tables)
    if table.empty:
        return None
    picture, axes = panels([0], [0], width=PAGE, height=2.4)
    axis, widths = axes[0, 0], sorted(table["width"].unique())
    line = np.geomspace(1, max(2, table["depth"].max()), 60)
    for k, (width, colour) in enumerate(zip(widths, colours(len(widths), "viridis"), strict=True)):
        rows = table[table["width"] == width]
        error = [rows["share"] - rows["low"], rows["high"] - rows["share"]]
        look = {"fmt": MARKERS[k % len(MARKERS)], "ms": 3.6, "color": colour, "lw": 0.8}
        axis.errorbar(rows["depth"], rows["share"], yerr=error, label=words("width", n=int(width)), **look)
        axis.plot(line, [bound(width, depth) for depth in line], "--", color=colour, lw=0.9)
    axis.set(xscale="log", xlabel=words.term("depth"), ylabel=words("y"), ylim=(-0.02, 1.02))
    depths = sorted(table["depth"].unique())
    axis.set_xticks(depths, [str(depth) for depth in depths])
    axis.minorticks_off()
    picture.legend(*axis.get_legend_handles_labels(), loc="outside right center")
    arrange(picture)
    deepest = table[table["depth"] == table["depth"].max()].sort_values("width")
    values: dict = {}
    for name, row in (("few", deepest.iloc[0]), ("many", deepest.iloc[-1])):
        values |= {f"{name}_units": int(row["width"]), f"{name}_share": percent(row["share"])}
    title = words("title", depth=int(table["depth"].max()), **values)
    return Drawn(picture, title, words("caption"), words("alt", finding=title))
