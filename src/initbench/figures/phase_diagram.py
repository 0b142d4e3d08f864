"""The plane of weight and bias variances: where gradients vanish and where they explode."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, arrange, panels

STRONGEST = 2.0  # factors beyond 1/2 and 2 share the last colours
REGIONS = [((0.17, 0.6), "ordered:\ngradients vanish"), ((0.76, 0.3), "chaotic:\ngradients explode")]


@figure("phase_diagram", tables=("phase_diagram",))
def phase_diagram(tables, words):
    """Measured per-layer factor of δ² over (σ_w, σ_b), the predicted line χ = 1 dashed over it."""
    found = tables.read("phase_diagram")
    figure_, axes = panels([0], [0], width=7.6, height=5.0)
    _plane(figure_, axes[0, 0], found.pivot(index="bias_std", columns="weight_std", values="measured"))
    first, line = found.iloc[0], found.groupby("bias_std")["critical_weight_std"].first()
    axes[0, 0].plot(line, line.index, color=INK, ls="--", lw=2.2)
    arrange(figure_)
    errors = np.abs(found["measured"] / found["predicted"] - 1)
    caption = (
        f"Per-layer factor of δ² in random {first['activation']} networks ({first['width']} units, {first['depth']} layers, mean over "
        f"{first['draws']} draws, over the deeper half of the layers): below 1 the gradient shrinks towards the input, above "
        "1 it grows. Dashed: the critical line χ = 1 of mean-field theory; grey: where the measured factor is 1. Measured "
        f"and predicted factors differ by {errors.median():.1%} at the median point and {errors.max():.1%} at most."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _plane(figure_, axis, measured) -> None:
    """Colours for the measured factor, its level 1, and the names of the regions."""
    from matplotlib.colors import LogNorm  # for the reason given in style

    mesh = axis.pcolormesh(
        measured.columns, measured.index, measured, shading="nearest", cmap="RdBu_r",
        norm=LogNorm(1 / STRONGEST, STRONGEST), rasterized=True,
    )  # fmt: skip
    axis.contour(measured.columns, measured.index, measured, levels=[1.0], colors="0.35", linewidths=1.2)
    bar = figure_.colorbar(mesh, extend="both", label="measured per-layer factor of δ²", ticks=[0.5, 0.7, 1, 1.4, 2])
    bar.ax.set_yticklabels(["0.5", "0.7", "1", "1.4", "2"])
    bar.ax.minorticks_off()
    box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8}
    for at, words in REGIONS:
        axis.text(*at, words, transform=axis.transAxes, ha="center", va="center", bbox=box)
    axis.set(xlabel="σ_w (weight standard deviation × √fan-in)", ylabel="σ_b (bias standard deviation)")
    axis.grid(visible=False)
