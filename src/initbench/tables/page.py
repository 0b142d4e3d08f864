"""The text of docs/reference/tables.md: how tables are read and joined, and every table with its columns."""

from collections.abc import Iterable

from initbench.base.columns import Column, Table
from initbench.tables.schema import ARROW

HEAD = """\
# Tables

`results/tables/*.parquet` hold all that a study found, a Parquet file a table. Undefined values are null, never NaN; rows are sorted by
their keys. `initbench columns` lists the tables, `initbench columns runs` the columns of one, and
`initbench columns results/tables/runs.parquet` what a file says of itself: its columns, its study, and what wrote it.

## Ids

Three words stand for the keys of a row. None is ever null, and the same cell, start or run has the same one in every table, whatever
the grid around it, and in every study, so that two studies can be laid side by side.

| id | is one | made of |
|---|---|---|
| `cell_id` | cell | `dataset`, `architecture`, `width`, `depth`, `activation`, `normalization`, `optimizer`, `scheme` |
| `start_id` | start | those, `role` and `seed` |
| `run_id` | run | those and `learning_rate`; of a run without one it is the `start_id` |

A table has each id whose keys it has: `runs`, `history`, `signal` and `layers` all three, tables with a row a cell (`choices`, `theory`,
`comparisons` …) `cell_id`. In `signal` and `layers` a row at step 0 is a start, which stands for all its runs, whatever their learning
rates: there `run_id` is the `start_id`.

| join `runs` with | on |
|---|---|
| `history`, at any step; `signal` and `layers` after step 0 | `run_id` |
| `signal` and `layers` at step 0 | `start_id`, where `step` is 0 |
| `cells`, `theory`, `choices`, `comparisons` and other tables with a `cell_id` | `cell_id` |

## What a file says of itself

| key of the file's metadata | is |
|---|---|
| `initbench:table`, `initbench:row` | the table's name, and what a row of it is |
| `initbench:columns` | JSON: of each column its name, type, unit and meaning |
| `initbench:study` | JSON: the configuration that the runs were made from, defaults included; a table made from no run has none |
| `initbench:version`, `initbench:revision` | what wrote it: the version of initbench and, in a checkout, the git revision |
| `initbench:sha256` | the digest of the file's bytes with zeros in its place, by which damage is noticed |

A unit `share` or `probability` is a number from 0 to 1, `nats` is information in natural logarithms, `updates` are steps of the optimiser;
a number without a unit is a count, a ratio, or has the unit that its meaning says.

The study is there without what changes no run: its title and folders, the sizes of jobs and files, the reference of the statistics.
pandas finds all this in `DataFrame.attrs`, PyArrow meanings and units with each field of the schema too.

`cells` has a row a cell, with the name and the parameters of its scheme apart: `constant(0.1,bias=0.1)` is `constant` with
`value` 0.1 and `bias` 0.1.

### pandas

```python
import pandas as pd

runs = pd.read_parquet("results/tables/runs.parquet")
history = pd.read_parquet("results/tables/history.parquet", columns=["run_id", "step", "train_loss"])
signal = pd.read_parquet("results/tables/signal.parquet", filters=[("step", "==", 0)])

curves = runs[["run_id", "scheme", "depth", "selected"]].merge(history, on="run_id")
at_start = runs.merge(signal[["start_id", "gradient_factor"]], on="start_id")

print(runs.attrs["meaning"]["steps_to_target"], "·", runs.attrs["unit"]["steps_to_target"])
print(runs.attrs["row"], runs.attrs["version"])
```

Whole numbers with nulls become floats in pandas; `pd.read_parquet(path, dtype_backend="pyarrow")` keeps them whole.

### DuckDB

```sql
SELECT scheme, depth, step, avg(history.train_loss) AS loss
FROM 'results/tables/runs.parquet' AS runs
JOIN 'results/tables/history.parquet' AS history USING (run_id, scheme, depth)
WHERE selected
GROUP BY ALL
ORDER BY ALL;
```

```sql
SELECT runs.run_id, runs.status, signal.gradient_factor
FROM 'results/tables/runs.parquet' AS runs
JOIN 'results/tables/signal.parquet' AS signal USING (start_id)
WHERE signal.step = 0;
```

```sql
SELECT value, avg(test_accuracy) AS accuracy
FROM 'results/tables/runs.parquet' AS runs
JOIN (
  SELECT cell_id, unnest(scheme_parameters, recursive := true)
  FROM 'results/tables/cells.parquet'
  WHERE scheme_name = 'constant') AS cells USING (cell_id)
WHERE cells.name = 'value' AND selected
GROUP BY ALL
ORDER BY value;
```

```sql
SELECT unnest(
  from_json(decode(value), '[{"name": "VARCHAR", "type": "VARCHAR", "unit": "VARCHAR", "meaning": "VARCHAR"}]'), recursive := true)
FROM parquet_kv_metadata('results/tables/runs.parquet')
WHERE decode(key) = 'initbench:columns';
```

### polars

```python
import json

import polars as pl

runs = pl.read_parquet("results/tables/runs.parquet")
history = pl.scan_parquet("results/tables/history.parquet").select("run_id", "step", "train_loss")
signal = pl.scan_parquet("results/tables/signal.parquet").filter(pl.col("step") == 0)

curves = runs.lazy().select("run_id", "scheme", "depth", "selected").join(history, on="run_id").collect()
at_start = runs.lazy().join(signal.select("start_id", "gradient_factor"), on="start_id").collect()

said = pl.read_parquet_metadata("results/tables/runs.parquet")
columns = pl.DataFrame(json.loads(said["initbench:columns"]))
study = json.loads(said["initbench:study"])
```
"""


def page(tables: Iterable[Table]) -> str:
    """The whole page: each table, what a row of it is, its columns."""
    lines = [HEAD]
    for table in tables:
        lines += [f"## {table.name}", "", f"A row is {table.row}.", ""]
        lines += ["| column | type | unit | meaning |", "|---|---|---|---|"]
        for column in table.columns:
            lines += _lines(column, column.name)
        lines.append("")
    return "\n".join(lines)


def _lines(column: Column, name: str) -> list[str]:
    """The row of a column, then those of its records' parts."""
    parts = column.type if isinstance(column.type, tuple) else ()
    kind = "list" if isinstance(column.type, tuple) else ARROW[column.type]
    meaning = column.meaning.replace("|", r"\|")
    return [
        f"| `{name}` | {kind} | {column.unit} | {meaning} |",
        *(line for part in parts for line in _lines(part, f"{name}.{part.name}")),
    ]
