"""docs/howto/ideas.md: all files of it join one study, to the page."""

import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml
from small_pages import make_page

from initbench.base.extensions import unload_extensions

PAGE = (Path(__file__).parents[2] / "docs/howto/ideas.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```python\n# (\w+\.py)\n(.*?)```", PAGE, re.DOTALL))
STUDY = yaml.safe_load(re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1])
SMALL = {
    "widths": [8],
    "seeds": 2,
    "tuning": "none",
    "learning_rates": [0.03],
    "training": {"steps": 4, "batch_size": 32},
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    unload_extensions()


def test_the_study_of_the_page_names_every_file():
    assert sorted(STUDY["extensions"]) == sorted(FILES)


def test_all_ideas_join_one_study_up_to_the_page(folder):
    (folder / "results").mkdir()
    page = make_page(STUDY | SMALL, folder / "results").read_text(encoding="utf-8")
    runs, layers, claims = (
        pq.read_table(folder / f"results/{name}.parquet").to_pandas() for name in ("runs", "layers", "claims")
    )
    assert set(runs["scheme"]) == {"he_normal", "two_point", "he_last_zero(bias=0.1)", "half_on"}
    assert (set(runs["dataset"]), set(runs["activation"]), set(runs["optimizer"])) == (
        {"moons"},
        {"relu", "mish"},
        {"sgd", "lion"},
    )
    assert np.isfinite(layers.loc[layers["scheme"] == "two_point", "participation_ratio"]).all()
    assert claims.set_index("id").loc["tails-do-not-matter", "cells"] == 4
    assert "two_point is above he_normal in" in page
    assert "Weights of two values train as well as Gaussian ones" in page
    theory = pq.read_table(folder / "results/theory.parquet").to_pandas()
    assert "two_point" in set(theory["scheme"])
