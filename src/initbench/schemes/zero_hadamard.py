"""ZerO: zeros and ones only, mixed by a Hadamard transform where a layer widens."""

import numpy as np

from initbench.schemes import scheme
from initbench.schemes.delta_orthogonal import at_centre


def hadamard(order: int) -> np.ndarray:
    """Sylvester's Hadamard matrix H of 2^order rows, entries ±1, HHᵀ = 2^order I."""
    matrix = np.ones((1, 1))
    for _ in range(order):
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix


@scheme("zero_hadamard")
def zero_hadamard(rng, layer):
    """W = I* where fan_out ≤ fan_in; W = I* · H/2^(m/2) · I*, m = ⌈log₂ fan_out⌉, where the layer widens; b = 0.

    I* is the partial identity of `identity`, H Sylvester's Hadamard matrix: W is the first fan_in rows and fan_out
    columns of H/2^(m/2). Nothing is drawn. The first fan_in rows of H repeat with
    period 2^⌈log₂ fan_in⌉ along the columns: of the fan_out units that many are distinct, the others their copies (64 → 256
    has 64 distinct units, four of each; 10 → 300 has 16).
    Of a convolution the centre tap is so, with channels and units in the place of the fans, and the others are 0
    (algorithm 2).
    Source: Zhao, Schäfer & Anandkumar 2022 ("ZerO", algorithm 1), with the normalisation of the authors' code, under
    which H/2^(m/2) is orthogonal.
    """
    return at_centre(layer, _matrix(layer.channels, layer.units))


def _matrix(rows: int, columns: int) -> np.ndarray:
    if columns <= rows:
        return np.eye(rows, columns)
    order = (columns - 1).bit_length()
    return hadamard(order)[:rows, :columns] / 2 ** (order / 2)
