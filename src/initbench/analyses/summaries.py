"""The tables of the statistics: which there are, what a row of each is, what each column means, and how they are written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd
import pyarrow as pa

from initbench.analyses.summary_columns import MEANINGS, OWN
from initbench.statistics import aggregate, bayes, best, comparisons, pooled, power, rankings, rates, tuning
from initbench.statistics.frames import BLOCK, CELL, selected_runs
from initbench.tables import collect as tables
from initbench.tables.shards import write

SCOPES = ("dataset", "activation", "depth", "normalization")
OUTCOMES_COMPARED = ("trained", "diverged")


@dataclass(frozen=True)
class Summary:
    """One table: `function(runs, reference, rope)` computes it; `row` says what a row is."""

    name: str
    row: str
    function: Callable[[pd.DataFrame, str, float], pd.DataFrame]


def rank_in_scopes(runs: pd.DataFrame, function: Callable) -> pd.DataFrame:
    """Ranks over all blocks, over those of each data set, activation, depth and normalisation, and over data sets.

    The last where there are several: one block a data set, such as "over data sets: tanh, depth 3, none", so that the
    blocks of a scope share no data.
    """
    parts = [function(runs, by=SCOPES)]
    chosen = selected_runs(runs)
    for key, part in chosen.groupby(["activation", "depth", "normalization"], observed=True):
        if part["dataset"].nunique() > 1:
            ranked = function(part, by=())
            parts.append(ranked.assign(scope=f"over data sets: {key[0]}, depth {key[1]}, {key[2]}"))
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


def outcome_comparisons(runs: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Whether schemes train, or diverge, more or less often than the reference."""
    parts = [rates.compare_outcomes(runs, reference, outcome) for outcome in OUTCOMES_COMPARED]
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


def design(runs: pd.DataFrame) -> tuple[int, int]:
    """(seeds, schemes compared with the reference) of the largest block of selected runs; (0, 0) if nothing was trained."""
    chosen = selected_runs(runs)
    if chosen.empty:
        return 0, 0
    sizes = chosen.groupby(BLOCK, observed=True)[["seed", "scheme"]].nunique()
    return int(sizes["seed"].max()), int(sizes["scheme"].max()) - 1


def power_of_designs(runs: pd.DataFrame) -> pd.DataFrame:
    """What this study's design can see, beside others."""
    seeds, compared = design(runs)
    own = [(seeds,), (compared,)] if seeds and compared else [(), ()]
    table = power.power_table(sorted({3, 6, 10, 20, 30, 50, *own[0]}), sorted({1, 5, 10, *own[1]}))
    this = (table["seeds"] == seeds) & (table["comparisons"] == compared)
    table.insert(2, "this_study", this.astype(bool))
    return table


SUMMARIES = {
    name: Summary(name, row, function)
    for name, row, function in (
        ("comparisons", "a scheme against the reference in a block",
         lambda runs, reference, rope: comparisons.compare(runs, reference)),
        ("rankings", "a scheme in a scope, best first",
         lambda runs, reference, rope: rank_in_scopes(runs, rankings.rank)),
        ("rank_pairs", "a pair of schemes in a scope",
         lambda runs, reference, rope: rank_in_scopes(runs, rankings.rank_pairs)),
        ("best", "a block: which scheme to take there",
         lambda runs, reference, rope: best.best_schemes(runs)),
        ("pooled_comparisons", "a scheme against the reference over the blocks of a scope",
         lambda runs, reference, rope: pooled.compare_pooled(runs, reference, by=SCOPES)),
        ("equivalence", "a scheme against the reference in a scope, with a region of practical equivalence",
         lambda runs, reference, rope: bayes.bayes_compare(runs, reference, rope=rope)),
        ("outcome_rates", "an outcome of a cell at its chosen learning rate",
         lambda runs, reference, rope: rates.outcome_rates(selected_runs(runs))),
        ("outcome_comparisons", "an outcome of a scheme against the reference in a block",
         lambda runs, reference, rope: outcome_comparisons(runs, reference)),
        ("aggregates", "an aggregate score of a scheme in a scope",
         lambda runs, reference, rope: aggregate.aggregate_scores(runs, by=SCOPES)),
        ("improvements", "a scheme against the reference in a scope: probability of improvement",
         lambda runs, reference, rope: aggregate.probabilities_of_improvement(runs, reference, by=SCOPES)),
        ("profiles", "a scheme at a threshold in a scope: performance profile",
         lambda runs, reference, rope: aggregate.performance_profiles(runs, by=("dataset", "normalization"))),
        ("rate_sensitivity", "a cell at a learning rate",
         lambda runs, reference, rope: tuning.learning_rate_sensitivity(runs)),
        ("equal_budgets", "a cell with a budget of learning rates to try",
         lambda runs, reference, rope: tuning.equal_budget(runs)),
        ("tuning_budgets", "a cell: what tuning it was given",
         lambda runs, reference, rope: tuning.tuning_budgets(runs)),
        ("selection_optimism", "a cell: how much choosing the learning rate flatters it",
         lambda runs, reference, rope: tuning.selection_optimism(runs)),
        ("divergence_rules", "a scheme against the reference in a block, under each rule for diverged runs",
         lambda runs, reference, rope: pooled.divergence_sensitivity(runs, reference)),
        ("power", "a design: seeds, and schemes compared with the reference",
         lambda runs, reference, rope: power_of_designs(runs)),
    )
}  # fmt: skip


@cache
def columns_of(name: str) -> dict[str, tuple[pa.DataType, str]]:
    """column → (type, meaning) of a table, as tables.COLUMNS has it for those of the runs."""
    empty = SUMMARIES[name].function(NO_RUNS, "xavier_tanh", 0.01)
    known = tables.COLUMNS["runs"]
    meanings = MEANINGS | OWN.get(name, {})
    columns = {}
    for column, kind in empty.dtypes.items():
        if column in CELL or column == "learning_rate":
            columns[column] = (known[column][0], meanings.get(column, known[column][1]))
        else:
            columns[column] = (_arrow_type(column, kind), meanings[column])
    return columns


NO_RUNS = pd.DataFrame(
    {
        name: pd.Series(dtype=kind.to_pandas_dtype() if kind != tables.TEXT else "str")
        for name, (kind, _) in tables.COLUMNS["runs"].items()
    }
)


def _arrow_type(column: str, kind) -> pa.DataType:
    if pd.api.types.is_bool_dtype(kind):
        return tables.FLAG
    if pd.api.types.is_integer_dtype(kind) or column == "missing":  # a count, which has no type where there is none
        return tables.INTEGER
    return tables.FLOAT if pd.api.types.is_float_dtype(kind) else tables.TEXT


def write_summary(name: str, runs: pd.DataFrame, reference: str, rope: float, path: str) -> None:
    """Compute a table and write it: declared types, null for what could not be computed, meanings in the metadata."""
    frame = SUMMARIES[name].function(runs, reference, rope)
    columns = columns_of(name)
    schema = pa.schema([pa.field(n, kind, metadata={"meaning": text}) for n, (kind, text) in columns.items()])
    table = pa.Table.from_pandas(frame[list(columns)], schema=schema, preserve_index=False, safe=True)
    write(table.replace_schema_metadata(), path)


def write_summaries(runs: str, outputs: Mapping[str, str], reference: str, rope: float) -> None:
    """Compute and write the tables named in `outputs` (name → path) from the runs table at the path `runs`."""
    table = pd.read_parquet(runs)
    for name, path in outputs.items():
        write_summary(name, table, reference, rope, path)
