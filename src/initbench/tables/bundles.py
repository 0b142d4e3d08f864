"""A job's shards as one file, which is carried between computers that share no file system."""

import os
import zipfile
from collections.abc import Iterable, Sequence

from initbench.base.files import DamagedError, write_atomically

MADE = (1980, 1, 1, 0, 0, 0)  # no times, so that equal shards are equal bundles


def pack(paths: Sequence[str], results: str, bundle: str) -> None:
    """Write shards that lie in the folder `results` into one file."""
    with write_atomically(bundle) as partial, zipfile.ZipFile(partial, "w") as archive:
        for path in sorted(paths):
            with open(path, "rb") as file:
                archive.writestr(zipfile.ZipInfo(os.path.relpath(path, results), MADE), file.read())


def unpack(bundles: Iterable[str], results: str) -> None:
    """Put the shards of bundles into the folder `results`; DamagedError for a bundle that cannot be read.

    The names in a bundle never lead out of the folder: what `zipfile` extracts has its dots and roots taken off.
    """
    for bundle in bundles:
        try:
            with zipfile.ZipFile(bundle) as archive:
                archive.extractall(results)
        except (zipfile.BadZipFile, EOFError, ValueError) as error:
            raise DamagedError(bundle, error) from None
