"""Learning curves."""

from initbench.figures import figure
from initbench.figures.style import legend, nothing, ordered, palette, panels, read, trained_cells


@figure("learning_curves", title="Learning curves", section="training", place=9, tables=("runs", "history"))
def learning_curves(tables):
    """Training loss over steps with the range over seeds, at each cell's chosen learning rate."""
    keys = ["dataset", "width", "depth", "activation", "normalization", "scheme", "learning_rate", "seed"]
    frame = read(tables["history"], [*keys, "step", "train_loss"]).merge(trained_cells(tables)[keys], on=keys)
    frame = frame[(frame["normalization"] == "none") & (frame["dataset"] == frame["dataset"].min())]
    if frame.empty:
        return nothing("No network without normalisation was trained on this study's first data set.")
    activations, depths = sorted(frame["activation"].unique()), sorted(frame["depth"].unique())
    colours = palette(ordered(frame["scheme"]))
    figure_, axes = panels(activations, depths, sharey=True)
    for (activation, depth), part in frame.groupby(["activation", "depth"]):
        axis = axes[activations.index(activation), depths.index(depth)]
        for scheme, mine in part.groupby("scheme"):
            table = mine.groupby("step")["train_loss"]
            median = table.median()
            axis.plot(median.index, median, color=colours[scheme])
            axis.fill_between(
                median.index, table.quantile(0.1), table.quantile(0.9), color=colours[scheme], alpha=0.2, lw=0
            )
        axis.set_xscale("symlog", linthresh=1)
        axis.set_yscale("log")
        axis.set_ylim(1e-3, 20)
        axis.set_title(f"{activation}, depth {depth}")
        axis.set_xlabel("step")
    for axis in axes[:, 0]:
        axis.set_ylabel("training loss (nats)")
    legend(figure_, colours)
    figure_.tight_layout()
    return figure_, (
        f"Training loss at each cell's chosen learning rate, no normalisation: median over {frame['seed'].nunique()} "
        "seeds, bands from the 10th to the 90th percentile. A level line near the label entropy (2.3 nats for ten "
        "balanced classes) is a network that has learned the class frequencies and nothing else."
    )
