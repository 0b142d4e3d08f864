"""The rows of the first picture: the gradient that arrives at each layer of a start, its units, and how its runs ended."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from initbench.base.numbers import number
from initbench.report.explorer.cases import Cases
from initbench.report.explorer.packing import PER_DECADE, PER_UNIT, ZERO, coded
from initbench.report.explorer.results import fits_at_choice, outputs
from initbench.study.cells import BLOCK, CELL
from initbench.tables.views import Tables, hidden

DECADES = 8  # of a ratio, in either direction, until a square is as dark as it gets
MOST_SQUARES = 64  # a row of more layers shows so many of them, first and last included
WHITE, BLUES, REDS = (255, 255, 255), ((67, 147, 195), (5, 48, 97)), ((214, 96, 77), (103, 0, 31))
COLUMNS = ["delta_rms_gaussian", "distinct_weights"]


@dataclass(frozen=True)
class Square:
    """The gradient that arrives at a layer, as a share of the last hidden layer's: `kind` is number, zero or unknown."""

    layer: int
    kind: str
    decades: float = 0.0

    @property
    def text(self) -> str:
        """The share in figures."""
        return {"zero": "0", "unknown": "?"}.get(self.kind) or number(10**self.decades, 2)


def block_rows(tables: Tables, cases: Cases, block: int) -> tuple[list[dict], int | None]:
    """(a row a start of a block: label, squares, fewest units, how its chosen runs ended or None; classes of its data or None)."""
    cells = cases.cells[cases.cells["block"] == block]
    where = {name: cells[name].iloc[0] for name in BLOCK}
    where = {name: value.item() if hasattr(value, "item") else value for name, value in where.items()}
    start = tables.layers_at_start(COLUMNS, **where)
    ended = fits_at_choice(tables, cells).set_index("cell")
    rows = [
        {"scheme": cell["scheme"], **signal(start[start["scheme"] == cell["scheme"]])}
        | {"ended": ended.loc[number_] if number_ in ended.index else None}
        for number_, cell in cells[CELL].iterrows()
    ]
    return rows, outputs(start).get(where["dataset"])


def signal(start: pd.DataFrame) -> dict:
    """The squares and the fewest different units of a start, medians over its seeds; of a network without hidden layers none."""
    medians = hidden(start).groupby("layer")[COLUMNS].median()
    codes = coded(medians["delta_rms_gaussian"] ** 2, "log")
    units = medians["distinct_weights"].min()
    return {"squares": squares(codes), "units": None if np.isnan(units) else round(units * PER_UNIT["count"])}


def squares(codes: Sequence[int | None]) -> list[Square]:
    """The squares of a row, from packed logarithms of δ² of each hidden layer."""
    count = len(codes)
    shown = range(count) if count <= MOST_SQUARES else np.linspace(0, count - 1, MOST_SQUARES).round().astype(int)
    return [_square(int(i) + 1, codes[i], codes[-1]) for i in shown]


def _square(layer: int, code: int | None, last: int | None) -> Square:
    if code == ZERO:
        return Square(layer, "zero")
    if code is None or last is None or last == ZERO:
        return Square(layer, "unknown")
    return Square(layer, "number", (code - last) / PER_DECADE)


def colour(decades: float) -> str:
    """White where all of a gradient arrives, blue the more of it vanishes, red the more it grows."""
    share = min(abs(decades) / DECADES, 1.0)
    stops = (WHITE, *(BLUES if decades < 0 else REDS))
    at, part = (0, 2 * share) if share < 0.5 else (1, 2 * share - 1)
    return "#" + "".join(f"{int(a + part * (b - a) + 0.5):02x}" for a, b in zip(stops[at], stops[at + 1], strict=True))
