"""What is wrong with the numbers and labels of a data set: every fault, in words."""

from collections.abc import Sequence

import numpy as np

LEAST_OF_A_CLASS = 5  # rows: three to train on, one to validate, one to test
SHOWN = 5  # classes that a message names
MANY = 20  # whole numbers that are classes; more, of which some are rare, are a quantity
CLASSES_OF_A_QUANTITY = (
    "initbench classifies: make classes of it, as pandas.qcut(frame[{label!r}], 3, labels=False) does"
)
LARGEST = 1e150  # what can still be squared and summed
LARGEST_SCALED = 1e15  # of a standardised feature, so that float32 holds what a network makes of it
EXTREME = 0.02  # share of rows that may all be held out


def feature_faults(features: np.ndarray, names: Sequence[str]) -> list[str]:
    """The faults of features (N, F) float64: what is missing, infinite, or too large to be scaled."""
    found = []
    for what, bad in (("is missing", np.isnan(features)), ("is infinite", np.isinf(features))):
        found += [f"feature {names[k]!r} {what} in {_rows(bad[:, k])}" for k in np.flatnonzero(bad.any(axis=0))]
    return found or _too_large(features, names)


def _rows(bad: np.ndarray) -> str:
    rows, first = int(bad.sum()), int(np.flatnonzero(bad)[0]) + 1
    return f"row {first}" if rows == 1 else f"{rows:,} rows, the first of them {first}"


def _too_large(features: np.ndarray, names: Sequence[str]) -> list[str]:
    """Features whose squares overflow, or that lie so far from the others as to overflow once they are standardised."""
    found = []
    size = abs(features).max(axis=0)
    away = abs(features - np.median(np.clip(features, -LARGEST, LARGEST), axis=0))
    spread = np.quantile(np.minimum(away, LARGEST), 1 - EXTREME, axis=0)
    for k in np.flatnonzero((size > LARGEST) | (away.max(axis=0) / np.where(spread > 0, spread, 1) > LARGEST_SCALED)):
        row = int(np.argmax(away[:, k]))
        found.append(
            f"feature {names[k]!r} is {features[row, k]:.3g} in row {row + 1}, too large to be scaled with the others, "
            f"which lie within {spread[k]:.3g}"
        )
    return found


def class_faults(classes: Sequence, counts: Sequence[int], label: str = "labels") -> list[str]:
    """The faults of labels by the rows of each class: fewer than two classes, and those too rare to be split."""
    if len(classes) < 2:
        return [f"the labels hold {len(classes)} class{'' if len(classes) == 1 else 'es'}; two at least are needed"]
    rare = [(name, n) for name, n in zip(classes, counts, strict=True) if n < LEAST_OF_A_CLASS]
    if not rare:
        return []
    if len(classes) > MANY and all(isinstance(name, int) for name in classes):
        return [
            f"the label {label!r} holds {len(classes):,} whole numbers from {min(classes)} to {max(classes)}, {len(rare):,} of them "
            f"in fewer than {LEAST_OF_A_CLASS} rows: a quantity, it seems; {CLASSES_OF_A_QUANTITY.format(label=label)}"
        ]
    listed = ", ".join(f"{str(name)!r} ({n} row{'s' * (n != 1)})" for name, n in rare[:SHOWN])
    more = f" and {len(rare) - SHOWN:,} more" if len(rare) > SHOWN else ""
    need = f"each class needs {LEAST_OF_A_CLASS} rows to be split into training, validation and test"
    return [f"of {len(classes):,} classes {len(rare):,} are too rare: {listed}{more}; {need}"]
