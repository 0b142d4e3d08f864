"""Where the linear maps of a network stand among its residual branches.

A branch is what lies between a layer of kind `fork` and the one of kind `join` that has its name. Branches follow one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
    """Where a linear map stands: its branch, from 1, its number within that, from 1, and the linear maps of that branch.

    All are 0 outside of branches. last_normalization: whether the normalisation that follows it is the last of a branch.
    """

    block: int = 0
    layer: int = 0
    layers: int = 0
    last_normalization: bool = False

    @property
    def on_stream(self) -> bool:
        """Whether what follows the map is that which shortcuts carry: outside of branches, and where one ends."""
        return self.layer == self.layers


OUTSIDE = Place()


def places(layers: Sequence[Any]) -> list[Place]:
    """The place of every linear layer of a network, in order.

    Before activation a branch's first normalisation follows the map that the fork follows, which is outside.
    """
    linear = [k for k, layer in enumerate(layers) if layer.kind == "linear"]
    found = dict.fromkeys(linear, OUTSIDE)
    closing = set()
    forks = [k for k, layer in enumerate(layers) if layer.kind == "fork"]
    for block, fork in enumerate(forks, start=1):
        join = _join_of(fork, layers)
        inside = [k for k in linear if fork < k < join]
        found |= {k: Place(block, number, len(inside)) for number, k in enumerate(inside, start=1)}
        normalized = [k for k in range(fork, join) if layers[k].kind == "normalization"]
        if normalized:
            closing.add(max(k for k in linear if k < normalized[-1]))
    return [Place(p.block, p.layer, p.layers, k in closing) for k, p in found.items()]


def _join_of(fork: int, layers: Sequence[Any]) -> int:
    """The number of the layer that ends the branch which layer `fork` begins; ValueError if none does."""
    name = layers[fork].name
    for k in range(fork, len(layers)):
        if layers[k].kind == "join" and layers[k].name == name:
            return k
    raise ValueError(f"fork {name!r} is followed by no join of its name")
