"""What a study is, before it runs: what it trains, on what, how long that takes, and what a reader will be able to tell apart."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import ceil, log2
from typing import Any

import scipy

from initbench.base.numbers import duration, exact, memory, number, percent
from initbench.statistics.power import minimum_shift
from initbench.study.cells import TUNING
from initbench.study.checks import FURTHER_GRIDS
from initbench.study.config import Grid
from initbench.study.estimate import Estimate, estimate
from initbench.study.grid import Study
from initbench.study.jobs import jobs
from initbench.study.speed import speed

ALPHA, POWER = 0.05, 0.8
MANY = 10  # values of an axis from which on only some are listed
WIDE = 14  # characters of the names before the values


@dataclass(frozen=True)
class Seen:
    """What can be seen of a difference from the reference in one network: by the sign-flip test at 0.05, after Holm over `comparisons`.

    shift: the least mean difference that is shown with power 0.8, in standard deviations of the difference between seeds; wins: the
    share of seeds that such a start wins. Both are null where nothing can be shown, which takes `seeds_at_least`.
    """

    seeds: int
    comparisons: int
    shift: float | None
    wins: float | None
    seeds_at_least: int


@dataclass(frozen=True)
class Description:
    """A study before it runs; numbers of time, disk and memory are estimates.

    axes: values of each axis of the study's own grid; further: those that other grids have of their own. data: rows, features and
    classes by name. tuned: the seeds and learning rates on which each cell's rate is chosen, no seeds if on the scoring ones.
    """

    title: str
    results: str
    runs: int
    tuning_runs: int
    untrained: int
    cells: int
    training_jobs: int
    cores: int
    seconds: float
    estimate: Estimate
    data: Mapping[str, Mapping[str, int]]
    axes: Mapping[str, Sequence[Any]]
    further: Mapping[str, Sequence[Mapping[str, Any]]]
    training: Mapping[str, Any]
    tuning_seeds: int
    reference: str
    seen: Seen | None

    def as_values(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)

    def opening(self, done: int = 0) -> str:
        """What a run says of itself before it begins. done: its jobs that are up to date."""
        there = f"; {done} jobs of this are up to date" if done else ""
        return "\n".join(
            [self.title, *(f"  {line}" for line in (self.counted(), self.costs() + there, self.told_apart()))]
        )

    def counted(self) -> str:
        """How much is trained."""
        parts = [f"{self.runs - self.untrained:,} runs"]
        parts[0] += f" ({self.tuning_runs:,} of them to choose learning rates)" if self.tuning_runs else ""
        parts += [f"{self.untrained:,} networks measured untrained"] if self.untrained else []
        return f"{' and '.join(parts)}, of {self.cells:,} cells, in {self.training_jobs:,} job{'s' * (self.training_jobs != 1)}"

    def costs(self) -> str:
        """What that takes."""
        cores, cost = f"{self.cores} core{'s' * (self.cores > 1)}", self.estimate
        space = f"{memory(cost.disk)} on disk, up to {memory(cost.memory)} of memory a job"
        return f"about {duration(self.seconds)} on {cores}, {space}"

    def told_apart(self) -> str:
        """The smallest difference that the study can show."""
        if self.seen is None:
            return "trains nothing: it measures networks at their start"
        seen = self.seen
        where = f"{seen.seeds} seeds, {seen.comparisons} start{'s' * (seen.comparisons > 1)} against {self.reference} in a network"
        if not seen.comparisons:
            return f"{seen.seeds} seeds, one start a network: nothing to compare"
        if seen.shift is None:
            return f"{where}: no difference of any size can be shown at {ALPHA:g}; it takes {seen.seeds_at_least} seeds"
        return (
            f"{where}: shows a mean difference from {number(seen.shift, 2)} standard deviations (of the difference between seeds) on, by "
            f"which a start wins {percent(seen.wins)} of the seeds; smaller ones are likely to be missed"
        )


def describe(study: Study, cores: int) -> Description:
    """The description of a study that is run on so many cores of this machine."""
    cost, config = estimate(study, speed()), study.config
    untrained = sum(shard.runs for shard in study.shards if not shard.training.steps)
    names = dict.fromkeys(cell.dataset for cell in study.cells)
    return Description(
        config["title"], str(study.results), study.runs,
        sum(shard.runs for shard in study.shards if shard.role == TUNING), untrained,
        len(study.cells), len(jobs(study)), cores, cost.wall(cores), cost,
        {name: study.shape(name)._asdict() for name in names},
        {axis: [_named(value) for value in config[axis]] for axis in Grid.model_fields if axis != "seeds"},
        {key: config[key] for key in FURTHER_GRIDS},
        config["training"] | {"learning_rates": config["learning_rates"]},
        len(study.tuning_seeds), study.reference, seen(config),
    )  # fmt: skip


def _named(value: Any) -> Any:
    return value["name"] if isinstance(value, Mapping) else value


def seen(config: Mapping[str, Any]) -> Seen | None:
    """What the study's own grid can see; None if it trains nothing."""
    if not config["training"]["steps"]:
        return None
    seeds, comparisons = config["seeds"], len({*config["schemes"], config["reference"]}) - 1
    shift = minimum_shift(seeds, comparisons, ALPHA, POWER) if comparisons else None
    wins = None if shift is None else float(scipy.stats.norm.cdf(shift))
    return Seen(seeds, comparisons, shift, wins, ceil(1 + log2(max(comparisons, 1) / ALPHA)))


