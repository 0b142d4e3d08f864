"""What was done with a column of a user's own table, in codes that any language can put into words."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

KINDS = ("label", "number", "category", "left_out")
NOTES = {  # code → in words
    "decimal_comma": "written with decimal commas",
    "filled": "missing values are filled with the median of the training part",
    "indicator": "an input of its own says where values are missing",
    "missing_category": "missing is a category of its own",
    "grouped": "categories of fewer than 1 % of the rows are one, 'other'",
    "told": "left out, as the study says",
    "constant": "left out: it has one value in all rows",
    "empty": "left out: fewer than 1 % of the rows have a value",
    "counts_rows": "it counts the rows, as an identifier does: name it under drop to leave it out",
    "identifier": "it is another whole number in each row, as an identifier is: name it under drop to leave it out",
    "tells_label": "it tells the label, each of its values has one class: name it under drop if it is not known beforehand",
}
SUSPICIONS = ("counts_rows", "identifier", "tells_label")


@dataclass(frozen=True)
class ColumnUse:
    """A column: what it was taken for (KINDS), how many inputs of the networks it makes, its different values, how many
    rows lack one, how many rare categories were put together, and NOTES of it."""

    name: str
    kind: str
    inputs: int
    values: int
    missing: int
    grouped: int = 0
    notes: tuple[str, ...] = ()


def said(column: ColumnUse, codes: Iterable[str] = tuple(NOTES)) -> list[str]:
    """The notes of a column in words, of those codes."""
    return [NOTES[code] for code in column.notes if code in codes]


def packed(columns: Iterable[ColumnUse]) -> str:
    """Columns as one text."""
    return json.dumps([asdict(column) for column in columns], ensure_ascii=False)


def unpacked(text: str) -> tuple[ColumnUse, ...]:
    """The columns in a text that `packed` made."""
    return tuple(ColumnUse(**{**each, "notes": tuple(each["notes"])}) for each in json.loads(text))
