"""Weights with orthonormal rows or columns."""

import numpy as np

from initbench.schemes import scheme


def semi_orthogonal(rng, rows, columns):
    """Uniform on the (semi-)orthogonal matrices (rows, columns): rows orthonormal if they are fewer, columns otherwise.

    The QR factor of a normal matrix, with the signs of R's diagonal moved into Q, which makes it uniform (Mezzadri 2007).
    """
    tall = rng.standard_normal((max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(tall)
    q *= np.sign(np.diag(r))
    return q if rows >= columns else q.T


@scheme("orthogonal")
def orthogonal(rng, layer, gain=1.0):
    """W uniform on the (semi-)orthogonal matrices, times gain, 1 if none is given (Saxe et al. 2014).

    Rows are orthonormal if fan_in ≤ fan_out, columns otherwise. Of a convolution it is the matrix of patches by units that
    is orthogonal, as in PyTorch and Keras, which does not make the convolution preserve lengths: `delta_orthogonal` does.
    """
    return gain * semi_orthogonal(rng, layer.fan_in, layer.units)
