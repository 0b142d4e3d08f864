"""Output files that are complete or absent, and the error of one that is not what was written."""

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class DamagedError(ValueError):
    """A file of ours that cannot be read as it was written; the message names it, and says that it is made again."""

    def __init__(self, path: str | Path, why: object):
        super().__init__(f"{path} is damaged ({' '.join(str(why).split())}); run the study again: it is made anew")


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


def write_json(value: Any, path: str | Path) -> None:
    """Write a JSON file whole or not at all."""
    with write_atomically(path) as partial:
        Path(partial).write_text(json.dumps(value, indent=1, ensure_ascii=False), encoding="utf-8")


def read_json(path: str | Path) -> Any:
    """What a JSON file of ours holds; DamagedError if it is none."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as error:
        raise DamagedError(path, error) from None
