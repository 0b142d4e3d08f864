"""Is the learning rate chosen fairly? Optimism of the choice, sensitivity to the rate, results under an equal budget."""

from math import comb

import numpy as np
import pandas as pd

from initbench.statistics.frames import (
    BLOCK,
    CELL,
    METRICS,
    MINIMUM_SEEDS,
    check_choice,
    join_notes,
    numbers,
    require,
    table_of,
    trained_runs,
)
from initbench.statistics.paired import median_interval
from initbench.statistics.selection import rank_rates, select_learning_rates

__all__ = [
    "equal_budget",
    "learning_rate_sensitivity",
    "select_learning_rates",
    "selection_optimism",
    "tuning_budgets",
]

OPTIMISM = ["valid_accuracy", "test_accuracy", "gap", "held_out_accuracy", "optimism", "stability", "regret"]
RATE = [*CELL, "learning_rate"]


def selection_optimism(runs: pd.DataFrame) -> pd.DataFrame:
    """How much the choice of the rate flatters each cell, one row a cell.

    `learning_rate` chosen, out of `rates`, on `seeds`; `at_edge` of its grid (a better one may lie beyond);
    `valid_accuracy` and `test_accuracy` there, means over seeds with diverged runs as 0, and their `gap`;
    `held_out_accuracy`, the validation accuracy of each seed at the rate chosen on the other seeds; `optimism`,
    valid_accuracy − held_out_accuracy: what choosing and scoring on the same seeds adds; `stability`, the share of seeds
    whose absence leaves the choice as it is; `regret`, the test accuracy lost against the rate that is best on test data;
    `note`.
    """
    table = _accuracies(runs)
    chosen = rank_rates(runs)
    places = pd.concat(
        [rank_rates(runs[runs["seed"] != seed]).assign(seed=seed) for seed in sorted(table["seed"].unique())]
        or [chosen.assign(seed=0)]
    )
    held_out = places[places["place"] == 0].merge(table, on=[*RATE, "seed"])  # nothing where the rate lacks that seed
    rows = []
    apart = dict(iter(held_out.groupby(CELL, observed=True)))
    for key, cell in table.groupby(CELL, observed=True):
        rates = chosen.merge(pd.DataFrame([key], columns=CELL), on=CELL) if len(cell) else chosen
        rows.append(dict(zip(CELL, key, strict=True)) | _optimism(cell, rates, apart.get(key)))
    numeric = {
        "rates": "int64",
        "seeds": "int64",
        "at_edge": "bool",
        **dict.fromkeys(OPTIMISM, "float64"),
        "note": "str",
    }
    return table_of(rows, {**dict.fromkeys(CELL, "key"), "learning_rate": "float64", **numeric})


def _optimism(cell: pd.DataFrame, rates: pd.DataFrame, held_out: pd.DataFrame | None) -> dict:
    """One cell: its runs, its rates from best to worst, its runs at the rate chosen without them."""
    rate = float(rates["learning_rate"].iloc[0])
    grid = sorted(rates["learning_rate"])
    means = cell.groupby("learning_rate")[["valid", "test"]].mean()
    valid, test = (float(means.loc[rate, part]) for part in ("valid", "test"))
    seeds = int(cell["seed"].nunique())
    row = dict.fromkeys(OPTIMISM, np.nan) | {"learning_rate": rate, "rates": len(grid), "seeds": seeds, "note": None}
    row |= {"at_edge": len(grid) > 1 and rate in (grid[0], grid[-1]), "regret": float(means["test"].max()) - test}
    row |= {"valid_accuracy": valid, "test_accuracy": test, "gap": valid - test}
    if len(grid) == 1:
        return row | {
            "optimism": 0.0,
            "stability": 1.0,
            "held_out_accuracy": valid,
            "note": "one rate: nothing was chosen",
        }
    if seeds < 2 or held_out is None:
        return row | {
            "note": "one seed: the optimism of the choice cannot be told, because no other seed is left to choose on"
        }
    apart = float(held_out["valid"].mean())
    stability = float((held_out["learning_rate"] == rate).mean())
    return row | {"held_out_accuracy": apart, "optimism": valid - apart, "stability": stability}


def _accuracies(runs: pd.DataFrame, metric: str = "test_accuracy") -> pd.DataFrame:
    """The trained runs with `valid` and `test` accuracy, diverged as 0."""
    require(runs, [*RATE, "seed", "status", "valid_accuracy", "valid_loss", metric])
    runs = trained_runs(runs)
    runs = runs[runs["learning_rate"].notna()].sort_values([*RATE, "seed"])
    parts = {"valid": np.nan_to_num(numbers(runs["valid_accuracy"])), "test": np.nan_to_num(numbers(runs[metric]))}
    return runs[[*RATE, "seed"]].assign(**parts)


