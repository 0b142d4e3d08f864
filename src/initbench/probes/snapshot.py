"""What a probe may look at: a network at one moment, on one batch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps

import numpy as np

from initbench.network import passes
from initbench.network.layer import LinearMap, Network, Weights
from initbench.network.loss import cross_entropy
from initbench.network.products import BLAS, Products

JACOBIAN_SAMPLES = 8

Array = np.ndarray


@dataclass(frozen=True)
class LayerSnapshot:
    """One linear map of M stacked networks and what follows it, on a batch of B samples, in the dtype of the parameters.

    Of a convolution a unit is a channel, and the positions of an image are rows beside one another: B counts them all, W is
    (M, taps × channels, n), and inputs are (M or 1, rows, channels). positions: how many of z a sample has, else 1.

    inputs (M or 1, B, fan_in): what it is given; weight W (M, fan_in, fan_out); preactivation z (M, B, n): what φ is given,
    or the logits; activation a = φ(z) and slope φ′(z), None for the output layer. cotangent δ (M, B, n): ∂(sum of the samples'
    losses)/∂z; independent_cotangent: the same with independent N(0, 1) at the logits in the place of the loss's.
    gradient, bias_gradient: of the batch's mean loss by W (M, fan_in, fan_out) and by b, or β (M, n). gain (M, B or 1, n or
    1): by what the map is multiplied, γ/s of normalisation times the α of the branch that it ends; None without either.
    update ΔW: what the last update subtracted; None before any. earlier: z before the last update, of the same batch; None
    before any, and where it was not asked for. saturation: the |φ′| below which a unit counts as saturated on a sample.
    on_stream: False between the first and the last linear map of a branch, past which a shortcut leads.
    """

    inputs: Array
    weight: Array
    preactivation: Array
    cotangent: Array
    independent_cotangent: Array
    gradient: Array
    bias_gradient: Array
    activation: Array | None = None
    slope: Array | None = None
    gain: Array | None = None
    update: Array | None = None
    earlier: Array | None = None
    saturation: float = 0.05
    on_stream: bool = True
    positions: int = 1
    known: dict = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_hidden(self) -> bool:
        return self.activation is not None

    def of_samples(self, values: Array) -> Array:
        """Rows (M, B, n), those of a sample's positions put together: (M, samples, positions × n)."""
        return values if self.positions == 1 else values.reshape(len(values), -1, self.positions * values.shape[2])


@dataclass(frozen=True)
class Snapshot:
    """M stacked networks on a batch: their layers from the inputs on, inputs (M or 1, B, *features), logits (M, B, classes).

    jacobian: ∂logits/∂inputs (M, S, classes, features) over the first S samples, statistics of the batch held fixed; None
    where it was not asked for.
    """

    layers: tuple[LayerSnapshot, ...]
    inputs: Array
    logits: Array
    jacobian: Array | None = None

    @property
    def hidden(self) -> tuple[LayerSnapshot, ...]:
        """The layers that are followed by φ."""
        return tuple(layer for layer in self.layers if layer.is_hidden)

    @property
    def stream(self) -> dict[int, LayerSnapshot]:
        """The hidden layers that no shortcut leads past, by their number from 1: of a plain network all."""
        return {k: layer for k, layer in enumerate(self.layers, start=1) if layer.is_hidden and layer.on_stream}


def shared(function: Callable[[LayerSnapshot], Array]) -> Callable[[LayerSnapshot], Array]:
    """Compute what several probes use once a layer."""

    @wraps(function)
    def known(layer: LayerSnapshot) -> Array:
        if function not in layer.known:
            layer.known[function] = function(layer)
        return layer.known[function]

    return known


