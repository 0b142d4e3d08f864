"""Loops over arrays as machine code, compiled once by Numba and kept in files, so that a training job imports no Numba.

A kernel is written for one member: its arrays have no ensemble axis, and its machine code goes through the members of a
stack, so that a member's numbers cannot depend on what it is stacked with. Numba neither reorders nor contracts operations
unless asked to: a kernel that does not ask gives the bits of NumPy's passes, on every processor.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

import numpy as np

Kind = tuple[str, int] | str  # the dtype and the number of axes of an array, or the type of a number


def per_member(
    function: Callable | None = None, *, flat: bool = False, contract: bool = False, mixed: bool = False
) -> Callable:
    """Let the decorated loop over the arrays of one member go over those of a stack, as machine code.

    Called with arrays (M or 1, …), C-contiguous but for the first axis, and with numbers; the first array has all M
    members, and the others its dtype unless they may be mixed. The loop writes into its arrays, returns nothing and makes
    no array. flat: it is given a member's arrays with one axis, whatever shape they have. contract: a product and the sum
    that it is added to are rounded once, where the processor can.
    """
    if function is None:
        return partial(per_member, flat=flat, contract=contract, mixed=mixed)
    machines: list[Callable[..., bool]] = []  # for each dtype and numbers of axes that were met
    last: Callable[..., bool] = _none

    @wraps(function)
    def call(*arguments: Any) -> None:
        nonlocal last
        if last(*arguments):
            return
        known = next((machine for machine in machines if machine(*arguments)), None)
        if known is None:
            known = _machine(function, arguments, flat, contract, mixed)
            if not known(*arguments):
                raise TypeError(f"{function.__name__}: {_faults(arguments)}")
            machines.append(known)
        last = known

    return call


elementwise = partial(per_member, flat=True)


def _none(*arguments: Any) -> bool:
    """Machine code for nothing: what a loop has before its first call."""
    return False


def _machine(function: Callable, arguments: tuple, flat: bool, contract: bool, mixed: bool) -> Callable[..., bool]:
    """Machine code for arguments like these; it says whether it is for those that it is given."""
    from initbench.base.machine_code import machine_code

    arrays = [argument for argument in arguments if isinstance(argument, np.ndarray)]
    if not arrays:
        raise TypeError(f"{function.__name__}: no array is given")
    kinds = tuple(_kind(argument, None if mixed else arrays[0].dtype) for argument in arguments)
    return machine_code(function, kinds, flat, contract)


def _kind(argument: Any, dtype: np.dtype | None) -> Kind:
    """The dtype, or that which all have, and the number of axes of an array, or the type of a number."""
    if isinstance(argument, np.ndarray):
        return (dtype or argument.dtype).name, argument.ndim
    return "int" if isinstance(argument, int | np.integer) else "float"


def _faults(arguments: tuple) -> str:
    """What a kernel was given that it cannot take."""
    given = [f"{a.dtype}{a.shape}, strides {a.strides}" if isinstance(a, np.ndarray) else repr(a) for a in arguments]
    return (
        "arrays must be of one dtype, unless they may be mixed, and C-contiguous but for the members' axis: "
        + "; ".join(given)
    )
