"""A claim's figure shows what the claim is judged on: starts of every kind that its cells have, and those that its rule names."""

import re

import pytest
from matplotlib.text import Text
from small_study import IDS

from initbench.base.catalogue import Words
from initbench.claims import CLAIMS
from initbench.figures import FIGURES
from initbench.figures.style import style
from initbench.schemes import SCHEMES
from initbench.schemes.parts import scheme_parts

READ = {"runs", "history", "signal", "layers"}
BY_NUMBER = (
    "constant_factor",
    "factor_outcome",
)  # their marks are cells, placed by a measured number: they name no start


@pytest.fixture(scope="module")
def said(study):
    """Figure → all that is written in it, of those that the tables of the small study suffice for."""
    found = {}
    for name in sorted({CLAIMS[claim].figure for claim in IDS}):
        figure = FIGURES[name]
        if set(figure.tables) <= READ and name not in BY_NUMBER:
            with style():
                drawn = figure.function(study, Words("en", f"figures.{name}"))
                found[name] = [text.get_text() for text in drawn.picture.findobj(Text)]
    return found


@pytest.mark.parametrize("name", IDS)
def test_a_claims_figure_shows_the_starts_that_the_claim_speaks_of(name, study, said):
    claim = CLAIMS[name]
    if claim.figure not in said:
        pytest.skip(f"{claim.figure} is drawn from other tables, or by numbers")
    schemes = {cell.cell["scheme"] for cell in claim.function(study) if "scheme" in cell.cell}
    shown = {scheme for scheme in study.runs["scheme"].unique() if any(scheme in text for text in said[claim.figure])}
    assert {scheme_parts(scheme).start for scheme in schemes} <= {scheme_parts(scheme).start for scheme in shown}
    named = {word for word in re.findall(r"[a-z_]+", claim.texts["en"].rule) if word in SCHEMES}
    assert named & schemes <= shown
