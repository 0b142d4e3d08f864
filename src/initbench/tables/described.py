"""Tables that say what they hold: what a row is, each column's meaning and unit, the study, and what wrote them.

It stands in the metadata of the Parquet file, in words of its own (`initbench:…`), which every reader of the format can reach,
and under the name by which pandas keeps the attributes of a frame.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from initbench.base.columns import Table
from initbench.base.files import DamagedError
from initbench.base.machine import revision
from initbench.base.parquet import KEY, TAIL, write_parquet
from initbench.tables.schema import arrow_schema

TABLE, ROW, COLUMNS, STUDY, VERSION, REVISION = (
    f"initbench:{name}".encode() for name in ("table", "row", "columns", "study", "version", "revision")
)
ATTRS = b"PANDAS_ATTRS"  # what pandas reads into DataFrame.attrs


def described_schema(table: Table, study: str | None = None) -> pa.Schema:
    """The Arrow schema of a table, with all that its file says of it. study: what it was made from, as `measured` gives it."""
    version, at = _writer()
    columns = [{"name": c.name, "type": c.type_name, "unit": c.unit, "meaning": c.meaning} for c in table.columns]
    said = {TABLE: table.name, ROW: table.row, COLUMNS: _json(columns), STUDY: study, VERSION: version, REVISION: at}
    attributes = {key.decode().partition(":")[2]: text for key, text in said.items() if text and key != COLUMNS} | {
        "meaning": {c.name: c.meaning for c in table.columns},
        "unit": {c.name: c.unit for c in table.columns if c.unit},
    }
    kept = {key: text for key, text in said.items() if text} | {ATTRS: _json(attributes)}
    return arrow_schema(table.columns).with_metadata(kept)


def write_table(made: pa.Table, table: Table, path: str | Path, study: str | None = None) -> None:
    """Write a table with what it says of itself, whole or not at all."""
    schema = described_schema(table, study)
    write_parquet(pa.table(made.select(schema.names).columns, schema=schema), path)


@dataclass(frozen=True)
class Said:
    """What is said of a table: its columns (name, type, unit, meaning); of a file also its study, as JSON, and what wrote it."""

    table: str
    row: str
    columns: tuple[tuple[str, str, str, str], ...]
    study: str | None = None
    writer: str = ""


def said_by(table: Table) -> Said:
    """What a table's declaration says."""
    return Said(table.name, table.row, tuple((c.name, c.type_name, c.unit, c.meaning) for c in table.columns))


def said_of(path: str | Path) -> Said:
    """What a table's file says of itself; ValueError if it says nothing, FileNotFoundError if there is none."""
    try:
        said = pq.read_schema(path).metadata or {}
    except pa.ArrowInvalid as error:
        raise DamagedError(path, error) from None
    if not {TABLE, ROW, COLUMNS} <= said.keys():
        raise ValueError(f"{path}: says nothing of its columns: it is no table of a study")
    text = {key: value.decode() for key, value in said.items() if key != KEY}
    columns = tuple((c["name"], c["type"], c["unit"], c["meaning"]) for c in json.loads(text[COLUMNS]))
    at = f", revision {text[REVISION]}" if REVISION in text else ""
    return Said(text[TABLE], text[ROW], columns, text.get(STUDY), f"initbench {text[VERSION]}{at}")


def in_words(said: Said) -> str:
    """What a row is, and of a file what it was made from, and what wrote it."""
    lines = [f"A row of {said.table} is {said.row}."]
    lines += [f"The study: {said.study}"] if said.study else []
    lines += [f"Written by {said.writer}."] if said.writer else []
    return "\n".join(lines)


def study_of(paths: Mapping[str, str]) -> str | None:
    """The study that one of some tables was made from, by what its file says; None if none says it."""
    said = (pq.read_schema(path).metadata or {} for path in paths.values())
    return next((found[STUDY].decode() for found in said if STUDY in found), None)


def content_digest(path: str | Path) -> str:
    """Digest of the rows of a table's file, with its columns and their types: the same whatever is said of them, and wrote it."""
    content = Path(path).read_bytes()
    footer = len(content) - TAIL - int.from_bytes(content[-TAIL:-4], "little")
    columns = [(field.name, str(field.type)) for field in pq.read_schema(pa.BufferReader(content))]
    return hashlib.sha256(content[:footer] + repr(columns).encode()).hexdigest()


@lru_cache(maxsize=1)
def _writer() -> tuple[str, str | None]:
    """The package's version, and the git revision of a checkout."""
    return metadata.version("initbench"), revision()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
