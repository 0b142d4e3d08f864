"""What a key may be, in words; and what is wrong with a configuration, a line a fault."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from pydantic import ValidationError

from initbench.base.suggest import did_you_mean
from initbench.study.error import MOST, listed
from initbench.study.values import KINDS_OF_DATA, NAME_PATTERN

Schema = Mapping[str, Any]
KEYS = "; the keys are: "
LONGEST = 80  # characters of a value that a message shows
BOUNDS = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "up to", "exclusiveMaximum": "below"}


def allowed(part: Schema, root: Schema) -> str:
    """What a part of the schema allows: `a whole number from 1`, `one of none, batch, layer`."""
    part = _resolved(part, root)
    for several in ("anyOf", "oneOf"):
        if several in part:
            return " or ".join(allowed(option, root) for option in part[several])
    if "const" in part:
        return str(part["const"])
    if "enum" in part:
        return "one of " + ", ".join(part["enum"])
    kind = part.get("type")
    if kind in ("integer", "number"):
        bounds = " and ".join(f"{word} {_plainly(part[key])}" for key, word in BOUNDS.items() if key in part)
        return f"a {'whole ' if kind == 'integer' else ''}number {bounds}".rstrip()
    if kind == "array":
        return f"a list, each item {allowed(part['items'], root)}"
    if kind == "object":
        return "a mapping of " + ", ".join(part["properties"])
    if kind == "null":
        return "null"
    return "a name of lower-case letters, digits and underscores" if part.get("pattern") == NAME_PATTERN else "text"


def _plainly(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:g}"


def _resolved(part: Schema, root: Schema) -> Schema:
    return root["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part


def message(error: ValidationError, root: Schema) -> str:
    """Every fault: key, value and what is allowed, a line each; of one key the first, and of very many faults the first."""
    found: dict[str, tuple] = {}
    for fault in error.errors(include_url=False):
        key, part, rest = _located(fault["loc"], root)
        # a wrong list or section is one fault, of which every option that it might have been complains
        place = f"{key}.{rest[0]}" if fault["type"] == "extra_forbidden" else key
        found.setdefault(place, (fault, key, part, rest, root))
    return listed(_without_repetition(islice(found.values(), MOST)), len(found))


def _without_repetition(faults: Iterable[tuple]) -> Iterator[str]:
    """Each fault in words; which keys a section has is said at the first that is unknown there."""
    said = set()
    for fault in faults:
        text, _, keys = _fault(*fault).partition(KEYS)
        yield f"{text}{KEYS}{keys}" if keys and fault[1] not in said else text
        said |= {fault[1]} if keys else set()


def _located(steps: tuple, root: Schema) -> tuple[str, Schema, tuple]:
    """The key as users write it, the part of the schema there, and the steps that are in no schema."""
    key, part = "", root
    for i, step in enumerate(steps):
        part = _resolved(part, root)
        options = [_resolved(option, root) for option in part.get("anyOf", ())]  # such as a section or null
        part = next((option for option in options if "properties" in option and isinstance(step, str)), part)
        if "oneOf" in part:  # a name or a described table; the step says which was meant
            part = part["oneOf"][KINDS_OF_DATA.index(step)]
        elif isinstance(step, int) and "items" in part:
            key, part = f"{key}[{step}]", part["items"]
        elif step in part.get("properties", {}):
            key, part = f"{key}.{step}".lstrip("."), part["properties"][step]
        else:
            return key, part, steps[i:]
    return key, _resolved(part, root), ()


def _fault(fault: Mapping[str, Any], key: str, part: Schema, rest: tuple, root: Schema) -> str:
    where = f"{key or 'configuration'}: "
    if fault["type"] == "extra_forbidden":
        known = list(part["properties"])
        return f"{where}unknown key {rest[0]!r}{_meant(str(rest[0]), known, root)}{KEYS}{', '.join(known)}"
    if fault["type"] == "missing":
        parent, _, name = key.rpartition(".")
        return f"{parent}: {name!r} is missing: {part['description']}"
    if fault["type"] == "value_error":
        return f"{where}{fault['ctx']['error']}; give {allowed(part, root)}"
    if fault["type"] == "too_short" and not fault["input"]:
        return f"{where}the list is empty; give {allowed(part, root)}, one at least"
    return f"{where}{shown(fault['input'])} is not allowed; give {allowed(part, root)}{_hint(fault, key)}"


def _meant(key: str, known: Sequence[str], root: Schema) -> str:
    """Where a key belongs that is unknown where it stands, or which one it may be."""
    for name, part in root["properties"].items():
        options = [_resolved(option, root) for option in part.get("anyOf", [part])]
        if any(key in option.get("properties", ()) for option in options):
            return f" (it stands under {name})"
    if key in root["properties"]:
        return " (it is one for the whole study)"
    if f"{key}s" in root["properties"] and f"{key}s" not in known:
        return f" (it is {key}s, for the whole study)"
    return did_you_mean(key, known)


def _hint(fault: Mapping[str, Any], key: str) -> str:
    """How the value was perhaps meant."""
    value = fault["input"]
    if fault["type"] == "list_type" and isinstance(value, str | int | float):
        return f"; one item is a list too: {key.rpartition('.')[2]}: [{value}]"
    if fault["type"] == "string_type" and isinstance(value, int | float):
        return f"; text stands in quotes: '{shown(value)}'"
    if fault["type"] == "string_type" and isinstance(value, Mapping) and len(value) == 1:
        name, argument = next(iter(value.items()))
        return f"; did you mean '{name}({argument})'?"
    return ""


def shown(value: object) -> str:
    """A value as YAML would have it, cut where it is long."""
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
