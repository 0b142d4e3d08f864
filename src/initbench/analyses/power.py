"""What a study's design can see, beside other designs."""

from functools import lru_cache
from math import ceil, log2

import pandas as pd
import scipy

from initbench.analyses import analysis
from initbench.analyses.scores import ALPHA, frame_of
from initbench.base.columns import Column
from initbench.statistics.paired import smallest_p
from initbench.statistics.plan import seeds_to_show
from initbench.statistics.power import minimum_shift, seeds_needed
from initbench.study.cells import BLOCK
from initbench.tables.grids import of_the_grid

POWER, ASKED = 0.8, 0.75
DESIGNS = {3, 6, 10, 20, 30, 50}, {1, 5, 10}  # seeds and schemes compared, beside the study's own
COLUMNS = (
    Column("seeds", int, "seeds of the design"),
    Column("comparisons", int, "schemes compared with the reference"),
    Column("this_study", bool, "whether this is the design of the study's largest block"),
    Column("smallest_p", float, "the smallest p that so many pairs can give", unit="probability"),
    Column("smallest_p_adjusted", float, "the same after Holm", unit="probability"),
    Column(
        "shift", float,
        "the least mean of normal differences, in their standard deviations, that the sign-flip test shows with power 0.8 at 0.05 "
        "after Holm", unit="standard deviations",
    ),
    Column("detectable", float, "the share of seeds that a scheme with that mean wins, P(A > B)", unit="share"),
    Column("seeds_needed", int, "seeds with which that test shows P(A > B) = 0.75 of normal differences with this power"),
    Column("seeds_needed_any", int, "the same by the sign test, whatever the distribution of differences"),
    Column("seeds_at_least", int, "seeds with which the smallest p, after Holm, is 0.05 or less"),
    Column("note", str, "why no effect of any size can be shown; then numbers are null"),
)  # fmt: skip


@analysis("power", row="a design: seeds, and schemes compared with the reference", columns=COLUMNS)
def power(tables, settings):
    """The effects that designs with so many seeds and comparisons can show, the study's own among them."""
    own = design(tables.chosen_runs)
    seeds, compared = ({number} if all(own) else set() for number in own)
    rows = [design_row(n, k) for n in sorted(DESIGNS[0] | seeds) for k in sorted(DESIGNS[1] | compared)]
    return frame_of([row | {"this_study": (row["seeds"], row["comparisons"]) == own} for row in rows], COLUMNS)


def design(chosen: pd.DataFrame) -> tuple[int, int]:
    """(seeds, schemes compared with the reference) of the largest block of the grid; (0, 0) if nothing was trained."""
    if chosen.empty:
        return 0, 0
    sizes = of_the_grid(chosen).groupby(BLOCK, observed=True)[["seed", "scheme"]].nunique()
    return int(sizes["seed"].max()), int(sizes["scheme"].max()) - 1


def design_row(seeds: int, comparisons: int) -> dict:
    """What one design can see."""
    floor = smallest_p(seeds)
    shift = minimum_shift(seeds, comparisons, ALPHA, POWER)
    row = {"seeds": seeds, "comparisons": comparisons, "note": None, "shift": shift}
    row |= {"smallest_p": floor, "smallest_p_adjusted": min(1.0, comparisons * floor)}
    row["seeds_needed"] = seeds_to_show(float(scipy.stats.norm.ppf(ASKED)), ALPHA / comparisons, POWER)
    row["seeds_needed_any"] = _needed(comparisons)
    row["detectable"] = None if shift is None else scipy.stats.norm.cdf(shift)
    row["seeds_at_least"] = ceil(1 + log2(comparisons / ALPHA)) if comparisons else 1
    if shift is None:
        row["note"] = f"no difference of any size can be shown at {ALPHA:g}: it takes {row['seeds_at_least']} seeds"
    return row


@lru_cache
def _needed(comparisons: int) -> int:
    return seeds_needed(ASKED, power=POWER, comparisons=comparisons)
