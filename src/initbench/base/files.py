"""Output files that are complete or absent."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def write_atomically(path: str | Path) -> Iterator[str]:
    """The name to write a file under; it takes its place at `path` when the block ends without an exception.

    The name is no other process's, on this machine or on another that shares the file system.
    """
    partial = f"{path}.{platform.node()}.{os.getpid()}.partial"
    try:
        yield partial
        os.replace(partial, path)
    finally:
        Path(partial).unlink(missing_ok=True)
