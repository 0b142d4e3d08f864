"""How many different units a layer has, over training."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.selection import deepest_on_first_dataset, heading, trained_cells, variants
from initbench.figures.style import arrange, legend, ordered, palette, panels

LAYERS = {"first": "o-", "last": "s:"}
GAP = 0.09  # octaves between the lines of neighbouring schemes


@figure("distinct_units", tables=("runs", "layers"))
def distinct_units(tables, words):
    """Distinct units by incoming weights in the first and the last hidden layer over training, by scheme."""
    frame = _first_and_last(tables)
    if frame.empty:
        return None
    activations = sorted(frame["activation"].unique())
    rows = sorted(set(frame[["variant", "normalization"]].itertuples(index=False, name=None)), key=lambda row: row[0])
    rows.sort(key=lambda row: row[1], reverse=True)  # without normalisation first
    colours, width = palette(ordered(frame["scheme"])), frame["width"].max()
    figure_, axes = panels(rows, activations, sharey=True)
    for (activation, variant, norm), part in frame.groupby(["activation", "variant", "normalization"]):
        axis = axes[rows.index((variant, norm)), activations.index(activation)]
        _lines(axis, part, colours)
        axis.set_xscale("symlog", linthresh=1)
        axis.set_yscale("log", base=2)
        axis.set_ylim(0.55, width * 1.8)
        axis.set_title(heading(variant, f"{activation}, normalisation {norm}"))
        axis.set_xlabel("step")
    for axis in axes[:, 0]:
        axis.set_ylabel("distinct units")
    legend(figure_, colours)
    arrange(figure_)
    caption = (
        f"Distinct units by incoming weights over training, of {width:g}, in the first hidden layer (solid) and the last of "
        f"{frame['depth'].max():g} (dotted), mean over {frame['seed'].nunique()} seeds; lines that coincide are drawn a little "
        "apart. One value everywhere means one unit, for ever: copies get the same gradient. A random start has all its units "
        "from step 0 on."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _first_and_last(tables):
    """The first and the last hidden layer of the deepest, narrowest networks on the first data set, at every step."""
    chosen = trained_cells(tables)
    chosen = deepest_on_first_dataset(chosen[chosen["depth"] > 0])
    chosen = chosen[chosen["width"] == chosen["width"].min()]
    if chosen.empty:
        return chosen
    first = chosen.iloc[0]
    shown = {"dataset": first["dataset"], "width": int(first["width"]), "depth": int(first["depth"])}
    frame = tables.at_every_step("layers", chosen, ["distinct_weights"], **shown)
    frame = frame[frame["layer"].isin([1, shown["depth"]])]
    return frame.assign(layer=np.where(frame["layer"] == 1, "first", "last"), variant=variants(frame))


def _lines(axis, part, colours) -> None:
    """A line a scheme and layer; neighbours are moved apart a little."""
    for scheme, rows in part.groupby("scheme"):
        moved = 2 ** (GAP * (list(colours).index(scheme) - (len(colours) - 1) / 2))
        for layer, style in LAYERS.items():
            mean = rows[rows["layer"] == layer].groupby("step")["distinct_weights"].mean()
            axis.plot(mean.index, mean * moved, style, color=colours[scheme], ms=2.5, lw=1.2)
