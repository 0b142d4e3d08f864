"""Whether a file of one's own will work: an extension, a study or data, told apart by their names."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

from initbench.base.extensions import ExtensionError, load_extension
from initbench.base.registry import REGISTRIES, home_of
from initbench.datasets.description import ColumnUse, said
from initbench.datasets.own import inspect
from initbench.study.error import ConfigError
from initbench.study.grid import load_study

STUDIES = (".yaml", ".yml", ".json")
DATA = (".csv", ".tsv", ".txt", ".parquet", ".npz")
UNNAMED = "name the label's column", "say by --label which column holds the labels"
EXTENSIONS = (".py",)


@dataclass(frozen=True)
class Checked:
    """What a file is, what is wrong with it, and what was seen of it, a line each."""

    kind: str
    faults: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def check(path: Path, **how: Any) -> Checked:
    """Look a file through; how: of data, its `label`, `features`, `drop` and `categories`, as a study has them.

    ValueError if there is no file, or its kind cannot be told.
    """
    kinds = {EXTENSIONS: _extension, STUDIES: _study}
    if not path.is_file():
        raise ValueError(f"there is no file {str(path)!r} in {Path.cwd()}")
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    if any(suffix in DATA for suffix in suffixes):
        return _data(path, how)
    for known, look in kinds.items():
        if suffixes and suffixes[-1] in known:
            return look(path)
    every = ", ".join((*EXTENSIONS, *STUDIES, *DATA))
    raise ValueError(f"{path}: what it is cannot be told from its name; files end in {every}")


def _extension(path: Path) -> Checked:
    try:
        module = load_extension(path, check=True)
    except ExtensionError as error:
        return Checked("extension", tuple(str(error).splitlines()))
    added = [
        f"{registry.kind} {name}"
        for registry in REGISTRIES
        for name, entry in registry.registered().items()
        if home_of(entry) == module.__name__
    ]
    if not added:
        return Checked("extension", (f"{path} registers nothing",))
    return Checked("extension", (), tuple(f"{name}: loads and passes its checks" for name in added), {"adds": added})


def _study(path: Path) -> Checked:
    try:
        study = load_study(path)
    except ConfigError as error:
        return Checked("study", tuple(str(error).splitlines()))
    facts = {"cells": len(study.cells), "runs": study.runs, "results": str(study.results)}
    said = f"{path}: a study of {len(study.cells):,} cells and {study.runs:,} runs; initbench run {path} runs it"
    return Checked("study", (), (said,), facts)


def _data(path: Path, how: Mapping[str, Any]) -> Checked:
    name = "".join(c if c.isalnum() and c.isascii() else "_" for c in path.name.partition(".")[0].lower())
    name = name if name[:1].isalpha() else f"data_{name}".rstrip("_")
    source = {"name": name, "path": str(path)} | {key: value for key, value in how.items() if value}
    found = inspect(source)
    facts = {"rows": found.rows, "read_as": found.read_as, "classes": dict(found.classes)}
    facts["columns"] = [asdict(column) for column in found.columns]
    faults = tuple(f"{path.name}: {fault}".replace(*UNNAMED) for fault in found.faults)
    described = ", ".join(f"{key}: {_flow(value)}" for key, value in source.items())
    inputs = sum(column.inputs for column in found.columns)
    seen = (
        f"{path}: {found.rows:,} rows, {inputs:,} inputs, {len(found.classes)} classes; read as {found.read_as}",
        *(f"  {column.name}: {_use(column)}" for column in found.columns),
        f"in a study: datasets: [{{{described}}}]",
    )
    return Checked("data", faults, seen, facts)


def _use(column: ColumnUse) -> str:
    """What becomes of a column, in words."""
    kind = {"label": "the labels", "number": "a number", "category": f"{column.values} categories", "left_out": ""}
    missing = [f"missing in {column.missing:,} rows"] if column.missing else []
    return "; ".join(part for part in (kind[column.kind], *missing, *said(column)) if part)


def _flow(value: Any) -> str:
    """A value as YAML writes it on one line."""
    return yaml.safe_dump(value, default_flow_style=True, allow_unicode=True).removesuffix("...\n").strip()
