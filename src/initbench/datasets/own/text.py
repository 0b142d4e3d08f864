"""Numbers in columns of text, however they are written; and columns that hold words.

A decimal comma is taken where a file shows it without doubt. Separators of thousands are refused: `1,234` may be either.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MISSING = ("", "na", "n/a", "#n/a", "<na>", "nan", "-nan", "null", "none", "?", "-", ".")
PLAIN = r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?"
COMMA = r"[-+]?(\d+,?\d*|,\d+)([eE][-+]?\d+)?"
SURE_COMMA = r"[-+]?(\d*,(\d{0,2}|\d{4,})|0?,\d+|\d{4,},\d*)([eE][-+]?\d+)?"  # no separator of thousands
GROUPED = r"[-+]?\d{1,3}([,.' \x{a0}\x{202f}]\d{3})+([.,]\d+)?"
CODE = r"0\d+"  # no number: what a code, such as that of a place, is written like
GROUPED_BY_POINTS = r"[-+]?\d{1,3}(\.\d{3})+"
UNIT = r"[$€£¥]?\s*[-+]?(\d+[.,]?\d*|[.,]\d+)\s*[%$€£¥]?"
DATE = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
FEW = 20  # different values up to which numbers among words are words themselves
MOSTLY = 0.5  # share of different values that are numbers from which a column was meant as numbers


@dataclass(frozen=True)
class Text:
    """A column of text: `values` with null where one is missing, and what it holds: plain, comma, grouped, unit, mixed or words."""

    values: Any
    holds: str
    sure: bool = False  # a comma that separates no thousands


def text_of(column: Any, words: bool) -> Text:
    """Look at a column of text. words: take it as words whatever it holds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(column.cast(pa.string()))
    missing = pc.is_in(pc.utf8_lower(trimmed), pa.array(MISSING))
    values = pc.if_else(missing, pa.scalar(None, pa.string()), trimmed)
    distinct = pc.drop_null(pc.unique(values))
    if words or _some(distinct, CODE):
        return Text(values, "words")
    if _all(distinct, PLAIN, r"[-+]?inf(inity)?"):
        return Text(values, "plain")
    if _all(distinct, COMMA):
        return Text(values, "comma", _some(distinct, SURE_COMMA))
    if _all(distinct, GROUPED, PLAIN):
        return Text(values, "grouped")
    if _all(distinct, UNIT):
        return Text(values, "unit")
    numbers = pc.sum(_matches(distinct, PLAIN)).as_py() or 0
    mixed = len(distinct) > FEW and numbers >= MOSTLY * len(distinct)
    return Text(values, "mixed" if mixed else "words")


def faults_of(texts: Mapping[str, Text]) -> list[str]:
    """What keeps columns of text from being numbers or words, each by its name."""
    commas = [name for name, text in texts.items() if text.sure]
    found = []
    for name, text in texts.items():
        if text.holds == "grouped" or (text.holds == "comma" and not commas):
            found.append(f"{_such_as(name, text, GROUPED)}: write numbers without separators of thousands")
        elif text.holds == "plain" and commas and _some(text.values, GROUPED_BY_POINTS):
            found.append(
                f"{_such_as(name, text, GROUPED_BY_POINTS)}, where column {commas[0]!r} has decimal commas: "
                "write numbers without separators of thousands"
            )
        elif text.holds == "unit":
            found.append(f"{_such_as(name, text, r'.*[%$€£¥].*')}: write the numbers without their unit")
        elif text.holds == "mixed":
            found.append(_mixed(name, text))
    return found


def numbers_of(text: Text) -> Any:
    """The numbers of a column that holds such, float64 with NaN where one is missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = pc.replace_substring(text.values, ",", ".") if text.holds == "comma" else text.values
    return pc.cast(plain, pa.float64())


def is_date(value: str) -> bool:
    """Whether a text looks like a date."""
    return re.fullmatch(DATE, value) is not None


def first_row(column: Any, pattern: str, matching: bool = True) -> tuple[int, str]:
    """The first row, from 1, whose value matches, or does not; and the value."""
    import pyarrow.compute as pc

    found = _matches(column, pattern)
    row = pc.index(found, matching).as_py()
    return row + 1, column[row].as_py()


def _such_as(name: str, text: Text, pattern: str) -> str:
    row, value = first_row(text.values, pattern)
    return f"feature {name!r} is {value!r} in row {row}"


def _mixed(name: str, text: Text) -> str:
    import pyarrow.compute as pc

    row, value = first_row(text.values, PLAIN, False)
    count = pc.sum(pc.invert(_matches(text.values, PLAIN))).as_py()
    more = f" ({count:,} rows are none)" if count > 1 else ""
    return (
        f"feature {name!r} is not a number in row {row}: {value!r}{more}; leave the field empty if it is missing, "
        f"or name it under categories: [{name}]"
    )


def _matches(column: Any, pattern: str) -> Any:
    import pyarrow.compute as pc

    return pc.match_substring_regex(column, f"(?i)^(?:{pattern})$")


def _all(distinct: Any, *patterns: str) -> bool:
    import pyarrow.compute as pc

    return pc.all(_matches(distinct, "|".join(f"(?:{pattern})" for pattern in patterns)), min_count=0).as_py()


def _some(distinct: Any, pattern: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(_matches(distinct, pattern)).as_py())
