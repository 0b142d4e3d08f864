"""Trying a scheme out: what every scheme must keep to."""

import inspect
from collections.abc import Iterator

import numpy as np

from initbench.architectures import build
from initbench.base.arguments import one_line
from initbench.base.generators import own_generators
from initbench.network.layer import Network
from initbench.optimizers import OPTIMIZERS
from initbench.schemes import Layer, Scheme
from initbench.schemes.draw import Parameters, calibrated, draw, draw_network
from initbench.schemes.label import SchemeCall
from initbench.schemes.rates import rate_factors

FANS = ((16, 12), (12, 16), (16, 16))  # layers that are not square show a W that is transposed
OUTPUT = Layer(12, 10, index=2, depth=1)
CONVOLUTION = Layer(9 * 4, 9 * 6, receptive_field=9)
ACTIVATIONS = ("tanh", "relu", "linear")
VALUES = (0.5, 1.0, 2.0)  # tried for a parameter that has no default
LARGE = Layer(300, 200)  # where stated variances are compared with drawn ones
ENDING = Layer(
    16, 16, 3, 3, "relu", "batch", block=1, blocks=1, branch_layer=2, branch_layers=2, last_normalization=True
)
TOLERANCE = 0.1  # of a variance estimated from 60,000 draws


def check(name: str, scheme: Scheme) -> None:
    """ValueError unless the scheme draws finite W and b of the right shapes, twice alike, as it states, and calibrates so.

    A scheme may refuse a layer, or a value of a parameter, by a ValueError; it must serve some.
    """
    _check_signature(name, scheme)
    refusal, served = None, False
    for call in _calls(name, scheme):
        for layer in _layers():
            try:
                _check_draws(call, layer)
                served = True
            except RefusedLayerError as error:
                refusal = error
        if served:
            break
    if not served:
        raise ValueError(f"scheme {name!r} serves no layer: {refusal}")
    _check_calibration(call)
    _check_variances(call)
    _check_rates(call)
    for layer in (LARGE, ENDING):
        call.gains(layer)


class RefusedLayerError(ValueError):
    """What a scheme itself says against a layer or a value."""


def _check_signature(name: str, scheme: Scheme) -> None:
    taken = set(inspect.signature(scheme.function).parameters)
    if "rng" not in taken or not ({"layer"} <= taken or {"fan_in", "fan_out"} <= taken):
        raise ValueError(f"scheme {name!r}: declare it as (rng, fan_in, fan_out, …) or (rng, layer, …)")
    for key, parameter in scheme.parameters.items():
        if parameter.default is not parameter.empty and not isinstance(parameter.default, int | float | None):
            raise ValueError(f"scheme {name!r}: the default of {key!r} is {parameter.default!r}: give a number or None")


def _calls(name: str, scheme: Scheme) -> Iterator[SchemeCall]:
    """The scheme with its defaults, and some values where there are none."""
    for value in VALUES:
        arguments = ((k, value if p.default is p.empty else p.default) for k, p in scheme.parameters.items())
        yield SchemeCall(name, tuple(arguments))


def _layers() -> Iterator[Layer]:
    for fans in FANS:
        for activation in ACTIVATIONS:
            yield Layer(*fans, activation=activation)
    yield OUTPUT
    yield CONVOLUTION


def _check_draws(call: SchemeCall, layer: Layer) -> None:
    first, second = (_drawn(call, layer) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        if not np.array_equal(one, other):
            raise ValueError(f"scheme {call.name!r} draws otherwise when it is given an equal rng: draw from rng alone")
    _check_source(call, layer, first)


def _check_source(call: SchemeCall, layer: Layer, first: tuple[np.ndarray, ...]) -> None:
    """What is the same for every generator must draw nothing at all: else every seed would be the same draw."""

    def is_same() -> bool:
        return all(np.array_equal(one, other) for one, other in zip(first, _drawn(call, layer, 1), strict=True))

    if not is_same():
        return
    with own_generators() as made:
        is_same()
    if made:
        raise ValueError(
            f"scheme {call.name!r} draws the same for every rng, from {made[0]}: draw from rng, or all seeds are one"
        )


def _drawn(call: SchemeCall, layer: Layer, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.Generator(np.random.PCG64(seed))
    where = f"on a layer of {layer.fan_in} × {layer.fan_out} before {layer.activation}"
    try:
        return draw(call, rng, layer)
    except ValueError as error:
        if str(error).startswith(f"scheme {call.label}: "):  # what `draw` says of what it was given
            raise ValueError(f"{error}, {where}") from error
        raise RefusedLayerError(f"{where}: {error}") from error
    except Exception as error:
        raise ValueError(f"scheme {call.name!r} {where}: {one_line(error)}") from error


def _check_calibration(call: SchemeCall) -> None:
    """What looks at data gives new parameters of the same shapes, twice alike: tried on networks without normalisation."""
    if call.entry.calibrate is None:
        return
    batch = np.random.default_rng(0).normal(size=(32, 7))
    for activation in ACTIVATIONS:
        network = build("mlp", (7,), 3, 5, 2, activation, "none")
        try:
            drawn = draw_network(call, network, [np.random.default_rng(k) for k in range(len(network.maps))])
        except ValueError:  # a layer that the scheme cannot serve
            continue
        first, second = (_calibrated(call, network, drawn, batch) for _ in range(2))
        if not all(np.array_equal(*pair) for pair in zip(first, second, strict=True)):
            raise ValueError(f"scheme {call.name!r}: calibrate returns other numbers when it is given the same again")


def _calibrated(call: SchemeCall, network: Network, drawn: list[Parameters], batch: np.ndarray) -> list[np.ndarray]:
    try:
        return [array for layer in calibrated(call, network, drawn, batch) for array in layer]
    except ValueError:  # it names the scheme
        raise
    except Exception as error:
        raise ValueError(f"scheme {call.name!r}: calibrate: {one_line(error)}") from error


def _check_variances(call: SchemeCall) -> None:
    """What a scheme states for the theory must be what it draws."""
    try:
        stated = call.variances(LARGE)
        drawn = draw(call, np.random.default_rng(0), LARGE)
    except ValueError:
        return
    for what, variance, array in zip(("W", "b"), stated or (), drawn, strict=False):
        found = float(np.mean(array**2))
        noise = TOLERANCE if array.size > LARGE.fan_out else 5 * TOLERANCE
        if abs(found - variance) > noise * max(variance, found):
            raise ValueError(
                f"scheme {call.name!r} states {variance:.3g} for the variance of {what}, and draws {found:.3g}"
            )


def _check_rates(call: SchemeCall) -> None:
    """Stated rates must be factors, for some optimiser that the package has."""
    faults = []
    for optimizer in OPTIMIZERS:
        try:
            for layer in _layers():
                rate_factors(call, layer, optimizer)
            return
        except Exception as error:
            faults.append(one_line(error))
    raise ValueError(f"scheme {call.name!r} states no rates: {faults[0]}")
