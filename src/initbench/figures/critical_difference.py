"""Schemes by mean rank over data sets, those that cannot be told apart joined by a bar."""

import pandas as pd

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, arrange, palette, panels

LEVEL = 0.05
LARGEST = 5  # scopes shown


@figure(
    "critical_difference",
    tables=("rankings", "rank_tests", "rank_pairs"),
)
def critical_difference(tables, words):
    """A critical-difference diagram (Demšar 2006) a scope with one block a data set."""
    ranked, tests, pairs = (tables.read(name) for name in ("rankings", "rank_tests", "rank_pairs"))
    scopes = list(tests.loc[tests["critical_difference"].notna(), "scope"])[:LARGEST]
    if not scopes:
        return None
    colours = palette(sorted(ranked["scheme"].unique()))
    height = 0.22 * tests["schemes"].max() + 1.6
    figure_, axes = panels(scopes, [0], width=8, height=height)
    for axis, scope in zip(axes[:, 0], scopes, strict=True):
        test = tests[tests["scope"] == scope].iloc[0]
        ranks = ranked[ranked["scope"] == scope].set_index("scheme")["mean_rank"].sort_values(kind="stable")
        axis.set_axis_off()
        axis.set_title(f"{scope}\n{test['blocks']} data sets, critical difference {test['critical_difference']:.2f}")
        _diagram(axis, ranks, alike(ranks, pairs[pairs["scope"] == scope], "nemenyi_p"), colours)
    arrange(figure_)
    caption = (
        "Mean ranks of the schemes over data sets, 1 being the best, each by its mean over seeds; schemes joined by a bar cannot be told "
        "apart at 0.05 by Nemenyi's test. A scope has one block a data set, so that its blocks share no samples. Few data sets "
        "tell little apart. A diverged run counts as accuracy 0."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def alike(ranks: pd.Series, pairs: pd.DataFrame, p: str) -> list[tuple[float, float]]:
    """(best rank, worst rank) of each largest group of neighbours in rank of which no two differ at LEVEL."""
    different = {frozenset((pair.scheme, pair.reference)) for pair in pairs[pairs[p] <= LEVEL].itertuples()}
    schemes, found, reached = list(ranks.index), [], 0
    for first in range(len(schemes)):
        last = first
        while last + 1 < len(schemes) and not any(
            frozenset((schemes[last + 1], scheme)) in different for scheme in schemes[first : last + 1]
        ):
            last += 1
        if last > max(first, reached):
            found.append((ranks.iloc[first], ranks.iloc[last]))
            reached = last
    return found


def _diagram(axis, ranks: pd.Series, groups: list[tuple[float, float]], colours) -> None:
    """The line of ranks, below it a bar a group, below these a label a scheme, the better half on the left."""
    low, high = 1, len(ranks)
    axis.plot([low, high], [0, 0], color="0.8", lw=1.5)
    for tick in [low, *range(5, high - 1, 5), high] if high > 8 else range(low, high + 1):
        axis.plot([tick, tick], [0, -0.25], color=INK, lw=1)
        axis.text(tick, -0.35, f"{tick}", ha="center", va="bottom", fontsize=9)
    for k, (best, worst) in enumerate(groups):
        axis.plot([best, worst], [0.6 + 0.6 * k] * 2, color=INK, lw=2.5, solid_capstyle="round", zorder=3)
    margin, half, below = 0.04 * (high - low), (len(ranks) + 1) // 2, 0.6 * len(groups) + 1.2
    for i, (scheme, rank) in enumerate(ranks.items()):
        left = i < half
        end, row = (low - margin, i) if left else (high + margin, len(ranks) - 1 - i)
        axis.plot([rank, rank, end], [0, below + row, below + row], color=colours[scheme], lw=1.3)
        axis.plot(rank, 0, "o", ms=5, color=colours[scheme], zorder=4)
        text = f"{scheme} ({rank:.3g}) " if left else f" ({rank:.3g}) {scheme}"
        axis.text(
            end, below + row, text, ha="right" if left else "left", va="center", color=colours[scheme], fontsize=9
        )
    axis.set_xlim(low - 0.6 * (high - low), high + 0.6 * (high - low))
    axis.set_ylim(below + half, -1)
