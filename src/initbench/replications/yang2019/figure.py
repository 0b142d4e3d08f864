"""Per-layer factor of the gradient under batch normalisation by activation, and how deep such networks train."""

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, arrange, colours, panels
from initbench.replications.yang2019.findings import (
    PUBLISHED_SCALES,
    RANDOM,
    growth_factors,
    trainability,
    trainable_depths,
)


@figure(
    "yang2019",
    tables=("layers", "runs"),
    section="replication",
    replication="yang2019",
)
def yang2019(tables, words):
    """Measured factors less 1 with the published rate dashed; training accuracy by depth with 16 ξ dashed."""
    table, trained = growth_factors(tables), trainability(tables)
    figure_, axes = panels([0], [0, 1], width=6, height=4.2)
    _rates(axes[0, 0], table)
    _accuracy(axes[0, 1], trained)
    arrange(figure_)
    caption = (
        "Left: factor by which the squared gradient δ² grows a layer towards the input at initialisation, less 1, over the deeper half "
        "of the layers; dashed, the rate of Yang et al. 2019 for wide networks and batches of 64. Right: training accuracy of "
        f"batch-normalised networks by depth, range over seeds shaded; dashed, {PUBLISHED_SCALES} ξ, ξ = 1/ln rate, beyond which the "
        "paper's ReLU networks do not train."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _rates(axis, table) -> None:
    """Factor less 1 by activation, both data sets, on a logarithmic scale."""
    predicted = table.groupby("activation")["predicted"].first().sort_values()
    at = {name: k for k, name in enumerate(predicted.index)}
    shown = dict(zip(("random inputs", "digits"), colours(2), strict=True))
    for (label, colour), shift in zip(shown.items(), (-0.1, 0.1), strict=True):
        rows = table[(table["dataset"] == RANDOM) == (label == "random inputs")]
        axis.plot(rows["activation"].map(at) + shift, rows["measured"] - 1, "o", ms=7, color=colour, label=label)
    for name, value in predicted.items():
        label = "published" if at[name] == 0 else None
        axis.plot([at[name] - 0.4, at[name] + 0.4], [value - 1] * 2, "--", color=INK, lw=1.5, label=label)
    axis.set_xticks(range(len(at)), list(at), rotation=30, ha="right")
    axis.set(yscale="log", ylabel="per-layer factor of δ², less 1")
    axis.legend(frameon=False, fontsize="small")


def _accuracy(axis, trained) -> None:
    """Training accuracy by depth, a colour an activation."""
    scales = trainable_depths(trained)["xi"]
    for (name, part), colour in zip(trained.groupby("activation"), colours(10), strict=False):
        axis.fill_between(part["depth"], part["min"], part["max"], color=colour, alpha=0.25, lw=0)
        axis.plot(part["depth"], part["mean"], "o-", color=colour, label=name)
        axis.axvline(PUBLISHED_SCALES * scales[name], color=colour, ls="--", lw=1.5)
    axis.set(xlabel="hidden layers", ylabel="training accuracy", ylim=(0, 1.03))
    axis.legend(frameon=False)
