"""How sizes and the first update of a wide network grow with its width: powers of the width, as counted in Tensor Programs.

A sum over n random units grows as √n if their signs are independent, and as n if they agree. An update is made of the activations
that it acts on, and agrees with them; it descends the loss, and agrees with the weights behind it. Counting both gives the
exponents (Yang & Hu 2021, Tensor Programs IV, sections 3 to 5).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple


class Exponents(NamedTuple):
    """Exponents of the width, a layer each, the logits last.

    size: of √E[z²] at the start; change: of the root mean square of what the first update changes z by.
    """

    size: tuple[float, ...]
    change: tuple[float, ...]


def first_update(stds: Sequence[float], rates: Sequence[float], by_sign: bool) -> Exponents | None:
    """The exponents of a perceptron whose hidden layers are all as wide as the width, at a rate small enough.

    Args:
        stds: Of the standard deviation of the weights of layers 1 … H + 1 as the width grows.
        rates: Of their learning rates.
        by_sign: Whether steps do not grow with gradients, as those of Adam.

    Returns:
        The exponents; None for networks that have no first-order answer: hidden layers whose size changes with the width, logits
        that grow with it, or an output layer at zero, through which no gradient comes.
    """
    hidden = len(stds) - 1
    fans = [0.0] + [1.0] * hidden  # how the number of inputs of each layer grows
    sizes = [std + fan / 2 for std, fan in zip(stds, fans, strict=True)]
    if any(abs(size) > 1e-9 for size in sizes[:-1]) or not -math.inf < sizes[-1] <= 1e-9:
        return None
    backward = [stds[-1]] * hidden + [0.0]  # ∂loss/∂z of a unit, the loss's own being of order 1
    updates = [rate + (0.0 if by_sign else delta) for rate, delta in zip(rates, backward, strict=True)]
    changes: list[float] = []
    for update, fan in zip(updates[:-1], fans[:-1], strict=True):
        own = update + fan  # a sum over inputs that agrees with them
        changes.append(max(own, changes[-1]) if changes else own)
    carried = [1 + stds[-1] + changes[-1]] if changes else []  # agrees with the weights of the output layer
    return Exponents(
        tuple(map(_exact, sizes)), tuple(map(_exact, (*changes, max(updates[-1] + fans[-1], *carried, -math.inf))))
    )


def _exact(exponent: float) -> float:
    """Without the rounding of logarithms: exponents are multiples of a half, or what a scheme makes them."""
    return round(exponent, 9) + 0.0
