"""Loading a data set by its name: what its function returns, looked at."""

import numpy as np

from initbench.datasets import DATASETS
from initbench.datasets.faults import class_faults, feature_faults
from initbench.datasets.labels import read_labels
from initbench.datasets.loaded import Loaded


def load_named(name: str) -> Loaded:
    """The features and labels of a registered data set. ValueError, naming it and all that is wrong with it."""
    features, raw = _returned(name)
    names = [str(k) for k in range(features.shape[1])]
    classes, labels, counts = np.unique(raw, return_inverse=True, return_counts=True)
    faults = feature_faults(features, names) + class_faults(classes.tolist(), counts.tolist())
    if faults:
        raise ValueError(f"data set {name}: {'; '.join(faults)}")
    return Loaded(features, labels, classes, names)


def _returned(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Features and labels as arrays."""
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
    return features, labels
