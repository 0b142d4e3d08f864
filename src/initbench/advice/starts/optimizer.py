"""An optimiser of my own: how parameters follow their gradients."""

import numpy as np

from initbench.extend import optimizer
from initbench.optimizers import Optimizer


@optimizer("my_name")
def my_name(decay: float = 0.9) -> Optimizer:
    """θ ← θ − rate sign(m), m ← decay m + (1 − decay) g."""

    def init(parameters):
        """One array like θ for what is remembered, m; as many as the method needs."""
        return (np.zeros_like(parameters),)

    def update(parameters, gradient, state, rate, step, start):
        """Change one layer's columns in place: θ is (networks, all parameters), the gradient that of a layer, rate (networks, 1)."""
        columns = slice(start, start + gradient.shape[1])
        mean = state[0][:, columns]  # a view: what is done to it is remembered
        mean *= decay
        mean += (1 - decay) * gradient
        parameters[:, columns] -= rate * np.sign(mean)

    def last_update(state, rate, step):
        """What the last update subtracted from θ."""
        return rate * np.sign(state[0])

    return Optimizer(init, update, last_update)
