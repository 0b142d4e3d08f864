"""Parameters as views into one flat array, and the arrays that passes write, allocated once.

Every array leads with the ensemble axis of M members.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from initbench.network.products import BLAS, Products

CACHE_LINE = 64  # bytes

Weights = tuple[np.ndarray, ...]


def aligned(shape: tuple[int, ...], dtype: DTypeLike) -> np.ndarray:
    """An empty array that starts at a cache line: vector instructions then never straddle two."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.empty(size + CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % CACHE_LINE
    return memory[start : start + size].view(dtype).reshape(shape)


def padded(members: int, size: int, dtype: DTypeLike) -> np.ndarray:
    """An empty (members, at least size) whose rows start at cache lines."""
    line = CACHE_LINE // np.dtype(dtype).itemsize
    return aligned((members, -(-size // line) * line), dtype)


def rounded(values: np.ndarray, dtype: DTypeLike) -> np.ndarray:
    """The numbers in a precision; one that is too large for it is infinite, which training sees as divergence."""
    with np.errstate(over="ignore"):
        return values.astype(dtype)


def views(flat: np.ndarray, shapes: Sequence[Sequence[tuple[int, ...]]]) -> list[Weights]:
    """Views of these shapes, a tuple of arrays for each inner sequence, into flat parameters (M, size)."""
    found, start = [], 0
    for inner in shapes:
        arrays = []
        for shape in inner:
            stop = start + math.prod(shape)
            arrays.append(flat[:, start:stop].reshape(len(flat), *shape))
            start = stop
        found.append(tuple(arrays))
    return found


@dataclass
class Memory:
    """Where layers get the arrays that their passes write, for M members and a batch of B samples.

    What the backward pass reads again is a layer's own; what it does not read, layers of one shape share, so that it stays in
    the cache. exact: slopes are formed from the pre-activations, which are then kept, as measuring needs them; otherwise
    from the activations where φ allows it (keep_preactivations says whether all of them do). keep_cotangents: each layer's
    ∂loss/∂x is kept, instead of two in turn. forward_only: layers share everything, as there is no backward pass. products:
    how they multiply matrices and sum over the batch.
    """

    members: int
    batch: int
    dtype: np.dtype
    exact: bool = True
    keep_preactivations: bool = True
    keep_cotangents: bool = False
    forward_only: bool = False
    products: Products = BLAS
    _arrays: dict[tuple, Any] = field(default_factory=dict)
    _cotangents: int = 0

    def own(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        """An array (M, *shape) that the backward pass reads again."""
        return self.named(name, shape) if self.forward_only else aligned((self.members, *shape), self.dtype)

    def named(self, name: str, shape: tuple[int, ...]) -> np.ndarray:
        """The one array (M, *shape) of that name and shape."""
        key = name, shape
        if key not in self._arrays:
            self._arrays[key] = aligned((self.members, *shape), self.dtype)
        return self._arrays[key]

    def common(self, name: str) -> dict:
        """The one dictionary of that name, in which layers keep what they hand each other past those between them."""
        return self._arrays.setdefault(("common", name), {})

    def preactivation(self, shape: tuple[int, ...]) -> np.ndarray:
        """For z (M, *shape): shared where no slope is formed from it."""
        return self.own("z", shape) if self.keep_preactivations else self.named("z", shape)

    def cotangent(self, shape: tuple[int, ...]) -> np.ndarray | None:
        """For ∂loss/∂x (M, *shape): one of two in turn, unless all are kept; None without a backward pass."""
        if self.forward_only:
            return None
        if self.keep_cotangents:
            return aligned((self.members, *shape), self.dtype)
        self._cotangents += 1
        return self.named(f"cotangent {self._cotangents % 2}", shape)
