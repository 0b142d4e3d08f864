"""How many different units a layer has, over training."""

from initbench.figures import figure
from initbench.figures.style import legend, ordered, palette, panels, read, trained_cells, widest


@figure(
    "distinct_units",
    title="How many different units a layer keeps",
    section="symmetry",
    place=1,
    tables=("runs", "layers"),
)
def distinct_units(tables):
    """Distinct units by incoming weights in the first hidden layer over training, by scheme."""
    columns = ["dataset", "width", "depth", "activation", "normalization", "scheme", "learning_rate", "seed"]
    chosen = trained_cells(tables)[[*columns, "rounding_classes"]]
    chosen = chosen[chosen["depth"] > 0]
    frame = read(tables["layers"], [*columns, "step", "layer", "distinct_weights"], [("layer", "==", 1)])
    frame = widest(frame.merge(chosen, on=columns))
    width = frame["width"].min()
    frame = frame[frame["width"] == width]
    activations, norms = sorted(frame["activation"].unique()), sorted(frame["normalization"].unique(), reverse=True)
    colours = palette(ordered(frame["scheme"]))
    figure_, axes = panels(norms, activations, sharey=True)
    for (activation, norm), part in frame.groupby(["activation", "normalization"]):
        axis = axes[norms.index(norm), activations.index(activation)]
        for scheme, mine in part.groupby("scheme"):
            line = mine.groupby("step")["distinct_weights"].mean()
            axis.plot(line.index, line, color=colours[scheme], marker="o", ms=3)
        axis.set_xscale("symlog", linthresh=1)
        axis.set_yscale("log", base=2)
        axis.set_ylim(0.8, width * 1.3)
        axis.set_title(f"{activation}, normalisation {norm}")
        axis.set_xlabel("step")
    for axis in axes[:, 0]:
        axis.set_ylabel("distinct units")
    legend(figure_, colours)
    figure_.tight_layout()
    return figure_, (
        f"Distinct units (by incoming weights, up to rounding) in the first hidden layer over training, of {width:g}; "
        f"{frame['depth'].max():g} hidden layers, mean over {frame['seed'].nunique()} seeds. One value everywhere means "
        "one unit, for ever: copies get the same gradient. Any random start has all its units from the first step on."
        + _on_rounding(int(frame["rounding_classes"].max()))
    )


def _on_rounding(classes: int) -> str:
    if classes == 1:
        return " Here the machine's matrix products round equal units alike, so that they stay equal to the last bit."
    return (
        f" Here the machine's matrix products round equal units in {classes} ways: what starts as one unit can drift apart into "
        "that many by rounding alone, which training amplifies; on paper it stays one."
    )
