"""The plane of weight and bias variances: where gradients vanish and where they explode."""

import matplotlib.colors
import numpy as np
import pandas as pd

from initbench.figures import figure
from initbench.figures.style import panels
from initbench.theory import critical_points

STRONGEST = 2.0  # factors beyond 1/2 and 2 share the last colours


@figure(
    "phase_diagram",
    title="The phase diagram: measured factors and the critical line",
    section="theory",
    place=7,
    tables=("phase_diagram",),
)
def phase_diagram(tables):
    """Measured per-layer factor of δ² over (σ_w, σ_b), the predicted line χ = 1 dashed over it."""
    table = pd.read_parquet(tables["phase_diagram"])
    plane = table.pivot(index="bias_std", columns="weight_std")
    found = {name: plane[name].to_numpy() for name in ("measured", "predicted")}
    found |= {"weight_std": plane["measured"].columns.to_numpy(), "bias_std": plane.index.to_numpy()}
    found |= table.loc[0, ["activation", "width", "depth", "draws"]].to_dict()
    activation = found["activation"]
    line = [critical_points(activation, bias_variance=float(std) ** 2) for std in found["bias_std"]]
    drawn = [
        (points[0].weight_variance ** 0.5, std) for points, std in zip(line, found["bias_std"], strict=True) if points
    ]
    figure_, axes = panels([0], [0], width=7.6, height=5.0)
    axis = axes[0, 0]
    mesh = axis.pcolormesh(
        found["weight_std"], found["bias_std"], found["measured"], shading="nearest", cmap="RdBu_r",
        norm=matplotlib.colors.LogNorm(1 / STRONGEST, STRONGEST), rasterized=True,
    )  # fmt: skip
    axis.contour(found["weight_std"], found["bias_std"], found["measured"], levels=[1.0], colors="0.35", linewidths=1.2)
    axis.plot(*zip(*drawn, strict=True), "k--", lw=2.2)
    bar = figure_.colorbar(mesh, extend="both", label="measured per-layer factor of δ²", ticks=[0.5, 0.7, 1, 1.4, 2])
    bar.ax.set_yticklabels(["0.5", "0.7", "1", "1.4", "2"])
    bar.ax.minorticks_off()
    for place, words in [((0.17, 0.6), "ordered:\ngradients vanish"), ((0.76, 0.3), "chaotic:\ngradients explode")]:
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8}
        axis.text(*place, words, transform=axis.transAxes, ha="center", va="center", bbox=box)
    axis.set(xlabel="σ_w (weight standard deviation × √fan-in)", ylabel="σ_b (bias standard deviation)")
    axis.grid(visible=False)
    figure_.tight_layout()
    errors = np.abs(found["measured"] / found["predicted"] - 1)
    return figure_, (
        f"Per-layer factor of δ² in random {activation} networks ({found['width']} units, {found['depth']} layers, mean over "
        f"{found['draws']} draws, over the deeper half of the layers): below 1 the gradient shrinks towards the input, above "
        "1 it grows. Dashed: the critical line χ = 1 of mean-field theory; grey: where the measured factor is 1. Measured "
        f"and predicted factors differ by {np.median(errors):.1%} at the median point and {errors.max():.1%} at most."
    )
