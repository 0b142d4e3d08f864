"""The columns of a table, whatever it stands in: text of a CSV file, typed ones of Parquet, NumPy's archives and OpenML."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from initbench.datasets.own.raw import FaultsError, Raw

TEXT = (".csv", ".tsv", ".txt")
COMPRESSED = ".gz"


def read(source: Mapping[str, Any]) -> Raw:
    """Read the table that a source describes. Raises FaultsError with what is wrong."""
    if source.get("openml"):
        from initbench.datasets.own.openml import read_openml

        return read_openml(source)
    path = Path(source["path"])
    if not path.is_file():
        raise FaultsError(f"there is no file {str(path)!r} in {Path.cwd()}")
    try:
        return _reader(path)(path, source)
    except (OSError, ValueError, TypeError, EOFError) as error:
        raise FaultsError(f"cannot be read: {' '.join(str(error).split())}") from None


def _reader(path: Path):
    kind = path.with_suffix("").suffix if path.suffix.lower() == COMPRESSED else path.suffix
    if not path.stat().st_size:
        raise FaultsError("the file is empty")
    if kind.lower() in TEXT:
        from initbench.datasets.own.csv_file import read_csv

        return read_csv
    readers = {".npz": _read_npz, ".parquet": _read_parquet}
    if path.suffix.lower() not in readers:
        hint = ": save the sheet as CSV" if path.suffix.lower() in (".xlsx", ".xls", ".ods") else ""
        raise FaultsError(f"not a .csv, .tsv, .txt (or these with .gz), .parquet or .npz file{hint}")
    return readers[path.suffix.lower()]


def _read_parquet(path: Path, source: Mapping[str, Any]) -> Raw:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path).read()
        index = (table.schema.pandas_metadata or {}).get("index_columns", [])
    except pa.ArrowException as error:
        raise FaultsError(f"cannot be read: {' '.join(str(error).split())}") from None
    kept = [k for k, name in enumerate(table.column_names) if name not in index]
    return Raw([table.column_names[k] for k in kept], [table.column(k) for k in kept], "Parquet")


def _read_npz(path: Path, source: Mapping[str, Any]) -> Raw:
    """Arrays (N,) are columns, arrays (N, F) are F columns called name[:, k]."""
    import zipfile

    label, wanted = source.get("label"), source.get("features") or ["features"]
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as arrays:
            held = list(arrays)
            for name in (label, *wanted):
                if name and name not in arrays:
                    raise FaultsError(_no_array(name, held))
            kept = {name: _array(arrays, name) for name in dict.fromkeys([*([label] if label else []), *wanted])}
    except (zipfile.BadZipFile, EOFError) as error:
        raise FaultsError(f"cannot be read, and may be cut short: {error}") from None
    return _of_arrays(label, kept, "NumPy")


def _no_array(name: str, held: Sequence[str]) -> str:
    from initbench.base.suggest import did_you_mean

    return f"there is no array {name!r}{did_you_mean(name, held)}; the file holds {', '.join(map(repr, held))}"


def _array(arrays: Any, name: str) -> np.ndarray:
    try:
        return arrays[name]
    except ValueError:
        raise FaultsError(f"the array {name!r} holds Python objects: save numbers or text") from None


def _of_arrays(label: str | None, held: Mapping[str, np.ndarray], read_as: str) -> Raw:
    import pyarrow as pa

    faults, columns = [], {}
    y = held[label] if label else next(iter(held.values()))
    if label and y.ndim != 1:
        way = f"np.argmax({label}, axis=1)" if y.ndim == 2 and y.shape[1] > 1 else f"{label}.ravel()"
        hint = f", as {way} does" if y.ndim == 2 else ""
        faults.append(f"the label {label!r} has the shape {y.shape}: give one a sample, (samples,){hint}")
    for name, x in held.items():
        if name == label:
            columns[name] = x
        elif x.dtype.kind not in "fiubU":
            faults.append(f"the array {name!r} holds {x.dtype}: give real numbers or text")
        elif x.ndim not in (1, 2) or (y.ndim > 0 and len(x) != len(y)) or not x.size:
            faults.append(
                f"features {name!r} of shape {x.shape} do not fit labels of shape {y.shape}: give (samples, features)"
            )
        else:
            columns |= {name: x} if x.ndim == 1 else {f"{name}[:, {k}]": x[:, k] for k in range(x.shape[1])}
    if faults:
        raise FaultsError(*faults)
    features = tuple(name for name in columns if name != label)
    return Raw(list(columns), [pa.array(x) for x in columns.values()], read_as, "array", None, features)
