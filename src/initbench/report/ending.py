"""How a run ends on the screen: where the report is, and what it answers first."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from initbench.base.catalogue import LANGUAGES
from initbench.base.files import DamagedError, read_json
from initbench.report.sections import SECTIONS
from initbench.tables.views import Tables

PAGE, ANSWER = "report/index.html", "report/answer.json"
SENTENCES = 3  # of the answer; the others say what it cannot tell


def answers(tables: Tables, study: Mapping[str, Any]) -> dict[str, list[str]]:
    """The first sentences of the page in each language, or how much of a published experiment is reproduced; none if nothing is trained."""
    return {language: _first_sentences(tables, study, language) for language in LANGUAGES}


def _first_sentences(tables: Tables, study: Mapping[str, Any], language: str) -> list[str]:
    answer, replication = (
        section.function(tables, study, section.words(language))
        for section in (SECTIONS["answer"], SECTIONS["replication"])
    )
    found = (replication or {}).get("finding")
    return answer["sentences"] if answer else [found] if found else []


def ending(results: Path, language: str = "en") -> str:
    """Where the report of these results is, and the answer below it; nothing if there is none."""
    if not (results / PAGE).exists():
        return ""
    try:
        sentences = read_json(results / ANSWER)[language]
    except (OSError, DamagedError):
        sentences = []
    return "\n".join([f"The report: {results / PAGE}", *(f"\n{sentence}" for sentence in sentences[:SENTENCES])])
