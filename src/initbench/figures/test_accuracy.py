"""Test accuracy, scheme × activation × depth."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.selection import heading, on_first_dataset, trained_cells, variants
from initbench.figures.style import arrange, ordered, panels

BRIGHT = 0.743  # where the colours of the map become bright enough for dark numbers


@figure("test_accuracy", tables=("runs",))
def test_accuracy(tables, words):
    """Heat maps of mean test accuracy at the chosen learning rate, diverged runs counted as 0."""
    runs = on_first_dataset(trained_cells(tables)).fillna({"test_accuracy": 0.0})
    runs = runs.assign(variant=variants(runs))
    activations, schemes = sorted(runs["activation"].unique()), ordered(runs["scheme"])
    rows = sorted(set(runs[["variant", "normalization"]].itertuples(index=False, name=None)))
    rows.sort(key=lambda row: row[1], reverse=True)  # without normalisation first
    figure_, axes = panels(rows, activations, width=4.2, height=0.36 * len(schemes) + 1)
    for (activation, variant, norm), part in runs.groupby(["activation", "variant", "normalization"]):
        axis = axes[rows.index((variant, norm)), activations.index(activation)]
        table = part.pivot_table(index="scheme", columns="depth", values="test_accuracy", aggfunc="mean")
        _heat_map(axis, table.reindex(schemes), activations.index(activation) == 0)
        axis.set_title(heading(variant, f"{activation}, normalisation {norm}"))
    for axis in axes.flat:
        if not axis.has_data():
            axis.set_visible(False)
    arrange(figure_)
    caption = (
        f"Test accuracy, mean over {runs['seed'].nunique()} seeds, at the learning rate chosen on validation data; a run "
        "that diverged counts as 0. Chance is the share of the largest class (0.10 for the digits)."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _heat_map(axis, table, named: bool) -> None:
    """Numbers on colours, with the schemes' names if `named`."""
    values = np.ma.masked_invalid(table.to_numpy())
    axis.pcolormesh(values, vmin=0, vmax=1, cmap="cividis")
    axis.set(xlim=(0, values.shape[1]), ylim=(values.shape[0], 0), xlabel=table.columns.name)
    axis.set_xticks(np.arange(values.shape[1]) + 0.5, [str(depth) for depth in table.columns])
    axis.set_yticks(np.arange(values.shape[0]) + 0.5 if named else [], list(table.index) if named else [])
    axis.spines[:].set_visible(False)
    for (row, column), value in np.ndenumerate(values):
        if value is not np.ma.masked:
            ink = ".15" if value > BRIGHT else "w"
            axis.text(column + 0.5, row + 0.5, f"{value:.2f}", color=ink, ha="center", va="center", size=8)
