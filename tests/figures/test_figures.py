"""Figures: drawn for every legal study, one look that stays in its context, readable in print in both languages."""

import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import initbench
from initbench.analyses import ANALYSES
from initbench.base.catalogue import Words
from initbench.figures import FIGURES
from initbench.figures.appearance import LOOKS
from initbench.figures.critical_difference import alike
from initbench.figures.drawing import draw
from initbench.figures.style import look, style
from initbench.report.contents import figures_in_order
from initbench.study.cells import Cell, Training

MEASURED = ("runs", "history", "signal", "layers")
OF_RUNS = [figure.name for figure in figures_in_order() if set(figure.tables) <= set(MEASURED)]


def trained(
    depths,
    normalizations=("none",),
    training=None,
    schemes=("zeros", "constant(0.1)", "xavier_tanh"),
    seeds=(0, 1),
    width=8,
):
    training = training or Training(steps=3, learning_rates=(0.1, 0.5), records=2)
    cells = [
        Cell("wine", width, depth, "tanh", norm if depth else "none", scheme)
        for depth in depths for norm in normalizations for scheme in schemes
    ]  # fmt: skip
    made = [initbench.train(cell, list(seeds), training) for cell in dict.fromkeys(cells)]
    return {name: pd.concat([tables[name].to_pandas() for tables in made], ignore_index=True) for name in MEASURED}


def drawn(name, tables):
    """The picture in English; None if there is nothing to show."""
    with style():
        found = FIGURES[name].function(tables, Words("en", f"figures.{name}"))
        if found is None:
            return None
        found.picture.canvas.draw()
    for text in (found.title, found.caption, found.alt):
        assert len(text) > 10
        assert "nan" not in text.split()
    return found.picture


OF_ONE_NETWORK = {"width_equivalence", "factor_outcome", "saturated_dead", "input_correlation", "time_to_train"}
UNTRAINED = Training(steps=0, learning_rates=())
STUDIES = {
    "depth 0": {"depths": [0]},
    "depths 0 and 1": {"depths": [0, 1]},
    "depth 1": {"depths": [1]},
    "batch normalisation alone": {"depths": [2], "normalizations": ["batch"]},
    "zeros alone, one seed, layer normalisation": {
        "depths": [2],
        "normalizations": ["layer"],
        "schemes": ["zeros"],
        "seeds": [0],
    },
    "zeros alone": {"depths": [2], "schemes": ["zeros"], "seeds": [0]},
    "nothing trained": {"depths": [2], "training": UNTRAINED, "seeds": [0]},
}


@pytest.fixture(scope="module", params=STUDIES, ids=str)
def study(request, as_tables):
    return as_tables(trained(**STUDIES[request.param]))


@pytest.mark.parametrize("name", OF_RUNS)
def test_every_figure_is_drawn_for_every_legal_study(name, study):
    drawn(name, study)


SHOWN = ("backward_signal", "activation_spread", "learning_curves", "test_accuracy", "constant_factor", "loss_at_start")


@pytest.fixture(scope="module")
def pictures(as_tables):
    """Figures of a small study of three starts at three depths, in both languages: (name, language) → what is drawn."""
    schemes = (
        "zeros",
        "constant(0.01)",
        "constant(0.1)",
        "small_normal",
        "xavier_tanh",
        "he_normal",
        "orthogonal",
        "lecun_normal",
    )
    tables = as_tables(trained([1, 2, 3], ("none", "batch"), schemes=schemes))
    with style():
        return {
            (name, language): FIGURES[name].function(tables, Words(language, f"figures.{name}"))
            for name in SHOWN
            for language in ("en", "zh")
        }


@pytest.mark.parametrize("name", SHOWN)
def test_figures_are_as_wide_as_in_print_with_no_text_below_seven_points(pictures, name):
    for language in ("en", "zh"):
        picture = pictures[name, language].picture
        assert round(picture.get_figwidth() * 25.4, 6) in (85, 180)
        texts = [text for text in picture.findobj(Text) if text.get_text().strip() and text.get_visible()]
        assert min(text.get_fontsize() for text in texts) >= 7
        width = picture.get_figwidth() * picture.dpi
        for text in texts:
            box = text.get_window_extent()
            assert box.x0 > -2, text.get_text()
            assert box.x1 < width + 2, text.get_text()


@pytest.mark.parametrize("name", SHOWN)
def test_a_scheme_has_its_look_in_every_figure_and_a_panel_six_lines_at_most(pictures, name):
    known = {look(scheme).colour: scheme for scheme in LOOKS if scheme != "constant"}
    picture = pictures[name, "en"].picture
    for axis in picture.axes:
        drawn = [line for line in axis.lines if len(line.get_xdata()) > 2]
        assert len(drawn) <= 7  # and one of theory
        for line in drawn:
            scheme = known.get(str(line.get_color()).upper())
            if scheme and line.get_marker() not in ("None", "") and line.get_linestyle() != "None":
                assert line.get_marker() == look(scheme).marker
                assert bool(line._unscaled_dash_pattern[1]) == bool(look(scheme).dash)
    if name in ("backward_signal", "activation_spread", "learning_curves"):
        named = {text.get_text() for text in picture.findobj(Text)}
        assert {"zeros", "xavier_tanh", "he_normal", "orthogonal"} <= named


