"""A limit to how long a user's code may take while it is tried out, so that an endless loop is named and not waited for."""

import logging
import signal
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

NOTICE, LIMIT = 30.0, 300.0  # seconds, of a step that takes milliseconds as a rule
AGAIN = 1.0  # seconds after which code that swallowed the error is stopped again
logger = logging.getLogger(__name__)


class TooLongError(BaseException):
    """Code took longer than it may: not an Exception, which a user's code might catch."""


@contextmanager
def time_limit(what: str) -> Iterator[None]:
    """Raise TooLongError in the line that runs when the limit is reached; say before, what is waited for.

    A limit within one that holds already changes nothing, nor does one outside the main thread or on a system without
    SIGALRM, where it cannot be kept.
    """
    usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not usable or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield
        return
    said, notice, limit = False, NOTICE, LIMIT

    def ring(_: int, frame: FrameType | None) -> None:
        nonlocal said
        if said:
            raise TooLongError(
                f"{what} has not ended after {limit:g} seconds, in {_place(frame)}: is it an endless loop?"
            )
        said = True
        logger.warning("initbench: %s takes long, in %s; it is stopped after %g seconds", what, _place(frame), limit)
        signal.setitimer(signal.ITIMER_REAL, max(limit - notice, AGAIN), AGAIN)

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, notice)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _place(frame: FrameType | None) -> str:
    """Function, file and line of a frame."""
    if frame is None:
        return "a function that is not Python's"
    last = traceback.extract_stack(frame, limit=1)[-1]
    return f"{last.name}, {Path(last.filename).name}:{last.lineno}"
