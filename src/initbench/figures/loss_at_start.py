"""The loss before the first update."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.selection import heading, on_first_dataset, variants
from initbench.figures.style import INK, SYMMETRIC, arrange, colours, ordered, panels
from initbench.study.cells import SCORING, START

FILTERS = [("step", "==", 0), ("role", "==", SCORING), ("normalization", "==", "none"), ("depth", ">", 1)]
EDGE = 3.0  # times ln K, where what lies beyond is drawn


@figure("loss_at_start", tables=("history",))
def loss_at_start(tables, words):
    """Mean training loss at step 0 over ln K of starts without normalisation, a panel an activation, a colour a depth."""
    frame = _in_units_of_chance(tables)
    if frame.empty:
        return None
    frame = frame.assign(variant=variants(frame, ("architecture", "optimizer")))
    schemes, depths = ordered(frame["scheme"]), sorted(frame["depth"].unique())
    shades = dict(zip(depths, colours(len(depths), "viridis"), strict=True))
    columns = sorted(set(frame[["variant", "activation"]].itertuples(index=False, name=None)))
    figure_, axes = panels([0], columns, width=4, height=0.24 * len(schemes) + 1.2, sharey=True, sharex=True)
    for axis, (variant, activation) in zip(axes[0], columns, strict=True):
        part = frame[(frame["variant"] == variant) & (frame["activation"] == activation)]
        for depth, losses in part.groupby("depth"):
            levels = [schemes.index(scheme) for scheme in losses["scheme"]]
            axis.plot(losses["ratio"].clip(upper=EDGE), levels, "o", ms=5, color=shades[depth], label=f"depth {depth}")
        axis.axvline(1, color=INK, ls="--", lw=1, label="ln K")
        axis.set(xlabel="loss at step 0 / ln K", title=heading(variant, activation))
        axis.set_yticks(range(len(schemes)), schemes, fontsize=8)
    axes[0, 0].invert_yaxis()
    figure_.legend(*axes[0, -1].get_legend_handles_labels(), loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    arrange(figure_)
    caption = (
        "Training loss before the first update, mean over draws, at least two hidden layers, no normalisation, a dot a width, in units of "
        f"ln K, the loss of equal probabilities for K classes, which a start from zeros has. What is above {EDGE:g} is drawn there."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _in_units_of_chance(tables):
    """A row a width, depth and start other than zeros and constants: mean loss over that of zeros, where there are zeros."""
    frame = tables.read("history", [*START, "step", "train_loss"], FILTERS).drop_duplicates(START)
    frame = on_first_dataset(frame[np.isfinite(frame["train_loss"].astype(float))])
    network = ["architecture", "optimizer", "width", "depth", "activation"]
    means = frame.groupby([*network, "scheme"], observed=True)["train_loss"].mean().reset_index()
    chance = means.loc[means["scheme"] == "zeros", ["architecture", "optimizer", "train_loss"]]
    chance = chance.drop_duplicates(["architecture", "optimizer"]).rename(columns={"train_loss": "chance"})
    means = means[~means["scheme"].str.split("(").str[0].isin(SYMMETRIC)].merge(
        chance, on=["architecture", "optimizer"]
    )
    return means.assign(ratio=means["train_loss"] / means["chance"])