def take(
    network: Network,
    parameters: list[Weights],
    batch,
    saturation: float,
    updates=None,
    jacobian=False,
    products: Products = BLAS,
    changes=False,
) -> Snapshot:
    """The snapshot of M stacked networks on their probe batches, in the dtype of both.

    updates: what the last update subtracted, in the structure of the parameters. jacobian: whether ∂logits/∂inputs is wanted.
    products: those of the passes. changes: whether z before the last update is wanted, which takes a forward pass more.
    """
    inputs = batch.inputs
    buffers = passes.allocate(network, *inputs.shape[:2], inputs.dtype, keep_cotangents=True, products=products)
    earlier = _preactivations_before(network, parameters, updates, inputs, buffers) if updates and changes else None
    logits = passes.forward(network, parameters, inputs, buffers)
    buffers.cotangent[...] = batch.cotangent
    passes.backward(network, parameters, buffers, None)
    independent = [_rows(_last_cotangent(buffers.layers[at.linear : at.stop])).copy() for at in network.maps]
    cross_entropy(logits, batch.one_hot, buffers.cotangent)
    gradients = _mean_gradients(network, parameters, buffers, inputs.shape[1])
    layers = []
    for k, at in enumerate(network.maps):
        observed = _observed(network, at, parameters, gradients, buffers) | {"independent_cotangent": independent[k]}
        update, before = (updates[at.linear][0] if updates else None), (earlier[k] if earlier else None)
        where = {"on_stream": at.place.on_stream, "positions": independent[k].shape[1] // inputs.shape[1]}
        layers.append(LayerSnapshot(**observed, **where, saturation=saturation, update=update, earlier=before))
    wanted = passes.jacobian(network, parameters, buffers, min(JACOBIAN_SAMPLES, inputs.shape[1])) if jacobian else None
    return Snapshot(tuple(layers), inputs, logits, wanted)


def _preactivations_before(
    network: Network, parameters, updates, inputs: Array, buffers: passes.Buffers
) -> list[Array]:
    """z of every linear map before the last update, and last the logits."""
    before = [tuple(map(np.add, *pair)) for pair in zip(parameters, updates, strict=True)]
    logits = passes.forward(network, before, inputs, buffers).copy()
    found = [_preactivation(buffers.layers[at.linear : at.stop]) for at in network.maps[:-1]]
    return [_rows(z) for z in (*found, logits)]


def _preactivation(written) -> Array:
    """A copy of what φ was given after a linear map, or of what the map made if no φ follows."""
    given = [w.preactivation for w in written if hasattr(w, "preactivation")]
    return (given[0] if given else written[0].output).copy()


def _mean_gradients(
    network: Network, parameters: list[Weights], buffers: passes.Buffers, samples: int
) -> list[Weights]:
    """Gradients of the mean over the samples of that whose cotangent is in the buffers."""
    gradients = [tuple(np.empty_like(array) for array in weights) for weights in parameters]
    passes.backward(network, parameters, buffers, gradients)
    for gradient in (array for weights in gradients for array in weights):
        gradient /= samples
    return gradients


def _observed(network: Network, at: LinearMap, parameters, gradients, buffers: passes.Buffers) -> dict[str, Array]:
    """What the layers of a linear map add to its snapshot, later ones in place of earlier ones; gains are multiplied."""
    found: dict[str, Array] = {}
    for k in range(at.linear, at.stop):
        seen = dict(network.layers[k].observed(parameters[k], gradients[k], buffers.layers[k]))
        if "gain" in seen and "gain" in found:
            seen["gain"] = seen["gain"] * found["gain"]
        found |= seen
    return {name: _rows(values) if values.ndim > 3 else values for name, values in found.items()}


def _rows(values: Array) -> Array:
    """(M, rows, n) of what has axes between: the positions of images are rows."""
    return values.reshape(len(values), -1, values.shape[-1])


def _last_cotangent(written) -> Array:
    """∂loss/∂z of a linear map: that which the last of its layers was given, and pulled back through φ in place."""
    return next(w.cotangent for w in reversed(written) if hasattr(w, "cotangent"))
