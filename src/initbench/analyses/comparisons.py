"""Schemes compared with the reference within a block: exact paired tests over seeds, effect sizes with intervals."""

import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.pairs import PAIR_COLUMNS, adjust, pair_row
from initbench.analyses.scores import BLOCK_COLUMNS, blocks, frame_of, join_notes, scores
from initbench.study.cells import BLOCK

COLUMNS = (*BLOCK_COLUMNS, *PAIR_COLUMNS)


@analysis("comparisons", row="a scheme against the reference in a block", settings=("reference",), columns=COLUMNS)
def comparisons(tables, settings):
    """Every scheme against the reference in every block, paired by seed, on the chosen runs.

    The family of Holm's correction is the schemes tested against the reference in the block. Where p is null, the note
    begins "cannot be tested, because".
    """
    return compare(scores(tables.chosen_runs), settings.reference)


def compare(table: pd.DataFrame, reference: str) -> pd.DataFrame:
    """The comparisons of a `scores` table."""
    schemes = [scheme for scheme in sorted(table["scheme"].unique()) if scheme != reference]
    rows = []
    for key, value, goodness in blocks(table):
        family = [_pair(value, goodness, (scheme, reference)) for scheme in schemes]
        adjust(family)
        rows += [dict(zip(BLOCK, key, strict=True)) | row for row in family]
    return frame_of(rows, COLUMNS)


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
