"""Computing analyses and writing their tables: those that are out of date, and no others."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from initbench.analyses import ANALYSES, FIRST_SPLITS, SPLITS, Analysis, Settings
from initbench.base.files import write_atomically
from initbench.study.cells import Training
from initbench.tables.schema import arrow_table
from initbench.tables.shards import write
from initbench.tables.views import Tables


@dataclass(frozen=True)
class Sources:
    """The files that analyses may read: tables by name, and the study's splits, those of its first shard first."""

    tables: Mapping[str, str]
    splits: tuple[str, ...] = ()

    def of(self, entry: Analysis) -> Tables:
        """What an analysis declares that it reads."""
        splits = self.splits if SPLITS in entry.reads else self.splits[:1] if FIRST_SPLITS in entry.reads else ()
        return Tables({name: self.tables[name] for name in entry.reads if name in self.tables}, splits)


def named_settings(study, entries: Iterable[Analysis]) -> dict:
    """The settings of a study that some analyses name, as plain values for a rule's parameters."""
    named = {name for entry in entries for name in entry.settings}
    values = {name: getattr(Settings.of(study), name) for name in sorted(named)}
    return {name: value.to_dict() if isinstance(value, Training) else value for name, value in values.items()}


def things_behind(study, entry: Analysis) -> tuple:
    """What a table of a study is made by: the analysis, how tables are written, and the registered things that it uses."""
    return entry, __name__, *entry.uses(study)


def settings_of(values: Mapping) -> Settings:
    """The settings from plain values, as `named_settings` gives them; the others are defaults, which nobody sees."""
    known = dict(values)
    if "training" in known:
        known["training"] = Training.from_dict(known["training"])
    return Settings(**known)


def compute(name: str, tables: Tables, settings: Settings) -> pa.Table:
    """The table of an analysis, typed, each column's meaning in its metadata, null for what could not be computed."""
    return compute_entry(ANALYSES[name], tables, settings)


def compute_entry(entry: Analysis, tables: Tables, settings: Settings) -> pa.Table:
    """The same, of an analysis that need not be registered."""
    return arrow_table(entry.function(tables, entry.asked(settings)), entry.columns)


def update(
    outputs: Mapping[str, str], sources: Sources, settings: Settings, code: Mapping[str, str], record: str
) -> None:
    """Write the tables in `outputs` (name → path) that are not up to date.

    code: digest of each one's code. record: path of a JSON file that says of each table what it was made from, and what it
    was when it was written, so that neither another file of its name nor a broken one counts.
    """
    before = json.loads(Path(record).read_text(encoding="utf-8")) if Path(record).exists() else {}
    digests: dict[str, str | None] = {}
    after = {}
    for name, path in outputs.items():
        entry = ANALYSES[name]
        tables = sources.of(entry)
        made_from = signature(entry, tables, settings, code[name], digests)
        if before.get(name) != {"made_from": made_from, "content": file_digest(path)}:
            print(f"computing {name}", flush=True)
            write(compute(name, tables, settings), path)
        after[name] = {"made_from": made_from, "content": file_digest(path)}
    with write_atomically(record) as partial:
        Path(partial).write_text(json.dumps(after, indent=1), encoding="utf-8")


def signature(entry: Analysis, tables: Tables, settings: Settings, code: str, digests: dict) -> str:
    """Digest of all that a table is made from: code, settings, content of files. `digests` remembers those of files."""
    files = [*tables.paths.values(), *tables.splits]
    for path in files:
        if path not in digests:
            digests[path] = file_digest(path)
    declared = repr((entry.columns, sorted(vars(entry.asked(settings)).items())))
    parts = [code, declared, *(str(digests[path]) for path in files)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def file_digest(path: str | Path) -> str | None:
    """SHA-256 of a file's content; None if there is no such file."""
    if not Path(path).is_file():
        return None
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
