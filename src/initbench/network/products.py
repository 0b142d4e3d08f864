"""Matrix products and sums over the batch, in two ways that a stack of networks may use.

BLAS: the machine's library. It works through a product in tiles and sums those at an edge in another order, so that columns
which are equal going in may differ in their last bit coming out; training amplifies that until units part that in exact
arithmetic never would.

UNITWISE: every unit by the same operations in the same order. Units that are equal stay equal to the last bit, on every
processor and at every width; what cancels in exact arithmetic because a layer's inputs do not vary cancels here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from threadpoolctl import threadpool_info

from initbench.network import kernels

Array = np.ndarray

SMALL_KERNELS = {"SkylakeX", "Cooperlake", "SapphireRapids"}  # OpenBLAS's for AVX-512


@dataclass(frozen=True)
class Products:
    """multiply(x, w, out): x w for each member, x (M or 1, B, n) and w (M, n, m), both of any strides, into out (M, B, m).

    batch_sum(array, out=None): the sum over the batch of (M, B, n), shape (M, 1, n).
    """

    multiply: Callable[[Array, Array, Array], Array]
    batch_sum: Callable[..., Array]
    unitwise: bool


@lru_cache(maxsize=1)
def prepare_blas() -> None:
    """Make one product larger than those of layers, in two or three milliseconds, so that all that follow are fast.

    OpenBLAS reads ahead of the factors that it has packed. In memory that no product has written to yet that costs so much
    that products of 64 × 64 by 64 × 64 ran at 22 GFLOP/s before and at 37 after it, and of 128 by 128 at 18 and 40.
    """
    np.matmul(np.ones((64, 512), np.float32), np.ones((512, 512), np.float32))


@lru_cache(maxsize=1)
def transposing_pays() -> bool:
    """Whether small products are faster with a transposed factor written out: where OpenBLAS has kernels for small ones.

    Those for AVX-512 are for factors that are not transposed, or the first alone. Elsewhere both take the same time.
    """
    return any(library.get("architecture") in SMALL_KERNELS for library in threadpool_info())


def _blas_product(x: Array, w: Array, out: Array) -> Array:
    return np.matmul(x, w, out=out)


def _blas_sum(array: Array, out: Array | None = None) -> Array:
    """One product with a row of ones a member, whose bits do not depend on the stack as NumPy's own sums may."""
    return np.matmul(ones(array.shape[1], array.dtype), array, out=out)


@lru_cache(maxsize=64)
def ones(count: int, dtype: np.dtype) -> Array:
    """A row of ones, (1, count)."""
    return np.ones((1, count), dtype)


def _unitwise_product(x: Array, w: Array, out: Array) -> Array:
    kernels.multiply(out, _rows_together(x), _rows_together(w))
    return out


def _rows_together(array: Array) -> Array:
    """The array, or a copy if a member's rows do not follow one another in memory, as those of a transposed one do not."""
    together = array.strides[2] == array.itemsize and array.strides[1] == array.shape[2] * array.itemsize
    return array if together else np.ascontiguousarray(array)


def _unitwise_sum(array: Array, out: Array | None = None) -> Array:
    if out is None:
        out = np.empty((len(array), 1, array.shape[2]), array.dtype)
    kernels.sum_samples(array, out)
    return out


BLAS = Products(_blas_product, _blas_sum, unitwise=False)
UNITWISE = Products(_unitwise_product, _unitwise_sum, unitwise=True)


def has_equal_units(matrices: Array) -> bool:
    """Whether some two columns of a matrix (features, units) are the same numbers."""
    first = matrices[0]
    if len(np.unique(first)) == len(first):
        return False
    if (matrices[:, 1:] == matrices[:, :1]).all(axis=0).any():  # as in layers of one constant, without sorting them
        return True
    return np.unique(matrices, axis=1).shape[1] < matrices.shape[1]
