"""Whether a scheme's lead over the reference depends on activation, depth and normalisation: exact contrasts over seeds."""

from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.scores import (
    BLOCK_COLUMNS,
    CONFIDENCE,
    MINIMUM_SEEDS,
    NOTE,
    PAIRS,
    REFERENCE,
    SCHEME,
    P,
    frame_of,
    scores,
)
from initbench.base.columns import Column
from initbench.schemes.parts import scheme_parts
from initbench.statistics.paired import RESOLUTION, sign_flip, sign_flip_interval
from initbench.statistics.step_down import step_down
from initbench.study.cells import BLOCK
from initbench.tables.grids import NETWORK

FACTORS = ("activation", "depth", "normalization")
COLUMNS = (
    *BLOCK_COLUMNS,
    Column("factor", str, "what is changed: activation, depth or normalization"),
    Column("other", str, "what it is changed to; all else of the block stays"),
    SCHEME,
    REFERENCE,
    PAIRS,
    Column("difference", float, "mean over seeds of scheme − reference in the block, in test accuracy", unit="share"),
    Column("other_difference", float, "the same where the factor is changed", unit="share"),
    Column("contrast", float, "the one less the other: the interaction of scheme and factor", unit="share"),
    Column("low", float, "lower end of its 95 % interval (sign-flip test inverted)"),
    Column("high", float, "upper end"),
    P,
    Column(
        "p_adjusted", float, "p adjusted for all contrasts of the network and factor (step-down max-T, whole seeds flipped)",
        unit="probability",
    ),
    NOTE,
)  # fmt: skip


@analysis(
    "interactions",
    row="a scheme's lead in two blocks that differ in one thing",
    settings=("reference", "looks"),
    columns=COLUMNS,
)
def interactions(tables, settings):
    """(scheme − reference in a block) − (scheme − reference in a block that differs in one factor), seed by seed.

    For random schemes; all pairs of activations and of normalisations, and each depth against the least. The family of the
    adjustment: all contrasts of one factor in one network (data set, architecture, width, optimiser).
    """
    table = scores(tables.chosen_runs)
    table = table[(table["scheme"] == settings.reference) | table["scheme"].map(is_random).astype(bool)]
    rows = []
    for _, part in table.groupby(NETWORK, observed=True):
        leads = lead(part, settings.reference)
        for factor in FACTORS:
            family = list(contrasts(leads, factor))
            rows += _tested(family, settings)
    return frame_of(rows, COLUMNS)


def is_random(scheme: str) -> bool:
    """Whether a scheme draws its weights: the lead of others says how well the reference does, and nothing of random starts."""
    return scheme_parts(scheme).start == "random"


def lead(table: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Scheme − reference of a `scores` table: a row a block and scheme, a column a seed, NaN where either has no run."""
    wide = table.pivot(index=[*BLOCK, "scheme"], columns="seed", values="value")
    schemes = wide.index.get_level_values("scheme")
    own, others = wide[schemes == reference].droplevel("scheme"), wide[schemes != reference]
    matched = own.reindex(others.index.droplevel("scheme")).to_numpy()
    d = others - matched
    largest = np.fmax(others.abs(), np.abs(matched))
    return d.mask(d.abs() <= RESOLUTION * largest, 0.0)


def contrasts(leads: pd.DataFrame, factor: str) -> Iterator[tuple[dict, np.ndarray, np.ndarray]]:
    """(keys, leads in the block, leads where the factor is changed) of every contrast, seeds in the leads' order."""
    names = list(leads.index.names)
    for _, alike in leads.groupby([key for key in names if key != factor], observed=True):
        of_level = dict(zip(alike.index.get_level_values(factor), alike.to_numpy(), strict=True))
        for one, other in _pairs(sorted(of_level), factor):
            keys = dict(zip(names, alike.index[0], strict=True)) | {factor: one, "factor": factor, "other": str(other)}
            yield keys, of_level[one], of_level[other]


def _pairs(levels: list, factor: str) -> Iterable[tuple]:
    """What is set against what: every depth against the least, else all pairs."""
    return ((level, levels[0]) for level in levels[1:]) if factor == "depth" else combinations(levels, 2)


def _tested(family: list[tuple], settings) -> list[dict]:
    """The rows of a family, each with its own p and interval, and p adjusted for all of them."""
    if not family:
        return []
    d = np.array([_contrast(one, other) for _, one, other in family])
    adjusted = step_down(np.nan_to_num(d))
    rows = []
    for (keys, one, other), own, p in zip(family, d, adjusted, strict=True):
        both = np.isfinite(own)
        row = keys | {"reference": settings.reference} | _row(own[both])
        if both.any():
            row |= {"difference": _mean(one[both]), "other_difference": _mean(other[both])}
        if np.isfinite(row["p"]):
            row["p_adjusted"] = min(settings.looks * max(float(p), row["p"]), 1.0)
        rows.append(row)
    return rows


def _contrast(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """one − other, with rounding noise set to zero."""
    d = one - other
    return np.where(np.abs(d) <= RESOLUTION * np.fmax(np.abs(one), np.abs(other)), 0.0, d)


def _mean(d: np.ndarray) -> float:
    """The mean, 0 where it is what is left of differences that cancel."""
    return float(np.round(d.mean(), 12)) + 0.0


def _row(d: np.ndarray) -> dict:
    """The numbers of one contrast from its differences over seeds, and why some are missing."""
    row = dict.fromkeys([column.name for column in COLUMNS if column.type is float], np.nan) | {
        "n": len(d),
        "note": None,
    }
    if not len(d):
        return row | {"note": "cannot be tested, because no seed has a value under both schemes in both blocks"}
    row["contrast"] = _mean(d)
    if len(d) == 1:
        return row | {"note": "cannot be tested, because one seed shows no spread"}
    row["p"] = min(sign_flip(d).p, 1.0)
    interval = sign_flip_interval(d)
    if interval is None:
        few = f"{len(d)} seeds carry none at {CONFIDENCE:g}" if len(d) < MINIMUM_SEEDS else "all seeds give the same"
        return row | {"note": f"no interval: {few}"}
    return row | {"low": interval[0], "high": interval[1]}
