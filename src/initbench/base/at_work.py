"""Whether somebody is at work in a folder: what tells the lock of a run that was killed from that of one that goes on.

Snakemake locks the files of a run by writing their names down, and the note stays where the process is killed. The workflow
beside holds a lock of the operating system on the folder itself, which nothing is written for and which ends with its
process, however that ends, on whatever computer that shares the file system.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCKS = ".snakemake/locks"
_held: list[int] = []


def stay(folder: str | Path = ".") -> None:
    """Count as at work in the folder until this process ends; what it starts does not count. Nothing, where that cannot be told."""
    try:
        import fcntl

        place = os.open(folder, os.O_RDONLY)
        _held.append(place)
        fcntl.flock(place, fcntl.LOCK_SH)
    except (ImportError, OSError):  # the system, or this file system, has no such locks
        return


@contextmanager
def nobody_else(folder: str | Path = ".") -> Iterator[bool]:
    """Whether nobody is at work in the folder, who is meanwhile kept from starting; False where that cannot be told."""
    place = None
    try:
        import fcntl

        place = os.open(folder, os.O_RDONLY)
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        alone = True
    except (ImportError, OSError):
        alone = False
    try:
        yield alone
    finally:
        if place is not None:
            os.close(place)


def locked(results: str | Path, folder: str | Path = ".") -> bool:
    """Whether Snakemake's notes in the folder hold a lock on files of a study's results."""
    own = f"{results}/"
    return any(
        line.startswith(own) for note in _notes(folder) for line in note.read_text(encoding="utf-8").splitlines()
    )


def remove_stale(folder: str | Path = ".") -> bool:
    """Remove Snakemake's locks in the folder if those who made them have ended; whether some were removed."""
    with nobody_else(folder) as alone:
        notes = _notes(folder) if alone else []
        for note in notes:
            note.unlink(missing_ok=True)
    return bool(notes)


def what_locks(results: str | Path, folder: str | Path = ".") -> str | None:
    """What to do about a lock on a study's results, in a line; None where there is none."""
    if not locked(results, folder):
        return None
    with nobody_else(folder) as alone:
        if alone:
            said = "initbench run goes on with it, or snakemake --unlock removes it"
            return f"a run that made {results} was killed and left its lock: {said}"
    return f"another run is making {results}: wait until it has ended"


def date_now(folder: str | Path) -> None:
    """Give the files in a folder that are dated in the future the present time, as after a clock was set back.

    Snakemake calls a job failed whose outputs are older than what it read.
    """
    now = time.time()
    for path in Path(folder).rglob("*"):
        if path.lstat().st_mtime > now:
            os.utime(path, (now, now), follow_symlinks=False)


def _notes(folder: str | Path) -> list[Path]:
    return sorted(Path(folder, LOCKS).glob("*.lock"))
