"""Items taken until over a limit, or in even parts."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initbench.base.chunks import chunks, even_chunks


@given(st.lists(st.floats(0, 10)), st.floats(0, 20))
def test_chunks_hold_every_item_in_order_within_the_limit_or_alone(costs, limit):
    found = list(chunks(costs, limit, cost=lambda cost: cost))
    assert [cost for chunk in found for cost in chunk] == costs
    assert all(len(chunk) == 1 or sum(chunk) <= limit for chunk in found)
    for chunk, following in pairwise(found):
        assert sum(chunk) + following[0] > limit


def test_without_costs_a_limit_is_a_number_of_items():
    assert list(chunks("abcde", 2)) == [["a", "b"], ["c", "d"], ["e"]]


@given(st.lists(st.floats(0.01, 10), min_size=1), st.floats(0.1, 20))
def test_even_chunks_hold_every_item_in_order_and_differ_by_an_item_at_most(costs, limit):
    found = even_chunks(costs, limit, cost=lambda cost: cost)
    assert [cost for chunk in found for cost in chunk] == costs
    parts = math.ceil(sum(costs) / limit)
    assert len(found) <= parts
    share, item = sum(costs) / parts, max(costs)
    assert all(sum(chunk) <= share + item + 1e-9 for chunk in found)
    assert len(found) < parts or all(sum(chunk) >= share - item - 1e-9 for chunk in found)


def test_even_chunks_leave_no_short_rest():
    assert even_chunks("abcdef", 5, lambda item: 1) == [["a", "b", "c"], ["d", "e", "f"]]
    assert even_chunks("", 5, lambda item: 1) == []
    assert even_chunks("ab", 1, lambda item: 0) == [["a", "b"]]


@pytest.mark.parametrize("limit", [1e-9, 5e-324])
def test_a_limit_that_no_item_keeps_puts_each_alone(limit):
    assert even_chunks("abc", limit, lambda item: 1) == [["a"], ["b"], ["c"]]
