"""How many different units a layer has, over training."""

import numpy as np

from initbench.figures import figure
from initbench.figures.style import legend, ordered, palette, panels, read, trained_cells, widest

LAYERS = {"first": "o-", "last": "s:"}
APART = 0.09  # octaves between the lines of neighbouring schemes


@figure(
    "distinct_units",
    title="How many different units a layer keeps",
    section="symmetry",
    place=1,
    tables=("runs", "layers"),
)
def distinct_units(tables):
    """Distinct units by incoming weights in the first and the last hidden layer over training, by scheme."""
    columns = ["dataset", "width", "depth", "activation", "normalization", "scheme", "learning_rate", "seed"]
    chosen = trained_cells(tables)[[*columns, "rounding_classes"]]
    chosen = chosen[chosen["depth"] > 0]
    frame = read(tables["layers"], [*columns, "step", "layer", "distinct_weights"])
    frame = widest(frame.merge(chosen, on=columns))
    last = frame["depth"].max()
    frame = frame[frame["layer"].isin([1, last])].assign(layer=lambda f: np.where(f["layer"] == 1, "first", "last"))
    width = frame["width"].min()
    frame = frame[frame["width"] == width]
    activations, norms = sorted(frame["activation"].unique()), sorted(frame["normalization"].unique(), reverse=True)
    colours = palette(ordered(frame["scheme"]))
    figure_, axes = panels(norms, activations, sharey=True)
    for (activation, norm), part in frame.groupby(["activation", "normalization"]):
        axis = axes[norms.index(norm), activations.index(activation)]
        for scheme, mine in part.groupby("scheme"):
            apart = 2 ** (APART * (list(colours).index(scheme) - (len(colours) - 1) / 2))
            for layer, style in LAYERS.items():
                line = mine[mine["layer"] == layer].groupby("step")["distinct_weights"].mean()
                axis.plot(line.index, line * apart, style, color=colours[scheme], ms=2.5, lw=1.2)
        axis.set_xscale("symlog", linthresh=1)
        axis.set_yscale("log", base=2)
        axis.set_ylim(0.55, width * 1.8)
        axis.set_title(f"{activation}, normalisation {norm}")
        axis.set_xlabel("step")
    for axis in axes[:, 0]:
        axis.set_ylabel("distinct units")
    legend(figure_, colours)
    figure_.tight_layout()
    return figure_, (
        f"Distinct units by incoming weights over training, of {width:g}, in the first hidden layer (solid) and the last of "
        f"{last:g} (dotted), mean over {frame['seed'].nunique()} seeds; lines that coincide are drawn a little apart. One value "
        "everywhere means one unit, for ever: copies get the same gradient. A random start has all its units from step 0 on."
        + _on_rounding(frame["rounding_classes"].max())
    )


def _on_rounding(classes: float) -> str:
    """What rounding can do to equal units; nothing to say of networks that were not trained (NaN)."""
    if not classes >= 1:
        return ""
    if classes == 1:
        return " Here the machine's matrix products round equal units alike, so that they stay equal to the last bit."
    return (
        f" Here the machine's matrix products round equal units in {classes:g} ways: what starts as one unit can drift apart into "
        "that many by rounding alone, which training amplifies; on paper it stays one."
    )
