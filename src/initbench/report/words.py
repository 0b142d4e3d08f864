"""Values as the page shows them."""

import pandas as pd

from initbench.base.catalogue import Words
from initbench.base.numbers import number, percent


def text(value) -> str:
    """A table's value as the page shows it: numbers with three significant digits, null as nothing."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return ""
    if isinstance(value, bool) or not pd.api.types.is_number(value):
        return str(value)
    return number(value)


def is_number(value) -> bool:
    """Whether a value is written as a number, and so stands at the right of its column."""
    return not isinstance(value, bool) and pd.api.types.is_number(value)


def share(value) -> str:
    """An accuracy or another share from 0 to 1 in percent; one digit after the point where it is near to an end."""
    return percent(value, 1 if 0.995 < value < 1 or 0 < value < 0.01 else 0) if pd.notna(value) else ""


def shares(low, high, words: Words) -> str:
    """A range of shares, "59 % to 94 %"; one value where both ends read the same."""
    ends = share(low), share(high)
    return ends[0] if ends[0] == ends[1] else words.of("page")("range", low=ends[0], high=ends[1])


def between(value, low, high, words: Words) -> str:
    """A share with its interval in parentheses, without it where there is none."""
    if pd.isna(value):
        return ""
    if pd.isna(low):
        return percent(value, 1)
    return words.of("page")("with_interval", value=percent(value, 1), low=percent(low, 1), high=percent(high, 1))


def points(difference: float, words: Words) -> str:
    """A difference of shares in percentage points."""
    return words.of("terms")("points", n=round(100 * difference, 6))


def tuned_on(tuning_seeds: int, words: Words) -> str:
    """On whose validation data learning rates were chosen, where that is not said: of seeds that score nothing."""
    return words.of("page")("of_other_seeds", n=tuning_seeds) if tuning_seeds else ""


def layers(number: int, words: Words) -> str:
    """So many hidden layers, in words."""
    return words.of("page")("layers_one" if number == 1 else "layers", n=int(number))


def network(row, words: Words, several: tuple[str, ...] = ()) -> str:
    """A network in words, "relu, 20 hidden layers, batch normalisation", with those keys of `several` that it has, too."""
    page = words.of("page")
    parts = [str(row["activation"]), layers(row["depth"], words)]
    if row["normalization"] != "none":
        parts.append(page("normalised", name=words.term(row["normalization"])))
    return Words(words.language)("comma").join([*parts, *(str(row[key]) for key in several)])


def block_columns(frame: pd.DataFrame, words: Words) -> list[tuple[str, str]]:
    """(heading, column) of the keys of a block, those that seldom differ only where the frame has several values."""
    seldom = [name for name in ("architecture", "width", "optimizer") if frame[name].nunique() > 1]
    return [(words.term(name), name) for name in ("dataset", *seldom, "activation", "depth", "normalization")]
