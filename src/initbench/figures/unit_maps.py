"""One layer's weights and gradient, unit by unit."""

import numpy as np
import pandas as pd

from initbench.figures import figure
from initbench.figures.style import panels


@figure(
    "unit_maps",
    title="One layer, unit by unit, before and after training",
    section="symmetry",
    place=2,
    tables=("unit_maps",),
)
def unit_maps(tables):
    """Heat maps of the first layer's weights and gradients, before and after training, for four starts."""
    table = pd.read_parquet(tables["unit_maps"])
    schemes = list(table["scheme"].unique())
    rows = [(what, moment) for what in ("weight", "gradient") for moment in ("before", "after")]
    figure_, axes = panels(rows, schemes, width=3, height=2.2)
    for row, (what, moment) in enumerate(rows):
        for column, scheme in enumerate(schemes):
            mine = table[(table["scheme"] == scheme) & (table["what"] == what) & (table["moment"] == moment)]
            axis, matrix = axes[row, column], mine.pivot(index="unit", columns="feature", values="value").to_numpy()
            limit = np.abs(matrix).max() or 1.0
            image = axis.imshow(matrix, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto")
            figure_.colorbar(image, ax=axis, format="%.0e", shrink=0.9)
            axis.grid(False)
            axis.set_title(f"{scheme}: {what} {moment}", fontsize=9)
            if column == 0:
                axis.set_ylabel("unit")
            if row == len(rows) - 1:
                axis.set_xlabel("input feature")
    activation, depth, width = table.loc[0, ["activation", "depth", "width"]]
    figure_.tight_layout()
    return figure_, (
        f"First hidden layer of a {activation} network ({depth} hidden layers of {width} units), one "
        "row a unit: weights and their gradient, before and after training. From zeros or one constant all rows stay "
        "the same picture: every unit is told to become the same thing. Each map has its own colour scale."
    )
