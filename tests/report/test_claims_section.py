"""The claims on the page: a table in both languages that tells the same as the tables, sorts, filters and opens."""

import pandas as pd
import pytest

from initbench.base.parquet import write_parquet
from initbench.claims import CellVerdict, Claim
from initbench.claims.quantities import mean, share
from initbench.claims.tables import CLAIM_CELLS, CLAIMS
from initbench.claims.texts import Texts
from initbench.claims.themes import CLAIMS_BY_THEME, CLAIMS_IN_ORDER, theme_of
from initbench.claims.verdicts import judge
from initbench.report import contents
from initbench.report.page import render, section_as_html
from initbench.report.sections import SECTIONS
from initbench.tables.schema import arrow_table
from initbench.tables.views import Tables

STUDY = {"config": {"replication": None, "title": "Small", "datasets": ["wine"], "training": {"steps": 9}},
         "runs": 1, "cells": 1, "jobs": 1, "tuning_seeds": 3,
         "figures": {"one": {"name": "one", "number": 4}}}  # fmt: skip
RUNS = pd.DataFrame({"dataset": ["<wine>"], "architecture": ["mlp"], "optimizer": ["sgd"], "learning_rate": [0.1]})
VERDICTS = {
    "zero-stalls": (True, True),
    "he-relu": (True, False),
    "zero-gradient": (False, False),
    "xavier-tanh": (None,),
    "mine": (),
}


def declared(name, holds):
    """A claim with a cell a verdict: depths 1 and 2, 2 and 4 of 10 runs; its Chinese is left out if it is `mine`."""
    cells = [
        CellVerdict(
            {"scheme": "<i>he</i>", "activation": "relu", "depth": k, "normalization": "none", "dataset": "<wine>"},
            holding,
            k / 10,
            (share("stalled_runs", 2 * k, 10), mean("test_accuracy", [0.5, 0.25 * k])),
        )
        for k, holding in enumerate(holds, 1)
    ]
    english = Texts(f"Claim {name} & <more>", "Cells: all. Holds if <so>.", "<someone>")
    chinese = Texts(None, None) if name == "he-relu" else Texts(f"论断 {name}", "范围：全部。", "某处")
    return Claim(name, lambda tables: cells, {"en": english, "zh": chinese}, "one")


@pytest.fixture
def made(tmp_path):
    """(verdicts, folder) → the tables of the claims with those verdicts."""

    def make(verdicts=VERDICTS, folder="here"):
        class Study:
            runs, paths = RUNS, {}

        found = judge(Study, [declared(name, holds) for name, holds in verdicts.items()])
        (tmp_path / folder).mkdir()
        paths = {table.name: str(tmp_path / folder / f"{table.name}.parquet") for table in (CLAIMS, CLAIM_CELLS)}
        for table in (CLAIMS, CLAIM_CELLS):
            write_parquet(arrow_table(found[table.name], table.columns), paths[table.name])
        return Tables(paths)

    return make


def html(tables, language="en", **study):
    return section_as_html(SECTIONS["claims"], tables, STUDY | study, language)


def test_the_section_opens_with_how_many_claims_hold(made):
    tables = made()
    assert "Of 4 claims, this study finds 1 to hold everywhere, 1 in part and 1 nowhere; 1 cannot be told." in html(
        tables
    )
    assert "4 条论断中，1 条处处成立，1 条部分成立，1 条处处不成立，1 条无法判断。" in html(tables, "zh")
    assert "lacks their cells: 1 of the claims." in html(tables)


def test_names_of_claims_and_cells_are_text(made):
    for language in ("en", "zh"):
        page = html(made(folder=language), language)
        for text in ("<i>he", "<wine>", "<more>", "<so>", "<someone>"):
            assert text not in page
        assert "&lt;i&gt;he&lt;/i&gt;" in page


def test_evidence_is_a_table_of_cells_with_their_numbers(made):
    page = html(made({"he-relu": (True, False)}))
    assert (
        '<th scope="row" class="n">1</th><td class="tone-yes">holds</td><td class="n">2 of 10</td><td class="interval">(3'
        in page
    )
    assert '<th scope="row" class="n">2</th><td class="tone-no">fails</td><td class="n">4 of 10</td>' in page
    assert 'colspan="2">runs stalled</th>' in page
    assert '<a href="#figure-one">Figure 4</a>' in page
    assert "1 of 2</td>" in page
    assert "the depth is at most 1</td>" in page


