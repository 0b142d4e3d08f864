"""What every place of a convolution's output sees of an image, gathered into rows and added back: passes fused by Numba.

Images are channels last, (M, B, positions, channels), their positions counted row by row. A patch is the positions that one
place of the output sees, the taps, each with all its channels.

Written for one member as those in `kernels`. All channels go through the same operations in the same order.
"""

from functools import lru_cache, partial

import numpy as np

from initbench.base.compile import per_member

Array = np.ndarray

OUTSIDE = -1  # the source of a tap that sees the zeros around an image

kernel = partial(per_member, mixed=True)


@lru_cache(maxsize=256)
def sources(height: int, width: int, taps: int, stride: int, circular: bool) -> Array:
    """The position that each tap of each place sees, (1, places, taps²), OUTSIDE for the zeros around the image.

    The image is padded by taps // 2 on every side, with zeros, or with its own other side if circular.
    """
    reach = np.arange(taps) - taps // 2
    rows, columns = (np.arange(0, size, stride)[:, None] + reach for size in (height, width))
    inside = _inside(rows, height)[:, None, :, None] & _inside(columns, width)[None, :, None, :]
    seen = (rows % height)[:, None, :, None] * width + (columns % width)[None, :, None, :]
    found = np.where(inside | circular, seen, OUTSIDE).reshape(1, -1, taps * taps)
    found.flags.writeable = False
    return found


def _inside(places: Array, size: int) -> Array:
    return (places >= 0) & (places < size)


@kernel
def gather(patches: Array, images: Array, source: Array) -> None:
    """patches (B·places, taps·channels) ← what each place of images (B, positions, channels) sees; 0 outside."""
    samples, _, channels = images.shape
    places, taps = source.shape
    zero = patches.dtype.type(0)
    for i in range(samples):
        for p in range(places):
            row = i * places + p
            for t in range(taps):
                seen = source[p, t]
                if seen >= 0:
                    for c in range(channels):
                        patches[row, t * channels + c] = images[i, seen, c]
                else:
                    for c in range(channels):
                        patches[row, t * channels + c] = zero


@kernel
def scatter(images: Array, patches: Array, source: Array) -> None:
    """images (B, positions, channels) ← the sum of what patches (B·places, taps·channels) hold for each position."""
    samples, _, channels = images.shape
    places, taps = source.shape
    images[:] = 0
    for i in range(samples):
        for p in range(places):
            row = i * places + p
            for t in range(taps):
                seen = source[p, t]
                if seen >= 0:
                    for c in range(channels):
                        images[i, seen, c] += patches[row, t * channels + c]


@per_member
def pool(means: Array, images: Array) -> None:
    """means (B, channels) ← the mean over the positions of images (B, positions, channels)."""
    samples, positions, channels = images.shape
    count = means.dtype.type(positions)
    means[:] = 0
    for i in range(samples):
        for p in range(positions):
            for c in range(channels):
                means[i, c] += images[i, p, c]
        for c in range(channels):
            means[i, c] = means[i, c] / count


@per_member
def spread(images: Array, means: Array) -> None:
    """images (B, positions, channels) ← means (B, channels)/positions at every position: `pool` the other way."""
    samples, positions, channels = images.shape
    count = means.dtype.type(positions)
    for i in range(samples):
        for p in range(positions):
            for c in range(channels):
                images[i, p, c] = means[i, c] / count
