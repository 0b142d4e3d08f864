"""What a study costs before it runs: time of one core by stage, disk, and memory a job."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from initbench.study.cells import Cell, Shard, Training
from initbench.study.cost import JOB, PLANNING, STAGES, layer_rows
from initbench.study.grid import Study
from initbench.study.jobs import Job, jobs
from initbench.study.size import NUMBER, bytes_of_start, bytes_on_disk

BESIDE = 3  # tables and figures that can be made side by side
SHARED, IN_GROUPS = ("prepare", "train"), ("analyse", "plot")
PROCESS = 230e6  # bytes of a process before it works
COPIES_OF_DATA, STACK = 1.5, 64  # of standardised data that a job holds for each of up to so many seeds
TOGETHER = 80e6  # bytes of networks that are trained or measured together
SPLITTING = 5e-9  # seconds for each number of a data set and seed to be split, and
READING = 3e-7  # to be read from a file


@dataclass(frozen=True)
class Estimate:
    """seconds: of one core on this machine, by stage; disk: bytes of the results; memory: bytes of the largest job."""

    seconds: Mapping[str, float]
    disk: float
    memory: float

    @property
    def core_seconds(self) -> float:
        return sum(self.seconds.values())

    def wall(self, cores: int) -> float:
        """Seconds on so many cores: training is shared by all, tables and figures by a few, the rest by none."""
        side_by_side = dict.fromkeys(SHARED, cores) | dict.fromkeys(IN_GROUPS, min(cores, BESIDE))
        return sum(spent / side_by_side.get(stage, 1) for stage, spent in self.seconds.items())

    def of_each(self, rules: Iterable[str]) -> dict[str, float]:
        """Seconds of a job of each rule, if there are these of them: those of a stage share its time."""
        rules = list(rules)
        counts = Counter(map(stage_of, rules))
        return {rule: self.seconds.get(stage_of(rule), 0.0) / counts[stage_of(rule)] for rule in rules}


def stage_of(rule: str) -> str:
    """The stage of the pipeline that a rule belongs to."""
    return rule.partition("_")[0]


def estimate(study: Study, speed: float = 1.0) -> Estimate:
    """What a study costs. speed: how many times as fast as that of `study.cost` this machine is."""
    planned = jobs(study)
    rows = sum(map(layer_rows, study.shards))
    spent = {stage: fixed + more * rows / 1000 for stage, (fixed, more) in STAGES.items()}
    spent["plan"] = PLANNING[0] + PLANNING[1] * len(planned)
    spent["train"] = sum(job.seconds + JOB for job in planned)
    spent["prepare"] = sum(STAGES["prepare"][0] + _splitting(study, shard) for shard in _blocks(study))
    return Estimate(
        {stage: each / speed for stage, each in spent.items()},
        bytes_on_disk(study.shards, study.shape),
        _memory(study, planned),
    )


def _blocks(study: Study) -> list[Shard]:
    """A shard for each file of splits."""
    return list({study.data_path(shard): shard for shard in study.shards}.values())


def _splitting(study: Study, shard: Shard) -> float:
    """Seconds to read a data set and to split it for the seeds of a shard."""
    rows, features, _ = study.shape(shard.cell.dataset)
    return rows * features * (SPLITTING * len(shard.seeds) + READING * (shard.cell.dataset in study.shapes))


def _memory(study: Study, planned: Iterable[Job]) -> float:
    """Bytes of the largest training job: its data, one start at all its learning rates, and the others of an ensemble."""
    shapes = {(job.shards[0].cell, job.shards[0].training): len(job.shards[0].seeds) for job in planned}
    return max(PROCESS + _working(study, *what, seeds) for what, seeds in shapes.items())


def _working(study: Study, cell: Cell, training: Training, seeds: int) -> float:
    rows, features, classes = study.shape(cell.dataset)
    data = COPIES_OF_DATA * NUMBER * rows * (features + 1) * min(seeds, STACK)
    return data + bytes_of_start(cell, features, classes, training) + TOGETHER