def test_a_claim_without_chinese_says_that_it_is_in_english(made):
    page = html(made({"he-relu": (True,), "zero-stalls": (True,)}), "zh")
    assert '<th scope="row" lang="en">Claim he-relu &amp; &lt;more&gt;</th>' in page
    assert '<th scope="row">论断 zero-stalls</th>' in page


def test_what_a_confirming_study_found_stands_beside_each_claim(made):
    there = made({"zero-stalls": (True,), "he-relu": (False,), "zero-gradient": ()}, "there").paths["claims"]
    page = html(made(), confirmation=there)
    assert '<span class="unseen">the same</span>, 1 of 1</span>' in page
    assert "refuted (differs), 0 of 1</span>" in page
    assert "not asked</span>" in page
    assert "on fresh seeds" not in html(made(folder="again"), confirmation=None)


def test_a_study_that_asks_none_of_the_claims_says_so_in_a_line(made):
    page = html(made({"mine": (), "he-relu": ()}))
    assert page.strip() == '<p class="note">Not asked here, since this study lacks their cells: 2 of the claims.</p>'


def test_every_claim_has_a_theme_and_what_surprises_comes_first():
    assert {theme_of(name) for name in CLAIMS_IN_ORDER} == set(CLAIMS_BY_THEME)
    assert theme_of("mine") == "further"
    assert len(set(CLAIMS_IN_ORDER)) == len(CLAIMS_IN_ORDER)


@pytest.fixture
def page_of_claims(made, tmp_path, monkeypatch):
    """The path of a page with this section alone."""
    monkeypatch.setattr(contents, "sections_in_order", lambda: [SECTIONS["claims"]])
    monkeypatch.setattr(contents, "figures_in_order", lambda replication: [])
    render(made(), tmp_path, str(tmp_path / "index.html"), STUDY)
    return tmp_path / "index.html"


def shown(page):
    return [head.inner_text() for head in page.locator("table.claims .claim th[scope=row]").all() if head.is_visible()]


@pytest.mark.browser
def test_the_table_is_filtered_sorted_and_opened_by_its_controls(page_of_claims, open_page):
    page = open_page(page_of_claims)
    names = [name.split()[1] for name in shown(page) if name.startswith("Claim")]
    assert names == ["zero-gradient", "zero-stalls", "he-relu", "xavier-tanh"]
    page.get_by_role("radio", name="in part").check()
    assert [name.split()[1] for name in shown(page)] == ["he-relu"]
    assert "Claims shown: 1." in page.locator("output:visible").inner_text()
    page.get_by_role("radio", name="all", exact=True).check()
    page.get_by_role("button", name="cells").press("Enter")
    assert [name.split()[1] for name in shown(page)] == ["xavier-tanh", "zero-gradient", "he-relu", "zero-stalls"]
    assert page.locator("th[aria-sort=ascending]:visible").inner_text().startswith("cells")
    page.get_by_role("button", name="cells").press("Enter")
    assert shown(page)[0].split()[1] == "zero-stalls"
    page.get_by_label("Sort by").select_option(label="verdict")
    assert [name.split()[1] for name in shown(page)] == ["zero-gradient", "he-relu", "zero-stalls", "xavier-tanh"]
    page.locator("summary:visible").first.press("Enter")
    assert page.locator("td.tone-no:visible").count() == 2
    assert page.get_by_text("Zeros", exact=True).is_hidden()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [400, 1024])
def test_nothing_of_the_table_is_cut(page_of_claims, open_page, language, width):
    page = open_page(page_of_claims, f"#lang={language}", width=width)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = "[...document.querySelectorAll('table.claims')].filter((t) => t.scrollWidth > t.parentElement.clientWidth).length"
    assert page.evaluate(cut) == 0


@pytest.mark.browser
def test_an_address_opens_the_claim_that_it_names(page_of_claims, open_page):
    page = open_page(page_of_claims, "#claim-he-relu")
    assert page.locator("#claim-he-relu-en .scroll").is_visible()
    assert page.locator("#claim-zero-stalls-en .scroll").is_hidden()


@pytest.mark.browser
def test_without_scripts_the_table_stands_by_theme(page_of_claims, open_page):
    page = open_page(page_of_claims, java_script_enabled=False)
    assert page.locator("form.claim-controls:visible").count() == 0
    assert page.locator("table.claims:visible .theme").count() == 2
    assert page.locator("table.claims:visible tbody.claim").count() == 4
