"""A table as it was read, and what is wrong with one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class FaultsError(Exception):
    """All that is wrong with a table."""

    def __init__(self, *faults: str):
        super().__init__(*faults)
        self.faults = faults


@dataclass(frozen=True)
class Raw:
    """The columns of a table as pyarrow arrays. read_as: how, in words; what: what a column is called; label: the one that
    the table itself names; default_features: those taken where the study names none, all others if empty."""

    names: Sequence[str]
    columns: Sequence[Any]
    read_as: str
    what: str = "column"
    label: str | None = None
    default_features: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return len(self.columns[0]) if self.columns else 0
