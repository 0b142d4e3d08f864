"""Analyses: tables computed from tables, one a module, each declared beside the code that computes it.

`initbench.analyses.making` computes and writes them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from types import SimpleNamespace

from initbench.base.columns import Column, Table
from initbench.base.registry import Registry
from initbench.study.cells import Training
from initbench.tables.ids import with_ids

ANALYSES = Registry("analysis", "initbench.analyses", check="initbench.analyses.check:check")
MEASURED = ("runs", "history", "signal", "layers")  # the tables that the study's shards become
SPLITS, FIRST_SPLITS = (
    "splits",
    "first_splits",
)  # may be read beside tables: all files of splits, or the first of each data set


@dataclass(frozen=True)
class Settings:
    """What analyses may ask of a study.

    reference: the scheme that others are compared with; rope: half width of the region of practical equivalence;
    study_seed: first key of every draw; training: how runs are trained; looks: how often results may be looked at while
    seeds are added; seed_axes: how many splits, draws and orders the scoring seeds cross, none if one seed drives all.
    """

    reference: str = ""
    rope: float = 0.01
    study_seed: int = 0
    training: Training = field(default_factory=Training)
    looks: int = 1
    seed_axes: tuple[int, ...] = ()

    @classmethod
    def of(cls, study) -> "Settings":
        """Those of a loaded study."""
        training, axes = study.training, study.seed_axes
        crossed = (axes.split, axes.draw, axes.order) if axes else ()
        return cls(
            study.reference, study.thresholds.rope, training.study_seed, training, study.config["looks"], crossed
        )


SETTINGS = tuple(each.name for each in fields(Settings))


@dataclass(frozen=True)
class Analysis:
    """A table, and the function that computes it.

    `function(tables, settings)` returns the rows as a data frame with the declared columns. It is handed what it declares
    and no more: a `Tables` of the tables that it `reads`, and the settings that it names. So a table is out of date when
    one of these changes, or its code, and never otherwise. Analyses of one `group` are computed by one process.
    """

    name: str
    row: str
    columns: tuple[Column, ...]
    function: Callable
    reads: tuple[str, ...]
    settings: tuple[str, ...]
    uses: Callable
    group: str

    @property
    def table(self) -> Table:
        """The table as it is written: with the ids of the cell, start or run that a row is of."""
        return with_ids(Table(self.name, self.row, self.columns))

    @property
    def is_shipped(self) -> bool:
        """Whether it is the package's own, and no extension's."""
        return self.function.__module__.startswith("initbench.")

    def asked(self, settings: Settings) -> SimpleNamespace:
        """The settings that this analysis names."""
        return SimpleNamespace(**{name: getattr(settings, name) for name in self.settings})


def analysis(
    name: str,
    *,
    row: str,
    columns: tuple[Column, ...],
    reads: tuple[str, ...] = ("runs",),
    settings: tuple[str, ...] = (),
    uses: Callable = lambda study: (),
    group: str | None = None,
):
    """Register the decorated `function(tables, settings)` as what computes the table `name`.

    Args:
        name: Of the table and its file.
        row: What a row of it is, in words.
        columns: Those of the table, in order.
        reads: Tables among MEASURED, and SPLITS or FIRST_SPLITS.
        settings: Names among SETTINGS.
        uses: Of a study, the registered things that the function looks up by name, whose code counts as its own.
        group: What is computed by one process; by default analyses that read the same, and one that an extension brings
            for itself, so that its failure is its own.

    Returns:
        A decorator of the function, which returns a data frame with these columns.

    Raises:
        ValueError: For a name that is none.
    """
    _check_names(name, reads, settings)

    def make(function: Callable) -> Analysis:
        own = name if not function.__module__.startswith("initbench.") else "_".join(reads) or "without_data"
        return Analysis(name, row, tuple(columns), function, tuple(reads), tuple(settings), uses, group or own)

    return ANALYSES.register(name, make)


def _check_names(name: str, reads: tuple[str, ...], settings: tuple[str, ...]) -> None:
    for what, names, allowed in (
        ("table", reads, (*MEASURED, SPLITS, FIRST_SPLITS)),
        ("setting", settings, SETTINGS),
    ):
        if unknown := [given for given in names if given not in allowed]:
            raise ValueError(f"analysis {name}: no {what} is named {unknown[0]!r}; there are: {', '.join(allowed)}")
    if name in (*MEASURED, "choices", "claims", "claim_cells"):
        raise ValueError(f"analysis {name}: there is a table of that name already")


def groups() -> Iterator[tuple[str, list[Analysis]]]:
    """The analyses that one process computes, group by group."""
    every = [ANALYSES[name] for name in ANALYSES]
    for group in sorted({entry.group for entry in every}):
        yield group, [entry for entry in every if entry.group == group]
