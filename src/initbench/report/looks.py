"""How often a study was looked at while seeds were added to it: a record beside the results, for p hold for so many looks."""

import json
from collections.abc import Mapping
from pathlib import Path

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


def looks_text(looks: list[list[int]], planned: int) -> str:
    """The looks in words, and whether they are as many as p were adjusted for."""
    seeds = ", ".join(" and ".join(map(str, each)) for each in looks)
    times = "once" if planned == 1 else f"{planned} times"
    start = f"Tables of this study were made with {seeds} scoring seeds; adjusted p hold if results are looked at {times} (key looks)."
    if len(looks) <= planned:
        return start
    return (
        f"{start} They were looked at {len(looks)} times: whoever stops adding seeds when a difference is shown finds one more often "
        f"than in 5 % of studies where there is none. Set looks to {len(looks)} or more, or confirm on fresh seeds."
    )
