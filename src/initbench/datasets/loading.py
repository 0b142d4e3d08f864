"""Loading a data set by name or from a user's file, and splitting and scaling it for each seed."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from initbench.base.randomness import keyed_integer
from initbench.datasets import DATASETS
from initbench.datasets.faults import class_faults, feature_faults
from initbench.datasets.labels import read_labels
from initbench.datasets.splits import Splits

FRACTIONS = (0.6, 0.2, 0.2)  # of training, validation and test


class Loaded(NamedTuple):
    """Features (N, F) float64 with their names, labels (N,) from 0, and the names of the classes."""

    features: np.ndarray
    labels: np.ndarray
    classes: np.ndarray
    names: Sequence[str]


def load(source: str | Mapping) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(features (N, F) float64, labels (N,) integers, class names) of a registered name or a described file.

    Raises ValueError, naming the data set and all that is wrong with it, if features are not finite numbers that can be
    scaled, labels are missing, or there are fewer than two classes or one is too rare to be split.
    """
    return load_named(source)[:3]


def load_named(source: str | Mapping) -> Loaded:
    """`load`, with the names of the features."""
    features, raw, names = _registered(source) if isinstance(source, str) else _own_file(source)
    classes, labels, counts = np.unique(raw, return_inverse=True, return_counts=True)
    faults = feature_faults(features, names) + class_faults(classes.tolist(), counts.tolist())
    if faults:
        what = (
            f"data set {source}"
            if isinstance(source, str)
            else f"data set {source['name']}: {Path(source['path']).name}"
        )
        raise ValueError(f"{what}: {'; '.join(faults)}")
    return Loaded(features, labels, classes, names)


def _own_file(source: Mapping) -> tuple[np.ndarray, np.ndarray, Sequence[str]]:
    from initbench.datasets.files import read_file

    return read_file(source)


def _registered(name: str) -> tuple[np.ndarray, np.ndarray, Sequence[str]]:
    """Features, labels and names of what a data set's function returns."""
    returned = DATASETS[name]()
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        raise ValueError(f"data set {name}: it returns {type(returned).__name__}, not the pair (features, labels)")
    given, raw = returned
    if np.iscomplexobj(given):
        raise ValueError(f"data set {name}: features are complex: give real numbers")
    features, raw = np.asarray(given, dtype=float), np.asarray(raw)
    if raw.ndim != 1 or features.ndim != 2 or len(features) != len(raw) or not features.size:
        fit = f"{len(raw)} labels" if raw.ndim == 1 else f"labels of shape {raw.shape}"
        raise ValueError(f"data set {name}: features of shape {features.shape} do not fit {fit}")
    labels, faults = (raw, []) if raw.dtype.kind in "iu" else read_labels("labels", raw.tolist())
    if faults:
        raise ValueError(f"data set {name}: {'; '.join(faults)}")
    return features, labels, [str(k) for k in range(features.shape[1])]


def training_rows(samples: int) -> int:
    """How many of a data set's samples are trained on."""
    return samples - math.ceil((FRACTIONS[1] + FRACTIONS[2]) * samples)


def prepare(source: str | Mapping, seeds: Sequence[int], study_seed: int, fractions=FRACTIONS) -> Splits:
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
