"""The evidence of the claims as small tables: the cells at both ends of a claim's range, and one of each activation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pandas as pd

from initbench.base.catalogue import Words
from initbench.claims.tables import Quantity
from initbench.claims.words import cell_in_words, quantity_in_words, quantity_name, quantity_parts, value_name
from initbench.study.cells import CELL

ORDER = ("scheme", "activation", "depth", "normalization", "width", "dataset", "architecture", "optimizer")
LEFT_OUT = ("start", "value", "bias", "n·c", "updates", "rate")  # said by the label of the scheme, or beside the table
NAMED_IF_SEVERAL = ("architecture", "optimizer")
EXPLORED = (
    "dataset",
    "architecture",
    "width",
    "depth",
    "activation",
    "normalization",
    "optimizer",
)  # in the explorer's address


@dataclass(frozen=True)
class CellRow:
    """A cell of a claim: where it stands, whether the claim holds there, and what was measured by name."""

    axes: Mapping[str, object]
    holds: bool | None
    measured: Mapping[str, Quantity]


def cell_tables(cells: pd.DataFrame, claims: pd.DataFrame, language: str) -> dict[str, dict]:
    """Claim → its table as a template shows it: `heads`, `rows`, what all rows have alike, and how many cells there are.

    cells: the table `claim_cells`; claims: rows of `claims`.
    """
    counted = cells[cells["counted"]]
    axes = [axis for axis in ORDER if axis not in NAMED_IF_SEVERAL or counted[axis].nunique() > 1]
    governed = dict(zip(claims["id"], claims["governed_by"].fillna("").str.split(", "), strict=True))
    return {
        name: _table(part, axes, governed[name], language)
        for name, part in counted.groupby("id", sort=False)
        if name in governed
    }


def _table(part: pd.DataFrame, axes: Sequence[str], governed: Sequence[str], language: str) -> dict:
    rows = [_cell(row) for row in quoted(part).to_dict("records")]
    axes = [axis for axis in axes if any(axis in row.axes for row in rows)]
    names = list(dict.fromkeys(name for row in rows for name in row.measured))
    names = [name for name in names if name in governed or name not in LEFT_OUT]
    apart = [axis for axis in axes if len({row.axes.get(axis) for row in rows}) > 1]
    shown = [name for name in names if len(rows) == 1 or len({_said(row, name, language) for row in rows}) > 1]
    columns = [_column(name, rows, language) for name in shown]
    words = Words(language, "claims.page")
    return {
        "axes": [{"head": Words(language).term(axis), "number": axis in ("width", "depth")} for axis in apart],
        "columns": columns,
        "rows": [_shown(row, apart, columns, words) for row in rows],
        "alike": _alike(
            rows[0], [axis for axis in axes if axis not in apart], [name for name in names if name not in shown], words
        ),
        "shown": len(rows),
        "cells": len(part),
        "forms": sorted({row.measured[name].form for row in rows for name in shown if name in row.measured}),
        "explore": _address(rows),
    }


def quoted(part: pd.DataFrame) -> pd.DataFrame:
    """The rows of `claim_cells` that are shown of a claim, by whether it holds, then by the endpoint.

    Of the cells where it holds, fails and cannot be told those at both ends, and one of each activation.
    """
    kept = []
    for holds in (True, False, None):
        kind = part[part["holds"].isna() if holds is None else part["holds"].eq(holds)].sort_values(
            "number", kind="stable"
        )
        first = ~kind["activation"].duplicated() if len(kind) else kind["counted"]
        ends = pd.Series(range(len(kind)), kind.index).isin([0, len(kind) - 1])
        middle = first & ~kind["activation"].isin(kind.loc[ends, "activation"])
        kept.append(kind[ends | middle])
    return pd.concat(kept)


def _cell(row: Mapping) -> CellRow:
    axes = {axis: row[axis] for axis in CELL if pd.notna(row[axis])}
    axes = {axis: value if isinstance(value, str) else int(value) for axis, value in axes.items()}
    found = [Quantity(**{key: _known(value) for key, value in record.items()}) for record in row["measured"]]
    return CellRow(axes, None if pd.isna(row["holds"]) else bool(row["holds"]), {one.name: one for one in found})


def _known(value):
    return None if value is None or value != value else value


def _said(row: CellRow, name: str, language: str) -> str:
    return quantity_in_words(row.measured[name], language) if name in row.measured else ""


def _column(name: str, rows: Iterable[CellRow], language: str) -> dict:
    """A quantity as a column: its heading, and whether an interval stands beside it."""
    found = [row.measured[name] for row in rows if name in row.measured]
    return {
        "name": name,
        "head": quantity_name(name, language),
        "interval": any(quantity_parts(one, language)[1] for one in found),
        "text": all(one.form == "word" for one in found),
    }


def _shown(row: CellRow, axes: Iterable[str], columns: Iterable[Mapping], words: Words) -> dict:
    """A row as the template shows it."""
    marks = {True: ("yes", "holds"), False: ("no", "fails"), None: ("open", "untold")}
    tone, key = marks[row.holds]
    language = words.language
    nothing = ("", "")
    return {
        "axes": [value_name(axis, row.axes[axis], language) if axis in row.axes else "" for axis in axes],
        "tone": tone,
        "holds": words(key),
        "values": [
            quantity_parts(row.measured[column["name"]], language) if column["name"] in row.measured else nothing
            for column in columns
        ],
    }


def _alike(row: CellRow, axes: Iterable[str], names: Iterable[str], words: Words) -> str:
    """What all the cells shown have alike, in words."""
    language = words.language
    place = cell_in_words({axis: row.axes[axis] for axis in axes if axis in row.axes}, language)
    said = [words("alike", name=quantity_name(name, language), value=_said(row, name, language)) for name in names]
    return words("semicolon").join([*([place] if place else []), *said])


def _address(rows: Sequence[CellRow]) -> str | None:
    """What stands after "#" in the address at which the explorer shows a telling cell: one that fails, if some do.

    None for claims that are not judged network by network.
    """
    telling = next((row for row in rows if row.holds is False), rows[0])
    if not {"activation", "depth", "normalization"} <= set(telling.axes):
        return None
    return urlencode({axis: telling.axes[axis] for axis in EXPLORED if axis in telling.axes})
