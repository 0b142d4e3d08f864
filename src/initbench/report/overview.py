"""Which scheme to take."""

import pandas as pd

from initbench.analyses.power import design, power_text
from initbench.report import between, section
from initbench.report.tuning import budgets
from initbench.statistics.paired import smallest_p
from initbench.study.cells import BLOCK
from initbench.tables.views import chosen_runs


@section(
    "choose",
    title="Which scheme for this activation and depth",
    place=20,
    tables=("runs", "best", "outcome_rates", "selection_optimism", "divergence_rules", "equal_budgets"),
)
def choose(paths, study):
    """For each block the best scheme, how sure that is and how much it matters; and what the study could have seen."""
    best = pd.read_parquet(paths["best"])
    runs = pd.read_parquet(paths["runs"])
    if best.empty:
        return None
    rates = pd.read_parquet(paths["outcome_rates"])
    seeds, compared = design(chosen_runs(runs))
    rules = pd.read_parquet(paths["divergence_rules"])
    rows = budgets(pd.read_parquet(paths["equal_budgets"]))
    best = best.sort_values(["dataset", "activation", "normalization", "depth"], kind="stable")
    return {
        "several": best["dataset"].nunique() > 1,
        "noted": best["note"].notna().any(),
        "best": [
            choice(row, rates, compared, study["config"]["thresholds"]["rope"]) for row in best.to_dict("records")
        ],
        "rope": study["config"]["thresholds"]["rope"],
        "power": power_text(seeds, compared) if compared else None,
        "edges": edge_cells(runs, study["config"]["learning_rates"]),
        "fragile": int((~rules["robust"]).sum()),
        "compared": len(rules),
        "changing": sum(row["changes"] for row in rows),
        "blocks": len(rows),
    }


def choice(row: dict, rates: pd.DataFrame, compared: int, rope: float) -> dict:
    """A row of `best` in words: how sure, how much it matters, how often the best scheme trained."""
    mine = rates[(rates[[*BLOCK, "scheme"]] == pd.Series(row)[[*BLOCK, "scheme"]]).all(axis=1)]
    trained = mine[mine["outcome"] == "trained"]
    return row | {
        "others": as_good(row, compared),
        "trained": between(*trained[["rate", "rate_low", "rate_high"]].iloc[0]) if len(trained) else "",
        # accuracies are means of counts over samples: what is left beyond 4 digits tells nothing
        **{name: None if pd.isna(row[name]) else round(row[name], 4) for name in ("margin", "spread", "score")},
        "matters": not pd.isna(row["spread"]) and row["spread"] > rope,
    }


def as_good(row: dict, compared: int, alpha: float = 0.05) -> str:
    """The schemes not told from the best, or that so few seeds could not tell any."""
    if row["n"] < 2 or smallest_p(row["n"]) * compared > alpha:
        return f"{row['n']} seed{'s' if row['n'] != 1 else ''} cannot tell"
    return row["as_good"].replace(" | ", ", ") if isinstance(row["as_good"], str) else "none"


def edge_cells(runs: pd.DataFrame, rates) -> list[str]:
    """Cells that trained and whose chosen learning rate lies at the edge of the grid, with the rate."""
    chosen = runs[runs["selected"] & runs["status"].isin(["trained", "slow"])]
    if len(rates) < 2:
        return []
    edge = chosen[chosen["learning_rate"].isin([min(rates), max(rates)])]
    cells = edge.drop_duplicates([*BLOCK, "scheme"])
    return [
        f"{c.scheme}, {c.activation}, depth {c.depth}, normalisation {c.normalization}: {c.learning_rate:g}"
        for c in cells.itertuples()
    ]
