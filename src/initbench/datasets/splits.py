"""A data set with its splits for some seeds, as training takes it."""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from initbench.base.files import DamagedError, write_atomically


@dataclass(frozen=True)
class Splits:
    """A data set with its splits for some seeds.

    features (N, F) float64, unscaled; labels (N,) integers; classes their names. train, valid, test: sample numbers,
    (seeds, n), in the split's order. mean, scale: (seeds, F), of the training split. fill: (seeds, F), what stands in for a
    feature that is NaN, of the training split too; None if none is. columns: what was done with the columns of a user's own table.
    """

    features: np.ndarray
    labels: np.ndarray
    classes: np.ndarray
    seeds: np.ndarray
    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    fill: np.ndarray | None = None
    columns: np.ndarray | None = None

    def of(self, seed: int) -> "SeedData":
        """The standardised splits of one seed; KeyError if it was not prepared."""
        positions = np.flatnonzero(self.seeds == seed)
        if not positions.size:
            raise KeyError(f"seed {seed} is not among the prepared seeds {self.seeds.tolist()}")
        k = positions[0]
        parts = []
        for rows in (self.train[k], self.valid[k], self.test[k]):
            inputs = self.features[rows]
            if self.fill is not None:
                inputs = np.where(np.isnan(inputs), self.fill[k], inputs)
            parts += [(inputs - self.mean[k]) / self.scale[k], self.labels[rows]]
        return SeedData(*parts, classes=len(self.classes))


@dataclass(frozen=True)
class SeedData:
    """Standardised features (n, F) float64 and labels (n,) of the three splits of one seed."""

    train_inputs: np.ndarray
    train_labels: np.ndarray
    valid_inputs: np.ndarray
    valid_labels: np.ndarray
    test_inputs: np.ndarray
    test_labels: np.ndarray
    classes: int


def write_splits(splits: Splits, path: str | Path) -> None:
    """Write splits to an .npz file."""
    with write_atomically(path) as partial, open(partial, "wb") as file:
        np.savez(file, **{name: array for name, array in vars(splits).items() if array is not None})


@lru_cache(maxsize=1)
def read_splits(path: str | Path) -> Splits:
    """Read what `write_splits` wrote; DamagedError where it is not that any more (each array has a checksum)."""
    with _opened(path) as arrays:
        return Splits(**arrays)


def read_columns(path: str | Path) -> str | None:
    """What was done with the columns of a user's own table, of a file of splits; None for a data set of the package."""
    with _opened(path) as arrays:
        return str(arrays["columns"]) if "columns" in arrays else None


@contextmanager
def _opened(path: str | Path) -> Iterator[Mapping[str, np.ndarray]]:
    try:
        with np.load(path) as arrays:
            yield arrays
    except FileNotFoundError:
        raise
    except (OSError, EOFError, ValueError, TypeError, KeyError, NotImplementedError, BadZipFile, zlib.error) as error:
        raise DamagedError(path, error) from None
