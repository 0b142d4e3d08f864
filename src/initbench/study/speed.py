"""How fast this machine is, beside that on which the cost model was fitted: by a few small products, and by Python's own work."""

import json
import time
from functools import cache

import numpy as np
from threadpoolctl import threadpool_limits

REFERENCE = 0.0048  # seconds that `work` takes on the machine of study/cost.py
TIMES = 5


@cache
def speed() -> float:
    """How many times as fast as the machine of the cost model this one is, one core: by the processor time of its best of a few trials."""
    return REFERENCE / probe()


def probe() -> float:
    """The least seconds of processor time that `work` takes in a few trials."""
    rng = np.random.default_rng(0)
    inputs, weights = rng.standard_normal((2, 8, 64, 64), dtype=np.float32)
    with threadpool_limits(limits=1, user_api="blas"):
        work(inputs, weights)
        return min(_timed(inputs, weights) for _ in range(TIMES))


def _timed(inputs: np.ndarray, weights: np.ndarray) -> float:
    start = time.thread_time()
    work(inputs, weights)
    return time.thread_time() - start


def work(inputs: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, str]:
    """What a study's time goes into: a third for small products and passes over arrays, the rest for Python's own objects, of which
    tables, figures and the page are made, and which small networks wait for.

    No function whose speed hangs on one kind of processor is in it: with AVX-512 NumPy's tanh is many times as fast, training is not.
    """
    for _ in range(10):
        outputs = np.maximum(inputs @ weights, 0)
        weights = weights - 1e-3 * (inputs.swapaxes(1, 2) @ outputs)
    rows = [{"layer": k, "value": f"{k / 7:.3g}"} for k in range(800)]
    return weights, json.dumps(sorted(rows, key=lambda row: row["value"]), indent=1)
