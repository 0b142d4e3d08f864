"""The page: every section with its figures, in both languages, in one file."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from initbench.base.catalogue import LANGUAGES, TAGS, Words
from initbench.base.files import write_atomically
from initbench.figures.typeface import face
from initbench.report import contents
from initbench.report import words as in_words
from initbench.report.explorer.parts import parts
from initbench.report.pictures import figures_shown
from initbench.report.sections import Section
from initbench.tables.views import Tables

FILES = ("templates", "assets", "text")  # folders of this package that the page is made from, beside code
EXTENDING = '{% extends "section.html.j2" %}{% from "macros.html.j2" import table with context %}{% block body %}'
FONT_MARK = "<!-- the font -->"  # where index.html.j2 takes it
STYLES = ("report.css", "explorer/explorer.css", "claims.css", "units_parting.css")
SCRIPTS = ("page.js", "claims.js", "units_parting.js")


def render(tables: Tables, figure_folder: Path, page: str, study: Mapping) -> None:
    """Write the page from the tables that its sections name and the figures in `figure_folder`.

    `study` holds what was run: config, runs, cells, jobs, the number of tuning seeds, the provenance, and the path of the
    claims of the study that confirms it, or None. Sections that have nothing to say in this study are left out.
    """
    rules, figures = figures_shown(figure_folder, study["config"]["replication"])
    explorer = parts(tables, study)
    known = {"figures": {figure["name"]: figure for figure in figures}, "explores": explorer is not None}
    sections = sections_of(tables, figures, {**study, **known})
    index = _environment().get_template("index.html.j2")
    with write_atomically(page) as partial:
        text = index.render(
            sections=sections, study=study, config=study["config"], title=titles(study["config"]["title"]), languages=LANGUAGES,
            tags=TAGS, page={language: Words(language, "page") for language in LANGUAGES},
            css="\n".join([*map(_asset, STYLES), rules]), script="\n".join(map(_asset, SCRIPTS)), explorer=explorer,
        )  # fmt: skip
        Path(partial).write_text(with_font(text), encoding="utf-8")


def with_font(text: str) -> str:
    """The page with those characters of the figures' font that it has: figures are set in it, and Chinese where a reader has none."""
    return text.replace(FONT_MARK, face("".join(sorted(set(text)))), 1)


def sections_of(tables: Tables, figures: Sequence[Mapping], study: Mapping) -> list[dict]:
    """The sections that have something to say, each with its titles, findings and bodies by language, and its figures."""
    found = []
    for section in contents.sections_in_order():
        said = {language: said_by(section, tables, study, language) for language in LANGUAGES}
        if any(texts is None for texts in said.values()):
            continue
        shown = [figure for figure in figures if figure["section"] == section.name]
        by_language = {
            part: {language: said[language][part] for language in LANGUAGES}
            for part in ("title", "bar", "finding", "body")
        }
        found.append({"name": section.name, "figures": shown} | by_language)
    return found


def said_by(section: Section, tables: Tables, study: Mapping, language: str) -> dict | None:
    """What a section says in a language, from the tables that it names: title, bar, finding and body; None if nothing."""
    words = section.words(language)
    values = section.function(Tables({name: tables.paths[name] for name in section.tables}), study, words)
    if values is None:
        return None
    given = {"section": section, "study": study, "config": study["config"], "words": words, "say": _marked_up(words)}
    body = Markup(_template(_environment(), section).render(given | values))
    titles = {"title": section.titled(language), "bar": section.in_bar(language)}
    return titles | {"finding": values.get("finding"), "body": body}


def section_as_html(section: Section, tables: Tables, study: Mapping, language: str) -> str | None:
    """A section's finding and body, one after the other; None where it has nothing to say."""
    said = said_by(section, tables, study, language)
    return said and escape(said["finding"] or "") + said["body"]


def files() -> list[str]:
    """The templates, assets and words of this package."""
    folder = Path(__file__).parent
    return sorted(str(path) for name in FILES for path in (folder / name).rglob("*") if path.is_file())


def _marked_up(words: Words):
    """The words of a key that hold tags of HTML; what is filled in is escaped."""

    def say(key: str, **values: object) -> Markup:
        return Markup(
            words(key, **{name: escape(value) if isinstance(value, str) else value for name, value in values.items()})
        )

    return say


def titles(title: str) -> dict[str, tuple[str, str]]:
    """The study's title and its language, by the language of the page: that of the default study is known in both."""
    if title == Words("en", "page")("question"):
        return {language: (Words(language, "page")("question"), TAGS[language]) for language in LANGUAGES}
    return dict.fromkeys(LANGUAGES, (title, TAGS["en"]))


def _asset(name: str) -> str:
    return resources.files("initbench.report").joinpath(f"assets/{name}").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    """One for all sections: it keeps the templates that it has translated."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("initbench.report"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["text"] = in_words.text
    environment.tests["a_number"] = in_words.is_number
    return environment


def _template(environment: jinja2.Environment, section: Section) -> jinja2.Template:
    """The section's own template, the file of its name, or the frame that shows its figures."""
    if section.template is not None:
        return environment.from_string(EXTENDING + section.template + "{% endblock %}")
    return environment.select_template([f"sections/{section.name}.html.j2", "section.html.j2"])