def test_an_exact_zero_is_drawn_as_such(pictures):
    picture = pictures["backward_signal", "en"].picture
    axis = picture.axes[0]
    zero = dict(zip([t.get_text() for t in axis.get_yticklabels()], axis.get_yticks(), strict=True))["= 0"]
    lines = [line for line in axis.lines if line.get_color() == "#000000" and line.get_marker() == "X"]
    assert lines[0].get_ydata() == pytest.approx([zero] * 3)
    assert "1" in [t.get_text() for t in axis.get_yticklabels()]


def test_every_figure_says_what_it_finds_in_both_languages(pictures):
    for name in SHOWN:
        one, two = pictures[name, "en"], pictures[name, "zh"]
        assert one.title != two.title
        assert re.search(r"[\u4e00-\u9fff]", two.title + two.caption + two.alt)
        assert one.title in one.alt
        for drawn in (one, two):
            assert "{" not in drawn.title + drawn.caption + drawn.alt


def test_texts_in_pictures_stay_texts_in_both_languages(tmp_path, as_tables):
    draw(FIGURES["learning_curves"], as_tables(trained([2], schemes=("zeros", "he_normal"))), tmp_path)
    english, chinese = ((tmp_path / f"learning_curves.{name}.svg").read_text(encoding="utf-8") for name in ("en", "zh"))
    assert ">update</text>" in english
    assert ">更新步</text>" in chinese
    assert english.startswith("<svg ")
    assert 'width="85mm"' in english
    assert max(len(english), len(chinese)) < 60_000


@pytest.mark.parametrize("name", OF_RUNS)
def test_a_second_network_changes_no_line_of_the_first(name, as_tables):
    frames = trained([1, 2], schemes=("zeros", "constant(0.1)", "constant(0.2)", "xavier_tanh"))
    both = {name: pd.concat([frame, another(frame)], ignore_index=True) for name, frame in frames.items()}
    alone, together = drawn(name, as_tables(frames)), drawn(name, as_tables(both))
    assert alone is None or curves(alone) <= curves(together)


@pytest.mark.parametrize("name", sorted(OF_ONE_NETWORK))
def test_a_figure_of_one_network_pools_no_second_one_with_it_and_names_its_own(name, as_tables):
    schemes = ("zeros", "xavier_tanh")
    parts = [trained([1, 2], schemes=schemes), *(trained([1], schemes=schemes, width=width) for width in (2, 4))]
    frames = {key: pd.concat([part[key] for part in parts], ignore_index=True) for key in MEASURED}
    frames["runs"] = frames["runs"].assign(steps_to_target=2.0)
    both = {key: pd.concat([frame, another(frame)], ignore_index=True) for key, frame in frames.items()}
    alone, together = (
        FIGURES[name].function(as_tables(tables), Words("en", f"figures.{name}")) for tables in (frames, both)
    )
    assert curves(alone.picture) == curves(together.picture)
    assert alone.caption == together.caption
    assert "SGD" in alone.caption or name == "input_correlation"  # which is of starts


def another(frame: pd.DataFrame) -> pd.DataFrame:
    """The same of another network, with other numbers."""
    numbers = frame.select_dtypes("float").columns.difference(["learning_rate", "step"])
    return frame.assign(architecture="other", optimizer="adam", **{name: 0.6 * frame[name] for name in numbers})


def curves(figure) -> set:
    """The heights of the lines of a figure, where they are lines of marks."""
    lines = [line for axis in figure.axes for line in axis.lines if len(line.get_ydata()) > 2]
    return {tuple(np.nan_to_num(np.asarray(line.get_ydata(), float), nan=-1.0).round(9).tolist()) for line in lines}


def test_a_study_that_theory_says_nothing_of_has_no_figure_of_it(as_tables):
    columns = [column.name for column in ANALYSES["theory"].columns]
    assert drawn("theory_signal", as_tables({"theory": pd.DataFrame(columns=columns)})) is None


def test_importing_figures_changes_nothing_of_matplotlib_and_does_not_even_load_it():
    code = """
import sys
import initbench
from initbench.report.contents import claims_in_order, figures_in_order, sections_in_order
assert figures_in_order() and claims_in_order() and sections_in_order()
assert "matplotlib" not in sys.modules
import matplotlib
before, backend = dict(matplotlib.rcParams), matplotlib.rcParams._get_backend_or_none()
from initbench.figures.appearance import LOOKS
from initbench.figures.style import look, style
with style():
    assert matplotlib.rcParams["svg.hashsalt"] == "initbench"
assert dict(matplotlib.rcParams) == before
assert matplotlib.rcParams._get_backend_or_none() == backend
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_same_figure_is_the_same_bytes(tmp_path, as_tables):
    tables = as_tables(trained([2], schemes=("xavier_tanh",)))
    for attempt in ("first", "second"):
        (tmp_path / attempt).mkdir()
        draw(FIGURES["learning_curves"], tables, tmp_path / attempt)
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_bars_join_the_largest_groups_of_which_no_two_differ():
    """a b c d in rank order; a differs from c and d, b from d: a–b, b–c and c–d are alike, each as far as it goes."""
    ranks = pd.Series({"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0})
    different = {("a", "c"), ("a", "d"), ("b", "d")}
    pairs = pd.DataFrame(
        [(one, two, 0.01 if (one, two) in different else 0.5) for one in "abcd" for two in "abcd" if one < two],
        columns=["scheme", "reference", "p"],
    )
    assert alike(ranks, pairs, "p") == [(1.0, 2.0), (2.0, 3.0), (3.0, 4.0)]
    assert alike(ranks, pairs.assign(p=0.5), "p") == [(1.0, 4.0)]
    assert alike(ranks, pairs.assign(p=0.01), "p") == []
