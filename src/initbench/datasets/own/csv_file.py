"""A CSV file as people have it: its encoding, its separator and its header are found, its rows counted; all values are text."""

import csv
import gzip
import io
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from initbench.datasets.own.raw import FaultsError, Raw

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}  # byte-order marks
OF_EXCEL = re.compile(r"sep=(.)\r?\n")  # a first line that tells Excel the separator
HEAD, ROWS = 2**22, 50  # characters that hold the header, and rows by which a separator is chosen
SHOWN = 3  # rows that a message names
NUMBER = re.compile(r"\s*[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?\s*")


def read_csv(path: Path, source: Mapping[str, Any]) -> Raw:
    """The columns of a CSV file as text. Raises FaultsError with all rows that do not fit the header, or what else is wrong."""
    text, encoding = _decoded(path.read_bytes())
    text = text.lstrip("\r\n")
    told = OF_EXCEL.match(text)
    text = text[told.end() :].lstrip("\r\n") if told else text
    head = text[:HEAD]
    separator = told.group(1) if told else _separator(head)
    try:
        rows = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
        header = next((row for row in rows if row), [])
        first = next((row for row in rows if row), None)
    except csv.Error as error:
        raise FaultsError(f"cannot be read: {error}") from None
    names = [name.strip() for name in header]
    _check_header(names, first, source)
    columns = _columns(text, separator, len(names))
    kept = [k for k, name in enumerate(names) if name or not _is_empty(columns[k])]
    read_as = f"{encoding}, columns between {SEPARATORS.get(separator, repr(separator))}"
    return Raw([names[k] for k in kept], [columns[k] for k in kept], read_as)


def _decoded(data: bytes) -> tuple[str, str]:
    """The text of a file, and its encoding: what its byte-order mark says, UTF-8, or else what Windows writes."""
    if data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    marked = next((encoding for mark, encoding in MARKS.items() if data.startswith(mark)), None)
    if marked is None and b"\0" in data:
        raise FaultsError("holds bytes of value 0: this is no text")
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            return data.decode(encoding), {"utf-8-sig": "utf-8", "cp1252": "Windows-1252"}.get(encoding, encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1"


def _separator(text: str) -> str:
    """The separator that makes most columns of the header, of those that make as many of the rows below it."""
    widths = {}
    for mark in SEPARATORS:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        counts = [len(row) for row in islice((row for row in rows if row), ROWS)] or [1]
        widths[mark] = (counts[0] > 1 and counts.count(counts[0]) / len(counts), counts[0])
    return max(widths, key=lambda mark: widths[mark])


def _check_header(names: Sequence[str], first: Sequence[str] | None, source: Mapping[str, Any]) -> None:
    if first is None:
        raise FaultsError("there are no rows below the header")
    numbers = [name for name in names if NUMBER.fullmatch(name)]
    if len(numbers) == len(names) or (source.get("label") not in names and 2 * len(numbers) >= len(names)):
        raise FaultsError(
            f"the first row holds numbers, such as {numbers[0]!r}: the file has no header; write a row of names above it"
        )


def _columns(text: str, separator: str, width: int) -> list[Any]:
    """Every column as text; FaultsError for rows of another width."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    wrong: list[Any] = []

    def keep(row: Any) -> str:
        wrong.append(row)
        return "skip"

    names = [str(k) for k in range(width)]
    try:
        table = arrow_csv.read_csv(
            pa.BufferReader(text.encode()),
            read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, skip_rows_after_names=1),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator, newlines_in_values=True, invalid_row_handler=keep
            ),
            convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
    except pa.ArrowException as error:
        raise FaultsError(f"cannot be read: {' '.join(str(error).split())}") from None
    if wrong:
        raise FaultsError(_other_widths(wrong, width, table.num_rows))
    return list(table.columns)


def _other_widths(wrong: Sequence[Any], width: int, fitting: int) -> str:
    """What is wrong with rows that have another number of fields than the header, beside rows that fit it."""
    header = f"the header has {width} field{'s' * (width != 1)}"
    if any(row.text and "\n" in row.text for row in wrong):
        return f"{header}, row {wrong[0].number - 1} another number: is there a quotation mark that is not closed?"
    widths = {row.actual_columns for row in wrong}
    if len(widths) == 1 and not fitting:
        return f"{header}, every row {widths.pop()}: one name for each column is needed"
    listed = ", ".join(f"row {row.number - 1} has {row.actual_columns}" for row in wrong[:SHOWN])
    more = f" and {len(wrong) - SHOWN:,} more rows" if len(wrong) > SHOWN else ""
    return f"{header}, {listed}{more}"


def _is_empty(column: Any) -> bool:
    import pyarrow.compute as pc

    return not pc.any(pc.not_equal(pc.utf8_trim_whitespace(column), "")).as_py()
