"""The look of schemes: fixed, told apart by every reader, dark enough; a font that has every character of their words."""

import json
from itertools import combinations, pairwise

import numpy as np
import pytest

from initbench.base.catalogue import LANGUAGES, Words, words_behind
from initbench.figures.appearance import LOOKS, MARKERS, OTHERS, Look, contrast, ink, look, ordered
from initbench.figures.typeface import FONT, face, missing, used_in, with_font, without_font
from initbench.replications.sutskever2013.findings import NAMES as MOMENTA

DEFAULT = [
    "zeros", "constant(0.1)", "constant(1)", "small_normal", "xavier_sigmoid", "xavier_tanh", "he_normal", "lecun_normal", "orthogonal"
]  # fmt: skip
SEEN_BY = {  # Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB
    "most": np.eye(3),
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)


def lab(colour: str, reader: str) -> np.ndarray:
    """CIE L*a*b* of a colour as a reader sees it."""
    encoded = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(SEEN_BY[reader] @ linear, 0, 1) / [0.95047, 1, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("reader", SEEN_BY)
def test_the_default_schemes_are_told_apart_by_colour_by_every_reader(reader):
    drawn = {scheme: lab(look(scheme).colour, reader) for scheme in DEFAULT if not scheme.startswith("constant")}
    distances = {pair: np.linalg.norm(drawn[pair[0]] - drawn[pair[1]]) for pair in combinations(drawn, 2)}
    assert min(distances.values()) >= 20, min(distances, key=distances.get)


def test_in_grey_print_dash_or_marker_tell_neighbours_apart():
    for one, two in combinations(DEFAULT, 2):
        assert (look(one).dash, look(one).marker) != (look(two).dash, look(two).marker), (one, two)
    usual = ordered(LOOKS)
    for one, two in pairwise(usual):
        assert (look(one).dash, look(one).marker) != (look(two).dash, look(two).marker), (one, two)


def test_lines_are_dark_enough_on_white_and_texts_darker():
    looks = [look(name) for name in [*LOOKS, *DEFAULT, "mine", "constant(0.1,bias=0.1)"]]
    for colour in {*OTHERS, *(each.colour for each in looks)}:
        assert contrast(colour) >= 3, colour
        assert contrast(ink(colour)) >= 4.5, colour
    assert contrast("#FFFFFF") == 1
    assert contrast("#000000") == 21


def test_constants_are_told_apart_by_their_values():
    assert len({look(f"constant({value})") for value in (0.001, 0.01, 0.1, 1)}) == 4
    assert look("constant(0.1,bias=0.1)") != look("constant(0.1)")
    assert ordered(["he_normal", "constant(1)", "mine", "zeros", "constant(0.01)"]) == [
        "zeros", "constant(0.01)", "constant(1)", "he_normal", "mine"
    ]  # fmt: skip


def test_a_look_depends_on_the_name_alone_and_unknown_names_have_one():
    assert look("laplace(2)") == look("laplace(2)")
    assert look("laplace").marker in MARKERS
    assert look("he_normal") == LOOKS["he_normal"] == Look("#960F00", (), "o")
    assert look("gaussian(0,bias_variance=1)").colour == look("gaussian(2)").colour
    for odd in ("constant()", "constant(x)", "", "a<b>("):
        assert look(odd).colour


def test_the_font_has_every_character_of_the_words_of_figures():
    assert missing(str(json.loads(words_behind("figures")))) == [], "run scripts/make_font.py"
    for language in LANGUAGES:
        momenta = [Words(language, "replications.sutskever2013")(name) for name in MOMENTA]
        assert missing("".join(momenta)) == [], "run scripts/make_font.py"
    assert missing("σ_w² 10⁻⁴ δ²ₗ₁ ‖∂φ′‖ → ≤ ≥ ± × − ∞ 59\u202f%") == []
    assert FONT.stat().st_size <= 200_000


def test_a_picture_brings_the_characters_that_it_uses_and_no_others():
    svg = '<svg width="1"><text>单元 &lt; 1</text></svg>'
    assert used_in(svg) == " 1<元单"
    whole = with_font(svg)
    assert whole.count("@font-face") == 1
    assert len(whole) < 3000
    assert without_font(whole) == svg
    face.cache_clear()
    assert with_font(svg) == whole
