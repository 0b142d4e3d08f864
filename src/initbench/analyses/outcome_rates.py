"""How often a cell's runs trained, stayed slow, stalled or diverged."""

from initbench.analyses import analysis
from initbench.analyses.scores import CELL_COLUMNS, CONFIDENCE, frame_of
from initbench.base.columns import Column
from initbench.statistics.proportions import clopper_pearson
from initbench.study.cells import CELL

OUTCOMES = ("trained", "slow", "stalled", "diverged")
OUTCOME = Column("outcome", str, "trained, slow, stalled or diverged")
COLUMNS = (
    *CELL_COLUMNS,
    OUTCOME,
    Column("n", int, "runs: seeds of the cell"),
    Column("count", int, "runs with that outcome"),
    Column("rate", float, "share of runs with that outcome", unit="share"),
    Column("rate_low", float, "lower end of its 95 % Clopper–Pearson interval", unit="share"),
    Column("rate_high", float, "upper end", unit="share"),
)


@analysis("outcome_rates", row="an outcome of a cell at its chosen learning rate", columns=COLUMNS)
def outcome_rates(tables, settings):
    """Rates of the four outcomes among the chosen runs of every cell, with exact intervals."""
    rows = []
    for key, cell in tables.chosen_runs.groupby(CELL, observed=True):
        for outcome in OUTCOMES:
            count, n = int((cell["status"] == outcome).sum()), len(cell)
            low, high = clopper_pearson(count, n, CONFIDENCE)
            row = {"outcome": outcome, "n": n, "count": count, "rate": count / n, "rate_low": low, "rate_high": high}
            rows.append(dict(zip(CELL, key, strict=True)) | row)
    return frame_of(rows, COLUMNS)
