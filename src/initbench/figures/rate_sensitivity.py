"""Accuracy against learning rate."""

from initbench.figures import Drawn, figure
from initbench.figures.style import arrange, block_panels, legend, ordered, palette
from initbench.tables.grids import of_the_grid

MOST_LABELS = 5  # that stand side by side under a panel


@figure(
    "rate_sensitivity",
    tables=("rate_sensitivity",),
)
def rate_sensitivity(tables, words):
    """Median test accuracy over seeds against learning rate, one line a scheme, the chosen rate marked."""
    table = of_the_grid(tables.read("rate_sensitivity"))
    if table.empty:
        return None
    rates, colours = sorted(table["learning_rate"].unique()), palette(ordered(table["scheme"]))
    figure_, drawn = block_panels(table, sharex=True, sharey=True)
    for axis, part in drawn:
        for scheme, curve in part.groupby("scheme", observed=True):
            curve = curve.sort_values("learning_rate")
            axis.plot(curve["learning_rate"], curve["median"], color=colours[scheme], lw=1.5)
            if curve["median_low"].notna().any():
                band = (curve["median_low"], curve["median_high"])
                axis.fill_between(curve["learning_rate"], *band, color=colours[scheme], alpha=0.15)
            chosen = curve[curve["selected"]]
            axis.plot(chosen["learning_rate"], chosen["median"], "o", ms=5, color=colours[scheme])
        axis.set_xscale("log")
        axis.set_xticks(rates, _labels(rates))
        axis.minorticks_off()
        axis.set_ylim(-0.03, 1.03)
    figure_.supxlabel("learning rate", fontsize=11)
    figure_.supylabel("median test accuracy", fontsize=11)
    legend(figure_, colours)
    arrange(figure_)
    caption = (
        "Test accuracy against learning rate: median over seeds, a diverged run counting as 0; the dot is the rate chosen "
        "on validation data. Bands cover the true median at least 95 % of the time (order statistics over seeds); under 6 "
        "seeds there are none. A dot at the end of the axis says that a better rate may lie beyond the grid."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _labels(rates: list[float]) -> list[str]:
    """Every rate where they are few; else those of whole decades, or all the same if there is no such."""
    decades = [float(f"{rate:.0e}") == rate and f"{rate:e}".startswith("1.000000e") for rate in rates]
    if len(rates) <= MOST_LABELS or not any(decades):
        return [f"{rate:g}" for rate in rates]
    return [f"{rate:g}" if decade else "" for rate, decade in zip(rates, decades, strict=True)]
