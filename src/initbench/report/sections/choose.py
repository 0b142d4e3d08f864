"""Which scheme to take."""

import pandas as pd

from initbench.analyses.power import power_text
from initbench.report.sections import section
from initbench.report.sections.tuning import best_by_budget
from initbench.report.words import between, block_columns
from initbench.statistics.paired import smallest_p
from initbench.study.cells import CELL
from initbench.tables.views import of_whole_grids

TABLES = ("best", "outcome_rates", "selection_optimism", "divergence_rules", "equal_budgets", "power")
ORDER = ["dataset", "architecture", "optimizer", "width", "activation", "normalization", "depth"]
LEADING = ("activation", "normalization", "depth")  # the columns that the table begins with
ALPHA = 0.05


@section("choose", title="Which scheme for this activation and depth", tables=TABLES)
def choose(tables, study):
    """For each block the best scheme, how sure that is and how much it matters; and what the study could have seen."""
    best = of_whole_grids(tables.read("best"))
    if best.empty:
        return None
    rates, diverged = tables.read("outcome_rates"), tables.read("divergence_rules")
    choices, designs = tables.read("selection_optimism"), tables.read("power")
    own = next(iter(designs[designs["this_study"]].to_dict("records")), None)
    compared = own["comparisons"] if own else 0
    alone = designs.loc[designs["comparisons"] == 1, "seeds_needed"].iloc[0]
    budgets = best_by_budget(tables.read("equal_budgets"))
    rope = study["config"]["thresholds"]["rope"]
    rows = [choice(row, rates, compared, rope) for row in best.sort_values(ORDER, kind="stable").to_dict("records")]
    return {
        "keys": [
            column for column in block_columns(best) if column[1] not in LEADING and best[column[1]].nunique() > 1
        ],
        "noted": best["note"].notna().any(),
        "best": [row | {"first": _differs(row, before)} for row, before in zip(rows, [None, *rows], strict=False)],
        "rope": rope,
        "power": power_text(own, alone) if own else None,
        "edges": edge_cells(choices),
        "learning": int(choices["learns"].sum()),
        "fragile": int((~diverged["robust"]).sum()),
        "compared": len(diverged),
        "changing": sum(row["changes"] for row in budgets),
        "blocks": len(budgets),
    }


def _differs(row: dict, before: dict | None) -> bool:
    """Whether a row begins another activation or normalisation than the one before it."""
    return before is None or any(row[key] != before[key] for key in ("activation", "normalization"))


def choice(row: dict, rates: pd.DataFrame, compared: int, rope: float) -> dict:
    """A row of `best` in words: how sure, how much it matters, how often the best scheme trained."""
    cell = rates[(rates[CELL] == pd.Series(row)[CELL]).all(axis=1)]
    trained = cell[cell["outcome"] == "trained"]
    matters = pd.notna(row["spread"]) and row["spread"] > rope
    shown = matters or not isinstance(row["runner_up"], str)
    return row | {
        "choice": row["scheme"] if shown else "none stands out",
        "others": as_good(row, compared) if shown else "",
        "trained": between(*trained[["rate", "rate_low", "rate_high"]].iloc[0]) if len(trained) else "",
        # accuracies are means of counts over samples: what is left beyond 4 digits tells nothing
        **{name: None if pd.isna(row[name]) else round(row[name], 4) for name in ("margin", "spread", "score")},
    }


def as_good(row: dict, compared: int) -> str:
    """The schemes not told from the best, or that so few seeds could not tell any."""
    if row["n"] < 2 or smallest_p(row["n"]) * compared > ALPHA:
        return f"{row['n']} seed{'s' if row['n'] != 1 else ''} cannot tell"
    return row["as_good"].replace(" | ", ", ") if isinstance(row["as_good"], str) else "none"


def edge_cells(choices: pd.DataFrame) -> list[str]:
    """Cells that learn and whose chosen learning rate lies at the edge of the grid, with the rate."""
    cells = choices[choices["learns"] & choices["at_edge"]]
    further = [name for _, name in block_columns(choices) if name in ("architecture", "width", "optimizer")]
    return [
        ", ".join([row["scheme"], row["activation"], f"depth {row['depth']}", f"normalisation {row['normalization']}",
                   *(f"{name} {row[name]}" for name in further)]) + f": {row['learning_rate']:g}"
        for row in cells.to_dict("records")
    ]  # fmt: skip
