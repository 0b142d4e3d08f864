"""What Snakemake's own report lists under Results: the page, the figures that this study shows, and the tables.

The workflow marks these files with `report()`; the texts beside them are written with the page, as reStructuredText.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from initbench.analyses import ANALYSES
from initbench.base.catalogue import Words
from initbench.base.columns import Table
from initbench.base.files import DamagedError, read_json
from initbench.claims.tables import CLAIM_CELLS, CLAIMS
from initbench.report.contents import figures_in_order, section_of, sections_in_order
from initbench.tables.choices import TABLE as CHOICES
from initbench.tables.schema import measured_tables

PAGE, FIGURES, TABLES = "Page", "Figures", "Tables"
LANGUAGE_NAMES = {"en": "English", "zh": "中文"}
TOO_LARGE = ("layers", "history", "signal")  # megabytes each; the page says where they lie


@dataclass(frozen=True)
class Listed:
    """A file under Results. labels: the columns of its list. text: reStructuredText to show beside it."""

    path: Path
    text: str
    category: str
    labels: dict[str, str]
    subcategory: str | None = None

    def caption(self, folder: Path) -> Path:
        """The file in a folder of captions that holds its text."""
        return folder / f"{self.path.name}.rst"


def listed(results: Path, replication: str | None) -> list[Listed]:
    """All files to list of a study in the folder `results` in the order of the page; figures that are not drawn yet are left out."""
    page = results / "report/index.html"
    return [
        Listed(page, "The whole report, as one page that needs nothing else.", PAGE, {"page": "Report"}),
        *_figures(results / "figures", replication),
        *_tables(results / "tables"),
    ]


def write_captions(every: Iterable[Listed], folder: Path) -> None:
    """Write the text of each listed file into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in every:
        each.caption(folder).write_text(each.text, encoding="utf-8")


def _figures(folder: Path, replication: str | None) -> Iterator[Listed]:
    """Each figure that has something to show, in each language, under the section that shows it."""
    sections = [section.name for section in sections_in_order()]
    number = 0
    for figure in figures_in_order(replication):
        drawn = folder / f"{figure.name}.json"
        try:
            said = read_json(drawn)
        except (FileNotFoundError, DamagedError):
            continue
        if not said["shown"]:
            continue
        number += 1
        section = section_of(figure, sections)
        place = f"{sections.index(section) + 1:02} {Words('en', f'sections.{section}').has('title') or section}"
        for language, name in LANGUAGE_NAMES.items():
            text = f"**{plain(said[language]['title'])}**\n\n{plain(said[language]['caption'])}\n"
            labels = {"figure": f"{number:02} {figure.name}", "language": name}
            yield Listed(folder / f"{figure.name}.{language}.svg", text, FIGURES, labels, place)


def _tables(folder: Path) -> Iterator[Listed]:
    """Every table but the largest; each says what its columns mean."""
    analyses = (ANALYSES[name].table for name in ANALYSES)
    for table in (*measured_tables().values(), CHOICES, CLAIMS, CLAIM_CELLS, *analyses):
        if table.name not in TOO_LARGE:
            labels = {"table": table.name, "a row is": table.row}
            yield Listed(folder / f"{table.name}.parquet", _columns(table), TABLES, labels)


def _columns(table: Table) -> str:
    units = {column.name: f" ({plain(column.unit)})" if column.unit else "" for column in table.columns}
    meanings = "\n".join(f"- **{plain(c.name)}**{units[c.name]}: {plain(c.meaning)}" for c in table.columns)
    return f"A row is {plain(table.row)}. Read it with ``pandas.read_parquet``.\n\n{meanings}\n"


def plain(text: str) -> str:
    r"""The text as reStructuredText that says just that; Snakemake also runs Jinja over it, which `\{\{` does not start."""
    return re.sub(r"([^\w\s]|_)", r"\\\1", " ".join(text.split()))
