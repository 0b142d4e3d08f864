"""The text of docs/tables.md."""

from initbench.analyses import ANALYSES
from initbench.claims import TABLE as CLAIMS
from initbench.tables.schema import measured_tables, page


def tables_page() -> str:
    """All tables that a study ends with, those of extensions left out."""
    shipped = (entry for entry in map(ANALYSES.__getitem__, ANALYSES) if entry.is_shipped)
    return page([*measured_tables().values(), CLAIMS, *(entry.table for entry in shipped)])