def in_full(described: Description) -> list[tuple[str, str]]:
    """Names and values of all that is worth knowing of a study before it runs."""
    axes, training = described.axes, described.training
    batch = training["batch_size"]
    lines = [
        ("results", described.results),
        ("runs", described.counted()),
        ("costs", described.costs()),
        ("data", "; ".join(f"{name}: {_shape(shape)}" for name, shape in described.data.items())),
        (
            "networks",
            f"{_listed(axes['architectures'])} with {_listed(axes['widths'])} units a layer, depth {_listed(axes['depths'])}",
        ),
        ("activations", _listed(axes["activations"])),
        ("normalisation", _listed(axes["normalizations"])),
        ("starts", _listed(axes["schemes"])),
        ("reference", f"{described.reference}, which the other starts are compared with"),
        ("training", f"{training['steps']:,} updates by {_listed(axes['optimizers'])}, {batch} samples each"),
        ("learning rate", _tuning(described)),
        ("tells apart", described.told_apart()),
    ]
    lines += [(f"{key}", "; ".join(map(_grid, grids))) for key, grids in described.further.items() if grids]
    return lines if described.seen else [line for line in lines if line[0] not in ("training", "learning rate")]


def _listed(values: Sequence[Any]) -> str:
    """Values with commas between; of many the first and the last."""
    texts = [exact(value) if isinstance(value, float) else str(value) for value in values]
    return ", ".join(texts if len(texts) <= MANY else [*texts[:3], "…", texts[-1]]) + (
        f" ({len(texts)})" if len(texts) > MANY else ""
    )


def _shape(shape: Mapping[str, int]) -> str:
    return f"{shape['rows']:,} rows, {shape['features']:,} features, {shape['classes']:,} classes"


def _grid(grid: Mapping[str, Any]) -> str:
    """What a further grid has of its own."""
    return ", ".join(
        f"{axis} {_listed([_named(v) for v in values]) if isinstance(values, list) else values}"
        for axis, values in grid.items()
    )


def _tuning(described: Description) -> str:
    rates, seeds = described.training["learning_rates"], described.tuning_seeds
    if len(rates) == 1:
        return f"{exact(rates[0])} for all"
    how = f"chosen for each cell on {seeds} seeds that score nothing" if seeds else "chosen on the scoring seeds"
    return f"one of {_listed(sorted(rates))}, {how}"
