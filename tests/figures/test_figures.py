"""Figures: drawn for every legal study, one look that stays in its context, no network pooled with another."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import initbench
from initbench.analyses import ANALYSES
from initbench.base.catalogue import Words
from initbench.figures import FIGURES
from initbench.figures.critical_difference import alike
from initbench.figures.drawing import draw
from initbench.figures.style import style
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


def with_a_further_start():
    """Two starts at three depths, and a third at one of them alone."""
    parts = trained([1, 2, 3], schemes=("zeros", "xavier_tanh")), trained([2], schemes=("he_normal",))
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in MEASURED}


@pytest.mark.parametrize("name", OF_RUNS)
def test_every_figure_is_drawn_for_every_legal_study(name, study):
    drawn(name, study)


@pytest.mark.parametrize("name", sorted(set(OF_RUNS) - OF_ONE_NETWORK))
def test_a_second_network_gets_panels_or_lines_of_its_own(name, as_tables):
    """The curves of the first network stay what they are when a second one joins the study."""
    frames = with_a_further_start() if name == "further_starts" else trained([2])
    both = {name: pd.concat([frame, another(frame)], ignore_index=True) for name, frame in frames.items()}
    alone, together = drawn(name, as_tables(frames)), drawn(name, as_tables(both))
    titles = [axis.get_title() for axis in together.axes]
    labels = [text.get_text() for axis in together.axes if axis.get_legend() for text in axis.get_legend().get_texts()]
    assert any("other, adam" in text.replace("\n", ", ") for text in [*titles, *labels])
    assert curves(alone) <= curves(together)


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
    """Where the lines of a figure run."""
    points = [np.nan_to_num(line.get_xydata(), nan=-1.0).round(9) for axis in figure.axes for line in axis.lines]
    return {tuple(line.ravel().tolist()) for line in points}


def test_the_step_at_the_start_may_be_written_once(as_tables):
    frames = trained([2])
    layers = frames["layers"]
    first = layers[layers["step"] == 0].drop_duplicates(["scheme", "seed", "layer"]).assign(learning_rate=np.nan)
    once = frames | {"layers": pd.concat([first, layers[layers["step"] > 0]], ignore_index=True)}
    pictures = [drawn("distinct_units", as_tables(tables)) for tables in (frames, once)]
    assert curves(pictures[0]) == curves(pictures[1])


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
from initbench.figures.style import style
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
