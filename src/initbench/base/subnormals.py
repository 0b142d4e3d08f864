"""Numbers below the smallest normal one, 1.2e-38 in single precision, counted as zero while a network trains.

Gradients that vanish pass through them. Many processors leave them to their microcode, at a hundred times the cost: a deep
network of sigmoids from one constant trained six times as slowly on an Intel Xeon. To parameters, which are 1e-3 and more, such
an update adds nothing.
"""

import ctypes
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

Environment = ctypes.c_uint32 * 8  # fenv_t of glibc on x86-64
MXCSR, AS_ZERO = 7, 0x8040  # the word of it that governs vector units, and its bits: results to zero, operands to zero


@contextmanager
def subnormals_as_zero() -> Iterator[None]:
    """Count them as zero in this thread: by glibc on x86-64, where they are slow; elsewhere nothing changes."""
    library = _library()
    if library is None:
        yield
        return
    before = Environment()
    library.fegetenv(before)
    flushing = Environment(*before)
    flushing[MXCSR] |= AS_ZERO
    library.fesetenv(flushing)
    try:
        yield
    finally:
        library.fesetenv(before)


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL | None:
    return ctypes.CDLL("libm.so.6") if platform.machine() == "x86_64" and platform.libc_ver()[0] == "glibc" else None
