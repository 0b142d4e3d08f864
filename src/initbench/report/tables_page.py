"""The text of docs/reference/tables.md."""

from initbench.analyses import ANALYSES
from initbench.base.columns import Table
from initbench.claims.tables import CLAIM_CELLS, CLAIMS
from initbench.tables.choices import TABLE as CHOICES
from initbench.tables.page import page
from initbench.tables.schema import measured_tables


def shipped_tables() -> dict[str, Table]:
    """All tables that a study ends with, by name, those of extensions left out."""
    analyses = (entry.table for entry in map(ANALYSES.__getitem__, ANALYSES) if entry.is_shipped)
    return {table.name: table for table in (*measured_tables().values(), CHOICES, CLAIMS, CLAIM_CELLS, *analyses)}


def tables_page() -> str:
    """All of them, with their columns."""
    return page(shipped_tables().values())
