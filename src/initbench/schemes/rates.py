"""Learning rates that schemes state for each layer."""

import numpy as np

from initbench.network.layer import Network
from initbench.schemes import Layer
from initbench.schemes.draw import described
from initbench.schemes.label import SchemeCall, parse_scheme


def rate_factors(scheme: SchemeCall | str, layer: Layer, optimizer: str = "sgd") -> tuple[float, float]:
    """Say by what a scheme multiplies the learning rate of a layer.

    Args:
        scheme: Its label, such as "mup(64)".
        layer: What is trained.
        optimizer: The optimiser's name.

    Returns:
        The factors for the weights and for the layer's other parameters, biases, gains and shifts; 1 where a scheme states none.

    Raises:
        UnknownNameError: For a scheme that there is not.
        ValueError: If the scheme knows no rates for the optimiser, or states one that is negative or not finite.
    """
    bound = parse_scheme(scheme) if isinstance(scheme, str) else scheme
    if bound.entry.rates is None:
        return 1.0, 1.0
    stated = bound.entry.rates(layer, optimizer, **dict(bound.arguments))
    weight, rest = (float(each) for each in (stated if isinstance(stated, tuple) else (stated, stated)))
    if not (0 <= weight < np.inf and 0 <= rest < np.inf):
        raise ValueError(f"scheme {bound.label}: rates states {stated}: give finite factors from 0")
    return weight, rest


def array_factors(scheme: SchemeCall, network: Network, optimizer: str) -> np.ndarray | None:
    """The factors of the learning rate of each array of a network, in their order; None if the scheme states none.

    The one α of a residual branch, whose gradient is a sum over the units that its update acts on, has the factor 1.
    """
    if scheme.entry.rates is None:
        return None
    found: list[float] = []
    for at, layer in zip(network.maps, described(network), strict=True):
        weight, rest = rate_factors(scheme, layer, optimizer)
        roles = [part.role for k in range(at.first, at.stop) for part in network.weights[k]]
        found += [{"weight": weight, "branch_gain": 1.0}.get(role, rest) for role in roles]
    return np.array(found)
