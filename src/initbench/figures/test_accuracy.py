"""Test accuracy, scheme × activation × depth."""

import seaborn as sns

from initbench.figures import figure
from initbench.figures.style import ordered, panels, trained_cells


@figure(
    "test_accuracy",
    title="Test accuracy by scheme, activation and depth",
    section="training",
    place=10,
    tables=("runs",),
)
def test_accuracy(tables):
    """Heat maps of mean test accuracy at the chosen learning rate, diverged runs counted as 0."""
    runs = trained_cells(tables)
    runs = runs[runs["dataset"] == runs["dataset"].min()].fillna({"test_accuracy": 0.0})
    activations, norms = sorted(runs["activation"].unique()), sorted(runs["normalization"].unique(), reverse=True)
    schemes = ordered(runs["scheme"])
    figure_, axes = panels(norms, activations, width=4.2, height=0.36 * len(schemes) + 1)
    for (activation, norm), part in runs.groupby(["activation", "normalization"]):
        axis = axes[norms.index(norm), activations.index(activation)]
        table = part.pivot_table(index="scheme", columns="depth", values="test_accuracy", aggfunc="mean")
        sns.heatmap(
            table.reindex(schemes), ax=axis, vmin=0, vmax=1, cmap="cividis", annot=True, fmt=".2f", cbar=False,
            annot_kws={"size": 8}, yticklabels=activations.index(activation) == 0,
        )  # fmt: skip
        axis.set_title(f"{activation}, normalisation {norm}")
        axis.set_ylabel("")
    for axis in axes.flat:
        if not axis.has_data():
            axis.set_visible(False)
    figure_.tight_layout()
    return figure_, (
        f"Test accuracy, mean over {runs['seed'].nunique()} seeds, at the learning rate chosen on validation data; a run "
        "that diverged counts as 0. Chance is the share of the largest class (0.10 for the digits)."
    )
