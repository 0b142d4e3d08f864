"""Training loss of deep sigmoid networks by momentum, and by the scale of the sparse start."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, arrange, colours, panels
from initbench.replications.sutskever2013.findings import ENTROPY, NAMES, PLAIN, final_losses


@figure(
    "sutskever2013",
    tables=("runs",),
    section="replication",
    replication="sutskever2013",
)
def sutskever2013(tables, words):
    """Left: a point a momentum, from the start of scale 1. Right: loss by scale, with momentum and without."""
    table = final_losses(tables)
    table = table[table["optimizer"].isin(NAMES) & np.isfinite(table["loss"])]
    if table.empty:
        return None
    figure_, axes = panels([0], [0, 1], width=4.8, height=3.8)
    _momenta(axes[0, 0], table[table["scale"] == 1])
    for name, colour in zip((PLAIN, "nesterov_99"), colours(2), strict=True):
        rows = table[table["optimizer"] == name].sort_values("scale")
        axes[0, 1].plot(rows["scale"], rows["loss"], "o-", color=colour, label=f"momentum {NAMES[name]}")
        axes[0, 1].fill_between(rows["scale"], rows["low"], rows["high"], color=colour, alpha=0.25, lw=0)
    axes[0, 1].set(xscale="log", yscale="log", xlabel="scale of the start", title="by the scale of the start")
    scales = sorted(table["scale"].unique())
    axes[0, 1].set_xticks(scales, [f"{scale:g}" for scale in scales])
    axes[0, 1].minorticks_off()
    axes[0, 1].legend(frameon=False, fontsize="small", loc="lower left")
    for axis in axes[0]:
        axis.axhline(ENTROPY, color=INK, ls="--", lw=1.2)
        axis.set_ylabel("training loss, nats")
    arrange(figure_)
    caption = (
        "Sigmoid networks from Martens's sparse start, 15 connections a unit: training loss after the last update at the learning rate "
        "with the lowest, mean and range over seeds. Left: by momentum, weights N(0, 1). Right: by the scale of the weights. Dashed: the "
        "entropy of the labels, the loss of a network that has learned nothing."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _momenta(axis, rows) -> None:
    rows = rows.drop_duplicates("optimizer").set_index("optimizer").reindex(NAMES)
    error = np.abs(rows[["low", "high"]].to_numpy().T - rows["loss"].to_numpy())
    axis.errorbar(range(len(NAMES)), rows["loss"], yerr=error, fmt="o", color=colours(1)[0])
    axis.set_xticks(range(len(NAMES)), [name.replace(" (", "\n(") for name in NAMES.values()], fontsize="small")
    axis.set(yscale="log", xlabel="largest momentum", title="by momentum")
