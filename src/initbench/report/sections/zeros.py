"""What happens from zeros and constants."""

import pandas as pd

from initbench.report import facts
from initbench.report.sections import section
from initbench.report.words import layers, share, shares
from initbench.schemes.parts import scheme_parts


@section("zeros", tables=("runs", "layers"))
def zeros(tables, study, words):
    """What a start from zeros reaches with each activation, and one from a constant; None without such starts."""
    cells = facts.accuracies(tables)
    cells = facts.plain(cells[cells["kind"].isin(facts.ONE_VALUE)])
    if cells.empty:
        return None
    alike = facts.units_alike(tables)
    finding = None
    if alike is not None:
        runs, most = alike
        finding = words("finding" if most == 1 else "finding_parted", runs=runs, n=int(cells["width"].max()), most=most)
    kinds = sorted(cells.groupby("kind"), key=lambda group: group[0], reverse=True)  # zeros first
    said = [_reach(part, kind, words) for kind, part in kinds]
    return {"finding": finding, "said": [text for texts in said for text in texts]}


def _reach(cells: pd.DataFrame, kind: str, words) -> list[str]:
    """A sentence an activation: the accuracies of a kind of start over depths and constants."""
    said = []
    for activation, part in cells.groupby("activation", observed=True):
        shallow, deep = part[part["depth"] == part["depth"].min()], part[part["depth"] > part["depth"].min()]
        found = {
            "activation": activation,
            "shallow": _range(shallow, words),
            "depth": layers(part["depth"].min(), words),
        }
        schemes = words.joined(sorted(part["scheme"].unique(), key=lambda label: (scheme_parts(label).value, label)))
        if deep.empty:
            said.append(words(f"{kind}_one", schemes=schemes, **found))
        else:
            said.append(words(kind, schemes=schemes, deep=_range(deep, words), **found))
    return said


def _range(cells: pd.DataFrame, words) -> str:
    found = facts.range_of(cells)
    return shares(found.low, found.high, words) if found.high - found.low > 0.005 else share(found.high)
