"""What a table's file says of itself, as users of pandas, DuckDB, polars and PyArrow find it."""

import json
import re
import shutil
from dataclasses import replace

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import initbench
from initbench.analyses import ANALYSES
from initbench.analyses.making import compute
from initbench.base.columns import Column, Table
from initbench.base.parquet import check, read_parquet
from initbench.study.grid import load_study
from initbench.study.measured import measured
from initbench.tables import described
from initbench.tables.described import content_digest, said_of, study_of, write_table
from initbench.tables.page import HEAD
from initbench.tables.schema import measured_tables
from initbench.tables.views import Tables

STUDY = measured(load_study({"depths": [2]}, check=False).config)
SMALL = Table("small", "a number", (Column("x", float, "what it is", unit="nats"), Column("name", str, "a name")))
ROWS = pa.table({"x": [1.0, None], "name": ["a", "b"]})
SMALLER = pa.schema([("x", pa.int32()), ("name", pa.string())])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the tables of a study of three cells."""
    place = tmp_path_factory.mktemp("tables") / "results/tables"
    place.mkdir(parents=True)
    training = initbench.Training(steps=3, records=2, learning_rates=(0.1, 0.01))
    cells = [
        initbench.Cell("digits", 8, 2, "tanh", "none", name) for name in ("he_normal", "constant(0.1)", "constant(1)")
    ]
    made = [initbench.train(cell, [0, 1], training) for cell in cells]
    for name, table in measured_tables().items():
        write_table(pa.concat_tables([part[name] for part in made]), table, place / f"{name}.parquet", STUDY)
    given = Tables({"runs": str(place / "runs.parquet")})
    write_table(compute("cells", given, None), ANALYSES["cells"].table, place / "cells.parquet", study_of(given.paths))
    return place.parent.parent


@pytest.mark.parametrize("code", re.findall(r"```(?:python|sql)\n.*?```", HEAD, re.S))
def test_every_snippet_of_the_page_runs(folder, monkeypatch, code):
    monkeypatch.chdir(folder)
    language, _, text = code.strip("`\n").partition("\n")
    if language == "sql":
        assert duckdb.sql(text).fetchall()
        return
    found = {}
    exec(text, found)
    assert len(found["curves"]) == 12 * 3, "a row a run and recorded step"
    assert len(found["at_start"]) == len(found["runs"]) == 12, "every run has its start"


def test_duckdb_and_polars_find_the_same_columns(folder):
    path = folder / "results/tables/runs.parquet"
    declared = [(c.name, c.unit, c.meaning) for c in measured_tables()["runs"].columns]
    said = json.loads(pl.read_parquet_metadata(path)["initbench:columns"])
    assert [(c["name"], c["unit"], c["meaning"]) for c in said] == declared
    (text,) = duckdb.execute(
        "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = 'initbench:columns'", [str(path)]
    ).fetchone()
    assert json.loads(text) == said


def test_pandas_finds_it_in_the_attributes_of_a_frame(folder):
    attributes = pd.read_parquet(folder / "results/tables/runs.parquet").attrs
    assert attributes["table"] == "runs"
    assert attributes["unit"]["train_loss"] == "nats"
    assert attributes["meaning"]["seed"] == "seed of split, draws and batch order"
    assert json.loads(attributes["study"])["depths"] == [2]


def test_a_table_made_from_another_says_its_study(folder):
    assert said_of(folder / "results/tables/cells.parquet").study == STUDY


def test_readers_of_this_package_do_not_carry_the_words_along(folder):
    assert Tables({"runs": str(folder / "results/tables/runs.parquet")}).read("runs").attrs == {}


def test_the_digest_of_the_content_does_not_depend_on_what_wrote_it_nor_on_words(tmp_path, monkeypatch):
    paths = []
    for revision in ("a" * 40, "b" * 40, None):
        monkeypatch.setattr(described, "_writer", lambda revision=revision: ("1.0", revision))
        paths.append(tmp_path / f"{revision}.parquet")
        write_table(ROWS, SMALL, paths[-1], STUDY)
        check(paths[-1])
    assert len({path.read_bytes() for path in paths}) == 3
    assert len(set(map(content_digest, paths))) == 1
    x, name = SMALL.columns
    for rows, columns, same in (
        (ROWS, (replace(x, meaning="the same in other words", unit=""), name), True),
        (pa.table({"x": [1.0, 2.0], "name": ["a", "b"]}), SMALL.columns, False),
        (pa.table({"x": [1, None], "name": ["a", "b"]}, SMALLER), (replace(x, type=int), name), False),
        (ROWS.rename_columns({"x": "y"}), (replace(x, name="y"), name), False),
    ):
        write_table(rows, replace(SMALL, columns=columns), tmp_path / "other.parquet", "{}")
        assert (content_digest(tmp_path / "other.parquet") == content_digest(paths[0])) == same


def test_the_same_rows_are_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_table(ROWS, SMALL, tmp_path / name, STUDY)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert read_parquet(tmp_path / "a").equals(ROWS)


def test_a_file_that_says_nothing_is_named(tmp_path):
    pd.DataFrame({"x": [1]}).to_parquet(tmp_path / "mine.parquet")
    with pytest.raises(ValueError, match=r"mine\.parquet: says nothing of its columns"):
        said_of(tmp_path / "mine.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    with pytest.raises(ValueError, match=r"broken\.parquet is damaged"):
        said_of(tmp_path / "broken.parquet")


def test_a_moved_file_still_says_it(folder, tmp_path):
    shutil.copy(folder / "results/tables/signal.parquet", tmp_path / "elsewhere.parquet")
    said = said_of(tmp_path / "elsewhere.parquet")
    assert (said.table, said.row) == ("signal", "a run at a recorded step; at step 0 a start")
    assert said.writer.startswith(f"initbench {initbench.__version__}")
