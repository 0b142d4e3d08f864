"""Figures, one a module: a function registered by name takes paths of tables and returns (figure, caption)."""

from collections.abc import Callable
from dataclasses import dataclass

from initbench.base.registry import Registry

FIGURES = Registry("figure", "initbench.figures")


@dataclass(frozen=True)
class Figure:
    """A figure of the report: `function(paths)` draws it from the files named in `tables` and writes its caption.

    section: the report's section that shows it (a name in initbench.report.SECTIONS). place: its order in the report.
    replication: the one whose studies have this figure, or None for every study's.
    """

    name: str
    title: str
    section: str
    place: int
    tables: tuple[str, ...]
    function: Callable
    replication: str | None = None


def figure(name: str, *, title: str, section: str, place: int, tables: tuple[str, ...], replication: str | None = None):
    """Register the decorated function as the figure `name`; its module must have that name."""

    def register(function):
        FIGURES.add(name, Figure(name, title, section, place, tables, function, replication))
        return function

    return register


def in_order(replication: str | None = None) -> list[Figure]:
    """The figures of a study, and of its replication if it is one, in the order of the report."""
    shown = (FIGURES[name] for name in FIGURES if FIGURES[name].replication in (None, replication))
    return sorted(shown, key=lambda f: (f.place, f.name))
