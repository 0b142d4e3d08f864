"""Labels of schemes: `he_normal`, `constant(0.1)`, `constant(0.1,bias=0.1)`; each scheme with its parameters has one."""

import inspect
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from initbench.schemes import SCHEMES, Layer, Scheme


@dataclass(frozen=True)
class SchemeCall:
    """A scheme with its parameters bound; `label` is its one canonical text, such as constant(0.1)."""

    name: str
    arguments: tuple[tuple[str, float | None], ...] = ()

    @property
    def entry(self) -> Scheme:
        return SCHEMES[self.name]

    @cached_property
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

    def gains(self, layer: Layer) -> tuple[float, float]:
        """What γ of a layer's normalisation and α of the branch that it ends start at; ValueError for what is no finite number."""
        stated = (self.entry.gain, self.entry.branch_gain)
        gain, branch_gain = (1.0 if f is None else float(f(layer, **dict(self.arguments))) for f in stated)
        if not np.isfinite([gain, branch_gain]).all():
            raise ValueError(f"scheme {self.label}: γ starts at {gain:g}, α at {branch_gain:g}: give finite numbers")
        return gain, branch_gain

    def __str__(self) -> str:
        return self.label


NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
LABEL = re.compile(r"\s*([a-z][a-z0-9_]*)\s*(?:\(([^()]*)\))?\s*")


@lru_cache(maxsize=4096)
def parse_scheme(label: str) -> SchemeCall:
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
    for position, item in enumerate((inner or "").split(",") if (inner or "").strip() else []):
        key, equals, text = item.rpartition("=")
        key = key.strip() if equals else (list(parameters) + [""] * (position + 1))[position]
        if key not in parameters or key in given:
            raise ValueError(f"scheme {label!r}: {item.strip()!r} does not fit {name}{_usage(parameters)}")
        given[key] = _number(text, label)
    for key, parameter in parameters.items():
        if key not in given and parameter.default is inspect.Parameter.empty:
            raise ValueError(f"scheme {label!r} lacks {key!r}: write {name}{_usage(parameters)}")
        given.setdefault(key, parameter.default)
    return SchemeCall(name, tuple((key, given[key]) for key in parameters))


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
    value = float(text) if NUMBER.fullmatch(text.strip()) else np.nan
    if not np.isfinite(value):
        raise ValueError(f"scheme {label!r}: {text.strip()!r} is not a finite number")
    return value + 0.0  # −0 is 0
