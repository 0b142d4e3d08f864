"""Whether the start that is best depends on activation, depth and normalisation."""

import pandas as pd

from initbench.report.sections import section
from initbench.report.words import block_columns
from initbench.tables.grids import NETWORK

LEVEL = 0.05
SHOWN = 12  # contrasts in the table, the largest of those that are shown
FACTORS = ("activation", "depth", "normalization")


@section("interaction", title="Does it depend on activation and depth?", tables=("interactions", "variance_shares"))
def interaction(tables, study):
    """Shares of the variance in the network of most runs, and the largest contrasts; nothing where nothing can be contrasted."""
    contrasts, shares = tables.read("interactions"), tables.read("variance_shares")
    tested = contrasts[contrasts["p"].notna()]
    if tested.empty:
        return None
    shown = tested[tested["p_adjusted"] <= LEVEL]
    largest = shown.loc[shown["contrast"].abs().sort_values(ascending=False, kind="stable").index[:SHOWN]]
    return {
        "tested": len(tested),
        "apart": len(shown),
        "reference": study["config"]["reference"],
        "shares": variance(shares),
        "keys": block_columns(largest),
        "contrasts": [row | {"changed": f"{row['factor']} {row['other']}"} for row in largest.to_dict("records")],
    }


def variance(table: pd.DataFrame) -> dict | None:
    """Percent of the variance held by the scheme alone, by its interactions, by what else the network is, and by the seed.

    Of the network (data set, architecture, width, optimiser) whose complete grid has most numbers; None if no scheme varies.
    """
    known = table[table["share"].notna()]
    if known.empty:
        return None
    sizes = known.groupby(NETWORK, observed=True)["degrees_of_freedom"].sum()
    part = known[(known[NETWORK] == list(sizes.idxmax())).all(axis=1)]
    factors = part["source"].str.split(" × ")
    of_scheme = factors.map(lambda names: "scheme" in names)
    alone = part["source"] == "scheme"
    if not alone.any():
        return None
    noise = part["source"].isin(["seed", "rest"])
    parts = {"scheme": alone, "interactions": of_scheme & ~alone, "network": ~of_scheme & ~noise, "seeds": noise}
    return {name: f"{100 * part.loc[which, 'share'].sum():.1f} %" for name, which in parts.items()}
