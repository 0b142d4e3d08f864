"""Schemes by mean rank, those that cannot be told apart joined by a bar."""

import pandas as pd

from initbench.figures import figure
from initbench.figures.style import INK, arrange, nothing, palette, panels

SIDES = (
    ("mean_rank", "nemenyi_p", "critical_difference", "blocks", "mean rank over {blocks} blocks"),
    ("seed_rank", "p_seeds", "critical_difference_seeds", "seeds", "mean rank of single runs over {seeds} seeds"),
)
LEVEL = 0.05
LARGEST = 5  # scopes shown


@figure(
    "critical_difference",
    title="Which schemes rank best, and which cannot be told apart",
    tables=("rankings", "rank_pairs"),
)
def critical_difference(tables):
    """Critical-difference diagrams (Demšar 2006): over blocks on the left, over seeds on the right."""
    ranked, pairs = tables.read("rankings"), tables.read("rank_pairs")
    scopes = [s for s in ranked["scope"].unique() if s == "all" or s.startswith("over data sets")][:LARGEST]
    scopes = [s for s in scopes if ranked.loc[ranked["scope"] == s, "seed_rank"].notna().any()]
    if not scopes or ranked["schemes"].max() < 2:
        return nothing("No ranks: it takes two schemes that were trained in one block at one seed.")
    colours = palette(sorted(ranked["scheme"].unique()))
    height = 0.22 * ranked["schemes"].max() + 1.6
    figure_, axes = panels(scopes, SIDES, width=6.6, height=height)
    for row, scope in zip(axes, scopes, strict=True):
        for axis, side in zip(row, SIDES, strict=True):
            _side(axis, ranked[ranked["scope"] == scope], pairs[pairs["scope"] == scope], colours, *side)
            axis.set_title(f"{scope}\n{axis.get_title()}")
    arrange(figure_)
    return figure_, (
        "Mean ranks of the schemes, 1 being the best; schemes joined by a bar cannot be told apart at 0.05. Left: ranks of "
        "means over seeds, with Nemenyi's test over blocks (data set, activation, depth, normalisation). Blocks of one data "
        "set share its samples, seeds and draws; they are not independent, so the left side describes this grid and its "
        "bars are too short. Right: ranks of single runs within block and seed, with a permutation of schemes within seeds, "
        "which stays valid; it speaks of further seeds on these data sets. Seeds share no draws, but their splits overlap. "
        "A scope 'over data sets' has one block a data set, so that its blocks share no samples. A diverged run ranks last."
    )


def _side(axis, ranked, pairs, colours, rank, p, difference, unit, title) -> None:
    """One diagram, or why there is none."""
    axis.set_axis_off()
    axis.set_title(title.format(**ranked.iloc[0]))
    if pairs[p].isna().any() or pairs.empty:
        axis.text(0.5, 0.5, f"not tested: one of the {unit} shows no spread", ha="center", transform=axis.transAxes)
        return
    axis.set_title(f"{axis.get_title()}, critical difference {ranked[difference].iloc[0]:.2f}")
    ranks = ranked.set_index("scheme")[rank].sort_values(kind="stable")
    _diagram(axis, ranks, alike(ranks, pairs, p), colours)


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
