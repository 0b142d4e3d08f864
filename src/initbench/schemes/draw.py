"""Drawing networks by a scheme, and calibrating them on data, with checks of what schemes return."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from initbench.network import passes
from initbench.network.layer import Network
from initbench.schemes import Layer
from initbench.schemes.label import SchemeCall, parse_scheme

Parameters = tuple[np.ndarray, ...]


def draw(scheme: SchemeCall | str, rng: np.random.Generator, layer: Layer) -> tuple[np.ndarray, np.ndarray]:
    """Draw the weights and biases of one layer by a scheme.

    Args:
        scheme: Its label, such as "orthogonal(gain=2)".
        rng: Where the random numbers come from.
        layer: What it is drawn for.

    Returns:
        (W, b): W of shape (fan_in, fan_out) and b of shape (fan_out,), float64; of a convolution (fan_in, units) and (units,).

    Raises:
        UnknownNameError: For a scheme that there is not.
        ValueError: If the scheme returns another shape or a value that is not finite.
    """
    bound = parse_scheme(scheme) if isinstance(scheme, str) else scheme
    entry = bound.entry
    told = (layer,) if entry.wants_layer else (layer.fan_in, layer.fan_out)
    drawn = entry.function(rng, *told, **dict(bound.arguments))
    weight, bias = drawn if isinstance(drawn, tuple) else (drawn, np.zeros(layer.units))
    if np.iscomplexobj(weight) or np.iscomplexobj(bias):
        raise ValueError(f"scheme {bound.label}: W or b is complex: give real numbers")
    weight, bias = (_columns(np.asarray(array, dtype=float), layer) for array in (weight, bias))
    for what, array, shape in (("W", weight, (layer.fan_in, layer.units)), ("b", bias, (layer.units,))):
        if array.shape != shape:
            raise ValueError(f"scheme {bound.label}: {what} has shape {array.shape}, not {shape}")
        if not np.isfinite(array).all():
            raise ValueError(f"scheme {bound.label}: {what} has values that are not finite")
    return weight, bias


def _columns(array: np.ndarray, layer: Layer) -> np.ndarray:
    """As many columns as the layer has units, where a scheme drew as many as its fan-out, a convolution's receptive field times more."""
    return array[..., : layer.units] if array.shape[-1:] == (layer.fan_out,) else array


def described(network: Network) -> list[Layer]:
    """What a scheme is told about each linear map of a network, 1 … depth + 1."""
    depth, hidden = len(network.maps) - 1, next((at.activation for at in network.maps if at.activation), "")
    blocks = max(at.place.block for at in network.maps)
    return [
        Layer(
            at.weight.fan_in, at.weight.fan_out, index, depth, at.activation or "linear", at.normalization, hidden,
            at.place.block, blocks, at.place.layer, at.place.layers, at.place.last_normalization,
            receptive_field=at.weight.receptive_field,
        )
        for index, at in enumerate(network.maps, start=1)
    ]  # fmt: skip


def draw_network(scheme: SchemeCall | str, network: Network, rngs: Sequence[np.random.Generator]) -> list[Parameters]:
    """Draw each linear map with its generator: (W, b), or (W, γ, β) under normalisation, of one network, float64.

    A map that ends a residual branch has its α too, in the order of the layers. γ and α start at 1 unless the scheme states
    otherwise; β, which stands in for the bias, at 0.
    """
    bound = parse_scheme(scheme) if isinstance(scheme, str) else scheme
    drawn = []
    for at, layer, rng in zip(network.maps, described(network), rngs, strict=True):
        weight, bias = draw(bound, rng, layer)
        gain, branch_gain = bound.gains(layer)
        start = {"weight": weight, "bias": bias, "gain": gain, "branch_gain": branch_gain, "shift": 0.0}
        arrays = [part for k in range(at.first, at.stop) for part in network.weights[k]]
        drawn.append(tuple(_shaped(start[part.role], part.shape) for part in arrays))
    return drawn


def _shaped(values, shape: tuple[int, ...]) -> np.ndarray:
    """An array reshaped, or one number throughout."""
    return values.reshape(shape) if isinstance(values, np.ndarray) else np.full(shape, values)


@dataclass(frozen=True)
class Forward:
    """One network's layers, as a calibration may use them, on a batch of one size.

    `layers` are what a scheme is told about each. Calling it, in the order of the layers, gives what a layer makes of its inputs.
    """

    network: Network
    layers: tuple[Layer, ...]
    buffers: passes.Buffers

    def __call__(self, index: int, parameters: Parameters, inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(a W + b, what the next layer is given) of layer `index` from 0, for inputs a (B, features), float64."""
        at, arrays, x = self.network.maps[index], iter(parameters), inputs[None]
        linear = x
        for k in range(at.first, at.stop):
            weights = tuple(np.asarray(next(arrays))[None] for _ in self.network.weights[k])
            x = self.network.layers[k].forward(weights, x, self.buffers.layers[k])
            if k == at.linear:
                linear = x.copy()
        return linear[0], x[0].copy()


def calibrated(
    scheme: SchemeCall | str, network: Network, parameters: list[Parameters], batch: np.ndarray
) -> list[Parameters]:
    """What the scheme's `calibrate` makes of a drawn network; the network itself if the scheme has none.

    parameters: one network's, as `draw_network` gives them; batch: inputs (B, *features). The function is given read-only
    views of both and, if it declares a third argument, a `Forward`; it returns new parameters of the same shapes. Raises
    ValueError, naming the scheme, if it writes to its arguments, or returns other shapes or values that are not finite.
    """
    bound = parse_scheme(scheme) if isinstance(scheme, str) else scheme
    function = bound.entry.calibrate
    if function is None:
        return parameters
    arguments: list = [[tuple(map(_read_only, layer)) for layer in parameters], _read_only(batch)]
    if len(inspect.signature(function).parameters) > 2:
        buffers = passes.allocate(network, 1, len(batch), np.float64)
        arguments.append(Forward(network, tuple(described(network)), buffers))
    try:
        result = [tuple(np.asarray(array, dtype=float) for array in layer) for layer in function(*arguments)]
    except (TypeError, ValueError) as error:
        advice = ": return new arrays and change none that is given" if "read-only" in str(error) else ""
        raise ValueError(f"scheme {bound.label}: calibrate: {error}{advice}") from error
    _check_calibrated(bound, result, parameters)
    return result


def _check_calibrated(bound: SchemeCall, result, parameters) -> None:
    shapes, expected = ([[a.shape for a in layer] for layer in network] for network in (result, parameters))
    if shapes != expected:
        raise ValueError(f"scheme {bound.label}: calibrate returned arrays of shapes {shapes}, not {expected}")
    if not all(np.isfinite(array).all() for layer in result for array in layer):
        raise ValueError(f"scheme {bound.label}: calibrate returned values that are not finite")


def _read_only(array: np.ndarray) -> np.ndarray:
    view = np.asarray(array).view()
    view.flags.writeable = False
    return view
