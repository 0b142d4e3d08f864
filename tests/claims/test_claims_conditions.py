"""Verdicts, conditions and evidence from hand-made outcomes."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from initbench.claims import CellVerdict
from initbench.claims.conditions import condition, contains
from initbench.claims.verdicts import evidence_of, verdict_of
from initbench.claims.words import condition_in_words


def outcome(holds, number=0.0, **cell):
    return CellVerdict(cell, holds, number, f"n = {number:g}")


def test_verdicts_of_hand_made_outcomes():
    assert verdict_of([]).name == "not tested"
    assert verdict_of([outcome(True, depth=1), outcome(True, depth=2)]).name == "supported"
    assert verdict_of([outcome(False, depth=1)]).name == "refuted"
    mixed = verdict_of([outcome(depth < 10, depth=depth) for depth in (1, 3, 5, 10, 20)])
    assert mixed.name == "supported only when"
    assert condition_in_words(mixed.condition, "en") == "depth 1 to 5"
    one = verdict_of(
        [outcome((a, d) != ("relu", 1), activation=a, depth=d) for a in ("relu", "tanh") for d in (1, 5, 9)]
    )
    assert condition_in_words(one.condition, "en") == "not for activation relu, depth 1"
    assert condition_in_words(one.condition, "zh") == "除外：激活函数 relu，深度 1"
    factors = verdict_of(
        [outcome(f < 0.5, factor=f, scheme=s) for f, s in ((0.1, "a"), (0.3, "b"), (0.6, "c"), (0.7, "d"))]
    )
    assert condition_in_words(factors.condition, "en") in ("scheme a or b", "factor a layer 0.1 to 0.3")


def test_evidence_quotes_both_ends_of_the_range():
    text = evidence_of([outcome(number < 5, number, depth=number) for number in range(1, 11)])
    assert "Holds in 4 of 10 cells" in text
    for quoted in ("n = 1;", "n = 4.", "n = 5;", "n = 10."):
        assert quoted in text
    assert "n = 7" not in text


CELLS = st.fixed_dictionaries(
    {"activation": st.sampled_from("rst"), "depth": st.integers(1, 4), "normalization": st.sampled_from("nb")}
)


@given(st.lists(CELLS, min_size=2, max_size=16, unique_by=lambda c: tuple(sorted(c.items()))), st.data())
def test_the_condition_separates_the_cells_or_says_how_far_it_does(cells, data):
    holds = data.draw(
        st.lists(st.booleans(), min_size=len(cells), max_size=len(cells)).filter(lambda h: any(h) and not all(h))
    )
    found = condition(cells, holds)
    met = [any(contains(box, cell) for box in found.boxes) != found.excepted for cell in cells]
    if found.counts is None:
        assert met == holds
    else:  # the counts tell how far the one box is right: as far at least as saying always or never
        there, inside, elsewhere, outside = found.counts
        pairs = list(zip(met, holds, strict=True))
        assert (there, elsewhere) == (pairs.count((True, True)), pairs.count((False, True)))
        assert (inside, outside) == (sum(met), len(met) - sum(met))
        assert there + outside - elsewhere >= max(sum(holds), len(holds) - sum(holds))


@given(st.permutations(range(1, 9)))
def test_one_axis_is_named_where_one_suffices(depths):
    cells = [{"depth": d, "activation": a} for d in depths for a in "rs"]
    found = condition(cells, [c["depth"] <= 3 for c in cells])
    assert [axis for box in found.boxes for axis, _, _ in box] == ["depth"]


def test_a_condition_that_no_few_boxes_give_names_the_best_one_with_its_counts():
    rng = np.random.default_rng(0)
    cells = [
        {"depth": d, "activation": a, "factor": f} for d in range(1, 9) for a in "rst" for f in (0.1, 0.3, 0.5, 0.9)
    ]
    odd = set(rng.choice(len(cells), 9, replace=False).tolist())
    outcomes = [outcome((cell["factor"] < 0.4) != (k in odd), **cell) for k, cell in enumerate(cells)]
    exceptions = sum(1 for k in odd if cells[k]["factor"] < 0.4)
    text = f"mostly factor a layer 0.1 to 0.3 (holds in {48 - exceptions} of 48 such cells, in {9 - exceptions} of 48 others)"
    assert condition_in_words(verdict_of(outcomes).condition, "en") == text


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
