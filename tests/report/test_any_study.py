"""Every legal study ends in a page: worst cases always, and generated ones, all from the first draw to the page.

INITBENCH_EXAMPLES says how many studies are generated: 3 if it is not set.
"""

import importlib
import os
import re
import tempfile
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_pages import make_page, measured

from initbench.analyses.phase_diagram import Plane
from initbench.base.catalogue import LANGUAGES, Words
from initbench.figures import drawing
from initbench.figures.style import style, width_of
from initbench.replications import REPLICATIONS
from initbench.report.contents import find_figure
from initbench.report.page import section_as_html
from initbench.report.sections import SECTIONS
from initbench.study.grid import load_study
from initbench.tables.views import Tables

LEAST = {
    "title": "A least study", "datasets": ["wine"], "widths": [4], "depths": [1], "activations": ["tanh"],
    "normalizations": ["none"], "schemes": ["xavier_tanh"], "reference": "xavier_tanh", "seeds": 1, "learning_rates": [0.1],
    "tuning": "none", "training": {"steps": 2, "records": 2, "batch_size": 16}, "initial": [],
}  # fmt: skip
HUGE = ["constant(1e300)", "constant(1e38,bias=1e38)", "gaussian(1e300)", "zeros"]
NORMALIZATIONS = ["none", "batch", "layer"]
WORST = {
    "one network": {},
    "depth 0 alone": {"depths": [0], "schemes": ["zeros"], "reference": "zeros"},
    "nothing trained": {"depths": [0, 1], "training": {"steps": 0}, "schemes": ["zeros", "xavier_tanh"]},
    "batch normalisation alone": {"depths": [2], "normalizations": ["batch"], "schemes": ["zeros"]},
    "layer normalisation alone, wide and shallow further starts": {
        "depths": [1, 2], "normalizations": ["layer"], "schemes": ["constant(0.1)", "he_normal"],
        "initial": [{"widths": [32], "depths": [1], "normalizations": ["none"]}, {"depths": [0]}],
    },
    "too large for float32": {
        "depths": [0, 1, 2], "normalizations": ["none", "batch"], "activations": ["relu", "linear"], "schemes": HUGE,
    },
    "too large for float64": {
        "depths": [2], "normalizations": NORMALIZATIONS, "activations": ["relu", "tanh"],
        "schemes": ["constant(1e200)", "constant(-1e308,bias=1e308)", "xavier_tanh"], "training": {"steps": 2, "dtype": "float64"},
    },
    "too small, one unit a layer": {
        "widths": [1], "depths": [1, 2], "activations": ["relu", "tanh"], "normalizations": ["none", "batch"],
        "schemes": ["constant(1e-300)", "gaussian(1e-45)", "he_normal"],
    },
    "everything diverges": {
        "depths": [2], "activations": ["relu"], "schemes": ["he_normal", "xavier_tanh"], "seeds": 2,
        "learning_rates": [1e30, 1e38], "tuning": 3,
    },
    "no random start, two data sets": {"datasets": ["wine", "spirals"], "schemes": ["zeros", "constant(0.1)"], "seeds": 2},
    "random starts alone, none of them the reference, seeds that cross axes": {
        "depths": [1, 2], "schemes": ["he_normal", "orthogonal"], "reference": "xavier_tanh", "seeds": 4,
        "seed_axes": {"split": 2, "draw": 2, "order": 1}, "further": [{"depths": [1], "widths": [6], "schemes": ["xavier_tanh"]}],
    },
}  # fmt: skip
# What a replication may be asked of: all kinds of its networks beside others, and parts of that.
FOREIGN = {
    "datasets": ["wine", "noise"], "depths": [0, 1, 4], "activations": ["tanh", "relu"], "normalizations": ["none", "batch"],
    "schemes": ["zeros", "constant(1e300)", "he_normal", "lecun_normal", "xavier_sigmoid", "xavier_tanh", "orthogonal",
                "gaussian(1.4,0.05)", "gaussian(1e300)", "sparse", "lsuv"], "training": {"steps": 1},
}  # fmt: skip
PARTS = {
    "all": {}, "without a hidden layer": {"depth": [0]}, "one layer, normalised": {"depth": [1], "normalization": ["batch"]},
    "one scheme": {"scheme": ["he_normal"], "depth": [1, 4]}, "copies": {"scheme": ["zeros", "constant(1e+300)"]},
    "nothing trained": {"learning_rate": []},
}  # fmt: skip
PLANE = Plane(np.linspace(0.5, 3, 4), np.linspace(0, 1, 2), width=16, depth=6, draws=2)
UNSAID = re.compile(
    r"(?<![\w.])(nan|NaN|None(?! of)|inf|NaT|null|True|False)(?![\w-])|\(\s*\)|（\s*）|\[\s*\]|\{[a-z_]*\}|[(（]\s*[,，;；]"
)


