"""What every analysis keeps to: it takes what it is given, and gives the columns that it declares, of a study without runs too."""

import tempfile
from collections import Counter
from pathlib import Path

from initbench.analyses import MEASURED, Analysis, Settings
from initbench.base.arguments import check_arguments, one_line


def check(name: str, entry: Analysis) -> None:
    """Try an analysis out; ValueError says what is wrong with it."""
    check_arguments(f"analysis {name}", entry.function, "tables", "settings")
    check_arguments(f"analysis {name}: uses", entry.uses, "study")
    twice = [column for column, times in Counter(column.name for column in entry.columns).items() if times > 1]
    if twice or not entry.columns:
        raise ValueError(f"analysis {name} declares {f'the column {twice[0]!r} twice' if twice else 'no columns'}")
    if entry.reads and set(entry.reads) <= set(MEASURED):
        _try(name, entry)


def _try(name: str, entry: Analysis) -> None:
    """Compute it from empty tables, which a study may have."""
    from initbench.analyses.making import compute_entry
    from initbench.base.parquet import write_parquet
    from initbench.tables.schema import arrow_schema, measured_tables
    from initbench.tables.views import Tables

    with tempfile.TemporaryDirectory() as folder:
        paths = {table: str(Path(folder) / f"{table}.parquet") for table in entry.reads}
        for table, path in paths.items():
            write_parquet(arrow_schema(measured_tables()[table].columns).empty_table(), path)
        try:
            compute_entry(entry, Tables(paths), Settings())
        except Exception as error:
            raise ValueError(f"analysis {name}, of a study without runs: {one_line(error)}") from error
