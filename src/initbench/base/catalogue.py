"""The words of the page and of its figures, in each language: report/text/en.toml and zh.toml.

Nothing that a reader sees is written in code: code says which words, by section and key, and what is filled in. A section is
one thing's, such as `figures.backward_signal`; names that many share (activation, depth, the quantities) are in `terms`.
"""

import functools
import json
import re
import string
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from initbench.base.numbers import number, signless

LANGUAGES = ("en", "zh")
TAGS = {"en": "en", "zh": "zh-Hans"}  # as HTML's lang has them
TERMS = "terms"
UNSPACED = ("zh",)  # languages that write no spaces between their own characters, nor beside their punctuation
FULL = "\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e"
SPACES = re.compile(f"(?<=[{FULL}]) (?=[{FULL}])|(?<=[，。；：、（）]) | (?=[，。；：、（）])")


@dataclass(frozen=True)
class Words:
    """The words of one section in one language."""

    language: str
    section: str = TERMS

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key, filled in; numbers among the values as `number` writes them, unless the text says how.

        Raises KeyError, with section and language, for a key that there is not, or a value that the text asks for.
        """
        text = self.has(key)
        if text is None:
            raise KeyError(f"{self.section}.{key} is missing in {self.language}.toml")
        try:
            return self._spaced(FILLED.format(text, **values))
        except KeyError as missing:
            raise KeyError(f"{self.section}.{key} in {self.language}.toml asks for a value {missing}") from missing

    def has(self, key: str) -> str | None:
        """The text of a key as it stands; None if there is none."""
        found: Any = _part(self.language, self.section).get(key)
        return found if isinstance(found, str) else None

    def term(self, name: object) -> str:
        """What a thing that many share is called, or the name itself: labels of schemes and data sets stand for themselves."""
        known = Words(self.language).has(str(name))
        return str(name) if known is None else known

    def of(self, section: str) -> "Words":
        """The words of another section in the same language."""
        return Words(self.language, section)

    def joined(self, names: Iterable[object], last: str = "and") -> str:
        """A list in a sentence: "a, b and c", or with another word before the last: "or"."""
        *first, final = [str(name) for name in names]
        words = Words(self.language)
        return self._spaced(words("comma").join(first) + words(last) + final) if first else final

    def _spaced(self, text: str) -> str:
        """The text without spaces that its language does not write: around a filled-in word they depend on what it is."""
        return SPACES.sub("", text) if self.language in UNSPACED else text


class _Filled(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        """Numbers in the report's form where the text gives none of its own; signs and powers as people write them in any."""
        if isinstance(value, bool) or not isinstance(value, int | float | np.integer):
            return str(format(value, format_spec))
        if not format_spec:
            return number(value if isinstance(value, float) else int(value), pad=False)
        if value != value:
            return "–"
        text = format(value, format_spec)
        return number(float(text), 6, pad=False) if "e" in text else signless(text).replace("%", "\u202f%")


FILLED = _Filled()


@functools.cache
def catalogue(language: str) -> Mapping[str, Any]:
    """All words of a language, as the file nests them."""
    text = resources.files("initbench").joinpath(f"report/text/{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def words_behind(*sections: str) -> str:
    """The words of sections, and those that all share, in every language, as a text to make a digest of."""
    return json.dumps(
        [[_part(language, name) for name in (TERMS, *sections)] for language in LANGUAGES], sort_keys=True
    )


def _part(language: str, section: str) -> Mapping[str, Any]:
    found: Any = catalogue(language)
    for name in section.split("."):
        found = found.get(name, {}) if isinstance(found, Mapping) else {}
    return found
