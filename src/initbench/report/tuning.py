"""How far the answers hang on choices: learning rate, tuning budget, rule for diverged runs, number of seeds."""

import pandas as pd

from initbench.report import section
from initbench.study.cells import BLOCK, CELL

TABLES = ("selection_optimism", "equal_budgets", "tuning_budgets", "divergence_rules", "outcome_comparisons", "power")


@section("tuning", title="How far the answers hang on choices", place=76, tables=TABLES)
def tuning(paths, study):
    """Optimism of the choice of rates, equal budgets, rules for diverged runs, outcomes and power."""
    tables = {name: pd.read_parquet(paths[name]) for name in TABLES}
    if tables["selection_optimism"].empty:
        return None
    fragile = tables["divergence_rules"][~tables["divergence_rules"]["robust"]]
    outcomes = tables["outcome_comparisons"]
    return {
        "optimism": optimism(tables["selection_optimism"]),
        "unequal": int((~tables["tuning_budgets"]["equal"]).sum()),
        "budgets": budgets(tables["equal_budgets"]),
        "compared": len(tables["divergence_rules"]),
        "fragile": fragile.to_dict("records"),
        "outcomes": outcomes[outcomes["p_adjusted"] <= 0.05].to_dict("records"),
        "outcomes_compared": int(outcomes["p"].notna().sum()),
        "power": tables["power"].to_dict("records"),
    }


def optimism(table: pd.DataFrame) -> dict:
    """What choosing the rate adds over all cells, and the cells where the choice is shakiest."""
    told = table[table["optimism"].notna()]
    shaky = told[told["stability"] < 1].sort_values(["stability", *CELL])
    return {
        "cells": len(table),
        "told": len(told),
        "mean": told["optimism"].mean() if len(told) else None,
        "largest": told["optimism"].max() if len(told) else None,
        "regret": table["regret"].mean(),
        "largest_regret": table["regret"].max(),
        "shaky": shaky.to_dict("records"),
    }


def budgets(table: pd.DataFrame) -> list[dict]:
    """Per block: the best scheme at each budget, and whether it changes; ties are named together."""
    rows = []
    for key, block in table.groupby(BLOCK, observed=True):
        best = []
        for budget, part in block.groupby("budget"):
            top = part[part["rank"] == part["rank"].min()]
            best.append((int(budget), ", ".join(top["scheme"]), float(top["expected"].max())))
        rows.append(
            dict(zip(BLOCK, key, strict=True)) | {"best": best, "changes": len({name for _, name, _ in best}) > 1}
        )
    return rows
