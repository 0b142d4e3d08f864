"""Every scheme against the reference over blocks, with a region of practical equivalence."""

import numpy as np

from initbench.analyses import analysis
from initbench.analyses.scores import (
    BLOCKS,
    METRIC,
    NOTE,
    REFERENCE,
    SCHEME,
    SCOPE,
    SCORED,
    Grid,
    complete_grid,
    frame_of,
    join_notes,
    scopes,
    scores,
)  # fmt: skip
from initbench.base.columns import Column
from initbench.base.randomness import keyed_integer
from initbench.statistics.bayes import signed_rank_posterior

PROBABILITIES = (
    Column(
        "p_worse",
        float,
        "posterior probability that the scheme is worse by more than rope (Bayesian signed-rank test over blocks)",
    ),
    Column("p_equivalent", float, "that the difference lies within ±rope"),
    Column("p_better", float, "that it is better by more than rope"),
)
COLUMNS = (
    SCOPE, SCORED, SCHEME, REFERENCE, BLOCKS,
    Column("rope", float, "half width of the region of practical equivalence, in the metric's unit"),
    *PROBABILITIES,
    NOTE,
)  # fmt: skip


@analysis(
    "equivalence",
    row="a scheme against the reference in a scope, with a region of practical equivalence",
    settings=("reference", "rope"),
    columns=COLUMNS,
)
def equivalence(tables, settings):
    """Posterior probabilities, which sum to 1, from differences of means over seeds.

    The statement is about a further block of this kind, as far as the blocks can stand for independent draws of one.
    """
    rows = []
    for scope, part in scopes(scores(tables.chosen_runs), by=("dataset",)):
        for scheme in sorted(set(part["scheme"]) - {settings.reference}):
            names = (scheme, settings.reference)
            grid = complete_grid(part[part["scheme"].isin(names)])
            row = {"scope": scope, "metric": METRIC, "scheme": scheme, "reference": names[1], "rope": settings.rope}
            rows.append(row | _posterior(grid, names, settings.rope, scope))
    return frame_of(rows, COLUMNS)


def _posterior(grid: Grid, names: tuple[str, str], rope: float, scope: str) -> dict:
    """The probabilities of one pair, or why there are none."""
    blocks, k, _ = grid.runs.shape
    columns = [column.name for column in PROBABILITIES]
    row = dict.fromkeys(columns, np.nan) | {"blocks": blocks if k == 2 else 0}
    if k < 2 or not grid.runs.size:
        why = f"there is no run of {names[1]}" if k < 2 else "no block has both at one seed"
        return row | {"note": f"cannot be tested, because {why}"}
    if blocks < 2:
        alone = "cannot be tested, because one block tells nothing of a further one"
        return row | {"note": join_notes(alone, grid.note)}
    scheme, reference = (grid.runs.mean(axis=-1)[:, grid.schemes.index(name)] for name in names)
    posterior = signed_rank_posterior(scheme - reference, rope, keyed_integer(0, "posterior", scope, *names))
    return row | dict(zip(columns, posterior, strict=True)) | {"note": grid.note}
