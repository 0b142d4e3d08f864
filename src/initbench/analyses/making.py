"""Computing analyses and writing their tables: those that are out of date, and no others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from initbench.analyses import ANALYSES, FIRST_SPLITS, SPLITS, Analysis, Settings
from initbench.base.renewal import Product, digest, file_digest, renew
from initbench.study.cells import Training
from initbench.tables.described import study_of, write_table
from initbench.tables.schema import arrow_table
from initbench.tables.views import Tables


@dataclass(frozen=True)
class Sources:
    """The files that analyses may read: tables by name, and the study's splits, those of the first seeds first."""

    tables: Mapping[str, str]
    splits: tuple[str, ...] = ()

    def of(self, entry: Analysis) -> Tables:
        """What an analysis declares that it reads."""
        firsts = first_of_each(self.splits) if FIRST_SPLITS in entry.reads else ()
        splits = self.splits if SPLITS in entry.reads else firsts
        return Tables({name: self.tables[name] for name in entry.reads if name in self.tables}, splits)


def first_of_each(splits: Iterable[str]) -> tuple[str, ...]:
    """Of files of splits the first of each data set."""
    found: dict[str, str] = {}
    for path in splits:
        found.setdefault(Path(path).parent.name, path)
    return tuple(found.values())


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
    return arrow_table(entry.function(tables, entry.asked(settings)), entry.table.columns)


def products(
    outputs: Mapping[str, str], sources: Sources, settings: Settings, code: Mapping[str, str], record: str
) -> list[Product]:
    """The tables in `outputs` (name → path), and what they are made from. code: digest of each one's code.

    record: path of the JSON file that says of each table what it was made from.
    """
    found = []
    for name, path in outputs.items():
        entry, tables = ANALYSES[name], sources.of(ANALYSES[name])
        declared = repr((entry.columns, sorted(vars(entry.asked(settings)).items())))
        files = (*tables.paths.values(), *tables.splits)
        found.append(Product(record, name, (path,), digest([code[name], declared]), files))
    return found


def update(outputs: Iterable[Product], sources: Sources, settings: Settings) -> None:
    """Write the tables that are not up to date."""
    outputs = list(outputs)
    paths = {product.name: product.files[0] for product in outputs}

    def made(name: str) -> list[str]:
        tables = sources.of(ANALYSES[name])
        write_table(compute(name, tables, settings), ANALYSES[name].table, paths[name], study_of(tables.paths))
        return [str(file_digest(paths[name]))]

    renew(outputs, made)
