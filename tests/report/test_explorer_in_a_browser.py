"""The explorer in a real browser: every control changes what is shown, the address restores it, and its numbers are the tables'."""

import csv
import json
from pathlib import Path

import pytest
import yaml
from explored_studies import config, explored
from made_up_studies import FULL, STUDIES, chosen, study, tuned

from initbench.base.numbers import number, percent
from initbench.figures.style import look
from initbench.report.explorer.data import explorer
from initbench.report.explorer.packing import packed
from initbench.report.explorer.parts import parts, words_of_script
from initbench.report.explorer.script import MODULES, asset, joined_script
from initbench.report.page import _asset as page_asset
from initbench.study.grid import load_study

pytestmark = pytest.mark.browser
STUDY = {"config": config(title="Of <b>", schemes=["zeros", "small_normal", "xavier_tanh", "he_normal"])}
FRAME = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>{css}</style>
<body><input type="radio" name="language" id="language-en" value="en" checked>
<input type="radio" name="language" id="language-zh" value="zh">
<main><div class="in-en">{en}</div><div class="in-zh">{zh}</div>{explorer}</main><script>{switch}</script>{scripts}</body></html>"""
VIEWS = ("hero", "layers", "curves", "accuracy", "numbers", "ranking", "config")
TESTED = "number, percent, fixed, Study, unpacked, ranking, viewYaml, csvOf, wordsIn, firstState, read, written"


def framed(made: dict) -> str:
    """The parts in a page, with its look and its switch of languages."""
    look = page_asset("report.css") + asset("explorer.css")
    return FRAME.format(css=look, switch=page_asset("page.js"), **made["hero"], **made)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A page of nothing but the first picture and the explorer, of a tuned study."""
    folder = tmp_path_factory.mktemp("page")
    made = parts(explored(tuned(FULL), folder), STUDY)
    path = folder / "index.html"
    path.write_text(framed(made), encoding="utf-8")
    return path


@pytest.fixture
def opened(report, open_page):
    """(fragment, settings) → the page, its explorer built."""

    def open_one(fragment="", **settings):
        page = open_page(report, fragment, **settings)
        page.locator("[data-explorer]").scroll_into_view_if_needed()
        page.wait_for_function("document.documentElement.dataset.explorerState == 'built'")
        return page

    return open_one


@pytest.fixture
def functions(open_page, tmp_path):
    """A page that holds the script's functions, to be called with a study's data."""
    path = tmp_path / "functions.html"
    script = joined_script(MODULES[:-1]) + f"\nglobalThis.tested = {{ {TESTED} }};"
    path.write_text(f'<!doctype html><meta charset="utf-8"><script type="module">{script}</script>', encoding="utf-8")
    page = open_page(path)
    page.wait_for_function("globalThis.tested")
    return page


def view(page) -> str:
    return page.locator("[data-view]").inner_html()


def choose(page, name: str, value: str) -> None:
    page.locator(f'[data-explorer] input[name="{name}"][value="{value}"]').check(force=True)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_script_draws_the_picture_that_stands_in_the_page(report, open_page, language):
    still = open_page(report, java_script_enabled=False)
    page = open_page(report)
    page.wait_for_function("document.documentElement.dataset.explorerState")
    page.locator(f"#language-{language}").check()
    depth = page.locator(f'[data-hero="{language}"] input[name="hero.{language}.depth"]')
    picture = page.locator(f'[data-hero="{language}"] [data-picture]')
    depth.nth(0).check(force=True)
    assert "2 hidden layers" in picture.inner_text() or "2 个隐藏层" in picture.inner_text()
    depth.nth(1).check(force=True)
    squeezed = "element => element.innerHTML.replace(/\\s+/g, ' ').replace(/> </g, '><').trim()"
    expected = still.locator(f'[data-hero="{language}"] [data-picture]').evaluate(squeezed)
    assert picture.evaluate(squeezed) == expected


def test_without_a_script_there_are_no_controls_but_the_picture(report, open_page):
    page = open_page(report, java_script_enabled=False)
    assert page.locator("[data-hero=en] table tbody tr").count() == 4
    assert page.locator("main input").count() == 0
    assert "JavaScript" in page.locator("noscript").first.inner_text()


