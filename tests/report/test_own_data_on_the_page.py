"""What was done with the columns of a user's own table stands on the page, in both languages, and in the provenance."""

import json
import re

import pandas as pd
import pytest

from initbench.analyses import ANALYSES
from initbench.analyses.making import compute_entry
from initbench.base.parquet import write_parquet
from initbench.datasets.description import KINDS, NOTES
from initbench.datasets.loading import prepare
from initbench.datasets.splits import write_splits
from initbench.report.page import section_as_html
from initbench.report.provenance import own_data
from initbench.report.sections import SECTIONS
from initbench.tables.views import Tables

STUDY = {
    "config": {"looks": 1, "results_dir": "results"}, "runs": 1, "cells": 1, "jobs": 1, "provenance": {"packages": {}},
}  # fmt: skip


@pytest.fixture
def tables(tmp_path):
    frame = pd.DataFrame({"<b>": [*range(59), None], "city": ["Bonn", "Rome", None] * 20, "y": ["lost", "won"] * 30})
    frame.assign(id=range(60)).to_csv(tmp_path / "mine.csv", index=False)
    source = {"name": "mine", "path": str(tmp_path / "mine.csv"), "label": "y", "drop": ["id"]}
    (tmp_path / "mine").mkdir()
    write_splits(prepare(source, [0], 0), tmp_path / "mine/seeds-0-0.npz")
    splits = (str(tmp_path / "mine/seeds-0-0.npz"),)
    made = compute_entry(ANALYSES["data_columns"], Tables({}, splits), None)
    runs = pd.DataFrame({"role": ["scoring"], "status": ["slow"], "scheme": ["zeros"], "dataset": ["mine"]})
    paths = {name: str(tmp_path / f"{name}.parquet") for name in ("runs", "data_columns")}
    runs.to_parquet(paths["runs"])
    write_parquet(made, paths["data_columns"])
    return Tables(paths)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["mine: what was done with each column", "missing is a category of its own", "as the study says"]),
        ("zh", ["mine：各列如何处理", "缺失自成一类", "按研究的要求"]),
    ],
)
def test_the_page_says_what_became_of_each_column(tables, language, words):
    html = section_as_html(SECTIONS["data"], tables, STUDY, language)
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert [word for word in words if word not in text] == []
    assert "<b>" not in html


def test_the_provenance_says_it_too(tables):
    (columns,) = own_data(tables).values()
    assert {each["name"]: each["missing"] for each in columns} == {"<b>": 1, "city": 20, "id": None, "y": 0}
    assert not any(isinstance(value, float) for each in columns for value in each.values())
    assert [(each["name"], each["kind"], each["notes"]) for each in json.loads(json.dumps(columns))] == [
        ("<b>", "number", "filled, indicator"),
        ("city", "category", "missing_category"),
        ("id", "left_out", "told"),
        ("y", "label", ""),
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_code_has_words(language):
    words = SECTIONS["data"].words(language)
    assert all(words(f"kind_{kind}") for kind in KINDS)
    assert all(words(f"note_{code}") for code in NOTES)
