"""The report: findings in words with their numbers, figures, tables and provenance, on one self-contained page."""

import base64
import datetime
import importlib.metadata
import json
import os
import platform
import sys
from pathlib import Path

import jinja2
import numpy as np
import pandas as pd
import yaml

from initbench import findings

PACKAGES = ("numpy", "scipy", "pandas", "pyarrow", "scikit-learn", "snakemake", "matplotlib", "seaborn")


def provenance(path: str, config: dict) -> dict:
    """What the results were made with; also written to `path`. Nothing here goes into the tables."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    record = {
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "initbench": importlib.metadata.version("initbench"),
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "blas": f"{blas.get('name')} {blas.get('version')}, one thread a job",
        **{name: importlib.metadata.version(name) for name in PACKAGES},
        "config": config,
    }
    Path(path).write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")
    return record


def render(inputs: dict, page: str, params: dict, record: dict) -> None:
    """Write the page from the tables, figures and captions in `inputs`."""
    runs = pd.read_parquet(inputs["runs"])
    signal = pd.read_parquet(inputs["signal"], filters=[("step", "==", 0)])
    comparisons = pd.read_parquet(inputs["comparisons"])
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    template = environment.from_string(Path(inputs["template"]).read_text(encoding="utf-8"))
    text = template.render(
        title=params["config"]["title"],
        config=params["config"],
        config_text=yaml.safe_dump(params["config"], sort_keys=False, allow_unicode=True),
        counts={name: params[name] for name in ("runs", "cells", "jobs")},
        findings=findings.all_findings(runs, signal, inputs["layers"]),
        figures=_figures(params["figures"], inputs["figures"], inputs["captions"]),
        best=findings.best_table(runs),
        edges=findings.edge_cells(runs, params["config"]["learning_rates"]),
        comparisons=_comparison_rows(comparisons),
        reference=params["config"]["reference"],
        status=runs["status"].value_counts().to_dict(),
        provenance={key: value for key, value in record.items() if key != "config"},
    )
    partial = f"{page}.{os.getpid()}.partial"
    Path(partial).write_text(text, encoding="utf-8")
    os.replace(partial, page)


def _figures(names, svgs, captions) -> list[dict]:
    """Figures in the order of the story, pictures embedded as data."""
    order = [
        "distinct_units", "unit_maps", "backward_signal", "activation_spread", "weight_gradient", "learning_curves",
        "test_accuracy", "run_status", "constant_factor",
    ]  # fmt: skip
    found = {
        name: {
            "name": name,
            "title": name.replace("_", " ").capitalize(),
            "data": base64.b64encode(Path(svg).read_bytes()).decode(),
            "caption": Path(caption).read_text(encoding="utf-8"),
        }
        for name, svg, caption in zip(names, svgs, captions, strict=True)
    }
    return [found[name] for name in sorted(names, key=lambda n: (order.index(n) if n in order else 99, n))]


def _comparison_rows(comparisons: pd.DataFrame) -> list[dict]:
    """Rows for the page, numbers as text, nulls as an empty cell."""

    def text(value):
        return "" if value is None or pd.isna(value) else f"{value:.3g}" if isinstance(value, float) else str(value)

    return [{key: text(value) for key, value in row.items()} for row in comparisons.to_dict("records")]
