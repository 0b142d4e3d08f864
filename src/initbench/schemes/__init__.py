"""Initialisation schemes: how the weight and bias of a layer are drawn, one scheme or family a module.

A scheme is a function registered by name. It takes a generator and either the layer or only its fans, then its own
parameters, and returns W of shape (fan_in, fan_out), float64, or the pair (W, b) with b of shape (fan_out,); b is zero
where the scheme does not set it. Schemes that scale one distribution must draw it by the same generator call, so that
with one seed their weights are the same numbers, scaled.
"""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from initbench.base.registry import Registry

SCHEMES = Registry("scheme", "initbench.schemes")


@dataclass(frozen=True)
class Layer:
    """The place that a scheme draws for: layer `index` of 1 … depth + 1.

    `activation` is what follows the layer: the network's, or linear for the output layer. `normalization` is what
    stands between them: none, batch or layer; none for the output layer.
    """

    fan_in: int
    fan_out: int
    index: int = 1
    depth: int = 1
    activation: str = "linear"
    normalization: str = "none"

    @property
    def is_output(self) -> bool:
        return self.index == self.depth + 1


@dataclass(frozen=True)
class SchemeFunction:
    """A registered scheme: its drawing function and, for data-dependent schemes, `calibrate` (see `calibrated`).

    `variances(layer, **parameters)` gives the variance of a weight, or the pair of those of a weight and a bias.
    """

    name: str
    function: Callable
    calibrate: Callable | None
    iid: bool
    variances: Callable | None

    @property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """The scheme's own parameters, in order."""
        taken = {"rng", "layer", "fan_in", "fan_out"}
        return {k: p for k, p in inspect.signature(self.function).parameters.items() if k not in taken}

    @property
    def wants_layer(self) -> bool:
        return "layer" in inspect.signature(self.function).parameters


def scheme(name: str, *, calibrate: Callable | None = None, iid: bool = False, variances: Callable | None = None):
    """Register the decorated function as the scheme `name`.

    iid: says that all entries of W are independent draws of one centred distribution whose variance does not depend on
    which hidden layer it is, but for the fans, and b likewise or zero: what mean-field theory assumes. `variances(layer,
    **parameters)` implies it and states the variance of a weight, or the pair of those of a weight and a bias; it may
    raise ValueError for a layer that the scheme cannot serve. `calibrate(parameters, batch)` or `calibrate(parameters,
    batch, layers)` returns new parameters for the drawn network before step 0 is measured; `calibrated` says what it is
    given.
    """

    def register(function):
        SCHEMES.add(name, SchemeFunction(name, function, calibrate, iid or variances is not None, variances))
        return function

    return register


@dataclass(frozen=True)
class Scheme:
    """A scheme with its parameters bound; `label` is its one canonical text, such as constant(0.1)."""

    name: str
    arguments: tuple[tuple[str, float | None], ...] = ()

    @property
    def entry(self) -> SchemeFunction:
        return SCHEMES[self.name]

    @property
    def label(self) -> str:
        parts = []
        for key, parameter in self.entry.parameters.items():
            value = dict(self.arguments)[key]
            if parameter.default is inspect.Parameter.empty:
                parts.append(_text(value))
            elif value != parameter.default:
                parts.append(f"{key}={_text(value)}")
        return f"{self.name}({','.join(parts)})" if parts else self.name

    def variances(self, layer: Layer) -> tuple[float, float] | None:
        """(variance of a weight, variance of a bias) in a layer, or None if the scheme does not state them."""
        if self.entry.variances is None:
            return None
        stated = self.entry.variances(layer, **dict(self.arguments))
        weight, bias = stated if isinstance(stated, tuple) else (stated, 0.0)
        return float(weight), float(bias)

    def __str__(self) -> str:
        return self.label


LABEL = re.compile(r"\s*([a-z][a-z0-9_]*)\s*(?:\(([^()]*)\))?\s*")


@lru_cache(maxsize=4096)
def parse_scheme(label: str) -> Scheme:
    """The scheme that a label names: `he_normal`, `constant(0.1)`, `constant(0.1,bias=0.1)`.

    Raises ValueError, with what is allowed, for an unknown scheme, a missing, unknown or repeated parameter, or a value
    that is not a finite number.
    """
    match = LABEL.fullmatch(label)
    if not match:
        raise ValueError(f"scheme {label!r}: write name or name(value, key=value), such as constant(0.1)")
    name, inner = match.groups()
    parameters = SCHEMES[name].parameters
    given: dict[str, float] = {}
    for place, item in enumerate((inner or "").split(",") if (inner or "").strip() else []):
        key, equals, text = item.rpartition("=")
        key = key.strip() if equals else (list(parameters) + [""] * (place + 1))[place]
        if key not in parameters or key in given:
            raise ValueError(f"scheme {label!r}: {item.strip()!r} does not fit {name}{_usage(parameters)}")
        given[key] = _number(text, label)
    for key, parameter in parameters.items():
        if key not in given and parameter.default is inspect.Parameter.empty:
            raise ValueError(f"scheme {label!r} lacks {key!r}: write {name}{_usage(parameters)}")
        given.setdefault(key, parameter.default)
    return Scheme(name, tuple((key, given[key]) for key in parameters))


def _text(value: float) -> str:
    """The number as %g writes it, with all its digits where that would lose some."""
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)


def _usage(parameters) -> str:
    shown = [
        k if p.default is inspect.Parameter.empty else f"{k}=…" if p.default is None else f"{k}={p.default:g}"
        for k, p in parameters.items()
    ]
    return f"({', '.join(shown)})" if shown else ", which takes no parameters"


def _number(text: str, label: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise ValueError(f"scheme {label!r}: {text.strip()!r} is not a finite number")
    return value


def draw(scheme: Scheme | str, rng: np.random.Generator, layer: Layer) -> tuple[np.ndarray, np.ndarray]:
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
    scheme: Scheme | str, parameters: list[tuple], batch: np.ndarray, layers: Sequence[Layer]
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
