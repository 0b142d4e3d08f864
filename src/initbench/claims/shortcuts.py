"""Claims on residual networks: γ = 0 in the last normalisation of each branch, and whether starts matter less."""

from dataclasses import replace

import pandas as pd

from initbench.architectures import branches
from initbench.claims import CellVerdict, claim
from initbench.claims.compared import CLOSE, Difference, compared, measured
from initbench.claims.measures import chosen_runs
from initbench.claims.sensitivity import BEHIND, LEVEL, less_sensitive_under

LEAST_BLOCKS = 4  # residual branches from which on a network counts as one of many


@claim("zero-gamma-residual", figure="further_starts", values={"close": CLOSE, "blocks": LEAST_BLOCKS})
def zero_gamma_residual(tables):
    """γ = 0 in the last normalisation of each branch against γ = 1, from the same weights."""
    chosen = chosen_runs(tables)
    chosen = chosen[chosen["normalization"].ne("none") & (blocks_of(chosen) >= LEAST_BLOCKS)]
    found = []
    for cell, part, other, gain in compared(chosen, "zero_gamma", "he_normal"):
        found.append(CellVerdict(cell, helps(gain), gain.mean, measured(gain, part, other, "he_normal")))
    return found


@claim("shortcuts-robust", figure="test_accuracy", values={"behind": BEHIND, "level": LEVEL, "blocks": LEAST_BLOCKS})
def shortcuts_robust(tables):
    """Variance over starts in plain and in residual networks, each architecture with shortcuts by itself."""
    chosen = chosen_runs(tables)
    blocks = blocks_of(chosen)
    deep = chosen[chosen["architecture"].eq("mlp") | (blocks >= LEAST_BLOCKS)]
    found = []
    for kind in sorted(chosen.loc[blocks >= LEAST_BLOCKS, "architecture"].unique()):
        for verdict in less_sensitive_under(deep, "architecture", ("mlp", kind)):
            found.append(replace(verdict, cell=verdict.cell | {"architecture": kind}))
    return found


def blocks_of(runs: pd.DataFrame) -> pd.Series:
    """The number of residual branches of each run's network."""
    pairs = runs[["architecture", "depth"]].itertuples(index=False, name=None)
    return pd.Series([branches(name, int(depth)) for name, depth in pairs], index=runs.index, dtype=int)


def helps(gain: Difference) -> bool | None:
    """Whether the whole interval lies above 0; False if it does not and lies below CLOSE; None if it can be either."""
    if gain.interval is None:
        return None
    low, high = gain.interval
    if low > 0:
        return True
    return False if high < CLOSE else None
