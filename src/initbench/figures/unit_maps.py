"""One layer's weights and gradient, unit by unit."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.style import arrange, ordered, panels

ROWS = [(what, moment) for what in ("weight", "gradient") for moment in ("before", "after")]


@figure("unit_maps", tables=("unit_maps",))
def unit_maps(tables, words):
    """Heat maps of the first layer's weights and gradients, before and after training, for four starts."""
    maps = tables.read("unit_maps")
    schemes, first = ordered(maps["scheme"]), maps.iloc[0]
    figure_, axes = panels(ROWS, schemes, width=3, height=2.2)
    for (scheme, what, moment), part in maps.groupby(["scheme", "what", "moment"]):
        axis = axes[ROWS.index((what, moment)), schemes.index(scheme)]
        _map(figure_, axis, part.pivot(index="unit", columns="feature", values="value").to_numpy())
        axis.set_title(f"{scheme}: {what} {moment}", fontsize=9)
    for axis in axes[:, 0]:
        axis.set_ylabel("unit")
    for axis in axes[-1]:
        axis.set_xlabel("input feature")
    arrange(figure_)
    caption = (
        f"First hidden layer of a {first['activation']} network ({first['depth']} hidden layers of {first['width']} units), one "
        "row a unit: weights and their gradient, before and after training. From zeros or one constant all rows stay "
        "the same picture: every unit is told to become the same thing. Each map has its own colour scale."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _map(figure_, axis, matrix) -> None:
    """One matrix (units, features) in colours around 0, with its own scale."""
    limit = np.abs(matrix).max() or 1.0
    image = axis.imshow(matrix, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto", interpolation="none")
    figure_.colorbar(image, ax=axis, format="%.0e", shrink=0.9)
    axis.grid(False)
