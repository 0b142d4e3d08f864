"""How far mean-field theory predicts what was measured at initialisation."""

import pandas as pd

from initbench.base.numbers import percent, signed
from initbench.report.sections import section
from initbench.report.words import block_columns
from initbench.study.cells import CELL

AXES = ("dataset", "activation", "depth")  # columns of every table here, or said in its heading


@section("theory", tables=("theory",))
def theory(tables, study, words):
    """Per width, the share of layers that agree; per cell, its worst layers; under batch normalisation, the rates."""
    table = tables.read("theory")
    if table.empty:
        return None
    shown = table["normalization"] == "batch"
    plain, batch = table[~shown], table[shown]
    told = [
        _agreement(width, part, words) for width, part in reversed(list(plain.groupby("width")))
    ]  # the widest first
    return {
        "keys": [column for column in block_columns(table, words) if column[1] not in ("width", *_alike(plain))],
        "finding": words.of("terms")("space").join(told[:2]) or None,
        "widths": told,
        "cells": [_cell(part, words) for _, part in plain.groupby(CELL)],
        "rates": [row for row in map(_rate, (part for _, part in batch.groupby(CELL))) if row["predicted"]],
    }


def _alike(judged) -> tuple[str, ...]:
    """The axes that need no column of their own."""
    return AXES if judged["normalization"].nunique() > 1 else (*AXES, "normalization")


def _agreement(width, part, words) -> str:
    """How many layers of a width agree, and the largest error among them."""
    judged = part["within_tolerance"].dropna().astype(bool)
    columns = ["second_moment_relative_error", "gradient_relative_error"]
    largest = part.loc[judged.index[judged], columns].abs().max(axis=None)
    few, many = int(part["seeds"].min()), int(part["seeds"].max())
    seeds = str(few) if few == many else words.of("page")("range", low=few, high=many)
    counts = {"judged": len(judged), "within": int(judged.sum()), "outside": int((~judged).sum())}
    text = words("finding", width=int(width), seeds=seeds, **counts)
    if pd.isna(largest):
        return text
    return words.of("terms")("space").join([text, words("errors", largest=percent(largest))])


def _cell(part, words) -> dict:
    """One cell's layers: how many agree, and the largest relative errors, each with its standard error."""
    judged = part["within_tolerance"].dropna().astype(bool)
    row = {name: part[name].iloc[0] for name in CELL} | {"passed": f"{judged.sum()} / {len(judged)}"}
    for what in ("second_moment", "gradient"):
        errors = part[f"{what}_relative_error"].dropna()
        worst = part.loc[errors.abs().idxmax()] if len(errors) else None
        row[what] = "" if worst is None else _percent(worst, what, words)
    row["verdict"] = words("not_judged" if judged.empty else "pass" if judged.all() else "fail")
    row["remark"] = _remark(part, words)
    return row


def _percent(row, what, words) -> str:
    error, spread = row[f"{what}_relative_error"], row[f"{what}_standard_error"]
    known = "" if pd.isna(spread) else f" ± {100 * spread:.1f}"
    return words("worst", error=signed(100 * error, 1) + known, layer=int(row["layer"]))


def _remark(part, words) -> str:
    """Notes of the last layer, which has none of the first one's, in words."""
    note, known = part["note"].iloc[-1], words.of("sections.theory.notes")
    notes = [] if pd.isna(note) else note.split("; ")
    return words.term("semicolon").join(known.has(each) or each for each in notes)


def _rate(part) -> dict:
    """Per-layer factor of δ², predicted and measured, as geometric means over all layers of a cell."""
    row = {name: part[name].iloc[0] for name in CELL}
    first, steps = part.loc[part["layer"].idxmin()], len(part) - 1
    for which in ("predicted", "measured"):
        value = first[f"{which}_gradient"]
        row[which] = None if pd.isna(value) or value <= 0 else float(value ** (1 / steps))
    return row
