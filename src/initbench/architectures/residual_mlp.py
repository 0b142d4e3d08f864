"""Multilayer perceptrons with shortcuts, two linear maps past each: φ after the sum, or before the maps."""

from collections.abc import Iterator

from initbench.architectures import architecture
from initbench.network.dense import Dense
from initbench.network.layer import Layer
from initbench.network.residual import Fork, Join


@architecture("residual_mlp")
def residual_mlp(inputs, classes, width, depth, activation, normalization) -> Iterator[Layer]:
    """Blocks of φ(x + α branch(x)), branch: φ(normalised(x W)) and normalised(a W) (He et al. 2016a, "Deep residual learning").

    `depth` counts every φ: a plain hidden layer comes first, two if the depth is even, then blocks with two φ each. α, a learned
    scalar that is 1 at the start unless the scheme draws it, is not in the paper.
    """
    plain, blocks = _plain_and_blocks(depth)
    for _ in range(plain):
        yield from (Dense(width, bias=not normalization), *normalization, *activation)
    for block in range(1, blocks + 1):
        yield Fork(f"block {block}")
        yield from (Dense(width, bias=not normalization), *normalization, *activation)
        yield from (Dense(width, bias=not normalization), *normalization)
        yield from (Join(f"block {block}"), *activation)
    yield Dense(classes)


@architecture("residual_mlp_preact")
def residual_mlp_preact(inputs, classes, width, depth, activation, normalization) -> Iterator[Layer]:
    """Blocks of x + α branch(x), branch: φ(normalised(x)) W twice (He et al. 2016b, "Identity mappings in deep residual networks").

    `depth` counts every φ: a linear map comes first, if the depth is even then φ(normalised(x)) W without a shortcut, then
    blocks with two φ each, and a last φ before the output layer. α as in `residual_mlp`.
    """
    plain, blocks = _plain_and_blocks(depth)
    activated = (*normalization, *activation)
    for number in range(plain):
        yield from (*(activated if number else ()), Dense(width, bias=not normalization))
    for block in range(1, blocks + 1):
        yield Fork(f"block {block}")
        for _ in range(2):
            yield from (*activated, Dense(width, bias=not normalization))
        yield Join(f"block {block}")
    if depth:
        yield from activated
    yield Dense(classes)


def _plain_and_blocks(depth: int) -> tuple[int, int]:
    """How many hidden layers have no shortcut, and how many blocks of two follow."""
    return min(depth, 2 - depth % 2), max(depth - 1, 0) // 2
