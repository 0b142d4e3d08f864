"""The loss before the first update."""

import numpy as np

from initbench.figures import figure
from initbench.figures.selection import heading, on_first_dataset, variants
from initbench.figures.style import INK, arrange, colours, nothing, ordered, panels
from initbench.study.cells import SCORING, START

FILTERS = [("step", "==", 0), ("role", "==", SCORING), ("normalization", "==", "none"), ("depth", ">", 1)]


@figure("loss_at_start", title="Loss at the start", tables=("history",))
def loss_at_start(tables):
    """Mean training loss at step 0 of every start without normalisation, a panel an activation, a colour a depth."""
    frame = tables.read("history", [*START, "step", "train_loss"], FILTERS).drop_duplicates(START)
    frame = frame[np.isfinite(frame["train_loss"].astype(float))]
    if frame.empty:
        return nothing("This study has no deep network without normalisation whose loss at step 0 is known.")
    frame = on_first_dataset(frame)
    frame = frame.assign(variant=variants(frame, ("architecture", "optimizer")))
    schemes, depths = ordered(frame["scheme"]), sorted(frame["depth"].unique())
    shades = dict(zip(depths, colours(len(depths), "viridis"), strict=True))
    columns = sorted(set(frame[["variant", "activation"]].itertuples(index=False, name=None)))
    figure_, axes = panels([0], columns, width=4, height=0.24 * len(schemes) + 1.2, sharey=True)
    for axis, (variant, activation) in zip(axes[0], columns, strict=True):
        part = frame[(frame["variant"] == variant) & (frame["activation"] == activation)]
        _losses(axis, part, schemes, shades)
        axis.set(xscale="log", xlabel="loss at step 0 (nats)", title=heading(variant, activation))
        axis.set_yticks(range(len(schemes)), schemes, fontsize=8)
    axes[0, 0].invert_yaxis()
    figure_.legend(*axes[0, -1].get_legend_handles_labels(), loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    arrange(figure_)
    return figure_, (
        "Training loss before the first update, mean over draws, at least two hidden layers, no normalisation, a dot a width. The dashed "
        "line is ln K, the loss of equal probabilities for K classes, which a start from zeros has."
    )


def _losses(axis, part, schemes, shades) -> None:
    """A dot a scheme, width and depth, and a line at the loss of zeros."""
    means = part.groupby(["depth", "width", "scheme"], observed=True)["train_loss"].mean().reset_index()
    for depth, losses in means.groupby("depth"):
        levels = [schemes.index(scheme) for scheme in losses["scheme"]]
        axis.plot(losses["train_loss"], levels, "o", ms=5, color=shades[depth], label=f"depth {depth}")
    chance = part.loc[part["scheme"] == "zeros", "train_loss"].median()
    if np.isfinite(chance):
        axis.axvline(chance, color=INK, ls="--", lw=1, label="ln K")
