"""Which scheme to take."""

import pandas as pd

from initbench.analyses.power import power_text
from initbench.report.sections import section
from initbench.report.words import between, block_columns
from initbench.study.cells import BLOCK
from initbench.tables.grids import of_whole_grids

TABLES = ("best", "selection_optimism", "power")
ORDER = ["dataset", "architecture", "optimizer", "width", "activation", "normalization", "depth"]
LEADING = ("activation", "normalization", "depth")  # the columns that the table begins with
LISTS = ("as_good", "undecided", "worse")
EDGE = " †"  # after a scheme whose rate lies at an edge of the grid
CHANCE = 0.05  # of a block that a list is wrong


@section("choose", title="Which scheme for this activation and depth", tables=TABLES)
def choose(tables, study):
    """For each block the best scheme and how sure that is, every other in one of three lists, and what the study could have seen."""
    best = of_whole_grids(tables.read("best"))
    if best.empty:
        return None
    designs = tables.read("power")
    own = next(iter(designs[designs["this_study"]].to_dict("records")), None)
    alone = designs.loc[designs["comparisons"] == 1, "seeds_needed"].iloc[0]
    edges = edge_cells(tables.read("selection_optimism"))
    rows = [choice(row, edges) for row in best.sort_values(ORDER, kind="stable").to_dict("records")]
    return {
        "keys": [
            column for column in block_columns(best) if column[1] not in LEADING and best[column[1]].nunique() > 1
        ],
        "best": [row | {"first": _differs(row, before)} for row, before in zip(rows, [None, *rows], strict=False)],
        "rope": study["config"]["thresholds"]["rope"],
        "power": power_text(own, alone) if own else None,
        "by_chance": CHANCE * len(rows),
        "blocks": len(rows),
        "noted": any(row["note"] for row in rows),
        "at_edge": sum(bool(row["edge"]) for row in rows),
    }


def _differs(row: dict, before: dict | None) -> bool:
    """Whether a row begins another activation or normalisation than the one before it."""
    return before is None or any(row[key] != before[key] for key in ("activation", "normalization"))


def choice(row: dict, edges: dict[tuple, list[str]]) -> dict:
    """A row of `best` in words: the mean with its interval, the lists, and which of the best took a rate at the edge of the grid."""
    names = _names(row["best"])
    edge = [name for name in names if name in edges.get(tuple(row[key] for key in BLOCK), [])]
    alike = _names(row["as_good"]) and not any(_names(row[kind]) for kind in ("undecided", "worse"))
    return row | {
        "choice": "any" if alike else ", ".join(f"{name}{EDGE}" if name in edge else name for name in names),
        "score": between(row["score"], row["low"], row["high"]),
        **{kind: ", ".join(_names(row[kind])) or "none" for kind in LISTS},
        "edge": edge,
        "note": row["note"] if isinstance(row["note"], str) else "",
    }


def _names(joined) -> list[str]:
    """The schemes of a list as the table `best` has it."""
    return joined.split(" | ") if isinstance(joined, str) else []


def edge_cells(choices: pd.DataFrame) -> dict[tuple, list[str]]:
    """Block → the schemes that learn there and whose chosen learning rate lies at an edge of the grid."""
    found = choices[choices["learns"] & choices["at_edge"]]
    return {key: list(part["scheme"]) for key, part in found.groupby(BLOCK, observed=True)}
