"""How often a study was looked at while seeds were added to it: a record beside the results, for p hold for so many looks."""

import sys
from collections.abc import Mapping
from pathlib import Path

from initbench.base.catalogue import Words
from initbench.base.files import DamagedError, read_json, write_json
from initbench.base.renewal import digest


def record_look(path: str, config: Mapping) -> list[list[int]]:
    """Note that the tables of a study are looked at; the numbers of scoring seeds at every look so far, first one first.

    A report with seeds that are in the record already is no new look: nobody learned anything from it. `path`: a JSON file, which
    forgets if it is deleted; a damaged one is put aside, with a line that says so.
    """
    known, now = _known(Path(path)), seeds_of(config)
    looks = known if now in known else [*known, now]
    write_json({"looks": looks, "sha256": digest(looks)}, path)
    return looks


def _known(path: Path) -> list[list[int]]:
    """The looks that the record says; none if there is none, or a damaged one, which no computation can make again."""
    try:
        said = read_json(path)
        if said["sha256"] == digest(said["looks"]):
            return list(said["looks"])
    except FileNotFoundError:
        return []
    except (DamagedError, KeyError, TypeError):
        pass
    aside = path.replace(path.with_name(f"{path.name}.damaged"))
    print(
        f"initbench: {path} is not as it was written: looks are counted anew, and it is kept as {aside}",
        file=sys.__stderr__,
    )
    return []


def seeds_of(config: Mapping) -> list[int]:
    """The different numbers of scoring seeds that the trained grids of a study have, most first."""
    grids = (config, *config["further"])
    return sorted({grid.get("seeds", config["seeds"]) for grid in grids}, reverse=True)


def looks_text(looks: list[list[int]], planned: int, words: Words) -> str:
    """The looks in words, and whether they are as many as p were adjusted for."""
    seeds = words.of("terms")("comma").join(words.joined(each) for each in looks)
    start = words("looks", seeds=seeds, planned=planned)
    if len(looks) <= planned:
        return start
    return words.of("terms")("space").join([start, words("looks_too_many", looks=len(looks))])
