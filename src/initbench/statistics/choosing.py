"""Which of several schemes are within a margin of the best, and which are worse, from paired seeds.

The best scheme is unknown, and the one with the highest mean was picked on the same values. So no scheme is compared with that
one alone. Every scheme is taken for the best in turn, all others are tested against it at once, and the largest p counts:
whichever is truly the best, its own tests keep the level (comparisons with the best, Hsu 1981). Tests at once share one sign
flip a seed and are adjusted for the most extreme of them, step by step (Westfall & Young 1993; Romano & Wolf 2005).
"""

import numpy as np

from initbench.statistics.paired import RESOLUTION, differences
from initbench.statistics.step_down import sign_vectors

DRAWS = 4_000  # of a posterior
SLACK = 1e-9  # statistics that differ by rounding are ties, which can only raise p


def flips(seeds: int) -> np.ndarray:
    """Signs (vectors, seeds), the unflipped first: those of `sign_vectors` and their opposites, all of them up to 13 seeds."""
    signs = sign_vectors(seeds)
    return np.concatenate([signs, -signs]).astype(float)


def best_means(means: np.ndarray) -> np.ndarray:
    """Which means are the largest, (schemes,) bools: several where they differ by no more than rounding."""
    return means.max() - means <= RESOLUTION * abs(means.max())


def sure_within(values: np.ndarray, margin: float, rng: np.random.Generator, draws: int = DRAWS) -> np.ndarray:
    """Posterior probability, (schemes,), that each scheme's mean lies within the margin of the largest; values (seeds, schemes).

    With a flat prior the difference of two means has Student's t with n − 1 degrees of freedom around the observed one (Box &
    Tiao 1973, §2.5). Drawn jointly for all schemes, so that a scheme must be within the margin of each of the others at once.
    """
    n = len(values)
    scale = np.sqrt((n - 1) / rng.chisquare(n - 1, (draws, 1)))
    around = rng.standard_normal((draws, n)) @ (values - values.mean(axis=0)) / np.sqrt(n * (n - 1))
    means = values.mean(axis=0) + scale * around
    return np.mean(means >= means.max(axis=1, keepdims=True) - margin * (1 + RESOLUTION), axis=0)


def within_margin(values: np.ndarray, margin: float, signs: np.ndarray) -> np.ndarray:
    """p, (schemes,), that each scheme's mean lies at least `margin` below the best scheme's; values (seeds, schemes).

    Small where it is shown to be within the margin. Rejecting at α lists a scheme that is not within it in at most a share α of
    studies, whatever the means and however many schemes there are, if the differences of schemes are jointly symmetric.
    """
    k = values.shape[1]
    p = np.zeros(k)
    for best in range(k):  # taken for the best
        others = np.delete(np.arange(k), best)
        shifted = margin - differences(values[:, [best]], values[:, others])[0]
        shifted = np.where(np.abs(shifted) <= RESOLUTION * margin, 0.0, shifted)
        p[others] = np.maximum(p[others], _step_down(shifted, signs))
    return p


def below_best(values: np.ndarray, signs: np.ndarray, alpha: float = 0.05) -> np.ndarray:
    """p, (schemes,), that each scheme is one of the best; values (seeds, schemes).

    Small where it is shown to be worse. The model confidence set of Hansen, Lunde & Nason (2011), with sign flips in place of
    their bootstrap: schemes that are shown to be below another leave, and the others are tested again among themselves. Those with
    p > alpha hold all of the best in a share 1 − alpha of studies; p below alpha depend on it in no more than the steps.
    """
    k = values.shape[1]
    p, left, reached = np.zeros(k), np.arange(k), 0.0
    while len(left):
        behind = np.stack(
            [_share(differences(values[:, left], values[:, [i]])[0], signs).max(axis=1) for i in left], axis=1
        )
        extreme = behind.max(axis=1)
        found = np.array([_share_reaching(extreme, observed) for observed in behind[0]])
        p[left] = np.maximum(found, reached)
        out = p[left] <= alpha
        if not out.any():
            break
        reached, left = p[left][out].max(), left[~out]
    return p


def _share(differences: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Mean over root mean square of flipped differences (seeds, m): (vectors, m), −1 to 1.

    It grows with Student's t, which it is √((n − 1) / (1 − r²)) times. 0 where all differences are.
    """
    scale = np.sqrt(np.sum(differences**2, axis=0) * len(differences))
    return signs @ (differences / np.where(scale > 0, scale, 1.0))


def _step_down(differences: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """One-sided adjusted p, (m,), that the mean of each column of differences (seeds, m) is not above 0."""
    flipped = _share(differences, signs)
    order = np.argsort(flipped[0], kind="stable")
    extreme = np.maximum.accumulate(flipped[:, order], axis=1)  # of each column and those with less to show
    found = [_share_reaching(extreme[:, i], flipped[0, j]) for i, j in enumerate(order)]
    p = np.empty(len(order))
    p[order] = np.maximum.accumulate(found[::-1])[::-1]
    return p


def _share_reaching(statistics: np.ndarray, observed: float) -> float:
    return float(np.mean(statistics >= observed - SLACK))
