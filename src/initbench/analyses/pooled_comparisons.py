"""Comparisons pooled over blocks with the seed as the unit."""

from initbench.analyses import analysis
from initbench.analyses.pairs import PAIR_COLUMNS, adjust, pair_row
from initbench.analyses.pooling import Cube, cube_of, pooled_pair
from initbench.analyses.scores import BLOCKS, SCOPE, frame_of, scopes, scores

COLUMNS = (SCOPE, BLOCKS, *PAIR_COLUMNS)


@analysis(
    "pooled_comparisons",
    row="a scheme against the reference over the blocks of a scope",
    settings=("reference", "looks"),
    columns=COLUMNS,
)
def pooled_comparisons(tables, settings):
    """Every scheme against the reference over all blocks of a scope at once: one value a seed, its mean over the blocks.

    Blocks of one seed share data and draws, so the seed, not the block, is what repeats; pooling this way keeps the test
    exact. `blocks` have every seed under both schemes; the family is a scope's schemes.
    """
    rows = []
    for scope, part in scopes(scores(tables.chosen_runs)):
        cube = cube_of(part)
        family = [pooled_row(cube, (name, settings.reference)) for name in cube.schemes if name != settings.reference]
        adjust(family, settings.looks)
        rows += [{"scope": scope} | row for row in family]
    return frame_of(rows, COLUMNS)


def pooled_row(cube: Cube, names: tuple[str, str]) -> dict:
    """One scheme against another in a scope."""
    pair = pooled_pair(cube, names)
    row = pair_row(names, (pair.x, pair.y), (pair.x, pair.y)) | {"blocks": pair.blocks}
    return row | ({"note": why} if (why := pair.why_empty(names)) else {})
