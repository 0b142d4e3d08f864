"""Which scheme to take."""

from urllib.parse import urlencode

import pandas as pd

from initbench.report.sections import section
from initbench.report.sections.interaction import interaction
from initbench.report.words import between, block_columns, points, share, tuned_on
from initbench.study.cells import BLOCK
from initbench.tables.grids import of_whole_grids

TABLES = ("best", "selection_optimism", "interactions", "variance_shares")
ORDER = ["dataset", "architecture", "optimizer", "width", "activation", "normalization", "depth"]
LEADING = ("activation", "normalization", "depth")  # the columns that the table begins with
LISTS = ("as_good", "undecided", "worse")
LINKED = ("dataset", "activation", "depth", "normalization")  # what the address of a case in the explorer says
EDGE = " †"  # after a scheme whose rate lies at an edge of the grid
SURE = 0.9994  # a probability above it would be written as certainty
CHANCE = 0.05  # of a block that a list is wrong


@section("choose", tables=TABLES)
def choose(tables, study, words):
    """For each block the best scheme and how sure that is, and every other in one of three lists; whether it hangs on the network."""
    best = of_whole_grids(tables.read("best"))
    if best.empty:
        return None
    choices = tables.read("selection_optimism")
    edges, learning = edge_cells(choices), set(choices.loc[choices["learns"], BLOCK].itertuples(index=False, name=None))
    rows = [choice(row, edges, learning, words) for row in best.sort_values(ORDER, kind="stable").to_dict("records")]
    keys = [
        column for column in block_columns(best, words) if column[1] not in LEADING and best[column[1]].nunique() > 1
    ]
    return {
        "finding": _finding(best, learning, words),
        "keys": keys,
        "best": [row | {"first": _differs(row, before)} for row, before in zip(rows, [None, *rows], strict=False)],
        "rope": points(study["config"]["thresholds"]["rope"], words),
        "tuned": tuned_on(study["tuning_seeds"], words),
        "by_chance": CHANCE * len(rows),
        "blocks": len(rows),
        "noted": any(row["note"] for row in rows),
        "at_edge": sum(bool(row["edge"]) for row in rows),
        "interaction": interaction(tables, study, words),
    }


def _finding(best: pd.DataFrame, learning: set[tuple], words) -> str | None:
    """The start that can be taken in most networks that learn: as the best, or shown to be as good; None where there is but one."""
    told = best[best["best"].notna() & best[list(LISTS)].notna().any(axis=1)]
    told = told[[block in learning for block in told[BLOCK].itertuples(index=False, name=None)]]
    if told.empty:
        return None
    taken = [_names(row["best"]) + _names(row["as_good"]) for row in told.to_dict("records")]
    counts = pd.Series([name for each in taken for name in each]).value_counts()
    most = sorted(counts[counts == counts.max()].index)
    key = "finding" if counts.max() < len(told) else "finding_all"
    return words(key, schemes=words.joined(most), n=int(counts.max()), total=len(told), several=len(most))


def _differs(row: dict, before: dict | None) -> bool:
    """Whether a row begins another activation or normalisation than the one before it."""
    return before is None or any(row[key] != before[key] for key in ("activation", "normalization"))


def choice(row: dict, edges: dict[tuple, list[str]], learning: set[tuple], words) -> dict:
    """A row of `best` in words: the mean with its interval, the lists, and which of the best took a rate at the edge of the grid.

    learning: the blocks in which some start learns more than class frequencies; in others none is worth naming.
    """
    names = _names(row["best"])
    block = tuple(row[key] for key in BLOCK)
    edge = [name for name in names if name in edges.get(block, [])]
    alike = _names(row["as_good"]) and not any(_names(row[kind]) for kind in ("undecided", "worse"))
    named = words.of("terms")("comma").join(f"{name}{EDGE}" if name in edge else name for name in names)
    if block not in learning:
        row |= dict.fromkeys(LISTS) | {"how_sure": None}
    return row | {
        "choice": words("none_learns") if block not in learning else words("any") if alike else named,
        "why": "#" + urlencode({key: row[key] for key in LINKED} | {"at": "explorer"}),
        "score": between(row["score"], row["low"], row["high"], words),
        "sure": ">\u00a099.9\u202f%" if (row["how_sure"] or 0) > SURE else share(row["how_sure"]),
        **{kind: words.of("terms")("comma").join(_names(row[kind])) or words("nobody") for kind in LISTS[:2]},
        "worse": len(_names(row["worse"])),
        "edge": edge,
        "note": row["note"] if isinstance(row["note"], str) else "",
        "where": words.term(row["normalization"]),
    }


def _names(joined) -> list[str]:
    """The schemes of a list as the table `best` has it."""
    return joined.split(" | ") if isinstance(joined, str) else []


def edge_cells(choices: pd.DataFrame) -> dict[tuple, list[str]]:
    """Block → the schemes that learn there and whose chosen learning rate lies at an edge of the grid."""
    found = choices[choices["learns"] & choices["at_edge"]]
    return {key: list(part["scheme"]) for key, part in found.groupby(BLOCK, observed=True)}
