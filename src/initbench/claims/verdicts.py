"""From the verdicts on single cells to the claim's: the table `claims`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from initbench.claims import TABLE, CellVerdict, Claim
from initbench.claims.conditions import Condition, condition
from initbench.claims.duplicates import same_networks
from initbench.claims.words import cell_in_words, condition_in_words
from initbench.study.cells import CELL

SUPPORTED, PARTLY, REFUTED = "supported", "supported only when", "refuted"
UNTOLD, UNTESTED = "cannot be told", "not tested"
SHOWN = (
    2  # cells quoted at each end of the range of numbers, holding and failing separately; and one of each activation
)
NAMED_IF_SEVERAL = ("architecture", "optimizer")  # axes that words leave out where the study has one value


@dataclass(frozen=True)
class Verdict:
    """What the cells say together, with the condition of a claim that holds in some of them only."""

    name: str
    condition: Condition | None = None


def judge_claims(tables, claims: Iterable[Claim]) -> pd.DataFrame:
    """The table `claims` of a study, a row a claim in the order given, from its tables (initbench.tables.views.Tables)."""
    constant = {axis for axis in NAMED_IF_SEVERAL if tables.runs[axis].nunique() <= 1}
    datasets = sorted(tables.runs["dataset"].unique())
    same, rows = same_networks(tables), []
    for claim in claims:
        judged = claim.function(tables)
        counted = counted_once(judged, same)
        shown = [_without(found, constant) for found in counted]
        rows.append(_row(claim, shown, len(judged) - len(counted), datasets))
    return pd.DataFrame(rows, columns=[column.name for column in TABLE.columns])


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
    cells = _told(cells)
    if not cells:
        return Verdict(UNTOLD)
    holds = [found.holds for found in cells]
    if all(holds):
        return Verdict(SUPPORTED)
    if not any(holds):
        return Verdict(REFUTED)
    return Verdict(PARTLY, condition([found.cell for found in cells], holds))


def evidence_of(cells: list[CellVerdict]) -> str:
    """How many cells hold, and the cells at both ends of the endpoint's range, those that hold and those that fail."""
    if not cells:
        return "This study has none of the cells that the rule asks for."
    common = {axis for axis in cells[0].cell if all(found.cell.get(axis) == cells[0].cell[axis] for found in cells)}
    everywhere = cell_in_words({axis: cells[0].cell[axis] for axis in common})
    parts = [_counted(cells, everywhere)]
    for word, holds in (("Holds", True), ("Fails", False), ("Cannot be told", None)):
        kind = sorted((found for found in cells if _holds(found) is holds), key=lambda found: found.number)
        texts = {found.evidence for found in kind}
        if len(kind) > 1 and len(texts) == 1:
            parts.append(f"{word}, the same in each of {len(kind)} cells: {kind[0].evidence}.")
        elif kind:
            parts.append(_quoted(word, kind, common))
    return "\n".join(parts)


def _counted(cells: list[CellVerdict], everywhere: str) -> str:
    """In how many cells the claim holds, and in how many more the runs cannot tell."""
    untold = len(cells) - len(_told(cells))
    if untold == len(cells):
        return f"The runs cannot tell ({everywhere})."
    more = f" In {untold} more the runs cannot tell." if untold else ""
    return f"Holds in {_of(cells)} cells ({everywhere}){_by_start(cells)}.{more}"


def _holds(found: CellVerdict) -> bool | None:
    return None if found.holds is None else bool(found.holds)


def _told(cells: list[CellVerdict]) -> list[CellVerdict]:
    """The cells in which a claim holds or fails."""
    return [found for found in cells if found.holds is not None]


def _of(cells: list[CellVerdict]) -> str:
    return f"{sum(bool(found.holds) for found in cells)} of {len(_told(cells))}"


def _by_start(cells: list[CellVerdict]) -> str:
    """Such as "; by start: random 0 of 48, constant 13 of 34", where there are several kinds."""
    kinds = sorted({start for found in cells if (start := found.cell.get("start"))}, reverse=True)
    counts = [f"{kind} {_of([found for found in cells if found.cell.get('start') == kind])}" for kind in kinds]
    return "; by start: " + ", ".join(counts) if len(kinds) > 1 else ""


def _row(claim: Claim, cells: list[CellVerdict], twice: int, datasets: list[str]) -> dict:
    """The row of a claim; twice: cells that were left out since they are the network of another cell."""
    verdict, updates = verdict_of(cells), {found.cell.get("updates") for found in cells}
    budget = min(updates) if len(updates) == 1 else None
    english, chinese = (
        verdict.condition and condition_in_words(verdict.condition, language, budget) for language in ("en", "zh")
    )
    again = f"\nNot counted: {twice} more, the same networks under another scheme's label." if twice else ""
    return {
        "id": claim.id,
        "statement": claim.statement,
        "statement_zh": claim.statement_zh,
        "claimed_in": claim.claimed_in,
        "rule": claim.rule,
        "verdict": verdict.name,
        "condition": english,
        "condition_zh": chinese,
        "evidence": evidence_of(cells) + again,
        "figure": claim.figure,
        "cells": len(_told(cells)),
        "cells_holding": sum(bool(found.holds) for found in cells),
        "by_dataset": _by_dataset(cells, datasets) if len(datasets) > 1 else None,
    }


def _by_dataset(cells: list[CellVerdict], datasets: Iterable[str]) -> str:
    """Such as "digits: supported, 24 of 24 cells; wine: refuted, 0 of 24 cells"."""
    texts = []
    for name in datasets:
        own = [found for found in cells if found.cell.get("dataset", name) == name]
        counts = f", {_of(own)} cells" if _told(own) else ""
        texts.append(f"{name}: {verdict_of(own).name}{counts}")
    return "; ".join(texts)


def _without(found: CellVerdict, axes: set[str]) -> CellVerdict:
    return replace(found, cell={axis: value for axis, value in found.cell.items() if axis not in axes})


def _quoted(word: str, cells: list[CellVerdict], common: set[str]) -> str:
    """The cells at both ends of a list sorted by its numbers, and one of every activation."""
    chosen = {i for i in range(len(cells)) if i < SHOWN or i >= len(cells) - SHOWN}
    activations = {cells[i].cell.get("activation") for i in chosen}
    for i, found in enumerate(cells):
        if found.cell.get("activation") not in activations:
            activations.add(found.cell.get("activation"))
            chosen.add(i)
    quoted = [cells[i] for i in sorted(chosen)]
    where = f"{word}, {len(quoted)} of {len(cells)} cells quoted" if len(cells) > len(quoted) else word
    names = [
        cell_in_words({axis: value for axis, value in found.cell.items() if axis not in common}) for found in quoted
    ]
    texts = [f"{name}: {found.evidence}" if name else found.evidence for name, found in zip(names, quoted, strict=True)]
    return f"{where}: " + "; ".join(texts) + "."
