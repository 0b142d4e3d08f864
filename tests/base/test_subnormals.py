"""What is too small to be normal counts as zero inside, and as what it is outside, whatever happens inside."""

import numpy as np
import pytest

from initbench.base import subnormals
from initbench.base.subnormals import subnormals_as_zero

TINY = {dtype: np.full(64, np.finfo(dtype).tiny) for dtype in (np.float32, np.float64)}
has_it = subnormals._library() is not None


@pytest.mark.skipif(not has_it, reason="glibc on x86-64 alone")
@pytest.mark.parametrize("dtype", TINY)
def test_results_and_operands_are_zero_inside_and_are_not_outside(dtype):
    small = TINY[dtype] / dtype(4)
    assert (small > 0).all()
    with subnormals_as_zero():
        assert not (TINY[dtype] / dtype(4)).any()
        assert not (small * dtype(2)).any()
        assert (TINY[dtype] * dtype(2) == 2 * TINY[dtype]).all()
    assert (TINY[dtype] / dtype(4) == small).all()


@pytest.mark.skipif(not has_it, reason="glibc on x86-64 alone")
def test_an_error_inside_leaves_arithmetic_as_it_was():
    with pytest.raises(ZeroDivisionError), subnormals_as_zero():
        raise ZeroDivisionError
    assert (TINY[np.float32] / np.float32(4) > 0).all()


def test_elsewhere_nothing_changes(monkeypatch):
    monkeypatch.setattr(subnormals, "_library", lambda: None)
    with subnormals_as_zero():
        assert (TINY[np.float32] / np.float32(4) > 0).all()
