"""Damage is noticed: of single bits flipped anywhere in a file of ours, none is read as another number."""

import random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from initbench.base.files import DamagedError, read_json, write_json
from initbench.base.parquet import Writer, check, metadata_of, read_parquet, write_parquet
from initbench.datasets.loading import prepare
from initbench.datasets.splits import read_splits, write_splits

FLIPS = 60
numbers = np.random.default_rng(0).standard_normal((50, 4))
TABLE = pa.table({"name": ["a", "b"] * 25, "x": list(numbers), "y": numbers[:, 0]}, metadata={"made_from": "code"})


def flipped(path, seed):
    """Flip one bit of a file, a third of them in its last 700 bytes; the bytes before."""
    content = path.read_bytes()
    draw = random.Random(seed)
    at = draw.randrange(len(content) - (700 if seed % 3 == 0 else len(content)), len(content))
    path.write_bytes(content[:at] + bytes([content[at] ^ (1 << draw.randrange(8))]) + content[at + 1 :])
    return content


@pytest.fixture
def table(tmp_path):
    write_parquet(TABLE, tmp_path / "table.parquet")
    return tmp_path / "table.parquet"


def test_a_table_is_read_as_it_was_written_and_others_can_read_and_check_it(table):
    assert read_parquet(table).equals(TABLE)
    assert read_parquet(table, ["y"]).column_names == ["y"]
    assert metadata_of(table) == {b"made_from": b"code"}
    assert pq.ParquetFile(table, page_checksum_verification=True).read().equals(TABLE)
    check(table)


def test_the_bytes_of_a_table_are_the_same_however_often_it_is_written(table, tmp_path):
    writer = Writer(tmp_path / "again.parquet", TABLE.schema)
    writer.write(TABLE)
    writer.close()
    assert (tmp_path / "again.parquet").read_bytes() == table.read_bytes()


@pytest.mark.parametrize("seed", range(FLIPS))
def test_a_flipped_bit_of_a_table_is_noticed(table, seed):
    flipped(table, seed)
    with pytest.raises(DamagedError, match=r"table\.parquet is damaged"):
        read_parquet(table)
    try:
        check(table)
    except DamagedError:
        return
    assert pq.read_table(table).equals(TABLE), "of the digest's own name: nothing of the table itself"


@pytest.mark.parametrize("size", [0, 3, 8, 11, 12, 400])
def test_a_table_that_is_cut_off_is_noticed(table, size):
    table.write_bytes(table.read_bytes()[:size])
    for read in (read_parquet, check, metadata_of):
        with pytest.raises(DamagedError, match="cut off"):
            read(table)


def test_a_table_of_another_program_counts_as_damaged_where_ours_is_asked_for(tmp_path):
    pq.write_table(TABLE, tmp_path / "other.parquet")
    check(tmp_path / "other.parquet")
    with pytest.raises(DamagedError):
        read_parquet(tmp_path / "other.parquet")


@pytest.mark.parametrize("seed", range(FLIPS))
def test_a_flipped_bit_of_splits_is_noticed_or_changes_nothing(tmp_path, seed):
    splits, path = prepare("spirals", [0, 1], 0), tmp_path / "splits.npz"
    write_splits(splits, path)
    flipped(path, seed)
    read_splits.cache_clear()
    try:
        found = read_splits(path)
    except DamagedError:
        return
    for name, value in vars(splits).items():
        np.testing.assert_array_equal(getattr(found, name), value)


def test_a_json_file_that_is_cut_off_or_empty_is_named(tmp_path):
    write_json({"a": [1, 2]}, tmp_path / "a.json")
    assert read_json(tmp_path / "a.json") == {"a": [1, 2]}
    for text in ("", '{\n "a": [1', "\x00"):
        (tmp_path / "a.json").write_text(text)
        with pytest.raises(DamagedError, match=r"a\.json is damaged"):
            read_json(tmp_path / "a.json")
