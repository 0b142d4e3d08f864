"""Weights with orthonormal rows or columns."""

import numpy as np

from initbench.schemes import scheme


@scheme("orthogonal")
def orthogonal(rng, fan_in, fan_out, gain=1.0):
    """W uniform on the (semi-)orthogonal matrices, times gain, 1 if none is given (Saxe et al. 2014).

    The QR factor of a normal matrix, with the signs of R's diagonal moved into Q, which makes it uniform
    (Mezzadri 2007).
    Rows are orthonormal if fan_in ≤ fan_out, columns otherwise.
    """
    tall = rng.standard_normal((max(fan_in, fan_out), min(fan_in, fan_out)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diag(r))
    return gain * (q if fan_in >= fan_out else q.T)
