"""Why depth makes it hard: a layer multiplies what passes."""

from initbench.report import facts
from initbench.report.sections import section
from initbench.report.words import shares


@section("depth", tables=("runs", "signal"))
def depth(tables, study, words):
    """What becomes of starts whose factor lies near 1, and of the others, at every depth; None for networks of one hidden layer."""
    cells = facts.accuracies(tables)
    plain = cells[(cells["normalization"] == "none") & (cells["depth"] > 1)] if len(cells) else cells
    if plain.empty:
        return {"finding": None, "rows": []} if (tables.runs["depth"] > 1).any() else None
    rows = []
    for number, part in facts.with_factors(plain, tables).groupby("depth", observed=True):
        inside, outside = facts.by_factor(part)
        if inside or outside:
            rows.append({"depth": int(number)} | {"inside": _said(inside, words), "outside": _said(outside, words)})
    low, high = facts.BAND
    last = rows[-1] if rows else None
    finding = (
        words("finding", n=last["depth"], low=f"{low:g}", high=f"{high:g}", **last)
        if last and last["inside"] and last["outside"]
        else None
    )
    return {"finding": finding, "rows": rows, "low": f"{low:g}", "high": f"{high:g}"}


def _said(found: facts.Range | None, words) -> str:
    """Such as "59 to 94 % (5 starts)"."""
    return "" if found is None else words("range", cells=found.cells, range=shares(found.low, found.high, words))
