"""Effects against the reference with their intervals."""

import numpy as np

from initbench.figures import figure
from initbench.figures.style import arrange, block_panels, nothing, ordered, palette
from initbench.tables.views import of_the_grid


@figure(
    "effects",
    title="How much better or worse than the reference",
    tables=("comparisons", "equivalence"),
)
def effects(tables):
    """A forest plot a block: mean paired difference of test accuracy with its interval."""
    table = tables.read("comparisons")
    table = of_the_grid(table[table["mean_difference"].notna()])
    if table.empty:
        return nothing("No effects: no block has a trained run of the reference and of another scheme at one seed.")
    declared = tables.read("equivalence", ["rope"])["rope"]
    rope = float(declared.iloc[0]) if len(declared) else 0.01
    schemes = ordered(table["scheme"])
    colours = palette(sorted({*schemes, *table["reference"]}))  # a scheme's colour in every figure
    figure_, drawn = block_panels(table, height=0.24 * len(schemes) + 0.9, sharex=True, sharey=True)
    for axis, part in drawn:
        _scale(axis, rope)
        for row in part.itertuples():
            _effect(axis, schemes.index(row.scheme), row, colours[row.scheme])
        axis.set_yticks(range(len(schemes)), schemes, fontsize=8)
        axis.set_ylim(len(schemes) - 0.5, -0.5)
    figure_.supxlabel(f"mean difference of test accuracy, scheme − {table['reference'].iloc[0]}", fontsize=11)
    arrange(figure_)
    return figure_, (
        f"Mean over seeds of the paired difference of test accuracy between a scheme and {table['reference'].iloc[0]}; to "
        "the right the scheme is better. The line is its 95 % interval over seeds, the inverted sign-flip test: it leaves out 0 "
        "exactly if that test's own p is at most 0.05. There is none under 6 seeds, or if all differences are alike. Filled: "
        f"p ≤ 0.05 after Holm within the panel. Grey: differences up to {rope:g}, which do not matter in practice. The axis "
        "is linear within the grey band and logarithmic outside. A diverged run counts as accuracy 0."
    )


def _effect(axis, level, row, colour):
    """A dot, filled if the difference was shown, with its interval if there is one."""
    if np.isfinite(row.mean_low):
        axis.plot([row.mean_low, row.mean_high], [level, level], color=colour, lw=2)
    shown = np.isfinite(row.p_adjusted) and row.p_adjusted <= 0.05
    axis.plot(row.mean_difference, level, "o", ms=5, color=colour, mfc=colour if shown else "white", mew=1.4)


def _scale(axis, rope: float) -> None:
    """Differences, linear where they do not matter in practice, which is grey, and logarithmic beyond."""
    axis.axvspan(-rope, rope, color="0.9", zorder=0)
    axis.axvline(0, color="0.4", lw=1)
    axis.set_xscale("symlog", linthresh=rope)
    axis.set_xlim(-1.2, 1.2)
    axis.set_xticks([-1, -0.1, -rope, 0, rope, 0.1, 1], ["−1", "−.1", f"−{rope:g}", "0", f"{rope:g}", ".1", "1"])
    axis.tick_params(axis="x", labelsize=7)