def test_every_control_changes_what_is_shown_and_the_address(opened):
    page = opened()
    seen, addresses = {view(page)}, {page.url}
    steps = [
        lambda: choose(page, "axis.depth", "2"),
        lambda: choose(page, "axis.activation", "tanh"),
        lambda: page.locator("select[name=quantity]").select_option("spread"),
        lambda: page.locator("input[name=update]").fill("2"),
        lambda: choose(page, "rate", "2"),
        lambda: page.locator("input[name=scheme][value=zeros]").uncheck(),
        *(lambda name=name: choose(page, "view", name) for name in VIEWS if name != "layers"),
    ]
    for step in steps:
        step()
        seen.add(view(page))
        addresses.add(page.url)
    assert len(seen) == len(addresses) == 1 + len(steps)


def test_the_address_restores_the_state_and_keeps_what_is_not_the_explorers(opened):
    fragment = "#lang=zh&activation=tanh&depth=2&view=numbers&without=zeros"
    page = opened(fragment)
    assert page.locator("[data-view] tbody th").all_inner_texts() == ["small_normal", "xavier_tanh", "he_normal"]
    assert page.locator('input[name="axis.activation"]:checked').input_value() == "tanh"
    choose(page, "view", "accuracy")
    assert "lang=zh" in page.url
    page.evaluate("location.hash = '#view=config&depth=10&activation=relu'")
    page.wait_for_function("document.querySelector('[data-view] pre')")
    assert "depths: [10]" in page.locator("[data-view] pre").inner_text()
    page.evaluate("location.hash = '#claim-zero-symmetry'")
    assert page.locator("[data-view] pre").count() == 1


def test_an_address_that_says_nothing_known_shows_the_first_case(opened):
    page = opened("#view=no&depth=7&update=x&rate=-1&without=nobody&blocks=99.a&quantity=__proto__")
    assert page.locator('input[name="axis.depth"]:checked').input_value() == "10"
    assert page.locator("[data-view] svg").count() == 1


def test_arrow_keys_move_through_a_group_and_the_focus_stays(opened):
    page = opened()
    page.locator('input[name="axis.depth"]:checked').focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.name + document.activeElement.value") == "axis.depth2"
    assert "2 hidden layers" in page.locator("[data-finding]").inner_text()


def test_the_language_can_be_changed(opened):
    page = opened()
    page.locator("#language-zh").check()
    assert page.locator("[data-explorer] legend").first.inner_text() == "激活函数"
    assert "隐藏层" in page.locator("[data-finding]").inner_text()


def test_nothing_is_wider_than_a_phone(opened):
    for name in VIEWS:
        page = opened(f"#view={name}", width=400)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400, name


@pytest.mark.parametrize("name", ["layers", "accuracy"])
def test_a_marker_without_an_inside_is_drawn_in_the_colour_of_its_start(opened, name):
    strokes = (
        opened(f"#view={name}").locator("[data-view] g").evaluate_all("all => all.map((g) => g.getAttribute('stroke'))")
    )
    assert look("zeros").marker == "X"
    assert look("zeros").colour in strokes


def test_bars_and_swatches_stand_beside_their_text_in_the_explorer_too(opened):
    page = opened("#view=hero")
    shown = page.locator("[data-view] td svg, [data-view] .swatch svg").evaluate_all(
        "all => all.map((svg) => getComputedStyle(svg).display)"
    )
    assert shown
    assert "block" not in shown


def test_files_are_what_is_shown(opened):
    page = opened("#view=numbers&depth=2&activation=tanh")
    with page.expect_download() as download:
        page.locator("button[data-download=csv]").click()
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["scheme"] for row in rows] == ["zeros", "small_normal", "xavier_tanh", "he_normal"]
    runs = tuned(FULL).query("selected and depth == 2 and activation == 'tanh'")
    for row in rows:
        mean = runs.loc[runs["scheme"] == row["scheme"], "test_accuracy"].mean()
        assert float(row["test_accuracy"]) == pytest.approx(mean, abs=5e-5)
        assert (row["activation"], row["depth"], row["seeds"]) == ("tanh", "2", "7")


def test_a_view_is_a_configuration_that_loads(opened):
    for fragment, schemes, rates in (
        ("#view=config&depth=2", 4, 2),
        ("#view=config&rate=0.1&without=zeros&activation=tanh", 3, 1),
    ):
        text = opened(fragment).locator("[data-view] pre").inner_text()
        made = load_study(yaml.safe_load(text))
        assert len(made.cells) == schemes
        assert len(made.config["learning_rates"]) == rates
        assert made.config["title"] == "Of <b>"
        assert made.config["training"] == STUDY["config"]["training"]


