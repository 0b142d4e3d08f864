"""Schemes by mean rank over data sets, those that cannot be told apart joined by a bar."""

import pandas as pd

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, PAGE, arrange, ink, look, panels

LEVEL = 0.05
LARGEST = 5  # scopes shown


@figure("critical_difference", tables=("rankings", "rank_tests", "rank_pairs"), over_data_sets=True)
def critical_difference(tables, words):
    """A critical-difference diagram (Demšar 2006) a scope with one block a data set."""
    ranked, tests, pairs = (tables.read(name) for name in ("rankings", "rank_tests", "rank_pairs"))
    scopes = list(tests.loc[tests["critical_difference"].notna(), "scope"])[:LARGEST]
    if not scopes:
        return None
    height = 0.09 * tests["schemes"].max() + 0.75
    picture, axes = panels(scopes, [0], width=PAGE, height=height)
    for axis, scope in zip(axes[:, 0], scopes, strict=True):
        test = tests[tests["scope"] == scope].iloc[0]
        ranks = ranked[ranked["scope"] == scope].set_index("scheme")["mean_rank"].sort_values(kind="stable")
        groups = alike(ranks, pairs[pairs["scope"] == scope], "nemenyi_p")
        axis.set_axis_off()
        known = {"blocks": int(test["blocks"]), "difference": f"{test['critical_difference']:.2f}"}
        axis.set_title(words("panel", scope=scope, **known))
        _diagram(axis, ranks, groups, words)
        if scope == scopes[0]:
            title = words(_key(groups, ranks), first=ranks.index[0], scope=scope, **known)
    arrange(picture)
    return Drawn(picture, title, words("caption"), words("alt", finding=title))


def _key(groups: list, ranks: pd.Series) -> str:
    """Of the sentence: whether no two starts can be told apart, or some can."""
    return "title_alike" if groups == [(ranks.iloc[0], ranks.iloc[-1])] else "title"


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


def _diagram(axis, ranks: pd.Series, groups: list[tuple[float, float]], words) -> None:
    """The line of ranks, below it a bar a group, below these a label a scheme, the better half on the left."""
    low, high = 1, len(ranks)
    axis.plot([low, high], [0, 0], color="0.8", lw=1.5)
    for tick in [low, *range(5, high - 1, 5), high] if high > 8 else range(low, high + 1):
        axis.plot([tick, tick], [0, -0.25], color=INK, lw=1)
        axis.text(tick, -0.35, f"{tick}", ha="center", va="bottom", fontsize=7)
    for k, (best, worst) in enumerate(groups):
        axis.plot([best, worst], [0.6 + 0.6 * k] * 2, color=INK, lw=1.8, solid_capstyle="round", zorder=3)
    margin, half, below = 0.04 * (high - low), (len(ranks) + 1) // 2, 0.6 * len(groups) + 1.2
    for i, (scheme, rank) in enumerate(ranks.items()):
        left = i < half
        end, row = (low - margin, i) if left else (high + margin, len(ranks) - 1 - i)
        axis.plot([rank, rank, end], [0, below + row, below + row], color=look(scheme).colour, lw=0.9)
        axis.plot(rank, 0, look(scheme).marker, ms=4, color=look(scheme).colour, zorder=4)
        text = words("left" if left else "right", scheme=scheme, rank=rank)
        axis.text(
            end,
            below + row,
            text,
            ha="right" if left else "left",
            va="center",
            color=ink(look(scheme).colour),
            fontsize=7.5,
        )
    axis.set_xlim(low - 0.6 * (high - low), high + 0.6 * (high - low))
    axis.set_ylim(below + half, -1)
