"""Verdicts, conditions and evidence from hand-made outcomes."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from initbench.claims import CellVerdict
from initbench.claims.conditions import condition
from initbench.claims.evidence import evidence_of
from initbench.claims.quantities import number as measured
from initbench.claims.verdicts import verdict_of
from initbench.claims.words import condition_in_words


def outcome(holds, number=0.0, **cell):
    return CellVerdict(cell, holds, number, (measured("slope", number),))


def in_words(outcomes, language="en"):
    return condition_in_words(verdict_of(outcomes).condition, language)


def test_verdicts_of_hand_made_outcomes():
    assert verdict_of([]).name == "not tested"
    assert verdict_of([outcome(None, depth=1)]).name == "cannot be told"
    assert verdict_of([outcome(True, depth=1), outcome(True, depth=2)]).name == "supported"
    assert verdict_of([outcome(False, depth=1)]).name == "refuted"
    mixed = [outcome(depth < 10, depth=depth) for depth in (1, 3, 5, 10, 20)]
    assert verdict_of(mixed).name == "supported only when"
    assert in_words(mixed) == "the depth is at most 5"
    one = [outcome((a, d) != ("relu", 1), activation=a, depth=d) for a in ("relu", "tanh") for d in (1, 5, 9)]
    assert in_words(one) == "the activation is tanh, or the depth is at least 5"
    assert in_words(one, "zh") == "激活函数为 tanh，或隐藏层数不小于 5 时成立"
    many = [outcome(s != "c", scheme=s, depth=d) for s in "abcdefg" for d in (1, 2)]
    assert in_words(many) == "the scheme is not c"
    assert in_words(many, "zh") == "成立，但初始化为 c 者除外"
    normalised = [
        outcome(n == "none" and d < 5, normalization=n, depth=d) for n in ("none", "batch") for d in (1, 3, 5)
    ]
    assert in_words(normalised, "zh") == "隐藏层数不大于 3 且不加归一化时成立"


def test_what_was_measured_goes_before_what_merely_goes_with_it():
    """Of two phrases that are right in every cell the one with the measured quantity, its threshold between the cells."""
    outcomes = [outcome(r < 1e-3, gradient_ratio=r, depth=d) for r, d in ((2e-7, 20), (3e-5, 10), (2e-3, 3), (0.4, 1))]
    assert in_words(outcomes) == "δ²_1/δ²_H is below 0.0002"
    assert in_words(outcomes, "zh") == "δ²_1/δ²_H 小于 0.0002 时成立"


def test_a_phrase_that_is_right_in_nine_cells_of_ten_says_in_how_many():
    outcomes = [outcome((f < 0.4) != (k == 0), factor=f) for k, f in enumerate(np.linspace(0.01, 0.99, 30))]
    assert in_words(outcomes).startswith(
        "the factor a layer is below 0.4 (holds in 11 of 12 such cells, in none of 18 others)"
    )


def test_evidence_gives_the_decisive_number_at_both_ends_of_the_range():
    cells = [outcome(number < 5, number, depth=number, activation="relu") for number in range(1, 11)]
    assert (
        evidence_of(cells, "en")
        == "Holds in 4 of 10 cells (relu). Measured: slope near 0, from 1 (depth 1) to 10 (depth 10)."
    )
    assert (
        evidence_of(cells, "zh")
        == "10 种情形（relu）中有 4 种成立。实测值：0 附近的斜率，从 1（1 个隐藏层）到 10（10 个隐藏层）。"
    )
    alike = [outcome(True, 0.5, depth=depth) for depth in (1, 2)]
    assert evidence_of(alike, "en") == "Holds in all 2 cells. Measured: slope near 0, 0.500 in every cell."
    nowhere = [outcome(False, 0.5, depth=depth) for depth in (1, 2)]
    assert evidence_of(nowhere, "en").startswith("Holds in none of 2 cells. ")
    assert evidence_of(nowhere, "zh").startswith("2 种情形都不成立。")


CELLS = st.fixed_dictionaries(
    {"activation": st.sampled_from("rst"), "depth": st.integers(1, 4), "normalization": st.sampled_from("nb")}
)


@given(st.lists(CELLS, min_size=2, max_size=16, unique_by=lambda c: tuple(sorted(c.items()))), st.data())
def test_a_condition_is_right_as_often_as_it_says(cells, data):
    holds = data.draw(
        st.lists(st.booleans(), min_size=len(cells), max_size=len(cells)).filter(lambda h: any(h) and not all(h))
    )
    found = condition(cells, holds)
    there, inside, elsewhere, outside = found.counts
    if not found.sides:
        assert (there, inside, outside) == (sum(holds), len(cells), 0)
        return
    met = [(any if found.either else all)(side.met(cell) for side in found.sides) for cell in cells]
    pairs = list(zip(met, holds, strict=True))
    assert (there, elsewhere) == (pairs.count((True, True)), pairs.count((False, True)))
    assert (inside, outside) == (sum(met), len(met) - sum(met))
    assert there + outside - elsewhere >= 0.9 * len(cells)
    assert there >= 0.8 * inside
    assert outside - elsewhere >= 0.8 * outside
    assert found.exact == (met == holds)


@given(st.permutations(range(1, 9)))
def test_one_axis_is_named_where_one_suffices(depths):
    cells = [{"depth": d, "activation": a} for d in depths for a in "rs"]
    found = condition(cells, [c["depth"] <= 3 for c in cells])
    assert [side.axis for side in found.sides] == ["depth"]


def test_where_no_phrase_is_right_often_enough_none_is_given():
    """Failing in a chequerboard, and in the 2 cells of 24 that any phrase could miss and still be right in nine of ten."""
    cells = [{"depth": d, "width": w} for d in range(1, 9) for w in range(1, 9)]
    text = in_words([outcome((c["depth"] + c["width"]) % 2 == 0, **c) for c in cells])
    assert text == "no short condition found (holds in 32 of 64 cells)"
    rare = [{"depth": d, "width": w} for d in range(1, 6) for w in range(1, 6)]
    assert not condition(rare, [c not in ({"depth": 2, "width": 2}, {"depth": 4, "width": 4}) for c in rare]).sides


@pytest.mark.parametrize("axis", ["scheme", "value"])
def test_a_thousand_schemes_ask_for_bounded_memory(axis):
    cells = [{"depth": d, axis: f"s{k}" if axis == "scheme" else k / 7} for d in (1, 3) for k in range(1000)]
    holds = np.random.default_rng(0).random(len(cells)) < 0.5
    tracemalloc.start()
    found = condition(cells, holds.tolist())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(found.counts[1::2]) == len(cells)
    assert peak < 100e6
