"""The quick study end to end: its tables, its report, and the page in a browser."""

import json
import re

import numpy as np
import pyarrow.parquet as pq
import pytest
import quick_study

from initbench.report.contents import figures_in_order

pytestmark = pytest.mark.pipeline


def test_the_quick_study_shows_the_effect(quick):
    runs = pq.read_table(quick / "tables/runs.parquet").to_pandas()
    chosen = runs[runs["selected"] & (runs["depth"] == 8) & (runs["activation"] == "tanh")]
    accuracy = chosen.groupby("scheme")["test_accuracy"].mean()
    assert accuracy["zeros"] < 0.15
    assert accuracy["small_normal"] < 0.15
    assert accuracy["xavier_tanh"] > 0.9
    for name in ("runs", "history", "signal", "layers", "comparisons", "theory"):
        table = pq.read_table(quick / f"tables/{name}.parquet")
        for column in table.schema.names:
            if str(table.schema.field(column).type) == "double":
                values = table[column].drop_null().to_numpy()
                assert (abs(values) < float("inf")).all(), f"{name}.{column}"


def test_its_few_seeds_tell_a_start_from_zero_from_one_that_trains(quick):
    table = pq.read_table(quick / "tables/comparisons.parquet").to_pandas()
    assert set(table["reference"]) == {"xavier_tanh"}
    zeros = table[(table["scheme"] == "zeros") & (table["depth"] == 8)]
    assert (zeros["p_adjusted"] < 0.05).all()
    assert (zeros["mean_difference"] < -0.7).all()


def test_theory_predicts_most_layers_of_the_quick_study(quick):
    table = pq.read_table(quick / "tables/theory.parquet").to_pandas()
    assert set(table["scheme"]) == {"small_normal", "xavier_tanh", "he_normal"}
    # 8 seeds of 64 to 128 units: their own standard errors are uncertain
    assert table["within_tolerance"].mean() > 0.8
    assert np.abs(table["gradient_relative_error"]).max() < 0.2


def test_the_report_is_one_file_with_every_figure(quick):
    page = (quick / "report/index.html").read_text(encoding="utf-8")
    assert page.count('<figure id="figure-') == shown(quick)
    assert not re.search(r"(src|href)=\"(https?:)?//", page)
    assert "nan" not in page.split()
    assert (
        len(list((quick / "figures").glob("*.png")))
        == len(list((quick / "figures").glob("*.svg")))
        == 2 * len(figures_in_order())
    )
    assert json.loads((quick / "provenance.json").read_text())["packages"]["numpy"]


def shown(quick) -> int:
    """How many figures have something to show in this study."""
    drawn = (quick / f"figures/{figure.name}.json" for figure in figures_in_order())
    return sum(json.loads(path.read_text(encoding="utf-8"))["shown"] for path in drawn)


@pytest.mark.browser
def test_the_report_opens_in_a_browser(quick, open_page):
    page = open_page(quick / "report/index.html")
    assert page.locator("figure[id^=figure-]").count() == shown(quick)
    assert page.get_by_role("heading", level=1).count() == 1


@pytest.mark.browser
def test_snakemakes_own_report_lists_the_page_the_figures_and_the_tables(quick, tmp_path, browser):
    done = quick_study.snakemake("--report", str(tmp_path / "report.html"))
    assert done.returncode == 0, done.stderr
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "report.html").as_uri())
    page.get_by_role("link", name="Figures").click()
    section = page.get_by_role("link", name=re.compile(r"^\d\d .*zeros", re.IGNORECASE))
    section.click()
    assert page.locator("td", has_text=re.compile(r"^\d\d \w+$")).count() > 0
    listed = page.evaluate("categories")
    assert set(listed) == {"Page", "Figures", "Tables"}
    figures = [path for paths in listed["Figures"].values() for path in paths]
    assert len(figures) == 2 * shown(quick)
    results = page.evaluate("results")
    assert {results[path]["labels"]["language"] for path in figures} == {"English", "中文"}
    assert all("<strong>" in results[path]["caption"] for path in figures)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()
