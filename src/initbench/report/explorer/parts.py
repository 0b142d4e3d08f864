"""What the page shows of the explorer: in each language the first picture, the data, the scripts and the look."""

from collections.abc import Mapping

from markupsafe import Markup

from initbench.base.catalogue import LANGUAGES, TAGS, Words, catalogue
from initbench.report.explorer.data import TABLES, explorer
from initbench.report.explorer.hero import hero
from initbench.report.explorer.packing import packed
from initbench.report.explorer.rendering import template
from initbench.report.explorer.script import LIBRARY, asset, inline, joined_script
from initbench.tables.views import Tables


def parts(tables: Tables, study: Mapping) -> dict | None:
    """The parts by name, safe markup; None for a study without any run, or where one of TABLES is not at hand.

    hero: by language; explorer: the place that the script fills; scripts: the data, the library and the script.
    """
    if not set(TABLES) <= set(tables.paths):
        return None
    words = {language: Words(language, "explorer") for language in LANGUAGES}
    pictures = {language: hero(tables, study, words[language]) for language in LANGUAGES}
    if any(picture is None for picture in pictures.values()):
        return None
    place, content = template("explorer/hero_place.html.j2"), explorer(tables, study) | {"words": words_of_script()}
    scripts = {"data": packed(content), "library": inline(asset(LIBRARY)), "script": joined_script()}
    return {
        "hero": {name: Markup(place.render(picture=picture, language=name)) for name, picture in pictures.items()},
        "explorer": Markup(template("explorer/explorer.html.j2").render(words=words, tags=TAGS)),
        "scripts": Markup(template("explorer/scripts.html.j2").render({k: Markup(v) for k, v in scripts.items()})),
    }


def words_of_script() -> dict:
    """The words that the script needs, in every language."""
    return {language: {name: catalogue(language)[name] for name in ("explorer", "terms")} for language in LANGUAGES}
