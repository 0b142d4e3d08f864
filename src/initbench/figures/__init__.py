"""Figures, one a module: a function registered by name takes the study's tables and the words of a language, and draws.

The order of the figures and the sections that show them stand in initbench.report.contents. Figures are drawn inside
`style.style()`; importing one, or a whole study, changes nothing of matplotlib.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from initbench.base.registry import Registry

FIGURES = Registry("figure", "initbench.figures", takes=("tables", "words"))


@dataclass(frozen=True)
class Drawn:
    """A figure as one language shows it.

    Args:
        picture: A matplotlib figure, 85 or 180 mm wide (`style.panels`).
        title: The finding, one sentence computed from the tables.
        caption: What is drawn, of how many seeds, data, updates.
        alt: What is seen, for whoever does not see it.
        moving: Plain values from which the page draws it in motion, by the template of the figure's name, in place of the
            picture.
    """

    picture: Any
    title: str
    caption: str
    alt: str
    moving: Mapping | None = None


@dataclass(frozen=True)
class Figure:
    """A figure of the report; see `figure`."""

    name: str
    tables: tuple[str, ...]
    function: Callable[..., Drawn | None]
    section: str | None = None
    replication: str | None = None
    over_data_sets: bool = False

    @property
    def of_one_data_set(self) -> bool:
        """Whether a study of several data sets has one of each."""
        return not self.over_data_sets and self.replication is None


def figure(
    name: str,
    *,
    tables: tuple[str, ...],
    section: str | None = None,
    replication: str | None = None,
    over_data_sets: bool = False,
):
    """Register the decorated function as the figure `name`.

    Args:
        name: Of the figure and its files.
        tables: Names of the tables that it reads.
        section: The section of the report that shows the figure, for one that the report's table of contents does not list.
        replication: The one whose study has this figure; None for every study's.
        over_data_sets: Whether it shows all data sets of a study at once, or none; others are drawn for each, from its rows alone.

    Returns:
        A decorator of `function(tables, words)`, which is given those tables (initbench.tables.views.Tables) and the words of
        the section `figures.<name>` in one language (initbench.base.catalogue.Words), once a language. It returns a `Drawn`,
        or None where this study has nothing to show; then the figure is left out.

    Raises:
        ValueError: For a name that is taken or not allowed.
    """

    def make(function: Callable) -> Figure:
        return Figure(name, tuple(tables), function, section, replication, over_data_sets)

    return FIGURES.register(name, make)
