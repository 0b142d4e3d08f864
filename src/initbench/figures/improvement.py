"""Probability of improvement over the reference."""

import numpy as np

from initbench.figures import figure
from initbench.figures.style import arrange, nothing, ordered, palette, panels


@figure(
    "improvement",
    title="How likely a scheme beats the reference",
    tables=("improvements",),
)
def improvement(tables):
    """P(a run of the scheme beats one of the reference) over blocks, by normalisation, with intervals over seeds."""
    table = tables.read("improvements")
    table = table[table["probability"].notna()]
    if table.empty:
        return nothing(
            "No probability of improvement: no block has a trained run of every scheme and of the reference."
        )
    scopes = sorted((s for s in table["scope"].unique() if s.startswith("normalization=")), reverse=True)
    scopes = scopes if len(scopes) > 1 else ["all"]
    schemes = ordered(table["scheme"])
    colours = palette(sorted({*schemes, *table["reference"]}))  # a scheme's colour in every figure
    figure_, axes = panels([0], scopes, width=4.2, height=0.3 * len(schemes) + 1.3, sharey=True)
    for axis, scope in zip(axes[0], scopes, strict=True):
        within = table[table["scope"] == scope]
        axis.axvline(0.5, color="0.4", lw=1, ls="--")
        for row in within.itertuples():
            _probability(axis, schemes.index(row.scheme), row, colours[row.scheme])
        axis.set_yticks(range(len(schemes)), schemes, fontsize=9)
        axis.set_ylim(len(schemes) - 0.5, -0.5)
        axis.set_xlim(-0.03, 1.03)
        blocks = int(within["blocks"].max()) if len(within) else 0
        axis.set_title(f"{scope.replace('normalization=', 'normalisation ')}, {blocks} blocks")
        axis.set_xlabel(f"P(better than {table['reference'].iloc[0]})")
    arrange(figure_)
    return figure_, (
        "Probability that a run of the scheme has a higher test accuracy than a run of the reference in the same block, "
        "ties half, mean over blocks (Agarwal et al. 2021). Dashed: neither is better. Lines are 95 % intervals by "
        "resampling whole seeds, for these blocks; there is none under 6 seeds, or where no seed differs. It says how often, not "
        "by how much."
    )


def _probability(axis, level, row, colour) -> None:
    """A dot with its interval, if there is one."""
    if np.isfinite(row.low):
        axis.plot([row.low, row.high], [level, level], color=colour, lw=2.5)
    axis.plot(row.probability, level, "o", color=colour)
