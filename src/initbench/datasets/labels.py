"""The labels of a user's file: whole numbers or text, whatever they were written as."""

import datetime
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from initbench.datasets.faults import CLASSES_OF_A_QUANTITY

WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.0*)?")  # 01 is text, as in a code
NUMBER = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
LARGEST = 2**63 - 1


def read_labels(label: str, values: Sequence) -> tuple[np.ndarray, list[str]]:
    """Labels as one NumPy array of integers or text, and what is wrong with them. None, NaN and empty text are missing."""
    missing = [row for row, value in enumerate(values) if _is_missing(value)]
    if missing:
        more = f", the first of them {missing[0] + 1}" if len(missing) > 1 else ""
        rows = f"row {missing[0] + 1}" if len(missing) == 1 else f"{len(missing):,} rows"
        return np.empty(0), [f"the label {label!r} is missing in {rows}{more}: leave these rows out"]
    kinds = {_kind(value) for value in values}
    if wrong := kinds - {"whole", "number", "text", "truth"}:
        row = next(row for row, value in enumerate(values) if _kind(value) in wrong)
        what = f"{_kind(values[row])}, such as {values[row]!r}"
        return np.empty(0), [f"the label {label!r} holds {what}: give whole numbers or text"]
    if kinds == {"number"} or kinds == {"number", "whole"}:
        row = next(row for row, value in enumerate(values) if _kind(value) == "number")
        fault = f"the label {label!r} is {values[row]} in row {row + 1}: give a whole number or text for each class"
        return np.empty(0), [f"{fault}; if it is a quantity, {CLASSES_OF_A_QUANTITY.format(label=label)}"]
    if kinds == {"whole"}:
        numbers = [int(value.partition(".")[0]) if isinstance(value, str) else int(value) for value in values]
        if max(map(abs, numbers)) <= LARGEST:
            return np.array(numbers), []
    return np.array([str(value) for value in values]), []


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return value == "" if isinstance(value, str) else isinstance(value, float | np.floating) and bool(np.isnan(value))


def _kind(value: Any) -> str:
    """Whole numbers are those written as such too: a file of text has no other."""
    if isinstance(value, bool | np.bool_):
        return "truth"
    if isinstance(value, int | np.integer):
        return "whole"
    if isinstance(value, float | np.floating):
        return "whole" if float(value).is_integer() else "number"
    if isinstance(value, str):
        return "whole" if WHOLE.fullmatch(value) else "number" if NUMBER.fullmatch(value) else "text"
    if isinstance(value, datetime.date | datetime.time | np.datetime64):
        return "dates"
    return "bytes" if isinstance(value, bytes) else f"values of the type {type(value).__name__}"
