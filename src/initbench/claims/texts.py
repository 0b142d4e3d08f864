"""What is said of a claim, in each language: its statement, its rule and where it is claimed."""

import string
from collections.abc import Mapping
from dataclasses import dataclass

from initbench.base.catalogue import Words


@dataclass(frozen=True)
class Texts:
    """A claim's texts in one language; None for what is not said."""

    statement: str | None
    rule: str | None
    claimed_in: str | None = None


def texts_of(id: str, given: Mapping[str, Texts], values: Mapping[str, object]) -> dict[str, Texts]:
    """Language → the texts given, or else those of the catalogue filled in with `values`.

    Raises ValueError for a claim without statement or rule in English.
    """
    found = {language: _texts(Words(language, f"claims.{id}"), own, values) for language, own in given.items()}
    if not (found["en"].statement and found["en"].rule):
        raise ValueError(f"claim {id!r}: give its statement and its rule, or write them into the catalogue of words")
    return found


def _texts(words: Words, own: Texts, values: Mapping[str, object]) -> Texts:
    if own.statement or own.rule:
        return own
    return Texts(*(_filled(words, key, values) for key in ("statement", "rule", "claimed_in")))


def _filled(words: Words, key: str, values: Mapping[str, object]) -> str | None:
    """A text of the catalogue with values and with what several claims say alike, or the works that they name, filled in."""
    text, common = words.has(key), words.of("claims.common")
    if text is None:
        return None
    fields = {field for _, field, _, _ in string.Formatter().parse(text) if field}
    alike = {name: common(name, **values) for name in fields if common.has(name)}
    return words(key, **values, **alike)
