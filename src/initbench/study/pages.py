"""What is written from the models of the configuration: the schema for editors, the default study, the page of the docs."""

import json
import os
from typing import Any

import yaml
from pydantic import BaseModel

from initbench.study.checks import FURTHER_GRIDS
from initbench.study.config import Config, Grid, Report, ThresholdsConfig, TrainingConfig
from initbench.study.default_study import HEADINGS, NOTES, VALUES
from initbench.study.messages import allowed
from initbench.study.reading import RENAMED
from initbench.study.values import OpenML, OwnFile

SCHEMA = "workflow/schemas/config.schema.json"  # in a checkout
WIDTH = 120
COMMENTS = 30  # column at which a comment starts, where its line is short enough
LONGEST_LIST = 70  # characters of a list on one line

INTRODUCTION = """\
# Configuration

A study is one YAML file: `config.yaml` is the default one, `snakemake --configfile mine.yaml` runs another. A file stands
alone: what it does not say has the default below, not the default study's value. Every key may be left out, and no other key
is taken. A wrong key or value stops before any job, with one message that says what is allowed.

Study files are read by initbench, strictly: YAML or JSON of plain values, UTF-8, each key once, without tags or templates,
numbers as JSON writes them (`010`, `1_000` and `1:30`, which YAML readers take for other numbers, are refused). So a
stranger's study file runs no code but the extensions that it names. `--configfile` comes to this by way of
`profiles/default`, which Snakemake takes by itself. With `--workflow-profile none` Snakemake's own reader, which runs what
stands in a file under `__use_yte__: true`, sees it first: `--config study=mine.yaml` in place of `--configfile mine.yaml`
keeps it from that reader always.

`--config seeds=20 'depths=[2, 4]' training='{steps: 50}'` sets single keys from the command line. From Python a study is the same mapping:
`initbench.load_study({"seeds": 20, "depths": [2, 4]})`, or a path. Paths are relative to where the command is run.

Editors that know JSON Schema check and complete a study file whose first line is
`# yaml-language-server: $schema=workflow/schemas/config.schema.json`, a path from the file's own folder. All shipped studies begin so.
"""
OWN_FILES = """\
`datasets: [{name: customers, path: customers.csv, label: churned, drop: [customer_id]}]`. A file is read whole before any job, and
all that is wrong with it is said at once, a line a fault, by column. What is done with it:

- **CSV**: commas, semicolons, tabs or bars; UTF-8 with or without a byte-order mark, UTF-16, or Windows-1252; quoted fields; gzip; decimal
  commas where the file shows them without doubt. Refused, with what to do: separators of thousands (`1,234` may be either), numbers
  with units, no header, rows of another width, columns of one name or of none (an index).
- **Numbers** stay numbers. **Text** becomes one input a category, one for two; categories of fewer than 1 % of the rows (or two rows)
  are one, *other*. Columns of `categories` are text whatever they hold, and
  so are codes with leading zeros (`01234`). A column of which most rows are alone with their text is
  refused: an identifier, free text or dates; name it in `drop`.
- **Missing** values (empty, `NA`, `N/A`, `NaN`, `null`, `None`, `?`, `-`, `.`) are a category of their own in text. In numbers they
  are filled with the median of the seed's training part, and where 1 % of the rows or more lack one, an input says so.
- **Scaling**: every input is standardised by mean and standard deviation of the seed's training part. Which columns and categories there
  are is read from the whole file, never from its labels; nothing else of validation and test rows is used.
- **Left out**, and said: columns of one value, and those that fewer than 1 % of the rows have.
- **Taken, with a warning**: a column that counts the rows or has another whole number in each (an identifier), and one whose values
  each have one class (it tells the label).
- **Labels** are whole numbers or text, truth values and −1/+1 among them, with gaps or without. Classes keep their names: `NA` and `01` are
  text. Every class needs five rows. Quantities are refused: initbench classifies.

What became of each column stands in the table `data_columns`, in the report under *Data and method*, and in `provenance.json`.
`batch_size` must not exceed the rows trained on, three fifths of a data set."""
AT_OPENML = """\
`datasets: [{name: credit, openml: credit-g, version: 1}]`. scikit-learn fetches it once, before any job, and keeps it in its data home
(`SCIKIT_LEARN_DATA`, by default `~/scikit_learn_data`); on a cluster the nodes must see that folder. Its columns are treated as
those of a file."""
SECTIONS_OF: dict[str, type[BaseModel]] = {"training": TrainingConfig, "thresholds": ThresholdsConfig}
SECTIONS: tuple[tuple[str, type[BaseModel], str], ...] = (
    ("The study", Report, ""),
    ("The grid", Grid, "Every combination of these is a cell. At depth 0 there is no hidden layer to normalise."),
    ("Running it", Config, ""),
    ("`training`", TrainingConfig, ""),
    ("`thresholds`", ThresholdsConfig, ""),
    ("A file of your own among `datasets`", OwnFile, OWN_FILES),
    ("A data set at OpenML among `datasets`", OpenML, AT_OPENML),
)


