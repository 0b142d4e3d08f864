"""Figures, one a module: a function registered by name takes paths of tables and returns (figure, caption)."""

from collections.abc import Callable
from dataclasses import dataclass

from initbench.registry import Registry

FIGURES = Registry("figure", "initbench.figures")


@dataclass(frozen=True)
class Figure:
    """A figure of the report: `function(paths)` draws it from the files named in `tables` and writes its caption.

    section: the report's section that shows it (a name in initbench.report.SECTIONS). place: its order in the report.
    """

    name: str
    title: str
    section: str
    place: int
    tables: tuple[str, ...]
    function: Callable


def figure(name: str, *, title: str, section: str, place: int, tables: tuple[str, ...]):
    """Register the decorated function as the figure `name`; its module must have that name."""

    def register(function):
        FIGURES.add(name, Figure(name, title, section, place, tables, function))
        return function

    return register


def in_order() -> list[Figure]:
    """All figures in the order of the report."""
    return sorted((FIGURES[name] for name in FIGURES), key=lambda f: (f.place, f.name))
