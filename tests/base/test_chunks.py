"""Items taken until over a limit."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from initbench.base.chunks import chunks


@given(st.lists(st.floats(0, 10)), st.floats(0, 20))
def test_chunks_hold_every_item_in_order_within_the_limit_or_alone(costs, limit):
    found = list(chunks(costs, limit, cost=lambda cost: cost))
    assert [cost for chunk in found for cost in chunk] == costs
    assert all(len(chunk) == 1 or sum(chunk) <= limit for chunk in found)
    for chunk, following in pairwise(found):
        assert sum(chunk) + following[0] > limit


def test_without_costs_a_limit_is_a_number_of_items():
    assert list(chunks("abcde", 2)) == [["a", "b"], ["c", "d"], ["e"]]
