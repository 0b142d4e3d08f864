"""Cells, measured numbers and conditions in words."""

from collections.abc import Mapping
from math import inf

from initbench.base.catalogue import Words
from initbench.base.numbers import exact, number, percent, signed
from initbench.claims.conditions import MEASURED, MOST_NAMES, Condition, Side
from initbench.claims.tables import Quantity

CELL_ORDER = ("scheme", "activation", "depth", "normalization", "width", "architecture", "optimizer", "dataset")
LABELS = (
    "scheme",
    "activation",
    "architecture",
    "optimizer",
    "dataset",
    "compared_with",
    "framework",
)  # stand as they are


def quantity_name(name: str, language: str) -> str:
    """What a measured quantity is called; one that the catalogue lacks stands for itself."""
    return Words(language, "claims.quantities").has(name) or name


def value_name(axis: str, value: object, language: str) -> str:
    """A value on an axis in words: labels as they are, numbers with all their digits."""
    if isinstance(value, int | float):
        return exact(value)
    return str(value) if axis in LABELS else Words(language, "claims.values").has(str(value)) or str(value)


def quantity_parts(found: Quantity, language: str) -> tuple[str, str]:
    """(its value, its interval) as a reader sees them, either empty where there is none."""
    words = Words(language, "claims.forms")
    if found.form == "word":
        return value_name(found.name, found.text or "", language), ""
    write = {"share": percent, "percent": percent, "difference": lambda value: signed(value, 3)}.get(found.form, number)
    low, high = (None if end is None else write(end) for end in (found.low, found.high))
    interval = "" if low is None or high is None else words("interval", low=low, high=high)
    if found.value is None:
        return (interval, "") if interval else (words("nothing"), "")
    if found.form in ("share", "count"):
        events = found.value * (found.n or 0) if found.form == "share" else found.value
        return words("count", value=round(events), n=found.n), interval
    if found.form == "estimate" and found.high is not None:
        return number(found.value), f"± {number(found.high - found.value, 1)}"
    return write(found.value), interval


def quantity_in_words(found: Quantity, language: str) -> str:
    """Such as "8 of 10 (44 % to 97 %)" or "0.813 ± 0.01"."""
    value, interval = quantity_parts(found, language)
    if not interval:
        return value
    if found.form == "estimate":
        return f"{value} {interval}"
    return Words(language, "claims.forms")("with_interval", value=value, interval=interval)


def cell_in_words(cell: Mapping, language: str) -> str:
    """A cell's place on the axes of the grid in words."""
    words = Words(language, "claims.cells")
    return Words(language)("comma").join(
        words.has(f"{axis} {cell[axis]}") or words(axis, value=value_name(axis, cell[axis], language))
        for axis in CELL_ORDER
        if axis in cell
    )


def condition_in_words(found: Condition, language: str, updates: int | None = None) -> str:
    """A condition as a phrase, in English one that follows "where"; `updates`: those within which the networks were trained."""
    words = Words(language, "claims.conditions")
    if not found.sides:
        text = words("unknown", holding=found.counts[0], cells=found.counts[1])
    else:
        text = _phrase(found, language)
        if not found.exact:
            text = words("counts", phrase=text, **_counts(*found.counts, words))
    return text if updates is None else words("within", phrase=text, updates=updates)


def _counts(there: int, met: int, elsewhere: int, others: int, words: Words) -> dict[str, str]:
    """In how many of the cells that meet a condition its claim holds, and in how many of the others."""
    return {
        "met": words("met_all" if there == met else "met", there=there, met=met),
        "others": words("others" if elsewhere else "others_none", elsewhere=elsewhere, others=others),
    }


def _phrase(found: Condition, language: str) -> str:
    """What the sides of a condition ask, together."""
    words = Words(language, "claims.conditions")
    if len(found.sides) == 1 and _is_negative(found.sides[0]):
        return side_in_words(found.sides[0], language, "except")
    sides = [side_in_words(side, language) for side in found.sides]
    both = words("either" if found.either else "both", first=sides[0], second=sides[1]) if len(sides) > 1 else sides[0]
    return words("whole", phrase=both)


def side_in_words(side: Side, language: str, negative: str = "not") -> str:
    """Such as "the activation is relu or tanh", "the depth is at least 10", "δ²_1/δ²_H is below 0.001"."""
    words = Words(language, "claims.conditions")
    axis = words.of("claims.axes").has(side.axis) or side.axis
    if not side.names:
        bound, kind = (side.high, "most below") if side.low == -inf else (side.low, "least above")
        return words(kind.split()[side.axis in MEASURED], axis=axis, value=exact(bound))
    shown = side.others if _is_negative(side) else side.names
    *first, last = (value_name(side.axis, value, language) for value in shown)
    listed = Words(language)("comma").join(first) + words("or") + last if first else last
    if not _is_negative(side) and len(shown) == 1 and (known := words.has(f"is {side.axis} {shown[0]}")):
        return known
    return words(negative if _is_negative(side) else "is", axis=axis, value=listed)


def _is_negative(side: Side) -> bool:
    """Whether it is shorter to say what is not met."""
    return len(side.names) > MOST_NAMES or 1 == len(side.others) < len(side.names) - 1