class Seen(HTMLParser):
    """What a reader of a page sees, or is told of pictures: but for the study's own configuration and scripts."""

    def __init__(self, text: str):
        super().__init__()
        self.skipped, self.texts, self.sections = 0, [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        self.skipped += tag in ("script", "style", "pre")
        self.texts += [known[name] for name in ("alt", "aria-label", "title") if known.get(name)]
        self.sections += [known["id"]] if tag == "section" and "id" in known else []

    def handle_endtag(self, tag):
        self.skipped -= tag in ("script", "style", "pre")

    def handle_data(self, data):
        if not self.skipped:
            self.texts.append(data)


@contextmanager
def in_short():
    """Leave out what takes long and is tested elsewhere: pictures on disk, and the plane of thousands of networks."""

    def save(figure, svg: Path, png: Path, name: str = "figure") -> None:
        assert width_of(figure)
        svg.write_text(f"<svg>{svg.stem}</svg>", encoding="utf-8")
        png.write_bytes(b"")

    plane = importlib.import_module("initbench.analyses.phase_diagram")
    with mock.patch.object(drawing, "save", save), mock.patch.object(plane, "DEFAULT", PLANE):
        yield


def page_of(keys: dict) -> Seen:
    with in_short(), tempfile.TemporaryDirectory() as folder:
        study = LEAST | {"reference": keys.get("schemes", LEAST["schemes"])[0]} | keys
        return Seen(make_page(study, Path(folder)).read_text(encoding="utf-8"))


def check(page: Seen) -> None:
    """The page has the data, says what it can, and nothing that is not a word or a number."""
    assert {"claims", "data"} <= set(page.sections)
    unsaid = [text for text in page.texts if UNSAID.search(text)]
    assert not unsaid


@pytest.mark.parametrize("case", WORST)
def test_the_worst_studies_end_in_a_page(case):
    check(page_of(WORST[case]))


@pytest.fixture(scope="module")
def foreign(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("foreign")
    return measured(load_study(LEAST | FOREIGN | {"reference": "zeros", "results_dir": str(folder)}))[0]


def part_of(tables: dict[str, str], kept: dict, folder: Path) -> Tables:
    """The tables of a study with some of the values of its axes; without a learning rate, of one that trains nothing."""
    paths = {name: str(folder / f"{name}.parquet") for name in tables}
    for name, path in paths.items():
        frame = pd.read_parquet(tables[name])
        for key, values in kept.items():
            if key in frame and values:
                frame = frame[frame[key].isin(values)]
        if kept.get("learning_rate") == []:
            frame = untrained(frame, name)
        frame.to_parquet(path)
    return Tables(paths)


def untrained(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    if name == "runs":
        measures = [column for column in frame if column.endswith(("_loss", "_accuracy"))]
        return frame.assign(status="initial", selected=False, learning_rate=np.nan, **dict.fromkeys(measures, np.nan))
    return frame[frame["step"] == 0].assign(learning_rate=np.nan) if "step" in frame else frame.iloc[:0]


@pytest.mark.parametrize("name", sorted(REPLICATIONS))
@pytest.mark.parametrize("part", PARTS)
def test_a_replication_says_what_it_can_of_other_networks(foreign, name, part, tmp_path):
    tables = part_of(foreign, PARTS[part], tmp_path)
    with style():
        for language in LANGUAGES:
            find_figure(name, name).function(tables, Words(language, f"figures.{name}"))
    for language in LANGUAGES:
        shown = section_as_html(SECTIONS["replication"], tables, {"config": {"replication": name}}, language)
        assert not [text for text in Seen(shown).texts if UNSAID.search(text)]


def some(values, most=2):
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True)


@st.composite
def studies(draw):
    """Small grids of all kinds."""
    schemes = draw(
        some(["zeros", "xavier_tanh", "he_normal", "orthogonal", "constant(0.1)", "constant(-3,bias=2)", *HUGE], 3)
    )
    axes = {
        "datasets": some(["wine", "spirals", "noise"], 1),
        "widths": some([4, 8], 1),
        "depths": some([0, 1, 2]),
        "activations": some(["tanh", "relu", "sigmoid", "linear"]),
        "normalizations": some(NORMALIZATIONS),
    }
    rates = draw(some([1e-3, 0.1, 1e6, 1e38]))
    return {name: draw(values) for name, values in axes.items()} | {
        "schemes": schemes,
        "reference": draw(st.sampled_from(schemes)),
        "seeds": draw(st.sampled_from([1, 2])),
        "learning_rates": rates,
        "tuning": draw(st.sampled_from(["none", 3])),
        "training": {
            "steps": draw(st.integers(0, 3)),
            "records": 2,
            "batch_size": draw(st.sampled_from([16, "all"])),
            "dtype": draw(st.sampled_from(["float32", "float64"])),
            "momentum": draw(st.sampled_from([0, 0.9])),
        },
        "replication": draw(st.sampled_from([None, *REPLICATIONS])),
        "initial": draw(
            st.sampled_from([[], [{"widths": [16], "depths": [1]}], [{"depths": [3], "normalizations": ["none"]}]])
        ),
    }


@settings(
    derandomize=True,
    max_examples=int(os.environ.get("INITBENCH_EXAMPLES", "3")),
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(studies())
def test_generated_studies_end_in_a_page(study):
    check(page_of(study))