def learning_rate_sensitivity(
    runs: pd.DataFrame, metric: str = "test_accuracy", confidence: float = 0.95
) -> pd.DataFrame:
    """Accuracy against learning rate: one row per cell and rate, over seeds, a diverged run counting as 0.

    `seeds`, `mean`, `median` with the exact interval `median_low`, `median_high` (see `median_interval`), `diverged`
    runs, `shortfall` below the mean of the cell's best rate, `selected`, `note`. ValueError if the metric is no accuracy.
    """
    check_choice("metric", metric, [name for name in METRICS if name.endswith("accuracy")])
    table = _accuracies(runs, metric)
    missing = trained_runs(runs)
    missing = missing[np.isnan(numbers(missing[metric]))].groupby(RATE, observed=True).size()
    best = rank_rates(runs)
    chosen = set(best[best["place"] == 0][RATE].itertuples(index=False, name=None))
    rows = []
    for key, group in table.groupby(RATE, observed=True):
        values = group["test"].to_numpy()
        row = {"seeds": len(values), "mean": values.mean(), "median": np.median(values)}
        low, high, _ = median_interval(values, confidence) or (np.nan, np.nan, None)
        row |= {"median_low": low, "median_high": high, "diverged": int(missing.get(key, 0)), "selected": key in chosen}
        row["note"] = None if np.isfinite(low) else f"no interval from {len(values)} seeds: it takes {MINIMUM_SEEDS}"
        rows.append(dict(zip(RATE, key, strict=True)) | row)
    numeric = dict.fromkeys(["mean", "median", "median_low", "median_high"], "float64")
    columns = {
        **dict.fromkeys(RATE, "key"),
        "seeds": "int64",
        **numeric,
        "diverged": "int64",
        "selected": "bool",
        "note": "str",
    }
    result = table_of(rows, columns)
    shortfall = result.groupby(CELL, observed=True)["mean"].transform("max") - result["mean"] if len(result) else 0.0
    result.insert(result.columns.get_loc("selected"), "shortfall", shortfall)
    return result.astype({"shortfall": "float64"})


def tuning_budgets(runs: pd.DataFrame) -> pd.DataFrame:
    """What tuning each cell was given: `rates` tried, `runs` trained, `equal` to all others of its block, `note`."""
    table = _accuracies(runs)
    columns = {**dict.fromkeys(CELL, "key"), "rates": "int64", "runs": "int64", "equal": "bool", "note": "str"}
    rows = []
    for key, cell in table.groupby(CELL, observed=True):
        rows.append(dict(zip(CELL, key, strict=True)) | {"rates": cell["learning_rate"].nunique(), "runs": len(cell)})
    result = table_of([row | {"equal": True, "note": None} for row in rows], columns)
    if result.empty:
        return result
    budgets = result.groupby(BLOCK, observed=True)[["rates", "runs"]]
    equal = ((budgets.transform("min") == budgets.transform("max")).all(axis=1)).to_numpy()
    most = budgets.transform("max")
    notes = [
        None if same else f"{rates} rates and {trained} runs, where a scheme of this block has {m.rates} and {m.runs}"
        for same, rates, trained, m in zip(equal, result["rates"], result["runs"], most.itertuples(), strict=True)
    ]
    return result.assign(equal=equal, note=pd.Series(notes, index=result.index, dtype="str"))


def equal_budget(runs: pd.DataFrame, metric: str = "test_accuracy") -> pd.DataFrame:
    """What each scheme reaches when only `budget` of its rates may be tried: one row per cell and budget.

    `expected`, the mean accuracy at the rate that the rule of selection picks among `budget` rates drawn without
    replacement from the cell's, in expectation over the draws, exactly (the idea of Dodge et al. 2019, who draw with
    replacement); `rank` among the schemes of the block at this budget (1 is the best, ties averaged); `note`. Budgets go
    up to the smallest number of rates that a scheme of the block has.
    """
    check_choice("metric", metric, [name for name in METRICS if name.endswith("accuracy")])
    means = _accuracies(runs, metric).groupby(RATE, observed=True)["test"].mean()
    order = rank_rates(runs)
    in_order = {
        key: [means[(*key, rate)] for rate in cell["learning_rate"]] for key, cell in order.groupby(CELL, observed=True)
    }
    most: dict[tuple, list[int]] = {}
    for key, reached in in_order.items():
        most.setdefault(key[:-1], []).append(len(reached))
    rows = []
    for key, reached in in_order.items():
        limit, largest = min(most[key[:-1]]), max(most[key[:-1]])
        note = f"another scheme of this block has {largest} rates, this has {len(reached)}" if limit < largest else None
        for budget in range(1, limit + 1):
            row = {"budget": budget, "expected": expected_with_budget(reached, budget), "note": join_notes(note)}
            rows.append(dict(zip(CELL, key, strict=True)) | row)
    columns = {**dict.fromkeys(CELL, "key"), "budget": "int64", "expected": "float64", "note": "str"}
    result = table_of(rows, columns)
    ranks = result.assign(e=result["expected"].round(7)).groupby([*BLOCK, "budget"], observed=True)["e"]
    result.insert(result.columns.get_loc("note"), "rank", ranks.rank(ascending=False) if len(result) else 0.0)
    return result.astype({"rank": "float64"})


def expected_with_budget(reached: list[float], budget: int) -> float:
    """Mean of `reached`, ordered as the rule prefers them, at the most preferred of `budget` places drawn at random."""
    n = len(reached)
    weights = np.array([comb(n - 1 - place, budget - 1) for place in range(n)]) / comb(n, budget)
    return float(weights @ np.asarray(reached, dtype=float))
