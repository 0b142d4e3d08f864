"""The shape of a network, its parameters as views into one flat array, and the arrays that its passes write.

Every array leads with the ensemble axis of M members.
"""

import math
from dataclasses import dataclass, field, replace

import numpy as np

CACHE_LINE = 64  # bytes
SMALL = 64  # units up to which a product with a transposed matrix is slower than transposing it first

LayerParameters = tuple[np.ndarray, ...]


@dataclass(frozen=True)
class Architecture:
    """The shape of a multilayer perceptron: `depth` hidden layers of `width` units; depth 0 is logistic regression."""

    inputs: int
    width: int
    depth: int
    classes: int
    normalization: str = "none"

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units per layer, inputs first."""
        return (self.inputs, *[self.width] * self.depth, self.classes)

    def shapes(self) -> list[tuple[tuple[int, ...], ...]]:
        """The shapes of each layer's arrays: W, then b or (γ, β)."""
        vectors = 1 if self.normalization == "none" else 2
        pairs = list(zip(self.sizes[:-1], self.sizes[1:], strict=True))
        hidden = [((fan_in, fan_out), *[(fan_out,)] * vectors) for fan_in, fan_out in pairs[:-1]]
        return [*hidden, (pairs[-1], (pairs[-1][1],))]

    @property
    def size(self) -> int:
        """Number of parameters."""
        return sum(int(np.prod(shape)) for layer in self.shapes() for shape in layer)


def split(flat: np.ndarray, architecture: Architecture) -> list[LayerParameters]:
    """Views into the flat parameters (M, size), layer by layer, in the order of `Architecture.shapes`."""
    layers, start = [], 0
    for shapes in architecture.shapes():
        stop = start + sum(math.prod(shape) for shape in shapes)
        layers.append(split_layer(flat[:, start:stop], shapes))
        start = stop
    return layers


def split_layer(flat: np.ndarray, shapes) -> LayerParameters:
    """Views of these shapes into one layer's flat parameters (M, size)."""
    arrays, start = [], 0
    for shape in shapes:
        stop = start + math.prod(shape)
        arrays.append(flat[:, start:stop].reshape(len(flat), *shape))
        start = stop
    return tuple(arrays)


@dataclass
class Buffers:
    """What one forward and backward pass writes, allocated once for M members and a batch of B samples.

    preactivations z^l and activations a^l (M, B, units) for l = 1 … H; logits z^{H+1}; normalized ẑ^l, scales s^l;
    cotangents δ^l = ∂loss/∂z^l for l = 1 … H+1. Layers may share arrays of what is not read again.
    """

    preactivations: list[np.ndarray]
    activations: list[np.ndarray]
    logits: np.ndarray
    cotangents: list[np.ndarray]
    normalized: list[np.ndarray] = field(default_factory=list)
    scales: list[np.ndarray] = field(default_factory=list)
    means: list[np.ndarray] = field(default_factory=list)
    variances: list[np.ndarray] = field(default_factory=list)
    scratch: np.ndarray | None = None
    transposed: np.ndarray | None = None


def aligned(shape: tuple[int, ...], dtype) -> np.ndarray:
    """An empty array that starts at a cache line: vector instructions then never straddle two."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.empty(size + CACHE_LINE, np.uint8)
    start = -memory.ctypes.data % CACHE_LINE
    return memory[start : start + size].view(dtype).reshape(shape)


def allocate(
    architecture: Architecture, members: int, batch: int, dtype, keep_cotangents=False, keep_preactivations=True
) -> Buffers:
    """Buffers for a forward and backward pass.

    Measuring needs all cotangents, training two hidden ones at a time. Where the slope is formed from the activations,
    all layers share one array of pre-activations, which then stays in the cache.
    """
    hidden = (members, batch, architecture.width)
    depth = architecture.depth

    def several(count, shape=hidden):
        return [aligned(shape, dtype) for _ in range(count)]

    cotangents = several(depth) if keep_cotangents else (several(min(depth, 2)) * depth)[:depth]
    buffers = Buffers(
        preactivations=several(depth) if keep_preactivations else several(min(depth, 1)) * depth,
        activations=several(depth),
        logits=aligned((members, batch, architecture.classes), dtype),
        cotangents=[*cotangents, aligned((members, batch, architecture.classes), dtype)],
        scratch=aligned(hidden, dtype),
    )
    if architecture.width <= SMALL and architecture.width % 16 == 0:
        buffers.transposed = aligned((members, architecture.width, architecture.width), dtype)
    if architecture.normalization != "none":
        row = (members, 1, architecture.width) if architecture.normalization == "batch" else (members, batch, 1)
        buffers.normalized = several(depth)
        buffers.scales, buffers.means, buffers.variances = (several(depth, row) for _ in range(3))
    return buffers


def allocate_evaluation(architecture: Architecture, members: int, batch: int, dtype) -> Buffers:
    """Buffers for a forward pass alone, in which all layers share one array of each kind."""
    one = allocate(replace(architecture, depth=min(architecture.depth, 1)), members, batch, dtype)
    shared = {
        name: getattr(one, name) * architecture.depth
        for name in ("preactivations", "activations", "normalized", "scales", "means", "variances")
    }
    return replace(one, **shared)
