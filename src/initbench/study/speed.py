"""How fast this machine is, beside that on which the cost model was fitted: by a few products and passes over memory."""

import time
from functools import cache

import numpy as np
from threadpoolctl import threadpool_limits

REFERENCE = 0.0051  # seconds that `work` takes on the machine of study/cost.py
TIMES = 5


@cache
def speed() -> float:
    """How many times as fast as the machine of the cost model this one is, one core: by the processor time of its best of a few trials."""
    return REFERENCE / probe()


def probe() -> float:
    """The least seconds of processor time that `work` takes in a few trials."""
    rng = np.random.default_rng(0)
    inputs, weights = rng.standard_normal((2, 12, 64, 64), dtype=np.float32)
    with threadpool_limits(limits=1, user_api="blas"):
        work(inputs, weights)
        return min(_timed(inputs, weights) for _ in range(TIMES))


def _timed(inputs: np.ndarray, weights: np.ndarray) -> float:
    start = time.thread_time()
    work(inputs, weights)
    return time.thread_time() - start


def work(inputs: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """What training does most: small stacked products, a function of each unit, a pass over the parameters."""
    for _ in range(20):
        outputs = np.tanh(inputs @ weights)
        weights = weights - 1e-3 * (inputs.swapaxes(1, 2) @ outputs)
    return weights
