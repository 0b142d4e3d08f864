"""Which shards one job trains, and what each of them is made from.

A job trains shards of one shape, as many as its time allows, each written to its own file as soon as it is
trained. A shard's file is signed with a digest of everything that its numbers depend on. A job leaves alone the files
whose digest is right: so a study that grew, or a job that was killed half-way, trains only what is missing, and how
shards are put into jobs is free to change.
"""

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

from initbench.activations import ACTIVATIONS
from initbench.base.chunks import chunks
from initbench.base.fingerprint import digest, import_closure
from initbench.datasets import DATASETS
from initbench.schemes import SCHEMES
from initbench.schemes.label import parse_scheme
from initbench.study.cells import Shard, Training
from initbench.study.cost import seconds
from initbench.study.grid import Study

# A scheduler kills a job at its time limit: nodes may be slower than where cost.py was fitted, and busy.
TIMES_THE_ESTIMATE = 6
LEAST_MINUTES = 10


@dataclass(frozen=True)
class Job:
    """The shards of one job: one shape, activation, normalisation and way of training; `name` is a safe file name."""

    name: str
    shards: tuple[Shard, ...]

    @property
    def seconds(self) -> float:
        """About how long training it takes on one core."""
        return sum(seconds(shard) for shard in self.shards)

    @property
    def time_limit(self) -> int:
        """Minutes to ask a scheduler for: several times the estimate."""
        return max(LEAST_MINUTES, math.ceil(TIMES_THE_ESTIMATE * self.seconds / 60))


def jobs(study: Study) -> list[Job]:
    """The study's shards in jobs of about `minutes_per_job`."""
    kinds: dict[tuple[str, Training], list[Shard]] = {}
    for shard in study.shards:
        kinds.setdefault((shard.cell.shape_slug, shard.training), []).append(shard)
    found = []
    for (shape, training), shards in kinds.items():
        name = shape if training.steps else f"{shape}.start"
        parts = chunks(shards, 60 * study.config["minutes_per_job"], seconds)
        found += [Job(f"{name}.{number}", tuple(part)) for number, part in enumerate(parts, start=1)]
    return found


def made_from(study: Study, shard: Shard, scripts: set[str]) -> str:
    """Digest of all that a shard's numbers depend on: its description, and the sources of the engine and of its data.

    `scripts`: the files that prepare its data and train it.
    """
    source = study.source(shard.cell.dataset)
    files = {*scripts, *training_files(shard), *data_files(source)}
    described = (vars(shard.cell), shard.seeds, shard.training.to_dict(), source, digest(frozenset(files)))
    return hashlib.sha256(repr(described).encode()).hexdigest()[:32]


def training_files(shard: Shard) -> set[str]:
    """The engine's files and the shard's own scheme's and activation's: what it must be trained again for."""
    files = {*import_closure("initbench.engine.training"), *import_closure("initbench.tables.shards")}
    scheme, activation = SCHEMES[parse_scheme(shard.cell.scheme).name], ACTIVATIONS[shard.cell.activation]
    for function in (scheme.function, activation.function):
        files.add(function.__code__.co_filename)
        files.update(import_closure(function.__module__))
    return files


def data_files(source: str | dict) -> set[str]:
    """The data set's own module, or the user's file and what reads it; and what splits and scales any of them."""
    files = set(import_closure("initbench.datasets.loading"))
    if isinstance(source, dict):
        return {source["path"], *files, *import_closure("initbench.datasets.files")}
    return {DATASETS[source].__code__.co_filename, *files}


def forget_unfinished(study: Study, manifests: dict[str, Job]) -> None:
    """Remove the manifests of jobs of which a shard's file is gone, so that their jobs are run again."""
    for path, job in manifests.items():
        if Path(path).exists() and not all(Path(study.shard_path(shard)).exists() for shard in job.shards):
            Path(path).unlink()
