"""Adam: steps by the mean of gradients over the root of their mean square."""

import numpy as np

from initbench.base.compile import per_member
from initbench.optimizers import Optimizer, optimizer, zeros


@optimizer("adam")
def adam(beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8) -> Optimizer:
    """m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², θ ← θ − rate m̂/(√v̂ + ε) (Kingma & Ba 2015, algorithm 1).

    m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ) at update t; ε stands outside the root, as in PyTorch.
    """

    def init(parameters):
        return zeros(parameters, 2)

    def update(parameters, gradient, state, rate, step, start):
        adam_step(parameters, *state, start, gradient, rate, beta1, beta2, epsilon, *corrections(beta1, beta2, step))

    def last_update(state, rate, step):
        mean, square = state
        number = mean.dtype.type
        first, root = corrections(beta1, beta2, step)
        return mean / (np.sqrt(square) / number(root) + number(epsilon)) * (rate / number(first))

    return Optimizer(init, update, last_update)


def corrections(beta1: float, beta2: float, step: int) -> tuple[float, float]:
    """1 − β₁ᵗ and √(1 − β₂ᵗ): what the means of the first t gradients are divided by, since they begin at 0."""
    return 1 - beta1**step, (1 - beta2**step) ** 0.5


@per_member
def adam_step(parameters, mean, square, start, gradient, rate, beta1, beta2, epsilon, first, root):
    """Adam's update in the columns from `start` on of (M, size); rate (M, 1), gradient (M, layer size)."""
    (size,) = gradient.shape
    number = gradient.dtype.type
    keep1, keep2, one = number(beta1), number(beta2), number(1)
    epsilon, root, step = number(epsilon), number(root), rate[0] / number(first)
    theta, m, v = parameters[start : start + size], mean[start : start + size], square[start : start + size]
    for k in range(size):
        g = gradient[k]
        m[k] = m[k] * keep1 + g * (one - keep1)
        v[k] = v[k] * keep2 + g * g * (one - keep2)
        theta[k] -= m[k] / (np.sqrt(v[k]) / root + epsilon) * step
