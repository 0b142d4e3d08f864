"""Stochastic gradient descent with momentum, classical or Nesterov's."""

from initbench.base.compile import per_member
from initbench.optimizers import Optimizer, optimizer, zeros


@optimizer("sgd")
def sgd(momentum: float = 0.9, nesterov: bool = False) -> Optimizer:
    """v ← μ v + g, θ ← θ − rate v, v = 0 at the start (Polyak 1964, heavy ball, as PyTorch's SGD writes it).

    nesterov: θ ← θ − rate (g + μ v), with the new v (Nesterov 1983, as Sutskever et al. 2013 and PyTorch write it).
    """
    if nesterov:
        return _looking_ahead(momentum)

    def init(parameters):
        return zeros(parameters, 1)

    def update(parameters, gradient, state, rate, step, start):
        momentum_step(parameters, state[0], start, gradient, rate, momentum)

    def last_update(state, rate, step):
        return state[0] * rate

    return Optimizer(init, update, last_update)


def _looking_ahead(momentum: float) -> Optimizer:
    """Nesterov's momentum; its second array keeps the direction of the last update, which velocities do not tell."""

    def init(parameters):
        return zeros(parameters, 2)

    def update(parameters, gradient, state, rate, step, start):
        nesterov_step(parameters, *state, start, gradient, rate, momentum)

    def last_update(state, rate, step):
        return state[1] * rate

    return Optimizer(init, update, last_update)


@per_member
def momentum_step(parameters, velocity, start, gradient, rate, momentum):
    """v ← μ v + g, θ ← θ − rate v in the columns from `start` on of (M, size); rate (M, 1), gradient (M, layer size)."""
    (size,) = gradient.shape
    momentum, step = gradient.dtype.type(momentum), rate[0]
    theta, v = parameters[start : start + size], velocity[start : start + size]
    for k in range(size):
        v[k] = v[k] * momentum + gradient[k]
        theta[k] -= v[k] * step


@per_member
def nesterov_step(parameters, velocity, direction, start, gradient, rate, momentum):
    """v ← μ v + g, d ← g + μ v, θ ← θ − rate d in the columns from `start` on."""
    (size,) = gradient.shape
    momentum, step = gradient.dtype.type(momentum), rate[0]
    theta, v, d = parameters[start : start + size], velocity[start : start + size], direction[start : start + size]
    for k in range(size):
        v[k] = v[k] * momentum + gradient[k]
        d[k] = v[k] * momentum + gradient[k]
        theta[k] -= d[k] * step
