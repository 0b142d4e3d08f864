"""What a replication says, as data: which texts, and what is filled in. Each language makes its sentences of it.

Texts are looked up by key in the finding's own part of the catalogue of words (`replications.<name>.<finding>`), then in the
replication's, then in `replications.common`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from initbench.base.catalogue import FILLED, LANGUAGES, catalogue

COMMON = "common"
TEXTS = ("claim", "published", "measured", "rule")


@dataclass(frozen=True)
class Said:
    """A phrase: the text of a key, filled in with values."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """Phrases one after the other; where there are none, the text of the key `otherwise`. between: the key of what divides them."""

    items: tuple[object, ...]
    otherwise: str
    between: str


def say(key: str, **values: object) -> Said:
    """The phrase of a key with its values: numbers, names, or phrases again."""
    return Said(key, values)


def listed(items: Iterable[object], otherwise: str = "no_networks", between: str = "comma") -> Listed:
    """Phrases, or names, one after the other."""
    return Listed(tuple(items), otherwise, between)


def named(pairs: Iterable[tuple[object, object]], otherwise: str = "no_networks", between: str = "comma") -> Listed:
    """A list of (name, value): "ReLU: 0.5, tanh: 0.7"."""
    return listed((say("named", name=name, value=value) for name, value in pairs), otherwise, between)


def by_depth(values: Mapping[Any, object], otherwise: str = "not_measured") -> Listed:
    """A list of values at depths: "depth 10: 0.5, depth 20: 0.7"."""
    return listed((say("at_depth", depth=int(depth), value=value) for depth, value in values.items()), otherwise)


def texts_of(name: str, given: Mapping[str, Mapping] | None, language: str) -> Sequence[Mapping]:
    """Where the texts of a replication stand in a language: its own, those `given` or the catalogue's, then the common ones."""
    words = catalogue(language)["replications"]
    own = words.get(name, {}) if given is None else given.get(language, given[LANGUAGES[0]])
    return own, words[COMMON]


def sentences(
    finding: str, values: Mapping[str, object], places: Sequence[Mapping], there: bool = True
) -> dict[str, str]:
    """The texts of a finding in the language of `places`. Raises KeyError for a text or a value that is missing."""
    own = (places[0][finding], *places)
    keys = {key: key for key in TEXTS} | ({} if there else {"measured": "not_there"})
    return {key: filled(Said(text, values), own) for key, text in keys.items()}


def filled(value: object, places: Sequence[Mapping]) -> object:
    """A phrase or a list as text; what is neither stands as it is."""
    if isinstance(value, Listed):
        if not value.items:
            return _text(value.otherwise, places)
        return _text(value.between, places).join(str(filled(item, places)) for item in value.items)
    if isinstance(value, Said):
        return FILLED.format(
            _text(value.key, places), **{name: filled(part, places) for name, part in value.values.items()}
        )
    return value


def _text(key: str, places: Sequence[Mapping]) -> str:
    found = next((place[key] for place in places if isinstance(place.get(key), str)), None)
    if found is None:
        raise KeyError(f"{key} is missing among the texts of a replication")
    return found
