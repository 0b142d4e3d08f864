"""The report's sections, one a module: a function registered by name says what its template is given.

A section's template is workflow/report/<name>.html.j2; it extends section.html.j2, which puts the section's heading and
figures around it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from initbench.base.registry import Registry

SECTIONS = Registry("report section", "initbench.report")


@dataclass(frozen=True)
class Section:
    """A section of the report: `function(paths, study)` reads the files named in `tables`.

    It returns the values for the template, or None where this study has nothing to say there; `study` is the mapping of
    what was run (see page.render). place: the order of the sections.
    """

    name: str
    title: str
    place: int
    tables: tuple[str, ...]
    function: Callable


def section(name: str, *, title: str, place: int, tables: tuple[str, ...] = ()):
    """Register the decorated function as the report section `name`."""

    def register(function):
        SECTIONS.add(name, Section(name, title, place, tables, function))
        return function

    return register


def in_order() -> list[Section]:
    """All sections in the order of the page."""
    return sorted((SECTIONS[name] for name in SECTIONS), key=lambda s: (s.place, s.name))


def text(value) -> str:
    """A table's value as the page shows it: three significant digits, null as nothing."""
    if value is None or value != value:
        return ""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def between(value, low, high) -> str:
    """value (low to high), without the interval where there is none."""
    interval = f" ({text(float(low))} to {text(float(high))})" if low == low and low is not None else ""
    return (text(float(value)) + interval) if value is not None and value == value else ""
