"""Per-layer factor of the gradient under batch normalisation, by activation and weight scale."""

from initbench.figures import figure
from initbench.figures.style import INK, arrange, colours, panels
from initbench.replications.yang2019.findings import RANDOM, REAL, growth_factors


@figure(
    "yang2019",
    title="Rates of gradient explosion under batch normalisation",
    tables=("layers",),
    section="replication",
    replication="yang2019",
)
def yang2019(tables):
    """Measured factors with and without batch normalisation; dashes, the published rate."""
    table = growth_factors(tables)
    predicted = table.dropna(subset="predicted").groupby("activation")["predicted"].first().sort_values()
    at = {name: k for k, name in enumerate(predicted.index)}
    figure_, axes = panels([0], [0, 1], width=6.2, height=4.2)
    for axis, norm in zip(axes[0], ("batch", "none"), strict=True):
        _measured(axis, table[(table["normalization"] == norm) & (table["dataset"] == RANDOM)], at)
    left, right = axes[0]
    real = table[(table["dataset"] == REAL) & (table["normalization"] == "batch")]
    left.plot(real["activation"].map(at) + 0.32, real["measured"], "x", ms=7, color="0.35", label="digits, σ_w² = 1")
    for name, value in predicted.items():
        label = "published: E φ′²/Var φ" if at[name] == 0 else None
        left.plot([at[name] - 0.4, at[name] + 0.4], [value, value], "--", color=INK, lw=1.5, label=label)
    left.set_title("batch normalisation")
    right.set_title("no normalisation")
    right.set_yscale("log")
    left.legend(frameon=False, fontsize="small")
    arrange(figure_)
    return figure_, (
        "Factor by which the squared gradient δ² changes a layer towards the input at initialisation, over the deeper half of "
        "the layers, random inputs. Left: batch normalisation; dashed, the rate of Yang et al. 2019 for infinite width and "
        "batches; the weights' scale moves nothing, and every factor is above 1. Right: without normalisation the scale decides."
    )


def _measured(axis, table, at) -> None:
    """The factors of every activation, side by side for the weights' scales."""
    scales = sorted(table["weight_variance"].unique())
    for k, (scale, colour) in enumerate(zip(scales, colours(10), strict=False)):
        rows = table[table["weight_variance"] == scale]
        x = rows["activation"].map(at) + 0.14 * (k - (len(scales) - 1) / 2)
        axis.plot(x, rows["measured"], "o", ms=7, color=colour, label=f"σ_w² = {scale:g}")
    axis.axhline(1, color="grey", lw=1)
    axis.set_xticks(range(len(at)), list(at), rotation=30, ha="right")
    axis.set_ylabel("per-layer factor of δ²")
