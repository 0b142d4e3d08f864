"""How often a study was looked at while seeds were added to it: a record beside the results, for p hold for so many looks."""

import json
from collections.abc import Mapping
from pathlib import Path

from initbench.base.catalogue import Words
from initbench.base.files import write_atomically


def record_look(path: str, config: Mapping) -> list[list[int]]:
    """Note that the tables of a study are looked at; the numbers of scoring seeds at every look so far, first one first.

    A report with seeds that are in the record already is no new look: nobody learned anything from it. `path`: a JSON file, which
    forgets if it is deleted.
    """
    known = json.loads(Path(path).read_text(encoding="utf-8")) if Path(path).exists() else []
    now = seeds_of(config)
    looks = known if now in known else [*known, now]
    with write_atomically(path) as partial:
        Path(partial).write_text(json.dumps(looks), encoding="utf-8")
    return looks


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
