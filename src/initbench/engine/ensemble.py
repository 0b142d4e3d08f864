"""Stacked members in training: one update of them all, and which of them have diverged."""

import math
from functools import partial
from typing import NamedTuple

import numpy as np

from initbench.network import passes
from initbench.network.layer import Network, Weights, split
from initbench.network.loss import cross_entropy
from initbench.network.memory import aligned, padded, rounded, views
from initbench.network.products import BLAS, Products
from initbench.optimizers import Optimizer


class Part(NamedTuple):
    """Parameters that are updated at once: where they start, their gradient (members, size), their learning rates (members, 1)."""

    start: int
    gradient: np.ndarray
    rate: np.ndarray


class MapUpdate(NamedTuple):
    """What is updated of a linear map, and its gradients, layer by layer."""

    parts: list[Part]
    gradients: list[Weights]


def map_updates(network: Network, rate: np.ndarray) -> list[MapUpdate]:
    """The updates of the linear maps of a network. Maps of one shape share the arrays of their gradients.

    rate: of every parameter, (members, 1), so that a map is updated at once; or of each array, (members, arrays).
    """
    known: dict = {}
    updates, start, first = [], 0, 0
    for at in network.maps:
        shapes = tuple(tuple(w.shape for w in network.weights[k]) for k in range(at.first, at.stop))
        if shapes not in known:
            known[shapes] = _gradients(shapes, len(rate), rate.dtype, apart=rate.shape[1] > 1)
        flat, gradients = known[shapes]
        parts = []
        for k, gradient in enumerate(flat, start=first if rate.shape[1] > 1 else 0):
            parts.append(Part(start, gradient, rate[:, k : k + 1]))
            start += gradient.shape[1]
        first += len(flat)
        updates.append(MapUpdate(parts, gradients))
    return updates


def _gradients(shapes, members: int, dtype: np.dtype, apart: bool) -> tuple[list[np.ndarray], list[Weights]]:
    """The flat gradients of a map, one or, apart, one an array; and the arrays of these shapes in them."""
    sizes = [math.prod(shape) for inner in shapes for shape in inner]
    if not apart:
        flat = aligned((members, sum(sizes)), dtype)
        return [flat], views(flat, shapes)
    each = [aligned((members, size), dtype) for size in sizes]
    rest = iter(each)
    return each, [tuple(next(rest).reshape(members, *shape) for shape in inner) for inner in shapes]


class Ensemble:
    """Members in training: parameters, the optimiser's state, who has diverged; products: those of their passes.

    Members are the learning rates of one start after the other; start: flat parameters (starts, size); rates (starts, R);
    batch: samples of an update; factors: by what the rate is multiplied for each array of the network, (starts, arrays).
    Parameters and the optimiser's arrays are flat, (members, size). A linear map is updated as soon as its gradient is known,
    while both are in the cache; with factors, array by array.
    """

    def __init__(
        self,
        network: Network,
        optimizer: Optimizer,
        start: np.ndarray,
        rates: np.ndarray,
        batch: int,
        dtype: str,
        products: Products = BLAS,
        factors: np.ndarray | None = None,
    ):
        self.network, self.optimizer, self.products = network, optimizer, products
        self.each, dtype = rates.shape[1], np.dtype(dtype)
        members = rates.size
        self.padded = padded(members, network.size, dtype)
        self.flat = self.padded[:, : network.size]
        self.flat[...] = np.repeat(rounded(start, dtype), self.each, axis=0)
        self.state = optimizer.init(self.padded)
        self.rate = rounded(
            rates.reshape(-1, 1) * (1 if factors is None else np.repeat(factors, self.each, axis=0)), dtype
        )
        self.parameters = split(self.flat, network)
        self.updates = map_updates(network, self.rate)
        self.gradients = [weights for update in self.updates for weights in update.gradients]
        self.diverged_step = np.full(members, -1)
        self.buffers = passes.allocate(network, members, batch, dtype, exact=False, products=products)
        self._due = {at.first: update for at, update in zip(network.maps, self.updates, strict=True)}

    def update(self, step: int, inputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
        """Update `step` of every member on a batch: forward, loss, backward, optimiser. The sums of losses, (M,)."""
        logits = passes.forward(self.network, self.parameters, inputs, self.buffers)
        cotangent = self.buffers.cotangent
        loss = cross_entropy(logits, targets, cotangent).sum(axis=1)
        self.freeze(~np.isfinite(loss), step - 1)
        cotangent /= inputs.shape[1]
        update_map = partial(self._update_map, step)
        passes.backward(self.network, self.parameters, self.buffers, self.gradients, finished=update_map)
        frozen = self.diverged_step >= 0
        if frozen.any():
            for array in (self.padded, *self.state):
                array[frozen] = 0
        return loss

    def _update_map(self, step: int, index: int) -> None:
        """Let the optimiser update a linear map of which layer `index` is the first; other layers are left for it."""
        due = self._due.get(index)
        if due is not None:
            for start, gradient, rate in due.parts:
                self.optimizer.update(self.padded, gradient, self.state, rate, step, start)

    def last_update(self, step: int) -> np.ndarray:
        """What update `step`, the last, subtracted from the parameters, (members, size)."""
        if self.rate.shape[1] == 1:
            return self.optimizer.last_update(self.state, self.rate, step)[:, : self.network.size]
        found = []
        for start, gradient, rate in (part for update in self.updates for part in update.parts):
            state = tuple(array[:, start : start + gradient.shape[1]] for array in self.state)
            found.append(self.optimizer.last_update(state, rate, step))
        return np.concatenate(found, axis=1)

    def freeze(self, bad: np.ndarray, step: int) -> None:
        """Mark members as diverged after `step` updates and stop them; the others go on unharmed."""
        bad = bad & (self.diverged_step < 0)
        if bad.any():
            self.diverged_step[bad] = step
            self.rate[bad] = 0
