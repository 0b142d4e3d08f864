"""A user's own data: a table in a file or from OpenML, described in the study's config.

`reading` makes columns of a file, `text` numbers of text, `encoding` features of columns; all faults are found before any is
told. What stands in which column decides what becomes of it, never the labels; which categories and columns there are is read
from the whole table, what they are filled and scaled with from each seed's training part alone (`initbench.datasets.prepared`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from initbench.datasets.description import ColumnUse
from initbench.datasets.faults import class_faults, feature_faults
from initbench.datasets.labels import read_labels
from initbench.datasets.loaded import Loaded
from initbench.datasets.own.choice import Chosen, chosen
from initbench.datasets.own.encoding import encoded
from initbench.datasets.own.raw import FaultsError
from initbench.datasets.own.reading import read


@dataclass(frozen=True)
class Inspection:
    """What a table holds, looked at as a study looks at it.

    faults: all that keeps it from being learned from, each by its column; none if `loaded` is there. columns: what is done
    with each. read_as: how the file was read. classes: rows of each class; rows: of the table.
    """

    faults: tuple[str, ...]
    columns: tuple[ColumnUse, ...] = ()
    read_as: str = ""
    rows: int = 0
    classes: Mapping[str, int] = field(default_factory=dict)
    loaded: Loaded | None = None


def load_own(source: Mapping[str, Any]) -> Loaded:
    """The features and labels of a described table. Raises ValueError with all that is wrong, a line a fault."""
    found = inspect(source)
    if found.loaded is None:
        raise ValueError("\n".join(f"data set {source['name']}: {_called(source)}{fault}" for fault in found.faults))
    return found.loaded


def inspect(source: Mapping[str, Any]) -> Inspection:
    """Look at a table: `path` (or `openml` and `version`), and as in a study `label`, `features`, `drop`, `categories`.

    Without a `label` the columns are described, and the fault is that none is named.
    """
    try:
        raw = read(source)
        choice = chosen(raw, source)
    except FaultsError as error:
        return Inspection(error.faults)
    encoding = encoded(choice, source.get("categories") or ())
    faults, columns = [*encoding.faults, *_numbers_that_cannot_be_scaled(encoding)], encoding.columns
    if choice.label is None:
        names = ", ".join(map(repr, raw.names))
        return Inspection(
            (f"name the label's column: the table holds {names}", *faults), columns, raw.read_as, raw.rows
        )
    labels, label_faults = read_labels(choice.label, choice.labels)
    faults += label_faults
    if label_faults:
        return Inspection(tuple(faults), columns, raw.read_as, raw.rows)
    classes, codes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    faults += class_faults(classes.tolist(), counts.tolist(), choice.label)
    known = dict(zip(map(str, classes.tolist()), counts.tolist(), strict=True))
    return _inspected(raw, choice, encoding, faults, (classes, codes, known))


def _numbers_that_cannot_be_scaled(encoding) -> list[str]:
    """The faults of features, where all columns could be made some."""
    if encoding.faults or not encoding.names:
        return []
    return feature_faults(np.where(np.isnan(encoding.features), encoding.medians, encoding.features), encoding.names)


def _inspected(raw, choice: Chosen, encoding, faults: list[str], labelled) -> Inspection:
    """The look at a table whose labels could be read."""
    classes, codes, known = labelled
    columns = tuple(encoding.suspected(codes, choice))
    if faults:
        return Inspection(tuple(faults), columns, raw.read_as, raw.rows, known)
    loaded = Loaded(encoding.features, codes, classes, encoding.names, columns)
    return Inspection((), columns, raw.read_as, raw.rows, known, loaded)


def _called(source: Mapping[str, Any]) -> str:
    return f"{Path(source['path']).name}: " if source.get("path") else ""
