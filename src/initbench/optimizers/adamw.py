"""AdamW: Adam, with weights that decay by themselves and not through their gradients."""

import numpy as np

from initbench.base.compile import per_member
from initbench.optimizers import Optimizer, optimizer, zeros
from initbench.optimizers.adam import corrections


@optimizer("adamw")
def adamw(beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8, weight_decay: float = 0.01) -> Optimizer:
    """Adam's update and θ ← θ − rate λ θ in one (Loshchilov & Hutter 2019, algorithm 2, as PyTorch writes it: λ times the rate).

    All parameters decay, biases too, as PyTorch's AdamW has it unless it is told otherwise. The third array keeps what was
    subtracted, which means of gradients do not tell.
    """

    def init(parameters):
        return zeros(parameters, 3)

    def update(parameters, gradient, state, rate, step, start):
        known = corrections(beta1, beta2, step)
        adamw_step(parameters, *state, start, gradient, rate, beta1, beta2, epsilon, *known, weight_decay)

    def last_update(state, rate, step):
        return state[2].copy()

    return Optimizer(init, update, last_update)


@per_member
def adamw_step(parameters, mean, square, less, start, gradient, rate, beta1, beta2, epsilon, first, root, weight_decay):
    """AdamW's update in the columns from `start` on of (M, size), and less ← what it subtracts."""
    (size,) = gradient.shape
    number = gradient.dtype.type
    keep1, keep2, one = number(beta1), number(beta2), number(1)
    epsilon, root, step, decay = number(epsilon), number(root), rate[0] / number(first), rate[0] * number(weight_decay)
    theta, m, v = parameters[start : start + size], mean[start : start + size], square[start : start + size]
    u = less[start : start + size]
    for k in range(size):
        g = gradient[k]
        m[k] = m[k] * keep1 + g * (one - keep1)
        v[k] = v[k] * keep2 + g * g * (one - keep2)
        u[k] = theta[k] * decay + m[k] / (np.sqrt(v[k]) / root + epsilon) * step
        theta[k] -= u[k]
