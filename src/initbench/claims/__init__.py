"""The claims under test, one function a claim: in which cells of the study does it hold?

`@claim` fixes a claim's statement and its rule (endpoint, threshold, cells) beside the function that applies the rule to
the tables and returns a `CellVerdict` for every cell it can judge. `initbench.claims.verdicts.judge_claims` turns those of all
claims into the table `claims`: verdicts and conditions are computed there, the same way for every claim. The order of the
claims stands in initbench.report.contents.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from initbench.base.columns import Column, Table
from initbench.base.registry import Registry
from initbench.claims.sources import CLAIMED_IN

CLAIMS = Registry("claim", "initbench.claims", takes=("tables",), dashes=True)
TABLE = Table(
    "claims",
    "a claim",
    (
        Column("id", str, "name of the claim"),
        Column("statement", str, "the claim as the literature states it, in English"),
        Column("statement_zh", str, "the claim in Chinese"),
        Column("claimed_in", str, "where it is claimed: the texts in which it was found"),
        Column("rule", str, "endpoint, threshold and cells by which it is judged"),
        Column("verdict", str, "supported, supported only when, refuted, cannot be told or not tested"),
        Column(
            "condition", str, "where it holds, if in some cells only, or that no short phrase says it; null otherwise"
        ),
        Column("condition_zh", str, "the condition in Chinese"),
        Column("evidence", str, "the decisive numbers with their uncertainty"),
        Column("figure", str, "the figure that shows it"),
        Column("cells", int, "cells in which it was judged"),
        Column("cells_holding", int, "cells in which it holds"),
        Column(
            "by_dataset", str, "the verdict on each data set alone, with its cells; null if the study has one data set"
        ),
    ),
)


@dataclass(frozen=True)
class CellVerdict:
    """Whether a claim holds in one cell: `cell` maps axes to values, `number` is the endpoint, `evidence` says it in words.

    holds: None where the runs cannot tell; such a cell is quoted, and not counted.
    """

    cell: Mapping[str, object]
    holds: bool | None
    number: float
    evidence: str


@dataclass(frozen=True)
class Claim:
    """A declared claim. `function(tables)` gives its verdict cell by cell, none where the study lacks the cells.

    figure: the name in initbench.figures of the one that shows it, if there is one. claimed_in: the texts that make the claim.
    """

    id: str
    statement: str
    rule: str
    function: Callable
    figure: str | None = None
    statement_zh: str | None = None
    claimed_in: str | None = None


def claim(
    id: str,
    *,
    statement: str,
    rule: str,
    figure: str | None = None,
    statement_zh: str | None = None,
    claimed_in: str | None = None,
):
    """Register the decorated function as the claim `id`.

    The function is given the study's tables (initbench.tables.views.Tables: runs, history, signal and layers) and returns
    a list of `CellVerdict`. `rule` says in words what the function does. Where `claimed_in` is not given it is what
    `sources.CLAIMED_IN` says.
    """
    source = claimed_in or CLAIMED_IN.get(id)
    return CLAIMS.register(id, lambda function: Claim(id, statement, rule, function, figure, statement_zh, source))
