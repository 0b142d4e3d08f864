"""Trying a data set out: what every data set must keep to."""

from collections.abc import Callable

import numpy as np

from initbench.base.arguments import check_arguments, one_line
from initbench.datasets.loading import load


def check(name: str, function: Callable) -> None:
    """ValueError unless the function returns finite features (N, F) and N labels of two classes at least, twice alike."""
    check_arguments(f"data set {name!r}", function)
    try:
        first, second = (load(name) for _ in range(2))
    except Exception as error:
        text = one_line(error)
        raise ValueError(text if text.startswith("data set ") else f"data set {name!r}: {text}") from error
    if not all(np.array_equal(one, other) for one, other in zip(first, second, strict=True)):
        raise ValueError(f"data set {name!r} is another at each call: draw from a generator with a fixed seed")
