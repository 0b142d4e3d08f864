"""Per-layer factor of the gradient under batch normalisation by activation, and how deep such networks train."""

from initbench.base.numbers import number
from initbench.figures import Drawn, figure
from initbench.figures.style import COLOURBLIND, INK, PAGE, arrange, colours, logarithmic, panels
from initbench.replications.yang2019.findings import (
    PUBLISHED_SCALES,
    RANDOM,
    growth_factors,
    trainability,
    trainable_depths,
)

MARKERS = "os^DvpX*"


@figure("yang2019", tables=("layers", "runs"), section="replication", replication="yang2019")
def yang2019(tables, words):
    """Measured factors less 1 with the published rate dashed; training accuracy by depth with 16 ξ dashed."""
    table, trained = growth_factors(tables), trainability(tables)
    if table.empty:
        return None
    picture, axes = panels([0], [0, 1], width=PAGE / 2, height=2.4)
    _rates(axes[0, 0], table, words)
    _accuracy(axes[0, 1], trained, words)
    arrange(picture)
    measured = table[table["dataset"] == RANDOM] if (table["dataset"] == RANDOM).any() else table
    mild, strong = measured.loc[measured["measured"].idxmin()], measured.loc[measured["measured"].idxmax()]
    known = {"mild": words.term(mild["activation"]), "strong": words.term(strong["activation"])}
    ends = {"low": number(float(mild["measured"])), "high": number(float(strong["measured"]))}
    title = words("title" if mild["measured"] > 1 else "title_some", **known, **ends)
    return Drawn(picture, title, words("caption", scales=PUBLISHED_SCALES), words("alt", finding=title))


def _rates(axis, table, words) -> None:
    """Factor less 1 by activation, both data sets, on a logarithmic scale."""
    predicted = table.groupby("activation")["predicted"].first().sort_values()
    at = {name: k for k, name in enumerate(predicted.index)}
    for random, colour, marker, shift in ((True, COLOURBLIND[0], "o", -0.1), (False, COLOURBLIND[3], "s", 0.1)):
        rows = table[(table["dataset"] == RANDOM) == random]
        label = words("random" if random else "real")
        places = [at[name] + shift for name in rows["activation"]]
        axis.plot(places, rows["measured"] - 1, marker, ms=4, color=colour, label=label)
    for name, value in predicted.items():
        label = words("published") if at[name] == 0 else None
        axis.plot([at[name] - 0.4, at[name] + 0.4], [value - 1] * 2, "--", color=INK, lw=0.9, label=label)
    axis.set_xticks(range(len(at)), [words.term(name) for name in at], rotation=30, ha="right")
    axis.set(ylabel=words("y_factor"))
    logarithmic(axis, "y")
    axis.legend()


def _accuracy(axis, trained, words) -> None:
    """Training accuracy by depth, a look an activation."""
    scales, groups = trainable_depths(trained)["xi"], list(trained.groupby("activation"))
    for k, ((name, part), colour) in enumerate(zip(groups, colours(len(groups)), strict=True)):
        axis.fill_between(part["depth"], part["min"], part["max"], color=colour, alpha=0.2, lw=0)
        axis.plot(part["depth"], part["mean"], marker=MARKERS[k % len(MARKERS)], color=colour, label=words.term(name))
        axis.axvline(PUBLISHED_SCALES * scales[name], color=colour, ls="--", lw=0.9)
    axis.set(xlabel=words.term("depth"), ylabel=words("y_accuracy"), ylim=(0, 1.03))
    if groups:
        axis.legend()
