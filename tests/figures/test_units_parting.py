"""Units that part: equal ones are one dot, one scale for all starts, and the same story in the page's moving figure."""

import json

import numpy as np
import pandas as pd
import pytest

from initbench.base.catalogue import LANGUAGES, Words
from initbench.figures import FIGURES
from initbench.figures.drawing import draw
from initbench.figures.units_parting import SIDE, animation, in_square, limits_of, places, sentence, units_parting

WORDS = Words("en", "figures.units_parting")


def path(scheme, units, steps=(0, 5)):
    """Units that move from the origin to (x, y) of each."""
    rows = [
        {"scheme": scheme, "step": step, "unit": k, "x": x * share, "y": y * share}
        for share, step in zip(np.linspace(0.1, 1, len(steps)), steps, strict=True)
        for k, (x, y) in enumerate(units)
    ]
    known = {"distinct_units": len(set(units)), "valid_accuracy": 0.5, "spread_shown": 0.4, "dataset": "digits"}
    known |= {"width": len(units), "depth": 1, "activation": "tanh", "learning_rate": 0.1, "seed": 0}
    return pd.DataFrame(rows).assign(**known)


PATHS = pd.concat([path("zeros", [(1.0, 2.0)] * 3), path("he_normal", [(0.0, 0.0), (2.0, 1.0), (-2.0, -1.0)])])


def test_equal_units_are_one_place_with_their_number():
    last = PATHS[(PATHS["step"] == 5) & (PATHS["scheme"] == "zeros")]
    assert places(last).tolist() == [[1.0, 2.0, 3.0]]
    assert places(PATHS[(PATHS["step"] == 5) & (PATHS["scheme"] == "he_normal")])[:, 2].tolist() == [1, 1, 1]


def test_all_dots_lie_in_one_square_whose_y_points_down():
    limits = limits_of(PATHS)
    assert limits[1] - limits[0] == pytest.approx(limits[3] - limits[2])
    every = in_square(PATHS[["x", "y", "unit"]].to_numpy(), limits)
    assert (every[:, :2] > 0).all()
    assert (every[:, :2] < SIDE).all()
    corners = np.array([[limits[0], limits[3], 1], [limits[1], limits[2], 1]])
    assert in_square(corners, limits).tolist() == [[0, 0, 1], [SIDE, SIDE, 1]]
    still = limits_of(path("zeros", [(0.0, 0.0)]))
    assert still[0] < 0 < still[1]


def test_the_sentence_names_who_parts_and_who_does_not():
    assert sentence(PATHS, WORDS) == "From zeros all 3 units stay one; from he_normal all 3 part"
    some = pd.concat([PATHS, path("small_normal", [(1.0, 0.0), (1.0, 0.0), (0.0, 1.0)])])
    assert sentence(some, WORDS).endswith("they part into 2 and more")
    assert sentence(PATHS[PATHS["scheme"] == "zeros"], WORDS) == "From zeros all 3 units stay one"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_moving_figure_has_every_step_of_every_start_as_plain_values(language):
    moving = animation(PATHS, Words(language, "figures.units_parting"))
    assert json.loads(json.dumps(moving)) == moving
    assert [start["scheme"] for start in moving["starts"]] == ["zeros", "he_normal"]
    for start in moving["starts"]:
        assert len(start["frames"]) == len(start["said"]) == len(moving["updates"]) == 2
    assert moving["starts"][0]["frames"][1][0][2] == 3


def test_without_paths_there_is_no_figure(as_tables):
    assert units_parting(as_tables({"unit_paths": PATHS.iloc[:0]}), WORDS) is None


def test_the_figure_is_drawn_in_both_languages_and_brings_what_moves(as_tables, tmp_path):
    draw(FIGURES["units_parting"], as_tables({"unit_paths": PATHS}), tmp_path)
    said = json.loads((tmp_path / "units_parting.json").read_text())
    assert said["shown"]
    assert all(said[language]["moving"]["starts"] for language in LANGUAGES)
    assert "更新步" in (tmp_path / "units_parting.zh.svg").read_text()
