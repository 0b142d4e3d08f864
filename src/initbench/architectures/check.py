"""Trying an architecture out: what every architecture must keep to."""

from collections.abc import Callable

import numpy as np

from initbench.architectures import build
from initbench.base.arguments import check_arguments, one_line
from initbench.network.layer import Network, split
from initbench.network.normalization import NORMALIZATIONS
from initbench.network.passes import loss_and_gradients

INPUTS, CLASSES, WIDTH, BATCH = (25,), 3, 5, 8  # an image of 5 × 5 for those that take images
DEPTHS = (0, 1, 3)
STEP, TOLERANCE = 1e-5, 1e-5


def check(name: str, function: Callable) -> None:
    """ValueError unless it builds networks of `depth` hidden layers with right gradients, each member for itself."""
    sizes = ("inputs", "classes", "width", "depth", "activation", "normalization")
    check_arguments(f"architecture {name!r}", function, *sizes)
    for depth in DEPTHS:
        for normalization in NORMALIZATIONS if depth else ["none"]:
            what = f"architecture {name!r} at depth {depth}, normalization {normalization}"
            try:
                network = build(name, INPUTS, CLASSES, WIDTH, depth, "tanh", normalization)
                _check_layers(what, network, depth)
                _check_gradients(what, network)
            except Exception as error:
                text = one_line(error)
                raise ValueError(text if text.startswith("architecture ") else f"{what}: {text}") from error


def _check_layers(what: str, network: Network, depth: int) -> None:
    if network.shapes[-1] != (CLASSES,):
        raise ValueError(f"{what} ends with the shape {network.shapes[-1]}, not one logit a class, ({CLASSES},)")
    hidden = sum(linear.activation is not None for linear in network.maps)
    if hidden != depth or network.maps[-1].activation is not None:
        raise ValueError(f"{what} has {hidden} layers followed by φ: it must have {depth}, and an output layer without")


def _check_gradients(what: str, network: Network) -> None:
    """The gradients along one direction against differences, and one network alone against the same in a stack."""
    rng = np.random.default_rng(0)
    flat, direction = rng.normal(0.1, 0.6, (2, network.size)), rng.normal(size=(2, network.size))
    inputs = rng.normal(size=(1, BATCH, *INPUTS))
    one_hot = np.eye(CLASSES)[rng.integers(CLASSES, size=BATCH)][None]
    loss, slope = _loss_and_slope(network, flat, direction, inputs, one_hot)
    above, below = (
        _loss_and_slope(network, flat + h * direction, direction, inputs, one_hot)[0] for h in (STEP, -STEP)
    )
    difference = (above - below) / (2 * STEP)
    if not np.allclose(slope, difference, rtol=TOLERANCE, atol=TOLERANCE):
        raise ValueError(
            f"{what}: the gradients give the slope {slope[0]:.6g}, differences of the loss {difference[0]:.6g}"
        )
    alone = _loss_and_slope(network, flat[:1], direction[:1], inputs, one_hot)
    if alone[0][0] != loss[0] or alone[1][0] != slope[0]:
        raise ValueError(f"{what} gives a network other numbers when it is stacked with others")


def _loss_and_slope(network: Network, flat: np.ndarray, direction: np.ndarray, inputs, one_hot):
    """Loss of each member, and its derivative along a direction, by the gradients."""
    loss, gradients = loss_and_gradients(network, split(flat, network), inputs, one_hot)
    found = np.concatenate([array.reshape(len(flat), -1) for weights in gradients for array in weights], axis=1)
    return loss, np.array([row @ along for row, along in zip(found, direction, strict=True)])
