"""From the verdicts on single cells to the claim's: the tables `claims` and `claim_cells`."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import chain

import pandas as pd

from initbench.base.catalogue import LANGUAGES
from initbench.claims import CellVerdict, Claim
from initbench.claims.conditions import Condition, condition
from initbench.claims.duplicates import same_networks
from initbench.claims.evidence import Setting, counts_of, evidence_of, setting_of, told
from initbench.claims.quantities import of_axis
from initbench.claims.tables import CLAIM_CELLS, CLAIMS
from initbench.claims.words import condition_in_words
from initbench.study.cells import CELL

SUPPORTED, PARTLY, REFUTED = "supported", "supported only when", "refuted"
UNTOLD, UNTESTED = "cannot be told", "not tested"
SUFFIX = {"en": "", "zh": "_zh"}  # of a column in a language


@dataclass(frozen=True)
class Verdict:
    """What the cells say together, with the condition of a claim that holds in some of them only."""

    name: str
    condition: Condition | None = None


@dataclass(frozen=True)
class Judged:
    """A claim with its cells, and those of them that count: no two are the same network."""

    claim: Claim
    cells: list[CellVerdict]
    counted: list[CellVerdict]


def judge(tables, claims: Iterable[Claim]) -> dict[str, pd.DataFrame]:
    """The tables `claims`, a row a claim in the order given, and `claim_cells` of a study, from its tables
    (initbench.tables.views.Tables)."""
    same, setting, datasets = same_networks(tables), setting_of(tables), sorted(tables.runs["dataset"].unique())
    judged = []
    for claim in claims:
        cells = claim.function(tables)
        judged.append(Judged(claim, cells, counted_once(cells, same)))
    rows = {CLAIMS: (_row(found, setting, datasets) for found in judged), CLAIM_CELLS: chain(*map(_cells, judged))}
    return {
        table.name: pd.DataFrame(list(made), columns=[column.name for column in table.columns])
        for table, made in rows.items()
    }


def counted_once(cells: list[CellVerdict], same: Mapping[tuple, tuple]) -> list[CellVerdict]:
    """The cells without those that are the same network as another of them; `same` as `same_networks` gives it."""
    keys = [tuple(found.cell.get(axis) for axis in CELL) for found in cells]
    there = set(keys)
    return [found for key, found in zip(keys, cells, strict=True) if same.get(key) not in there]


def verdict_of(cells: list[CellVerdict]) -> Verdict:
    """All cells hold: supported; none: refuted; some: supported only when, with the condition; no cell: not tested.

    Cells in which the runs cannot tell are left aside; if all are such, it cannot be told.
    """
    if not cells:
        return Verdict(UNTESTED)
    cells = told(cells)
    if not cells:
        return Verdict(UNTOLD)
    holds = [bool(found.holds) for found in cells]
    if all(holds):
        return Verdict(SUPPORTED)
    if not any(holds):
        return Verdict(REFUTED)
    return Verdict(PARTLY, condition([found.cell for found in cells], holds))


def _row(judged: Judged, setting: Setting, datasets: list[str]) -> dict:
    """The row of a claim."""
    claim, cells = judged.claim, [_without(found, setting.constant) for found in judged.counted]
    verdict, updates = verdict_of(cells), {found.cell.get("updates") for found in cells}
    budget = min(updates) if len(updates) == 1 else None
    holding, there = counts_of(cells)
    row = {
        "id": claim.id,
        "verdict": verdict.name,
        "governed_by": (verdict.condition and ", ".join(side.axis for side in verdict.condition.sides)) or None,
        "figure": claim.figure,
        "cells": there,
        "cells_holding": holding,
        "cells_untold": len(cells) - there,
        "by_dataset": _by_dataset(cells, datasets) if len(datasets) > 1 else None,
    }
    for language in LANGUAGES:
        texts = asdict(claim.texts[language]) | {
            "condition": verdict.condition and condition_in_words(verdict.condition, language, budget),
            "evidence": evidence_of(cells, language, setting, len(judged.cells) - len(judged.counted)),
        }
        row |= {name + SUFFIX[language]: text for name, text in texts.items()}
    return row


def _by_dataset(cells: list[CellVerdict], datasets: Iterable[str]) -> list[dict]:
    """The verdict on each data set alone, a record a data set."""
    records = []
    for name in datasets:
        own = [found for found in cells if found.cell.get("dataset", name) == name]
        holding, there = counts_of(own)
        records.append({"dataset": name, "verdict": verdict_of(own).name, "cells": there, "cells_holding": holding})
    return records


def _without(found: CellVerdict, axes: Iterable[str]) -> CellVerdict:
    cell = {axis: value for axis, value in found.cell.items() if axis not in axes}
    return CellVerdict(cell, found.holds, found.number, found.measured)


def _cells(judged: Judged) -> list[dict]:
    """The rows of a claim's cells, in the order of their keys as the claim gives them."""
    counted = {id(found) for found in judged.counted}
    return [
        {axis: found.cell.get(axis) for axis in CELL}
        | {
            "id": judged.claim.id,
            "counted": id(found) in counted,
            "holds": None if found.holds is None else bool(found.holds),
            "number": float(found.number),
            "measured": [asdict(quantity) for quantity in (*_axes(found), *found.measured)],
        }
        for found in judged.cells
    ]


def _axes(found: CellVerdict) -> list:
    """Where a cell stands on axes that are no keys: measured ones, its kind of start, how it was trained."""
    measured = {quantity.name for quantity in found.measured}
    return [of_axis(axis, value) for axis, value in found.cell.items() if axis not in (*CELL, *measured)]
