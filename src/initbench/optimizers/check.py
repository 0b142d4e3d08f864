"""Trying an optimiser out: what every optimiser must keep to."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from initbench.base.arguments import one_line
from initbench.optimizers import Optimizer, build

MEMBERS, SIZE, BORDER = 3, 10, 4  # two layers, of the first 4 parameters and of the rest
STEPS = 5
RATES = (0.1, 0.01, 0.0)


def check(name: str, function: Callable) -> None:
    """ValueError unless it updates in place, layer by layer, each member for itself, and says what it subtracted."""
    try:
        for dtype in (np.float64, np.float32):
            _check_updates(name, np.dtype(dtype))
    except Exception as error:
        text = one_line(error)
        raise ValueError(text if text.startswith("optimizer ") else f"optimizer {name!r}: {text}") from error


def _check_updates(name: str, dtype: np.dtype) -> None:
    what = f"optimizer {name!r} ({dtype.name})"
    rng = np.random.default_rng(0)
    start = rng.normal(size=(MEMBERS, SIZE)).astype(dtype)
    gradients = rng.normal(size=(STEPS, MEMBERS, SIZE)).astype(dtype)
    rate = np.array(RATES, dtype)[:, None]
    whole, subtracted, before = _stepped(name, start, gradients, rate, (0, SIZE))
    if np.array_equal(whole[:2], start[:2]):
        raise ValueError(f"{what} leaves the parameters as they are: update must change them in place")
    if not np.array_equal(whole[2], start[2]):
        raise ValueError(f"{what} moves a member whose learning rate is 0")
    if not np.isfinite(whole).all():
        raise ValueError(f"{what} makes parameters that are not finite")
    if not np.array_equal(_stepped(name, start, gradients, rate, (0, BORDER, SIZE))[0], whole):
        raise ValueError(f"{what} gives other numbers layer by layer: use the columns from `start` on")
    alone = _stepped(name, start[:1], gradients[:, :1], rate[:1], (0, SIZE))[0]
    if not np.array_equal(alone[0], whole[0]):
        raise ValueError(f"{what} gives a member other numbers when it is stacked with others")
    if not np.allclose(before - whole, subtracted, rtol=1e-3, atol=1e-6):
        raise ValueError(f"{what}: last_update is not what the update subtracted")


def _stepped(name: str, start: np.ndarray, gradients: np.ndarray, rate: np.ndarray, borders: tuple[int, ...]):
    """Parameters after all steps, what the last one subtracted by the optimiser's account, parameters before it."""
    optimizer = build(name, {})
    if not isinstance(optimizer, Optimizer):
        raise ValueError(
            f"optimizer {name!r} returns {type(optimizer).__name__}: return Optimizer(init, update, last_update)"
        )
    theta = before = start.copy()
    state = optimizer.init(theta)
    if any(array.shape != theta.shape or array.any() for array in state):
        raise ValueError(f"optimizer {name!r}: init must return arrays like θ, filled with zeros")
    for step, gradient in enumerate(gradients, start=1):
        before = theta.copy()
        for first, stop in pairwise(borders):
            part = np.ascontiguousarray(gradient[:, first:stop])
            kept = part.copy()
            optimizer.update(theta, part, state, rate, step, first)
            if not np.array_equal(part, kept):
                raise ValueError(f"optimizer {name!r} writes to the gradient")
    return theta, optimizer.last_update(state, rate, len(gradients)), before
