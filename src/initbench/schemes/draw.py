"""Drawing a layer by a scheme, and calibrating a drawn network on data, with checks of what schemes return."""

import inspect
from collections.abc import Sequence

import numpy as np

from initbench.schemes import Layer
from initbench.schemes.label import SchemeCall, parse_scheme


def draw(scheme: SchemeCall | str, rng: np.random.Generator, layer: Layer) -> tuple[np.ndarray, np.ndarray]:
    """Draw (W, b) of one layer: W (fan_in, fan_out) and b (fan_out,), float64.

    Raises ValueError if the scheme returns another shape or a value that is not finite.
    """
    bound = parse_scheme(scheme) if isinstance(scheme, str) else scheme
    entry = bound.entry
    place = (layer,) if entry.wants_layer else (layer.fan_in, layer.fan_out)
    drawn = entry.function(rng, *place, **dict(bound.arguments))
    weight, bias = drawn if isinstance(drawn, tuple) else (drawn, np.zeros(layer.fan_out))
    weight, bias = np.asarray(weight, dtype=float), np.asarray(bias, dtype=float)
    for what, array, shape in (("W", weight, (layer.fan_in, layer.fan_out)), ("b", bias, (layer.fan_out,))):
        if array.shape != shape:
            raise ValueError(f"scheme {bound.label}: {what} has shape {array.shape}, not {shape}")
        if not np.isfinite(array).all():
            raise ValueError(f"scheme {bound.label}: {what} has values that are not finite")
    return weight, bias


def calibrated(
    scheme: SchemeCall | str, parameters: list[tuple], batch: np.ndarray, layers: Sequence[Layer]
) -> list[tuple]:
    """What the scheme's `calibrate` makes of a drawn network; the network itself if the scheme has none.

    parameters: one network's layers, (W, b) or, for hidden layers under normalisation, (W, γ, β), float64; batch:
    inputs (B, features); layers: the `Layer`s, handed on if the function declares a third argument. The function is
    given read-only views: it returns new parameters of the same shapes. Raises ValueError, naming the scheme, if it
    writes to its arguments, or returns other shapes or values that are not finite.
    """
    bound = parse_scheme(scheme) if isinstance(scheme, str) else scheme
    function = bound.entry.calibrate
    if function is None:
        return parameters
    arguments = [[tuple(map(_read_only, layer)) for layer in parameters], _read_only(batch), tuple(layers)]
    try:
        returned = function(*arguments[: 3 if len(inspect.signature(function).parameters) > 2 else 2])
        result = [tuple(np.asarray(array, dtype=float) for array in layer) for layer in returned]
    except (TypeError, ValueError) as error:
        raise ValueError(f"scheme {bound.label}: calibrate: {error}") from error
    shapes, expected = ([[a.shape for a in layer] for layer in network] for network in (result, parameters))
    if shapes != expected:
        raise ValueError(f"scheme {bound.label}: calibrate returned arrays of shapes {shapes}, not {expected}")
    if not all(np.isfinite(array).all() for layer in result for array in layer):
        raise ValueError(f"scheme {bound.label}: calibrate returned values that are not finite")
    return result


def _read_only(array: np.ndarray) -> np.ndarray:
    view = np.asarray(array).view()
    view.flags.writeable = False
    return view
