"""What the seeds of a study can show, and how many it takes."""

from collections.abc import Iterator
from dataclasses import dataclass

from initbench.analyses.power import ASKED, POWER, design_row
from initbench.analyses.scores import ALPHA
from initbench.study.checks import grids
from initbench.study.grid import Study


@dataclass(frozen=True)
class Sight:
    """What one grid of a study can see.

    detectable: the least share of seeds on which a scheme must beat the reference so that the study shows it with power 0.8,
    null if it can show nothing, whatever the difference; needed: seeds with which it would show a share of 0.75; least: seeds
    below which it can show nothing.
    """

    grid: str
    seeds: int
    compared: int
    detectable: float | None
    needed: int | None
    least: int


def sights(study: Study) -> Iterator[Sight]:
    """What each trained grid of a study can see; none where it compares nothing, or trains nothing."""
    if not study.training.steps:
        return
    for key, grid in grids(study.config):
        whole = {axis: grid.get(axis, study.config[axis]) for axis in ("schemes", "seeds")}
        compared = len({*whole["schemes"], study.reference}) - 1
        if key.startswith("initial") or not compared:
            continue
        row = design_row(whole["seeds"], compared)
        name = key.rstrip(".") or "the grid"
        yield Sight(name, whole["seeds"], compared, row["detectable"], row["seeds_needed"], row["seeds_at_least"])


def told(sight: Sight, reference: str) -> str:
    """One grid's answer in words."""
    schemes = f"{sight.compared} scheme{'s' * (sight.compared != 1)}"
    start = f"{sight.grid}: {sight.seeds} seeds, {schemes} compared with {reference}: "
    if sight.detectable is None:
        can = f"no difference of any size can be shown at {ALPHA:g}; that takes {sight.least} seeds"
    else:
        can = (
            f"shown is, with power {POWER:g} at {ALPHA:g} after Holm, that a scheme is better on {100 * sight.detectable:.0f} % of "
            "seeds or more"
        )
    needed = "more seeds than can be planned" if sight.needed is None else f"{sight.needed} seeds"
    return (
        f"{start}{can}; {100 * ASKED:.0f} % takes {needed} (exact sign-flip test, paired by seed, normal differences)"
    )
