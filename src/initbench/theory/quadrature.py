"""Expectations under a normal distribution, of functions with kinks and at any variance.

E f(x), x = m + √v z, z ~ N(0, 1), as a sum over panels in z, each by Gauss–Legendre. The panels follow two scales: that
of the density (|z| of order one) and that of f, which may be thousands of orders of magnitude away: around x = 0 and
around every kink of f their widths double outwards. A panel on which f is not resolved (its last Legendre
coefficients are not negligible) is halved, so that functions with features of their own are integrated as well.
"""

import numpy as np
from numpy.polynomial import legendre

ORDER = 16  # nodes a panel
REACH = 38.0  # |z| beyond which the density is below the smallest double
TOLERANCE = 1e-10  # of ∫|f|, for what the last coefficients of one panel may amount to
HALVINGS = 50
MEMBERS = 512  # expectations worked on at a time, which bounds the memory
# Distances of the panels' edges from a centre: they double up to a million, then their exponents do.
_DISTANCES = 2.0 ** np.concatenate([np.arange(-4, 21), 20 + 2.0 ** np.arange(1, 10)])
_DENSITY_EDGES = np.array([0.0, 1.0, 2.0, 4.0, 8.0, 16.0, REACH])

_NODES, _WEIGHTS = legendre.leggauss(ORDER)
_DEGREES = np.arange(ORDER)
# Columns: the two highest Legendre coefficients of a function as sums over its values at the nodes.
_LAST = (legendre.legvander(_NODES, ORDER - 1) * _WEIGHTS[:, None] * (2 * _DEGREES + 1) / 2)[:, -2:]


def expectation(function, variance, mean=0.0, *, kinks=(), scales=(1.0,), power=1) -> np.ndarray:
    """E[f(x)^power] for x ~ N(mean, variance), elementwise over the broadcast arrays `variance` and `mean`.

    function: f over arrays; kinks: where f or its derivatives jump; scales: distances from 0 and from the kinks at which
    f changes. The variance may be zero (a point mass) and anything that a double holds; f² may overflow where E[f²]
    does not. The error is about 1e-10 of E|f|^power (more where f grows so fast that |z| > 38 counts). Infinite where f
    overflows; ValueError if f gives NaN.
    """
    variance, mean = np.broadcast_arrays(np.asarray(variance, float), np.asarray(mean, float))
    root, shift = np.sqrt(variance).ravel(), mean.ravel()
    edges = _edges_about_centres(kinks, scales)
    parts = [
        _expectation(function, root[first : first + MEMBERS], shift[first : first + MEMBERS], edges, power)
        for first in range(0, root.size, MEMBERS)
    ]
    return np.concatenate([np.empty(0), *parts]).reshape(variance.shape)


def _expectation(function, root, shift, edges, power) -> np.ndarray:
    """`expectation` of a few (standard deviation, mean), one-dimensional."""
    left, right, owner = _panels(root, shift, edges)
    scale = np.zeros(root.size)
    infinite = np.zeros(root.size, dtype=bool)

    def weighted(z, owner):
        """f(x) times the power-th root of the density, which overflows only where the expectation does."""
        values = _values(function, shift[owner, None] + root[owner, None] * z)
        infinite[owner[np.isinf(values).any(axis=1)]] = True
        return np.where(np.isinf(values), 0, values) * np.exp(-np.square(z) / (2 * power))

    nodes = _nodes(left, right)
    np.maximum.at(scale, owner, np.abs(weighted(nodes, owner)).max(axis=1))
    scale[scale == 0] = 1
    total = _integrate(lambda z, owner: (weighted(z, owner) / scale[owner, None]) ** power, left, right, owner)
    total /= np.sqrt(2 * np.pi)
    with np.errstate(over="ignore"):  # an expectation above 1.8e308 is given as infinite
        for _ in range(power):
            total = total * scale
    return np.where(infinite, np.inf, total)


def _values(function, x):
    """f(x), or ValueError where it is not a number. Overflow within f at |x| up to 1e155 is no accident."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        values = np.asarray(function(x), float)
    if np.isnan(values).any():
        raise ValueError(f"the function is not a number at {x[np.isnan(values)].flat[0]:g}")
    return values


def _edges_about_centres(kinks, scales) -> np.ndarray:
    """Edges of panels in x, for f of these kinks and scales."""
    centres = np.unique([0.0, *kinks])
    with np.errstate(over="ignore"):  # edges infinitely far away are clipped later
        distances = np.concatenate([scale * _DISTANCES for scale in scales if scale > 0])
    return np.unique(np.add.outer(centres, np.concatenate([-distances, [0.0], distances])))


def _panels(root, shift, edges):
    """(left, right, owner): the panels in z of every expectation, those of zero width left out."""
    with np.errstate(over="ignore"):  # and these
        own = (edges - shift[:, None]) / np.where(root > 0, root, 1)[:, None]
    fixed = np.broadcast_to(np.concatenate([-_DENSITY_EDGES, _DENSITY_EDGES]), (root.size, 2 * _DENSITY_EDGES.size))
    edges = np.sort(np.clip(np.concatenate([own, fixed], axis=1), -REACH, REACH), axis=1)
    owner, place = np.nonzero(np.diff(edges, axis=1) > 0)
    return edges[owner, place], edges[owner, place + 1], owner


def _nodes(left, right):
    return (left + right)[:, None] / 2 + (right - left)[:, None] / 2 * _NODES


def _integrate(integrand, left, right, owner) -> np.ndarray:
    """Sum over each owner's panels of ∫ integrand(z, owner) dz, halving those that are not resolved."""
    count = owner.max(initial=-1) + 1
    total, size = np.zeros(count), np.zeros(count)
    for halving in range(HALVINGS + 1):
        values = integrand(_nodes(left, right), owner)
        half = (right - left) / 2
        areas = half * (values @ _WEIGHTS)
        size = np.maximum(size, np.bincount(owner, np.abs(areas), count))
        rough = half * np.abs(values @ _LAST).sum(axis=1) > TOLERANCE * size[owner]
        if halving == HALVINGS:
            rough[:] = False
        total += np.bincount(owner[~rough], areas[~rough], count)
        if not rough.any():
            break
        left, right, owner = left[rough], right[rough], owner[rough]
        middle = (left + right) / 2
        left, right, owner = np.concatenate([left, middle]), np.concatenate([middle, right]), np.tile(owner, 2)
    return total
