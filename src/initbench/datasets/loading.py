"""Loading a data set by name or from a user's file, and splitting and scaling it for each seed."""

from collections.abc import Mapping, Sequence

import numpy as np

from initbench.base.randomness import keyed_integer
from initbench.datasets import DATASETS
from initbench.datasets.splits import Splits


def load(source: str | Mapping) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(features (N, F) float64, labels (N,) integers, class names) of a registered name or a described file.

    Raises ValueError, naming the data set, if features are not finite numbers, labels are missing or there are fewer
    than two classes.
    """
    if isinstance(source, str):
        name, (features, raw) = source, DATASETS[source]()
    else:
        from initbench.datasets.files import read_file

        name, (features, raw) = source["name"], read_file(source)
    features = np.asarray(features, dtype=float)
    if features.ndim != 2 or len(features) != len(raw) or not features.size:
        raise ValueError(f"data set {name}: features of shape {features.shape} do not fit {len(raw)} labels")
    if not np.isfinite(features).all():
        row, column = np.argwhere(~np.isfinite(features))[0]
        raise ValueError(f"data set {name}: feature {column} of sample {row} is not a finite number")
    classes, labels = np.unique(np.asarray(raw), return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"data set {name}: the labels hold {len(classes)} class; two at least are needed")
    return features, labels, classes


def prepare(source: str | Mapping, seeds: Sequence[int], study_seed: int, fractions=(0.6, 0.2, 0.2)) -> Splits:
    """Split and scale a data set for each seed: stratified by label, keyed by (study seed, data set, seed).

    `fractions` of train, validation and test. Features are to be standardised by the training split's mean and standard
    deviation alone; a feature that is constant there has scale 1. ValueError if a class is too rare to be split.
    """
    from sklearn.model_selection import train_test_split  # scikit-learn takes a second to import
    from sklearn.preprocessing import StandardScaler

    name = source if isinstance(source, str) else source["name"]
    features, labels, classes = load(source)
    held_out = fractions[1] + fractions[2]
    rows, parts, scalers = np.arange(len(labels)), [], []
    for seed in seeds:
        state = keyed_integer(study_seed, "split", name, seed)
        try:
            train, rest = train_test_split(rows, test_size=held_out, random_state=state, stratify=labels)
            valid, test = train_test_split(
                rest, test_size=fractions[2] / held_out, random_state=state, stratify=labels[rest]
            )
        except ValueError as error:
            raise ValueError(f"data set {name}: {len(labels)} samples cannot be split by class: {error}") from None
        parts.append((train, valid, test))
        scalers.append(StandardScaler().fit(features[train]))
    train, valid, test = (np.array(part) for part in zip(*parts, strict=True))
    mean, scale = np.array([s.mean_ for s in scalers]), np.array([s.scale_ for s in scalers])
    return Splits(features, labels, classes, np.array(seeds), train, valid, test, mean, scale)
