"""Deep thin networks from LSUV and three standard starts: variances by layer, and what is learned."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, arrange, colours, panels
from initbench.replications.mishkin2016.findings import NAMES, outcomes
from initbench.replications.reading import NETWORK


@figure(
    "mishkin2016",
    tables=("runs", "layers"),
    section="replication",
    replication="mishkin2016",
)
def mishkin2016(tables, words):
    """A panel an activation with the variance of each layer's output, and one with test accuracies; dashed, variance 1."""
    layers = tables.layers_at_start(["preactivation_std"], **NETWORK)
    layers = layers[layers["scheme"].isin(NAMES)]
    if layers.empty:
        return None
    activations = sorted(layers["activation"].unique())
    figure_, axes = panels([0], range(len(activations) + 1), width=3.8, height=3.6)
    shown = dict(zip(NAMES, colours(len(NAMES)), strict=True))
    for axis, activation in zip(axes[0], activations, strict=False):
        _variances(axis, layers[layers["activation"] == activation], shown)
        axis.set_title(activation)
    axes[0, 0].legend(frameon=False, fontsize="small")
    _accuracies(axes[0, -1], outcomes(tables), activations, shown)
    arrange(figure_)
    caption = (
        "Deep thin networks on the digits. First panels: variance of each layer's linear output W a at the start, mean over draws; dashed, "
        "the variance that LSUV sets. Last panel: test accuracy at the chosen learning rate, mean and standard deviation over seeds."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _variances(axis, layers, shown) -> None:
    squares = (layers["preactivation_std"] ** 2).groupby([layers["scheme"], layers["layer"]]).mean()
    for scheme, colour in shown.items():
        if scheme in squares.index.get_level_values("scheme"):
            values = squares[scheme]
            axis.plot(values.index, values.where(values > 0), color=colour, lw=2, label=NAMES[scheme])
    axis.axhline(1, color=INK, ls="--", lw=1.2)
    axis.set(yscale="log", xlabel="layer (1 is next to the input)", ylabel="variance of W a")


def _accuracies(axis, table, activations, shown) -> None:
    """Mean and deviation of test accuracy, the starts side by side for each activation."""
    for k, (scheme, colour) in enumerate(shown.items()):
        rows = table[table["scheme"] == scheme].set_index("activation").reindex(activations)
        x = np.arange(len(activations)) + 0.16 * (k - (len(shown) - 1) / 2)
        axis.errorbar(x, rows["accuracy"], yerr=rows["deviation"], fmt="o", color=colour)
    axis.set_xticks(range(len(activations)), activations, rotation=30, ha="right")
    axis.set(ylabel="test accuracy", ylim=(0, 1.03), title="after training")
