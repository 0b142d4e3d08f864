"""How many seeds it would take here: from the spread that the study's own paired differences have."""

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.scores import ALPHA, BLOCK_COLUMNS, NOTE, PAIRS, REFERENCE, SCHEME, blocks, frame_of, scores
from initbench.base.columns import Column
from initbench.statistics.paired import differences
from initbench.statistics.plan import MOST_SEEDS, seeds_to_show, seeds_to_show_equal
from initbench.study.cells import BLOCK

POWER = 0.8
SEEDS_NEEDED = ("seeds_to_differ", "seeds_to_equal")
COLUMNS = (
    *BLOCK_COLUMNS,
    SCHEME,
    REFERENCE,
    PAIRS,
    Column("deviation", float, "standard deviation over seeds of scheme − reference, in test accuracy", unit="share"),
    Column("difference", float, "the difference to be shown: thresholds.rope", unit="share"),
    Column("comparisons", int, "schemes compared with the reference in the block"),
    Column(
        "seeds_to_differ",
        int,
        "seeds with which the sign-flip test shows a mean of that size with power 0.8, at Holm's first step over the comparisons",
    ),
    Column(
        "seeds_to_equal",
        int,
        "seeds with which two one-sided tests show a mean of 0 to be smaller than that, with power 0.8, each at 0.05",
    ),
    NOTE,
)


@analysis("plan", row="a scheme against the reference in a block", settings=("reference", "rope"), columns=COLUMNS)
def plan(tables, settings):
    """The seeds that another study of these cells needs to show a difference of `rope`, or that there is none as large.

    For normal differences with the deviation found here. Of ten seeds it is known to a factor of 0.7 to 1.8, and the seeds to its
    square; that uncertainty is the plan's. A diverged run counts as accuracy 0.
    """
    rows = []
    for key, value, _ in blocks(scores(tables.chosen_runs)):
        schemes = [name for name in value.columns if name != settings.reference]
        for scheme in schemes:
            row = {"scheme": scheme, "reference": settings.reference, "comparisons": len(schemes)}
            row |= {"difference": settings.rope} | dict.fromkeys(SEEDS_NEEDED)
            there = settings.reference in value.columns
            pairs = value[[scheme, settings.reference]].dropna() if there else value.iloc[:0]
            rows.append(dict(zip(BLOCK, key, strict=True)) | row | _planned(pairs, settings.rope, len(schemes)))
    whole = {name: pd.array([row[name] for row in rows], dtype="Int64") for name in SEEDS_NEEDED}
    return frame_of(rows, [column for column in COLUMNS if column.name not in SEEDS_NEEDED]).assign(**whole)


def _planned(pairs: pd.DataFrame, rope: float, comparisons: int) -> dict:
    """Deviation and seeds of one pair; pairs: seeds × (scheme, reference)."""
    row = {"n": len(pairs), "deviation": np.nan, "note": None}
    if len(pairs) < 2:
        return row | {"note": "cannot be planned, because fewer than two seeds have a value under both schemes"}
    deviation = float(np.std(differences(*pairs.to_numpy().T)[0], ddof=1))
    margin = float("inf") if deviation == 0 else float(f"{rope / deviation:.4g}")
    found = {
        "seeds_to_differ": seeds_to_show(margin, ALPHA / comparisons, POWER),
        "seeds_to_equal": seeds_to_show_equal(margin, ALPHA, POWER),
    }
    if None in found.values():
        return row | found | {"deviation": deviation, "note": f"more than {MOST_SEEDS} seeds"}
    note = "the differences do not vary: these are the seeds that the tests take at least" if deviation == 0 else None
    return row | found | {"deviation": deviation, "note": note}


def planned_seeds(table: pd.DataFrame, seeds: int) -> dict | None:
    """What the table says to a reader: seeds for a difference of `rope` in the middle block, and where `seeds` suffice."""
    known = table[table["seeds_to_differ"].notna() & (table["deviation"] > 0)]
    if known.empty:
        return None
    differ, equal = known["seeds_to_differ"], known["seeds_to_equal"]
    return {
        "difference": float(known["difference"].iloc[0]),
        "comparisons": len(known),
        "seeds": seeds,
        "middle": round(differ.median()),
        "quarter": round(differ.quantile(0.25)),
        "three_quarters": round(differ.quantile(0.75)),
        "equal": round(equal.median()),
        "suffice": int((differ <= seeds).sum()),
        "suffice_equal": int((equal <= seeds).sum()),
    }
