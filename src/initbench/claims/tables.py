"""The tables of the claims: `claims`, a row a claim, and `claim_cells`, a row a claim and cell with what was measured there."""

from dataclasses import dataclass

from initbench.base.columns import Column, Table
from initbench.study.cells import CELL, KEY_COLUMNS
from initbench.tables.ids import with_ids

FORMS = {  # form → what low, high and n of it are
    "number": "n: what it is a mean or median of, if of several",
    "percent": "a share",
    "count": "value of n",
    "share": "a share of n, low to high its Clopper–Pearson interval at 95 %",
    "mean": "a mean, low to high the range over n seeds",
    "difference": "a mean paired difference, low to high its interval at 95 % over n seeds",
    "between": "from low to high",
    "estimate": "low to high: the value less and plus its standard error over n draws",
    "word": "no number: its text",
}
QUANTITIES = (
    Column("name", str, "what was measured"),
    Column("form", str, ", ".join(FORMS)),
    Column("text", str, "its text, where it is no number"),
    Column("value", float, "its value"),
    Column("low", float, "lower end"),
    Column("high", float, "upper end"),
    Column("n", int, "of how many"),
)


@dataclass(frozen=True)
class Quantity:
    """One number with what stands beside it, or a text; `form`, one of FORMS, says what low, high and n are."""

    name: str
    form: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    text: str | None = None


BY_DATASET = (
    Column("dataset", str, "the data set"),
    Column("verdict", str, "the verdict on it"),
    Column("cells", int, "cells in which it was judged"),
    Column("cells_holding", int, "cells in which it holds"),
)
CLAIMS = Table(
    "claims",
    "a claim",
    (
        Column("id", str, "name of the claim"),
        Column("statement", str, "the claim as the literature states it, in English"),
        Column("statement_zh", str, "the claim in Chinese"),
        Column("claimed_in", str, "where it is claimed: the texts in which it was found"),
        Column("claimed_in_zh", str, "the same in Chinese"),
        Column("rule", str, "endpoint, threshold and cells by which it is judged"),
        Column("rule_zh", str, "the rule in Chinese"),
        Column("verdict", str, "supported, supported only when, refuted, cannot be told or not tested"),
        Column(
            "condition", str, "where it holds, if in some cells only, or that no short phrase says it; null otherwise"
        ),
        Column("condition_zh", str, "the condition in Chinese"),
        Column("governed_by", str, "the axis or the two axes of the condition"),
        Column("evidence", str, "in how many cells it holds, and the decisive number at both ends of its range"),
        Column("evidence_zh", str, "the evidence in Chinese"),
        Column("figure", str, "the figure that shows it"),
        Column("cells", int, "cells in which it was judged"),
        Column("cells_holding", int, "cells in which it holds"),
        Column("cells_untold", int, "further cells, in which the runs cannot tell"),
        Column("by_dataset", BY_DATASET, "the verdict on each data set alone; null if the study has one data set"),
    ),
)
CLAIM_CELLS = with_ids(
    Table(
        "claim_cells",
        "a claim and a cell in which it was looked at",
        (
            Column("id", str, "name of the claim"),
            *(column for column in KEY_COLUMNS if column.name in CELL),
            Column("counted", bool, "false where the cell is the same network as another under a shorter label"),
            Column("holds", bool, "whether the claim holds there; null where the runs cannot tell"),
            Column("number", float, "the endpoint, by which the cells of a claim are in order"),
            Column("measured", QUANTITIES, "what was measured there, the cell's place on measured axes first"),
        ),
    )
)
