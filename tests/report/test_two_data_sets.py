"""The page of a study of two data sets, one a user's own table: every figure is there for both, and says of which it is."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from small_pages import SMALL, make_page

from initbench.figures import FIGURES

STUDY = SMALL | {
    "depths": [2, 3], "activations": ["tanh"], "normalizations": ["none"], "schemes": ["zeros", "constant(0.1)", "he_normal"],
    "reference": "he_normal", "seeds": 5, "learning_rates": [0.1], "training": {"steps": 4, "batch_size": 32},
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder, rng = tmp_path_factory.mktemp("two"), np.random.default_rng(0)
    frame = pd.DataFrame(
        {"height": rng.normal(size=120), "colour": rng.choice(["red", "blue", None], 120), "kind": ["oak", "elm"] * 60}
    )
    frame.to_csv(folder / "trees.csv", index=False)
    trees = {"name": "trees", "path": str(folder / "trees.csv"), "label": "kind"}
    (folder / "results").mkdir()
    make_page(STUDY | {"datasets": ["wine", trees]}, folder / "results")
    return folder / "results"


def test_every_figure_of_a_data_set_is_drawn_of_both_and_names_it(folder):
    shown = []
    for file in sorted((folder / "figures").glob("*.json")):
        first = json.loads(file.read_text(encoding="utf-8"))
        if not first["shown"] or FIGURES[file.stem].over_data_sets:
            continue
        shown.append(file.stem)
        assert "trees" in first["en"]["caption"], file.stem
        assert "trees" in first["zh"]["caption"], file.stem
        other = json.loads((folder / "figures" / file.stem / "wine.json").read_text(encoding="utf-8"))
        assert "wine" in other["en"]["caption"], file.stem
        assert other["en"]["caption"] != first["en"]["caption"]
    assert {
        "test_accuracy",
        "backward_signal",
        "learning_curves",
        "theory_signal",
        "pair_matrix",
        "loss_at_start",
        "units_parting",
    } <= {*shown}


def test_the_page_has_both(folder):
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert len(re.findall(r"<summary>The same of wine: ", page)) >= 6
    assert len(re.findall(r"<summary>wine 的同一图：", page)) >= 6
    assert "trees: what was done with each column" in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
