"""Comparisons pooled over blocks with the seed as the unit."""

import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.pairs import PAIR_COLUMNS, adjust, pair_row
from initbench.analyses.scores import BLOCKS, SCOPE, frame_of, scopes, scores
from initbench.study.cells import BLOCK

COLUMNS = (SCOPE, BLOCKS, *PAIR_COLUMNS)


@analysis(
    "pooled_comparisons",
    row="a scheme against the reference over the blocks of a scope",
    settings=("reference",),
    columns=COLUMNS,
)
def pooled_comparisons(tables, settings):
    """Every scheme against the reference over all blocks of a scope at once: one value a seed, its mean over the blocks.

    Blocks of one seed share data and draws, so the seed, not the block, is what repeats; pooling this way keeps the test
    exact. `blocks` have every seed under both schemes; the family is a scope's schemes.
    """
    rows = []
    for scope, part in scopes(scores(tables.chosen_runs)):
        schemes = [scheme for scheme in sorted(part["scheme"].unique()) if scheme != settings.reference]
        wide = part.pivot(index=BLOCK, columns=["scheme", "seed"], values="value")
        family = [_pooled(scope, wide, (scheme, settings.reference)) for scheme in schemes]
        adjust(family)
        rows += family
    return frame_of(rows, COLUMNS)


def _pooled(scope: str, wide: pd.DataFrame, names: tuple[str, str]) -> dict:
    """One scheme against the reference in a scope, on the blocks that have both; wide: blocks × (scheme, seed)."""
    here = [name for name in names if name in wide.columns.get_level_values("scheme")]
    both = [wide[name].dropna(how="all") for name in here]
    common = both[0].index.intersection(both[1].index) if len(here) == 2 else wide.index[:0]
    sides = [side.loc[common] for side in both]
    seeds = (
        sorted(set.intersection(*(set(side.dropna(axis="columns").columns) for side in sides))) if len(common) else []
    )
    means = [side[seeds].mean().to_numpy() for side in sides] if seeds else ([], [])
    row = pair_row(names, means, means, ("pooled", scope))
    if not len(common):
        row["note"] = f"cannot be tested, because no block has runs of both {names[0]} and {names[1]}"
    elif not seeds:
        row["note"] = "cannot be tested, because no seed has a value in every block under both schemes"
    return {"scope": scope, "blocks": len(common)} | row
