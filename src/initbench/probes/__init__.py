"""Probes: what is measured of a network at one moment, one family of quantities a file.

A probe is a function registered by name, with the columns that it fills. It is given a `Snapshot` or one of its layers and
returns a float64 array (M,) for each column, NaN where the quantity is undefined.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from initbench.base.columns import Column
from initbench.base.registry import Registry

PROBES = Registry("probe", "initbench.probes", check="initbench.probes.check:check")

TABLES = ("layers", "signal")
# The order of the shipped probes' columns in the tables; those of extensions follow, by name.
ORDER = ("preactivation", "activation", "norms", "cotangents", "update", "change", "symmetry", "signal", "jacobian")


@dataclass(frozen=True)
class Probe:
    """A registered probe: its table is `layers` if it is given a LayerSnapshot, `signal` if it is given a Snapshot."""

    name: str
    function: Callable
    table: str
    columns: tuple[Column, ...]
    start_only: bool = False


def probe(name: str, *, table: str = "layers", columns: Sequence[Column] = (), start_only: bool = False) -> Callable:
    """Register the decorated function as the probe `name`, which fills columns of a table.

    Args:
        name: Of the probe.
        table: layers, for which it is called with each layer of a snapshot, `function(layer)`; or signal, once a snapshot,
            `function(snapshot)`.
        columns: Those that it fills.
        start_only: It looks at networks at their start alone; its columns are NaN afterwards.

    Returns:
        A decorator of the function, which returns an (M,) array for each column, by name, for the M networks of a snapshot.

    Raises:
        ValueError: For another table, without columns, or with a column that another probe of the table fills.
    """
    register = PROBES.register(name, lambda function: Probe(name, function, table, tuple(columns), start_only))
    if table not in TABLES:
        raise ValueError(f"probe {name!r}: table {table!r}: choose one of {', '.join(TABLES)}")
    if not columns:
        raise ValueError(f"probe {name!r}: declare the columns that it fills, columns=[Column(name, type, meaning)]")
    others = [entry for key, entry in PROBES.registered().items() if key != name and entry.table == table]
    taken = {column.name: entry.name for entry in others for column in entry.columns}
    for column in columns:
        if column.name in taken:
            raise ValueError(f"probe {name!r}: the probe {taken[column.name]!r} fills {column.name} already")
    return register


def probes(table: str) -> list[Probe]:
    """The probes that fill a table, in the order of its columns."""
    rank = {name: number for number, name in enumerate(ORDER)}
    found = [PROBES[name] for name in PROBES]
    return sorted((p for p in found if p.table == table), key=lambda p: (rank.get(p.name, len(ORDER)), p.name))


def columns(table: str) -> list[Column]:
    """The columns that probes fill in a table, in order."""
    return [column for entry in probes(table) for column in entry.columns]
