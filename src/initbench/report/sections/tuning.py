"""How far the answers hang on choices: learning rate, tuning budget, rule for diverged runs."""

import pandas as pd

from initbench.study.cells import BLOCK

LEVEL = 0.05
TABLES = ("selection_optimism", "equal_budgets", "tuning_budgets", "divergence_rules", "outcome_comparisons")


def tuning(tables) -> dict | None:
    """How rates were chosen, equal budgets, rules for diverged runs and outcomes; nothing where no rate was chosen."""
    frames = {name: tables.read(name) for name in TABLES}
    chosen, diverged, outcomes = (
        frames[name] for name in ("selection_optimism", "divergence_rules", "outcome_comparisons")
    )
    if chosen.empty:
        return None
    verdicts = diverged.filter(regex="^verdict_")
    tested = diverged[(verdicts != "not tested").any(axis=1)]
    budgets = best_by_budget(frames["equal_budgets"])
    return {
        "choice": choice(chosen),
        "unequal": int((~frames["tuning_budgets"]["equal"]).sum()),
        "changing": sum(row["changes"] for row in budgets),
        "blocks": len(budgets),
        "compared": len(tested),
        "fragile": int((~tested["robust"]).sum()),
        "outcomes": int((outcomes["p_adjusted"] <= LEVEL).sum()),
        "outcomes_compared": int(outcomes["p"].notna().sum()),
    }


def choice(table: pd.DataFrame) -> dict:
    """How the rates of all cells were chosen, how many lie at an edge of the grid, and how many would change without a seed."""
    told = table[table["optimism"].notna()]
    learning = table[table["learns"]]
    return {
        "cells": len(table),
        "learning": len(learning),
        "edges": int(table["at_edge"].sum()),
        "learning_edges": int(learning["at_edge"].sum()),
        "tuned": len(told),
        "optimism": float(told["optimism"].mean()) if len(told) else None,
        "regret": float(table["regret"].mean()),
        "largest": float(table["regret"].max()),
        "shaky": int((table["stability"] < 1).sum()),
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
