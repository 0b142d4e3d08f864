"""Figures and sections of the report that show the analyses of runs, on small made-up studies."""

import json
import os
import subprocess
import sys

import pandas as pd
import pytest
from made_up_studies import FULL, OVER_RUNS, SETTINGS, STUDIES, diverge, study, written

from initbench.analyses.making import compute
from initbench.base.catalogue import Words
from initbench.base.parquet import write_parquet
from initbench.figures import FIGURES
from initbench.figures.style import style
from initbench.report.page import section_as_html
from initbench.report.sections import SECTIONS
from initbench.tables.views import Tables

DRAWN = ("critical_difference", "pair_matrix")
SHOWN = ("choose", "sure")
CONFIG = {"learning_rates": [0.01, 0.1], "reference": "xavier_tanh", "thresholds": {"rope": 0.01}}


def summarised(runs: pd.DataFrame, folder) -> dict[str, str]:
    """All tables of the analyses of runs; table → path."""
    paths = {"runs": written(runs, folder)}
    tables = Tables(paths)
    for name in OVER_RUNS:
        path = str(folder / f"{name}.parquet")
        write_parquet(compute(name, tables, SETTINGS), path)
        paths = paths | {name: path}
    return paths


# Those at which the pages and pictures could break; test_statistics_robust has the numbers of all the others.
KINDS = [
    "tuned", "empty", "all tied", "one scheme diverged everywhere", "all diverged", "single block", "one scheme", "no reference",
    "one seed", "one rate", "missing cell", "missing reference cell", "no complete block", "initial only",
]  # fmt: skip
MORE = {
    "several data sets": pd.concat([FULL, FULL.assign(dataset="wine"), FULL.assign(dataset="breast_cancer")]),
    "two schemes, one seed, one block": study(
        schemes=("zeros", "xavier_tanh"), seeds=1, depths=(2,), activations=("tanh",)
    ),
    "two schemes, one diverged everywhere": diverge(
        study(schemes=("zeros", "xavier_tanh")), study(schemes=("zeros", "xavier_tanh"))["scheme"] == "zeros"
    ),
}


@pytest.mark.parametrize("kind", [*KINDS, *MORE])
def test_any_study_gives_figures_and_sections(kind, tmp_path):
    paths = summarised((STUDIES | MORE)[kind], tmp_path)
    for name in DRAWN:
        with style():
            drawn = FIGURES[name].function(Tables(paths), Words("en", f"figures.{name}"))
        assert drawn is None or len(drawn.caption) > 20
    for name in SHOWN:
        page(name, paths)


def page(name, paths) -> str:
    """A section of the report as HTML, empty if it has nothing to say."""
    text = section_as_html(SECTIONS[name], Tables(paths), {"config": CONFIG, "tuning_seeds": 3}, "en")
    if text is None:
        return ""
    assert "nan" not in text.split()
    assert ">nan<" not in text
    assert ">None<" not in text
    return text


def test_same_tables_same_pictures_whatever_the_hash_seed(tmp_path):
    paths = summarised(STUDIES["some diverged"], tmp_path)
    code = (
        "import json, pathlib, sys; from initbench.figures import FIGURES; from initbench.figures.drawing import draw\n"
        "from initbench.tables.views import Tables\n"
        "for name in sys.argv[3:]:\n"
        "  draw(FIGURES[name], Tables(json.loads(sys.argv[1])), pathlib.Path(sys.argv[2]))"
    )
    pictures = []
    for seed in ("1", "2"):
        (tmp_path / seed).mkdir()
        arguments = [sys.executable, "-c", code, json.dumps(paths), str(tmp_path / seed), *DRAWN]
        subprocess.run(arguments, check=True, env=os.environ | {"PYTHONHASHSEED": seed}, timeout=120)
        pictures.append([path.read_bytes() for path in sorted((tmp_path / seed).iterdir())])
    assert pictures[0] == pictures[1]


def test_the_page_names_the_better_scheme_and_how_sure_that_is(tmp_path):
    paths = summarised(FULL, tmp_path)  # he_normal is ahead by 0.05 in every block, 2.5 standard deviations of a run
    best = pd.read_parquet(paths["best"])
    text = page("choose", paths)
    assert text.count('<td class="note">he_normal †</td>') == len(best)  # of two rates both lie at an edge
    assert text.count('<td class="n">3</td>') == len(best)  # the others are worse
    assert "expect up to 0.2 of each" in text


def test_where_no_two_schemes_differ_the_page_says_that_any_may_be_taken(tmp_path):
    alike = FULL.assign(test_accuracy=0.9 + 0.001 * (FULL["seed"] % 4) + 0.001 * (FULL["scheme"] == "zeros"))
    assert page("choose", summarised(alike, tmp_path)).count('<td class="note">any</td>') == 4


def test_where_nothing_was_trained_there_are_no_such_figures_and_sections(tmp_path):
    paths = summarised(STUDIES["initial only"], tmp_path)
    for name in DRAWN:
        assert FIGURES[name].function(Tables(paths), Words("en", f"figures.{name}")) is None
    assert all(page(name, paths) == "" for name in SHOWN)
