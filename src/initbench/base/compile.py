"""Numba as the package uses it: machine code for loops over arrays, kept between runs.

Numba neither reorders nor contracts operations unless asked to, so that compiled loops give the bits of NumPy's passes.
Machine code is kept beside the module, or where NUMBA_CACHE_DIR says, and made at the first call for a type.
"""

from numba import njit

compiled = njit(cache=True, error_model="numpy")
