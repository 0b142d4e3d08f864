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

    picture: a matplotlib figure, 85 or 180 mm wide (`style.panels`). title: the finding, one sentence computed from the tables.
    caption: what is drawn, of how many seeds, data, updates. alt: what is seen, for whoever does not see it. moving: plain values
    from which the page draws it in motion, by the template of the figure's name, in place of the picture.
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

    `function(tables, words)` is given the tables that it names (initbench.tables.views.Tables) and the words of the section
    `figures.<name>` in one language (initbench.base.catalogue.Words); it is called once a language. It returns a `Drawn`, or None
    where this study has nothing to show; then the figure is left out.

    section: the section of the report that shows the figure, for one that the report's table of contents does not list.
    replication: the one whose study has this figure; None for every study's. over_data_sets: whether it shows all data sets of
    a study at once, or none; others are drawn for each, from its rows alone.
    """

    def make(function: Callable) -> Figure:
        return Figure(name, tuple(tables), function, section, replication, over_data_sets)

    return FIGURES.register(name, make)
