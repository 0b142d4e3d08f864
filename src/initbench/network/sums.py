"""Sums that do not depend on what a member is stacked with: each is a BLAS product a member, or runs along the last axis."""

from functools import lru_cache

import numpy as np


def batch_sum(array: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Sum over the batch of (M, B, n), shape (M, 1, n), as one BLAS product a member."""
    return np.matmul(ones(array.shape[1], array.dtype), array, out=out)


def unit_sum(array: np.ndarray) -> np.ndarray:
    """Sum over the units of (M, B, n), shape (M, B, 1)."""
    return np.sum(array, axis=2, keepdims=True)


@lru_cache(maxsize=64)
def ones(count: int, dtype: np.dtype) -> np.ndarray:
    """A row of ones, (1, count)."""
    return np.ones((1, count), dtype)
