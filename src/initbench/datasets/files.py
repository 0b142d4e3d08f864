"""A user's own data: a .csv, .parquet or .npz file described in the study's config."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from initbench.base.suggest import did_you_mean
from initbench.datasets.labels import read_labels

SEPARATORS = ";\t|"
HEAD = 65536  # bytes, of which a header is made


class FileData(NamedTuple):
    """What a file holds: features (N, F) float64 with their names, and labels (N,) of integers or text."""

    features: np.ndarray
    labels: np.ndarray
    names: list[str]


class DataError(ValueError):
    """What is wrong with a file, all of it; the message names the data set and the file."""

    def __init__(self, name: str, path: Path, faults: Sequence[str]):
        super().__init__(f"data set {name}: {path.name}: {'; '.join(faults)}")


def read_file(source: Mapping) -> FileData:
    """Read the file in source["path"].

    `label` names the column of integer or text labels; `features` names the columns to learn from (all others by
    default). In an .npz file the two name arrays, (N, F) and (N,). Raises DataError, with all that is wrong.
    """
    name, path = source["name"], Path(source["path"])
    readers = {".npz": _read_npz, ".csv": _read_csv, ".parquet": _read_parquet}
    if not path.is_file():
        raise ValueError(f"data set {name}: there is no file {str(path)!r}")
    reader = readers.get(path.suffix.lower())
    try:
        if reader is None:
            raise _FaultsError("not a .csv, .parquet or .npz file")
        if not path.stat().st_size:
            raise _FaultsError("the file is empty")
        return reader(path, source["label"], source.get("features"))
    except _FaultsError as error:
        raise DataError(name, path, error.args) from None
    except (OSError, ValueError, TypeError) as error:
        raise DataError(name, path, [f"cannot be read: {' '.join(str(error).split())}"]) from None


class _FaultsError(Exception):
    """Faults of a file, one an argument."""


def _read_csv(path: Path, label: str, wanted: Sequence[str] | None) -> FileData:
    import pandas as pd

    header = _header(path)
    names = _chosen(header, label, wanted, "column")
    how: dict[str, Any] = {"encoding": "utf-8-sig", "low_memory": False}
    try:
        labels = pd.read_csv(path, usecols=[label], dtype=str, keep_default_na=False, **how)[label]
        frame = pd.read_csv(path, **how)[names]  # whole, which finds rows that are too long
    except (ValueError, OSError, csv.Error) as error:
        raise _FaultsError(f"cannot be read: {' '.join(str(error).split())}") from None
    return _of_frame(frame, label, labels.str.strip().tolist())


def _header(path: Path) -> list[str]:
    """The names of a CSV file's columns, once its first row is seen to fit them."""
    with open(path, "rb") as raw:
        if b"\0" in raw.read(HEAD):
            raise _FaultsError("holds bytes of value 0: this is no text")
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            rows = (row for row in csv.reader(file) if row)
            header, first = next(rows, []), next(rows, None)
    except UnicodeDecodeError as error:
        raise _FaultsError(
            f"is not UTF-8 text (the byte 0x{error.object[error.start]:02x}); save it as UTF-8"
        ) from None
    except csv.Error as error:
        raise _FaultsError(f"cannot be read: {error}") from None
    separator = next((mark for mark in SEPARATORS if len(header) == 1 and mark in header[0]), None)
    if separator:
        raise _FaultsError(f"its columns stand between {separator!r}; a .csv file has commas")
    if first is None:
        raise _FaultsError("there are no rows below the header")
    if len(first) != len(header):
        raise _FaultsError(f"the first row has {len(first)} fields, the header {len(header)}")
    return header


def _read_parquet(path: Path, label: str, wanted: Sequence[str] | None) -> FileData:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(path)
        index = (schema.pandas_metadata or {}).get("index_columns", [])
        names = _chosen([name for name in schema.names if name not in index], label, wanted, "column")
        frame = pq.read_table(path, columns=[*names, label]).to_pandas(ignore_metadata=True)
    except pa.ArrowException as error:
        raise _FaultsError(f"cannot be read: {' '.join(str(error).split())}") from None
    return _of_frame(frame[names], label, frame[label].astype(object).tolist())


