"""Splitting a loaded data set for each seed, and what its features are filled and scaled with: of the training part alone."""

import math
from collections.abc import Sequence

import numpy as np

from initbench.base.randomness import keyed_integer
from initbench.datasets.description import packed
from initbench.datasets.loaded import Loaded
from initbench.datasets.splits import Splits

FRACTIONS = (0.6, 0.2, 0.2)  # of training, validation and test


def training_rows(samples: int) -> int:
    """How many of a data set's samples are trained on."""
    return samples - math.ceil((FRACTIONS[1] + FRACTIONS[2]) * samples)


def split(name: str, loaded: Loaded, seeds: Sequence[int], study_seed: int, fractions=FRACTIONS) -> Splits:
    """Split and scale a data set for each seed: stratified by label, keyed by (study seed, data set, seed).

    `fractions` of train, validation and test. Missing features are to be filled with the training split's median, and all
    standardised by its mean and standard deviation; a feature that is constant there has scale 1. ValueError if a class is
    too rare to be split.
    """
    from sklearn.preprocessing import StandardScaler  # scikit-learn takes a second to import

    parts = [_parts(name, loaded.labels, keyed_integer(study_seed, "split", name, seed), fractions) for seed in seeds]
    fills = _fills(loaded.features, [part[0] for part in parts])
    scalers = []
    for k, (train, _, _) in enumerate(parts):
        inputs = loaded.features[train]
        scalers.append(StandardScaler().fit(inputs if fills is None else np.where(np.isnan(inputs), fills[k], inputs)))
    train, valid, test = (np.array(part) for part in zip(*parts, strict=True))
    mean, scale = np.array([s.mean_ for s in scalers]), np.array([s.scale_ for s in scalers])
    columns = np.array(packed(loaded.columns)) if loaded.columns else None
    data = (loaded.features, loaded.labels, loaded.classes, np.array(seeds))
    return Splits(*data, train, valid, test, mean, scale, fills, columns)


def _parts(name: str, labels: np.ndarray, state: int, fractions: Sequence[float]) -> tuple[np.ndarray, ...]:
    """The sample numbers of training, validation and test."""
    from sklearn.model_selection import train_test_split

    rows, held_out = np.arange(len(labels)), fractions[1] + fractions[2]
    try:
        train, rest = train_test_split(rows, test_size=held_out, random_state=state, stratify=labels)
        valid, test = train_test_split(
            rest, test_size=fractions[2] / held_out, random_state=state, stratify=labels[rest]
        )
    except ValueError as error:
        raise ValueError(f"data set {name}: {len(labels)} samples cannot be split by class: {error}") from None
    return train, valid, test


def _fills(features: np.ndarray, trained: Sequence[np.ndarray]) -> np.ndarray | None:
    """(seeds, F): what stands in for a missing feature, the median of each training split; None if nothing is missing."""
    lacking = np.isnan(features).any(axis=0)
    if not lacking.any():
        return None
    from sklearn.impute import SimpleImputer  # imports half of scikit-learn

    fills = np.zeros((len(trained), features.shape[1]))
    for k, train in enumerate(trained):
        imputer = SimpleImputer(strategy="median", keep_empty_features=True)
        fills[k, lacking] = imputer.fit(features[np.ix_(train, lacking)]).statistics_
    return fills
