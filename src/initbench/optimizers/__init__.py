"""Optimisers: how parameters follow their gradients, one optimiser a file.

An optimiser is a function registered by name that takes its settings and returns an `Optimizer`. Its settings are read from
a study's `training` by their names.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from initbench.base.registry import Registry
from initbench.network.memory import aligned

OPTIMIZERS = Registry("optimizer", "initbench.optimizers", check="initbench.optimizers.check:check")

Array = np.ndarray
State = tuple[Array, ...]  # arrays of the shape of the parameters; rows of zeros are a member's state before any update


class Optimizer(NamedTuple):
    """Three pure functions over flat parameters θ (M, size); `rate` is (M, 1), a learning rate a member.

    init(θ): the state, arrays like θ filled with zeros.
    update(θ, gradient, state, rate, step, start): in place, the columns from `start` on that the gradient (M, layer size)
    covers; called for one layer after the other in each step, which counts from 1. A member of rate 0 stays as it is.
    last_update(state, rate, step): what the update of that step subtracted from θ, to the last bit, (M, size).
    """

    init: Callable[[Array], State]
    update: Callable[[Array, Array, State, Array, int, int], None]
    last_update: Callable[[State, Array, int], Array]


def optimizer(name: str) -> Callable:
    """Register the decorated function as the optimiser `name`.

    Args:
        name: As studies write it.

    Returns:
        A decorator of a function that takes its settings, all with defaults, and returns an `Optimizer`.

    Raises:
        ValueError: For a name that is taken or not allowed.
    """
    return OPTIMIZERS.register(name)


def zeros(parameters: Array, count: int) -> State:
    """So many arrays of zeros like the parameters, each from a cache line on."""
    arrays = tuple(aligned(parameters.shape, parameters.dtype) for _ in range(count))
    for array in arrays:
        array[...] = 0
    return arrays


def build(name: str, settings: Mapping[str, object]) -> Optimizer:
    """A registered optimiser with those of the settings that it has; UnknownNameError for a name that is not there."""
    function = OPTIMIZERS[name]
    return function(**{key: settings[key] for key in inspect.signature(function).parameters if key in settings})
