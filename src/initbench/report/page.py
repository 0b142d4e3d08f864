"""The page: every section with its figures, and the record of what the study was made with, in one file."""

import base64
import datetime
import importlib.metadata
import json
import os
import platform
import sys
from collections.abc import Mapping
from pathlib import Path

import jinja2
import numpy as np
from threadpoolctl import threadpool_info

from initbench import figures, report
from initbench.base.files import write_atomically

PACKAGES = ("numpy", "scipy", "pandas", "pyarrow", "scikit-learn", "snakemake", "matplotlib", "seaborn")


def provenance(path: str, config: dict) -> dict:
    """What the results were made with; also written to `path`. Nothing here goes into the tables."""
    np.ones((2, 2)) @ np.ones((2, 2))  # loads the library that is asked for next
    blas = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    record = {
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "initbench": importlib.metadata.version("initbench"),
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "blas": ", ".join(
            f"{pool['internal_api']} {pool['version']}, kernel {pool.get('architecture')}" for pool in blas
        ),
        **{name: importlib.metadata.version(name) for name in PACKAGES},
        "config": config,
    }
    Path(path).write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")
    return record


def render(paths: Mapping[str, str], templates: Path, figure_folder: Path, page: str, study: Mapping) -> None:
    """Write the page from the files in `paths` (table name → path) and the figures in `figure_folder`.

    `study` holds what was run: config, runs, cells, jobs and the provenance. Sections that have nothing to say in this
    study are left out.
    """
    loader = jinja2.FileSystemLoader(templates)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["text"] = report.text
    drawn = _figures(figure_folder, study["config"]["replication"])
    sections = []
    for section in report.in_order():
        values = section.function({name: paths[name] for name in section.tables}, study)
        shown = [figure for figure in drawn if figure["section"] == section.name]
        if values is not None:
            template = environment.get_template(f"{section.name}.html.j2")
            body = template.render(section=section, figures=shown, study=study, config=study["config"], **values)
            sections.append((section, body))
    text = environment.get_template("index.html.j2").render(sections=sections, study=study, config=study["config"])
    with write_atomically(page) as partial:
        Path(partial).write_text(text, encoding="utf-8")


def _figures(folder: Path, replication: str | None) -> list[dict]:
    """The study's figures in the order of the report, numbered, pictures embedded as data."""
    return [
        {
            "name": figure.name,
            "number": number,
            "title": figure.title,
            "section": figure.section,
            "data": base64.b64encode((folder / f"{figure.name}.svg").read_bytes()).decode(),
            "caption": (folder / f"{figure.name}.txt").read_text(encoding="utf-8"),
        }
        for number, figure in enumerate(figures.in_order(replication), start=1)
    ]
