"""The explorer's data and first picture: what is packed equals the tables, names stay text, every study shows something sensible."""

import json
import re
from html import unescape

import numpy as np
import pandas as pd
import pytest
from explored_studies import STEPS, config, explored
from made_up_studies import FULL, STUDIES, chosen, study, tuned

from initbench.base.catalogue import LANGUAGES, Words, catalogue
from initbench.report.explorer.cases import AXES, Cases
from initbench.report.explorer.data import BUDGET, explorer, few
from initbench.report.explorer.hero import hero
from initbench.report.explorer.packing import ZERO, coded, decoded, packed, unpacked
from initbench.report.explorer.parts import parts
from initbench.report.explorer.script import MODULES, asset, inline, joined_script
from initbench.report.explorer.signal import colour, squares
from initbench.statistics.paired import sign_flip_interval
from initbench.study.cells import CELL

HOSTILE = "<script>alert(1)</script>&\"'"
STUDY = {"config": config()}


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """A tuned study of four starts at two depths under two activations."""
    return explored(tuned(FULL), tmp_path_factory.mktemp("explored"))


@pytest.fixture(scope="module")
def content(tables):
    return unpacked(packed(explorer(tables, STUDY)))


def test_a_number_is_packed_to_within_half_a_step():
    values = np.array([1e-300, 2e-8, 0.3, 1.0, 7e20, 0.0, np.nan, np.inf])
    back = decoded(coded(values, "log"), "log")
    assert back[:5] == pytest.approx(values[:5], rel=10**0.005 - 1 + 1e-9)
    assert back[5] == 0
    assert coded([0.0], "log") == [ZERO]
    assert np.isnan(back[6:]).all()
    for kind, step in (("share", 1e-3), ("count", 0.5), ("score", 1e-4)):
        assert decoded(coded([0.12347, 1.0], kind), kind) == pytest.approx([0.12347, 1.0], abs=step / 2)


def test_scores_of_seeds_are_exact_and_means_have_their_interval(tables, content):
    runs = tables.chosen_runs
    cells, at = Cases.of(tables, STUDY["config"]).cells, content["fits"]
    for cell, row in cells.iterrows():
        own = runs.merge(row[CELL].to_frame().T.astype(runs[CELL].dtypes), on=CELL).sort_values("seed")
        places = content["scores"]["of"][cell]
        assert [content["scores"]["values"][place] for place in places] == own["test_accuracy"].tolist()
        fit = next(i for i in range(len(at["cell"])) if (at["cell"][i], at["rate"][i]) == (cell, 0))
        low, high = sign_flip_interval(own["test_accuracy"])
        found = [at[name][fit] / 10_000 for name in ("score", "low", "high")]
        assert found == pytest.approx([own["test_accuracy"].mean(), low, high], abs=5e-5)
        assert [at[name][fit] for name in ("n", "trained")] == [7, int((own["status"] == "trained").sum())]


def test_layers_and_curves_are_medians_over_seeds_in_the_order_of_fits(tables, content):
    cells = Cases.of(tables, STUDY["config"]).cells
    start = content["layers"]["gradient"]["start"]
    at = 0
    for _, cell in cells.iterrows():
        own = start[at : at + cell["depth"]]
        at += cell["depth"]
        scale = {"zeros": 0.0, "small_normal": 1e-3}.get(cell["scheme"], 0.9)
        expected = [scale ** (2 * (cell["depth"] + 1 - layer)) for layer in range(1, cell["depth"] + 1)]
        assert decoded(own, "log") == pytest.approx(expected, rel=0.012)
    assert at == len(start)
    fits, spread = content["fits"], content["layers"]["spread"]["later"]
    depths = [int(cells["depth"][cell]) for cell in fits["cell"]]
    assert len(spread) == sum(depth * len(STEPS) for depth in depths)
    assert decoded(spread[: depths[0]], "log") == pytest.approx([1.5] * depths[0], rel=0.012)
    assert len(content["curves"]["train_loss"]["values"]) == (1 + len(STEPS)) * len(depths)


def test_a_quantity_that_a_study_did_not_measure_is_not_there(content):
    assert list(content["layers"]) == ["gradient", "spread", "weight_gradient", "units", "saturated"]


def test_what_outgrows_the_budget_keeps_few_updates_then_none_of_other_rates(tables, monkeypatch):
    whole = explorer(tables, STUDY)
    assert whole["steps"] == {"chosen": list(STEPS), "tried": list(STEPS)}
    assert len(packed(whole)) < BUDGET
    monkeypatch.setattr("initbench.report.explorer.data.BUDGET", len(packed(whole)) - 1)
    assert explorer(tables, STUDY)["steps"] != whole["steps"]
    monkeypatch.setattr("initbench.report.explorer.data.BUDGET", 0)
    assert explorer(tables, STUDY)["steps"] == {"chosen": [], "tried": []}
    assert few(range(1, 10)) == [3, 6, 9]
    assert few([400]) == [400]


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_of_any_shape_has_data_and_a_picture(name, tmp_path):
    made = parts(explored(STUDIES[name], tmp_path), STUDY)
    assert (made is None) == (name == "empty")
    if made:
        assert all("<table" in made["hero"][language] for language in LANGUAGES)


