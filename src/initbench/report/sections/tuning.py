"""How far the answers hang on choices: learning rate, tuning budget, rule for diverged runs, number of seeds."""

import pandas as pd

from initbench.report.sections import section
from initbench.report.words import block_columns, text
from initbench.study.cells import BLOCK, CELL

TABLES = ("selection_optimism", "equal_budgets", "tuning_budgets", "divergence_rules", "outcome_comparisons", "power")


@section("tuning", title="How far the answers hang on choices", tables=TABLES)
def tuning(tables, study):
    """How rates were chosen, equal budgets, rules for diverged runs, outcomes and power."""
    frames = {name: tables.read(name) for name in TABLES}
    chosen, diverged, outcomes = (
        frames[name] for name in ("selection_optimism", "divergence_rules", "outcome_comparisons")
    )
    if chosen.empty:
        return None
    budgets = best_by_budget(frames["equal_budgets"])
    return {
        "keys": block_columns(chosen),
        "choice": choice(chosen),
        "unequal": int((~frames["tuning_budgets"]["equal"]).sum()),
        "budgets": [
            row | {f"with {n}": f"{scheme} ({text(score)})" for n, scheme, score in row["best"]} for row in budgets
        ],
        "budget_columns": [
            (f"{n} rate{'s' if n > 1 else ''}", f"with {n}")
            for n in range(1, max(len(row["best"]) for row in budgets) + 1)
        ],
        "compared": len(diverged),
        "fragile": diverged[~diverged["robust"]].to_dict("records"),
        "outcomes": outcomes[outcomes["p_adjusted"] <= 0.05].to_dict("records"),
        "outcomes_compared": int(outcomes["p"].notna().sum()),
        "power": [
            row | {"seeds": f"{row['seeds']} (this study)" if row["this_study"] else row["seeds"]}
            for row in frames["power"].to_dict("records")
        ],
    }


def choice(table: pd.DataFrame) -> dict:
    """How the rates of all cells were chosen, how many lie at an edge of the grid, and the cells where the choice is shakiest."""
    told = table[table["optimism"].notna()]
    learning = table[table["learns"]]
    return {
        "cells": len(table),
        "learning": len(learning),
        "edges": int(table["at_edge"].sum()),
        "learning_edges": int(learning["at_edge"].sum()),
        "tuned": len(told),
        "optimism": told["optimism"].mean() if len(told) else None,
        "regret": table["regret"].mean(),
        "largest_regret": table["regret"].max(),
        "shaky": table[table["stability"] < 1].sort_values(["stability", *CELL]).to_dict("records"),
    }


def best_by_budget(table: pd.DataFrame) -> list[dict]:
    """Per block: the best scheme at each budget, and whether it changes; ties are named together."""
    rows = []
    for key, block in table.groupby(BLOCK, observed=True):
        best = []
        for budget, part in block.groupby("budget"):
            top = part[part["rank"] == part["rank"].min()]
            best.append((int(budget), ", ".join(top["scheme"]), float(top["expected"].max())))
        changes = len({scheme for _, scheme, _ in best}) > 1
        rows.append(dict(zip(BLOCK, key, strict=True)) | {"best": best, "changes": changes})
    return rows
