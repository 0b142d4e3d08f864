"""Activation functions φ and their derivatives φ′, one family a module.

An activation is two functions over arrays. `function(z, out)` writes φ(z). `derivative(z, out)` writes φ′(z) with full
relative precision, also deep in saturation, where a vanishing derivative is the thing to be measured. Training uses
`pull_back` instead, which may form φ′ from a = φ(z) and agrees with it up to rounding of a.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from initbench.base.registry import Registry

Array = np.ndarray


@dataclass(frozen=True)
class Activation:
    """φ, φ′ and where they have kinks (points at which φ′ jumps, which quadrature must not step over).

    `pull_back_from_output(a, cotangent)`, where there is one: cotangent ← φ′ cotangent from a = φ(z), so that training
    need not keep z.
    """

    name: str
    function: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]
    pull_back_from_output: Callable[[Array, Array], None] | None = None
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

    def pull_back(self, z: Array, a: Array, cotangent: Array, scratch: Array) -> None:
        """Cotangent ← φ′ cotangent, through a = φ(z) where the activation can; as training does."""
        if self.pull_back_from_output:
            self.pull_back_from_output(a, cotangent)
        else:
            self.pull_back_exactly(z, a, cotangent, scratch)

    def pull_back_exactly(self, z: Array, a: Array, cotangent: Array, scratch: Array) -> None:
        """Cotangent ← φ′ cotangent from z, as measurements do."""
        cotangent *= self.derivative(z, scratch)


ACTIVATIONS = Registry("activation", "initbench.activations", check="initbench.activations.check:check")


def activation(name: str, *, derivative, pull_back_from_output=None, kinks=()):
    """Register the decorated `function(z, out)` as the activation `name`.

    Args:
        name: As studies write it.
        derivative: `derivative(z, out)` writes φ′(z) to `out` and returns it.
        pull_back_from_output: `pull_back_from_output(a, cotangent)`, where φ′ can be had from a = φ(z), makes training
            faster; both are C-contiguous.
        kinks: Where φ′ jumps, so that theory integrates on both sides.

    Returns:
        A decorator of the function, which writes φ(z) to `out` and returns it.

    Raises:
        ValueError: For a name that is taken or not allowed.
    """

    return ACTIVATIONS.register(
        name, lambda function: Activation(name, function, derivative, pull_back_from_output, tuple(kinks))
    )


def get_activation(name: str) -> Activation:
    """The activation called `name`; UnknownNameError, listing those that exist, if there is none."""
    return ACTIVATIONS[name]
