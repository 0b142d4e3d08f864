"""Stochastic gradient descent with momentum."""

from initbench.base.compile import per_member
from initbench.network.memory import aligned
from initbench.optimizers import Optimizer, optimizer


@optimizer("sgd")
def sgd(momentum: float = 0.9) -> Optimizer:
    """v ← μ v + g, θ ← θ − rate v, v = 0 at the start (Polyak 1964, heavy ball, as PyTorch's SGD writes it)."""

    def init(parameters):
        velocity = aligned(parameters.shape, parameters.dtype)
        velocity[...] = 0
        return (velocity,)

    def update(parameters, gradient, state, rate, step, start):
        momentum_step(parameters, state[0], start, gradient, rate, momentum)

    def last_update(state, rate, step):
        return state[0] * rate

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
