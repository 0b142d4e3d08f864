"""Optimisers with the paper's schedule of momentum, one for each largest momentum: an extension that the study names.

A study has one momentum in `training`; here it is an axis. `momentum_0` is plain gradient descent.
"""

import numpy as np

from initbench.optimizers import Optimizer, optimizer

# Updates after which momentum rises, 250 in the paper: so that 0.99 is reached after a sixth of 600.
PERIOD = 2
LARGEST = {"0": 0.0, "90": 0.9, "99": 0.99}  # μ_max by the name it is given


def momentum_at(step: int, largest: float) -> float:
    """μ_t = min(1 − 2^(−1 − log₂(⌊t/period⌋ + 1)), μ_max) of update t = step − 1, counted from 0 (eq. 5)."""
    return min(1 - 0.5 / ((step - 1) // PERIOD + 1), largest)


def scheduled(largest: float, nesterov: bool) -> Optimizer:
    """Momentum that rises to `largest`: v ← μ_t v + g, then θ ← θ − rate v, or Nesterov's step (Sutskever et al. 2013, eqs. 1 to 4).

    With Nesterov's, θ is the point where the gradient is taken, the paper's θ + μ v, so that θ ← θ − rate (g + μ_{t+1} v).
    """

    def init(parameters):
        return np.zeros_like(parameters), np.zeros_like(
            parameters
        )  # v, and the last step before it is scaled by the rate

    def update(parameters, gradient, state, rate, step, start):
        columns = slice(start, start + gradient.shape[1])
        velocity, moved = state[0][:, columns], state[1][:, columns]
        velocity *= gradient.dtype.type(momentum_at(step, largest))
        velocity += gradient
        np.copyto(moved, velocity)
        if nesterov:
            moved *= gradient.dtype.type(momentum_at(step + 1, largest))
            moved += gradient
        parameters[:, columns] -= moved * rate

    def last_update(state, rate, step):
        return state[1] * rate

    return Optimizer(init, update, last_update)


@optimizer("momentum_0")
def momentum_0() -> Optimizer:
    """Gradient descent without momentum."""
    return scheduled(LARGEST["0"], nesterov=False)


@optimizer("momentum_90")
def momentum_90() -> Optimizer:
    """Classical momentum that rises to 0.9."""
    return scheduled(LARGEST["90"], nesterov=False)


@optimizer("momentum_99")
def momentum_99() -> Optimizer:
    """Classical momentum that rises to 0.99."""
    return scheduled(LARGEST["99"], nesterov=False)


@optimizer("nesterov_90")
def nesterov_90() -> Optimizer:
    """Nesterov's momentum that rises to 0.9."""
    return scheduled(LARGEST["90"], nesterov=True)


@optimizer("nesterov_99")
def nesterov_99() -> Optimizer:
    """Nesterov's momentum that rises to 0.99."""
    return scheduled(LARGEST["99"], nesterov=True)
