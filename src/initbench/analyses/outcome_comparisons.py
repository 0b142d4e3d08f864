"""Whether schemes train, or diverge, more or less often than the reference."""

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.outcome_rates import OUTCOME
from initbench.analyses.pairs import SMALLEST_P, SMALLEST_P_ADJUSTED, adjust
from initbench.analyses.scores import ALPHA, BLOCK_COLUMNS, NOTE, P_ADJUSTED, PAIRS, REFERENCE, SCHEME, frame_of
from initbench.base.columns import Column
from initbench.statistics.paired import smallest_p
from initbench.statistics.proportions import fisher, mcnemar
from initbench.study.cells import BLOCK

COMPARED = ("trained", "diverged")
NUMBERS = (
    Column("rate", float, "the scheme's share of seeds", unit="share"),
    Column("reference_rate", float, "the reference's rate on the paired seeds", unit="share"),
    Column("difference", float, "rate less reference_rate", unit="share"),
    Column("p", float, "p of McNemar's exact test, paired by seed", unit="probability"),
    SMALLEST_P,
    P_ADJUSTED,
    SMALLEST_P_ADJUSTED,
    Column("p_unpaired", float, "p of Fisher's exact test, which ignores the pairs", unit="probability"),
)
COLUMNS = (
    *BLOCK_COLUMNS,
    OUTCOME, SCHEME, REFERENCE, PAIRS,
    Column("only_scheme", int, "seeds on which only the scheme has the outcome"),
    Column("only_reference", int, "seeds on which only the reference has it"),
    *NUMBERS,
    NOTE,
)  # fmt: skip


@analysis(
    "outcome_comparisons",
    row="an outcome of a scheme against the reference in a block",
    settings=("reference", "looks"),
    columns=COLUMNS,
)
def outcome_comparisons(tables, settings):
    """Each scheme against the reference in every block and outcome, paired by seed; Holm within block and outcome."""
    chosen = tables.chosen_runs
    schemes = sorted(set(chosen["scheme"]) - {settings.reference})
    rows = []
    for outcome in COMPARED:
        for key, block in chosen.groupby(BLOCK, observed=True):
            happened = (
                block.assign(happened=(block["status"] == outcome).astype(float))
                .pivot(index="seed", columns="scheme", values="happened")
                .reindex(columns=[*schemes, settings.reference])
            )
            family = [_pair(happened[scheme], happened[settings.reference]) for scheme in schemes]
            adjust(family, settings.looks)
            rows += [dict(zip(BLOCK, key, strict=True)) | {"outcome": outcome} | row for row in family]
    return frame_of(rows, COLUMNS)


def _pair(scheme: pd.Series, reference: pd.Series) -> dict:
    """The tests of two columns of 0, 1 and NaN (no such run)."""
    both = scheme.notna() & reference.notna()
    x, y = scheme[both].to_numpy(dtype=bool), reference[both].to_numpy(dtype=bool)
    n = len(x)
    row = dict.fromkeys([column.name for column in NUMBERS], np.nan)
    row |= {"scheme": scheme.name, "reference": reference.name, "n": n, "note": None}
    row |= {"only_scheme": int(np.sum(x & ~y)), "only_reference": int(np.sum(y & ~x))}
    if n == 0:
        absent = [str(side.name) for side in (scheme, reference) if side.isna().all()]
        reason = f"this block has no run of {' and '.join(absent)}" if absent else "no seed has both runs"
        return row | {"note": f"cannot be tested, because {reason}"}
    row |= {"rate": float(x.mean()), "reference_rate": float(y.mean()), "difference": float(x.mean() - y.mean())}
    if n == 1:
        return row | {"note": "cannot be tested, because one pair of seeds shows no spread"}
    differing = row["only_scheme"] + row["only_reference"]
    floor = smallest_p(differing)
    row |= {"p": mcnemar(x, y), "smallest_p": floor, "p_unpaired": fisher(x, y)}
    if differing == 0:
        row["note"] = "no seed on which only one of the two has the outcome: no evidence of a difference"
    elif floor > ALPHA:
        row["note"] = f"{differing} seeds that differ give no p below {floor:.3g}, so no difference can be shown"
    return row
