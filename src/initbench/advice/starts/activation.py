"""An activation function of my own: φ, and its derivative φ′."""

import numpy as np

from initbench.extend import activation


def slope(z, out):
    """φ′(z) = 1/(1 + z²), written to out."""
    np.square(z, out=out)
    out += 1
    return np.reciprocal(out, out=out)


# kinks=(0.0,) would say that φ′ jumps at 0, as ReLU's does: theory integrates up to such points.
@activation("my_name", derivative=slope)
def my_name(z, out):
    """φ(z) = arctan z, written to out: no new array for each call, which makes training fast."""
    return np.arctan(z, out=out)
