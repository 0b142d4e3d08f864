"""Whole pages of small studies, from the first draw to the page, by the library alone: what a browser is to open."""

import functools
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from initbench.analyses import ANALYSES, MEASURED, Settings
from initbench.analyses.making import Sources, compute
from initbench.claims.tables import CLAIM_CELLS, CLAIMS
from initbench.claims.verdicts import judge
from initbench.datasets.loading import prepare
from initbench.datasets.splits import write_splits
from initbench.engine.training import train_shard
from initbench.figures.drawing import draw
from initbench.report.contents import claims_in_order, figures_in_order
from initbench.report.page import render
from initbench.report.provenance import provenance
from initbench.study.grid import load_study
from initbench.study.reading import read_file
from initbench.tables.choices import by_cell, choices_of
from initbench.tables.collect import assemble
from initbench.tables.schema import arrow_table
from initbench.tables.shards import shard_table
from initbench.tables.views import Tables

REPLICATIONS = Path(__file__).parent.parent / "src/initbench/replications"
# A few updates of small networks, from starts that draw one value and from random ones.
SMALL = {
    "title": "A small study", "datasets": ["wine"], "widths": [8], "depths": [1, 3], "activations": ["relu", "tanh"],
    "normalizations": ["none", "batch"], "schemes": ["zeros", "constant(0.1)", "small_normal", "xavier_tanh", "he_normal"],
    "reference": "xavier_tanh", "seeds": 3, "learning_rates": [0.03, 0.3], "tuning": "none", "training": {"steps": 6},
    "initial": [],
}  # fmt: skip
# A replication of seconds: deep linear networks, no zeros, one scheme beside the reference, too few seeds to tell anything.
SAXE = {"depths": [2, 4], "learning_rates": [0.02, 0.1], "training": {"steps": 20, "momentum": 0, "records": 5}}


def replication(name: str, **keys) -> dict:
    """The study of a replication, some of its keys set anew so that it takes seconds."""
    return read_file(REPLICATIONS / name / "study.yaml") | keys


def make_page(config: dict, folder: Path, names: Mapping[str, str] | None = None) -> Path:
    """Train a study, analyse it, draw its figures and write its page into the folder; the page's path.

    names: what to call things instead, in all tables and in the configuration, before anything is drawn or written.
    """
    study = load_study(config | {"results_dir": str(folder)})
    tables, splits = _measured(study, folder)
    for name in ANALYSES:
        sources = Sources(dict(tables), splits).of(ANALYSES[name])
        tables[name] = _write(compute(name, sources, Settings.of(study)), folder / f"{name}.parquet")
    made = judge(Tables({name: tables[name] for name in MEASURED}), claims_in_order())
    for table in (CLAIMS, CLAIM_CELLS):
        tables[table.name] = _write(arrow_table(made[table.name], table.columns), folder / f"{table.name}.parquet")
    for path in tables.values():
        table = pq.read_table(path)
        _write(pa.Table.from_pylist(_renamed(table.to_pylist(), names or {}), schema=table.schema), Path(path))
    figures = folder / "figures"
    figures.mkdir()
    for figure in figures_in_order(study.config["replication"]):
        draw(figure, Tables(tables), figures)
    config = _renamed(study.config, names or {})
    run = {"config": config, "runs": study.runs, "cells": len(study.cells), "jobs": 1,
           "tuning_seeds": len(study.tuning_seeds), "provenance": provenance(config), "confirmation": None}  # fmt: skip
    render(Tables(tables), figures, str(folder / "index.html"), run)
    return folder / "index.html"


def _measured(study, folder: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """Paths of the tables that training gives, and of the splits of the first data set."""
    parts: dict[str, list[pa.Table]] = {name: [] for name in (*MEASURED, "choices")}
    for shard in study.shards:
        splits = prepare(study.source(shard.cell.dataset), shard.seeds, shard.training.study_seed)
        runs = shard_table(shard.cell, train_shard(shard.cell, shard.seeds, shard.training, splits))
        chosen = choices_of(runs)
        made = assemble(runs, study.thresholds, by_cell(chosen)) | {"choices": chosen}
        for name, table in made.items():
            parts[name].append(table)
    tables = {name: _write(pa.concat_tables(rows), folder / f"{name}.parquet") for name, rows in parts.items()}
    first = study.shards[0]
    write_splits(
        prepare(study.source(first.cell.dataset), first.seeds, study.training.study_seed), folder / "splits.npz"
    )
    return tables, (str(folder / "splits.npz"),)


def _write(table: pa.Table, path: Path) -> str:
    pq.write_table(table, path)
    return str(path)


def _renamed(thing, names: Mapping[str, str]):
    """A value, what is nested in it too, with other names for what has them; texts that hold such a name hold the other."""
    if isinstance(thing, str):
        return functools.reduce(lambda text, name: text.replace(name, names[name]), names, thing)
    if isinstance(thing, dict):
        return {_renamed(key, names): _renamed(value, names) for key, value in thing.items()}
    return [_renamed(value, names) for value in thing] if isinstance(thing, list | tuple) else thing
