"""One word for a cell, a start and a run, in every table and every study."""

import numpy as np
import pandas as pd
import pytest

import initbench
from initbench.analyses import ANALYSES
from initbench.analyses.making import compute_entry
from initbench.base.columns import Column, Table
from initbench.report.tables_page import shipped_tables
from initbench.study.cells import CELL, KEY_COLUMNS, RUN, START
from initbench.tables.ids import DIGITS, KEYS, ids, ids_in, with_ids
from initbench.tables.schema import arrow_table

TRAINING = initbench.Training(steps=3, records=2, learning_rates=(0.1, 0.01))


def trained(scheme="he_normal", width=8, seeds=(0, 1), training=TRAINING):
    cell = initbench.Cell("digits", width, 2, "tanh", "none", scheme)
    return {name: table.to_pandas() for name, table in initbench.train(cell, seeds, training).items()}


@pytest.fixture(scope="module")
def tables():
    """Of a study: two cells that are trained, and one that is measured at initialisation only."""
    start = initbench.Training(steps=0, learning_rates=())
    parts = [trained(), trained("constant(0.1,bias=0.1)"), trained(width=4, training=start)]
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}


def test_an_id_is_never_null_and_stands_for_its_keys_one_for_one(tables):
    for name, table in tables.items():
        for word, keys in (("cell_id", CELL), ("start_id", START)):
            assert table[word].str.fullmatch(rf"[0-9a-f]{{{DIGITS}}}").all(), (name, word)
            assert table.groupby(keys)[word].nunique().eq(1).all()
            assert table[word].nunique() == len(table[keys].drop_duplicates())
        assert table["run_id"].notna().all()
        assert table["run_id"].nunique() == len(table[RUN].drop_duplicates())
    assert not tables["runs"].duplicated("run_id").any()


def test_ids_join_what_the_keys_join_though_a_learning_rate_is_null(tables):
    runs, history = tables["runs"], tables["history"]
    assert runs["learning_rate"].isna().any()
    joined = runs[["run_id"]].merge(history[["run_id", "step"]], on="run_id")
    assert len(joined) == len(history)
    for name, layers in (("signal", 1), ("layers", 3)):
        start = tables[name][tables[name]["step"] == 0]
        assert (start["run_id"] == start["start_id"]).all()
        assert len(runs.merge(start[["start_id"]], on="start_id")) == layers * len(runs), "one start for all rates"
        later = tables[name][tables[name]["step"] > 0]
        assert len(runs[["run_id"]].merge(later[["run_id"]], on="run_id")) == len(later)
        assert later["run_id"].isin(runs["run_id"]).all()


def test_an_id_is_the_same_whatever_stands_around_it(tables):
    alone = trained(seeds=[1])["runs"]
    assert set(alone["run_id"]) < set(tables["runs"]["run_id"])
    assert set(alone["cell_id"]) < set(tables["runs"]["cell_id"])


def test_ids_of_all_versions_are_those_that_users_have_kept():
    key = ("digits", "mlp", 64, 3, "tanh", "none", "sgd", "he_normal")
    frame = pd.DataFrame([(*key, "scoring", 0.1, 0), (*key, "scoring", np.nan, 0)], columns=RUN)
    assert ids("cell_id", frame.__getitem__) == ["ca107c94b2cff4a9"] * 2
    starts, runs = ids("start_id", frame.__getitem__), ids("run_id", frame.__getitem__)
    assert starts[0] == starts[1] == runs[1] != runs[0]
    plain = {name: [value] for name, value in zip(RUN, (*key, "scoring", 0.1, 0), strict=True)}
    assert ids("run_id", plain.__getitem__) == runs[:1], "of numbers of NumPy and of Python alike"


def test_a_table_has_the_ids_whose_keys_it_has():
    for name, table in shipped_tables().items():
        columns = [column.name for column in table.columns]
        assert columns[: len(ids_in(columns))] == [word for word in KEYS if set(KEYS[word]) <= set(columns)], name
    found = {name for name, table in shipped_tables().items() if table.columns[0].name == "cell_id"}
    assert {"runs", "history", "signal", "layers", "theory", "choices", "claim_cells", "comparisons", "cells"} <= found


def test_an_extensions_table_gets_the_ids_without_asking():
    cell_columns = tuple(column for column in KEY_COLUMNS if column.name in CELL)
    table = with_ids(Table("mine", "a cell", (*cell_columns, Column("x", float, "a number"))))
    frame = pd.DataFrame([("digits", "mlp", 64, 3, "tanh", "none", "sgd", "he_normal", 1.0)], columns=[*CELL, "x"])
    made = arrow_table(frame, table.columns)
    assert made.column_names == ["cell_id", *CELL, "x"]
    assert made["cell_id"].null_count == 0


def test_cells_say_what_the_label_of_a_scheme_hides(tables):
    class Given:
        runs = tables["runs"]

    made = compute_entry(ANALYSES["cells"], Given(), None).to_pylist()
    assert {row["cell_id"] for row in made} == set(tables["runs"]["cell_id"])
    (constant,) = [row for row in made if row["scheme_name"] == "constant"]
    assert constant["scheme_parameters"] == [{"name": "value", "value": 0.1}, {"name": "bias", "value": 0.1}]
    assert [row["trained"] for row in made if row["width"] == 4] == [False]
    assert all(row["scheme_parameters"] == [] for row in made if row["scheme_name"] == "he_normal")