@pytest.mark.parametrize(
    ("runs", "changes"),
    [
        (STUDIES["initial only"], {}),
        (chosen(study(depths=(0,), activations=("linear",))), {}),
        (FULL.assign(dataset="own"), {"datasets": ["digits", {"name": "own", "path": "own.csv", "label": "y: [#"}]}),
    ],
    ids=["initial", "without hidden layers", "own data"],
)
def test_other_studies_too_give_configurations_that_load(functions, tmp_path, monkeypatch, runs, changes):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.csv").write_text("a,y: [#\n" + "1.5,0\n2,1\n" * 60)
    data = packed(explorer(explored(runs, tmp_path), {"config": config(**changes)}) | {"words": words_of_script()})
    text = functions.evaluate(
        """async (data) => { const study = new tested.Study(await tested.unpacked(data));
        return tested.viewYaml(study, tested.firstState(study), tested.wordsIn(study.content.words, "en")) }""",
        data,
    )
    made = load_study(yaml.safe_load(text))
    assert {cell.dataset for cell in made.cells} == set(runs["dataset"])
    assert bool(made.training.steps) == (runs["status"] != "initial").any()


@pytest.mark.parametrize("name", [name for name in STUDIES if name not in ("empty", "initial only", "disjoint seeds")])
def test_the_ranking_of_one_network_is_that_of_the_table(functions, tmp_path, name):
    content = explorer(explored(STUDIES[name], tmp_path), STUDY)
    found = functions.evaluate(
        """(content) => { const study = new tested.Study(content);
        return content.blocks.map((_, block) => tested.ranking(study, [block])) }""",
        content,
    )
    lists = ("best", "as_good", "undecided", "worse")
    assert any(content["best"])
    for expected, answer in zip(content["best"], found, strict=True):
        told = (
            {key: sorted(answer["schemes"][i] for i in answer[key]) for key in lists}
            if answer
            else {key: [] for key in lists}
        )
        assert told == {key: sorted(expected[key]) for key in lists}


def test_a_ranking_over_networks_takes_the_mean_of_their_scores_by_seed(opened):
    page = opened("#view=ranking")
    page.locator("button[data-blocks=all]").click()
    assert page.locator("input[name=block]:checked").count() == 4
    runs = tuned(FULL).query("selected")
    means = runs.groupby("scheme")["test_accuracy"].mean().sort_values(ascending=False)
    rows = page.locator("[data-ranking] tbody tr")
    assert rows.locator("th").all_inner_texts() == list(means.index)
    assert rows.locator("td.n").all_inner_texts() == [percent(mean, 1) for mean in means]
    page.locator("button[data-blocks=none]").click()
    assert page.locator("[data-ranking] table").count() == 0


def test_numbers_are_written_as_everywhere_on_the_page(functions):
    values = [
        0,
        1,
        -3,
        12345,
        1e6,
        0.5,
        0.125,
        0.25,
        2.5,
        0.0345,
        -0.2,
        1e-3,
        9.996e-4,
        5.9e-23,
        1e-9,
        4.4e30,
        999999.5,
        0.9996,
        99.96,
    ]
    assert functions.evaluate("values => values.map((value) => tested.number(value))", values) == [
        number(value) for value in values
    ]
    shares = [0, 1, 0.005, 0.125, 0.985, 0.145, 0.59, 0.3333]
    assert functions.evaluate("values => values.map((value) => tested.percent(value))", shares) == [
        percent(share) for share in shares
    ]
    shares = [0.0005, 0.00125, 0.9996]
    assert functions.evaluate("values => values.map((value) => tested.percent(value, 1))", shares) == [
        percent(share, 1) for share in shares
    ]


def test_names_stay_text_in_every_view(open_page, tmp_path):
    hostile = "<img src=x onerror=alert(1)>'\""
    runs = chosen(FULL.assign(scheme=FULL["scheme"].replace("he_normal", hostile)))
    made = parts(explored(runs, tmp_path), STUDY)
    path = tmp_path / "index.html"
    path.write_text(framed(made), encoding="utf-8")
    for name in VIEWS:
        page = open_page(path, f"#view={name}")
        page.locator("[data-explorer]").scroll_into_view_if_needed()
        page.wait_for_function("document.documentElement.dataset.explorerState == 'built'")
        assert page.locator("img").count() == 0
        assert (
            hostile in page.locator("[data-explorer]").inner_text()
            or json.dumps(hostile) in page.locator("[data-explorer]").inner_text()
        )
