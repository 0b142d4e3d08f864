"""Activation functions φ and their derivatives φ′, one family a module.

An activation is two functions over arrays. `function(z, out)` writes φ(z). `derivative(z, out)` writes φ′(z) with full
relative precision, also deep in saturation, where a vanishing derivative is the thing to be measured. Training may use
`fast_derivative(z, a, out)` instead, which forms φ′ from a = φ(z) and agrees with it up to rounding of a.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from initbench.registry import Registry

Array = np.ndarray


@dataclass(frozen=True)
class Activation:
    """φ, φ′ and where they have kinks (points at which φ′ jumps, which quadrature must not step over)."""

    name: str
    function: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]
    fast_derivative: Callable[[Array, Array, Array], Array]
    kinks: tuple[float, ...] = ()

    def __call__(self, z) -> Array:
        """φ(z), in a new array of the dtype of z."""
        z = np.asarray(z)
        z = z if np.issubdtype(z.dtype, np.floating) else z.astype(float)
        return self.function(z, np.empty_like(z))

    def slope(self, z) -> Array:
        """φ′(z), in a new array of the dtype of z."""
        z = np.asarray(z)
        z = z if np.issubdtype(z.dtype, np.floating) else z.astype(float)
        return self.derivative(z, np.empty_like(z))


ACTIVATIONS = Registry("activation", "initbench.activations")


def activation(name: str, *, derivative, fast_derivative=None, kinks=()):
    """Register the decorated `function(z, out)` as the activation `name`."""

    def register(function):
        fast = fast_derivative or (lambda z, a, out: derivative(z, out))
        ACTIVATIONS.add(name, Activation(name, function, derivative, fast, tuple(kinks)))
        return function

    return register


def get_activation(name: str) -> Activation:
    """The activation called `name`; UnknownNameError, listing those that exist, if there is none."""
    return ACTIVATIONS[name]
