"""The report's sections: a function registered by name returns what the section's template is given.

The template of a section that comes with the package is templates/sections/<name>.html.j2.
The order of the sections stands in initbench.report.contents.
"""

from collections.abc import Callable
from dataclasses import dataclass

from initbench.base.registry import Registry

SECTIONS = Registry("section", "initbench.report.sections", takes=("tables", "study"))


@dataclass(frozen=True)
class Section:
    """A section of the report. `function(tables, study)` gives what its template shows; see `section`."""

    name: str
    title: str
    tables: tuple[str, ...]
    function: Callable
    template: str | None = None


def section(name: str, *, title: str, tables: tuple[str, ...] = (), template: str | None = None):
    """Register the decorated function as the report section `name`.

    `function(tables, study)` is given the tables that it names (initbench.tables.views.Tables) and what was run: a mapping
    with config, runs, cells, jobs and provenance. It returns a mapping of values for the template, or None where this study
    has nothing to say there; then the section is left out, and its figures with it.

    template: the body of the section as the text of a Jinja template, as in "<p>{{ count }} runs.</p>"; values are escaped,
    the filter `text` writes a number with three digits, and `{{ table(columns, rows) }}` a table (see
    templates/macros.html.j2). A section without one shows its figures; those of the package have a file in templates/sections/.
    """

    return SECTIONS.register(name, lambda function: Section(name, title, tuple(tables), function, template))
