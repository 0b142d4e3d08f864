"""A user's own data: a .csv, .parquet or .npz file described in the study's config."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np


def read_file(source: Mapping) -> tuple[np.ndarray, np.ndarray]:
    """(features (N, F), labels (N,)) of the file in source["path"].

    `label` names the column of integer or string labels; `features` names the columns to learn from (all others by
    default). In an .npz file the two name arrays, (N, F) and (N,). Raises ValueError, naming the data set and what the
    file holds, if the file or a column is missing, a feature is not a number or a label is.
    """
    name, path = source["name"], Path(source["path"])
    label, wanted = source["label"], source.get("features")
    if not path.is_file():
        raise ValueError(f"data set {name}: there is no file {str(path)!r}")
    if path.suffix == ".npz":
        return _read_npz(name, path, label, wanted)
    if path.suffix not in (".csv", ".parquet"):
        raise ValueError(f"data set {name}: {path.name} is not a .csv, .parquet or .npz file")
    import pandas as pd

    try:
        frame = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    except (ValueError, OSError) as error:
        raise ValueError(f"data set {name}: {path.name} cannot be read: {error}") from None
    wanted = list(wanted) if wanted else [column for column in frame if column != label]
    _check_present(name, [label, *wanted], [str(column) for column in frame])
    numeric = frame[wanted].select_dtypes(["number", "bool"])
    if missing := [column for column in wanted if column not in numeric]:
        raise ValueError(f"data set {name}: feature {missing[0]!r} of {path.name} is not a number")
    return numeric.to_numpy(dtype=float, na_value=np.nan), _labels(name, frame[label].to_numpy(dtype=object))


def _read_npz(name, path, label, wanted):
    wanted = [wanted] if isinstance(wanted, str) else list(wanted or ["features"])
    try:
        with np.load(path, allow_pickle=False) as arrays:
            _check_present(name, [label, *wanted], list(arrays))
            features = np.column_stack([arrays[key] for key in wanted]).astype(float)
            return features, _labels(name, arrays[label].astype(object))
    except (OSError, ValueError) as error:
        text = str(error)
        raise ValueError(text if text.startswith("data set") else f"data set {name}: {path.name}: {text}") from None


def _check_present(name, wanted, present):
    for column in wanted:
        if column not in present:
            raise ValueError(f"data set {name}: there is no {column!r}; the file holds {', '.join(present)}")


def _labels(name, labels):
    """Integers or strings, as one NumPy type."""
    for row, value in enumerate(labels):
        whole = isinstance(value, str) or (not isinstance(value, float) and value is not None)
        if not whole and not (isinstance(value, float) and value.is_integer()):
            raise ValueError(f"data set {name}: the label of sample {row} is {value!r}, not an integer or a string")
    if all(isinstance(value, str) for value in labels):
        return labels.astype(str)
    try:
        return labels.astype(float).astype(int)
    except (TypeError, ValueError):
        raise ValueError(f"data set {name}: the labels mix integers and strings") from None
