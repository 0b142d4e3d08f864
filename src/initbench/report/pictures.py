"""The figures as the page carries them: in both languages, and with what they share said once."""

import re
from collections import Counter
from collections.abc import Hashable, Mapping
from pathlib import Path

from markupsafe import escape

from initbench.base.catalogue import LANGUAGES, TAGS
from initbench.base.files import read_json
from initbench.figures.typeface import without_font
from initbench.report import contents

STYLE = re.compile(r' style="([^"]*)"')


def figures_shown(folder: Path, replication: str | None) -> tuple[str, list[dict]]:
    """(rules for a style sheet, figures): those that have something to show, in the order of the report, each with its name, number,
    section, width, and in `languages`, by language, its tag, title, caption, alternative text and picture, an <svg> element."""
    sections = [section.name for section in contents.sections_in_order()]
    named = contents.figures_in_order(replication)
    texts = {figure.name: read_json(folder / f"{figure.name}.json") for figure in named}
    figures = [figure for figure in named if texts[figure.name]["shown"]]
    numbers = {figure.name: number for number, figure in enumerate(figures, start=1)}
    rules, pictures = sharing(
        {(name, language): _picture(folder, name, number, language, texts[name][language]["alt"])
         for name, number in numbers.items() for language in LANGUAGES}
    )  # fmt: skip
    return rules, [
        {"name": figure.name, "number": numbers[figure.name], "section": contents.section_of(figure, sections),
         "width": texts[figure.name]["width"],
         "languages": {language: texts[figure.name][language] | {"tag": TAGS[language], "svg": pictures[figure.name, language]}
                       for language in LANGUAGES}}
        for figure in figures
    ]  # fmt: skip


def sharing(pictures: Mapping[Hashable, str]) -> tuple[str, dict[Hashable, str]]:
    """Rules for a style sheet, and the pictures by the same names, in which classes stand for styles that occur more than once."""
    counts = Counter(style for picture in pictures.values() for style in STYLE.findall(picture))
    frequent = [style for style, count in counts.most_common() if count > 1]
    names = {style: f"p{number:x}" for number, style in enumerate(frequent)}

    def classed(found: re.Match) -> str:
        return f' class="{names[found[1]]}"' if found[1] in names else found[0]

    rules = "\n".join(f"svg .{name}{{{style}}}" for style, name in names.items())
    return rules, {name: STYLE.sub(classed, picture) for name, picture in pictures.items()}


def _picture(folder: Path, name: str, number: int, language: str, alternative: str) -> str:
    """A figure's picture, which carries the alternative text and has short ids."""
    picture = without_font((folder / f"{name}.{language}.svg").read_text(encoding="utf-8"))
    picture = re.sub(rf'((?:id="|#)){re.escape(f"{name}-{language}")}-', rf"\g<1>f{number}{language[0]}", picture)
    return picture.replace("<svg", f'<svg role="img" aria-label="{escape(alternative)}"', 1)