def test_the_first_case_is_the_deepest_relu_network_without_normalisation_of_the_main_grid():
    odd = study(depths=(30,), activations=("relu",), width=3)
    runs = pd.concat(
        [FULL, study(normalization="batch", depths=(20,)), odd, study(depths=(20,), activations=("tanh",))]
    )
    assert first_case(runs) == {"activation": "relu", "depth": 10, "normalization": "none", "width": 64}
    assert first_case(study(activations=("sigmoid",), normalization="layer"))["depth"] == 10


def first_case(runs: pd.DataFrame) -> dict:
    from types import SimpleNamespace

    cases = Cases.of(SimpleNamespace(runs=runs), STUDY["config"])
    return cases.blocks.iloc[cases.first()][["activation", "depth", "normalization", "width"]].to_dict()


def test_squares_show_the_share_that_arrives_and_say_what_is_zero_or_not_finite():
    made = squares([ZERO, None, -400, 300, 100])
    assert [square.kind for square in made] == ["zero", "unknown", "number", "number", "number"]
    assert [square.decades for square in made[2:]] == [-5, 2, 0]
    assert [square.text for square in made] == ["0", "?", "10⁻⁵", "100", "1"]
    assert [colour(decades) for decades in (0, -8, -80, 8)] == ["#ffffff", "#053061", "#053061", "#67001f"]
    long = squares([0] * 500)
    assert (len(long), long[0].layer, long[-1].layer) == (64, 1, 500)


def test_the_picture_says_units_accuracy_interval_and_updates(tables):
    text = seen(hero(tables, STUDY, Words("en")))
    assert "relu, 10 hidden layers, no normalisation" in text
    assert re.search(r"zeros 0 1 6\d\u202f% \(\d\d\u202f% to \d\d\u202f%\) not reached", text)
    assert re.search(r"he_normal 0\.\d+ 64 7\d\u202f% \(\d\d\u202f% to \d\d\u202f%\) by 50", text)
    assert "10 classes" in text


def seen(html: str) -> str:
    """The text of HTML."""
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<title>.*?</title>|<[^>]*>", " ", str(html))))


def test_names_are_text_wherever_they_stand(tmp_path):
    hostile = chosen(FULL.assign(dataset=HOSTILE, scheme=FULL["scheme"].replace("he_normal", HOSTILE)))
    made = parts(explored(hostile, tmp_path), {"config": config() | {"title": HOSTILE}})
    for markup in (*made["hero"].values(), made["explorer"], made["scripts"]):
        assert "alert(1)" not in re.sub(r"&[#\w]+;", "", str(markup)).replace("scriptalert(1)/script", "")
    data = re.search(r'id="explorer-data">([^<]*)<', str(made["scripts"])).group(1)
    assert HOSTILE in unpacked(data)["schemes"]


def test_no_script_can_end_its_element_or_begin_a_comment():
    assert inline("'</script>' + '<!--' + '</SCRIPT'") == "'\\x3c/script>' + '\\x3c!--' + '\\x3c/SCRIPT'"
    for script in (joined_script(), inline(asset("plot.js"))):
        assert not re.search(r"</script|<!--", script, re.IGNORECASE)


def test_the_script_is_all_its_modules_after_those_they_need():
    script = joined_script()
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    for place, name in enumerate(MODULES):
        needed = re.findall(r'from "\./(\w+)\.js"', asset(f"{name}.js"))
        assert set(needed) <= set(MODULES[:place]), name


def test_every_word_that_the_script_asks_for_is_in_both_languages():
    for language in LANGUAGES:
        words, script = catalogue(language)["explorer"], joined_script()
        assert set(re.findall(r'\bsay\(\s*"(\w+)"', script)) <= set(words)
        assert not re.findall(r"\{\w+[:!][^}]*\}", json.dumps(words)), "the script fills in names alone"


def test_the_library_names_the_licence_of_each_of_its_parts():
    head = asset("plot.js").partition("*/")[0]
    for name in ("@observablehq/plot", "d3-scale", "d3-shape", "Permission to use, copy, modify"):
        assert name in head
    assert len(asset("plot.js")) < 400_000


def test_axes_are_those_of_a_block(tables):
    assert set(AXES) == set(CELL) - {"scheme"}
