"""Every pair of schemes over all blocks: difference, test, and seeds won."""

import pandas as pd

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, arrange, panels
from initbench.tables.grids import in_most_blocks

LEVEL, MOST = 0.05, 24  # of p; schemes that can be read in one picture
LINEAR = 0.01  # differences within it have nearly the colour of none


@figure("pair_matrix", tables=("scheme_pairs",))
def pair_matrix(tables, words):
    """Schemes × schemes, the best first: below the diagonal difference and p, above it seeds won, tied and lost."""
    pairs = tables.read("scheme_pairs")
    pairs = in_most_blocks(pairs[(pairs["scope"] == "all") & pairs["mean_difference"].notna()])
    schemes = best_first(pairs)
    if not 2 <= len(schemes) <= MOST:
        return None
    figure_, axes = panels([0], [0], width=0.72 * len(schemes) + 2.2, height=0.5 * len(schemes) + 1.6)
    axis = axes[0, 0]
    for row in pairs.itertuples():
        _pair(axis, schemes.index(row.scheme), schemes.index(row.reference), row)
    for k in range(len(schemes)):
        axis.fill([k - 0.5, k + 0.5, k + 0.5, k - 0.5], [k - 0.5, k - 0.5, k + 0.5, k + 0.5], color="0.93", lw=0)
    axis.set_xlim(-0.5, len(schemes) - 0.5)
    axis.set_ylim(len(schemes) - 0.5, -0.5)
    axis.set_xticks(range(len(schemes)), schemes, rotation=35, ha="left", fontsize=8)
    axis.xaxis.tick_top()
    axis.set_yticks(range(len(schemes)), schemes, fontsize=8)
    axis.grid(visible=False)
    arrange(figure_)
    return Drawn(figure_, words("title"), _caption(pairs["blocks"]), words("title"))


def best_first(pairs: pd.DataFrame) -> list[str]:
    """The schemes by the sum of their differences from all others, the largest first."""
    totals = pd.concat([pairs.set_index("scheme")["mean_difference"], -pairs.set_index("reference")["mean_difference"]])
    totals = totals.groupby(level=0).sum().round(9)
    return sorted(totals.index, key=lambda scheme: (-totals[scheme], scheme))


def _pair(axis, i: int, j: int, row) -> None:
    """Both cells of a pair whose scheme and reference have the places i and j."""
    from matplotlib import colormaps
    from matplotlib.colors import SymLogNorm

    sign = 1 if i > j else -1  # the row below the diagonal is that of the later scheme
    low, high = max(i, j), min(i, j)
    difference, shown = sign * row.mean_difference, row.p_adjusted <= LEVEL
    if shown:
        colour = colormaps["PuOr"](0.25 + 0.5 * SymLogNorm(LINEAR, vmin=-1, vmax=1, base=10)(difference))
        axis.fill([high - 0.5, high + 0.5, high + 0.5, high - 0.5], [low - 0.5, low - 0.5, low + 0.5, low + 0.5],
                  color=colour, lw=0)  # fmt: skip
    weight = "bold" if shown else "normal"
    axis.text(
        high,
        low - 0.17,
        f"{difference:+#.2g}".replace("-", "−"),
        ha="center",
        va="center",
        fontsize=8,
        weight=weight,
        color=INK,
    )
    p = "" if pd.isna(row.p) else f"p {row.p:.2g}"
    axis.text(high, low + 0.22, p, ha="center", va="center", fontsize=6.5, color=INK)
    counts = (row.wins, row.ties, row.losses)
    text = "–".join(str(count) for count in (counts[::-1] if sign == 1 else counts))
    axis.text(low, high, text, ha="center", va="center", fontsize=7, color="0.3")


def _caption(blocks: pd.Series) -> str:
    """What is seen; blocks: how many a pair has in common."""
    common = f"{blocks.min()}" if blocks.nunique() == 1 else f"{blocks.min()} to {blocks.max()}"
    return (
        f"Pairs of schemes over all blocks that both have ({common}), on each seed's mean test accuracy over these; schemes that "
        "win most come first. Below the diagonal: mean difference of the row's scheme from the column's, and its own exact "
        "sign-flip p over seeds, which no other scheme changes. Coloured (orange for a row that is worse, violet for one "
        "that is better) and bold where p ≤ 0.05 after adjustment for all pairs. The white ones are not told apart, which is "
        "not the same as alike. Above the diagonal: seeds that the row's scheme wins, ties and loses. A diverged run counts as "
        "accuracy 0."
    )
