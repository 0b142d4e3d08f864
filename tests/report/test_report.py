"""The report: its table of contents is complete, an extension's things join it, the page is safe, the record is full."""

import json
import subprocess
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest
import yaml

import initbench
from initbench.base.catalogue import LANGUAGES, Words
from initbench.base.extensions import load_extension, unload_extensions
from initbench.base.files import write_json
from initbench.base.machine import revision
from initbench.claims import CLAIMS
from initbench.figures import FIGURES
from initbench.report import contents
from initbench.report.page import render, section_as_html, titles
from initbench.report.provenance import packages, provenance
from initbench.report.sections import SECTIONS, Section
from initbench.report.words import between, block_columns, points, share, shares, text
from initbench.study.cells import RUN
from initbench.tables.views import ACCURACIES

EXTENSION = """
from initbench.claims import CellVerdict, claim
from initbench.extend import Drawn, figure
from initbench.figures.style import blank
from initbench.report.sections import section

@figure("z_second", section="mine", tables=("runs",))
def z_second(tables, words):
    return Drawn(blank(), "Loaded first", f"{len(tables.runs)} runs were seen.", "nothing")

@figure("a_first", section="depth", tables=("runs",))
def a_first(tables, words):
    return None

@section("mine", title="Of my own", tables=("runs",), template="<p>{{ count }} runs &amp; {{ name }}</p>{{ table(columns, rows) }}")
def mine(tables, study, words):
    return {"count": len(tables.runs), "name": "<b>", "columns": [("value", "value")], "rows": [{"value": 0.12345}]}

@claim("mine", statement="A claim of my own", rule="Cells: none. Holds if nothing fails.")
def my_claim(tables):
    return [CellVerdict({"depth": 1}, True, 1.0)]
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
    assert names[names.index(contents.CONTENTS["depth"][-1]) + 1] == "a_first"
    assert contents.claims_in_order()[-1].texts["en"].statement == "A claim of my own"
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
    html = section_as_html(SECTIONS["mine"], tables, STUDY, "zh")
    assert "1 runs &amp; &lt;b&gt;</p>" in html
    assert '<th scope="row" class="n">0.123</th>' in html


def test_a_section_without_template_shows_its_figures_alone(as_tables):
    plain = Section("plain", (), lambda tables, study, words: {}, title="Plain")
    assert section_as_html(plain, as_tables({}), STUDY, "en").strip() == ""


def test_a_section_reads_no_more_than_it_names(as_tables):
    greedy = Section("greedy", (), lambda tables, study, words: {"n": len(tables.runs)}, title="Greedy")
    with pytest.raises(KeyError, match="'runs' was not asked for"):
        section_as_html(greedy, as_tables({"runs": RUNS}), STUDY, "en")


def test_the_page_is_one_file_with_the_sections_that_have_something_to_say(tmp_path, monkeypatch, as_tables, extension):
    monkeypatch.setattr(contents, "sections_in_order", lambda: [SECTIONS[name] for name in ("depth", "answer", "mine")])
    drawn = [FIGURES[name] for name in ("loss_at_start", "a_first", "z_second")]
    monkeypatch.setattr(contents, "figures_in_order", lambda replication: drawn)
    for figure in drawn:
        said = {language: {"title": f"T {figure.name}", "caption": "<c>", "alt": 'a "seen"'} for language in LANGUAGES}
        shown = {"shown": figure.name != "loss_at_start", "width": "page"}
        (tmp_path / f"{figure.name}.json").write_text(json.dumps(shown | said))
        for language in LANGUAGES:
            (tmp_path / f"{figure.name}.{language}.svg").write_text("<svg></svg>")
    tables = as_tables(
        {"runs": RUNS.assign(selected=False, depth=3)} | dict.fromkeys(("layers", "signal", "best", "choices"), RUNS)
    )
    render(tables, tmp_path, str(tmp_path / "index.html"), STUDY)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for words in (
        'Figure 1. T a_first</h3>', "图 2：T z_second", "&lt;c&gt;", 'aria-label="a &#34;seen&#34;"', '<a href="#mine">Of my own</a>',
        '<div class="in-zh" lang="zh-Hans">', '<h2>网络为什么越深越难训练？</h2>', "&lt;b&gt;",
    ):  # fmt: skip
        assert words in page
    assert "loss_at_start" not in page
    assert 'id="answer"' not in page
    assert 'src="' not in page


def test_the_default_studys_title_is_known_in_both_languages_and_a_users_stands_as_it_is():
    question = yaml.safe_load((Path(__file__).parents[2] / "config.yaml").read_text(encoding="utf-8"))["title"]
    assert question == Words("en", "page")("question")
    assert titles(question)["zh"] == (Words("zh", "page")("question"), "zh-Hans")
    assert titles("Mine")["zh"] == ("Mine", "en")


def test_the_record_names_every_package_the_kernel_and_the_revision(tmp_path):
    record = provenance({"title": "x"})
    write_json(record, tmp_path / "provenance.json")
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
    assert [text(value) for value in (None, float("nan"), 0.12345, 3, "a", True)] == ["", "", "0.123", "3", "a", "True"]
    words = Words("en")
    assert between(0.5, 0.25, 0.75, words) == "50.0\u202f%\u00a0(25.0\u202f%\u00a0to\u00a075.0\u202f%)"
    assert between(0.5, float("nan"), None, words) == "50.0\u202f%"
    assert between(None, None, None, words) == ""
    assert [share(value) for value in (0.1, 0.998, 1.0, 0.002, 0.0)] == [
        "10\u202f%",
        "99.8\u202f%",
        "100\u202f%",
        "0.2\u202f%",
        "0\u202f%",
    ]
    assert between(0.5, 0.25, 0.75, Words("zh")) == "50.0\u202f%（25.0\u202f%\u2060～\u206075.0\u202f%）"
    assert shares(0.1, 0.902, words) == "10\u202f% to 90\u202f%"
    assert shares(0.1, 0.902, Words("zh")) == "10\u202f%\u2060～\u206090\u202f%"
    assert [points(0.01, Words(language)) for language in ("en", "zh")] == ["1\u202f%", "1 个百分点"]
    assert shares(0.1, 0.101, words) == "10\u202f%"


def test_keys_that_seldom_differ_are_shown_where_they_do():
    frame = pd.DataFrame({"architecture": ["mlp"] * 2, "width": [32, 64], "optimizer": ["sgd", "adam"]})
    names = [name for _, name in block_columns(frame, Words("en"))]
    assert names == ["dataset", "width", "optimizer", "activation", "depth", "normalization"]
