"""What a job prints goes to its log; what fails is named, with its log."""

import platform
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from threadpoolctl import threadpool_info


@contextmanager
def logged(path: str | Path, what: str) -> Iterator[None]:
    """Send output and tracebacks to the log at `path`; on failure print `what` failed, why and where to read on."""
    try:
        with written_to(path):
            yield
    except Exception as error:
        print(failure(what, error, path), file=sys.stderr)
        sys.exit(1)


@contextmanager
def written_to(path: str | Path) -> Iterator[None]:
    """Send output to the file at `path`, with the traceback of an exception that passes."""
    with open(path, "w", encoding="utf-8", buffering=1) as log:
        try:
            with redirect_stdout(log), redirect_stderr(log):
                yield
        except Exception:
            traceback.print_exc(file=log)
            raise


def failure(what: str, error: BaseException, path: str | Path) -> str:
    """What failed, why and where to read on, in a line."""
    return f"initbench: {what} failed: {error} (log: {path})"


def where() -> str:
    """The computer that this process runs on and how many threads its matrix products use, for a job's log."""
    threads = {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}
    return f"on {platform.node()}, BLAS threads: {', '.join(map(str, sorted(threads)))}"
