"""Numba as the package uses it: machine code for loops over arrays, kept between runs.

Numba neither reorders nor contracts operations unless asked to, so that compiled loops give the bits of NumPy's passes.
Machine code is kept beside the module, or where NUMBA_CACHE_DIR says, and made at the first call for a type.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any


def compiled(function: Callable | None = None, *, contract: bool = False) -> Callable:
    """Compile the decorated function at its first call: planning a study or drawing a figure needs no Numba.

    contract: a product and the sum that it is added to are rounded once, where the processor can.
    """
    if function is None:
        return partial(compiled, contract=contract)
    machine: Callable | None = None

    @wraps(function)
    def call(*arguments: Any) -> Any:
        nonlocal machine
        if machine is None:
            from numba import njit

            machine = njit(cache=True, error_model="numpy", fastmath={"contract"} if contract else False)(function)
        return machine(*arguments)

    return call
