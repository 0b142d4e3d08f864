"""Learning curves."""

from initbench.figures import Drawn, figure
from initbench.figures.selection import heading, on_first_dataset, trained_cells, variants
from initbench.figures.style import arrange, legend, ordered, palette, panels
from initbench.study.cells import RUN


@figure("learning_curves", tables=("runs", "history"))
def learning_curves(tables, words):
    """Training loss over steps with the range over seeds, at each cell's chosen learning rate."""
    frame = tables.read("history", [*RUN, "step", "train_loss"]).merge(trained_cells(tables)[RUN], on=RUN)
    frame = on_first_dataset(frame)
    if frame.empty:
        return None
    frame = frame.assign(variant=variants(frame))
    rows = sorted(set(frame[["variant", "normalization", "activation"]].itertuples(index=False, name=None)))
    rows.sort(key=lambda row: row[1], reverse=True)  # without normalisation first
    several = frame["normalization"].nunique() > 1
    depths, colours = sorted(frame["depth"].unique()), palette(ordered(frame["scheme"]))
    figure_, axes = panels(rows, depths, sharey=True)
    for (*row, depth), part in frame.groupby(["variant", "normalization", "activation", "depth"]):
        variant, normalization, activation = row
        axis = axes[rows.index(tuple(row)), depths.index(depth)]
        _curves(axis, part, colours)
        axis.set_title(heading(variant, f"{activation}, depth {depth}" + f", norm. {normalization}" * several))
    for axis in axes.flat:
        axis.set_visible(axis.has_data())
    for axis in axes[:, 0]:
        axis.set_ylabel("training loss (nats)")
    legend(figure_, colours)
    arrange(figure_)
    caption = (
        f"Training loss at each cell's chosen learning rate: median over {frame['seed'].nunique()} seeds, bands from the 10th "
        "to the 90th percentile. Under batch normalisation the loss is that of the training split's own statistics. A level "
        "line near the label entropy (2.3 nats for ten balanced classes) is a network that has learned the class frequencies "
        "and nothing else."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _curves(axis, part, colours) -> None:
    """Median loss and band, a line a scheme."""
    over_seeds = part.groupby(["scheme", "step"])["train_loss"].quantile([0.1, 0.5, 0.9]).unstack()
    for scheme, rows in over_seeds.groupby("scheme"):
        steps = rows.index.get_level_values("step")
        axis.plot(steps, rows[0.5], color=colours[scheme])
        axis.fill_between(steps, rows[0.1], rows[0.9], color=colours[scheme], alpha=0.2, lw=0)
    axis.set_xscale("symlog", linthresh=1)
    axis.set_yscale("log")
    axis.set_ylim(1e-3, 20)
    axis.set_xlabel("step")
