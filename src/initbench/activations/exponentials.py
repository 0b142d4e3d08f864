"""tanh and the logistic function of float32 arrays, each in one pass: within three units of the last place, on every processor alike.

e^t = 2^n e^r for the nearest whole n to t/ln 2, and a polynomial in r (Cephes, Moshier 1989: expf.c, tanhf.c). NumPy's own take twice
the time where the processor has no AVX-512, and their last bits depend on it.
"""

import numpy as np

from initbench.base.compile import elementwise


@elementwise
def tanh_loop(z, out):
    """out ← tanh z: an odd polynomial below 0.625, 1 − 2/(e^(2|z|) + 1) above."""
    number = z.dtype.type
    one, two = number(1), number(2)
    for k in range(z.size):
        x = z[k]
        size, square = abs(x), x * x
        t = size + size
        n = np.floor(t * number(1.44269504088896341) + number(0.5))
        r = t - n * number(0.693359375) + n * number(2.12194440e-4)
        p = number(1.9875691500e-4) * r + number(1.3981999507e-3)
        p = (p * r + number(8.3334519073e-3)) * r + number(4.1665795894e-2)
        p = ((p * r + number(1.6666665459e-1)) * r + number(5.0000001201e-1)) * (r * r) + r + one
        e = p * np.int32((np.int32(n) + 127) << 23).view(np.float32)
        large = one if size > number(20) else one - two / (e + one)
        q = number(-5.70498872745e-3) * square + number(2.06390887954e-2)
        q = (q * square + number(-5.37397155531e-2)) * square + number(1.33314422036e-1)
        q = (q * square + number(-3.33332819422e-1)) * square
        small = q * x + x
        out[k] = small if size < number(0.625) else (-large if x < number(0) else large)


@elementwise
def logistic_loop(z, out):
    """out ← 1/(1 + e^(−z)), 0 where e^(−z) is more than float32 holds."""
    number = z.dtype.type
    one, lowest, highest = number(1), number(-87), number(88)
    for k in range(z.size):
        t = -z[k]
        bounded = lowest if t < lowest else (highest if t > highest else t)
        n = np.floor(bounded * number(1.44269504088896341) + number(0.5))
        r = bounded - n * number(0.693359375) + n * number(2.12194440e-4)
        p = number(1.9875691500e-4) * r + number(1.3981999507e-3)
        p = (p * r + number(8.3334519073e-3)) * r + number(4.1665795894e-2)
        p = ((p * r + number(1.6666665459e-1)) * r + number(5.0000001201e-1)) * (r * r) + r + one
        e = p * np.int32((np.int32(n) + 127) << 23).view(np.float32)
        out[k] = number(0) if t > highest else one / (one + e)


def single(loop, z, out):
    """Let a loop over float32 numbers write to an array of any layout."""
    z, written = np.asarray(z), np.asarray(out)
    if not (z.flags.c_contiguous and written.flags.c_contiguous):
        z, written = np.ascontiguousarray(z), np.empty(z.shape, z.dtype)
    loop(z.reshape(1, -1), written.reshape(1, -1))
    if not np.shares_memory(written, out):
        out[...] = written
    return out
