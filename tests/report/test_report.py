"""The report: its table of contents is complete, an extension's things join it, the page is safe, the record is full."""

import json
import subprocess
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest

import initbench
from initbench.base.extensions import load_extension, unload_extensions
from initbench.claims import CLAIMS
from initbench.figures import FIGURES
from initbench.report import contents
from initbench.report.page import render, section_as_html
from initbench.report.provenance import packages, provenance, revision, write
from initbench.report.sections import SECTIONS, Section
from initbench.report.words import between, block_columns, text
from initbench.study.cells import RUN
from initbench.tables.views import ACCURACIES, Tables

EXTENSION = """
from initbench.claims import CellVerdict, claim
from initbench.figures import figure
from initbench.figures.style import nothing
from initbench.report.sections import section

@figure("z_second", title="Loaded first", section="mine", tables=("runs",))
def z_second(tables):
    return nothing(f"{len(tables.runs)} runs were seen by a figure of an extension.")

@figure("a_first", title="Loaded last", section="signal", tables=("runs",))
def a_first(tables):
    return nothing("A second figure.")

@section("mine", title="Of my own", tables=("runs",), template="<p>{{ count }} runs &amp; {{ name }}</p>{{ table(columns, rows) }}")
def mine(tables, study):
    return {"count": len(tables.runs), "name": "<b>", "columns": [("value", "value")], "rows": [{"value": 0.12345}]}

@claim("mine", statement="A claim of my own", rule="Cells: none. Holds if nothing fails.")
def my_claim(tables):
    return [CellVerdict({"depth": 1}, True, 1.0, "all is well")]
"""
RUNS = pd.DataFrame({key: [0] for key in RUN} | {"status": ["initial"]} | {key: [None] for key in ACCURACIES})
STUDY = {"config": {"replication": None, "title": "Small", "datasets": ["wine"], "training": {"steps": 0}},
         "runs": 1, "cells": 1, "jobs": 1, "tuning_seeds": 3}  # fmt: skip


