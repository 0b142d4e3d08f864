"""Figures, one a module: a function registered by name takes the study's tables and returns (figure, caption).

The order of the figures and the sections that show them stand in initbench.report.contents. Figures are drawn inside
`style.style()`; importing one, or a whole study, changes nothing of matplotlib.
"""

from collections.abc import Callable
from dataclasses import dataclass

from initbench.base.registry import Registry

FIGURES = Registry("figure", "initbench.figures", takes=("tables",))


@dataclass(frozen=True)
class Figure:
    """A figure of the report; see `figure`."""

    name: str
    title: str
    tables: tuple[str, ...]
    function: Callable
    section: str | None = None
    replication: str | None = None


def figure(
    name: str, *, title: str, tables: tuple[str, ...], section: str | None = None, replication: str | None = None
):
    """Register the decorated function as the figure `name`.

    `function(tables)` is given the tables that it names (initbench.tables.views.Tables) and returns (matplotlib figure, caption).
    It says so in a figure (`style.nothing`) where the study has nothing to show.

    section: the section of the report that shows the figure, for one that the report's table of contents does not list.
    replication: the one whose study has this figure; None for every study's.
    """

    return FIGURES.register(name, lambda function: Figure(name, title, tuple(tables), function, section, replication))
