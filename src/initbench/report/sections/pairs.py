"""Every pair of schemes over all blocks, and every block against the reference; and what more would take."""

import pandas as pd

from initbench.analyses.comparisons import false_blocks
from initbench.analyses.plan import planned_seeds
from initbench.tables.grids import in_most_blocks

LEVEL = 0.05


def pairs(tables, study, words) -> dict | None:
    """How many pairs are told apart, after adjustment for all, in all blocks and in each; nothing where there is no pair."""
    table = tables.read("scheme_pairs")
    table = in_most_blocks(table[(table["scope"] == "all") & table["mean_difference"].notna()])
    if table.empty:
        return None
    tested = table[table["p"].notna()]
    return {
        "pairs": len(table),
        "tested": len(tested),
        "apart": int((tested["p_adjusted"] <= LEVEL).sum()),
        "alone": int((tested["p"] <= LEVEL).sum()),
        "seeds": _span(table["n"], words),
        "notes": list(dict.fromkeys(table["note"].dropna())),
        "reference": study["config"]["reference"],
        "many": false_blocks(tables.read("comparisons")),
        "plan": planned_seeds(tables.read("plan"), int(table["n"].max())),
    }


def _span(numbers: pd.Series, words) -> str:
    """Such as "10" or "8 to 10"."""
    low, high = numbers.min(), numbers.max()
    return str(low) if low == high else words.of("page")("range", low=low, high=high)
