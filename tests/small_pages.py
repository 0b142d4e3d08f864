"""Whole pages of small studies, from the first draw to the page, by the library alone: what a browser is to open."""

import functools
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from initbench.analyses import ANALYSES, MEASURED, Settings
from initbench.analyses.making import Sources, compute
from initbench.claims.tables import CLAIM_CELLS, CLAIMS
from initbench.claims.verdicts import judge
from initbench.datasets.loading import prepare
from initbench.datasets.splits import Splits, write_splits
from initbench.figures.drawing import draw
from initbench.report.contents import claims_in_order, figures_in_order
from initbench.report.page import render
from initbench.report.provenance import provenance
from initbench.study.cells import SCORING, Shard
from initbench.study.checks import data_sets_of
from initbench.study.grid import Study, load_study
from initbench.study.jobs import jobs, manifest, tasks
from initbench.study.reading import read_file
from initbench.tables.choices import at_choice, choose, read_choices
from initbench.tables.collect import collect
from initbench.tables.jobs import read_together, train_job, write_manifest
from initbench.tables.schema import arrow_table
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
    tables, splits = measured(study)
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
        draw(figure, Tables(tables), figures, data_sets_of(study.config))
    config = _renamed(study.config, names or {})
    run = {"config": config, "runs": study.runs, "cells": len(study.cells), "jobs": 1,
           "tuning_seeds": len(study.tuning_seeds), "provenance": provenance(config), "confirmation": None}  # fmt: skip
    render(Tables(tables), figures, str(folder / "index.html"), run)
    return folder / "index.html"


def measured(study: Study) -> tuple[dict[str, str], tuple[str, ...]]:
    """Prepare, train, choose and collect as the rules do: paths of the measured tables, and of the scoring seeds' splits."""
    for shard in study.shards:
        path = Path(study.data_path(shard))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_splits(_splits(study, shard), str(path))
    manifests: dict[str, bool] = {}
    for job in sorted(jobs(study), key=lambda job: not job.tries_rates):
        told, how = at_choice(tasks(study, job)), job.shards[0].training.to_dict()
        with redirect_stdout(StringIO()):
            train_job(told, how)
        path = Path(manifest(study, job))
        path.parent.mkdir(exist_ok=True)
        write_manifest(str(path), told, how)
        manifests[str(path)] = job.tries_rates
    tables = {name: str(study.results / f"{name}.parquet") for name in (*MEASURED, "choices")}
    choose(read_together(path for path, tries in manifests.items() if tries), tables["choices"])
    written = {name: tables[name] for name in MEASURED}
    collect(read_together(manifests), written, study.thresholds, read_choices(tables["choices"]))
    scoring = dict.fromkeys(study.data_path(shard) for shard in study.shards if shard.role == SCORING)
    return tables, tuple(scoring)


def _splits(study: Study, shard: Shard) -> Splits:
    """The prepared data of a shard, by the number of the run where seeds cross axes."""
    seeds = study.split_seeds(shard.seeds)
    source, study_seed = study.source(shard.cell.dataset), study.training.study_seed
    if not isinstance(seeds, dict):
        return prepare(source, seeds, study_seed)
    return replace(prepare(source, list(seeds.values()), study_seed), seeds=np.array([int(run) for run in seeds]))


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
