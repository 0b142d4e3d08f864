"""Schemes by mean rank, those that cannot be told apart joined by a bar."""

import pandas as pd

from initbench.figures import figure
from initbench.figures.style import nothing, palette, panels, read

SIDES = (
    ("mean_rank", "nemenyi_p", "critical_difference", "blocks", "mean rank over {blocks} blocks"),
    ("seed_rank", "p_seeds", "critical_difference_seeds", "seeds", "mean rank of single runs over {seeds} seeds"),
)


@figure(
    "critical_difference",
    title="Which schemes rank best, and which cannot be told apart",
    section="statistics",
    place=21,
    tables=("rankings", "rank_pairs"),
)
def critical_difference(tables):
    """Critical-difference diagrams (Demšar 2006): over blocks on the left, over seeds on the right."""
    ranked, pairs = read(tables["rankings"]), read(tables["rank_pairs"])
    scopes = [s for s in ranked["scope"].unique() if s == "all" or s.startswith("over data sets")][:5]
    scopes = [s for s in scopes if ranked.loc[ranked["scope"] == s, "seed_rank"].notna().any()]
    if not scopes or ranked["schemes"].max() < 2:
        return nothing("No ranks: it takes two schemes that were trained in one block at one seed.")
    colours = palette(sorted(ranked["scheme"].unique()))
    height = 0.22 * ranked["schemes"].max() + 1.6
    figure_, axes = panels(scopes, SIDES, width=6.6, height=height)
    for row, scope in zip(axes, scopes, strict=True):
        for axis, side in zip(row, SIDES, strict=True):
            _diagram(axis, ranked[ranked["scope"] == scope], pairs[pairs["scope"] == scope], colours, *side)
            axis.set_title(f"{scope}\n{axis.get_title()}", pad=26)
    figure_.tight_layout()
    return figure_, (
        "Mean ranks of the schemes, 1 being the best; schemes joined by a bar cannot be told apart at 0.05. Left: ranks of "
        "means over seeds, with Nemenyi's test over blocks (data set, activation, depth, normalisation). Blocks of one data "
        "set share its samples, seeds and draws; they are not independent, so the left side describes this grid and its "
        "bars are too short. Right: ranks of single runs within block and seed, with a permutation of schemes within seeds, "
        "which stays valid; it speaks of further seeds on these data sets. Seeds share no draws, but their splits overlap. "
        "A scope 'over data sets' has one block a data set, so that its blocks share no samples. A diverged run ranks last."
    )


def _diagram(axis, ranked, pairs, colours, rank, p, difference, unit, title):
    """One diagram, or why there is none."""
    from scikit_posthocs import critical_difference_diagram

    axis.set_title(title.format(**ranked.iloc[0]))
    matrix = _matrix(pairs, p)
    if matrix.isna().any(axis=None) or len(matrix) < 2:
        axis.set_axis_off()
        axis.text(0.5, 0.5, f"not tested: one of the {unit} shows no spread", ha="center", transform=axis.transAxes)
        return
    ranks, gap = ranked.set_index("scheme")[rank], ranked[difference].iloc[0]
    axis.grid(False)
    drawn = critical_difference_diagram(
        ranks.to_dict(), matrix, ax=axis, color_palette={s: colours[s] for s in ranks.index},
        label_props={"fontsize": 9}, text_h_margin=0.05,
    )  # fmt: skip
    for (bar,) in drawn["crossbars"]:  # its points come in the order of a set of names, which differs from run to run
        bar.set_xdata(sorted(bar.get_xdata()))
    axis.set_title(axis.get_title() + f", critical difference {gap:.2f}")


def _matrix(pairs: pd.DataFrame, p: str) -> pd.DataFrame:
    """p of every pair, (schemes, schemes), 1 on the diagonal."""
    schemes = sorted({*pairs["scheme"], *pairs["reference"]})
    matrix = pd.DataFrame(1.0, index=schemes, columns=schemes)
    for pair in pairs.itertuples():
        matrix.loc[pair.scheme, pair.reference] = matrix.loc[pair.reference, pair.scheme] = getattr(pair, p)
    return matrix
