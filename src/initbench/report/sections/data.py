"""What was run, and with what."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
import yaml

from initbench.datasets import DATASETS
from initbench.report.looks import looks_text
from initbench.report.sections import section
from initbench.schemes import SCHEMES


@section("data", tables=("runs", "data_columns"))
def data(tables, study, words):
    """How the runs ended, the configuration with its defaults, versions and machine."""
    runs = tables.read("runs", ["role", "status", "scheme", "dataset"])
    ended = [
        (
            words(f"role_{role}"),
            [
                (words.has(f"status_{name}") or words.term(name), int(count))
                for name, count in part["status"].value_counts().items()
            ],
        )
        for role, part in runs.groupby("role")
    ]
    looks, kernels = study["provenance"].get("looks"), study["provenance"].get("kernels", {})
    counted = words.term("comma").join(f"{kernel}{words.term('colon')}{count}" for kernel, count in kernels.items())
    return {
        "finding": words("finding", **{name: study[name] for name in ("runs", "cells", "jobs")}),
        "ended": ended,
        "starts": _described(runs["scheme"].unique(), SCHEMES, lambda entry: entry.function),
        "datasets": _described(runs["dataset"].unique(), DATASETS, lambda entry: entry),
        "own": _own(tables.read("data_columns"), words),
        "config_text": yaml.safe_dump(study["config"], sort_keys=False, allow_unicode=True),
        "looks": looks_text(looks, study["config"]["looks"], words) if looks else None,
        "mixed": words("kernels_mixed", kernels=counted) if len(kernels) > 1 else None,
        "record": [
            (words.has(f"record_{name}") or name, value) for name, value in _record(study["provenance"]).items()
        ],
    }


def _record(provenance: Mapping) -> dict:
    """What is known of versions and machines, a line a fact; what the page says elsewhere is left out."""
    elsewhere = ("config", "looks", "kernels", "jobs", "packages", "data")
    jobs = "; ".join(f"{_line(each)} ({len(each['jobs'])} jobs)" for each in provenance.get("jobs", []))
    packages = ", ".join(f"{name} {version}" for name, version in provenance["packages"].items())
    known = {key: value for key, value in provenance.items() if key not in elsewhere}
    return known | ({"trained_with": jobs} if jobs else {}) | {"packages": packages}


def _described(labels: Iterable[str], known: Mapping[str, Any], behind: Callable[[Any], Any]) -> list[tuple[str, str]]:
    """(name, the first line of what its code says of it), of those whose code is known here and says something."""
    names = sorted({label.partition("(")[0] for label in labels} & set(known))
    said = {name: inspect.getdoc(behind(known[name])) for name in names}
    return [(name, text.splitlines()[0]) for name, text in said.items() if text]


def _own(columns: pd.DataFrame, words) -> list[tuple[str, list[tuple]]]:
    """(data set, a row a column: name, what it was taken as, inputs, values, missing, what was done) of users' own tables."""
    found = []
    for dataset, part in columns.groupby("dataset"):
        rows = []
        for column in part.itertuples():
            notes = words("stop_between").join(words(f"note_{code}") for code in column.notes.split(", ") if code)
            counts = ["" if pd.isna(count) else int(count) for count in (column.inputs, column.values, column.missing)]
            rows.append((column.name, words(f"kind_{column.kind}"), *counts, notes))
        found.append((dataset, rows))
    return found


def _line(environment):
    """With what some jobs were run, in a line."""
    versions = ", ".join(f"{name} {version}" for name, version in environment["versions"].items())
    parts = (environment[key] for key in ("kernel", "revision", "platform") if environment[key])
    return ", ".join([*parts, f"threads {environment['threads']}", f"python {environment['python']}", versions])
