"""The learning rate of every cell: chosen on the validation data of some runs, of which none scores the cell if it was tuned."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from initbench.base.columns import Column, Table
from initbench.base.parquet import read_parquet
from initbench.study.cells import CELL, KEY_COLUMNS
from initbench.tables.described import write_table
from initbench.tables.ids import with_ids
from initbench.tables.jobs import read_finished
from initbench.tables.schema import arrow_schema, identified
from initbench.tables.shards import Shard, read_shard
from initbench.tables.status import rates_by_merit

COLUMNS = (
    *(column for column in KEY_COLUMNS if column.name in CELL),
    Column("learning_rate", float, "the chosen one"),
    Column("role", str, "of the runs that it was chosen on: tuning, or scoring if the cell was not tuned"),
    Column("seeds", int, "seeds of those runs"),
    Column("rates", int, "learning rates tried"),
    Column("at_edge", bool, "whether it is the smallest or the largest of several tried: a better one may lie beyond"),
    Column(
        "valid_accuracy", float, "validation accuracy there, mean over those seeds, diverged runs as 0", unit="share"
    ),
    Column("valid_loss", float, "mean validation loss there; null if a run diverged", unit="nats"),
)
TABLE = with_ids(Table("choices", "a trained cell: its learning rate, and how that was chosen", COLUMNS))
READ = [*CELL, "role", "seed", "learning_rate", "valid_accuracy", "valid_loss", "diverged_step"]

Choices = Mapping[tuple, float]  # cell key → learning rate


def choose(cells: Iterable[Sequence[Mapping]], path: str, study: str | None = None) -> None:
    """Write the table of choices from finished shards, those of whole cells together, in the order of the tables."""
    parts = [choices_of(_joined(read_finished(shard, READ) for shard in group)) for group in cells]
    whole = pa.concat_tables([arrow_schema(COLUMNS).empty_table(), *parts])
    write_table(identified(whole, TABLE.columns), TABLE, path, study)


def choices_of(shards: pa.Table) -> pa.Table:
    """The choices of some cells from all runs that they are to be made on, sorted by cell."""
    rates, seeds, last = shards["learning_rate"].to_numpy(), shards["seed"].to_numpy(), _last_validation(shards)
    cells: dict[tuple, list[int]] = {}
    for run, key in enumerate(zip(*(shards[key].to_pylist() for key in CELL), strict=True)):
        if not np.isnan(rates[run]):
            cells.setdefault(key, []).append(run)
    rows = []
    for key, runs in sorted(cells.items()):
        runs.sort(key=lambda run: (rates[run], seeds[run]))  # so that no mean depends on the order of the shards
        found = _choice(rates[runs], seeds[runs], *(values[runs] for values in last))
        rows.append(dict(zip(CELL, key, strict=True)) | {"role": shards["role"][runs[0]].as_py()} | found)
    return pa.Table.from_pylist(rows, schema=arrow_schema(COLUMNS))


def by_cell(choices: pa.Table) -> Choices:
    """The chosen learning rate of every cell in a table of choices."""
    keys = zip(*(choices[key].to_pylist() for key in CELL), strict=True)
    return dict(zip(keys, choices["learning_rate"].to_pylist(), strict=True))


def read_choices(path: str) -> Choices:
    """The same, of a file."""
    return by_cell(read_parquet(path, [*CELL, "learning_rate"]))


def at_choice(tasks: Sequence[Mapping]) -> list[dict]:
    """What a job is told of its shards, where no rates are given the one that is chosen on the runs of other shards."""
    asked = [task for task in tasks if task["rates"] is None]
    files = {file: task["made_from"] for task in asked for file in task["chosen_on"]}
    choices = by_cell(choices_of(_joined(read_shard(*file, READ) for file in files.items()))) if files else {}
    return [
        dict(task)
        if task["rates"] is not None
        else {**task, "rates": [choices[tuple(task["cell"][key] for key in CELL)]]}
        for task in tasks
    ]


def _joined(shards: Iterable[Shard]) -> pa.Table:
    """The rows of shards."""
    return pa.concat_tables([shard.rows.select(READ).replace_schema_metadata() for shard in shards])


def _choice(rates: np.ndarray, seeds: np.ndarray, accuracy: np.ndarray, loss: np.ndarray) -> dict:
    """What the runs of one cell speak for; accuracy and loss are NaN where a run diverged."""
    best = float(rates_by_merit(rates, accuracy, loss)[0])
    tried, at = np.unique(rates), rates == best
    mean_loss = float(loss[at].mean())
    return {
        "learning_rate": best,
        "seeds": len(np.unique(seeds)),
        "rates": len(tried),
        "at_edge": len(tried) > 1 and best in (tried[0], tried[-1]),
        "valid_accuracy": float(np.nan_to_num(accuracy[at]).mean()),
        "valid_loss": mean_loss if np.isfinite(mean_loss) else None,
    }


def _last_validation(shards: pa.Table) -> list[np.ndarray]:
    """Accuracy and loss of every run on validation data at the last step, NaN where it diverged."""
    diverged = shards["diverged_step"].to_numpy() >= 0
    recorded = (np.array(shards[name].to_pylist(), dtype=float) for name in ("valid_accuracy", "valid_loss"))
    return [np.where(diverged, np.nan, values.reshape(len(diverged), -1)[:, -1]) for values in recorded]
