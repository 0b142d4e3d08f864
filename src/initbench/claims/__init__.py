"""The claims under test, one function a claim: in which cells of the study does it hold?

`@claim` fixes a claim's statement and its rule (endpoint, threshold, cells) beside the function that applies the rule to
the tables and returns an `Outcome` for every cell it can judge. `judge` turns the outcomes of all claims into the table
`claims`; verdicts and conditions are computed there, the same way for every claim.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from initbench.base.columns import Column, Table
from initbench.base.registry import Registry
from initbench.claims.conditions import Condition, condition, in_words

CLAIMS = Registry("claim", "initbench.claims")
SUPPORTED, PARTLY, REFUTED, UNTESTED = "supported", "supported only when", "refuted", "not tested"
CELL_ORDER = ("scheme", "activation", "depth", "normalization", "width", "dataset")
APPROXIMATE = {
    "en": "mostly {0} (holds in {1} of {2} such cells, in {3} of {4} others)",
    "zh": "多数情况：{0}（此类单元 {2} 个中 {1} 个成立，其余 {4} 个中 {3} 个成立）",
}
SHOWN = 2  # cells quoted at each end of the range of numbers, holding and failing apart; and one of each activation


TABLE = Table(
    "claims",
    "a claim",
    (
        Column("id", str, "name of the claim"),
        Column("statement", str, "the claim as the literature states it, in English"),
        Column("statement_zh", str, "the claim in Chinese"),
        Column("rule", str, "endpoint, threshold and cells by which it is judged"),
        Column("verdict", str, "supported, supported only when, refuted or not tested"),
        Column("condition", str, "where it holds, if in some cells only; null otherwise"),
        Column("condition_zh", str, "the condition in Chinese"),
        Column("evidence", str, "the decisive numbers with their uncertainty"),
        Column("figure", str, "the figure that shows it"),
        Column("cells", int, "cells in which it was judged"),
        Column("cells_holding", int, "cells in which it holds"),
    ),
)


@dataclass(frozen=True)
class Outcome:
    """Whether a claim holds in one cell: `cell` maps axes to values, `number` is the endpoint, `evidence` says it in words."""

    cell: Mapping[str, object]
    holds: bool
    number: float
    evidence: str


@dataclass(frozen=True)
class Claim:
    """A declared claim. `function(tables)` gives its outcomes, none where the study lacks the cells. place: its order."""

    id: str
    statement: str
    statement_zh: str
    rule: str
    figure: str
    place: int
    function: Callable


@dataclass(frozen=True)
class Verdict:
    """What the outcomes say, with the condition of a claim that holds in some cells only."""

    name: str
    condition: Condition | None = None


def claim(id: str, *, statement: str, statement_zh: str, rule: str, figure: str, place: int):
    """Register the decorated function as the claim `id`; `figure` is a name in initbench.figures that shows it."""

    def register(function):
        CLAIMS.add(id.replace("-", "_"), Claim(id, statement, statement_zh, rule, figure, place, function))
        return function

    return register


def in_order() -> list[Claim]:
    """All claims in the order of the report."""
    return sorted((CLAIMS[name] for name in CLAIMS), key=lambda c: (c.place, c.id))


def verdict_of(outcomes: list[Outcome]) -> Verdict:
    """All cells hold: supported; none: refuted; some: supported only when, with the condition; no cell: not tested."""
    if not outcomes:
        return Verdict(UNTESTED)
    holds = [outcome.holds for outcome in outcomes]
    if all(holds):
        return Verdict(SUPPORTED)
    if not any(holds):
        return Verdict(REFUTED)
    return Verdict(PARTLY, condition([outcome.cell for outcome in outcomes], holds))


def evidence_of(outcomes: list[Outcome]) -> str:
    """How many cells hold, and the cells at both ends of the endpoint's range, those that hold and those that fail."""
    if not outcomes:
        return "This study has none of the cells that the rule asks for."
    same = {axis for axis in outcomes[0].cell if len({o.cell.get(axis) for o in outcomes}) == 1}
    everywhere = cell_text({axis: outcomes[0].cell[axis] for axis in same})
    parts = [f"Holds in {sum(o.holds for o in outcomes)} of {len(outcomes)} cells ({everywhere})."]
    for word, wanted in (("Holds", True), ("Fails", False)):
        mine = sorted((o for o in outcomes if o.holds is wanted), key=lambda o: o.number)
        texts = list(dict.fromkeys(o.evidence for o in mine))
        if len(mine) > 1 and len(texts) == 1:
            parts.append(f"{word}, the same in each of {len(mine)} cells: {texts[0]}.")
        elif mine:
            parts.append(_ends(word, mine, same))
    return "\n".join(parts)


def _ends(word: str, outcomes: list[Outcome], same: set[str]) -> str:
    """The cells at both ends of outcomes sorted by their number, and one of every activation."""
    places = set(range(SHOWN)) | set(range(len(outcomes) - SHOWN, len(outcomes)))
    quoted = {outcomes[place].cell.get("activation") for place in places if 0 <= place < len(outcomes)}
    for place, outcome in enumerate(outcomes):
        if outcome.cell.get("activation") not in quoted:
            quoted.add(outcome.cell.get("activation"))
            places.add(place)
    ends = [outcome for place, outcome in enumerate(outcomes) if place in places]
    where = f"{word}, {len(ends)} of {len(outcomes)} cells quoted" if len(outcomes) > len(ends) else word
    named = [{axis: value for axis, value in o.cell.items() if axis not in same} for o in ends]
    texts = [f"{cell_text(cell)}: {o.evidence}" if cell else o.evidence for cell, o in zip(named, ends, strict=True)]
    return f"{where}: " + "; ".join(texts) + "."


def cell_text(cell: Mapping) -> str:
    """A cell in words, without what its scheme's label and its evidence say already."""
    said = {"value", "n·c", "bias", "regime", "factor"}
    order = [axis for axis in CELL_ORDER if axis in cell and axis not in said]
    return ", ".join(in_words(axis, (cell[axis],)) for axis in order)


def judge(tables) -> pd.DataFrame:
    """The table `claims`  from the study's tables, as `measures.load` gives them."""
    return pd.DataFrame([_row(declared, declared.function(tables)) for declared in in_order()])


def _row(declared: Claim, outcomes: list[Outcome]) -> dict:
    verdict = verdict_of(outcomes)
    english, chinese = (in_condition(verdict, "en"), in_condition(verdict, "zh")) if verdict.condition else (None, None)
    return {
        "id": declared.id,
        "statement": declared.statement,
        "statement_zh": declared.statement_zh,
        "rule": declared.rule,
        "verdict": verdict.name,
        "condition": english,
        "condition_zh": chinese,
        "evidence": evidence_of(outcomes),
        "figure": declared.figure,
        "cells": len(outcomes),
        "cells_holding": sum(outcome.holds for outcome in outcomes),
    }


def in_condition(verdict: Verdict, language: str) -> str:
    """The condition of a verdict as a phrase in English (en) or Chinese (zh)."""
    found = verdict.condition
    comma = {"en": ", ", "zh": "，"}[language]
    phrases = (
        {"en": ("not for ", "; nor for "), "zh": ("除外：", "；以及 ")}
        if found.excepted
        else {"en": ("", "; or "), "zh": ("", "；或 ")}
    )
    besides, between = phrases[language]
    boxes = [comma.join(in_words(axis, values, language, known) for axis, values, known in box) for box in found.boxes]
    text = besides + between.join(boxes)
    return text if found.counts is None else APPROXIMATE[language].format(text, *found.counts)
