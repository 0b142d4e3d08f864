"""One layer's weights and gradient, unit by unit."""

import numpy as np

from initbench.analyses import unit_maps as units
from initbench.figures import figure
from initbench.figures.style import panels


@figure(
    "unit_maps",
    title="One layer, unit by unit, before and after training",
    section="symmetry",
    place=2,
    tables=("units",),
)
def unit_maps(tables):
    """Heat maps of the first layer's weights and gradients, before and after training, for four starts."""
    rows = [(what, moment) for what in ("weight", "gradient") for moment in ("before", "after")]
    figure_, axes = panels(rows, units.SCHEMES, width=3, height=2.2)
    with np.load(tables["units"]) as maps:
        for row, (what, moment) in enumerate(rows):
            for place, scheme in enumerate(units.SCHEMES):
                axis, matrix = axes[row, place], maps[f"{scheme}/{what}/{moment}"]
                limit = np.abs(matrix).max() or 1.0
                image = axis.imshow(matrix.T, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto")
                figure_.colorbar(image, ax=axis, format="%.0e", shrink=0.9)
                axis.grid(False)
                axis.set_title(f"{scheme}: {what} {moment}", fontsize=9)
                if place == 0:
                    axis.set_ylabel("unit")
                if row == len(rows) - 1:
                    axis.set_xlabel("input feature")
    figure_.tight_layout()
    return figure_, (
        f"First hidden layer of a {units.ACTIVATION} network ({units.DEPTH} hidden layers of {units.WIDTH} units), one "
        "row a unit: weights and their gradient, before and after training. From zeros or one constant all rows stay "
        "the same picture: every unit is told to become the same thing. Each map has its own colour scale."
    )
