"""Whether the start that is best depends on activation, depth and normalisation: a part of the section that says which to take."""

import pandas as pd

from initbench.base.numbers import percent, signed
from initbench.report.words import block_columns
from initbench.tables.grids import NETWORK

LEVEL = 0.05
SHOWN = 12  # contrasts in the table, the largest of those that are shown
LEADS = ("difference", "other_difference", "contrast", "low", "high")


def interaction(tables, study, words) -> dict | None:
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
        "columns": block_columns(largest, words),
        "contrasts": [_contrast(row, words) for row in largest.to_dict("records")],
    }


def _contrast(row: dict, words) -> dict:
    """A contrast with its factor in words, and leads as differences of accuracy."""
    changed = f"{words.term(row['factor'])} {words.term(row['other'])}"
    norm = words.term(row["normalization"])
    return (
        row
        | {"changed": changed, "normalization": norm}
        | {name: signed(row[name], 3) for name in LEADS if pd.notna(row[name])}
    )


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
    return {name: percent(part.loc[which, "share"].sum(), 1) for name, which in parts.items()}
