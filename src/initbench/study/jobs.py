"""Which shards one job trains.

A job trains shards of one data set and role, as many as its time allows, those of one shape together, each written to its
own file as soon as it is trained. A shard's file is signed with a digest of everything that its runs depend on but their
seeds and learning rates, and its rows say which of those it has. A job trains the runs that a file lacks and leaves the
others: so a study that grew, or a job that was killed half-way, trains only what is missing, and how shards are put into
jobs is free to change.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from initbench.base.chunks import chunks
from initbench.base.renewal import Product, digest
from initbench.study.cells import Shard, Training
from initbench.study.cost import seconds
from initbench.study.grid import Study
from initbench.study.signatures import made_from
from initbench.study.tasks import told

# A scheduler kills a job at its time limit: nodes may be slower than where cost.py was fitted, and busy.
TIMES_THE_ESTIMATE = 6
LEAST_MINUTES = 10


@dataclass(frozen=True)
class Job:
    """The shards of one job: one data set, role and way of training; `name` is a safe file name."""

    name: str
    shards: tuple[Shard, ...]

    @property
    def tries_rates(self) -> bool:
        """Whether learning rates are chosen on its runs."""
        return any(shard.rates for shard in self.shards)

    @property
    def seconds(self) -> float:
        """About how long training it takes on one core."""
        return sum(seconds(shard) for shard in self.shards)

    @property
    def time_limit(self) -> int:
        """Minutes to ask a scheduler for: several times the estimate."""
        return max(LEAST_MINUTES, math.ceil(TIMES_THE_ESTIMATE * self.seconds / 60))


def jobs(study: Study) -> list[Job]:
    """The study's shards in jobs of about `minutes_per_job`, shards of one shape beside each other."""
    kinds: dict[tuple[str, str, Training], dict[str, list[Shard]]] = {}
    for shard in study.shards:
        shapes = kinds.setdefault((shard.cell.dataset, shard.role, shard.training), {})
        shapes.setdefault(shard.cell.shape_slug, []).append(shard)
    found = []
    for (dataset, role, training), shapes in kinds.items():
        name = f"{dataset}.{role if training.steps else 'start'}"
        parts = chunks(chain.from_iterable(shapes.values()), 60 * study.config["minutes_per_job"], seconds)
        found += [Job(f"{name}.{number}", tuple(part)) for number, part in enumerate(parts, start=1)]
    return found


def training_first(left: Sequence[Job]) -> str:
    """What is said where pictures of runs are asked for, and these jobs have to train the runs first."""
    minutes = math.ceil(sum(job.seconds for job in left) / 60)
    jobs = f"{len(left):,} training jobs come" if len(left) > 1 else "one training job comes"
    time = "less than a minute" if minutes < 2 else f"about {minutes:,} minutes"
    return f"figures need runs, which this study does not have yet, or no longer: {jobs} first, {time} on one core"


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
