"""What a run of a study has to do, and how far it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from initbench.base.numbers import duration

TRUSTED = 0.1  # the part of a run after which its own pace counts as much as the estimate
Key = tuple[str, ...]  # of a job: its rule, and the values of its wildcards


@dataclass(frozen=True)
class Step:
    """A job of a run: what it does in words, about how long it takes on one core, its log, and the record that it writes when it is
    done: empty if it writes none, as one that only moves files.
    """

    key: Key
    what: str
    seconds: float
    log: str
    record: str


@dataclass(frozen=True)
class Doing:
    """How far a run is: seconds of its jobs by key, as estimated; those that are done; how many run at a time."""

    seconds: Mapping[Key, float]
    cores: int
    done: frozenset[Key] = field(default_factory=frozenset)

    @classmethod
    def of(cls, steps: Iterable[Step], cores: int) -> "Doing":
        return cls({step.key: step.seconds for step in steps if step.record}, max(1, cores))

    def after(self, key: Key) -> "Doing":
        """The same when one more job is done."""
        return replace(self, done=self.done | ({key} & self.seconds.keys()))

    @property
    def share(self) -> float:
        """The part that is done, by estimated time."""
        whole = sum(self.seconds.values())
        return sum(self.seconds[key] for key in self.done) / whole if whole else 1.0

    def left(self, elapsed: float) -> float:
        """About how many seconds are left, after so many: at first by the estimate, then more and more by the run's own pace."""
        whole, share = sum(self.seconds.values()), self.share
        expected = whole / self.cores
        pace = (elapsed + TRUSTED * expected) / ((share + TRUSTED) * expected) if expected else 1.0
        return (1 - share) * expected * pace

    def progress(self, elapsed: float | None = None) -> str:
        """Such as `40 of 80 jobs, 31 %, about 2 min left`; elapsed: seconds since it began, None where it does not go on."""
        far = f"{len(self.done)} of {len(self.seconds)} jobs, {self.share:.0%}"
        if elapsed is None or len(self.done) == len(self.seconds):
            return far
        return f"{far}, about {duration(self.left(elapsed))} left"
