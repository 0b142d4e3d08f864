"""The page: every section with its figures, in one file."""

import base64
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

import jinja2

from initbench.base.files import write_atomically
from initbench.report import contents
from initbench.report.sections import Section
from initbench.report.words import of_other_seeds
from initbench.report.words import text as in_words
from initbench.tables.views import Tables

FILES = ("templates", "assets")  # folders of this package that the page is made from, beside code
EXTENDING = '{% extends "section.html.j2" %}{% from "macros.html.j2" import table %}{% block body %}'


def render(tables: Tables, figure_folder: Path, page: str, study: Mapping) -> None:
    """Write the page from the tables that its sections name and the figures in `figure_folder`.

    `study` holds what was run: config, runs, cells, jobs, the number of tuning seeds, the provenance, and the path of the
    claims of the study that confirms it, or None. Sections that have nothing to say in this study are left out.
    """
    drawn = _figures(figure_folder, study["config"]["replication"])
    sections = []
    for section in contents.sections_in_order():
        shown = [figure for figure in drawn if figure["section"] == section.name]
        body = section_as_html(section, tables, study, shown)
        if body is not None:
            sections.append((section, body))
    css = resources.files("initbench.report").joinpath("assets/report.css").read_text(encoding="utf-8")
    index = _environment().get_template("index.html.j2")
    with write_atomically(page) as partial:
        text = index.render(sections=sections, study=study, config=study["config"], css=css)
        Path(partial).write_text(text, encoding="utf-8")


def section_as_html(section: Section, tables: Tables, study: Mapping, figures: Sequence[Mapping] = ()) -> str | None:
    """A section with its figures, from the tables that it names; None where it has nothing to say."""
    values = section.function(Tables({name: tables.paths[name] for name in section.tables}), study)
    if values is None:
        return None
    given = {"section": section, "figures": figures, "study": study, "config": study["config"]}
    given["of_other_seeds"] = of_other_seeds(study["tuning_seeds"])
    return _template(_environment(), section).render(given | values)


def files() -> list[str]:
    """The templates and assets of this package."""
    folder = Path(__file__).parent
    return sorted(str(path) for name in FILES for path in (folder / name).rglob("*") if path.is_file())


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("initbench.report"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["text"] = in_words
    return environment


def _template(environment: jinja2.Environment, section: Section) -> jinja2.Template:
    """The section's own template, the file of its name, or the frame that shows its figures."""
    if section.template is not None:
        return environment.from_string(EXTENDING + section.template + "{% endblock %}")
    return environment.select_template([f"sections/{section.name}.html.j2", "section.html.j2"])


def _figures(folder: Path, replication: str | None) -> list[dict]:
    """The study's figures in the order of the report, numbered, pictures embedded as data."""
    sections = [section.name for section in contents.sections_in_order()]
    return [
        {
            "name": figure.name,
            "number": number,
            "title": figure.title,
            "section": contents.section_of(figure, sections),
            "data": base64.b64encode((folder / f"{figure.name}.svg").read_bytes()).decode(),
            "caption": (folder / f"{figure.name}.txt").read_text(encoding="utf-8"),
        }
        for number, figure in enumerate(contents.figures_in_order(replication), start=1)
    ]
