"""Which shards one job trains.

A job trains shards of one data set and role, as many as its time allows, those of one shape together, each written to its
own file as soon as it is trained. A shard's file is signed with a digest of everything that its runs depend on but their
seeds and learning rates, and its rows say which of those it has. A job trains the runs that a file lacks and leaves the
others: so a study that grew, or a job that was killed half-way, trains only what is missing, and how shards are put into
jobs is free to change.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from initbench.base.chunks import even_chunks
from initbench.base.renewal import Product, digest
from initbench.study.cells import TUNING, Shard, Training
from initbench.study.cost import DIGITS, SHAPES, seconds
from initbench.study.grid import Study
from initbench.study.signatures import made_from
from initbench.study.tasks import told

# A scheduler kills a job at its time limit: nodes may be slower than where cost.py was fitted, and busy.
TIMES_THE_ESTIMATE = 6
LEAST_MINUTES = 10
MANY = 4  # values that are listed in the words of a job


@dataclass(frozen=True)
class Job:
    """The shards of one job: one data set, role and way of training; `name` is a safe file name.

    seconds: about how long training it takes on one core.
    """

    name: str
    shards: tuple[Shard, ...]
    seconds: float

    @property
    def tries_rates(self) -> bool:
        """Whether learning rates are chosen on its runs."""
        return any(shard.rates for shard in self.shards)

    @property
    def time_limit(self) -> int:
        """Minutes to ask a scheduler for: several times the estimate."""
        return max(LEAST_MINUTES, math.ceil(TIMES_THE_ESTIMATE * self.seconds / 60))


def jobs(study: Study) -> list[Job]:
    """The study's shards in jobs of at most about `minutes_per_job` and of equal length, shards of one shape beside each other.

    Where data are in files, the jobs are those of data as small as the digits: nodes of a cluster plan them again, and look into no file.
    """
    kinds: dict[tuple[str, str, Training], dict[str, list[Shard]]] = {}
    for shard in study.shards:
        shapes = kinds.setdefault((shard.cell.dataset, shard.role, shard.training), {})
        shapes.setdefault(shard.cell.shape_slug, []).append(shard)
    found = []
    for (dataset, role, training), shapes in kinds.items():
        name = f"{dataset}.{role if training.steps else 'start'}"
        parts = even_chunks([*chain(*shapes.values())], 60 * study.config["minutes_per_job"], _seconds_anywhere)
        found += [Job(f"{name}.{k}", tuple(part), _seconds(study, part)) for k, part in enumerate(parts, start=1)]
    return found


def training_first(left: Sequence[Job]) -> str:
    """What is said where pictures of runs are asked for, and these jobs have to train the runs first."""
    minutes = math.ceil(sum(job.seconds for job in left) / 60)
    jobs = f"{len(left):,} training jobs come" if len(left) > 1 else "one training job comes"
    time = "less than a minute" if minutes < 2 else f"about {minutes:,} minutes"
    return f"figures need runs, which this study does not have yet, or no longer: {jobs} first, {time} on one core"


def _seconds_anywhere(shard: Shard) -> float:
    """The estimate that needs no look into a file."""
    return seconds(shard, SHAPES.get(shard.cell.dataset, DIGITS))


def _seconds(study: Study, shards: Iterable[Shard]) -> float:
    """The estimate for shards, by what is known of their data here."""
    return sum(seconds(shard, study.shape(shard.cell.dataset)) for shard in shards)


def in_words(job: Job) -> str:
    """What a job trains, such as `training 24 runs: 8 starts, tanh, depth 3 and 10, width 64, digits`."""
    first, runs = job.shards[0], sum(shard.runs for shard in job.shards)
    cells = dict.fromkeys(shard.cell for shard in job.shards)
    starts = len({cell.scheme for cell in cells})
    done = f"training {runs:,} runs" if first.training.steps else f"measuring {runs:,} untrained networks"
    why = " to choose learning rates" if first.role == TUNING else ""
    named = [f"{starts} start{'s' * (starts > 1)}", _values(cell.activation for cell in cells)]
    named += [f"{axis} {_values(getattr(cell, axis) for cell in cells)}" for axis in ("depth", "width")]
    normalizations = {cell.normalization: None for cell in cells}
    named += [f"normalization {_values(normalizations)}"] if [*normalizations] != ["none"] else []
    return f"{done}{why}: {', '.join([*named, first.cell.dataset])}"


def _values(values: Iterable[str | int]) -> str:
    """Values, each once: `1 and 3`; of many how many there are."""
    known = list(dict.fromkeys(values))
    return " and ".join(map(str, known)) if len(known) <= MANY else f"{known[0]} to {known[-1]} ({len(known)})"


def tasks(study: Study, job: Job) -> list[dict]:
    """What a job is told of each of its shards, in plain values: what to train on which splits, and the file to write.

    rates: null where the learning rate is to be chosen, on the runs in the files `chosen_on`. seed_axes: how many splits, draws and
    orders the seeds cross, if they do.
    """
    axes = {"seed_axes": vars(study.seed_axes)} if study.seed_axes else {}
    return [
        {
            "path": study.shard_path(shard),
            "splits": study.data_path(shard),
            "cell": vars(shard.cell),
            "role": shard.role,
            "seeds": list(shard.seeds),
            "rates": None if shard.rates is None else list(shard.rates),
            "chosen_on": study.chosen_on(shard),
            "made_from": made_from(study, shard),
        }
        | axes
        for shard in job.shards
    ]


def manifest(study: Study, job: Job) -> str:
    """The file in which a job lists what it finished."""
    return str(study.results / "jobs" / f"{job.name}.json")


def product(study: Study, job: Job, choice: str) -> Product:
    """What a job makes: its shards and their list. choice: digest of how learning rates are chosen."""
    what = tasks(study, job)
    chosen = {file: None for task in what if task["rates"] is None for file in task["chosen_on"]}
    described = [job.shards[0].training.to_dict(), *map(told, what), *([choice] if chosen else [])]
    files = (manifest(study, job), *(task["path"] for task in what))
    record = str(study.results / "records/train" / f"{job.name}.json")
    return Product(record, job.name, files, digest(described), tuple(chosen))
