"""Seeing whether code draws random numbers beside the generator that it was handed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np

SEED = 987654321  # of the global generator while it is watched


@contextmanager
def own_generators() -> Iterator[list[str]]:
    """What code within draws from: generators that it makes by `np.random.default_rng`, and NumPy's global one.

    The list is complete at the end. The state of the global generator is left as it was.
    """
    found: list[str] = []
    make = np.random.default_rng

    def watched(*arguments: Any, **keywords: Any) -> np.random.Generator:
        found.append("np.random.default_rng")
        return make(*arguments, **keywords)

    kept = np.random.get_state()  # noqa: NPY002 - what is watched
    np.random.seed(SEED)  # noqa: NPY002 - a state that no one else is in
    before = _state()
    try:
        with patch.object(np.random, "default_rng", watched):
            yield found
        if _state() != before:
            found.append("NumPy's global generator")
    finally:
        np.random.set_state(kept)  # noqa: NPY002 - as it was


def _state() -> tuple[bytes, int]:
    state = np.random.get_state(legacy=False)["state"]  # noqa: NPY002 - what is watched
    return state["key"].tobytes(), state["pos"]
