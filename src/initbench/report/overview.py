"""The opening: the findings in words, and which scheme to take."""

import pandas as pd

from initbench import findings
from initbench.report import between, section
from initbench.report.tuning import budgets
from initbench.statistics.frames import BLOCK
from initbench.statistics.paired import smallest_p
from initbench.statistics.power import power_text
from initbench.summaries import design


@section("findings", title="Findings", place=10, tables=("runs", "signal", "layers"))
def findings_section(paths, study):
    """The findings in words with their numbers."""
    runs = pd.read_parquet(paths["runs"])
    signal = pd.read_parquet(paths["signal"], filters=[("step", "==", 0)])
    return {"findings": findings.all_findings(runs, signal, paths["layers"])}


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
    seeds, compared = design(runs)
    rules = pd.read_parquet(paths["divergence_rules"])
    rows = budgets(pd.read_parquet(paths["equal_budgets"]))
    return {
        "best": [choice(row, rates, compared, study["config"]["rules"]["rope"]) for row in best.to_dict("records")],
        "rope": study["config"]["rules"]["rope"],
        "power": power_text(seeds, compared) if compared else None,
        "edges": findings.edge_cells(runs, study["config"]["learning_rates"]),
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
        "matters": row["spread"] is not None and row["spread"] > rope,
    }


def as_good(row: dict, compared: int, alpha: float = 0.05) -> str:
    """The schemes not told from the best, or that so few seeds could not tell any."""
    if row["n"] < 2 or smallest_p(row["n"]) * compared > alpha:
        return f"{row['n']} seed{'s' if row['n'] != 1 else ''} cannot tell"
    return row["as_good"].replace(" | ", ", ") if isinstance(row["as_good"], str) else "none"
