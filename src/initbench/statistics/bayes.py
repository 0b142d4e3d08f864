"""The Bayesian signed-rank test, with a region of practical equivalence."""

import numpy as np

PRIOR = 0.5  # weight of the pseudo-observation of no difference
MOST_NUMBERS = 10_000_000  # in one array of draws: 80 MB


def signed_rank_posterior(differences, rope: float, seed: int = 0, draws: int = 20_000) -> tuple[float, float, float]:
    """Probabilities that differences are below −rope, within ±rope, above rope.

    differences: (blocks,); rope > 0: what is too small to matter. A Dirichlet process whose prior is one difference of zero
    with weight PRIOR; of each draw the largest of the three masses over Walsh averages counts. The probabilities are shares
    of `draws`. Benavoli et al. 2014; 2017 (JMLR 18), §4.2. ValueError if rope is not positive.
    """
    if not rope > 0:
        raise ValueError(f"rope {rope!r}: the region of practical equivalence needs a width above 0")
    d = np.concatenate([[0.0], np.asarray(differences, dtype=float)])
    sums = d[:, None] + d
    below, above = _beyond(-sums, 2 * rope), _beyond(sums, 2 * rope)
    # the legacy generator: its stream is the one that published numbers were drawn from
    rng = np.random.RandomState(seed)
    at_once = max(1, MOST_NUMBERS // len(d))
    counts = np.zeros(3, dtype=int)
    for done in range(0, draws, at_once):
        weights = rng.dirichlet([PRIOR] + [1.0] * (len(d) - 1), min(at_once, draws - done))
        worse, better = (np.vecdot(weights @ part, weights) for part in (below, above))
        counts += np.bincount(np.argmax([worse, 1 - worse - better, better], axis=0), minlength=3)
    worse, equivalent, better = counts / draws
    return float(worse), float(equivalent), float(better)


def _beyond(values: np.ndarray, threshold: float) -> np.ndarray:
    """1 where a value exceeds the threshold, ½ where it equals it."""
    return (values > threshold) + 0.5 * (values == threshold)
