"""What tuning each cell was given."""

from initbench.analyses import analysis
from initbench.analyses.learning_rates import accuracies
from initbench.analyses.scores import CELL_COLUMNS, NOTE, frame_of
from initbench.base.columns import Column
from initbench.study.cells import BLOCK, CELL

COLUMNS = (
    *CELL_COLUMNS,
    Column("rates", int, "learning rates tried"),
    Column("runs", int, "runs that the rate is chosen on"),
    Column("equal", bool, "whether every scheme of the block was given the same"),
    NOTE,
)


@analysis("tuning_budgets", row="a cell: what tuning it was given", columns=COLUMNS)
def tuning_budgets(tables, settings):
    """The rates tried and the runs trained to choose among them for each cell, and whether all of a block were given as much."""
    rows = []
    for key, cell in accuracies(tables.runs_at_every_rate).groupby(CELL, observed=True):
        rows.append(dict(zip(CELL, key, strict=True)) | {"rates": cell["learning_rate"].nunique(), "runs": len(cell)})
    result = frame_of(rows, COLUMNS)
    budgets = result.groupby(BLOCK, observed=True)[["rates", "runs"]]
    most, least = (budgets.transform(end) for end in ("max", "min"))
    equal = (most == least).all(axis=1)
    notes = [
        None if same else f"{rates} rates and {trained} runs, where a scheme of this block has {m.rates} and {m.runs}"
        for same, rates, trained, m in zip(equal, result["rates"], result["runs"], most.itertuples(), strict=True)
    ]
    return result.assign(equal=equal, note=notes)
