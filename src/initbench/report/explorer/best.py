"""The answer of the table `best` for each block: which starts are best, as good, undecided and worse."""

from initbench.analyses.best import BETWEEN
from initbench.report.explorer.cases import AXES, Cases
from initbench.report.explorer.sentences import LISTS
from initbench.tables.views import Tables


def best_lists(tables: Tables, cases: Cases) -> dict[int, dict[str, list[str]]]:
    """Number of a block → its lists of schemes, best first."""
    numbered = cases.blocks.assign(block=range(len(cases.blocks)))
    found = numbered.merge(tables.read("best"), on=list(AXES))
    return {row["block"]: {name: _names(row[name]) for name in LISTS} for row in found.to_dict("records")}


def _names(joined: object) -> list[str]:
    return joined.split(BETWEEN) if isinstance(joined, str) else []