def schema() -> str:
    """The JSON schema of a study file, for editors; initbench itself checks by the models."""
    found = _without_titles(Config.model_json_schema())
    for part in found["$defs"]["Grid"]["properties"].values():
        part.pop("default")  # in a further grid: the study's own value
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A study"} | found
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _without_titles(part: Any) -> Any:
    """The schema without the titles that only repeat the keys."""
    if isinstance(part, list):
        return [_without_titles(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {key: _without_titles(value) for key, value in part.items() if key != "title" or isinstance(value, dict)}


def schema_line(folder: str = ".") -> str:
    """The first line of a study file in a folder of a checkout, by which editors check and complete it."""
    return f"# yaml-language-server: $schema={os.path.relpath(SCHEMA, folder)}"


def default_study() -> str:
    """The default study as a YAML file, each key with its meaning."""
    lines = [
        schema_line(),
        "# The default study. Every key, its default and what it may be: docs/reference/configuration.md",
        "",
    ]
    for key, value in VALUES.items():
        if key in HEADINGS:
            lines += ["", f"# --- {HEADINGS[key]} ".ljust(WIDTH - 2, "-")]
        lines += _commented(_entry(key, value, Config.model_fields[key].description))
    return "\n".join(lines) + "\n"


Lines = list[tuple[str, str]]  # of YAML, each with its comment


def _entry(key: str, value: Any, meaning: str | None = "") -> Lines:
    """The lines of one key."""
    first = (f"{key}:", NOTES.get(key, meaning) if meaning else "")
    if isinstance(value, dict):
        parts = SECTIONS_OF[key].model_fields
        inner = [line for name in value for line in _entry(name, value[name], parts[name].description)]
        return [("", ""), first, *((f"  {text}", comment) for text, comment in inner)]
    if value and isinstance(value, list) and isinstance(value[0], dict):
        return [first, *(line for grid in value for line in _grid(grid))]
    if isinstance(value, list) and len(_flow(value)) > LONGEST_LIST:
        return [first, *((f"  - {_flow(item)}", NOTES.get(item, "")) for item in value)]
    return [(f"{key}: {_flow(value)}", first[1])]


def _grid(grid: dict[str, Any]) -> Lines:
    """One item of the list of further grids; what its keys mean is said above."""
    lines = [line for key, value in grid.items() for line in _entry(key, value)]
    return [((f"  - {text}" if i == 0 else f"    {text}"), comment) for i, (text, comment) in enumerate(lines)]


def _commented(lines: Lines) -> list[str]:
    """Each line with its comment beside it."""
    return [f"{text:<{COMMENTS - 1}} # {comment}" if comment else text for text, comment in lines]


def _flow(value: Any) -> str:
    """A value on one line of YAML."""
    return yaml.safe_dump(value, default_flow_style=True, width=10**6, allow_unicode=True).removesuffix("...\n").strip()


def page() -> str:
    """docs/reference/configuration.md."""
    return f"{INTRODUCTION}\n{tables_of_keys()}"


def tables_of_keys() -> str:
    """Every key, section by section: what it may be, its default, its meaning."""
    lines = []
    for title, model, text in SECTIONS:
        lines += [f"## {title}", "", *([text, ""] if text else []), *_table(model), ""]
    lines += [
        "## Former names",
        "",
        "Still taken, with a note: " + ", ".join(f"`{a}` (`{b}`)" for a, b in RENAMED.items()) + ".",
    ]
    return "\n".join(lines) + "\n"


def _table(model: type[BaseModel]) -> list[str]:
    root = model.model_json_schema()
    inherited = {key for base in model.__bases__ if issubclass(base, BaseModel) for key in base.model_fields}
    rows = ["| key | may be | default | meaning |", "|---|---|---|---|"]
    for key, field in model.model_fields.items():
        if key in inherited:
            continue
        part = root["properties"][key]
        may = "a list of grids" if key in FURTHER_GRIDS else "see below" if "$ref" in part else allowed(part, root)
        default = "" if "$ref" in part else "" if field.is_required() else f"`{_flow(part['default'])}`"
        rows.append(f"| `{key}` | {may} | {default} | {field.description} |")
    return rows
