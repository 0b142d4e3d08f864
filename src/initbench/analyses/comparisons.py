"""Schemes compared with the reference within a block: exact paired tests over seeds, effect sizes with intervals."""

import numpy as np
import pandas as pd
import scipy

from initbench.analyses import analysis
from initbench.analyses.pairs import PAIR_COLUMNS, adjust, pair_row
from initbench.analyses.scores import ALPHA, BLOCK_COLUMNS, blocks, frame_of, join_notes, scores
from initbench.base.columns import Column
from initbench.study.cells import BLOCK
from initbench.tables.grids import NETWORK

P_OVER_BLOCKS = Column(
    "p_over_blocks",
    float,
    "p adjusted for all blocks of the network: false discovery rate (Benjamini & Yekutieli 2001)",
    unit="probability",
)
COLUMNS = (*BLOCK_COLUMNS, *PAIR_COLUMNS[:-1], P_OVER_BLOCKS, PAIR_COLUMNS[-1])


@analysis(
    "comparisons", row="a scheme against the reference in a block", settings=("reference", "looks"), columns=COLUMNS
)
def comparisons(tables, settings):
    """Every scheme against the reference in every block, paired by seed, on the chosen runs.

    The family of Holm's correction is the schemes tested against the reference in the block. Where p is null, the note
    begins "cannot be tested, because". `p_over_blocks` adjusts for all blocks of the network (data set, architecture, width,
    optimiser) at once.
    """
    return compare(scores(tables.chosen_runs), settings.reference, settings.looks)


def compare(table: pd.DataFrame, reference: str, looks: int = 1) -> pd.DataFrame:
    """The comparisons of a `scores` table."""
    schemes = [scheme for scheme in sorted(table["scheme"].unique()) if scheme != reference]
    rows = []
    for key, value, goodness in blocks(table):
        family = [_pair(value, goodness, (scheme, reference)) for scheme in schemes]
        adjust(family, looks)
        rows += [dict(zip(BLOCK, key, strict=True)) | row for row in family]
    return over_blocks(frame_of(rows, COLUMNS), looks)


def over_blocks(rows: pd.DataFrame, looks: int = 1) -> pd.DataFrame:
    """The rows with `p_over_blocks`: by false discovery rate over all tests in the blocks of a network.

    Benjamini & Yekutieli (2001): it holds whatever the tests have in common, and blocks share seeds, a block's tests the reference.
    """
    tested = rows["p"].notna()
    of_network = rows[tested].groupby(NETWORK, observed=True)["p"]
    found = (
        of_network.transform(lambda p: scipy.stats.false_discovery_control(p, method="by"))
        if tested.any()
        else rows["p"]
    )
    return rows.assign(p_over_blocks=np.minimum(looks * found, 1.0).reindex(rows.index))


def false_blocks(rows: pd.DataFrame) -> dict | None:
    """What being many makes of the comparisons; None if none can show a difference.

    blocks: those with a comparison that can; expected: of these with a false difference on average, at most, were no scheme different;
    shown, of tested comparisons: those with p_adjusted ≤ 0.05; kept: of these with p_over_blocks ≤ 0.05 too.
    """
    able = rows[rows["smallest_p_adjusted"] <= ALPHA]
    if able.empty:
        return None
    blocks, shown = len(able.drop_duplicates(BLOCK)), rows["p_adjusted"] <= ALPHA
    kept = shown & (rows["p_over_blocks"] <= ALPHA)
    return {"blocks": blocks, "expected": ALPHA * blocks, "tested": int(rows["p"].notna().sum())} | {
        "shown": int(shown.sum()),
        "kept": int(kept.sum()),
    }


def _pair(value: pd.DataFrame, goodness: pd.DataFrame, names: tuple[str, str]) -> dict:
    """The comparison of two columns of a block, on the seeds that both have."""
    absent = [name for name in names if name not in value.columns]
    if absent:
        row = pair_row(names, ([], []), ([], []))
        return row | {"note": f"cannot be tested, because this block has no run of {' and '.join(absent)}"}
    seeds = value.index[value[list(names)].notna().all(axis=1)]
    row = pair_row(names, *([part.loc[seeds, name].to_numpy() for name in names] for part in (value, goodness)))
    if row["n"] == 0:
        return row | {"note": "cannot be tested, because no seed has a value under both schemes"}
    unpaired = len(value) - row["n"]
    return row | {
        "note": join_notes(row["note"], f"{unpaired} of {len(value)} seeds have no pair" if unpaired else None)
    }
