"""Training loss of deep sigmoid networks by momentum, and by the scale of the sparse start."""

import numpy as np

from initbench.base.numbers import number
from initbench.figures import Drawn, figure
from initbench.figures.style import COLOURBLIND, INK, PAGE, arrange, logarithmic, panels
from initbench.replications.sutskever2013.findings import ENTROPY, NAMES, PLAIN, final_losses

STRONG = "nesterov_99"
LOOKS = {PLAIN: {"color": COLOURBLIND[0], "fmt": "o-"}, STRONG: {"color": COLOURBLIND[3], "fmt": "s--"}}


@figure("sutskever2013", tables=("runs",), section="replication", replication="sutskever2013")
def sutskever2013(tables, words):
    """Left: a point a momentum, from the start of scale 1. Right: loss by scale, with momentum and without."""
    table = final_losses(tables)
    table = table[table["optimizer"].isin(NAMES) & np.isfinite(table["loss"])]
    if table.empty:
        return None
    picture, axes = panels([0], [0, 1], width=PAGE / 2, height=2.2)
    said = words.of("replications.sutskever2013")
    good = table[table["scale"] == 1].drop_duplicates("optimizer").set_index("optimizer")["loss"]
    _momenta(axes[0, 0], table[table["scale"] == 1], words, said)
    _scales(axes[0, 1], table, words, said)
    for axis in axes[0]:
        axis.axhline(ENTROPY, color=INK, ls="--", lw=0.9)
        axis.set_ylabel(words("y"))
    arrange(picture)
    both = {PLAIN, STRONG} <= set(good.index)
    values = {"plain": number(float(good[PLAIN]), 2), "strong": number(float(good[STRONG]), 2)} if both else {}
    title = words("title" if both else "title_none", **values)
    return Drawn(picture, title, words("caption"), words("alt", finding=title))


def _scales(axis, table, words, said) -> None:
    """Loss by the scale of the start, a line a momentum of LOOKS."""
    for name, look in LOOKS.items():
        rows = table[table["optimizer"] == name].sort_values("scale")
        if len(rows):
            axis.plot(
                rows["scale"], rows["loss"], look["fmt"], color=look["color"], label=words("momentum", name=said(name))
            )
            axis.fill_between(rows["scale"], rows["low"], rows["high"], color=look["color"], alpha=0.2, lw=0)
            axis.legend(loc="lower left")
    axis.set(xlabel=words("x_scale"), title=words("by_scale"))
    logarithmic(axis, "x", "y")
    scales = sorted(table["scale"].unique())
    axis.set_xticks(scales, [f"{scale:g}" for scale in scales])
    axis.minorticks_off()


def _momenta(axis, rows, words, said) -> None:
    rows = rows.drop_duplicates("optimizer").set_index("optimizer").reindex(NAMES)
    error = np.abs(rows[["low", "high"]].to_numpy().T - rows["loss"].to_numpy())
    axis.errorbar(range(len(NAMES)), rows["loss"], yerr=error, fmt="o", ms=4, lw=0.9, color=COLOURBLIND[0])
    names = [said(name).replace(" (", "\n(").replace("（", "\n（") for name in NAMES]
    axis.set_xticks(range(len(NAMES)), names)
    axis.set(xlabel=words("x_momentum"), title=words("by_momentum"))
    logarithmic(axis, "y")
