"""What was done with each column of a user's own table: taken as what, filled, left out."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from initbench.analyses import SPLITS, analysis
from initbench.base.columns import Column
from initbench.datasets.description import NOTES, unpacked
from initbench.datasets.splits import read_columns

COLUMNS = (
    Column("dataset", str, "the data set"),
    Column("position", int, "1, 2, …: the columns in the order of the table, the label last"),
    Column("name", str, "the column"),
    Column("kind", str, "what it was taken as: label, number, category or left_out"),
    Column("inputs", int, "inputs of the networks that were made of it"),
    Column(
        "values",
        int,
        "different values in the table, but for missing ones; the label's classes; null if it was not read",
    ),
    Column("missing", int, "rows that lack one; null if it was not read"),
    Column("grouped", int, "rare categories that are one, other"),
    Column("notes", str, "what was done with it or is striking: " + "; ".join(f"{k}, {v}" for k, v in NOTES.items())),
)


@analysis(
    "data_columns",
    row="a column of a data set that is a table of the user's own",
    reads=(SPLITS,),
    group="networks",  # which reads the same files: no process for a few rows
    columns=COLUMNS,
)
def data_columns(tables, settings):
    """No row for data sets that are registered functions, which return numbers."""
    rows = [
        {"dataset": dataset, "position": number, **vars(column), "notes": ", ".join(column.notes)}
        for dataset, packed in _described(tables.splits)
        for number, column in enumerate(unpacked(packed), start=1)
    ]
    frame = pd.DataFrame(rows, columns=[column.name for column in COLUMNS])
    unread = frame["notes"] == "told"
    return frame.assign(**{name: frame[name].astype(object).mask(unread, None) for name in ("values", "missing")})


def _described(splits: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(data set, what was done with its columns) of every user's own table, from one of its files of splits."""
    files = {Path(path).parent.name: path for path in splits}
    for dataset, path in sorted(files.items()):
        if columns := read_columns(path):
            yield dataset, columns