@pytest.fixture
def extension(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(EXTENSION)
    load_extension(path)
    yield
    unload_extensions()


def test_the_contents_list_all_that_comes_with_the_package():
    shipped = {name for name in FIGURES if FIGURES[name].replication is None}
    assert shipped == {name for names in contents.CONTENTS.values() for name in names}
    assert set(CLAIMS) == set(contents.CLAIMS_IN_ORDER)
    assert set(SECTIONS) == set(contents.CONTENTS)


def test_an_extensions_things_come_after_the_shipped_ones_in_the_section_they_name(extension):
    assert [section.name for section in contents.sections_in_order()] == [*contents.CONTENTS, "mine"]
    names = [figure.name for figure in contents.figures_in_order()]
    assert names[-1] == "z_second"
    assert names[names.index(contents.CONTENTS["signal"][-1]) + 1] == "a_first"
    assert contents.claims_in_order()[-1].statement == "A claim of my own"
    contents.check_contents({name for figure in FIGURES for name in FIGURES[figure].tables} | all_tables(), None)


def all_tables() -> set[str]:
    return {name for section in SECTIONS for name in SECTIONS[section].tables}


def test_what_does_not_fit_the_contents_is_named(extension, monkeypatch):
    tables = all_tables() | {name for figure in FIGURES for name in FIGURES[figure].tables}
    with pytest.raises(ValueError, match="figure 'loss_at_start': there is no table 'history'; there are: "):
        contents.check_contents(tables - {"history"}, None)
    with pytest.raises(ValueError, match="unknown replication 'nobody1999'; there are: glorot2010"):
        contents.check_contents(tables, "nobody1999")
    SECTIONS.forget(["mine"])
    with pytest.raises(ValueError, match="figure 'z_second': there is no section 'mine'; there are: replication"):
        contents.check_contents(tables, None)


def test_a_section_of_an_extension_is_escaped_and_shows_tables(extension, as_tables):
    tables = as_tables({"runs": RUNS})
    html = section_as_html(SECTIONS["mine"], tables, STUDY)
    assert "1 runs &amp; &lt;b&gt;</p>" in html
    assert "<td>0.123</td>" in html


def test_a_section_without_template_shows_its_figures(as_tables):
    plain = Section("plain", "Plain", (), lambda tables, study: {})
    shown = {"name": "f", "number": 1, "title": "A figure", "data": "", "caption": "what it shows"}
    assert "what it shows" in section_as_html(plain, as_tables({}), STUDY, [shown])


def test_a_section_reads_no_more_than_it_names(as_tables):
    greedy = Section("greedy", "Greedy", (), lambda tables, study: {"n": len(tables.runs)})
    with pytest.raises(KeyError, match="'runs' was not asked for"):
        section_as_html(greedy, as_tables({"runs": pd.DataFrame({"a": [1]})}), STUDY)


def test_the_page_is_one_file_with_the_sections_that_have_something_to_say(tmp_path, monkeypatch, as_tables, extension):
    kept = ("symmetry", "signal", "mine")
    monkeypatch.setattr(contents, "sections_in_order", lambda: [SECTIONS[name] for name in kept])
    drawn = [FIGURES[name] for name in ("distinct_units", "a_first", "z_second")]
    monkeypatch.setattr(contents, "figures_in_order", lambda replication: drawn)
    for figure in drawn:
        (tmp_path / f"{figure.name}.svg").write_text("<svg/>")
        (tmp_path / f"{figure.name}.txt").write_text(f"caption of {figure.name}")
    render(as_tables({"runs": RUNS}), tmp_path, str(tmp_path / "index.html"), STUDY)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for words in (
        "Figure 1. ",
        "Figure 3. Loaded first",
        "caption of a_first",
        '<a href="#mine">Of my own</a>',
        "font: 16px",
    ):
        assert words in page
    assert 'src="http' not in page


def test_the_record_names_every_package_the_kernel_and_the_revision(tmp_path):
    record = provenance({"title": "x"})
    write(record, str(tmp_path / "provenance.json"))
    assert json.loads((tmp_path / "provenance.json").read_text(encoding="utf-8")) == record
    assert record["packages"]["numba"] == metadata.version("numba")
    assert {"numpy", "pandas", "threadpoolctl"} <= set(packages())
    assert "threads" in record["blas"]
    assert "kernel" in record["blas"]
    if (Path(initbench.__file__).parents[2] / ".git").exists():
        assert len(revision().partition(",")[0]) == 40


def test_a_copy_of_the_library_in_anothers_repository_has_no_revision(tmp_path):
    for arguments in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", "-C", tmp_path, *arguments], check=True)
    (tmp_path / "__init__.py").touch()
    assert revision(tmp_path) is None


def test_values_in_words():
    assert [text(value) for value in (None, float("nan"), 0.12345, 3, "a")] == ["", "", "0.123", "3", "a"]
    assert between(0.5, 0.25, 0.75) == "0.5 (0.25 to 0.75)"
    assert between(0.5, float("nan"), None) == "0.5"
    assert between(None, None, None) == ""


def test_keys_that_seldom_differ_are_shown_where_they_do():
    frame = pd.DataFrame({"architecture": ["mlp"] * 2, "width": [32, 64], "optimizer": ["sgd", "adam"]})
    assert [name for _, name in block_columns(frame)] == [
        "dataset",
        "width",
        "optimizer",
        "activation",
        "depth",
        "normalization",
    ]


def test_what_a_confirming_study_found_stands_beside_each_claim(tmp_path):
    columns = [
        "id",
        "statement",
        "verdict",
        "condition",
        "evidence",
        "figure",
        "rule",
        "claimed_in",
        "statement_zh",
        "condition_zh",
    ]
    rows = [dict.fromkeys(columns, "x") | {"id": name, "verdict": "supported"} for name in ("one", "two", "three")]
    claims = pd.DataFrame(rows).assign(cells=3, cells_holding=3, by_dataset=None)
    claims.to_parquet(tmp_path / "claims.parquet")
    other = claims.assign(
        verdict="refuted", cells_holding=0, by_dataset=[None, "digits: refuted; wine: <supported>", None]
    )
    other[:2].to_parquet(tmp_path / "confirmed.parquet")
    tables = Tables({"claims": str(tmp_path / "claims.parquet")})
    study = STUDY | {"confirmation": str(tmp_path / "confirmed.parquet")}
    html = section_as_html(SECTIONS["claims"], tables, study)
    assert html.count("Also on fresh seeds") == 2
    assert "Also on fresh seeds: refuted, 0 of 3 cells" in html
    assert "Also on fresh seeds: digits: refuted; wine: &lt;supported&gt;" in html
    assert "Also on fresh seeds" not in section_as_html(SECTIONS["claims"], tables, STUDY | {"confirmation": None})
