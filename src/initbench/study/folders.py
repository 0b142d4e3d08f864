"""Folders that a study names: its own for results, and that of a study which confirms it."""

import os
import re
from pathlib import Path

from initbench.study.error import ConfigError

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
MARKS = {"shards", "jobs", "records", "tables", "provenance.json"}  # one of which any results have
WITHIN = ("shards", "records", "provenance.json")  # and those of several studies, side by side in one folder
OWN = MARKS | {"data", "logs", "timings", "analyses", "drawn", "figures", "report"}
NO_DISK = tuple(map(Path, ("/dev", "/proc", "/sys")))
LONGEST = 200  # bytes of a folder's name, so that the files beside it may have longer ones


def folder(key: str, text: str) -> Path:
    """The folder that `text` names, without ~, . and .. inside it; ConfigError for what is none or was hardly meant."""
    where = f"{key}: {text if len(text) <= LONGEST else text[:LONGEST] + '…'!r}"
    if not text.isprintable() or set(text) & set("${}*?"):
        raise ConfigError(f"{where}: write the folder out, without $, braces, * and ?")
    if ADDRESS.match(text):
        raise ConfigError(f"{where}: give a folder of this machine, not an address")
    if text != text.strip() or text.startswith("-"):
        raise ConfigError(f"{where}: a folder's name must not begin with - or a space, nor end with a space")
    path = Path(os.path.normpath(os.path.expanduser(text)))
    if path.name in ("", "..") or path in (Path.cwd(), Path(os.path.expanduser("~"))):
        raise ConfigError(f"{where}: the results need a folder of their own, such as results/mine")
    if path.parts[0] == "..":
        raise ConfigError(f"{where}: this leads out of {Path.cwd()}: write the whole path if it is meant")
    if path.parts[0].startswith("~"):
        raise ConfigError(f"{where}: there is no such user")
    if max(len(os.fsencode(part)) for part in path.parts) > LONGEST or len(os.fsencode(path)) > 10 * LONGEST:
        raise ConfigError(f"{where}: a name is longer than {LONGEST} bytes, or the path than {10 * LONGEST}")
    return path


def results_folder(text: str) -> Path:
    """The folder for results; ConfigError for what cannot be one, or was hardly meant."""
    path = folder("results_dir", text)
    there = next(part for part in (path, *path.absolute().parents) if part.exists())
    if not there.is_dir():
        raise ConfigError(f"results_dir: {text!r}: {str(there)!r} is a file, not a folder")
    if any(there.absolute().is_relative_to(place) for place in NO_DISK):
        raise ConfigError(f"results_dir: {text!r}: {str(there)!r} is no disk")
    if there != path and not os.access(there, os.W_OK):
        raise ConfigError(f"results_dir: {text!r}: {str(there)!r} cannot be written to")
    if there == path and (foreign := _foreign(path)):
        raise ConfigError(
            f"results_dir: {text!r}: the folder holds {foreign[0]!r}, and no results of initbench: give a new or an empty one"
        )
    return path


def _foreign(path: Path) -> list[str]:
    """What is in a folder, where neither it nor a folder in it is of results: nothing is said against notes and hidden files."""
    try:
        names = sorted(each.name for each in path.iterdir())
    except OSError:
        return []
    other = [name for name in names if name not in OWN and not name.startswith((".", "README"))]
    below = (found for depth in ("*", "*/*") for mark in WITHIN for found in path.glob(f"{depth}/{mark}"))
    return [] if MARKS & set(names) or not other or any(below) else other
