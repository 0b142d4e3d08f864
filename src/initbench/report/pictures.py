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
    section, width, and in `languages`, by language, its tag, title, caption, alternative text and picture, an <svg> element;
    in its `others` the same of the study's other data sets, each with its name, where it has something to show of them."""
    sections = [section.name for section in contents.sections_in_order()]
    named = contents.figures_in_order(replication)
    texts = {figure.name: _texts(folder, figure.name) for figure in named}
    figures = [figure for figure in named if "" in texts[figure.name]]
    numbers = {figure.name: number for number, figure in enumerate(figures, start=1)}
    rules, pictures = sharing(
        {(name, other, language): _picture(folder, name, other, f"{number}x{k}" if k else str(number), language, said[language]["alt"])
         for name, number in numbers.items() for k, (other, said) in enumerate(texts[name].items()) for language in LANGUAGES}
    )  # fmt: skip

    def shown(name: str, other: str) -> dict:
        said = texts[name][other]
        return {
            language: said[language] | {"tag": TAGS[language], "svg": pictures[name, other, language]}
            for language in LANGUAGES
        }

    return rules, [
        {"name": figure.name, "number": numbers[figure.name], "section": contents.section_of(figure, sections),
         "width": texts[figure.name][""]["width"], "languages": shown(figure.name, ""),
         "others": {other: shown(figure.name, other) for other in texts[figure.name] if other}}
        for figure in figures
    ]  # fmt: skip


def _texts(folder: Path, name: str) -> dict[str, dict]:
    """What a figure says, by the data set that it is of, "" for the first; of those of which it shows something."""
    first = read_json(folder / f"{name}.json")
    found = {"": first} | {other: read_json(folder / name / f"{other}.json") for other in first.get("others", ())}
    return {name: said for name, said in found.items() if said["shown"]}


def sharing(pictures: Mapping[Hashable, str]) -> tuple[str, dict[Hashable, str]]:
    """Rules for a style sheet, and the pictures by the same names, in which classes stand for styles that occur more than once."""
    counts = Counter(style for picture in pictures.values() for style in STYLE.findall(picture))
    frequent = [style for style, count in counts.most_common() if count > 1]
    names = {style: f"p{number:x}" for number, style in enumerate(frequent)}

    def classed(found: re.Match) -> str:
        return f' class="{names[found[1]]}"' if found[1] in names else found[0]

    rules = "\n".join(f"svg .{name}{{{style}}}" for style, name in names.items())
    return rules, {name: STYLE.sub(classed, picture) for name, picture in pictures.items()}


def _picture(folder: Path, name: str, other: str, number: str, language: str, alternative: str) -> str:
    """A figure's picture, which carries the alternative text and has short ids."""
    stem, called = (f"{name}/{other}", f"{name}-{other}") if other else (name, name)
    file = folder / f"{stem}.{language}.svg"
    picture = without_font(file.read_text(encoding="utf-8"))
    picture = re.sub(rf'((?:id="|#)){re.escape(f"{called}-{language}")}-', rf"\g<1>f{number}{language[0]}", picture)
    return picture.replace("<svg", f'<svg role="img" aria-label="{escape(alternative)}"', 1)
