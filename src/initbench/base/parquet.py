"""Parquet files that are noticed when they are damaged: each holds the digest of its own bytes, compared when it is read.

The digest stands in the file's metadata and counts as zeros in what it is a digest of, so that it covers every other bit.
Pages have checksums as well, for readers that know nothing of this (`page_checksum_verification=True` in PyArrow).
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from initbench.base.files import DamagedError, write_atomically

KEY = b"initbench:sha256"
ZEROS = b"0" * 64
TAIL = 8  # bytes: how long the footer is, and PAR1
BETWEEN = 2  # bytes between a key and its value


class Writer:
    """A Parquet file that is written part by part; it is complete, with its digest, once it is closed."""

    def __init__(self, path: str | Path, schema: pa.Schema):
        self.path = path
        self._file = pq.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True)

    def write(self, table: pa.Table) -> None:
        self._file.write_table(table)

    def close(self) -> None:
        self._file.add_key_value_metadata({KEY: ZEROS})
        self._file.close()
        content = Path(self.path).read_bytes()
        start, _ = _digests(content)
        with open(self.path, "r+b") as file:
            file.seek(start)
            file.write(hashlib.sha256(content).hexdigest().encode())


def write_parquet(table: pa.Table, path: str | Path) -> None:
    """Write a Parquet file whole or not at all."""
    with write_atomically(path) as partial:
        writer = Writer(partial, table.schema)
        writer.write(table)
        writer.close()


def read_parquet(path: str | Path, columns: list[str] | None = None) -> pa.Table:
    """A file that `write_parquet` wrote, or some of its columns; DamagedError where its bytes are no longer the written ones."""
    with _open(path) as file:
        return file.read(columns)


def metadata_of(path: str | Path) -> dict[bytes, bytes]:
    """The metadata of the schema of such a file; DamagedError as `read_parquet`."""
    with _open(path) as file:
        return file.schema_arrow.metadata or {}


def check(path: str | Path) -> None:
    """DamagedError if a Parquet file holds the digest of its bytes, and they have another one, or cannot be read at all."""
    state = Path(path).stat()
    _check(str(path), state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=1024)
def _check(path: str, *state: int) -> None:
    _verified(path, Path(path).read_bytes())


@contextmanager
def _open(path: str | Path) -> Iterator[pq.ParquetFile]:
    content = Path(path).read_bytes()
    if not _verified(path, content):
        raise DamagedError(path, "it does not say the digest of its bytes")
    with pq.ParquetFile(pa.BufferReader(content), page_checksum_verification=True) as file:
        yield file


def _verified(path: str | Path, content: bytes) -> bool:
    """Whether a file's content says its digest; DamagedError if that is not the one that it has."""
    if len(content) <= TAIL or not content.startswith(b"PAR1") or not content.endswith(b"PAR1"):
        raise DamagedError(path, "it is cut off, or no Parquet file")
    start, said = _digests(content)
    if said is None:
        return False
    parts: Iterable = (memoryview(content)[:start], ZEROS, memoryview(content)[start + len(ZEROS) :])
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    if found.hexdigest().encode() != said:
        raise DamagedError(path, "its bytes are not those that were written")
    return True


def _digests(content: bytes) -> tuple[int, bytes | None]:
    """Where the digest of its own bytes stands in a file, and what it is; None if it has none."""
    footer = len(content) - TAIL - int.from_bytes(content[-TAIL:-4], "little")
    key = content.rfind(KEY, max(footer, 0))
    start = key + len(KEY) + BETWEEN
    return (start, content[start : start + len(ZEROS)]) if key >= 0 else (0, None)
