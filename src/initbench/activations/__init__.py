"""Activation functions φ and their derivatives φ′, one family a module.

An activation is two functions over arrays. `function(z, out)` writes φ(z). `derivative(z, out)` writes φ′(z) with full
relative precision, also deep in saturation, where a vanishing derivative is the thing to be measured. Training uses
`fast_derivative(z, a, out)` instead, which may form φ′ from a = φ(z) and agrees with it up to rounding of a.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from initbench.registry import Registry

Array = np.ndarray


@dataclass(frozen=True)
class Activation:
    """φ, φ′ and where they have kinks (points at which φ′ jumps, which quadrature must not step over).

    `from_output`: fast_derivative reads a alone, so that training need not keep z.
    """

    name: str
    function: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]
    fast_derivative: Callable[[Array, Array, Array], Array]
    kinks: tuple[float, ...] = ()
    from_output: bool = False

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


def activation(name: str, *, derivative, derivative_from_output=None, kinks=()):
    """Register the decorated `function(z, out)` as the activation `name`.

    `derivative_from_output(a, out)`, where φ′ can be had from a = φ(z), makes training faster.
    """

    def fast(z, a, out):
        return derivative_from_output(a, out) if derivative_from_output else derivative(z, out)

    def register(function):
        from_output = derivative_from_output is not None
        ACTIVATIONS.add(name, Activation(name, function, derivative, fast, tuple(kinks), from_output))
        return function

    return register


def get_activation(name: str) -> Activation:
    """The activation called `name`; UnknownNameError, listing those that exist, if there is none."""
    return ACTIVATIONS[name]
