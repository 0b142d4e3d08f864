"""The report's sections: a function registered by name returns what the section's template is given, once a language.

The template of a section that comes with the package is templates/sections/<name>.html.j2, its words are in
text/<language>.toml. The order of the sections stands in initbench.report.contents.
"""

from collections.abc import Callable
from dataclasses import dataclass

from initbench.base.catalogue import Words
from initbench.base.registry import Registry

SECTIONS = Registry("section", "initbench.report.sections", takes=("tables", "study", "words"))


@dataclass(frozen=True)
class Section:
    """A section of the report. `function(tables, study, words)` gives what its template shows; see `section`."""

    name: str
    tables: tuple[str, ...]
    function: Callable
    template: str | None = None
    title: str | None = None

    def words(self, language: str) -> Words:
        """Its own words in a language."""
        return Words(language, f"sections.{self.name}")

    def titled(self, language: str) -> str:
        """Its title in a language; an extension's has one for all."""
        return self.title or self.words(language)("title")

    def in_bar(self, language: str) -> str:
        """What the bar at the top of the page calls it."""
        return self.words(language).has("bar") or self.titled(language)


def section(name: str, *, tables: tuple[str, ...] = (), template: str | None = None, title: str | None = None):
    """Register the decorated function as the report section `name`.

    Args:
        name: Of the section, and its anchor in the page.
        tables: Names of the tables that it reads.
        template: The body of the section as the text of a Jinja template, as in "<p>{{ count }} runs.</p>"; values are
            escaped, the filter `text` writes a number with three digits, and `{{ table(columns, rows) }}` a table (see
            templates/macros.html.j2). A section without one shows its figures; those of the package have a file in
            templates/sections/.
        title: For a section whose words are not in the catalogue.

    Returns:
        A decorator of `function(tables, study, words)`, which is given those tables (initbench.tables.views.Tables), what was
        run (a mapping with config, runs, cells, jobs and provenance) and the section's words in the language of the page,
        `words.language`. It returns a mapping of values for the template, or None where this study has nothing to say there;
        then the section is left out, and its figures with it.

    Raises:
        ValueError: For a name that is taken or not allowed.
    """

    return SECTIONS.register(name, lambda function: Section(name, tuple(tables), function, template, title))