def _chosen(present: Sequence[str], label: str, wanted: Sequence[str] | None, what: str) -> list[str]:
    """The names of the features; faults of the names that are missing, there twice, or nothing."""
    names = list(wanted) if wanted else [name for name in present if name != label]
    faults, held = [], ", ".join(map(repr, present))
    for name in dict.fromkeys([label, *names]):
        if name not in present:
            faults.append(f"there is no {what} {name!r}{did_you_mean(name, present)}; the file holds {held}")
        elif Counter(present)[name] > 1:
            faults.append(f"{Counter(present)[name]} {what}s are called {name!r}")
        elif not name.strip() or name.startswith("Unnamed: "):
            faults.append(
                f"the {what} {name!r} has no name: an index perhaps; write the file without it, or name `features`"
            )
    if not names:
        faults.append(f"there is no {what} but the label {label!r}")
    if faults:
        raise _FaultsError(*faults)
    return names


def _of_frame(frame: Any, label: str, values: Sequence) -> FileData:
    """Numbers out of the columns of a data frame, and its labels; faults of those that are none."""
    import pandas as pd

    labels, faults = read_labels(label, values)
    columns = []
    for name in frame:
        column, kind = frame[name], frame[name].dtype
        if pd.api.types.is_object_dtype(kind) or pd.api.types.is_string_dtype(kind):
            numbers = pd.to_numeric(column, errors="coerce")
            bad = (numbers.isna() & column.notna()).to_numpy()
            if bad.any():
                row = int(np.flatnonzero(bad)[0])
                faults.append(f"feature {name!r} is not a number in row {row + 1}: {column.iloc[row]!r}")
            column = numbers
        elif not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_bool_dtype(kind)) or kind.kind == "c":
            faults.append(f"feature {name!r} holds {kind}: give numbers")
            continue
        columns.append(column.to_numpy(dtype=float, na_value=np.nan))
    if faults:
        raise _FaultsError(*faults)
    return FileData(np.column_stack(columns), labels, list(frame))


def _read_npz(path: Path, label: str, wanted: Sequence[str] | None) -> FileData:
    import zipfile

    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as arrays:
            names = _chosen(list(arrays), label, wanted or ["features"], "array")
            held = {name: _array(arrays, name) for name in [label, *names]}
    except (zipfile.BadZipFile, EOFError) as error:
        raise _FaultsError(f"cannot be read, and may be cut short: {error}") from None
    return _of_arrays(label, names, held)


def _array(arrays: Any, name: str) -> np.ndarray:
    try:
        return arrays[name]
    except ValueError:
        raise _FaultsError(f"the array {name!r} holds Python objects: save numbers or text") from None


def _of_arrays(label: str, names: list[str], held: Mapping[str, np.ndarray]) -> FileData:
    faults, columns, called = [], [], []
    y = held[label]
    if y.ndim != 1:
        way = f"np.argmax({label}, axis=1)" if y.ndim == 2 and y.shape[1] > 1 else f"{label}.ravel()"
        hint = f", as {way} does" if y.ndim == 2 else ""
        faults.append(f"the label {label!r} has the shape {y.shape}: give one a sample, (samples,){hint}")
    for name in names:
        x = held[name]
        if x.dtype.kind not in "fiub":
            faults.append(f"the array {name!r} holds {x.dtype}: give real numbers")
        elif x.ndim not in (1, 2) or (y.ndim == 1 and len(x) != len(y)) or not x.size:
            faults.append(
                f"features {name!r} of shape {x.shape} do not fit labels of shape {y.shape}: give (samples, features)"
            )
        else:
            columns.append(x.astype(float))
            called += [name] if x.ndim == 1 else [f"{name}[:, {k}]" for k in range(x.shape[1])]
    labels, wrong = read_labels(label, y.tolist()) if y.ndim == 1 else (y, [])
    if faults or wrong:
        raise _FaultsError(*faults, *wrong)
    return FileData(np.column_stack(columns), labels, called)
