"""Every pair of schemes over all blocks: difference, test, and seeds won."""

import pandas as pd

from initbench.figures import Drawn, figure
from initbench.figures.style import COLUMN, INK, PAGE, arrange, panels
from initbench.figures.telling import of_data_set
from initbench.tables.grids import in_most_blocks

LEVEL, MOST = 0.05, 14  # of p; schemes that can be read in one picture
LINEAR = 0.01  # differences within it have nearly the colour of none


@figure("pair_matrix", tables=("scheme_pairs",))
def pair_matrix(tables, words):
    """Schemes × schemes, the best first: below the diagonal difference and p, above it seeds won, tied and lost."""
    pairs = tables.read("scheme_pairs")
    scope = f"dataset={tables.dataset}" if tables.dataset else "all"
    pairs = in_most_blocks(pairs[(pairs["scope"] == scope) & pairs["mean_difference"].notna()])
    schemes = best_first(pairs)
    if not 2 <= len(schemes) <= MOST:
        return None
    picture, axes = panels([0], [0], width=PAGE if len(schemes) > 3 else COLUMN, height=0.3 * len(schemes) + 0.6)
    axis = axes[0, 0]
    for row in pairs.itertuples():
        _pair(axis, schemes.index(row.scheme), schemes.index(row.reference), row)
    for k in range(len(schemes)):
        axis.fill([k - 0.5, k + 0.5, k + 0.5, k - 0.5], [k - 0.5, k - 0.5, k + 0.5, k + 0.5], color="0.93", lw=0)
    axis.set_xlim(-0.5, len(schemes) - 0.5)
    axis.set_ylim(len(schemes) - 0.5, -0.5)
    axis.xaxis.tick_top()
    axis.set_xticks(range(len(schemes)), schemes, rotation=30, ha="left")
    axis.set_yticks(range(len(schemes)), schemes)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.grid(visible=False)
    arrange(picture)
    differ = int((pairs["p_adjusted"] <= LEVEL).sum())
    title = words("title", differ=differ, count=len(pairs), first=schemes[0])
    seeds = int(pairs["n"].max())
    caption = words("caption", blocks=_common(pairs["blocks"]), seeds=seeds, level=LEVEL)
    if tables.dataset:
        caption += words.term("space") + of_data_set(tables.dataset, words)
    return Drawn(picture, title, caption, words("alt", finding=title))


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
    text = f"{difference:+#.2g}".replace("-", "−")
    axis.text(high, low - 0.2, text, ha="center", va="center", color=INK)
    p = "" if pd.isna(row.p) else f"p {row.p:.2g}"
    axis.text(high, low + 0.22, p, ha="center", va="center", fontsize=7, color=INK)
    counts = (row.wins, row.ties, row.losses)
    text = "–".join(str(count) for count in (counts[::-1] if sign == 1 else counts))
    axis.text(low, high, text, ha="center", va="center", fontsize=7, color="0.3")


def _common(blocks: pd.Series) -> str:
    """How many blocks a pair has in common."""
    return f"{blocks.min()}" if blocks.nunique() == 1 else f"{blocks.min()}–{blocks.max()}"
